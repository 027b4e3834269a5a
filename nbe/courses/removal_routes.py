"""Taking an empty team or course away, and bringing it back."""

from __future__ import annotations

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer
from nbe.core.notices import tell
from nbe.courses import actions, queries
from nbe.courses.actions import CourseRefusedError
from nbe.models import Course, Team

bp = Feature("course_removal", __name__)
WRITE = Permission.COURSES_WRITE


@bp.post("/kurser/hold/<int:team_id>/fjern", needs=WRITE)
def remove_team(team_id: int) -> BaseResponse:
    """Take a team away that nobody is on."""
    team = queries.find_team(current_viewer(), team_id, WRITE)
    year = team.course.programme.year
    try:
        actions.remove_team(team)
    except CourseRefusedError as refused:
        tell(refused.message, "warning")
        return redirect(url_for("teams.show", team_id=team.id), code=303)
    tell(_("%(team)s er fjernet.", team=team.name), undo=url_for(".restore_team", team_id=team.id))
    return redirect(url_for("courses.index", aar=year), code=303)


@bp.post("/kurser/hold/<int:team_id>/genopret", needs=WRITE)
def restore_team(team_id: int) -> BaseResponse:
    """Bring it back."""
    team = queries.find_removed(Team, team_id)
    actions.restore_team(team)
    tell(_("%(team)s er tilbage.", team=team.name))
    return redirect(url_for("teams.show", team_id=team.id), code=303)


@bp.post("/kurser/<int:course_id>/fjern", needs=WRITE)
def remove_course(course_id: int) -> BaseResponse:
    """Take a course away that has no teams."""
    course = queries.find_course(current_viewer(), course_id, WRITE, for_update=True)
    year = course.programme.year
    try:
        actions.remove_course(course)
    except CourseRefusedError as refused:
        tell(refused.message, "warning")
        return redirect(url_for("courses.edit", course_id=course.id), code=303)
    tell(_("%(title)s er fjernet.", title=course.title), undo=url_for(".restore_course", course_id=course.id))
    return redirect(url_for("courses.index", aar=year), code=303)


@bp.post("/kurser/<int:course_id>/genopret", needs=WRITE)
def restore_course(course_id: int) -> BaseResponse:
    """Bring it back."""
    course = queries.find_removed(Course, course_id)
    actions.restore_course(course)
    tell(_("%(title)s er tilbage.", title=course.title))
    return redirect(url_for("courses.index", aar=course.programme.year), code=303)
