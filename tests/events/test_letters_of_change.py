"""What people on the list are told when an event is cancelled or moved: all of them, wherever they come from."""

from __future__ import annotations

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.access import Viewer
from nbe.core.database import db
from nbe.events.actions import cancel_event, edit_event, resume_event
from nbe.events.actions.telling import remarks_of
from nbe.events.listed import FALLEN, MOVED, SIGNED_UP
from nbe.events.segments import Segment
from nbe.mails.actions import approve
from nbe.models import Event, Mail, Mailing
from nbe.models.states import RoleName
from tests.events.making import SOON, new_event, sign
from tests.events.test_pages import enter, form_of, send, text_of
from tests.events.test_segments import LEADER, change, letter

FOREIGN = ("Bo Fremmed", "bo@example.dk")


def gathering(*, own: int = 2, **values: object) -> Event:
    """An event of 849 with people of its own and one from 851, who has signed up by the open link."""
    event = new_event(municipality_code=849, **values)
    for name in ("Anne Egen", "Carl Egen")[:own]:
        sign(event, name)
    sign(event, FOREIGN[0], municipality_code=851)
    return event


def way_on(page: str) -> str:
    """Where the message of a page leads."""
    found = lxml.html.fromstring(page).xpath("//a[contains(., 'der skal vide det')]/@href")
    return str(found[0])


def send_letter(client: FlaskClient, path: str) -> str:
    """Write the draft of a page and send it; -> the address of the letter, with no foreign name on the way."""
    shown = client.get(path).get_data(as_text=True)
    assert "1 fra Aalborg (navnet vises ikke) får samme besked af sig selv, når du sender." in shown
    action = path.split("?")[0]
    address = send(client, action, form_of(client, path, action)).location
    draft = client.get(address).get_data(as_text=True)
    assert "lægges den i udbakken hos Aalborg, som selv sender den" in draft
    assert "1 fra Aalborg (navnet vises ikke)" in draft
    stand = form_of(client, address, f"{address}/send")
    sent = client.get(send(client, f"{address}/send", stand).location).get_data(as_text=True)
    assert "Samme brev er skrevet til 1 fra Aalborg." in sent
    outbox = client.get("/udbakke").get_data(as_text=True)
    for page in (shown, draft, sent, outbox, client.get("/breve").get_data(as_text=True)):
        assert not any(told in page for told in FOREIGN)
    return str(address)


@pytest.mark.parametrize("own", [2, 0])
def test_a_cancellation_reaches_who_comes_from_elsewhere(sqlite_app: Flask, own: int) -> None:
    event = gathering(own=own)
    client = enter(sqlite_app)
    page = client.get(send(client, f"/arrangementer/{event.id}/aflys", {}).location).get_data(as_text=True)
    assert ("Skriv til de 3, der skal vide det" if own else "Skriv til 1, der skal vide det") in page
    address = send_letter(client, way_on(page))
    db.session.rollback()
    mails = {mail.name: mail for mail in db.session.scalars(sa.select(Mail))}
    assert len(mails) == own + 1
    told = mails[FOREIGN[0]]
    assert (told.email, told.mailing.municipality_code, told.mailing.is_service) == (FOREIGN[1], 851, True)
    assert told.subject == "Aflyst: Temamøde om varme" and "Kære Bo Fremmed" in told.text
    if own:
        assert told.text == mails["Anne Egen"].text.replace("Anne Egen", FOREIGN[0])
    there = enter(sqlite_app, RoleName.LEADER, 851)
    assert FOREIGN[1] in there.get(f"/breve/{told.mailing_id}").get_data(as_text=True)
    assert there.get(address).status_code == 404 and client.get(f"/breve/{told.mailing_id}").status_code == 404
    stand = {"stand": "1.0.0"}
    send(client, f"{address}/send", stand)
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == own + 1, "told once"


