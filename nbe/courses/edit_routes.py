"""Making and changing teams and their days."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer
from nbe.access.editing import conflict_page
from nbe.access.tables import BasedForm, make_conflict
from nbe.core.notices import tell
from nbe.courses import actions, queries
from nbe.courses.actions import CourseRefusedError
from nbe.courses.forms import DayForm, TeamForm, as_typed, day_values, kept_name, served_name, team_form, team_values
from nbe.models import Course, CourseDay, Team
from nbe.targets.queries import list_municipalities

bp = Feature("team_edit", __name__)
WRITE = Permission.COURSES_WRITE


def _refuse(form: BasedForm, refused: CourseRefusedError, default: str) -> None:
    field = form[refused.field if refused.field in form else default]
    field.errors = [*field.errors, str(refused.message)]


def _conflict(form: BasedForm, current: dict[str, str], title: str, back: str) -> BaseResponse | None:
    """The page on which the second chooses; None where nobody else has changed anything."""
    labels = {name: form[name].label.text for name in current}
    fields = form.differences(current, labels)
    if not fields:
        return None
    form.remember(current)
    conflict = make_conflict(fields, {form.base.name: form.base.data or ""})
    return conflict_page(conflict, action=request.path, title=title, back=back)


def _team_page(form: TeamForm, course: Course, team: Team | None, status: int = 200) -> Any:
    page = render_template(
        "courses/team_edit.html", form=form, course=course, team=team, municipalities=list_municipalities(),
        served_name=served_name, kept_name=kept_name,
    )  # fmt: skip
    return make_response(page, status)


def _values(form: TeamForm) -> dict[str, Any]:
    return {
        "name": form.name.data or "",
        "seats": form.seats.data,
        "place": form.place.data or "",
        "answer_days": form.answer_days.data,
        "municipalities": form.municipalities(),
    }


@bp.get("/kurser/<int:course_id>/hold/nyt", needs=WRITE)
def new_team(course_id: int) -> Any:
    """An empty form, with the name that most likely comes next."""
    course = queries.find_course(current_viewer(), course_id, WRITE)
    every = list_municipalities()
    values = team_values(None, [one.code for one in every])
    values["name"] = _("Hold %(number)s", number=len(course.teams) + 1)
    return _team_page(team_form(every, formdata=None, data=values), course, None)


@bp.post("/kurser/<int:course_id>/hold/nyt", needs=WRITE)
def create_team(course_id: int) -> Any:
    """Make a team."""
    course = queries.find_course(current_viewer(), course_id, WRITE, for_update=True)
    form = team_form(list_municipalities())
    if not form.validate():
        return _team_page(form, course, None, 422)
    values = _values(form)
    try:
        team = actions.make_team(course, values.pop("name"), values.pop("seats"), **values)
    except CourseRefusedError as refused:
        _refuse(form, refused, "seats")
        return _team_page(form, course, None, 422)
    tell(_("%(team)s er oprettet. Tilføj nu dagene.", team=team.name))
    return redirect(url_for("teams.show", team_id=team.id), code=303)


@bp.get("/kurser/hold/<int:team_id>/rediger", needs=WRITE)
def edit_team(team_id: int) -> Any:
    """Name, place, seats, and whom it is for."""
    team = queries.find_team(current_viewer(), team_id, WRITE)
    every = list_municipalities()
    values = team_values(team, [one.code for one in every])
    form = team_form(every, formdata=None, data=values)
    form.remember(as_typed(values))
    return _team_page(form, team.course, team)


@bp.post("/kurser/hold/<int:team_id>/rediger", needs=WRITE)
def save_team(team_id: int) -> Any:
    """Keep it; more seats move the waiting list up."""
    viewer = current_viewer()
    team = queries.find_team(viewer, team_id, WRITE, for_update=True)
    every = list_municipalities()
    form = team_form(every)
    if not form.validate():
        return _team_page(form, team.course, team, 422)
    back = url_for("teams.show", team_id=team.id)
    conflict = _conflict(form, as_typed(team_values(team, form.codes)), team.name, back)
    if conflict:
        return conflict
    try:
        actions.edit_team(team, user_id=viewer.user_id, **_values(form))
    except CourseRefusedError as refused:
        _refuse(form, refused, "seats")
        return _team_page(form, team.course, team, 422)
    tell(_("%(team)s er gemt.", team=team.name))
    return redirect(back, code=303)


def _day_page(form: DayForm, team: Team, day: CourseDay | None, status: int = 200) -> Any:
    return make_response(render_template("courses/day.html", form=form, team=team, day=day), status)


@bp.get("/kurser/hold/<int:team_id>/dage/ny", needs=WRITE)
def new_day(team_id: int) -> Any:
    """An empty form."""
    return _day_page(DayForm(formdata=None), queries.find_team(current_viewer(), team_id, WRITE), None)


@bp.post("/kurser/hold/<int:team_id>/dage/ny", needs=WRITE)
def create_day(team_id: int) -> Any:
    """One more day."""
    team = queries.find_team(current_viewer(), team_id, WRITE, for_update=True)
    form = DayForm()
    if not form.validate():
        return _day_page(form, team, None, 422)
    values = form.values()
    day = actions.add_day(team, values.pop("held_on"), **values)
    tell(_("Dag %(number)s er tilføjet.", number=day.number))
    return redirect(url_for("teams.show", team_id=team.id), code=303)


@bp.get("/kurser/dage/<int:day_id>", needs=WRITE)
def edit_day(day_id: int) -> Any:
    """One day."""
    day = queries.find_day(current_viewer(), day_id, WRITE)
    form = DayForm(formdata=None, data=day_values(day))
    form.remember(as_typed(day_values(day)))
    return _day_page(form, day.team, day)


@bp.post("/kurser/dage/<int:day_id>", needs=WRITE)
def save_day(day_id: int) -> Any:
    """Keep it."""
    day = queries.find_day(current_viewer(), day_id, WRITE)
    actions.hold_day(day)
    form = DayForm()
    if not form.validate():
        return _day_page(form, day.team, day, 422)
    back = url_for("teams.show", team_id=day.team_id)
    title = _("Dag %(number)s", number=day.number)
    conflict = _conflict(form, as_typed(day_values(day)), title, back)
    if conflict:
        return conflict
    before = _when_and_where(day)
    try:
        actions.edit_day(day, **form.values())
    except CourseRefusedError as refused:
        _refuse(form, refused, "held_on")
        return _day_page(form, day.team, day, 422)
    said = _("Dag %(number)s er gemt.", number=day.number)
    tell(said if _when_and_where(day) == before else _asked_to_write(said, day.team))
    return redirect(back, code=303)


@bp.post("/kurser/dage/<int:day_id>/fjern", needs=WRITE)
def remove_day(day_id: int) -> Any:
    """Take a day away."""
    day = queries.find_day(current_viewer(), day_id, WRITE)
    actions.hold_day(day)
    team, number, was_set = day.team, day.number, day.held_on is not None
    try:
        actions.remove_day(day)
    except CourseRefusedError as refused:
        tell(refused.message, "warning")
    else:
        said = _("Dag %(number)s er fjernet.", number=number)
        tell(_asked_to_write(said, team) if was_set else said)
    return redirect(url_for("teams.show", team_id=team.id), code=303)


def _when_and_where(day: CourseDay) -> tuple[Any, ...]:
    return day.held_on, day.starts_at, day.minutes, day.place


def _asked_to_write(said: str, team: Team) -> str:
    """What was done, and that those who have a seat should be told; nobody is written to behind anybody's back."""
    (row,) = queries.list_team_rows([team])
    if not row.seated:
        return said
    more = ngettext(
        "%(num)s har en plads: brug »Skriv til holdet«, så vedkommende ved det.",
        "%(num)s har en plads: brug »Skriv til holdet«, så de ved det.",
        row.seated,
    )
    return f"{said} {more}"
