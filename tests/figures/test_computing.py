"""Figures: what counts, at a day, as known then; the same number of statements for any number of rows."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.figures import ALL, AT_A_GLANCE, FIGURES, Narrowing, compute
from nbe.figures.activity import last_activities
from nbe.figures.details import count_enterprises, split, stage_times
from nbe.ledger import Move, record, reverse
from nbe.models import Candidacy, LedgerRow
from nbe.models.states import (
    OPEN_STAGES,
    SUITABLE_STAGES,
    CloseReason,
    LedgerKind,
    MembershipState,
    Source,
    Stage,
    Verdict,
)
from tests.builders import make_business, make_candidacy, make_member, make_programme
from tests.counting import statements

TODAY = dt.date(2016, 4, 25)
FEBRUARY = dt.date(2016, 2, 1)


def fill() -> None:
    """Eight candidates and two members in two municipalities."""
    first = make_business(municipality=849)
    make_member(first, dt.date(2016, 1, 10))
    make_candidacy(first, Stage.SUITABLE, verdict=Verdict.SUITABLE)
    make_candidacy(make_business(municipality=849), Stage.SCREENED)
    make_candidacy(make_business(municipality=849, industry_code="251100"), Stage.CONTACTED)
    make_candidacy(
        make_business(municipality=849), Stage.CLOSED, reason=CloseReason.NOT_SUITABLE, verdict=Verdict.NOT_SUITABLE
    )
    make_candidacy(make_business(municipality=849), Stage.CLOSED, reason=CloseReason.DECLINED)
    second = make_business(municipality=851)
    make_member(second, dt.date(2016, 3, 1))
    make_candidacy(second, Stage.ACTIVE, day=dt.date(2016, 3, 15))


def values(code: int | None, as_of: dt.date = TODAY, **asked: object) -> dict:
    return dict(compute(make_programme(), as_of, **asked).values[code])


def test_what_counts(app: Flask) -> None:
    fill()
    here = values(849)
    assert [here[key] for key in ("members", "candidates", "open", "suitable", "missing")] == [1, 3, 1, 2, 3]
    assert [here[key] for key in ("screened", "percent_screened", "plans")] == [1, 50.0, 0]
    assert here["assessed"] == 3  # two verdicts, and one that skipped egnet
    assert [here[key] for key in ("closed", "closed_not_suitable", "closed_declined")] == [2, 1, 1]
    assert values(851)["plans"] == 1
    everywhere = values(ALL)
    assert everywhere["suitable"] == 3
    assert everywhere["missing"] == 55 - 3
    assert values(773)["percent_screened"] is None


def test_an_earlier_day_counts_what_had_happened_by_then(app: Flask) -> None:
    fill()
    assert values(851, dt.date(2016, 3, 14))["suitable"] == 0
    assert values(851, dt.date(2016, 3, 15))["suitable"] == 1
    assert values(851, dt.date(2016, 2, 29))["members"] == 0
    assert values(851, dt.date(2016, 3, 1))["members"] == 1


@pytest.mark.parametrize("as_of", [FEBRUARY, dt.date(2016, 3, 20), TODAY])
def test_totals_fold_and_records_agree(app: Flask, as_of: dt.date) -> None:
    fill()
    by_totals = compute(make_programme(), as_of).values
    assert compute(make_programme(), as_of, known_at=clock.now()).values == by_totals
    split_values = [compute(make_programme(), as_of, narrowing=Narrowing(industry=i)).values for i in ("10", "25")]
    for code in (849, 851, ALL):
        for key in ("members", "open", "suitable", "screened", "plans", "assessed", "closed"):
            assert sum(part[code][key] for part in split_values) == by_totals[code][key]


def test_as_known_then_never_changes(app: Flask) -> None:
    fill()
    candidacy = db.session.scalars(sa.select(Candidacy).where(Candidacy.stage == Stage.SCREENED)).one()
    known_at = clock.now()
    then = compute(make_programme(), TODAY, known_at=known_at).values
    row_id = db.session.scalar(
        sa.select(LedgerRow.id).where(
            LedgerRow.business_id == candidacy.business_id, LedgerRow.kind == LedgerKind.STAGE
        )
    )
    assert row_id
    with writing():
        reverse([row_id], user_id=None)
        record(
            [
                Move(
                    kind=LedgerKind.STAGE,
                    municipality_code=849,
                    to_code=Stage.LONGLIST.value,
                    happened_on=FEBRUARY,
                    business_id=candidacy.business_id,
                    programme_id=candidacy.programme_id,
                )
            ],
            user_id=None,
        )
        db.session.commit()
    assert compute(make_programme(), TODAY, known_at=known_at).values == then
    assert values(849)["suitable"] == 1
    assert values(849, FEBRUARY)["suitable"] == 1


def test_the_target_of_the_day(app: Flask) -> None:
    programme = make_programme()
    with writing():
        for number, day in (("7", dt.date(2016, 1, 1)), ("2", dt.date(2016, 3, 1))):
            move = Move(
                kind=LedgerKind.TARGET,
                municipality_code=825,
                to_code=number,
                happened_on=day,
                programme_id=programme.id,
            )
            record([move], user_id=None)
        db.session.commit()
    assert compute(programme, dt.date(2015, 12, 31)).target(825) == 5
    assert compute(programme, dt.date(2016, 2, 29)).target(825) == 7
    assert compute(programme, TODAY).target(825) == 2
    assert compute(programme, TODAY).target() == 52


def test_the_statements_do_not_grow(app: Flask) -> None:
    programme = make_programme()
    counts = []
    for _ in range(2):
        with statements() as sent:
            compute(programme, TODAY, figures=AT_A_GLANCE)
            last_activities(TODAY, [849, 851])
        counts.append(len(sent))
        fill()
    assert counts[0] == counts[1] <= 11


def test_json_is_as_promised(app: Flask) -> None:
    fill()
    told = compute(make_programme(), TODAY, 849).as_json(849)
    assert {key: told[key] for key in ("programme", "municipality", "as_of")} == {
        "programme": 2016,
        "municipality": 849,
        "as_of": "2016-04-25",
    }
    keys = {"members", "candidates", "open", "suitable", "missing", "screened", "plans"}
    assert keys <= set(told["figures"])
    assert {"reported", "hours_needed", "hours_promised"} <= set(told["figures"])
    assert {"participants", "seats", "signed_up", "attended"} <= set(told["figures"])
    suitable = told["figures"]["suitable"]
    assert (suitable["value"], suitable["target"]) == (2, 5)
    assert suitable["definition"]
    assert suitable["href"] == "/kandidater?aar=2016&kommune=849&trin=egnede&pr=2016-04-25"
    assert compute(make_programme(), TODAY).as_json()["municipality"] is None


def test_every_figure_says_how_it_counts(app: Flask) -> None:
    for figure in FIGURES:
        sentence = str(figure.definition)
        assert sentence.endswith("."), figure.key
        assert ". " not in sentence, figure.key
        assert [bool(figure.sums), bool(figure.derive), bool(figure.reads)].count(True) == 1, figure.key
        assert str(figure.title), figure.key
        assert len({other.key for other in FIGURES if str(other.title) == str(figure.title)}) == 1, figure.key


def test_splits_medians_and_enterprises(app: Flask) -> None:
    programme = make_programme()
    for place in range(4):
        business = make_business(cvr="13585628", p_number=f"100000000{place}")
        candidacy = make_candidacy(business, Stage.SUITABLE if place else Stage.LONGLIST)
        candidacy.source = Source.NETWORK if place else Source.LIST
    with writing():
        db.session.commit()
    counted = count_enterprises(programme, TODAY, 849)
    assert (counted.candidates, counted.suitable, counted.members) == (1, 1, 0)
    assert count_enterprises(programme, dt.date(2016, 4, 1), 849).candidates == 1
    parts = split(programme, TODAY, 849, "source", is_masked=False)
    assert [(part.name, part.candidates, part.suitable) for part in parts] == [("network", 3, 3), ("list", 1, 0)]
    assert [part.name for part in split(programme, TODAY, 849, "source", is_masked=True)] == ["others"]
    first = db.session.scalars(sa.select(Candidacy).where(Candidacy.stage == Stage.LONGLIST)).one()
    with writing():
        record(
            [
                Move(
                    kind=LedgerKind.STAGE,
                    municipality_code=849,
                    from_code="longlist",
                    to_code="contacted",
                    happened_on=FEBRUARY + dt.timedelta(days=12),
                    business_id=first.business_id,
                    programme_id=programme.id,
                )
            ],
            user_id=None,
        )
        db.session.commit()
    assert [(time.stage, time.days, time.passed) for time in stage_times(programme, TODAY, 849)] == [
        (Stage.LONGLIST, 12.0, 1)
    ]


DAYS = st.integers(0, 60).map(lambda n: dt.date(2016, 1, 4) + dt.timedelta(days=n))
MOVES = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["stage", "member", "verdict", "undo", "town"]), st.integers(0, 12), DAYS
    ),
    max_size=14,
)


@settings(max_examples=25)
@given(MOVES, DAYS)
def test_any_history_counts_the_same_three_ways(sqlite_app: Flask, moves: list, as_of: dt.date) -> None:
    """Totals, a fold in the database, and counting who stands where one by one."""
    with sqlite_app.app_context():
        programme = make_programme()
        businesses = [make_business() for _ in range(3)]
        ids: list[int] = []
        with writing():
            for who, what, number, day in moves:
                ids += _move(programme.id, businesses[who].id, what, number, day, ids)
            db.session.flush()
        figures = compute(programme, as_of)
        assert compute(programme, as_of, known_at=clock.now()).values == figures.values
        counted = _count_plainly([b.id for b in businesses], as_of)
        for key, expected in counted.items():
            assert figures.value(key) == expected, key
        db.session.rollback()


def _move(programme_id: int, business_id: int, what: str, number: int, day: dt.date, ids: list[int]) -> list[int]:
    if what == "undo":
        if not ids:
            return []
        reverse([ids.pop(number % len(ids))], user_id=None)
        return []
    kinds = {"member": LedgerKind.MEMBERSHIP, "verdict": LedgerKind.VERDICT}
    kind = kinds.get(what, LedgerKind.STAGE)
    code = {
        LedgerKind.MEMBERSHIP: list(MembershipState)[number % 5].value,
        LedgerKind.VERDICT: list(Verdict)[number % 2].value,
        LedgerKind.STAGE: list(Stage)[number].value,
    }[kind]
    move = Move(
        kind=kind,
        municipality_code=851 if what == "town" else 849,
        to_code=code,
        detail=CloseReason.DECLINED.value if code == "closed" else None,
        happened_on=day,
        business_id=business_id,
        programme_id=None if kind is LedgerKind.MEMBERSHIP else programme_id,
    )
    return record([move], user_id=None)


def _count_plainly(business_ids: list[int], as_of: dt.date) -> dict[str, int]:
    rows = db.session.scalars(
        sa.select(LedgerRow)
        .where(LedgerRow.business_id.in_(business_ids))
        .order_by(LedgerRow.happened_on, LedgerRow.id)
    ).all()
    undone = {row.reverses_id for row in rows}
    holding = [r for r in rows if r.id not in undone and r.reverses_id is None and r.happened_on <= as_of]
    stage = {row.business_id: row.to_code for row in holding if row.kind is LedgerKind.STAGE}
    member = {row.business_id: row.to_code for row in holding if row.kind is LedgerKind.MEMBERSHIP}
    judged = {row.business_id for row in holding if row.kind is LedgerKind.VERDICT and row.business_id in stage}
    suitable = {business for business, code in stage.items() if code in {s.value for s in SUITABLE_STAGES}}
    return {
        "members": sum(code == "member" for code in member.values()),
        "open": sum(code in {s.value for s in OPEN_STAGES} for code in stage.values()),
        "suitable": len(suitable),
        "closed": sum(code == "closed" for code in stage.values()),
        "assessed": len(judged | suitable),
    }
