"""The pages of events, as the host, another municipality, the secretariat and a partner meet them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db, writing
from nbe.events.actions import edit_event
from nbe.events.rules import read_programme
from nbe.models import Event, LedgerRow, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind, LedgerKind, RoleName
from tests.builders import csrf_of, make_business, make_member, make_programme, make_user, sign_in
from tests.counting import statements
from tests.events.making import HELD, SOON, new_event, sign

S = RegistrationState


def enter(app: Flask, role: RoleName = RoleName.LEADER, code: int | None = 849) -> FlaskClient:
    return sign_in(app.test_client(), make_user(role, code))


def send(client: FlaskClient, path: str, data: dict[str, Any], **options: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_of(client, "/konto"), **data}, **options)


def form_of(client: FlaskClient, path: str, action: str) -> dict[str, Any]:
    """What a browser would send of the form that goes to `action`, as the page fills it in."""
    page = lxml.html.fromstring(client.get(path).get_data(as_text=True))
    form = [form for form in page.forms if (form.action or "").split("?")[0] == action][-1]
    return dict(form.form_values())


def text_of(answer: TestResponse) -> str:
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    return " ".join(page.xpath("//main")[0].text_content().split())


def errors(answer: TestResponse) -> str:
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    return " ".join(" ".join(node.text_content().split()) for node in page.find_class("error-summary"))


def only(model: Any) -> Any:
    db.session.rollback()
    return db.session.scalars(sa.select(model)).one()


TYPED = {
    "title": "Temamøde om vand", "kind": "theme_meeting", "municipality_code": "849", "held_on": "12-05-2016",
    "begins": "16", "ends": "18:30", "place": "Rådhuset", "seats": "2", "program": "16.00 Velkomst v/ Anne\nPause",
}  # fmt: skip


def test_from_an_empty_calendar_to_an_event_with_people(app: Flask) -> None:
    make_programme()
    business = make_business("Prøve Savværk A/S")
    make_member(business)
    client = enter(app)
    assert "Intet er planlagt" in text_of(client.get("/arrangementer"))
    answer = send(client, "/arrangementer/nyt", TYPED)
    assert answer.status_code == 303
    event = only(Event)
    assert (event.starts_at, event.minutes) == (dt.datetime(2016, 5, 12, 14, tzinfo=dt.UTC), 150)
    path = f"/arrangementer/{event.id}"
    shown = text_of(client.get(path))
    for told in ("0 tilmeldte", "2 ledige pladser", "Velkomst v/ Anne", "kl. 16.00–18.30", "torsdag den 12. maj 2016"):
        assert told in shown
    assert "Prøve Savværk A/S" in text_of(client.get(f"{path}/tilmeld?q=savværk"))
    with_people = f"{path}/tilmeld?virksomhed={business.id}"
    assert business.contacts[0].name in text_of(client.get(with_people))
    person = {"business_id": str(business.id), "municipality_code": "849", "name": "Bo Prøve", "til": "signed_up"}
    assert send(client, f"{path}/tilmeld", person | {"email": "bo@example.dk"}).status_code == 303
    shown = text_of(client.get(path))
    assert "1 tilmeldt, heraf 1 medlem" in shown and "1 ledig plads" in shown and "Bo Prøve" in shown
    undo = re.search(r'action="(/tilmeldinger/\d+/fortryd\?raekke=\d+)"', client.get(path).get_data(as_text=True))
    assert undo is None, "said once"
    one = only(Registration)
    assert send(client, f"/tilmeldinger/{one.id}/flyt", {"fra": "signed_up", "til": "declined"}).status_code == 303
    assert "1 afbud" in text_of(client.get(path))
    assert send(client, f"/tilmeldinger/{one.id}/fortryd", {}).status_code == 303
    assert only(Registration).state is S.SIGNED_UP


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Titel: Skal udfyldes."),
        ({"held_on": "31-02-2016"}, "Dato: Skriv en dato"),
        ({"held_on": "05-01-2017"}, "intet forløbsår 2017"),
        ({"begins": "25"}, "Begynder: Skriv et klokkeslæt"),
        ({"ends": "15"}, "Slutter: Det slutter, før det begynder."),
        ({"seats": "0"}, "Pladser: Skriv et helt tal fra 1"),
        ({"sign_up_until": "13-05-2016"}, "Fristen ligger efter arrangementet."),
        ({"program": "27.00 Velkomst"}, "klokkeslæt findes ikke"),
        ({"municipality_code": "851"}, "Vært: Vælg en af mulighederne."),
        ({"kind": "coordination_meeting"}, "Type: Vælg en af mulighederne."),
    ],
)
def test_bad_input_is_told_at_its_field_and_kept(sqlite_app: Flask, wrong: dict[str, str], said: str) -> None:
    make_programme()
    client = enter(sqlite_app)
    answer = send(client, "/arrangementer/nyt", TYPED | wrong)
    assert answer.status_code == 422
    assert said in errors(answer)
    if "title" not in wrong:
        assert 'value="Temamøde om vand"' in answer.get_data(as_text=True)
    assert db.session.scalars(sa.select(Event)).all() == []


def test_the_second_editor_sees_the_firsts_programme(sqlite_app: Flask) -> None:
    event = new_event(municipality_code=849)
    client, path = enter(sqlite_app), f"/arrangementer/{event.id}/rediger"
    typed = form_of(client, path, path)
    db.session.rollback()
    with writing():
        edit_event(db.session.get_one(Event, event.id), {"held_on": SOON}, read_programme("9.00 Kaffe"), user_id=None)
        db.session.commit()
    answer = send(client, path, typed | {"program": "16.00 Mit program"})
    assert answer.status_code == 409
    assert "9.00 Kaffe" in answer.get_data(as_text=True) and "16.00 Mit program" in answer.get_data(as_text=True)


def test_people_are_seen_by_their_own_municipality_alone(sqlite_app: Flask) -> None:
    event = new_event(HELD, municipality_code=849)
    sign(event, "Anne Egen", make_business(), dt.date(2016, 1, 20))
    sign(event, "Bo Fremmed", make_business("Fremmed Firma", 851), dt.date(2016, 1, 20))
    path = f"/arrangementer/{event.id}"
    for role, code, sees in (
        (RoleName.LEADER, 849, {"Anne Egen"}),
        (RoleName.SCREENER, 849, {"Anne Egen"}),
        (RoleName.LEADER, 851, {"Bo Fremmed"}),
        (RoleName.ADMINISTRATOR, None, {"Anne Egen", "Bo Fremmed"}),
    ):
        shown = text_of(enter(sqlite_app, role, code).get(path))
        assert "2 tilmeldte" in shown
        assert {name for name in ("Anne Egen", "Bo Fremmed") if name in shown} == sees
    assert enter(sqlite_app, RoleName.PARTNER).get(path).status_code == 403


def test_a_leader_says_which_business_a_person_comes_for(sqlite_app: Flask) -> None:
    one, here, there = sign(new_event()), make_business("Egen A/S"), make_business("Fremmed A/S", 851)
    client, path = enter(sqlite_app), f"/tilmeldinger/{one.id}"
    refused = send(client, f"{path}/virksomhed", {"cvr": there.cvr})
    assert refused.status_code == 422 and "ingen virksomhed med det nummer" in errors(refused)
    assert send(client, f"{path}/virksomhed", {"cvr": here.cvr}).status_code == 303
    assert "Egen A/S" in text_of(client.get(path))
    assert only(Registration).business_id == here.id
    assert send(client, f"{path}/virksomhed", {"cvr": ""}).status_code == 303
    assert only(Registration).business_id is None


def test_somebody_else_has_moved_the_person(sqlite_app: Flask) -> None:
    one = sign(new_event(HELD), day=dt.date(2016, 1, 20))
    client = enter(sqlite_app)
    assert send(client, f"/tilmeldinger/{one.id}/flyt", {"fra": "signed_up", "til": "attended"}).status_code == 303
    answer = send(client, f"/tilmeldinger/{one.id}/flyt", {"fra": "signed_up", "til": "absent"})
    assert answer.status_code == 409
    assert "står som kom" in errors(answer)
    assert only(Registration).state is S.ATTENDED


def test_a_leader_cannot_touch_the_networks_own_event(sqlite_app: Flask) -> None:
    event = new_event()
    client = enter(sqlite_app)
    assert client.get(f"/arrangementer/{event.id}").status_code == 200
    assert client.get(f"/arrangementer/{event.id}/rediger").status_code == 404
    assert send(client, f"/arrangementer/{event.id}/aflys", {}).status_code == 404
    admin = enter(sqlite_app, RoleName.ADMINISTRATOR)
    assert send(admin, f"/arrangementer/{event.id}/aflys", {}).status_code == 303
    assert "aflyst" in text_of(client.get(f"/arrangementer/{event.id}"))
    assert send(admin, f"/arrangementer/{event.id}/genoptag", {}).status_code == 303


def test_the_list_reads_as_often_for_one_row_as_for_fifty(sqlite_app: Flask) -> None:
    client = enter(sqlite_app)
    event = new_event()
    sign(event, "Anne Prøve")
    client.get("/arrangementer")
    with statements() as few:
        client.get("/arrangementer")
    for number in range(12):
        sign(new_event(title=f"Møde {number}"), "Anne Prøve")
    with statements() as many:
        page = client.get("/arrangementer")
    assert text_of(page).count("1 tilmeldt,") == 13
    assert len(many) == len(few)
    for number in range(12):
        sign(event, f"Person{number} Prøve", make_business())
    with statements() as people:
        client.get(f"/arrangementer/{event.id}")
    assert len(people) < 30


def test_the_story_tells_of_its_theme_meeting(story_app: Flask) -> None:
    admin = enter(story_app, RoleName.ADMINISTRATOR)
    shown = text_of(admin.get("/arrangementer?vis=afholdte&type=theme_meeting"))
    assert "10 tilmeldte, heraf 6 medlemmer; 8 kom" in shown
    signed = db.session.scalars(sa.select(Registration.event_id)).all()
    assert len(signed) == 10 and len(set(signed)) == 1
    days = db.session.scalars(
        sa.select(LedgerRow.happened_on)
        .where(LedgerRow.kind == LedgerKind.REGISTRATION, LedgerRow.to_code == S.SIGNED_UP.value)
        .order_by(LedgerRow.happened_on)
    ).all()
    assert len(days) == 10 and days[-1] <= dt.date(2016, 1, 22)


def test_a_meeting_with_people_is_not_deleted(sqlite_app: Flask) -> None:
    meeting = new_event(title="Koordination", kind=EventKind.COORDINATION_MEETING)
    sign(meeting)
    admin = enter(sqlite_app, RoleName.ADMINISTRATOR)
    assert send(admin, f"/administration/moeder/{meeting.id}/slet", {}).status_code == 303
    assert "Aflys det i stedet" in text_of(admin.get("/administration/moeder"))
    assert only(Event).id == meeting.id


def test_history_tells_of_a_sign_up_once(sqlite_app: Flask) -> None:
    event, business = new_event(), make_business("Prøve Savværk A/S")
    client = enter(sqlite_app)
    person = {"business_id": str(business.id), "municipality_code": "849", "name": "Bo Prøve", "til": "signed_up"}
    send(client, f"/arrangementer/{event.id}/tilmeld", person)
    one = only(Registration)
    typed = form_of(client, f"/tilmeldinger/{one.id}", f"/tilmeldinger/{one.id}")
    assert send(client, f"/tilmeldinger/{one.id}", typed | {"name": "Bo Ny"}).status_code == 303
    shown = text_of(client.get("/historik"))
    assert shown.count("tilmeldte en person fra Prøve Savværk A/S til et arrangement") == 1
    assert "rettede en tilmelding fra Prøve Savværk A/S: navn" in shown
    assert "oprettede en tilmelding" not in shown


def test_who_moves_or_cancels_an_event_is_led_to_the_letter(sqlite_app: Flask) -> None:
    """The way on counts those who should know, and leads to a draft for exactly them."""
    event = new_event(municipality_code=849)
    sign(event, "Anne Tilmeldt")
    sign(event, "Bo Tilmeldt")
    client, path = enter(sqlite_app), f"/arrangementer/{event.id}"
    typed = form_of(client, f"{path}/rediger", f"{path}/rediger")
    renamed = client.get(send(client, f"{path}/rediger", typed | {"title": "Nyt navn"}).location)
    assert "der skal vide det" not in text_of(renamed)
    typed = form_of(client, f"{path}/rediger", f"{path}/rediger")
    moved = client.get(send(client, f"{path}/rediger", typed | {"held_on": "13-05-2016"}).location)
    for said, who in ((moved, "flyttet"), (None, "aflyst")):
        page = said or client.get(send(client, f"{path}/aflys", {}).location)
        found = lxml.html.fromstring(page.get_data(as_text=True)).xpath(
            "//a[contains(., 'de 2, der skal vide det')]/@href"
        )
        assert found == [f"{path}/invitation?hvem={who}"]
        listed = text_of(client.get(found[0]))
        assert "Anne Tilmeldt" in listed and "Bo Tilmeldt" in listed
