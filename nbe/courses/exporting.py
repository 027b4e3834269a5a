"""The people of a team as a spreadsheet: typed cells, one column for each day, as the import takes them in again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Viewer
from nbe.businesses.queries import municipality_names
from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.sheets import SheetOut
from nbe.core.sheets.answers import sheet_answer
from nbe.courses import queries
from nbe.courses.actions import marks_of
from nbe.courses.rules import Mark
from nbe.courses.sheet import WITH_DAY, columns_of, day_cell, seats_cell, state_words
from nbe.ledger.actions import rows_of_subjects
from nbe.ledger.fold import Row, effective
from nbe.models import Participant, Programme, Team
from nbe.models.gathering_states import ParticipantState as P
from nbe.models.states import LedgerKind


def sheet_of(team: Team, people: Sequence[Participant]) -> SheetOut:
    """People of a team as a sheet. Of those who have left no days are told."""
    names, days = municipality_names(), queries.list_days(team)
    columns, words, today = columns_of(days), state_words(), clock.today()
    ids = [person.id for person in people]
    marks, signed_up = marks_of(team.id, ids), _signed_up_days(ids)
    common = {"course": team.course.title, "team": team.name, "team_seats": seats_cell(team, names)}
    held = {day.number: day.held_on is not None and day.held_on <= today for day in days}
    rows = []
    for person in people:
        of_days = {day.number: marks[person.id][day.id] for day in days}
        cells: dict[str, Any] = {
            "name": person.name,
            "municipality": names[person.municipality_code],
            "email": person.email,
            "title": person.title,
            "certificate": person.certificate_on,
            "state": words[person.state],
            "since_on": person.state_since_on if person.state in WITH_DAY else None,
            "signed_up_on": signed_up.get(person.id),
        }
        if person.state is not P.CANCELLED:
            cells |= _of_days(of_days, held)
        rows.append([(common | cells).get(key) for key in columns])
    return SheetOut(f"{team.course.title} {team.name.lower()}", list(columns.values()), rows)


def _of_days(marks: dict[int, Mark], held: dict[int, bool]) -> dict[str, str]:
    return {f"day-{number}": day_cell(mark, is_held=held[number]) for number, mark in marks.items()}


def _signed_up_days(ids: Sequence[int]) -> dict[int, dt.date]:
    """participant -> the day of signing up; of somebody who had left, the day of coming back."""
    found: dict[int, dt.date] = {}
    for part in chunks(ids):
        before: dict[int, Row] = {}
        for row in effective(rows_of_subjects([(LedgerKind.PARTICIPANT, person_id) for person_id in part])):
            person_id = row.subject_id or 0
            if row.to_code != P.CANCELLED and (person_id not in before or before[person_id].to_code == P.CANCELLED):
                found[person_id] = row.happened_on
            before[person_id] = row
    return found


def sheets_of_programme(viewer: Viewer, programme: Programme) -> Iterable[SheetOut]:
    """A sheet for each team of a programme that the viewer sees people of."""
    for course in queries.list_courses(viewer, programme):
        for team in course.teams:
            people = [] if team.is_hidden else [row.person for row in queries.list_people(viewer, team)]
            if people:
                yield sheet_of(team, people)


def answer(team: Team, people: Sequence[Participant], kind: str) -> BaseResponse:
    """The file as an answer."""
    filename = f"kursus-{team.course.programme.year}-hold-{team.id}-{clock.today().isoformat()}"
    return sheet_answer(sheet_of(team, people), filename, kind)