def test_a_move_reaches_the_waiting_and_who_comes_from_elsewhere(sqlite_app: Flask) -> None:
    event = gathering(seats=1, place="Rådhuset")
    client, path = enter(sqlite_app), f"/arrangementer/{event.id}"
    typed = form_of(client, f"{path}/rediger", f"{path}/rediger") | {"held_on": "13-05-2016", "place": "Havnen"}
    page = client.get(send(client, f"{path}/rediger", typed).location).get_data(as_text=True)
    assert "Skriv til de 3, der skal vide det" in page
    send_letter(client, way_on(page))
    db.session.rollback()
    mails = list(db.session.scalars(sa.select(Mail)))
    assert sorted(mail.name for mail in mails) == ["Anne Egen", "Bo Fremmed", "Carl Egen"]
    for mail in mails:
        assert mail.subject == "Ny tid og nyt sted: Temamøde om varme"
        assert "Før: torsdag den 12. maj 2016, Rådhuset\nNu: fredag den 13. maj 2016, Havnen\n" in mail.text
        assert "/svar/" in mail.text


def test_the_secretariats_letter_has_all_and_is_not_the_hosts(sqlite_app: Flask) -> None:
    event = gathering()
    admin, leader = enter(sqlite_app, RoleName.ADMINISTRATOR, None), enter(sqlite_app)
    send(admin, f"/arrangementer/{event.id}/aflys", {})
    path = f"/arrangementer/{event.id}/invitation"
    address = send(admin, path, form_of(admin, f"{path}?hvem=aflyst", path)).location
    assert FOREIGN[1] in admin.get(address).get_data(as_text=True)
    assert leader.get(address).status_code == 404
    send(admin, f"{address}/send", form_of(admin, address, f"{address}/send"))
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 3


def test_another_municipalitys_leader_writes_to_her_own_alone(app: Flask) -> None:
    event = gathering()
    change(lambda: cancel_event(db.session.get_one(Event, event.id), user_id=None))
    other = Viewer(None, RoleName.LEADER, 851, "Bo Leder")
    mailing = letter(event, Segment(FALLEN), other)
    change(lambda: approve(db.session.get_one(Mailing, mailing.id)))
    assert [mail.name for mail in db.session.scalars(sa.select(Mail))] == [FOREIGN[0]]


def edit(event: Event, **values: object) -> None:
    change(lambda: edit_event(db.session.get_one(Event, event.id), {"held_on": SOON, **values}, (), user_id=None))


def test_what_they_know_is_what_stood_when_they_came_on_the_list(app: Flask) -> None:
    event = gathering(place="Rådhuset")
    edit(event, place="Havnen")
    edit(event, place="Museet")
    mailing = letter(event, Segment(MOVED))
    assert mailing.subject == "Nyt sted: Temamøde om varme"
    assert "2016, Rådhuset\nNu: " in mailing.text and "2016, Museet\n" in mailing.text
    edit(event, place="Rådhuset")
    assert letter(event, Segment(MOVED)).subject == "Om Temamøde om varme", "moved back: nothing is new"


def warnings(mailing: Mailing) -> tuple[str, ...]:
    return remarks_of(db.session.get_one(Mailing, mailing.id)).warnings


def test_a_draft_that_has_become_untrue_says_so_before_it_goes(sqlite_app: Flask) -> None:
    event = gathering()
    held = letter(event, Segment(SIGNED_UP), LEADER)
    assert warnings(held) == ()
    change(lambda: cancel_event(db.session.get_one(Event, event.id), user_id=None))
    assert warnings(held) == ("Arrangementet blev aflyst den 25-04-2016, men brevet siger, at det holdes.",)
    fallen = letter(event, Segment(FALLEN), LEADER)
    assert warnings(fallen) == ()
    client = enter(sqlite_app)
    assert "Hver modtager har sit eget link" not in text_of(client.get(f"/breve/{fallen.id}")), "nothing to answer"
    change(lambda: resume_event(db.session.get_one(Event, event.id), user_id=None))
    assert warnings(held) == ()
    assert "holdes alligevel, men brevet siger, at det er aflyst" in text_of(client.get(f"/breve/{fallen.id}"))
