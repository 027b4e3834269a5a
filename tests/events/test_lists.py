"""Attendance at the door, and what is taken along: the list for minutes, badges, the spreadsheet, the calendar file."""

from __future__ import annotations

import datetime as dt
import io
import zoneinfo

import icalendar
import openpyxl
import pytest
from flask import Flask
from pypdf import PdfReader

from nbe.core.database import db
from nbe.core.pdf import can_write_pdf
from nbe.models import Event, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import RoleName
from tests.builders import make_business
from tests.events.making import HELD, new_event, sign
from tests.events.test_pages import enter, send, text_of

S = RegistrationState
DAY = dt.date(2016, 1, 20)


def state_of(one: Registration) -> S:
    db.session.rollback()
    return db.session.get_one(Registration, one.id).state


def gathered() -> tuple[Event, list[Registration]]:
    """A meeting held with three of 849, one of them away, one apology, and one of 851."""
    event = new_event(HELD, place="Rådhuset", seats=20)
    here = make_business("Åby Mejeri A/S")
    people = [
        sign(event, "Øjvind Åse", here, DAY), sign(event, "Anne Bæk", None, DAY, organisation="Kommunen"),
        sign(event, "Bo Ude", here, DAY), sign(event, "Ida Afbud", here, DAY),
        sign(event, "Fremmed Mand", make_business("Fremmed Firma", 851), DAY),
    ]  # fmt: skip
    return event, people


def test_people_are_ticked_one_by_one_and_the_rest_at_once(app: Flask) -> None:
    event, people = gathered()
    client, path = enter(app), f"/arrangementer/{event.id}/fremmoede"
    shown = text_of(client.get(path))
    assert "0 af 4 er kommet" in shown and "Fremmed Mand" not in shown
    tick = f"/tilmeldinger/{people[0].id}/fremmoede"
    for _twice in range(2):
        answer = send(client, tick, {"kom": "kom"})
        assert answer.location == f"{path}#p{people[0].id}"
    assert state_of(people[0]) is S.ATTENDED
    assert send(client, tick, {"kom": "ved-ikke"}).status_code == 303
    assert state_of(people[0]) is S.SIGNED_UP
    send(client, tick, {"kom": "kom"})
    assert send(client, f"/arrangementer/{event.id}/resten-udeblev", {}).status_code == 303
    assert [state_of(one) for one in people] == [S.ATTENDED, S.ABSENT, S.ABSENT, S.ABSENT, S.SIGNED_UP]
    assert "1 af 4 er kommet" in text_of(client.get(path))


def test_nobody_is_ticked_before_the_day(sqlite_app: Flask) -> None:
    event = new_event()
    one, client = sign(event), enter(sqlite_app)
    assert "fra den dag, arrangementet holdes" in text_of(client.get(f"/arrangementer/{event.id}/fremmoede"))
    assert send(client, f"/tilmeldinger/{one.id}/fremmoede", {"kom": "kom"}).status_code == 303
    assert state_of(one) is S.SIGNED_UP


def test_the_list_is_ready_for_the_minutes(sqlite_app: Flask) -> None:
    event, people = gathered()
    client = enter(sqlite_app)
    for one, to in zip(people, ("attended", "attended", "absent", "declined"), strict=False):
        state = "absent" if to == "declined" else to
        send(client, f"/tilmeldinger/{one.id}/flyt", {"fra": "signed_up", "til": state})
    send(client, f"/tilmeldinger/{people[3].id}/flyt", {"fra": "absent", "til": "declined"})
    admin = enter(sqlite_app, RoleName.ADMINISTRATOR)
    send(admin, f"/tilmeldinger/{people[4].id}/flyt", {"fra": "signed_up", "til": "attended"})
    answer = client.get(f"/arrangementer/{event.id}/deltagerliste.txt")
    assert answer.get_data(as_text=True) == (
        "Temamøde om varme, tirsdag den 26. januar 2016, Rådhuset\n\n"
        "Deltagere:\nAnne Bæk, Kommunen\nØjvind Åse, Åby Mejeri A/S\nsamt 1 fra andre kommuner\n\n"
        "Afbud:\nIda Afbud, Åby Mejeri A/S\n"
    )
    page = client.get(f"/arrangementer/{event.id}/deltagerliste").get_data(as_text=True)
    assert "Øjvind Åse, Åby Mejeri A/S\nsamt" in page
    everybody = admin.get(f"/arrangementer/{event.id}/deltagerliste.txt").get_data(as_text=True)
    assert "Fremmed Mand, Fremmed Firma" in everybody and "samt" not in everybody


def test_the_spreadsheet_holds_what_the_viewer_sees(sqlite_app: Flask) -> None:
    event, _people = gathered()
    sign(event, '=HYPERLINK("x")', None, DAY)
    book = openpyxl.load_workbook(io.BytesIO(enter(sqlite_app).get(f"/arrangementer/{event.id}/deltagere.xlsx").data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:3] == ("Deltager", "Virksomhed", "CVR-nr.")
    assert {row[0] for row in rows[1:]} >= {"Øjvind Åse", "Anne Bæk", "Bo Ude", "Ida Afbud"}
    assert "Fremmed Mand" not in {row[0] for row in rows[1:]}
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


@pytest.mark.skipif(not can_write_pdf(), reason="Pango is missing")
def test_badges_are_ten_on_a_sheet(sqlite_app: Flask) -> None:
    event = new_event()
    for number in range(11):
        sign(event, f"Person{number} Prøve", organisation="<b>Fin & Co</b>")
    answer = enter(sqlite_app).get(f"/arrangementer/{event.id}/navneskilte.pdf")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    assert answer.mimetype == "application/pdf" and len(pages) == 2
    first = pages[0].extract_text()
    assert first.count("Prøve") == 10 and "<b>Fin & Co</b>" in first
    assert pages[1].extract_text().count("Prøve") == 1
    assert [float(size) for size in pages[0].mediabox[2:]] == pytest.approx([595.3, 841.9], abs=0.5)
    empty = enter(sqlite_app).get(f"/arrangementer/{new_event(title='Tomt').id}/navneskilte.pdf")
    assert empty.status_code == 302


def test_a_file_for_the_calendar(sqlite_app: Flask) -> None:
    starts = dt.datetime(2016, 5, 12, 14, tzinfo=dt.UTC)
    event = new_event(place="Rådhuset", starts_at=starts, minutes=150)
    answer = enter(sqlite_app, RoleName.SCREENER).get(f"/arrangementer/{event.id}/arrangement.ics")
    found = next(iter(icalendar.Calendar.from_ical(answer.data).walk("VEVENT")))
    assert found["DTSTART"].dt == dt.datetime(2016, 5, 12, 16, tzinfo=zoneinfo.ZoneInfo("Europe/Copenhagen"))
    assert found["DTEND"].dt - found["DTSTART"].dt == dt.timedelta(minutes=150)
    assert found["LOCATION"] == "Rådhuset" and str(found["URL"]).endswith(f"/arrangementer/{event.id}")
