"""Pages of candidates: board and table on one filter, one candidate, and naming new ones."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from nbe.access import Feature, Permission, Viewer, current_viewer, find_visible, leave_trail
from nbe.access.permissions import Scope
from nbe.businesses.queries import BusinessFilter, list_businesses, list_reaches, municipality_choices
from nbe.core.addresses import local_path
from nbe.core.arguments import address_with, addresses_of_pages, asked_text
from nbe.core.notices import tell
from nbe.core.paging import page_number
from nbe.models import Business, Candidacy
from nbe.models.industries import division_choices, division_label
from nbe.models.states import CloseReason, Source, Stage, StageGroup
from nbe.pipeline import actions, queries
from nbe.pipeline.board import build_board
from nbe.pipeline.filters import CandidateFilter, read_filter
from nbe.pipeline.forms import MoveForm, NamingForm, StepForm
from nbe.pipeline.records import candidate_ids, list_moves, list_others, weigh
from nbe.resources.queries import standing_of
from nbe.targets.queries import deadlines, find_programme, list_programmes, required

bp = Feature("pipeline", __name__)


def back_to(default: str) -> str:
    """Where the page came from, when that is a page of ours."""
    return local_path(request.values.get("next")) or default


@bp.get("/kandidater", needs=Permission.LISTS_READ)
def index() -> str:
    """The candidates as a board or a table."""
    viewer = current_viewer()
    chosen = read_filter(request.args, sees_details=viewer.may(Permission.BUSINESSES_READ))
    if chosen is None:
        return render_template("pages/nothing_yet.html", heading=_("Kandidater"))
    # A figure opens its rows as a table; the board is what one works on.
    is_table = chosen.is_past or request.args.get("visning", "tabel" if chosen.is_narrowed else "tavle") == "tabel"
    page = queries.list_candidates(viewer, chosen, page_number()) if is_table else None
    columns = [] if is_table else build_board(viewer, chosen)
    rows = len(page.rows) if page else sum(len(column.cards) for column in columns)
    leave_trail("list", "candidacy", programme=chosen.programme.year, rows=rows)
    return render_template(
        "pipeline/table.html" if is_table else "pipeline/board.html",
        chosen=chosen,
        is_table=is_table,
        may_write=viewer.may(Permission.CANDIDACIES_WRITE) and not chosen.is_past,
        shows_details=viewer.may(Permission.BUSINESSES_READ),
        shows_municipality=viewer.scope(Permission.LISTS_READ) is Scope.ALL and chosen.municipality_code is None,
        goal=_goal(viewer, chosen),
        address_with=address_with,
        page_href=addresses_of_pages(),
        query=request.query_string.decode(),
        here=request.full_path.rstrip("?"),
        stages=list(Stage),
        labels={stage.value: str(stage.label) for stage in Stage},
        page=page,
        columns=columns,
        **_choices(viewer),
    )


def _choices(viewer: Viewer) -> dict[str, Any]:
    groups = [(group.value, str(group.label)) for group in StageGroup]
    return {
        "programmes": [(programme.year, str(programme.year)) for programme in list_programmes()],
        "municipalities": municipality_choices(viewer, Permission.LISTS_READ),
        "steps": [*groups, *((stage.value, str(stage.label)) for stage in Stage if stage is not Stage.CLOSED)],
        "reasons": [(reason.value, reason.label) for reason in CloseReason],
        "divisions": division_choices(),
        "sources": [(source.value, str(source.label)) for source in Source],
    }


def _goal(viewer: Viewer, chosen: CandidateFilter) -> dict[str, Any]:
    """How far the municipality (or all) is: suitable, target, deadline, and the hours for them."""
    plain = CandidateFilter(
        chosen.programme,
        chosen.municipality_code,
        stages=StageGroup.SUITABLE.stages,
        as_of=chosen.as_of,
        is_past=chosen.is_past,
    )
    code = queries.seen_municipality(viewer, chosen)
    numbers, days = required(chosen.programme.id, chosen.day), deadlines(chosen.programme)
    deadline = days.get(code, chosen.programme.deadline_on) if code is not None else chosen.programme.deadline_on
    return {
        "suitable": queries.count_candidates(viewer, plain),
        "target": numbers.get(code, 0) if code is not None else sum(numbers.values()),
        "deadline": deadline,
        "days": (deadline - chosen.day).days,
        "code": code,
        "standing": standing_of(chosen.programme, chosen.day, code),
    }


@bp.get("/kandidater/<int:candidacy_id>", needs=Permission.BUSINESSES_READ)
def show(candidacy_id: int) -> str:
    """One candidate: where it stands, what comes next, its assessment, its moves."""
    viewer = current_viewer()
    candidacy = find_visible(viewer, Candidacy, candidacy_id)
    leave_trail("read", "candidacy", candidacy.id)
    step = StepForm(formdata=None, obj=candidacy)
    step.version.data = str(candidacy.version)
    move = MoveForm(formdata=None)
    return render_template(
        "pipeline/show.html",
        candidacy=candidacy,
        business=candidacy.business,
        reach=list_reaches(viewer, [candidacy.business_id])[candidacy.business_id],
        industry=division_label(candidacy.business.industry_code),
        moves=list_moves(candidacy),
        others=list_others(candidacy),
        assessment=weigh(candidacy),
        latest=[row.id for row in actions.latest_moves(candidacy)],
        may_write=viewer.may(Permission.CANDIDACIES_WRITE, candidacy.business.municipality_code),
        step_form=step,
        move_form=move,
        stages=list(Stage),
        here=request.path,
    )


@bp.get("/kandidater/ny", needs=Permission.CANDIDACIES_WRITE)
def pick() -> str:
    """Businesses to choose candidates among."""
    viewer, chosen = current_viewer(), read_filter(request.args)
    if chosen is None:
        abort(404)
    text = asked_text(request.args)
    asked = BusinessFilter(municipality_code=chosen.municipality_code, search=text)
    page = list_businesses(viewer, asked, page_number())
    form = NamingForm(formdata=None, data={"aar": chosen.programme.year})
    form.aar.choices = [(p.year, str(p.year)) for p in list_programmes()]
    return render_template(
        "pipeline/pick.html",
        form=form,
        page=page,
        text=text,
        chosen=chosen,
        known=candidate_ids(chosen.programme.id, [row.id for row in page.rows]),
        municipalities=municipality_choices(viewer, Permission.CANDIDACIES_WRITE),
        page_href=addresses_of_pages(),
    )


@bp.post("/kandidater/ny", needs=Permission.CANDIDACIES_WRITE)
def name() -> Any:
    """Make businesses candidates of a year."""
    viewer, form = current_viewer(), NamingForm()
    form.aar.choices = [(p.year, str(p.year)) for p in list_programmes()]
    ids = sorted({int(raw) for raw in form.virksomhed.data or [] if raw.isascii() and raw.isdigit() and len(raw) < 10})
    programme = find_programme(form.aar.data) if form.validate() else None
    if programme is None or not ids:
        tell(_("Vælg mindst én virksomhed og et forløbsår."), "warning")
        return redirect(url_for(".pick", aar=request.args.get("aar"), kommune=request.args.get("kommune")), code=303)
    businesses = [
        find_visible(viewer, Business, business_id, Permission.CANDIDACIES_WRITE, for_update=True)
        for business_id in ids[:200]
    ]
    named = [
        actions.name_candidate(business, programme, user_id=viewer.user_id, source=form.source.member)
        for business in businesses
    ]
    new = [candidacy for candidacy, is_new in named if is_new]
    undo = url_for("moves.undo", raekke=[actions.first_move(candidacy) for candidacy in new]) if new else None
    text = ngettext("%(num)s kandidat er føjet til %(year)s.", "%(num)s kandidater er føjet til %(year)s.", len(new),
                    year=programme.year)  # fmt: skip
    tell(text, undo=undo)
    one = url_for(".show", candidacy_id=named[0][0].id) if len(named) == 1 else None
    fallback = one or url_for(".index", aar=programme.year, kommune=request.args.get("kommune"))
    return redirect(back_to(fallback), code=303)
