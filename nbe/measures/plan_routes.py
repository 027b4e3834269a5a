"""The plan of a candidate: its measures side by side, what goes into it, its adoption, and the looks afterwards."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, find_visible, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.core import clock
from nbe.core.addresses import local_path
from nbe.core.notices import tell
from nbe.measures import actions, queries
from nbe.measures.plan_forms import FollowUpForm, PlanForm
from nbe.measures.rules import MeasureRefusedError, is_early, sums
from nbe.measures.show import payback_text, unsettled_in, view_of
from nbe.models import Candidacy, FollowUp, Measure
from nbe.models.states import MeasureState, SavingPhase, Stage

bp = Feature("plans", __name__)
READ, WRITE = Permission.SCREENINGS_READ, Permission.SCREENINGS_WRITE
LOOK_LABELS = {"held_on": FollowUpForm.held_on.args[0], "note": FollowUpForm.note.args[0]}


def _stamp(candidacy: Candidacy, measures: list[Measure]) -> str:
    """What of the plan a page has shown."""
    plan = actions.find_plan(candidacy)
    shown = [f"{m.id}-{m.state.value}-{int(m.is_in_plan)}" for m in sorted(measures, key=lambda m: m.id)]
    return ".".join([str(plan.version if plan else 0), *shown])


def _page(candidacy: Candidacy, form: PlanForm | None = None, status: int = 200, *, is_changed: bool = False) -> Any:
    viewer = current_viewer()
    measures = queries.list_measures(candidacy.id)
    plan = actions.find_plan(candidacy)
    if form is None:
        form = PlanForm(formdata=None, obj=plan)
        form.adopted_on.data = form.adopted_on.data or clock.today()
        form.valgt.data = [str(measure.id) for measure in measures if measure.is_in_plan]
    form.stand.data, form.stand.raw_data = _stamp(candidacy, measures), None
    counted = {m.id for m in measures if m.state is not MeasureState.ABANDONED}
    savings = [saving for measure in measures if measure.id in counted for saving in measure.savings]
    required = candidacy.programme.measures_required
    page = render_template(
        "measures/plan.html",
        candidacy=candidacy,
        business=candidacy.business,
        measures=measures,
        views={measure.id: view_of(measure, clock.today()) for measure in measures},
        phases=list(SavingPhase),
        payback_text=payback_text,
        plan=plan,
        form=form,
        chosen=set(form.valgt.data or []),
        is_changed=is_changed,
        missing=actions.missing_for_plan(measures, required),
        unsettled=unsettled_in(measures),
        required=required,
        looks=queries.list_follow_ups(candidacy.id),
        sums={phase: sums(savings, phase) for phase in SavingPhase},
        may_write=queries.may_write(viewer, candidacy) and candidacy.stage is not Stage.CLOSED,
        may_move=viewer.may(Permission.CANDIDACIES_WRITE, candidacy.business.municipality_code),
    )
    return make_response(page, status)


@bp.get("/kandidater/<int:candidacy_id>/plan", needs=READ)
def show(candidacy_id: int) -> Any:
    """All measures of the candidate, the plan, and the looks at how it goes."""
    candidacy = find_visible(current_viewer(), Candidacy, candidacy_id, READ)
    leave_trail("read", "action_plan", candidacy.id)
    return _page(candidacy)


@bp.post("/kandidater/<int:candidacy_id>/plan", needs=WRITE)
def save(candidacy_id: int) -> Any:
    """Choose what goes into the plan; with `vedtag`, adopt it."""
    viewer = current_viewer()
    candidacy = find_visible(viewer, Candidacy, candidacy_id, WRITE, for_update=True)
    form = PlanForm()
    if not form.validate():
        return _page(candidacy, form, 422)
    if form.stand.data and form.stand.data != _stamp(candidacy, queries.list_measures(candidacy.id)):
        return _page(candidacy, form, 409, is_changed=True)
    actions.choose_for_plan(candidacy, form.measure_ids)
    if "vedtag" not in request.form:
        tell(_("Valget af tiltag er gemt."))
        return redirect(url_for(".show", candidacy_id=candidacy.id), code=303)
    day = form.adopted_on.data or clock.today()
    by, note, before = form.adopted_by.data or "", form.note.data or "", candidacy.stage
    try:
        actions.adopt_plan(candidacy, day, by, user_id=viewer.user_id, note=note)
    except MeasureRefusedError as refused:
        field = {"measures": "valgt"}.get(refused.field, refused.field)
        form[field].errors = [str(refused.message)]
        return _page(candidacy, form, 422)
    tell(
        _with_stage(_("Handlingsplanen er vedtaget."), candidacy, before),
        undo=url_for(".undo", candidacy_id=candidacy.id),
    )
    return redirect(url_for(".show", candidacy_id=candidacy.id), code=303)


def _with_stage(text: str, candidacy: Candidacy, before: Stage) -> str:
    if candidacy.stage is before:
        return text
    return _("%(text)s Kandidaten er flyttet til %(stage)s.", text=text, stage=candidacy.stage.label)


@bp.post("/kandidater/<int:candidacy_id>/plan/fortryd", needs=WRITE)
def undo(candidacy_id: int) -> Any:
    """Take the adoption back."""
    viewer = current_viewer()
    candidacy = find_visible(viewer, Candidacy, candidacy_id, WRITE, for_update=True)
    try:
        if actions.undo_plan(candidacy, user_id=viewer.user_id):
            tell(_("Vedtagelsen er fortrudt. Tiltagene er forslag igen."))
    except MeasureRefusedError as refused:
        tell(refused.message, "warning")
    return redirect(url_for(".show", candidacy_id=candidacy.id), code=303)


def _look_page(look: FollowUp, candidacy: Candidacy, form: FollowUpForm, status: int = 200) -> Any:
    page = render_template(
        "measures/look.html",
        look=look,
        candidacy=candidacy,
        form=form,
        is_early=is_early(look.due_on, form.held_on.data or clock.today()),
        completes=actions.completes(look, candidacy),
        measures=queries.list_proposals(candidacy.id),
        may_write=queries.may_write(current_viewer(), candidacy),
    )
    return make_response(page, status)


@bp.get("/opfoelgninger/<int:look_id>", needs=READ)
def look(look_id: int) -> Any:
    """One look at how the plan goes."""
    viewer = current_viewer()
    found = queries.find_follow_up(viewer, look_id, READ)
    candidacy = find_visible(viewer, Candidacy, found.candidacy_id, READ)
    leave_trail("read", "follow_up", found.id)
    form = FollowUpForm(formdata=None, obj=found)
    form.held_on.data = form.held_on.data or clock.today()
    form.version.data = str(found.version)
    return _look_page(found, candidacy, form)


@bp.post("/opfoelgninger/<int:look_id>", needs=WRITE)
def hold(look_id: int) -> Any:
    """Note what was seen; the last look closes the candidate off."""
    viewer = current_viewer()
    found = queries.find_follow_up(viewer, look_id, WRITE, for_update=True)
    candidacy = find_visible(viewer, Candidacy, found.candidacy_id, WRITE)
    form = FollowUpForm()
    if not form.validate():
        return _look_page(found, candidacy, form, 422)
    back = url_for(".show", candidacy_id=candidacy.id)
    conflict = find_conflict(found, form, LOOK_LABELS)
    if conflict:
        return conflict_page(conflict, action=request.path, title=candidacy.business.name, back=back)
    if is_early(found.due_on, form.held_on.data) and not form.early.data:
        form.held_on.errors = [_("Det er mere end en måned før, opfølgningen er aftalt. Sæt kryds, hvis den er holdt.")]
        return _look_page(found, candidacy, form, 422)
    before = candidacy.stage
    actions.hold_follow_up(found, form.held_on.data, form.note.data or "", user_id=viewer.user_id)
    tell(_with_stage(_("Opfølgningen er noteret."), candidacy, before), undo=url_for(".undo_look", look_id=found.id))
    return redirect(local_path(request.form.get("next")) or back, code=303)


@bp.post("/opfoelgninger/<int:look_id>/fortryd", needs=WRITE)
def undo_look(look_id: int) -> Any:
    """It was not held after all."""
    found = queries.find_follow_up(current_viewer(), look_id, WRITE, for_update=True)
    actions.undo_follow_up(found, user_id=current_viewer().user_id)
    tell(_("Opfølgningen er fortrudt."))
    return redirect(url_for(".show", candidacy_id=found.candidacy_id), code=303)
