"""Who was there: ticked on a phone, also from a printed list; and the list as a spreadsheet."""

from __future__ import annotations

import json
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.editing import FieldConflict, conflict_page
from nbe.access.tables import make_conflict
from nbe.core import clock
from nbe.core.notices import tell
from nbe.courses import actions, queries
from nbe.courses.actions import CourseRefusedError
from nbe.courses.exporting import answer
from nbe.courses.show import TONES, hours_of
from nbe.models import CourseDay, Participant
from nbe.models.gathering_states import SEATED, TRAINED

bp = Feature("attendance", __name__)
READ, WRITE = Permission.PARTICIPANTS_READ, Permission.PARTICIPANTS_WRITE
VALUES: dict[str, bool | None] = {"": None, "ja": True, "nej": False}
SAID = {there: value for value, there in VALUES.items()}


def _seated(day: CourseDay) -> list[Participant]:
    """Those on the team whom the viewer may tick."""
    rows = queries.list_people(current_viewer(), day.team)
    return [row.person for row in rows if row.person.state in SEATED]


def _noted(day: CourseDay, people: list[Participant]) -> dict[int, str]:
    marks = actions.marks_of(day.team_id, [person.id for person in people])
    return {person.id: SAID[marks[person.id][day.id].was_there] for person in people}


def _page(day: CourseDay, status: int = 200, error: str = "") -> Any:
    people = _seated(day)
    noted = _noted(day, people)
    marks = actions.marks_of(day.team_id, [person.id for person in people])
    page = render_template(
        "courses/attendance.html",
        day=day,
        team=day.team,
        days=queries.list_days(day.team),
        people=people,
        noted=noted,
        not_asked={person.id for person in people if not marks[person.id][day.id].is_signed_up},
        came=sum(1 for said in noted.values() if said == "ja"),
        shown=json.dumps(noted, sort_keys=True),
        is_to_come=day.held_on is None or day.held_on > clock.today(),
        error=error,
        tones=TONES,
        hours_of=hours_of,
    )
    return make_response(page, status)


@bp.get("/kurser/dage/<int:day_id>/fremmoede", needs=WRITE)
def show(day_id: int) -> Any:
    """The people of a day, to be ticked."""
    day = queries.find_day(current_viewer(), day_id)
    leave_trail("read", "course_day", day.id)
    return _page(day)


@bp.post("/kurser/dage/<int:day_id>/fremmoede", needs=WRITE)
def save(day_id: int) -> Any:
    """Keep what was ticked; with `resten`, those not ticked did not come. Only what was changed is saved."""
    viewer = current_viewer()
    day = queries.find_day(viewer, day_id)
    actions.hold_day(day)
    people = _seated(day)
    sent = {
        person.id: _sent(person.id) for person in people if f"p-{person.id}" in request.form or "resten" in request.form
    }
    now, shown = _noted(day, people), _shown()
    changed = {one: said for one, said in sent.items() if said != shown.get(one, now[one])}
    fields = [
        _field(person, changed[person.id], now[person.id])
        for person in people
        if person.id in changed and now[person.id] not in (shown.get(person.id, now[person.id]), changed[person.id])
    ]
    if fields:
        conflict = make_conflict(fields, {"vist": json.dumps(now, sort_keys=True)})
        title = _("Fremmøde, dag %(number)s", number=day.number)
        return conflict_page(conflict, action=request.path, title=title, back=url_for(".show", day_id=day.id))
    try:
        moved = actions.mark_day(day, {one: VALUES[said] for one, said in changed.items()}, user_id=viewer.user_id)
    except CourseRefusedError as refused:
        return _page(day, 422, str(refused.message))
    tell(_told(len(changed), moved))
    return redirect(url_for(".show", day_id=day.id), code=303)


def _sent(person_id: int) -> str:
    said = request.form.get(f"p-{person_id}", "")
    said = said if said in VALUES else ""
    return "nej" if not said and "resten" in request.form else said


def _shown() -> dict[int, str]:
    """What stood on the page when it was made; empty where it does not say."""
    try:
        found = json.loads(request.form.get("vist", "") or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {int(key): str(said) for key, said in found.items() if str(key).isdigit() and len(str(key)) < 10}


def _field(person: Participant, mine: str, theirs: str) -> FieldConflict:
    words = {"": _("ikke noteret"), "ja": _("kom"), "nej": _("kom ikke")}
    return FieldConflict(f"p-{person.id}", person.name, mine, theirs, True, words[mine], words[theirs])


def _told(changed: int, moved: list[Participant]) -> str:
    if not changed:
        return _("Der var intet at gemme.")
    text = ngettext("Fremmødet er noteret for %(num)s.", "Fremmødet er noteret for %(num)s.", changed)
    trained = [person.name for person in moved if person.state in TRAINED]
    if trained:
        text = _("%(text)s Uddannet og klar til at screene: %(names)s.", text=text, names=", ".join(trained))
    return text


@bp.get("/kurser/hold/<int:team_id>/liste", needs=READ)
def printed(team_id: int) -> str:
    """The list on A4, to be ticked by hand."""
    viewer = current_viewer()
    team = queries.find_team(viewer, team_id)
    people = [row.person for row in queries.list_people(viewer, team) if row.person.state in SEATED]
    leave_trail("export", "team", team.id, what="liste", rows=len(people))
    return render_template(
        "courses/printed.html", team=team, people=people, days=queries.list_days(team), hours_of=hours_of
    )


@bp.get("/kurser/hold/<int:team_id>/deltagere.<any(xlsx, csv):kind>", needs=READ)
def export(team_id: int, kind: str) -> BaseResponse:
    """The people of a team as a spreadsheet, in the columns that the import understands."""
    viewer = current_viewer()
    team = queries.find_team(viewer, team_id)
    people = [row.person for row in queries.list_people(viewer, team)]
    leave_trail("export", "team", team.id, what=f"deltagere.{kind}", rows=len(people))
    return answer(team, people, kind)
