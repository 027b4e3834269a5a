"""Two businesses become one: it counts once from that day, earlier days stay as they were, and it can be taken back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.access import Viewer
from nbe.businesses.actions import log_activity
from nbe.core.database import db, writing
from nbe.figures.checking import find_differences
from nbe.figures.rows import Asked, count_rows
from nbe.ledger import ASSESSED, member_key, stage_key
from nbe.ledger.queries import differences, sums
from nbe.models import Activity, Assessment, Business, Candidacy, Contact, LedgerRow, Membership, Programme
from nbe.models.states import (
    STAGES_IN_ORDER,
    SUITABLE_STAGES,
    ActivityKind,
    CloseReason,
    CriterionAnswer,
    LedgerKind,
    MembershipState,
    RoleName,
    Source,
    Stage,
    Verdict,
)
from nbe.pipeline.actions import save_answers
from nbe.pipeline.filters import CandidateFilter
from nbe.pipeline.merging import merge_businesses, unmerge
from nbe.pipeline.queries import count_candidates, list_candidates
from tests.builders import make_business, make_candidacy, make_member, make_programme

TODAY = dt.date(2016, 4, 25)
YESTERDAY = dt.date(2016, 4, 24)
KEYS = (
    *(stage_key(stage) for stage in STAGES_IN_ORDER),
    *(f"closed:{reason.value}" for reason in CloseReason),
    ASSESSED,
)
MEMBERS = tuple(member_key(state) for state in MembershipState)


def counts(programme: Programme, day: dt.date = TODAY) -> Counter[str]:
    """What is counted of everybody: candidates of the programme and memberships."""
    found: Counter[str] = Counter()
    for (_, key), n in (sums(programme.id, KEYS, day) | sums(0, MEMBERS, day)).items():
        found[key] += n
    return +found


def by_rows(programme: Programme, day: dt.date = TODAY, known_at: dt.datetime | None = None) -> Counter[str]:
    """The same, counted row by row."""
    found: Counter[str] = Counter()
    for (_, key, _part), n in count_rows(Asked(programme.id, day, known_at=known_at)).items():
        found[key] += n
    return +found


def merge(kept: Business, gone: Business, choices: Mapping[str, str] | None = None) -> None:
    db.session.rollback()
    with writing():
        merge_businesses(kept, gone, choices or {}, user_id=None)
        db.session.commit()


def take_back(kept: Business, gone: Business) -> bool:
    db.session.rollback()
    with writing():
        done = unmerge(kept, gone, user_id=None)
        db.session.commit()
    return done


def candidacy_of(business: Business, programme: Programme) -> Candidacy | None:
    return db.session.scalar(
        sa.select(Candidacy).where(Candidacy.business_id == business.id, Candidacy.programme_id == programme.id)
    )


def holds() -> None:
    """Totals, records and ledger say the same."""
    assert differences() == []
    assert list(find_differences()) == []


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every record as it stands, ledger and versions aside."""
    tables: tuple[Any, ...] = (Business, Contact, Activity, Candidacy, Membership, Assessment)
    left_out = {"version", "created_at", "updated_at"}
    found = {}
    for model in tables:
        columns = [c for c in model.__table__.columns if c.name not in left_out]
        shown = model.is_hidden.is_(False) if hasattr(model, "is_hidden") else sa.true()
        rows = db.session.execute(sa.select(*columns).where(shown).order_by(model.id))
        found[model.__tablename__] = [tuple(row) for row in rows]
    return found


