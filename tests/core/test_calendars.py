"""Calendar files: read back by another reader of the format, they say what was meant, in Danish time."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from nbe.core.calendars import Entry, calendar_answer, uid_of, write_calendar
from nbe.core.text import clean

NINE = dt.datetime(2016, 5, 2, 7, 0, tzinfo=dt.UTC)  # nine o'clock in Denmark, in summer
STAMP = dt.datetime(2016, 4, 25, 10, 0, tzinfo=dt.UTC)


def _visit(**changed: object) -> Entry:
    values = {
        "uid": "screening-1@nbe.example",
        "summary": 'Screening: Ærø Æg; "Søn", A/S',
        "starts": NINE,
        "ends": NINE + dt.timedelta(hours=3),
        "place": "Åvej 1, 9460 Brovst",
        "description": "Hav klar:\nelregning; vand, varme",
        "changed_at": STAMP,
    }
    return Entry(**{**values, **changed})  # type: ignore[arg-type]


def _read(content: bytes) -> Calendar:
    return Calendar.from_ical(content)  # type: ignore[return-value]


def test_an_appointment_reads_back_as_it_was_meant() -> None:
    content = write_calendar([_visit(sequence=3)], "Screeninger")
    (event,) = _read(content).events
    assert (event["SUMMARY"], event["LOCATION"]) == ('Screening: Ærø Æg; "Søn", A/S', "Åvej 1, 9460 Brovst")
    assert event["DESCRIPTION"] == "Hav klar:\nelregning; vand, varme"
    assert (event.start, event.end) == (NINE, NINE + dt.timedelta(hours=3))
    assert b"DTSTART;TZID=Europe/Copenhagen:20160502T090000\r\n" in content
    assert (event["SEQUENCE"], event["STATUS"], event["DTSTAMP"].dt) == (3, "CONFIRMED", STAMP)


def test_the_file_brings_denmarks_clock_with_it() -> None:
    zone = next(iter(_read(write_calendar([_visit()])).timezones))
    assert zone.tz_name == "Europe/Copenhagen"
    clock = zone.to_tz(lookup_tzid=False)  # as the file tells it, not as this machine knows it
    for month, hours in ((1, 1), (3, 1), (5, 2), (10, 2), (12, 1)):
        day = dt.datetime(2016, month, 15, 12, tzinfo=clock)
        assert day.utcoffset() == dt.timedelta(hours=hours), month


def test_whole_days_end_with_the_last_one() -> None:
    days = _visit(starts=dt.date(2016, 5, 10), ends=dt.date(2016, 5, 11))
    content = write_calendar([days, _visit(uid="b", starts=dt.date(2016, 5, 20), ends=None)])
    assert b"DTSTART;VALUE=DATE:20160510\r\nDTEND;VALUE=DATE:20160512\r\n" in content
    assert b"DTSTART;VALUE=DATE:20160520\r\nDTEND;VALUE=DATE:20160521\r\n" in content


def test_a_cancelled_one_is_taken_out_of_calendars() -> None:
    (event,) = _read(write_calendar([_visit(is_cancelled=True)])).events
    assert event["STATUS"] == "CANCELLED"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_calendar([_visit(starts=dt.datetime(2016, 5, 2, 9))])  # noqa: DTZ001


def test_the_same_appointments_are_the_same_file_and_none_is_a_calendar_too() -> None:
    assert write_calendar([_visit()]) == write_calendar([_visit()])
    assert not list(_read(write_calendar([])).events)


@given(st.text(max_size=300))
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    (event,) = _read(write_calendar([_visit(summary=text, description=text, place=text)])).events
    assert event.get("DESCRIPTION", "") == clean(text)
    assert str(event["SUMMARY"]) == clean(text)
    assert set(event) <= {
        *("UID", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS"),
        *("LOCATION", "DESCRIPTION"),
    }


def test_the_answer_opens_in_a_calendar_and_leads_back(shared_app: Flask) -> None:
    shared_app.config["PUBLIC_URL"] = "https://nbe.example:8443"
    with shared_app.app_context():
        assert uid_of("screening", 12) == "screening-12@nbe.example"
        answer = calendar_answer([_visit(path="/screeninger/1")], "screening-1.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="screening-1.ics"'
    (event,) = _read(answer.get_data()).events
    assert event["URL"] == "https://nbe.example:8443/screeninger/1"
