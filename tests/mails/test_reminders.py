"""Reminders: on the days that Administration sets, to those who still are to be there, each once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.mails.jobs import run_periodic
from nbe.mails.reminders import days_before, fill_words, list_reminders, set_days_before
from nbe.models import Mail, Screening, Setting
from nbe.models.gathering_states import MailState
from nbe.models.states import RoleName, ScreeningRole, ScreeningState, Stage
from nbe.screenings.actions import plan_screening
from nbe.screenings.rules import Appointment, Attendee
from tests.builders import make_business, make_candidacy, make_screener, make_user, sign_in

TODAY = dt.date(2016, 4, 25)


@pytest.fixture(autouse=True)
def _by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ten in the morning of 25 April 2016."""
    noon = dt.datetime(2016, 4, 25, 10, tzinfo=clock.DANISH).astimezone(dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)


def at(days: int, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(TODAY + dt.timedelta(days=days), dt.time(hour), clock.DANISH).astimezone(dt.UTC)


def visit(days: int, hour: int = 9, name: str = "Prøve Mejeri ApS", **people: Any) -> int:
    """A visit planned so many days from now, led by a screener with a mail address; -> its id."""
    lead = people.get("lead") or make_screener(name="Ib Leder", email="ib@example.dk")
    second = make_screener(name="Else Anden", email="else@example.dk")
    candidacy = make_candidacy(make_business(name), Stage.AGREED)
    db.session.rollback()
    with writing():
        candidacy = db.session.merge(candidacy)
        attendees = (Attendee(ScreeningRole.LEAD, lead.id), Attendee(ScreeningRole.SECOND, second.id))
        appointment = Appointment(at(days, hour), place="Mejerivej 1", to_prepare="", people=attendees)
        screening = plan_screening(candidacy, appointment, user_id=None)
        db.session.commit()
    return int(screening.id)


def remind() -> list[Mail]:
    """The jobs look an hour later; -> all mails there are."""
    db.session.rollback()
    with writing():
        db.session.execute(sa.delete(Setting).where(Setting.key.like("job:%")))
        db.session.commit()
    run_periodic()
    return list(db.session.scalars(sa.select(Mail).order_by(Mail.id)))


def test_the_lead_is_reminded_once(app: Flask) -> None:
    screening_id = visit(2)
    (mail,) = remind()
    assert (mail.email, mail.state, mail.mailing.is_service) == ("ib@example.dk", MailState.KEPT, True)
    assert mail.subject == "Screening hos Prøve Mejeri ApS onsdag den 27. april"
    assert mail.text.startswith(
        "Kære Ib Leder\n\nDu leder bæredygtighedsscreeningen hos Prøve Mejeri ApS onsdag den 27. april kl. 09:00.\n\n"
        "Sted: Mejerivej 1\n\nSkemaet til besøget: "
    )
    assert f"/screeninger/{screening_id}/skema" in mail.text
    assert mail.mailing.municipality_code == 849
    assert len(remind()) == 1


def test_only_before_and_within_the_days(app: Flask) -> None:
    for days, hour in ((0, 23), (3, 0), (3, 9), (30, 9)):
        visit(days, hour, f"Dag {days}")
    assert remind() == []
    for days, hour in ((1, 0), (2, 23)):
        visit(days, hour, f"Dag {days}")
    assert [mail.subject for mail in remind()] == [
        "Screening hos Dag 1 tirsdag den 26. april",
        "Screening hos Dag 2 onsdag den 27. april",
    ]


def test_a_moved_visit_reminds_anew_and_a_cancelled_one_does_not(app: Flask) -> None:
    screening_id = visit(2)
    assert len(remind()) == 1
    db.session.rollback()
    with writing():
        db.session.execute(sa.update(Screening).where(Screening.id == screening_id).values(starts_at=at(1)),
                           execution_options={"unaudited": True})  # fmt: skip
        db.session.commit()
    assert [mail.subject[-9:] for mail in remind()] == ["27. april", "26. april"]
    gone = visit(1, name="Aflyst ApS")
    db.session.rollback()
    with writing():
        values = {"state": ScreeningState.CANCELLED}
        db.session.execute(sa.update(Screening).where(Screening.id == gone).values(**values),
                           execution_options={"unaudited": True})  # fmt: skip
        db.session.commit()
    assert len(remind()) == 2


def test_none_at_night_and_none_where_it_is_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    visit(1)
    night = dt.datetime(2016, 4, 25, 22, tzinfo=clock.DANISH).astimezone(dt.UTC)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: night)
        assert remind() == []
    db.session.rollback()
    with writing():
        set_days_before("screening", 0)
        db.session.commit()
    assert remind() == []
    db.session.rollback()
    with writing():
        set_days_before("screening", 60)
        db.session.commit()
    assert len(remind()) == 1


def test_who_has_no_address_stops_nobody(app: Flask) -> None:
    visit(1, lead=make_screener(name="Uden Mail", email=""))
    user = make_user(RoleName.SCREENER, 849, "screener-med@example.dk")
    visit(1, name="Anden ApS", lead=make_screener(user, name="Med Bruger", email=""))
    assert [mail.email for mail in remind()] == ["screener-med@example.dk"]


def test_a_name_full_of_places_fills_nothing_in(app: Flask) -> None:
    visit(1, name="{link} {navn} \r\nBcc: x@example.dk ApS")
    (mail,) = remind()
    assert mail.subject.startswith("Screening hos {link} {navn} Bcc: x@example.dk ApS")


def test_empty_values_leave_no_holes() -> None:
    assert fill_words("a\n\n{b}\n\n{c}\n\nd {e}", {"b": "", "c": "", "e": "{b}"}) == "a\n\nd {b}"


def test_every_reminder_can_be_looked_at(sqlite_app: Flask) -> None:
    """Nothing in braces is left, whatever room it is of."""
    assert {reminder.name for reminder in list_reminders()} >= {"screening"}
    for reminder in list_reminders():
        assert "{" not in reminder.shown_subject + reminder.shown_text
        assert 0 < reminder.usual_days <= 60


def test_the_days_are_set_under_administration(sqlite_app: Flask) -> None:
    client = sign_in(sqlite_app.test_client(), make_user(RoleName.ADMINISTRATOR, None))
    path = "/administration/paamindelser"

    def typed(**changes: str) -> dict[str, Any]:
        page = lxml.html.fromstring(client.get(path).get_data(as_text=True))
        return {**dict(next(f for f in page.forms if f.action == path).form_values()), **changes}

    page = client.get(path).get_data(as_text=True)
    assert "Du leder bæredygtighedsscreeningen hos Prøve Mejeri ApS" in page
    stale = typed(screening="7")
    assert client.post(path, data=typed(screening="5")).status_code == 303
    db.session.rollback()
    assert days_before()["screening"] == 5
    conflict = client.post(path, data=stale)
    assert conflict.status_code == 409 and 'value="7"' in conflict.get_data(as_text=True)
    for wrong in ("61", "-1", "to", ""):
        answer = client.post(path, data=typed(screening=wrong))
        assert answer.status_code == 422 and "screening-error" in answer.get_data(as_text=True)
    db.session.rollback()
    assert days_before()["screening"] == 5
