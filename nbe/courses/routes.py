"""The courses of a programme with their seats, and what a course is."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.core.notices import tell
from nbe.courses import actions, queries
from nbe.courses.actions import CourseRefusedError
from nbe.courses.forms import COURSE_LABELS, CourseForm
from nbe.courses.show import involved
from nbe.models import Course
from nbe.targets.queries import asked_programme, list_municipalities, list_programmes

bp = Feature("courses", __name__)
READ, WRITE = Permission.COURSES_READ, Permission.COURSES_WRITE


@bp.get("/kurser", needs=READ)
def index() -> str:
    """The courses of a year: each team with its days, and its seats by municipality."""
    viewer, programme = current_viewer(), asked_programme(request.args)
    courses = queries.list_courses(viewer, programme) if programme else []
    rows = queries.list_team_rows(team for course in courses for team in course.teams)
    leave_trail("list", "course", programme=programme.year if programme else None, rows=len(rows))
    return render_template(
        "courses/index.html",
        programme=programme,
        programmes=[(one.year, str(one.year)) for one in list_programmes()],
        courses=[(course, [row for row in rows if row.team.course_id == course.id]) for course in courses],
        municipalities=involved(list_municipalities(), rows),
        own_code=asked_number(request.args, "kommune") or viewer.municipality_code,
        may_write=viewer.may(WRITE),
        today=clock.today(),
    )


def _page(form: CourseForm, course: Course | None, status: int = 200) -> Any:
    page = render_template("courses/course.html", form=form, course=course, programme=asked_programme(request.args))
    return make_response(page, status)


@bp.get("/kurser/nyt", needs=WRITE)
def new() -> Any:
    """An empty form."""
    return _page(CourseForm(formdata=None), None)


@bp.post("/kurser/nyt", needs=WRITE)
def create() -> Any:
    """Make a course of the year."""
    form, programme = CourseForm(), asked_programme(request.args)
    if programme is None:
        form.title.errors = [_("Opret et forløbsår først.")]
        return _page(form, None, 422)
    if not form.validate():
        return _page(form, None, 422)
    try:
        course = actions.make_course(programme, form.title.data or "", form.description.data or "")
    except CourseRefusedError as refused:
        form.title.errors = [str(refused.message)]
        return _page(form, None, 422)
    tell(_("%(title)s er oprettet. Tilføj nu holdene.", title=course.title))
    return redirect(url_for("team_edit.new_team", course_id=course.id), code=303)


@bp.get("/kurser/<int:course_id>/rediger", needs=WRITE)
def edit(course_id: int) -> Any:
    """What a course is."""
    course = queries.find_course(current_viewer(), course_id, WRITE)
    return _page(CourseForm(formdata=None, obj=course), course)


@bp.post("/kurser/<int:course_id>/rediger", needs=WRITE)
def save(course_id: int) -> Any:
    """Keep it; somebody who was first is shown, not overwritten."""
    course = queries.find_course(current_viewer(), course_id, WRITE, for_update=True)
    form = CourseForm()
    if not form.validate():
        return _page(form, course, 422)
    back = url_for(".index", aar=course.programme.year)
    conflict = find_conflict(course, form, COURSE_LABELS)
    if conflict:
        return conflict_page(conflict, action=request.path, title=course.title, back=back)
    try:
        actions.edit_course(course, title=form.title.data or "", description=form.description.data or "")
    except CourseRefusedError as refused:
        form.title.errors = [str(refused.message)]
        return _page(form, course, 422)
    tell(_("%(title)s er gemt.", title=course.title))
    return redirect(back, code=303)
