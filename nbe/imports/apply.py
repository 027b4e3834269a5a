"""Carrying a plan out: bulk inserts and updates, one call to the ledger, whole or not at all.

Runs inside the caller's transaction, which holds the write lock; the plan must have been made
in the same transaction, or nothing may have changed since.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from nbe.access.changes import plain
from nbe.core import clock
from nbe.core.database import db, table_of, upsert
from nbe.imports.decide import RowPlan
from nbe.imports.known import BUSINESS_FIELDS, CANDIDACY_FIELDS, chunks
from nbe.imports.plan import Plan
from nbe.ledger import Move, record
from nbe.models import (
    Business,
    Candidacy,
    Change,
    Contact,
    ImportMark,
    ImportRow,
    Membership,
    business_texts,
    contact_texts,
)
from nbe.models.states import LedgerKind, RowOutcome

_EMPTY: dict[str, Any] = dict.fromkeys(BUSINESS_FIELDS, "") | {
    "employees": None,
    "is_ad_protected": False,
    "is_sole_trader": False,
}
_CANDIDACY_EMPTY: dict[str, Any] = {
    "postponed_to_year": None,
    "source": None,
    "screening_on": None,
    "screener_name": "",
    "responsible_id": None,
    "next_step": "",
    "next_step_on": None,
}


def insert_rows(model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with Core."""
    if rows:
        db.session.connection().execute(sa.insert(table_of(model)), list(rows))


def insert_for_ids(model: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows with Core; their ids, in order."""
    if not rows:
        return []
    table = table_of(model)
    statement = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(db.session.connection().scalars(statement, list(rows)))


def update_rows(model: Any, changes: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Set columns of rows by id and count their version up; one statement per set of columns."""
    table = table_of(model)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row_id, values in changes:
        if values:
            groups[tuple(sorted(values))].append({"row_id": row_id, **{f"new_{k}": v for k, v in values.items()}})
    for names, rows in groups.items():
        statement = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("row_id"))
            .values(
                {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
                | {"version": table.c.version + 1}
            )
        )
        db.session.connection().execute(statement, rows)


