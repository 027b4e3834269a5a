"""Pages of measures: the list of a municipality, one measure, a new one."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.editing import conflict_page
from nbe.access.permissions import Scope
from nbe.businesses.queries import municipality_choices
from nbe.core import clock
from nbe.core.addresses import local_path
from nbe.core.arguments import address_with, addresses_of_pages, asked_number
from nbe.core.notices import tell
from nbe.core.paging import page_number
from nbe.measures import actions, queries
from nbe.measures.conflicts import find_measure_conflict
from nbe.measures.filters import MeasureFilter, read_filter
from nbe.measures.forms import MeasureForm, MeasureMoveForm, filled, measure_form, name_of
from nbe.measures.listing import list_measures_of, sum_measures
from nbe.measures.rules import MeasureRefusedError, is_overdue, needs_reason, next_state
from nbe.measures.show import by_phase, entries_of, losses, owners, payback_text, phases_of_form
from nbe.models import Measure
from nbe.models.states import MeasureState, Quantity, SavingPhase, Stage
from nbe.targets.queries import programme_choices

bp = Feature("measures", __name__)
READ, WRITE = Permission.SCREENINGS_READ, Permission.SCREENINGS_WRITE


def back_to(default: str) -> str:
    """Where the page came from, when that is a page of ours."""
    return local_path(request.values.get("next")) or default


def to_plan(candidacy_id: int) -> str:
    """The address of a candidate's plan."""
    return url_for("plans.show", candidacy_id=candidacy_id)


@bp.get("/tiltag", needs=READ)
def index() -> str:
    """The measures of a municipality on a day, with the sums that the figures show."""
    viewer, chosen = current_viewer(), read_filter(request.args)
    if chosen is None:
        return render_template("measures/none.html", may_administer=viewer.may(Permission.TARGETS_WRITE))
    page = list_measures_of(viewer, chosen, page_number())
    leave_trail("list", "measure", programme=chosen.programme.year, rows=len(page.rows))
    return render_template(
        "measures/index.html",
        chosen=chosen,
        page=page,
        sums=sum_measures(viewer, chosen),
        payback_text=payback_text,
        shows_municipality=viewer.scope(READ) is Scope.ALL and chosen.municipality_code is None,
        page_href=addresses_of_pages(),
        address_with=address_with,
        query=request.query_string.decode(),
        programmes=programme_choices(),
        municipalities=municipality_choices(viewer, READ),
        states=[(state.value, state.label) for state in MeasureState],
        phases=[(phase.value, phase.label) for phase in SavingPhase],
    )


@bp.get("/tiltag/eksport.<any(xlsx, csv):kind>", needs=READ)
def export(kind: str) -> BaseResponse:
    """The list as filtered, as a spreadsheet or Danish CSV."""
    from nbe.measures.exporting import answer

    viewer, chosen = current_viewer(), read_filter(request.args)
    rows = list_measures_of(viewer, chosen, size=None).rows if isinstance(chosen, MeasureFilter) else []
    leave_trail("export", "measure", what=f"tiltag.{kind}", rows=len(rows))
    return answer(rows, chosen, kind)


def _page(measure: Measure, form: MeasureForm, move: MeasureMoveForm | None = None, status: int = 200) -> Any:
    viewer = current_viewer()
    told = queries.list_told(measure)
    if move is None:
        asked = request.args.get("til", "") or next_state(measure.state)
        move = MeasureMoveForm(formdata=None, data={"happened_on": clock.today(), "til": asked})
    page = render_template(
        "measures/show.html",
        measure=measure,
        form=form,
        move=move,
        entries=entries_of(told),
        latest=next((row for row in told if not row.is_undone), None),
        may_write=queries.may_write(viewer, measure.candidacy),
        by_phase=by_phase(measure),
        quantities=list(Quantity),
        is_late=is_overdue(measure.state, measure.due_on, clock.today()),
    )
    return make_response(page, status)


def _form(measure: Measure, **options: Any) -> MeasureForm:
    phases = phases_of_form(measure)
    if request.method == "POST":  # what the page did not ask is not answered
        asked = {phase for phase in SavingPhase if name_of(phase, Quantity.MONEY, "amount") in request.form}
        phases = [phase for phase in phases if phase in asked]
    kept = {saving.factor_id for saving in measure.savings}
    factors = [factor for factor in queries.list_factors() if factor.is_active or factor.id in kept]
    return measure_form(phases, factors, owners(current_viewer(), measure.business_id, measure.owner), **options)


@bp.get("/tiltag/<int:measure_id>", needs=READ)
def show(measure_id: int) -> Any:
    """One measure: words, numbers of each phase, its state and what was told of it."""
    measure = queries.find_measure(current_viewer(), measure_id)
    leave_trail("read", "measure", measure.id)
    return _page(measure, _form(measure, formdata=None, data=filled(measure)))


