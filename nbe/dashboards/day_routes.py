"""Min dag: the start page of those who work with candidates."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.permissions import Scope
from nbe.businesses.queries import municipality_choices
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.dashboards.day import build_day
from nbe.dashboards.gathered import list_gathered
from nbe.dashboards.visits import list_visits
from nbe.dashboards.work import list_work
from nbe.events.nearby import list_soon
from nbe.events.show import words
from nbe.models.states import ScreeningRole
from nbe.resources.queries import list_waiting
from nbe.targets.queries import current_programme

bp = Feature("day", __name__)


@bp.get("/min-dag", needs=Permission.DAY_READ)
def show() -> str:
    """Overdue, today, this week; silent and idle candidates; what is missing before the meeting."""
    viewer, programme = current_viewer(), current_programme(clock.today())
    if programme is None:
        return render_template("pages/nothing_yet.html", heading=_("Min dag"))
    choices = municipality_choices(viewer, Permission.DAY_READ)
    sees_all = viewer.scope(Permission.DAY_READ) is Scope.ALL
    asked = asked_number(request.args, "kommune")
    code = viewer.municipality_code if not sees_all else asked if asked in dict(choices) else None
    day = build_day(viewer, programme, code)
    may_write = viewer.may(Permission.CANDIDACIES_WRITE)
    leave_trail("list", "contact", rows=len(day.reaches) if may_write else 0)
    return render_template(
        "dashboards/day.html",
        day=day,
        programme=programme,
        code=code,
        municipalities=choices if sees_all else [],
        name=dict(choices).get(code) if code else None,
        work=list_work(viewer, programme, code),
        visits=list_visits(viewer, code),
        roles=ScreeningRole,
        loans=list_waiting(viewer, programme.id, code) if viewer.may(Permission.RESOURCES_WRITE) else [],
        gathered=list_gathered(viewer, code),
        events=list_soon(viewer, code),
        event_words=words,
        may_write=may_write,
        here=request.full_path.rstrip("?"),
    )
