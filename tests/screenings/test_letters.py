"""What goes out of a visit: its calendar file and the letter on how to prepare."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from nbe.core.database import db
from nbe.models import Contact, Mailing, Screening, ScreeningPerson
from nbe.models.states import RoleName, ScreeningRole, ScreeningState, Stage
from nbe.screenings.appointments.letter import letter_of, lines_of, recipients_of
from tests.builders import make_business, make_candidacy, make_screener, make_screening
from tests.screenings.test_visits import enter, form_of, only, page_of, send

SOON = dt.datetime(2016, 5, 4, 7, tzinfo=dt.UTC)


def visit(*, with_contact: bool = True, **business: object) -> Screening:
    """A visit with a screener, and the business's contact person unless told otherwise."""
    candidacy = make_candidacy(make_business("Prøve Mejeri", **business), Stage.AGREED)
    screening = make_screening(candidacy, make_screener(name="Ida Prøve", email="ida@example.dk"), starts_at=SOON)
    if with_contact:
        contact = db.session.scalars(sa.select(Contact).where(Contact.business_id == candidacy.business_id)).one()
        db.session.add(
            ScreeningPerson(screening_id=screening.id, role=ScreeningRole.BUSINESS, contact_id=contact.id, name="")
        )
        db.session.commit()
    return only(Screening)


def test_the_visit_in_a_calendar(sqlite_app: Flask) -> None:
    screening = visit()
    answer = enter(sqlite_app).get(f"/screeninger/{screening.id}/kalender.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.get_data()).events
    assert (event.start, event.end) == (SOON, SOON + dt.timedelta(hours=3))
    assert event["SUMMARY"] == "Bæredygtighedsscreening: Prøve Mejeri"
    assert event["LOCATION"] == screening.place
    assert "Ida Prøve" in event["DESCRIPTION"] and "- Elregninger" in event["DESCRIPTION"]
    assert str(event["URL"]).endswith(f"/screeninger/{screening.id}")


def test_a_changed_visit_moves_in_the_calendar_and_a_cancelled_one_leaves_it(sqlite_app: Flask) -> None:
    screening = visit()
    client, path = enter(sqlite_app), f"/screeninger/{screening.id}"

    def event() -> object:
        (found,) = Calendar.from_ical(client.get(f"{path}/kalender.ics").get_data()).events
        return found

    first = event()
    edit = f"{path}/rediger"
    assert send(client, edit, form_of(client, edit, edit) | {"hour": "13"}).status_code == 303
    moved = event()
    assert moved["UID"] == first["UID"]  # type: ignore[index]
    assert moved["SEQUENCE"] > first["SEQUENCE"]  # type: ignore[index]
    assert moved.start == SOON + dt.timedelta(hours=4)  # type: ignore[attr-defined]
    assert send(client, f"{path}/aflys", {"reason": "Sygdom", "fra": "planned"}).status_code == 303
    assert event()["STATUS"] == "CANCELLED"  # type: ignore[index]


def test_the_letter_says_when_where_who_and_what_to_have_ready(sqlite_app: Flask) -> None:
    screening = visit(case_number="24.10.07-G20-4-15")
    letter = letter_of(screening)
    for text in (
        "Kære {navn}",
        "Tid: onsdag den 4. maj 2016 kl. 09:00–12:00",
        f"Sted: {screening.place}",
        "Fra kommunen: Ida Prøve",
        "- Elregninger",
        "energi; vand; affald og genanvendelse;",
        "Jammerbugt Kommune",
        "Sag 24.10.07-G20-4-15",
    ):
        assert text in letter.text, text
    shown = enter(sqlite_app).get(f"/screeninger/{screening.id}/brev").get_data(as_text=True)
    assert f"Kære {screening.people[-1].shown_name}" in shown
    assert "{navn}" not in shown


def test_a_list_of_things_is_read_however_it_was_typed(sqlite_app: Flask) -> None:
    screening = visit()
    screening.to_prepare = "- El\n\n • Vand \n   \n* Affald"
    assert lines_of(screening) == ["El", "Vand", "* Affald"]
    screening.to_prepare = ""
    assert "Hav gerne" not in letter_of(screening).text


def test_it_is_written_to_those_who_come_and_have_an_address(app: Flask) -> None:
    screening = visit()
    (recipient,) = recipients_of(screening)
    client = enter(app)
    assert "Skriv til virksomheden" in client.get(f"/screeninger/{screening.id}/brev").get_data(as_text=True)
    answer = send(client, f"/screeninger/{screening.id}/brev", {})
    assert answer.status_code == 303
    mailing = only(Mailing)
    assert answer.location == f"/breve/{mailing.id}"
    assert (mailing.approved_at, mailing.subject_kind, mailing.subject_id) == (None, "screening", screening.id)
    (mail,) = mailing.mails
    assert (mail.email, mail.attachment_name) == (recipient.email, f"screening-{screening.id}.ics")
    (event,) = Calendar.from_ical(mail.attachment).events
    assert event.start == SOON and "URL" not in event  # they cannot open the page
    again = send(client, f"/screeninger/{screening.id}/brev", {})  # another draft, until one is sent
    assert "Vedhæftet" in client.get(again.location).get_data(as_text=True)


@pytest.mark.parametrize("state", [None, ScreeningState.CANCELLED])
def test_there_may_be_nobody_to_write_to(sqlite_app: Flask, state: ScreeningState | None) -> None:
    screening = visit(with_contact=state is not None)
    client, path = enter(sqlite_app), f"/screeninger/{screening.id}"
    if state:
        assert send(client, f"{path}/aflys", {"reason": "Sygdom", "fra": "planned"}).status_code == 303
    assert "Skriv til virksomheden" not in client.get(f"{path}/brev").get_data(as_text=True)
    assert send(client, f"{path}/brev", {}).location == f"{path}/brev"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mailing)) == 0


def test_a_screener_prints_it_and_does_not_send_it(sqlite_app: Flask) -> None:
    screening = visit()
    client = enter(sqlite_app, RoleName.SCREENER)
    page = page_of(client.get(f"/screeninger/{screening.id}/brev"))
    assert not page.xpath("//form[contains(@action, '/brev')]")
    assert send(client, f"/screeninger/{screening.id}/brev", {}).status_code == 403