def test_the_further_stage_counts_once_and_earlier_days_stay(app: Flask) -> None:
    programme = make_programme()
    kept, gone = make_business("Moseby Mejeri A/S"), make_business("Moseby Mejeri ApS")
    make_candidacy(kept, Stage.CONTACTED, dt.date(2016, 2, 1))
    make_candidacy(gone, Stage.SUITABLE, dt.date(2016, 3, 1), verdict=Verdict.SUITABLE)
    make_member(gone)
    ledger_before = db.session.execute(sa.select(LedgerRow.id, LedgerRow.business_id)).all()
    past = counts(programme, YESTERDAY)
    merge(kept, gone)

    assert counts(programme) == {
        stage_key(Stage.SUITABLE): 1,
        ASSESSED: 1,
        "closed:merged": 1,
        member_key(MembershipState.MEMBER): 1,
    }
    assert counts(programme) == by_rows(programme)
    assert counts(programme, YESTERDAY) == past == by_rows(programme, YESTERDAY)
    holds()
    ledger_after = set(db.session.execute(sa.select(LedgerRow.id, LedgerRow.business_id)).all())
    assert ledger_after.issuperset(ledger_before)
    closing = db.session.scalars(
        sa.select(LedgerRow).where(LedgerRow.business_id == gone.id, LedgerRow.detail == "merged")
    ).all()
    assert {(row.kind, row.to_code) for row in closing} == {
        (LedgerKind.STAGE, "closed"),
        (LedgerKind.MEMBERSHIP, "left"),
    }
    mine = candidacy_of(kept, programme)
    assert mine is not None
    assert (mine.stage, mine.verdict, mine.stage_since_on) == (Stage.SUITABLE, Verdict.SUITABLE, TODAY)
    assert gone.merged_into_id == kept.id


def test_the_less_far_one_may_be_chosen(app: Flask) -> None:
    programme = make_programme()
    kept, gone = make_business(), make_business()
    make_candidacy(kept, Stage.CONTACTED)
    make_candidacy(gone, Stage.INTERESTED)
    merge(kept, gone, {f"candidacy_{programme.id}": "kept"})
    assert counts(programme) == {stage_key(Stage.CONTACTED): 1, "closed:merged": 1}
    holds()


def test_a_closed_one_never_wins_by_itself(app: Flask) -> None:
    programme = make_programme()
    kept, gone = make_business(), make_business()
    make_candidacy(kept, Stage.CLOSED, reason=CloseReason.NOT_SUITABLE, verdict=Verdict.NOT_SUITABLE)
    make_candidacy(gone, Stage.LONGLIST)
    merge(kept, gone)
    assert counts(programme) == {stage_key(Stage.LONGLIST): 1, "closed:merged": 1, ASSESSED: 1}
    holds()


def test_a_candidacy_and_a_membership_only_the_other_has_go_over(app: Flask) -> None:
    first, second = make_programme(2016), make_programme(2017)
    kept, gone = make_business(), make_business()
    make_candidacy(kept, Stage.LONGLIST, year=2016)
    theirs = make_candidacy(gone, Stage.CLOSED, year=2017, reason=CloseReason.POSTPONED)
    theirs.postponed_to_year, theirs.source, theirs.next_step = 2018, Source.EVENT, "Ring igen"
    with writing():
        db.session.commit()
    make_member(kept)
    merge(kept, gone)
    mine = candidacy_of(kept, second)
    assert mine is not None
    assert (mine.stage, mine.close_reason, mine.postponed_to_year) == (Stage.CLOSED, CloseReason.POSTPONED, 2018)
    assert (mine.source, mine.next_step) == (Source.EVENT, "Ring igen")
    assert counts(first)[stage_key(Stage.LONGLIST)] == 1
    assert counts(second)["closed:postponed"] == 1
    assert counts(second)[member_key(MembershipState.MEMBER)] == 1
    holds()


def test_people_activities_and_assessment_follow(app: Flask) -> None:
    from nbe.models import Criterion

    programme = make_programme()
    kept, gone = make_business(), make_business()
    theirs = make_candidacy(gone, Stage.ASSESSING)
    criterion = db.session.scalars(sa.select(Criterion.id)).first()
    with writing():
        save_answers(theirs, {criterion: CriterionAnswer.YES} if criterion else {}, "Stor maskinpark", user_id=None)
        log_activity(gone, ActivityKind.CALL, dt.date(2016, 4, 20), user_id=None, note="Talte om el", candidacy=theirs)
        db.session.commit()
    before = snapshot()
    merge(kept, gone)
    mine = candidacy_of(kept, programme)
    assert mine is not None
    assert mine.assessment is not None
    assert mine.assessment.reason == "Stor maskinpark"
    activity = db.session.scalars(sa.select(Activity)).one()
    assert (activity.business_id, activity.candidacy_id) == (kept.id, mine.id)
    assert kept.last_activity_on == dt.date(2016, 4, 20)
    assert len(kept.contacts) == 2
    assert take_back(kept, gone)
    assert snapshot() == before
    holds()