@bp.post("/tiltag/<int:measure_id>", needs=WRITE)
def save(measure_id: int) -> Any:
    """Keep words and numbers; somebody who was first is shown, not overwritten."""
    viewer = current_viewer()
    measure = queries.find_measure(viewer, measure_id, WRITE, for_update=True)
    form = _form(measure)
    if not form.validate():
        return _page(measure, form, status=422)
    conflict = find_measure_conflict(measure, form)
    if conflict:
        back = url_for(".show", measure_id=measure.id)
        return conflict_page(conflict, action=request.path, title=measure.title or _("Tiltag"), back=back)
    try:
        actions.edit_measure(measure, **form.texts())
        row = actions.set_all_savings(
            measure, form.amounts(measure), user_id=viewer.user_id, happened_on=form.happened_on.data
        )
    except MeasureRefusedError as refused:
        refuse(form, refused)
        return _page(measure, form, status=422)
    undo = url_for(".undo", measure_id=measure.id, raekke=row) if row else None
    tell_saved(_("%(title)s er gemt.", title=measure.title), form, undo)
    return redirect(back_to(to_plan(measure.candidacy_id)), code=303)


def refuse(form: MeasureForm, refused: MeasureRefusedError) -> None:
    """Put what was refused at its field."""
    field = refused.field if refused.field in form else "title"
    form[field].errors = [*form[field].errors, str(refused.message)]


def tell_saved(text: str, form: MeasureForm, undo: str | None) -> None:
    """Say that it is saved, and which consumption rises by it."""
    lost = losses(form.amounts())
    if lost:
        text = _(
            "%(text)s Bemærk: tallet er negativt for %(what)s, så forbruget stiger.", text=text, what=", ".join(lost)
        )
    tell(text, "warning" if lost else "success", undo=undo)


@bp.post("/tiltag/<int:measure_id>/flyt", needs=WRITE)
def move(measure_id: int) -> Any:
    """Move a measure; the first one started makes the candidate *Tiltag i gang*."""
    viewer = current_viewer()
    measure = queries.find_measure(viewer, measure_id, WRITE, for_update=True)
    form, before = MeasureMoveForm(), measure.candidacy.stage
    if form.fra.data and form.fra.data != measure.state.value:
        text = _("En anden har flyttet tiltaget. Det står nu som %(state)s.", state=str(measure.state.label).lower())
        form.til.errors = [text]
        return _page(measure, _form_of(measure), form, 409)
    if form.validate():
        if "reason" not in request.form and needs_reason(measure.state, form.til.member):
            return redirect(url_for(".show", measure_id=measure.id, til=form.til.data) + "#flyt", code=303)
        day = form.happened_on.data or clock.today()
        try:
            row = actions.move_measure(
                measure, form.til.member, day, user_id=viewer.user_id, reason=form.reason.data or ""
            )
        except MeasureRefusedError as refused:
            field = {"to": "til"}.get(refused.field, refused.field)
            form[field if field in form else "til"].errors = [str(refused.message)]
        else:
            _tell_moved(measure, before, row)
            return redirect(back_to(to_plan(measure.candidacy_id)), code=303)
    return _page(measure, _form_of(measure), form, 422)


def _form_of(measure: Measure) -> MeasureForm:
    """The form as the record stands, on a page that was asked for something else."""
    kept = {saving.factor_id for saving in measure.savings}
    factors = [factor for factor in queries.list_factors() if factor.is_active or factor.id in kept]
    people = owners(current_viewer(), measure.business_id, measure.owner)
    return measure_form(phases_of_form(measure), factors, people, formdata=None, data=filled(measure))


def _tell_moved(measure: Measure, before: Stage, row: int) -> None:
    candidacy = measure.candidacy
    text = _(
        "%(title)s er nu: %(state)s.", title=measure.title or _("Tiltaget"), state=str(measure.state.label).lower()
    )
    if candidacy.stage is not before:
        text = _("%(text)s Kandidaten er flyttet til %(stage)s.", text=text, stage=candidacy.stage.label)
        if before.position < Stage.PLANNED.position:
            text = _("%(text)s Handlingsplanen er ikke vedtaget endnu.", text=text)
    tell(text, undo=url_for(".undo", measure_id=measure.id, raekke=row))


@bp.post("/tiltag/<int:measure_id>/fortryd", needs=WRITE)
def undo(measure_id: int) -> Any:
    """Take the latest move or change of numbers back, while it is the latest."""
    viewer = current_viewer()
    measure = queries.find_measure(viewer, measure_id, WRITE, for_update=True)
    candidacy_id = measure.candidacy_id
    if actions.undo_measure(measure, user_id=viewer.user_id, ledger_id=asked_number(request.args, "raekke")):
        tell(_("Det er fortrudt."))
    else:
        tell(_("Tiltaget er ændret igen siden; det står, som det stod."), "warning")
    return redirect(to_plan(candidacy_id) if measure.is_hidden else back_to(to_plan(candidacy_id)), code=303)
