"""Whom an invitation is for, who is left out and why, and that one is invited once the letter is sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.access import SYSTEM, Viewer
from nbe.core.database import db, writing
from nbe.events.actions import cancel_event, move_registration
from nbe.events.actions.invitations import write_letter
from nbe.events.counts import count_people
from nbe.events.listed import FALLEN, SIGNED_UP, UNANSWERED
from nbe.events.rules import EventRefusedError
from nbe.events.segments import BOTH, CANDIDATES, MEMBERS, Segment, find_audience
from nbe.mails.actions import approve, unsubscribe
from nbe.models import Business, Contact, Event, Mail, Mailing, Registration, Trail
from nbe.models.gathering_states import MailState, RegistrationState
from nbe.models.states import RoleName, Stage
from tests.builders import make_business, make_candidacy, make_member
from tests.events.making import new_event, sign
from tests.events.test_pages import enter, send, text_of

LEADER = Viewer(None, RoleName.LEADER, 849, "Anne Leder")


def member(name: str = "", **columns: Any) -> Business:
    business = make_business(name, **columns)
    make_member(business)
    return business


def asked(event: Event, segment: Segment | None = None, viewer: Viewer = LEADER) -> list[str]:
    return [one.business_name for one in find_audience(viewer, event, segment or Segment()).people]


def change(work: Any) -> Any:
    db.session.rollback()
    with writing():
        found = work()
        db.session.commit()
    return found


def letter(event: Event, segment: Segment | None = None, viewer: Viewer = LEADER) -> Mailing:
    segment = segment or Segment()

    def write() -> Mailing:
        audience = find_audience(viewer, event, segment)
        return write_letter(event, segment, audience, user_id=None, who="Anne Leder", municipality_code=849)

    found: Mailing = change(write)
    return found


def test_segments_take_who_they_say(app: Flask) -> None:
    event = new_event()
    member("Mejeri"), member("Savværk", industry_code="161000"), member("Fremmed", municipality=851)
    early, late = make_business("Tidlig"), make_business("Sen")
    make_candidacy(early, Stage.CONTACTED)
    make_candidacy(late, Stage.SUITABLE)
    make_candidacy(make_business("Lukket"), Stage.CLOSED)
    make_business("Ingen af delene")
    assert asked(event) == ["Mejeri", "Savværk"]
    assert asked(event, Segment(division="16")) == ["Savværk"]
    assert asked(event, Segment(CANDIDATES)) == ["Sen", "Tidlig"]
    assert asked(event, Segment(CANDIDATES, stage=Stage.SUITABLE)) == ["Sen"]
    assert asked(event, Segment(BOTH)) == ["Mejeri", "Savværk", "Sen", "Tidlig"]
    assert asked(event, viewer=SYSTEM) == ["Fremmed", "Mejeri", "Savværk"]
    assert asked(event, Segment(municipality_code=851), SYSTEM) == ["Fremmed"]
    assert asked(event, Segment(municipality_code=851)) == [], "a leader asks her own"


def test_who_wants_no_advertising_is_asked_by_choice_alone(app: Flask) -> None:
    event = new_event()
    member("Åben"), member("Beskyttet", is_ad_protected=True)
    audience = find_audience(LEADER, event, Segment())
    assert [one.business_name for one in audience.people] == ["Åben"]
    assert audience.left_out == {"ad_protected": 1}
    assert asked(event, Segment(with_ad_protected=True)) == ["Beskyttet", "Åben"]


def test_who_is_left_out_is_counted(app: Flask) -> None:
    event = new_event()
    known, gone = member("Kendt"), member("Frameldt")
    silent, shared = member("Uden mail"), member("Delt")
    for business, email in ((silent, ""), (shared, known.contacts[0].email.upper()), (gone, "vaek@example.dk")):
        business.contacts[0].email = email
    db.session.commit()
    sign(event, known.contacts[0].name, known, email=known.contacts[0].email)
    change(lambda: unsubscribe("Vaek@example.dk"))
    audience = find_audience(LEADER, event, Segment())
    assert [one.business_name for one in audience.people] == ["Delt"]
    assert audience.left_out == {"no_mail": 1, "unsubscribed": 1, "listed": 1}
    other = find_audience(LEADER, new_event(title="Et andet"), Segment())
    assert [one.business_name for one in other.people] == ["Delt"]
    assert other.left_out == {"no_mail": 1, "unsubscribed": 1, "twice": 1}


def test_the_first_contact_of_today_or_all(app: Flask) -> None:
    event, business = new_event(), member("Mejeri")
    db.session.add(Contact(business_id=business.id, name="Bo To", email="bo@example.dk"))
    db.session.add(
        Contact(business_id=business.id, name="Ida Gået", email="i@example.dk", valid_to=dt.date(2016, 4, 24))
    )
    db.session.commit()
    assert len(asked(event)) == 1
    everybody = find_audience(LEADER, event, Segment(everybody=True)).people
    assert [one.person.name for one in everybody] == [business.contacts[0].name, "Bo To"]


def test_one_is_invited_once_the_letter_is_sent(app: Flask) -> None:
    event, business = new_event(place="Rådhuset"), member("Mejeri")
    mailing = letter(event)
    assert count_people([event.id])[event.id].invited == 0
    assert mailing.subject == "Invitation: Temamøde om varme"
    assert "torsdag den 12. maj 2016, Rådhuset" in mailing.text and "{link}" in mailing.text
    assert change(lambda: approve(db.session.get_one(Mailing, mailing.id))) == 1
    assert count_people([event.id])[event.id].invited == 1
    mail = db.session.scalars(sa.select(Mail)).one()
    assert mail.email == business.contacts[0].email and "/svar/" in mail.text
    assert find_audience(LEADER, event, Segment()).left_out == {"listed": 1}
    assert asked(event, Segment(UNANSWERED)) == ["Mejeri"]
    reminder = letter(event, Segment(UNANSWERED))
    change(lambda: approve(db.session.get_one(Mailing, reminder.id)))
    assert letter(event, Segment(UNANSWERED)).mails[0].state is MailState.STOPPED, "reminded once"


def test_two_drafts_invite_once(app: Flask) -> None:
    event = new_event()
    member("Mejeri")
    first, second = letter(event), letter(event)
    assert len(db.session.scalars(sa.select(Registration)).all()) == 1
    assert change(lambda: approve(db.session.get_one(Mailing, first.id))) == 1
    assert change(lambda: approve(db.session.get_one(Mailing, second.id))) == 0
    assert count_people([event.id])[event.id].invited == 1


def test_letters_to_those_on_the_list(app: Flask) -> None:
    event = new_event()
    one, other = sign(event, "Anne Prøve"), sign(event, "Bo Prøve")
    change(
        lambda: move_registration(db.session.get_one(Registration, other.id), RegistrationState.DECLINED, user_id=None)
    )
    mailing = letter(event, Segment(SIGNED_UP))
    assert mailing.is_service and [mail.email for mail in mailing.mails] == [one.email]
    change(lambda: cancel_event(db.session.get_one(Event, event.id), user_id=None))
    with pytest.raises(EventRefusedError):
        letter(event, Segment(SIGNED_UP))
    gone = letter(event, Segment(FALLEN))
    assert gone.subject.startswith("Aflyst") and [mail.email for mail in gone.mails] == [one.email]


def test_the_page_says_who_and_how_many_before_anything_is_written(sqlite_app: Flask) -> None:
    event = new_event()
    member("Åben"), member("Beskyttet", is_ad_protected=True)
    client, path = enter(sqlite_app), f"/arrangementer/{event.id}/invitation"
    shown = text_of(client.get(path))
    assert "1 person fra 1 virksomhed" in shown and "1 virksomhed er reklamebeskyttet og er udeladt." in shown
    page = client.get(f"{path}?reklame=1")
    assert "2 personer fra 2 virksomheder" in text_of(page) and "Valget bliver noteret" in text_of(page)
    assert db.session.scalar(sa.select(sa.func.count(Mailing.id))) == 0
    form = [
        f for f in lxml.html.fromstring(page.get_data(as_text=True)).forms if f.action == path and f.method == "POST"
    ]
    answer = send(client, path, dict(form[0].form_values()))
    assert answer.status_code == 303
    db.session.rollback()
    mailing = db.session.scalars(sa.select(Mailing)).one()
    assert answer.location == f"/breve/{mailing.id}" and len(mailing.mails) == 2
    trail = db.session.scalars(sa.select(Trail).where(Trail.act == "invite_ad_protected")).one()
    assert trail.detail == {"businesses": 1} and trail.user_id == mailing.user_id
    assert "Ingen at skrive til" in text_of(client.get(f"{path}?hvem={MEMBERS}&branche=01"))
