"""What the service already knows about the businesses of a file, loaded in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.core.text import fold
from nbe.imports.values import Municipalities
from nbe.models import Business, Candidacy, Contact, ImportMark, Membership, Municipality, Programme, User

BUSINESS_FIELDS = (
    "name", "address", "postcode", "town", "industry_code", "industry_version", "employees", "phone", "email",
    "website", "is_ad_protected", "is_sole_trader", "case_number", "note",
)  # fmt: skip
CANDIDACY_FIELDS = ("screening_on", "screener_name", "source", "responsible_id", "next_step", "next_step_on")


@dataclass(slots=True)
class Unit:
    """A business the service knows, with what an import may compare or change."""

    id: int
    row: dict[str, Any]
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    membership: dict[str, Any] | None = None
    candidacy: dict[str, Any] | None = None
    mark: str = ""


@dataclass(slots=True)
class Known:
    """Everything a plan compares with."""

    municipalities: Municipalities
    programme_id: int | None
    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    by_cvr: dict[str, list[Unit]] = field(default_factory=dict)
    names: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def add(self, unit: Unit) -> None:
        """Take a business in."""
        self.units[(unit.row["cvr"], unit.row["p_number"])] = unit
        self.by_cvr.setdefault(unit.row["cvr"], []).append(unit)


def load_municipalities() -> Municipalities:
    """The municipalities as a file may name them."""
    rows = db.session.execute(sa.select(Municipality.code, Municipality.name)).all()
    return Municipalities({fold(name): code for code, name in rows}, frozenset(code for code, _ in rows))


def load_known(
    cvrs: Iterable[str], name_keys: Iterable[str], programme_year: int, municipality_code: int | None
) -> Known:
    """What is known of these CVR numbers and names. Names and people only of `municipality_code`, when one is given."""
    programme_id = db.session.scalar(sa.select(Programme.id).where(Programme.year == programme_year))
    known = Known(load_municipalities(), programme_id)
    by_id: dict[int, Unit] = {}
    columns = table_of(Business).columns
    for numbers in chunks(sorted(set(cvrs))):
        for row in db.session.execute(
            sa.select(*columns).where(Business.cvr.in_(numbers)).order_by(Business.id)
        ).mappings():
            unit = Unit(row["id"], dict(row))
            known.add(unit)
            by_id[unit.id] = unit
    for ids in chunks(by_id):
        _load_beside(by_id, ids, programme_id)
    _load_names(known, sorted(set(name_keys)), municipality_code)
    _load_people(known, municipality_code)
    return known


def _load_beside(by_id: dict[int, Unit], ids: Sequence[int], programme_id: int | None) -> None:
    contacts = table_of(Contact).columns
    for row in db.session.execute(
        sa.select(*contacts).where(Contact.business_id.in_(ids)).order_by(Contact.id)
    ).mappings():
        contact = dict(row)
        held = by_id[row["business_id"]].contacts
        key = fold(row["name"])
        if key not in held or (held[key]["is_hidden"] and not contact["is_hidden"]):
            held[key] = contact
    for row in db.session.execute(
        sa.select(*table_of(Membership).columns).where(Membership.business_id.in_(ids))
    ).mappings():
        by_id[row["business_id"]].membership = dict(row)
    if programme_id is None:
        return
    for row in db.session.execute(
        sa.select(*table_of(Candidacy).columns).where(
            Candidacy.business_id.in_(ids), Candidacy.programme_id == programme_id
        )
    ).mappings():
        by_id[row["business_id"]].candidacy = dict(row)
    for business_id, signature in db.session.execute(
        sa.select(ImportMark.business_id, ImportMark.signature).where(
            ImportMark.business_id.in_(ids), ImportMark.programme_id == programme_id
        )
    ):
        by_id[business_id].mark = signature


def _load_names(known: Known, name_keys: Sequence[str], municipality_code: int | None) -> None:
    """name_key -> (a name, the lowest and the highest CVR number that bear it)."""
    statement = (
        sa.select(Business.name_key, sa.func.min(Business.name), sa.func.min(Business.cvr), sa.func.max(Business.cvr))
        .where(Business.is_hidden.is_(False), Business.merged_into_id.is_(None))
        .group_by(Business.name_key)
    )
    if municipality_code is not None:
        statement = statement.where(Business.municipality_code == municipality_code)
    for keys in chunks(name_keys):
        for key, name, low, high in db.session.execute(statement.where(Business.name_key.in_(keys))):
            known.names[key] = (name, low, high)


def _load_people(known: Known, municipality_code: int | None) -> None:
    statement = sa.select(User.id, User.name, User.email).where(User.active.is_(True)).order_by(User.id)
    if municipality_code is not None:
        statement = statement.where(User.municipality_code == municipality_code)
    for user_id, name, email in db.session.execute(statement):
        for word in (name, email):
            if word:
                known.people.setdefault(fold(word), user_id)