class Applier:
    """One import being carried out."""

    def __init__(self, plan: Plan, *, import_id: int, programme_id: int, user_id: int | None) -> None:
        self.rows = [row for row in plan.rows if row.outcome is not RowOutcome.FAILED]
        self.all_rows = plan.rows
        self.today = plan.terms.today
        self.import_id, self.programme_id, self.user_id = import_id, programme_id, user_id
        self.now = clock.now()
        self.ids: list[int] = []
        self.moves: list[Move] = []
        self.changes: list[dict[str, Any]] = []

    def run(self) -> None:
        """Everything, in an order in which what is referred to is there first."""
        db.session.flush()
        self._businesses()
        self._contacts()
        self._memberships()
        self._candidacies()
        record(self.moves, user_id=self.user_id, import_id=self.import_id)
        self._marks()
        insert_rows(Change, self.changes)
        self._import_rows()
        db.session.expire_all()

    def _changed(
        self, entity: str, entity_id: int, row: RowPlan, old: Mapping[str, Any] | None, new: Mapping[str, Any]
    ) -> None:
        """Note a change of plain fields in the audit; `old` None: the record is new. The ledger tells the rest.

        Of a business made by this import there is nothing to note: it was not there before.
        """
        if row.unit is None or not new:
            return
        self.changes.append(
            {
                "at": self.now,
                "user_id": self.user_id,
                "entity": entity,
                "entity_id": entity_id,
                "business_id": row.unit.id,
                "municipality_code": row.municipality_code,
                "import_id": self.import_id,
                "operation": "I" if old is None else "U",
                "version": old["version"] + 1 if old else 1,
                "diff": {name: [plain(old[name]) if old else None, plain(value)] for name, value in new.items()},
            }
        )

    def _businesses(self) -> None:
        new: list[dict[str, Any]] = []
        changed: list[tuple[int, Mapping[str, Any]]] = []
        for row in self.rows:
            if row.unit is None:
                values = {**_EMPTY, **row.business}
                texts = business_texts(values["name"], row.cvr, row.p_number, values["town"], values["phone"])
                new.append(
                    {
                        "cvr": row.cvr,
                        "p_number": row.p_number,
                        "municipality_code": row.municipality_code,
                        "created_at": self.now,
                        "is_hidden": False,
                        "version": 1,
                        **values,
                        **texts,
                    }
                )
            elif row.business:
                known = row.unit.row
                whole = {**known, **row.business}
                texts = business_texts(whole["name"], known["cvr"], known["p_number"], whole["town"], whole["phone"])
                changed.append((row.unit.id, {**row.business, **{k: v for k, v in texts.items() if known[k] != v}}))
                self._changed("business", row.unit.id, row, known, row.business)
        fresh = iter(insert_for_ids(Business, new))
        update_rows(Business, changed)
        self.ids = [row.unit.id if row.unit else next(fresh) for row in self.rows]

    def _contacts(self) -> None:
        new: list[dict[str, Any]] = []
        owners: list[RowPlan] = []
        changed: list[tuple[int, Mapping[str, Any]]] = []
        for row, business_id in zip(self.rows, self.ids, strict=True):
            plan = row.contact
            if plan is None:
                continue
            if plan.id is None or row.unit is None:
                values = {"title": "", "email": "", "phone": "", **plan.values}
                texts = contact_texts(values["name"], values["email"], values["phone"])
                new.append({"business_id": business_id, "is_hidden": False, "version": 1, **values, **texts})
                owners.append(row)
                continue
            known = next(c for c in row.unit.contacts.values() if c["id"] == plan.id)
            whole = {**known, **plan.values}
            texts = contact_texts(whole["name"], whole["email"], whole["phone"])
            changed.append((plan.id, {**plan.values, **texts}))
            self._changed("contact", plan.id, row, known, plan.values)
        ids = insert_for_ids(Contact, new)
        for contact_id, row, values in zip(ids, owners, new, strict=True):
            given = {name: values[name] for name in ("name", "title", "email", "phone") if values[name]}
            self._changed("contact", contact_id, row, None, given)
        update_rows(Contact, changed)

    def _memberships(self) -> None:
        new: list[dict[str, Any]] = []
        changed: list[tuple[int, Mapping[str, Any]]] = []
        for row, business_id in zip(self.rows, self.ids, strict=True):
            self._relocate(row, row.unit.membership if row.unit else None, LedgerKind.MEMBERSHIP, "state")
            plan = row.membership
            if plan is None:
                continue
            values = {"state": plan.state, "since_on": plan.happened_on}
            if plan.id is None:
                new.append({"business_id": business_id, "is_hidden": False, "version": 1, **values})
            else:
                changed.append((plan.id, {**values, "is_hidden": False}))
            self._move(row, business_id, LedgerKind.MEMBERSHIP, plan.from_state, plan.state, plan.happened_on)
        insert_rows(Membership, new)
        update_rows(Membership, changed)

    def _candidacies(self) -> None:
        new: list[dict[str, Any]] = []
        changed: list[tuple[int, Mapping[str, Any]]] = []
        self._relocate_candidacies()
        for row, business_id in zip(self.rows, self.ids, strict=True):
            plan = row.candidacy
            if plan is None:
                continue
            values = dict(plan.values)
            if plan.stage is not None:
                values |= {"stage": plan.stage, "stage_since_on": plan.happened_on, "close_reason": plan.reason}
            if plan.verdict is not None:
                values |= {"verdict": plan.verdict, "verdict_on": self.today}
            if plan.id is None:
                begin = {**_CANDIDACY_EMPTY, "verdict": None, "verdict_on": None, "last_activity_on": None}
                new.append(
                    {
                        "business_id": business_id,
                        "programme_id": self.programme_id,
                        "is_hidden": False,
                        "created_at": self.now,
                        "version": 1,
                        **begin,
                        **values,
                    }
                )
            elif plan.is_new:
                values = {**_CANDIDACY_EMPTY, "verdict": None, "verdict_on": None, **values, "is_hidden": False}
                changed.append((plan.id, values))
            else:
                changed.append((plan.id, values))
                told = {name: value for name, value in plan.values.items() if name in CANDIDACY_FIELDS}
                self._changed("candidacy", plan.id, row, row.unit.candidacy if row.unit else None, told)
            if plan.stage is not None:
                self._move(
                    row,
                    business_id,
                    LedgerKind.STAGE,
                    plan.from_stage,
                    plan.stage,
                    plan.happened_on or self.today,
                    plan.reason,
                )
            if plan.verdict is not None:
                self._move(row, business_id, LedgerKind.VERDICT, plan.from_verdict, plan.verdict, self.today)
        insert_rows(Candidacy, new)
        update_rows(Candidacy, changed)

    def _move(
        self,
        row: RowPlan,
        business_id: int,
        kind: LedgerKind,
        from_code: Any,
        to_code: Any,
        happened_on: dt.date,
        detail: Any = None,
        programme_id: int | None = None,
    ) -> None:
        self.moves.append(
            Move(
                kind=kind,
                municipality_code=row.municipality_code,
                to_code=to_code.value,
                happened_on=happened_on,
                business_id=business_id,
                programme_id=None if kind is LedgerKind.MEMBERSHIP else programme_id or self.programme_id,
                from_code=from_code.value if from_code else None,
                detail=detail.value if detail else None,
            )
        )

    def _is_relocated(self, row: RowPlan) -> bool:
        return row.unit is not None and "municipality_code" in row.business and not row.unit.row["is_hidden"]

    def _relocate(self, row: RowPlan, record_: Mapping[str, Any] | None, kind: LedgerKind, column: str) -> None:
        """A business that moves to another municipality takes its standing along: one row from = to."""
        if record_ is None or record_["is_hidden"] or not self._is_relocated(row):
            return
        day = max(self.today, record_["since_on" if kind is LedgerKind.MEMBERSHIP else "stage_since_on"])
        self._move(
            row,
            record_["business_id"],
            kind,
            record_[column],
            record_[column],
            day,
            record_.get("close_reason"),
            record_.get("programme_id"),
        )

    def _relocate_candidacies(self) -> None:
        moved = {row.unit.id: row for row in self.rows if row.unit and self._is_relocated(row)}
        for ids in chunks(moved):
            statement = sa.select(*table_of(Candidacy).columns).where(Candidacy.business_id.in_(ids))
            for candidacy in db.session.execute(statement.order_by(Candidacy.id)).mappings():
                self._relocate(moved[candidacy["business_id"]], dict(candidacy), LedgerKind.STAGE, "stage")

    def _marks(self) -> None:
        rows = [
            {"business_id": business_id, "programme_id": self.programme_id, "signature": row.signature}
            for row, business_id in zip(self.rows, self.ids, strict=True)
            if row.unit is None or row.unit.mark != row.signature
        ]
        if rows:
            statement = upsert(table_of(ImportMark))
            statement = statement.on_conflict_do_update(
                index_elements=["business_id", "programme_id"], set_={"signature": statement.excluded.signature}
            )
            db.session.connection().execute(statement, rows)

    def _import_rows(self) -> None:
        ids = dict(zip(map(id, self.rows), self.ids, strict=True))
        db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == self.import_id))
        insert_rows(ImportRow, [kept_row(row, self.import_id, ids.get(id(row))) for row in self.all_rows])


def kept_row(row: RowPlan, import_id: int, business_id: int | None) -> dict[str, Any]:
    """The record of one row of an import; cells are kept where there is something to remark."""
    return {
        "import_id": import_id,
        "sheet": row.sheet[:100],
        "row_number": row.number,
        "outcome": row.outcome,
        "business_id": business_id,
        "messages": [message.kept() for message in row.messages],
        "cells": row.cells,
    }