def test_fields_are_chosen_one_by_one_and_come_back(app: Flask) -> None:
    kept = make_business("Nord Beton ApS", phone="20304050", note="Ring før ni", employees=None)
    gone = make_business("Nordbeton ApS", phone="70203040", note="Har to adresser", employees=12)
    before = snapshot()
    numbers = (kept.cvr, gone.cvr)
    merge(kept, gone, {"name": "gone", "number": "gone", "phone": "kept", "town": "gone"})
    assert (kept.name, kept.phone, kept.employees) == ("Nordbeton ApS", "20304050", 12)
    assert kept.note == "Ring før ni\n\nHar to adresser"
    assert (kept.cvr, gone.cvr) == (numbers[1], numbers[0])
    assert take_back(kept, gone)
    assert snapshot() == before
    assert not take_back(kept, gone)


def test_a_p_number_changes_hands_too(app: Flask) -> None:
    kept = make_business("Havnens Smedje")
    gone = make_business("Havnens Smedje", cvr=kept.cvr, p_number="1001234567")
    merge(kept, gone)
    assert (kept.p_number, gone.p_number) == ("1001234567", "")
    assert take_back(kept, gone)
    assert (kept.p_number, gone.p_number) == ("", "1001234567")


def test_another_municipality_moves_what_the_business_has(app: Flask) -> None:
    programme = make_programme()
    kept, gone = make_business(municipality=849), make_business(municipality=851)
    make_candidacy(kept, Stage.AGREED)
    make_member(kept)
    merge(kept, gone, {"municipality_code": "gone"})
    assert sums(programme.id, [stage_key(Stage.AGREED)], TODAY) == {
        (849, stage_key(Stage.AGREED)): 0,
        (851, stage_key(Stage.AGREED)): 1,
    }
    holds()
    assert take_back(kept, gone)
    assert sums(programme.id, [stage_key(Stage.AGREED)], TODAY, 849) == {(849, stage_key(Stage.AGREED)): 1}
    holds()


def test_another_municipality_takes_an_equal_stage_along(app: Flask) -> None:
    kept, gone = make_business(municipality=849), make_business(municipality=851)
    make_candidacy(kept, Stage.AGREED)
    make_candidacy(gone, Stage.AGREED)
    merge(kept, gone, {"municipality_code": "gone"})
    stands = sums(make_programme().id, [stage_key(Stage.AGREED)], TODAY)
    assert +Counter(stands) == {(851, stage_key(Stage.AGREED)): 1}
    holds()


def test_a_postponement_that_gave_way_comes_back_with_its_year(app: Flask) -> None:
    programme = make_programme()
    kept, gone = make_business(), make_business()
    mine = make_candidacy(kept, Stage.CLOSED, reason=CloseReason.POSTPONED)
    make_candidacy(gone, Stage.INTERESTED)
    with writing():
        mine.postponed_to_year = 2018
        db.session.commit()
    merge(kept, gone)
    assert mine.postponed_to_year is None
    assert counts(programme)[stage_key(Stage.INTERESTED)] == 1
    assert take_back(kept, gone)
    assert (mine.close_reason, mine.postponed_to_year) == (CloseReason.POSTPONED, 2018)


def test_what_somebody_changed_since_stays_when_it_is_taken_back(app: Flask) -> None:
    kept, gone = make_business("Nord Beton", phone=""), make_business("Nordbeton", phone="70203040")
    merge(kept, gone, {"name": "gone"})
    db.session.rollback()
    with writing():
        kept.phone = "11223344"
        db.session.commit()
    assert take_back(kept, gone)
    assert (kept.name, kept.phone) == ("Nord Beton", "11223344")


