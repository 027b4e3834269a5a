"""Screeninger: the list of visits, one visit with everything about it, and the visit of a candidate."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, find_visible, leave_trail
from nbe.access.permissions import Scope
from nbe.businesses.queries import municipality_choices
from nbe.core import clock
from nbe.core.arguments import addresses_of_pages, asked_number
from nbe.core.paging import page_number
from nbe.models import Candidacy, Screening
from nbe.models.states import SavingPhase, ScreeningRole, ScreeningState, Stage
from nbe.screenings.appointments.forms import CancelForm, HoldForm
from nbe.screenings.comparing import compare, list_earlier
from nbe.screenings.filters import read_filter
from nbe.screenings.listing import list_screenings, months_of, screeners_at_work
from nbe.screenings.queries import find_screening, screenings_of
from nbe.screenings.rules import POTENTIALS
from nbe.screenings.visit import entries_of, read_visit
from nbe.targets.queries import programme_choices

bp = Feature("screenings", __name__)
READ = Permission.SCREENINGS_READ


@bp.get("/screeninger", needs=READ)
def index() -> str:
    """The visits of a programme: the planned ones first, the soonest on top."""
    viewer, chosen = current_viewer(), read_filter(request.args)
    if chosen is None:
        return render_template("pages/nothing_yet.html", heading=_("Screeninger"))
    page = list_screenings(viewer, chosen, page_number())
    leave_trail("list", "screening", programme=chosen.programme.year, rows=len(page.rows))
    return render_template(
        "screenings/index.html",
        chosen=chosen,
        page=page,
        roles=ScreeningRole,
        shows_municipality=viewer.scope(READ) is Scope.ALL and chosen.municipality_code is None,
        page_href=addresses_of_pages(),
        query=request.query_string.decode(),
        programmes=programme_choices(),
        municipalities=municipality_choices(viewer, READ),
        states=[(state.value, state.label) for state in ScreeningState],
        screeners=screeners_at_work(viewer, chosen),
        months=months_of(viewer, chosen),
    )


@bp.get("/screeninger/eksport.<any(xlsx, csv):kind>", needs=READ)
def export(kind: str) -> BaseResponse:
    """The list as filtered, as a spreadsheet or Danish CSV."""
    from nbe.screenings.exporting import answer

    viewer, chosen = current_viewer(), read_filter(request.args)
    rows = list_screenings(viewer, chosen, size=None).rows if chosen else []
    leave_trail("export", "screening", what=f"screeninger.{kind}", rows=len(rows))
    return answer(rows, chosen, kind)


def visit_page(
    screening: Screening, hold: HoldForm | None = None, cancel: CancelForm | None = None, status: int = 200
) -> Any:
    """The page of one visit; a form that came back with errors stands in its place."""
    visit = read_visit(current_viewer(), screening)
    day = min(clock.today(), visit.row.starts_at.date())
    page = render_template(
        "screenings/show.html",
        visit=visit,
        screening=screening,
        business=screening.business,
        entries=entries_of(visit.told),
        roles=ScreeningRole,
        hold=hold or HoldForm(formdata=None, data={"day": day}),
        cancel=cancel or CancelForm(formdata=None),
    )
    return make_response(page, status)


@bp.get("/screeninger/<int:screening_id>", needs=READ)
def show(screening_id: int) -> Any:
    """Everything about one visit."""
    screening = find_screening(current_viewer(), screening_id)
    leave_trail("read", "screening", screening.id)
    return visit_page(screening)


@bp.get("/kandidater/<int:candidacy_id>/screening", needs=READ)
def of_candidacy(candidacy_id: int) -> BaseResponse:
    """The candidate's latest visit; without one, the page to agree it on for those who may."""
    viewer = current_viewer()
    candidacy = find_visible(viewer, Candidacy, candidacy_id, READ)
    known = screenings_of(viewer, candidacy.id)
    if known:
        standing = [one for one in known if one.state is not ScreeningState.CANCELLED]
        return redirect(url_for(".show", screening_id=(standing or known)[0].id))
    may_plan = viewer.may(Permission.SCREENINGS_PLAN, candidacy.business.municipality_code)
    if may_plan and candidacy.stage is not Stage.CLOSED:
        return redirect(url_for("appointments.new", candidacy_id=candidacy.id))
    return redirect(url_for("pipeline.show", candidacy_id=candidacy.id))


@bp.get("/screeninger/<int:screening_id>/sammenlign", needs=READ)
def comparison(screening_id: int) -> str:
    """This visit beside the business's first, or another earlier one (`med`)."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id)
    leave_trail("read", "screening", screening.id)
    earlier = list_earlier(viewer, screening)
    asked = asked_number(request.args, "med")
    before = next((one for one in earlier if one.id == asked), next(iter(earlier), None))
    return render_template(
        "screenings/compare.html",
        screening=screening,
        business=screening.business,
        earlier=earlier,
        found=compare(viewer, before, screening) if before else None,
        potentials=POTENTIALS,
        phases=list(SavingPhase),
    )
