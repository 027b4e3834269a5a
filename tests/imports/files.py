"""Small files for the tests of the import."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from nbe.core.database import db
from nbe.demo.names import cvr_numbers
from nbe.imports.whole import Outcome, import_file
from nbe.models import Business, Candidacy, ImportRow
from nbe.models.states import Stage


def csv_of(headings: str, *rows: str) -> bytes:
    """A Danish CSV file."""
    return "\r\n".join([headings, *rows]).encode("utf-8")


def load(content: bytes, year: int = 2016, **options: object) -> Outcome:
    """Import a CSV file named liste.csv."""
    db.session.rollback()
    return import_file(content, "liste.csv", year, **options)


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """created, updated, unchanged, failed."""
    found = outcome.plan.counts()
    return found["created"], found["updated"], found["unchanged"], found["failed"]


def codes(outcome: Outcome) -> list[str]:
    """The codes of all remarks, in order."""
    return [message.code for row in outcome.plan.rows for message in row.messages]


def business(cvr: str) -> Business:
    """The business with a number."""
    db.session.rollback()
    return db.session.scalars(sa.select(Business).where(Business.cvr == cvr)).one()


def stage_of(cvr: str) -> Stage | None:
    """The stage of the one candidacy of a business; None without one that is shown."""
    db.session.rollback()
    statement = sa.select(Candidacy.stage).join(Business).where(Business.cvr == cvr, Candidacy.is_hidden.is_(False))
    return db.session.scalars(statement).one_or_none()


def many_rows(count: int, stages: Iterable[str] = ("Emne", "Egnet", "I forløb", "Udgået")) -> bytes:
    """A list of `count` businesses."""
    words = list(stages)
    numbers = cvr_numbers(70_000_000)
    rows = [
        f"Række {i} ApS;{next(numbers)};Jammerbugt;{words[i % len(words)]};Person {i};person{i}@example.dk"
        for i in range(count)
    ]
    return csv_of("Virksomhed;CVR-nr.;Kommune;Status;Kontaktperson;E-mail", *rows)


def kept_rows() -> int:
    """How many rows imports have left."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(ImportRow.id))) or 0
