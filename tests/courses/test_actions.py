"""Signing up, waiting, moving up, leaving and taking it back, on both databases, with the ledger's rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.courses import actions
from nbe.courses.actions import CourseRefusedError
from nbe.courses.telling import not_told
from nbe.figures.checking import find_differences
from nbe.ledger.queries import sums
from nbe.models import Change, Course, Participant, Screener, Team
from nbe.models.gathering_states import MailState
from nbe.models.gathering_states import ParticipantState as P
from tests.courses.making import DAYS, change, deliver, mails_to, make_team, people, seated, sign_up, waiting

TODAY = dt.date(2016, 4, 25)
LONG_AFTER = dt.datetime(2016, 5, 4, 8, tzinfo=dt.UTC)


def totals(team: Team) -> dict[str, int]:
    """What the totals count of participants, over all municipalities."""
    keys = [f"participant:{state.value}" for state in P]
    found: dict[str, int] = {}
    for (_code, key), n in sums(team.course.programme_id, keys, TODAY).items():
        if n:
            found[key.removeprefix("participant:")] = found.get(key.removeprefix("participant:"), 0) + n
    return found


def refused(field: str, work: Any) -> str:
    with pytest.raises(CourseRefusedError) as caught:
        change(work)
    assert caught.value.field == field
    return str(caught.value.message)


def again(person: Participant) -> Participant:
    return db.session.get_one(Participant, person.id)


def test_the_fourth_of_three_waits_and_moves_up_with_a_mail_and_a_deadline(app: Flask) -> None:
    team = make_team(3)
    came = [sign_up(team, name) for name in ("Anne Dahl", "Bo Krogh", "Camilla Lund", "Dorthe Skov", "Erik Juhl")]
    assert [one.is_waiting for one in came] == [False, False, False, True, True]
    assert totals(team) == {"signed_up": 3, "waiting": 2}
    change(lambda: actions.cancel_seat(again(came[1].participant), user_id=None, reason="Syg"))
    assert (seated(team), waiting(team)) == (["Anne Dahl", "Camilla Lund", "Dorthe Skov"], ["Erik Juhl"])
    dorthe = again(came[3].participant)
    assert dorthe.answer_by == dt.datetime(2016, 4, 29, tzinfo=DANISH)
    (mail,) = mails_to(dorthe)
    assert mail.email == "dorthe.skov@example.dk" and mail.mailing.is_service
    assert "28-04-2016" in mail.text and "/deltager/" in mail.text and "10-05-2016 og 11-05-2016" in mail.text
    assert "Erik" not in mail.text
    change(lambda: actions.confirm_seat(again(dorthe), user_id=None))
    assert (again(dorthe).state, again(dorthe).answer_by) == (P.CONFIRMED, None)
    assert change(lambda: actions.confirm_seat(again(dorthe), user_id=None)) is None
    assert totals(team) == {"signed_up": 2, "confirmed": 1, "waiting": 1, "cancelled": 1}
    assert list(find_differences()) == []


def test_an_offer_unanswered_goes_to_the_end_and_the_next_is_asked(app: Flask) -> None:
    team = make_team(1)
    first, second, third = (sign_up(team, name).participant for name in ("Anne Dahl", "Bo Krogh", "Camilla Lund"))
    change(lambda: actions.cancel_seat(again(first), user_id=None))
    deliver()
    late = dt.datetime(2016, 4, 28, 22, 0, 1, tzinfo=dt.UTC)
    change(lambda: actions.settle_team(actions.lock_team(team.id), user_id=None, now=late))
    assert (seated(team), waiting(team)) == (["Camilla Lund"], ["Bo Krogh"])
    assert len(mails_to(third)) == 1
    deliver(late)
    later = dt.datetime(2016, 5, 2, 22, 0, 1, tzinfo=dt.UTC)
    change(lambda: actions.settle_team(actions.lock_team(team.id), user_id=None, now=later))
    assert (seated(team), waiting(team)) == (["Bo Krogh"], ["Camilla Lund"])
    assert len(mails_to(second)) == 2
    assert actions.lapse_offers() == 0  # by today's clock nothing is late
    begun = dt.datetime(2016, 5, 10, 8, tzinfo=dt.UTC)
    change(lambda: actions.settle_team(actions.lock_team(team.id), user_id=None, now=begun))
    assert (seated(team), waiting(team)) == (["Bo Krogh"], ["Camilla Lund"])  # the course has begun: by hand
    app.config["NBE_TODAY"] = "2016-05-10"
    change(lambda: actions.cancel_seat(again(second), user_id=None))
    erik = sign_up(team, "Erik Juhl").participant
    refused("state", lambda: actions.give_seat(again(erik), user_id=None))
    change(lambda: actions.give_seat(again(third), user_id=None))
    assert (seated(team), waiting(team)) == (["Camilla Lund"], ["Erik Juhl"])


def test_the_job_takes_up_what_is_late(app: Flask) -> None:
    team = make_team(1)
    first, second, _third = (sign_up(team, name).participant for name in ("Anne Dahl", "Bo Krogh", "Camilla Lund"))
    change(lambda: actions.cancel_seat(again(first), user_id=None))
    deliver()
    app.config["NBE_TODAY"] = "2016-05-01"
    assert change(actions.lapse_offers) == 1
    assert (seated(team), waiting(team)) == (["Camilla Lund"], ["Bo Krogh"])
    rows = [(row.to_code, row.happened_on.isoformat()) for row in actions.rows_of_participant(again(second))]
    assert rows == [("waiting", "2016-04-25"), ("signed_up", "2016-04-25"), ("waiting", "2016-05-01")]
    assert list(find_differences()) == []


def test_without_an_address_the_seat_is_simply_given(app: Flask) -> None:
    team = make_team(1)
    first, second = sign_up(team, "Anne Dahl").participant, sign_up(team, "Bo Krogh", email="").participant
    change(lambda: actions.cancel_seat(again(first), user_id=None))
    assert (again(second).state, again(second).answer_by) == (P.SIGNED_UP, None)
    assert not_told([again(second)]) == {second.id}
    change(lambda: actions.settle_team(actions.lock_team(team.id), user_id=None, now=LONG_AFTER))
    assert seated(team) == ["Bo Krogh"]
    change(lambda: actions.confirm_seat(again(second), user_id=None))
    assert not_told([again(second)]) == set()


def test_no_seat_is_taken_from_somebody_whose_mail_has_not_gone(app: Flask) -> None:
    team = make_team(1)
    first, second, _third = (sign_up(team, name).participant for name in ("Anne Dahl", "Bo Krogh", "Camilla Lund"))
    change(lambda: actions.cancel_seat(again(first), user_id=None))
    for state in (MailState.KEPT, MailState.FAILED, MailState.STOPPED):
        change(lambda state=state: setattr(mails_to(second)[0], "state", state))
        change(lambda: actions.settle_team(actions.lock_team(team.id), user_id=None, now=LONG_AFTER))
        assert (seated(team), not_told([again(second)])) == (["Bo Krogh"], {second.id})
    change(lambda: setattr(mails_to(second)[0], "state", MailState.KEPT))
    deliver(LONG_AFTER)
    assert not_told([again(second)]) == set()
    soon, then = LONG_AFTER + dt.timedelta(days=3), LONG_AFTER + dt.timedelta(days=4)
    change(lambda: actions.settle_team(actions.lock_team(team.id), user_id=None, now=soon))
    assert seated(team) == ["Bo Krogh"], "three days from when he was told"
    change(lambda: actions.settle_team(actions.lock_team(team.id), user_id=None, now=then))
    assert seated(team) == ["Camilla Lund"]


def test_who_was_there_is_not_thrown_off_by_a_late_job(app: Flask) -> None:
    team = make_team(1)
    first, second, _third = (sign_up(team, name).participant for name in ("Anne Dahl", "Bo Krogh", "Camilla Lund"))
    change(lambda: actions.cancel_seat(again(first), user_id=None))
    deliver()
    app.config["NBE_TODAY"] = "2016-05-10"
    assert change(actions.lapse_offers) == 0
    assert (seated(team), waiting(team)) == (["Bo Krogh"], ["Camilla Lund"])
    change(lambda: actions.mark_day(team.days[0], {second.id: True}, user_id=None))
    assert again(second).answer_by is None


def test_kept_seats_are_the_municipalitys_and_the_rest_is_common(app: Flask) -> None:
    team = make_team(5, {849: 2, 820: 2, 813: None})
    for number in range(3):
        assert not sign_up(team, f"Jammer {number}", 849).is_waiting
    assert sign_up(team, "Jammer 3", 849).is_waiting  # two of its own, and the common one
    assert sign_up(team, "Frede 1", 813).is_waiting
    assert not sign_up(team, "Vest 1", 820).is_waiting
    assert "ikke for den kommune" in refused(
        "municipality_code",
        lambda: actions.sign_up_person(team, name="Lis", municipality_code=851, user_id=None),
    )
    seats = actions.read_seats(team)
    assert (seats.free, seats.free_for(820), seats.free_for(849), seats.free_for(813)) == (1, 1, 0, 0)
    change(lambda: actions.edit_team(team, user_id=None, seats=6))
    assert waiting(team) == ["Frede 1"]
    change(lambda: actions.edit_team(team, user_id=None, municipalities={849: 2, 820: 1, 813: None}))
    assert waiting(team) == []
    refused("seats", lambda: actions.edit_team(team, user_id=None, seats=5))
    refused("municipalities", lambda: actions.edit_team(team, user_id=None, municipalities={849: 2, 820: 1}))
    assert len(people(team)) == 6


def test_unknown_seats_are_open_until_they_are_set(app: Flask) -> None:
    from tests.builders import make_programme

    programme = make_programme()
    team = change(lambda: actions.find_or_make_team(programme, "Kursus maj hold 1"))
    assert (team.name, team.course.title, team.seats) == ("Hold 1", "Kursus maj", None)
    for name in ("Kursus maj hold 1", "kursus maj  Hold 1", "Hold 1", "hold 1"):
        assert change(lambda name=name: actions.find_or_make_team(programme, name)).id == team.id
    other = change(lambda: actions.find_or_make_team(programme, "Kursus maj hold 2"))
    assert other.course_id == team.course_id and other.id != team.id
    assert db.session.scalar(sa.select(sa.func.count(Course.id))) == 1
    for number in range(30):
        assert not sign_up(team, f"Prøve {number}", 849 if number % 2 else 851).is_waiting
    refused("seats", lambda: actions.edit_team(team, user_id=None, seats=29))
    change(lambda: actions.edit_team(team, user_id=None, seats=30))
    assert sign_up(team, "Den sidste").is_waiting


def test_signing_up_twice_counts_once_and_who_cancelled_comes_back_last(app: Flask) -> None:
    team = make_team(2)
    first = sign_up(team, "Åse Østergård", email="aase@example.dk")
    assert not sign_up(team, "Åse Ø.", email="AASE@example.dk").is_new
    assert not sign_up(team, "åse  østergård", email="").is_new
    sign_up(team, "Bo Krogh")
    sign_up(team, "Camilla Lund")
    change(lambda: actions.cancel_seat(again(first.participant), user_id=None))
    back = sign_up(team, "Åse Østergård", email="aase@example.dk")
    assert back.is_new and back.is_waiting and back.participant.id == first.participant.id
    assert waiting(team) == ["Åse Østergård"]
    assert len(people(team)) == 3
    refused("name", lambda: actions.sign_up_person(team, name=" ", municipality_code=849, user_id=None))
    refused("email", lambda: actions.sign_up_person(team, name="A", email="x", municipality_code=849, user_id=None))


def test_moving_to_another_team_keeps_the_seat_or_is_refused(app: Flask) -> None:
    one = make_team(1, course="Kursus maj")
    two = make_team(1, course="Kursus maj", name="Hold 2", days=(dt.date(2016, 5, 12),))
    anne, bo = sign_up(one, "Anne Dahl").participant, sign_up(one, "Bo Krogh").participant
    change(lambda: actions.move_to_team(again(anne), two, user_id=None))
    assert (seated(one), seated(two), waiting(one)) == (["Bo Krogh"], ["Anne Dahl"], [])
    assert len(mails_to(bo)) == 1
    assert "fuldt" in refused("team", lambda: actions.move_to_team(again(bo), two, user_id=None))
    camilla = sign_up(one, "Camilla Lund").participant
    change(lambda: actions.move_to_team(again(camilla), two, user_id=None))
    assert waiting(two) == ["Camilla Lund"]
    rows = actions.rows_of_participant(again(anne))
    assert [(row.to_code, row.detail) for row in rows] == [("signed_up", str(one.id)), ("signed_up", str(two.id))]
    assert "givet videre" in refused("state", lambda: actions.undo_participant(again(anne), rows[-1].id, user_id=None))
    assert list(find_differences()) == []


def test_undo_puts_things_back_where_there_is_still_room(app: Flask) -> None:
    team = make_team(1)
    anne = sign_up(team, "Anne Dahl").participant
    row = change(lambda: actions.confirm_seat(again(anne), user_id=None))
    assert row
    assert not change(lambda: actions.undo_participant(again(anne), row - 1, user_id=None))
    assert change(lambda: actions.undo_participant(again(anne), row, user_id=None))
    assert again(anne).state is P.SIGNED_UP
    left = change(lambda: actions.cancel_seat(again(anne), user_id=None))
    assert left and change(lambda: actions.undo_participant(again(anne), left.row, user_id=None))
    assert seated(team) == ["Anne Dahl"] and totals(team) == {"signed_up": 1}
    sign_up(team, "Bo Krogh")
    sign_up(team, "Camilla Lund")
    left = change(lambda: actions.cancel_seat(again(anne), user_id=None))
    assert left and change(lambda: actions.undo_participant(again(anne), left.row, user_id=None))
    assert (seated(team), waiting(team)) == (["Bo Krogh"], ["Anne Dahl", "Camilla Lund"])
    camilla = people(team)[2]
    row = actions.rows_of_participant(camilla)[-1].id
    assert change(lambda: actions.undo_participant(again(camilla), row, user_id=None))
    assert [person.name for person in people(team)] == ["Anne Dahl", "Bo Krogh"]
    assert totals(team) == {"signed_up": 1, "waiting": 1}
    assert list(find_differences()) == []


def test_attendance_makes_the_state_and_a_screener_and_can_be_corrected(app: Flask) -> None:
    team = make_team(5)
    anne, bo = sign_up(team, "Anne Dahl").participant, sign_up(team, "Bo Krogh").participant
    first, second = team.days
    assert "ikke kommet" in refused("held_on", lambda: actions.mark_attendance(anne, first, True, user_id=None))
    app.config["NBE_TODAY"] = "2016-05-11"
    change(lambda: actions.mark_day(first, {anne.id: True, bo.id: True}, user_id=None))
    assert again(anne).state is P.SIGNED_UP
    change(lambda: actions.mark_day(second, {anne.id: True, bo.id: False}, user_id=None))
    assert (again(anne).state, again(bo).state) == (P.ATTENDED, P.PARTLY)
    assert again(anne).state_since_on == DAYS[1]
    screener = db.session.scalars(sa.select(Screener)).one()
    assert (screener.name, screener.trained_on, screener.is_active) == ("Anne Dahl", DAYS[1], True)
    change(lambda: actions.mark_attendance(anne, second, None, user_id=None))
    assert again(anne).state is P.CONFIRMED
    assert (screener.trained_on, screener.is_active) == (None, False)
    change(lambda: actions.mark_day(second, {anne.id: True}, user_id=None))
    assert (screener.trained_on, screener.is_active) == (DAYS[1], True)
    assert db.session.scalar(sa.select(sa.func.count(Screener.id))) == 1
    assert list(find_differences()) == []


def test_a_certificate_is_for_those_who_took_part_and_keeps_its_number(app: Flask) -> None:
    team = make_team(5)
    anne, bo = sign_up(team, "Anne Dahl").participant, sign_up(team, "Bo Krogh").participant
    app.config["NBE_TODAY"] = "2016-05-12"
    for day in list(team.days):
        change(lambda day=day: actions.mark_day(day, {anne.id: True, bo.id: day.number == 1}, user_id=None))
    refused("state", lambda: actions.issue_certificate(again(bo), user_id=None))
    change(lambda: actions.issue_certificate(again(anne), user_id=None))
    number = again(anne).certificate_number
    assert number == f"NBE-2016-849-{anne.id:05d}" and again(anne).state is P.CERTIFIED
    assert "Træk beviset" in refused(
        "was_there", lambda: actions.mark_day(team.days[0], {anne.id: False}, user_id=None)
    )
    change(lambda: actions.withdraw_certificate(again(anne), user_id=None))
    assert (again(anne).state, again(anne).certificate_on) == (P.ATTENDED, None)
    change(lambda: actions.issue_certificate(again(anne), user_id=None))
    assert again(anne).certificate_number == number


def test_a_participants_changes_are_told_to_his_own_municipality(app: Flask) -> None:
    person = sign_up(make_team(1)).participant
    changes = db.session.scalars(sa.select(Change).where(Change.entity == "participant")).all()
    assert [(row.entity_id, row.municipality_code) for row in changes] == [(person.id, 849)]