def test_lists_hold_as_many_rows_as_they_count(app: Flask) -> None:
    programme = make_programme()
    kept, gone = make_business(), make_business()
    make_candidacy(kept, Stage.LONGLIST)
    make_candidacy(gone, Stage.CLOSED, reason=CloseReason.NOT_SUITABLE, verdict=Verdict.NOT_SUITABLE)
    merge(kept, gone)
    viewer = Viewer(1, RoleName.ADMINISTRATOR, None)
    for chosen in (
        CandidateFilter(programme, step="lukkede", stages=(Stage.CLOSED,)),
        CandidateFilter(programme, stages=tuple(Stage), is_assessed=True),
    ):
        page = list_candidates(viewer, chosen)
        assert len(page.rows) == page.total == count_candidates(viewer, chosen) == 1


SIDES = st.one_of(
    st.none(),
    st.tuples(st.sampled_from(STAGES_IN_ORDER), st.none(), st.sampled_from([None, *Verdict])),
    st.tuples(
        st.just(Stage.CLOSED),
        st.sampled_from([r for r in CloseReason if r is not CloseReason.MERGED]),
        st.sampled_from([None, *Verdict]),
    ),
)


@settings(max_examples=12)
@given(mine=SIDES, theirs=SIDES, members=st.tuples(st.booleans(), st.booleans()))
def test_any_two_count_as_one_and_come_apart_again(
    sqlite_app: Flask,
    mine: tuple[Stage, CloseReason | None, Verdict | None] | None,
    theirs: tuple[Stage, CloseReason | None, Verdict | None] | None,
    members: tuple[bool, bool],
) -> None:
    programme = make_programme()
    kept, gone = make_business(), make_business()
    before_all = counts(programme)
    for business, side, is_member in ((kept, mine, members[0]), (gone, theirs, members[1])):
        if side is not None:
            make_candidacy(business, side[0], reason=side[1], verdict=side[2])
        if is_member:
            make_member(business)
    before, past = counts(programme), counts(programme, YESTERDAY)
    records = snapshot()
    merge(kept, gone)
    added = counts(programme)
    added.subtract(before_all)
    sides = [side for side in (mine, theirs) if side is not None]
    standing = sum(n for key, n in added.items() if key.startswith("stage:"))
    open_stages = [side[0] for side in sides if side[0] is not Stage.CLOSED]
    assert standing == (1 if open_stages else 0)
    if open_stages:
        furthest = max(open_stages, key=lambda stage: stage.position)
        assert added[stage_key(furthest)] == 1
    assert added[ASSESSED] == (1 if any(s[2] or s[0] in SUITABLE_STAGES for s in sides) else 0)
    assert sum(n for key, n in added.items() if key.startswith("member:")) == (1 if any(members) else 0)
    assert counts(programme, YESTERDAY) == past
    assert counts(programme) == by_rows(programme)
    holds()
    assert take_back(kept, gone)
    assert counts(programme) == before == by_rows(programme)
    assert counts(programme, YESTERDAY) == past
    assert snapshot() == records
    holds()


@pytest.mark.parametrize("known", ["before", "after"])
def test_what_was_known_before_stays_known(sqlite_app: Flask, known: str) -> None:
    from nbe.core import clock

    programme = make_programme()
    kept, gone = make_business(), make_business()
    for business in (kept, gone):
        make_candidacy(business, Stage.CLOSED, reason=CloseReason.NOT_SUITABLE, verdict=Verdict.NOT_SUITABLE)
    moment = clock.now()
    merge(kept, gone)
    if known == "before":
        assert by_rows(programme, TODAY, moment) == {"closed:not_suitable": 2, ASSESSED: 2}
    else:
        assert by_rows(programme, TODAY, clock.now()) == {"closed:not_suitable": 1, "closed:merged": 1, ASSESSED: 1}
