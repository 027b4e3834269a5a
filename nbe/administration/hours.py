"""The hours of one forløb, task by task: saved for the eleven from today on, with what was said before."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer
from nbe.access.editing import FieldConflict, conflict_page
from nbe.access.tables import make_conflict
from nbe.administration.forms import TaskHoursForm, task_hours_form
from nbe.administration.programmes import find_year
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.core.notices import tell
from nbe.models import Programme
from nbe.models.states import HourTask
from nbe.resources import actions, queries
from nbe.resources.forms import show_hours
from nbe.targets.queries import current_programme, list_programmes

bp = Feature("hours", __name__, url_prefix="/administration/timer")

Page = str | tuple[str, int] | BaseResponse


@bp.get("", needs=Permission.SETTINGS_ADMIN)
def index() -> Page:
    """This year's; without a programme, the place to make one."""
    programme = current_programme(clock.today())
    return _edit_page(programme) if programme else redirect(url_for("programmes.index"))


def _current(programme: Programme) -> dict[str, str]:
    return {task.value: show_hours(hours) for task, hours in queries.task_hours(programme.id).items()}


@bp.get("/<int:year>", needs=Permission.SETTINGS_ADMIN)
def edit(year: int) -> str:
    """What each task takes, and what it took before."""
    return _edit_page(find_year(year))


def _edit_page(programme: Programme) -> str:
    form = task_hours_form(queries.task_hours(programme.id))
    form.remember(_current(programme))
    return _page(programme, form)


def _page(programme: Programme, form: TaskHoursForm) -> str:
    hours = queries.task_hours(programme.id)
    return render_template(
        "administration/hours.html",
        programme=programme,
        form=form,
        total=sum(hours.values()),
        tasks=list(HourTask),
        changes=queries.list_norm_changes(programme.id),
        years=[other.year for other in list_programmes()],
    )


@bp.post("/<int:year>", needs=Permission.SETTINGS_ADMIN)
def save(year: int) -> Page:
    """Keep what each task takes; somebody who was first is shown, not overwritten."""
    programme = find_year(year, for_update=True)
    form, current = task_hours_form(queries.task_hours(programme.id)), _current(programme)
    if not form.validate():
        return _page(programme, form), 422
    fields = form.differences(current, {task.value: str(task.label) for task in HourTask})
    if fields and form.is_touched(current):
        return _choose(programme, form, current, fields)
    rows = actions.set_norm(programme, form.hours, user_id=current_viewer().user_id)
    if rows:
        text = _("Et forløb i %(year)s tager nu %(hours)s timer.", year=year, hours=show_hours(form.total))
        tell(text, undo=url_for(".undo", year=year, raekke=rows[0]))
    else:
        tell(_("Der var intet at gemme: timerne står, som de stod."), "info")
    return redirect(url_for(".edit", year=year), 303)


def _choose(
    programme: Programme, form: TaskHoursForm, current: dict[str, str], fields: list[FieldConflict]
) -> BaseResponse:
    form.remember(current)
    latest = next(iter(queries.list_norm_changes(programme.id)), None)
    who, when = (latest.who, latest.moment) if latest else ("", None)
    conflict = make_conflict(fields, {"base": form.base.data or ""}, who, when)
    title = _("Timer pr. forløb %(year)s", year=programme.year)
    return conflict_page(conflict, action=request.path, title=title, back=url_for(".edit", year=programme.year))


@bp.post("/<int:year>/fortryd", needs=Permission.SETTINGS_ADMIN)
def undo(year: int) -> BaseResponse:
    """Take the latest saving back, while it is the latest."""
    programme = find_year(year, for_update=True)
    try:
        row = asked_number(request.args, "raekke") or 0
        actions.undo_norm(programme, row, user_id=current_viewer().user_id)
    except actions.ChangedSinceError:
        tell(_("Timerne er ændret igen siden; de står, som de stod."), "warning")
    else:
        tell(_("Timerne står igen, som de stod før."))
    return redirect(url_for(".edit", year=year), 303)
