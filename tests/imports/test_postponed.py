"""Who a list postpones turns up in the year named."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db, writing
from nbe.imports.undo import undo_import
from nbe.ledger.queries import differences
from nbe.models import Candidacy, ImportRun, Programme
from nbe.models.states import Stage
from tests.builders import make_business
from tests.imports.files import counts, csv_of, load

A, B = "13585628", "27355021"


@pytest.fixture(autouse=True)
def _totals_agree(app: Flask) -> object:
    yield
    db.session.rollback()
    assert differences() == []


def row(cvr: str, name: str, *more: str) -> str:
    return ";".join([name, cvr, *more])


POSTPONED = "Virksomhed;CVR-nr.;Kommune;Status;Udskudt til"


def stages() -> list[tuple[int, Stage, bool]]:
    db.session.rollback()
    statement = sa.select(Programme.year, Candidacy.stage, Candidacy.is_hidden).join(
        Candidacy, Candidacy.programme_id == Programme.id
    )
    return [tuple(found) for found in db.session.execute(statement.order_by(Programme.year))]


def test_who_is_postponed_turns_up_in_the_year_named() -> None:
    make_business("Kendt", cvr=A)
    load(csv_of("Virksomhed;CVR-nr.;Kommune;Status", row(B, "Anden", "849", "Emne")), 2017)
    outcome = load(csv_of(POSTPONED, row(A, "Kendt", "849", "Udskudt", "2017")))
    kept = [(2016, Stage.CLOSED, False), (2017, Stage.LONGLIST, False), (2017, Stage.LONGLIST, False)]
    assert stages() == kept
    assert counts(load(csv_of(POSTPONED, row(A, "Kendt", "849", "Udskudt", "2017")))) == (0, 0, 1, 0)
    assert stages() == kept
    assert outcome.run_id is not None
    with writing():
        undo_import(db.session.get_one(ImportRun, outcome.run_id), user_id=None)
        db.session.commit()
    assert sorted(stages()) == [
        (2016, Stage.CLOSED, True),
        (2017, Stage.LONGLIST, False),
        (2017, Stage.LONGLIST, True),
    ]
    load(csv_of(POSTPONED, row(A, "Kendt", "849", "Udskudt", "2017")))
    assert stages() == kept


def test_a_year_that_an_import_makes_takes_in_who_was_postponed_to_it() -> None:
    load(csv_of(POSTPONED, row(A, "A", "849", "Udskudt", "2017")))
    assert stages() == [(2016, Stage.CLOSED, False)]
    load(csv_of("Virksomhed;CVR-nr.;Kommune;Status", row(B, "B", "849", "Emne")), 2017)
    assert stages()[1:] == [(2017, Stage.LONGLIST, False)] * 2
