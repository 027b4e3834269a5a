"""Spreadsheets out: everything the import understands, of the businesses a viewer sees, as filtered.

An export loaded again changes nothing; loaded into an empty instance and exported there, it is
the same file.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import sqlalchemy as sa

from nbe.access import Permission, Viewer
from nbe.access.permissions import Scope
from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.core.phones import format_phone
from nbe.core.sheets import Column, SheetOut, write_csv, write_xlsx
from nbe.core.sheets.writing import Kind as ColumnKind
from nbe.imports.fields import FIELDS, Field, Kind
from nbe.imports.words import CLOSE_NAMES, MEMBERSHIP_NAMES, NO_CANDIDATE, SOURCE_NAMES, STAGE_NAMES
from nbe.ledger.queries import states_at
from nbe.models import Business, Candidacy, Contact, Membership, Municipality, Programme
from nbe.models.industries import division_label
from nbe.models.states import SUITABLE_STAGES, CloseReason, LedgerKind, MembershipState, Stage, Verdict

# Who is responsible is a user of this instance and not known in another.
EXPORTED: tuple[Field, ...] = tuple(field for field in FIELDS if field.key != "responsible")
_KINDS: dict[Kind, ColumnKind] = {Kind.COUNT: "integer", Kind.DATE: "date"}
_PARTNER = (
    Column("Virksomhed", width=34),
    Column("By", width=18),
    Column("Branche", width=40),
    Column("Status", width=22),
)


def _column(field: Field) -> Column:
    return Column(field.heading, _KINDS.get(field.kind, "text"), field.width)


def is_full(viewer: Viewer) -> bool:
    """Whether the viewer gets everything, or name, town, industry and stage alone."""
    return viewer.scope(Permission.BUSINESSES_READ) is not Scope.NONE


class Export:
    """The rows of an export. `ids` are the businesses in order; `as_of` a day gone by, or None for today."""

    def __init__(
        self, viewer: Viewer, ids: Sequence[int], programme: Programme | None, year: int, as_of: dt.date | None = None
    ) -> None:
        self.viewer = viewer
        self.is_full = is_full(viewer)
        self.ids = ids
        self.programme_id = programme.id if programme else 0
        self.year = year
        self.as_of = as_of if as_of is not None and as_of < clock.today() else None
        self.columns = [_column(field) for field in EXPORTED] if self.is_full else list(_PARTNER)
        self._municipalities = dict(db.session.execute(sa.select(Municipality.code, Municipality.name)).all())

    def rows(self) -> Iterator[list[Any]]:
        """Row by row, loaded by the thousand."""
        for ids in chunks(self.ids, 1000):
            yield from self._part(ids)

    def _part(self, ids: list[int]) -> Iterator[list[Any]]:
        businesses = self._by(Business, Business.id, ids)
        candidacies = self._by(Candidacy, Candidacy.business_id, ids, Candidacy.programme_id == self.programme_id)
        memberships = self._by(Membership, Membership.business_id, ids)
        contacts = self._contacts(ids) if self.is_full else {}
        if self.as_of is not None:
            self._as_they_stood(self.as_of, ids, candidacies, memberships)
        for business_id in ids:
            business, candidacy = businesses[business_id], candidacies.get(business_id)
            if self.is_full:
                yield self._full(business, contacts.get(business_id), memberships.get(business_id), candidacy)
            else:
                stage = STAGE_NAMES[candidacy["stage"]] if candidacy else ""
                yield [business["name"], business["town"], division_label(business["industry_code"]), stage]

    def _by(self, model: Any, key: Any, ids: list[int], *conditions: Any) -> dict[int, dict[str, Any]]:
        statement = sa.select(*table_of(model).columns).where(key.in_(ids), *conditions)
        if model is not Business:
            statement = statement.where(model.is_hidden.is_(False))
        return {row[key.key]: dict(row) for row in db.session.execute(statement).mappings()}

    def _contacts(self, ids: list[int]) -> dict[int, dict[str, Any]]:
        """The first contact person of each business who is there today."""
        statement = (
            sa.select(*table_of(Contact).columns)
            .where(
                Contact.business_id.in_(ids),
                Contact.is_hidden.is_(False),
                sa.or_(Contact.valid_to.is_(None), Contact.valid_to >= clock.today()),
            )
            .order_by(Contact.id.desc())
        )
        return {row["business_id"]: dict(row) for row in db.session.execute(statement).mappings()}

    def _as_they_stood(
        self,
        as_of: dt.date,
        ids: list[int],
        candidacies: dict[int, dict[str, Any]],
        memberships: dict[int, dict[str, Any]],
    ) -> None:
        """Put stage and membership back to what they were at the end of the day asked for."""
        past = states_at(LedgerKind.STAGE, self.programme_id, as_of)
        stages = {
            row.business_id: row for row in db.session.execute(sa.select(past).where(past.c.business_id.in_(ids)))
        }
        past = states_at(LedgerKind.MEMBERSHIP, None, as_of)
        states = {
            row.business_id: row for row in db.session.execute(sa.select(past).where(past.c.business_id.in_(ids)))
        }
        for business_id in ids:
            stage, state = stages.get(business_id), states.get(business_id)
            if stage is None:
                candidacies.pop(business_id, None)
            elif business_id in candidacies:
                reason = CloseReason(stage.detail or "unknown") if stage.to_code == Stage.CLOSED else None
                candidacies[business_id] |= {"stage": Stage(stage.to_code), "close_reason": reason}
            if state is None:
                memberships.pop(business_id, None)
            elif business_id in memberships:
                memberships[business_id] |= {"state": MembershipState(state.to_code), "since_on": state.happened_on}

    def _full(
        self,
        business: dict[str, Any],
        contact: dict[str, Any] | None,
        membership: dict[str, Any] | None,
        candidacy: dict[str, Any] | None,
    ) -> list[Any]:
        values = dict(business)
        if not self.viewer.may(Permission.BUSINESSES_READ, business["municipality_code"]):
            # It has moved to another municipality since the day asked for.
            values, contact, membership = {name: business[name] for name in ("name", "town")} | _NOTHING, None, None
            candidacy = {**candidacy, **dict.fromkeys(_OWN)} if candidacy else None
        values["municipality"] = self._municipalities[business["municipality_code"]]
        values["phone"] = format_phone(values["phone"])
        for name in ("is_ad_protected", "is_sole_trader"):
            values[name] = "Ja" if values[name] else ""
        if contact:
            values["contact_name"], values["contact_title"] = contact["name"], contact["title"]
            values["contact_phone"], values["contact_email"] = format_phone(contact["phone"]), contact["email"]
        if membership:
            values["membership"] = MEMBERSHIP_NAMES[membership["state"]]
            values["membership_on"] = membership["since_on"]
        values["stage"] = NO_CANDIDATE
        if candidacy:
            reason, source = candidacy["close_reason"], candidacy["source"]
            values |= {name: candidacy[name] for name in _OWN}
            values["stage"] = STAGE_NAMES[candidacy["stage"]]
            values["close_reason"] = CLOSE_NAMES[reason] if reason else ""
            values["source"] = SOURCE_NAMES[source] if source else ""
            values["suitable"] = shown_verdict(candidacy["stage"], reason, candidacy["verdict"])
        values["programme"] = str(self.year)
        return [values.get(field.key) for field in EXPORTED]


_NOTHING: dict[str, Any] = {"phone": "", "is_ad_protected": False, "is_sole_trader": False}
_OWN = ("screening_on", "screener_name", "next_step", "next_step_on", "postponed_to_year")


def shown_verdict(stage: Stage, reason: CloseReason | None, verdict: Verdict | None) -> str:
    """The *Egnet?* cell: the verdict, where it goes with the stage."""
    if reason is CloseReason.NOT_SUITABLE or (stage is Stage.CLOSED and verdict is Verdict.NOT_SUITABLE):
        return "Nej"
    return "Ja" if verdict is Verdict.SUITABLE and (stage in SUITABLE_STAGES or stage is Stage.CLOSED) else ""


def every_business() -> list[int]:
    """All businesses that are not hidden or merged, in Danish order."""
    statement = sa.select(Business.id).where(Business.is_hidden.is_(False), Business.merged_into_id.is_(None))
    return list(db.session.scalars(statement.order_by(Business.sort_key, Business.id)))


def to_xlsx(export: Export, name: str, stream: BinaryIO | None = None, beside: Sequence[SheetOut] = ()) -> BinaryIO:
    """The export as a workbook: one sheet, and those that stand beside it."""
    out = stream or io.BytesIO()
    write_xlsx(out, [SheetOut(name, export.columns, export.rows()), *beside])
    return out


def to_csv(export: Export) -> Iterator[bytes]:
    """The export as Danish CSV, piece by piece."""
    return write_csv(export.columns, export.rows())
