"""The suitability assessment, the next step, and calls: what is written about one candidate."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, find_visible
from nbe.access.editing import Conflict, FieldConflict, conflict_page, find_conflict
from nbe.businesses.actions import undo_activity
from nbe.businesses.queries import list_reaches
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.core.notices import tell
from nbe.models import Activity, Candidacy
from nbe.models.states import ActivityKind, ActivityOutcome, CriterionAnswer, Stage
from nbe.pipeline import actions
from nbe.pipeline.forms import STEP_LABELS, ContactedForm, StepForm, VerdictForm, verdict_form
from nbe.pipeline.records import Weighed, weigh
from nbe.pipeline.routes import back_to
from nbe.pipeline.rules import MoveRefusedError

bp = Feature("assessments", __name__)


def _find(candidacy_id: int, *, for_update: bool) -> Candidacy:
    needs = Permission.CANDIDACIES_WRITE
    return find_visible(current_viewer(), Candidacy, candidacy_id, needs, for_update=for_update)


def _empty(candidacy: Candidacy, weighed: Weighed) -> VerdictForm:
    criteria = [(criterion.id, criterion.title) for criterion, _answer in weighed.answers]
    data: dict[str, Any] = {f"svar_{criterion.id}": answer for criterion, answer in weighed.answers}
    data |= {
        "reason": weighed.reason,
        "verdict": candidacy.verdict,
        "verdict_on": candidacy.verdict_on or clock.today(),
        "version": str(weighed.version),
    }
    return verdict_form(criteria)(formdata=None, data=data)


def _page(candidacy: Candidacy, form: VerdictForm, weighed: Weighed, status: int = 200) -> Any:
    page = render_template(
        "pipeline/assess.html", candidacy=candidacy, business=candidacy.business, form=form, weighed=weighed
    )
    return make_response(page, status)


@bp.get("/kandidater/<int:candidacy_id>/vurdering", needs=Permission.CANDIDACIES_WRITE)
def show(candidacy_id: int) -> Any:
    """The criteria and the verdict."""
    candidacy = _find(candidacy_id, for_update=False)
    weighed = weigh(candidacy)
    return _page(candidacy, _empty(candidacy, weighed), weighed)


@bp.post("/kandidater/<int:candidacy_id>/vurdering", needs=Permission.CANDIDACIES_WRITE)
def save(candidacy_id: int) -> Any:
    """Keep the answers; with a verdict, the candidate moves by it."""
    viewer, candidacy = current_viewer(), _find(candidacy_id, for_update=True)
    weighed = weigh(candidacy)
    form = verdict_form([(criterion.id, criterion.title) for criterion, _answer in weighed.answers])()
    if not form.validate():
        return _page(candidacy, form, weighed, 422)
    if form.read_version() not in (None, weighed.version):
        return conflict_page(
            _conflict(form, weighed),
            action=request.path,
            title=candidacy.business.name,
            back=url_for("pipeline.show", candidacy_id=candidacy.id),
        )
    answers: dict[int, CriterionAnswer] = {
        criterion.id: form[f"svar_{criterion.id}"].member
        for criterion, _answer in weighed.answers
        if form[f"svar_{criterion.id}"].member is not None
    }
    verdict, reason = form.verdict.member, form.reason.data or ""
    day = form.verdict_on.data or clock.today()
    try:
        if verdict is None or (verdict is candidacy.verdict and day == candidacy.verdict_on):
            actions.save_answers(candidacy, answers, reason, user_id=viewer.user_id)
            tell(_("Svarene er gemt."))
        else:
            actions.give_verdict(candidacy, verdict, day, reason, answers, user_id=viewer.user_id)
            rows = [row.id for row in actions.latest_moves(candidacy)][:1]
            text = _("%(name)s er vurderet: %(verdict)s.", name=candidacy.business.name, verdict=verdict.label)
            tell(text, undo=url_for("moves.undo", raekke=rows))
    except MoveRefusedError as refused:
        field = {"happened_on": "verdict_on"}.get(refused.field, refused.field)
        form[field if field in form else "verdict"].errors = [str(refused.message)]
        return _page(candidacy, form, weighed, 422)
    return redirect(back_to(url_for("pipeline.show", candidacy_id=candidacy.id)), code=303)


def _conflict(form: VerdictForm, weighed: Weighed) -> Conflict:
    """Somebody has answered meanwhile: theirs beside mine, criterion by criterion."""
    fields = []
    for criterion, answer in weighed.answers:
        name = f"svar_{criterion.id}"
        mine, theirs = str(form[name].data or ""), answer.value if answer else ""
        if mine != theirs:
            label = str(form[name].member.label) if form[name].member else ""
            fields.append(
                FieldConflict(name, criterion.title, mine, theirs, True, label, str(answer.label) if answer else "")
            )
    if (form.reason.data or "") != weighed.reason:
        fields.append(FieldConflict("reason", _("Begrundelse"), form.reason.data or "", weighed.reason, True))
    names = {field.name for field in fields} | {"csrf_token", "once", "version"}
    kept = tuple((key, value) for key, value in request.form.items() if key not in names)
    return Conflict(weighed.version, weighed.assessor, None, tuple(fields), kept)


@bp.post("/kandidater/<int:candidacy_id>/naeste-skridt", needs=Permission.CANDIDACIES_WRITE)
def step(candidacy_id: int) -> Any:
    """What comes next, and when."""
    candidacy, form = _find(candidacy_id, for_update=True), StepForm()
    here = url_for("pipeline.show", candidacy_id=candidacy.id)
    if not form.validate():
        return make_response(render_template("pipeline/step.html", candidacy=candidacy, form=form, back=here), 422)
    conflict = find_conflict(candidacy, form, STEP_LABELS)
    if conflict:
        return conflict_page(conflict, action=request.path, title=candidacy.business.name, back=here)
    actions.set_next_step(candidacy, form.next_step.data or "", form.next_step_on.data)
    tell(_("Næste skridt for %(name)s er gemt.", name=candidacy.business.name))
    return redirect(back_to(here), code=303)


def _call_page(candidacy: Candidacy, form: ContactedForm, status: int = 200) -> Any:
    page = render_template(
        "pipeline/call.html",
        candidacy=candidacy,
        business=candidacy.business,
        reach=list_reaches(current_viewer(), [candidacy.business_id])[candidacy.business_id],
        form=form,
        back=back_to(url_for("pipeline.show", candidacy_id=candidacy.id)),
    )
    return make_response(page, status)


@bp.get("/kandidater/<int:candidacy_id>/opkald", needs=Permission.CANDIDACIES_WRITE)
def call(candidacy_id: int) -> Any:
    """Quick entry of a call: outcome, note, next step."""
    candidacy = _find(candidacy_id, for_update=False)
    form = ContactedForm(formdata=None, data={"kind": ActivityKind.CALL, "happened_on": clock.today()})
    return _call_page(candidacy, form)


@bp.post("/kandidater/<int:candidacy_id>/opkald", needs=Permission.CANDIDACIES_WRITE)
def log(candidacy_id: int) -> Any:
    """Note the call; an outcome that says more than the stage moves the candidate along."""
    viewer, candidacy = current_viewer(), _find(candidacy_id, for_update=True)
    form = ContactedForm()
    if not form.validate():
        return _call_page(candidacy, form, 422)
    outcome: ActivityOutcome | None = form.outcome.member
    activity, is_moved = actions.log_call(
        candidacy,
        form.kind.member,
        form.happened_on.data or clock.today(),
        user_id=viewer.user_id,
        outcome=outcome,
        note=form.note.data or "",
        next_step=form.next_step.data or "",
        next_step_on=form.next_step_on.data,
    )
    name = candidacy.business.name
    text = _("%(name)s: %(kind)s er noteret.", kind=str(form.kind.member.label).lower(), name=name)
    href, moved = None, None
    if is_moved:
        moved = actions.latest_moves(candidacy)[0].id
        text = _("%(text)s Kandidaten er flyttet til %(stage)s.", text=text, stage=candidacy.stage.label)
    undo = url_for(".undo_call", candidacy_id=candidacy.id, activity_id=activity.id, raekke=moved)
    if outcome is ActivityOutcome.DECLINED and candidacy.stage is not Stage.CLOSED:
        href = url_for("moves.ask", candidacy_id=candidacy.id, til=Stage.CLOSED.value)
    tell(text, undo=undo, href=href, label=_("Luk kandidaten: takket nej"))
    return redirect(back_to(url_for("pipeline.show", candidacy_id=candidacy.id)), code=303)


@bp.post("/kandidater/<int:candidacy_id>/opkald/<int:activity_id>/fortryd", needs=Permission.CANDIDACIES_WRITE)
def undo_call(candidacy_id: int, activity_id: int) -> Any:
    """Take a call away again, and the move it made while that is still the latest."""
    viewer, candidacy = current_viewer(), _find(candidacy_id, for_update=True)
    activity = find_visible(viewer, Activity, activity_id, Permission.CANDIDACIES_WRITE, for_update=True)
    if activity.candidacy_id != candidacy.id:
        abort(404)
    undo_activity(candidacy.business, activity)
    moved = asked_number(request.args, "raekke")
    if moved is not None:
        actions.undo_move(candidacy, user_id=viewer.user_id, ledger_id=moved)
    tell(_("%(kind)s er fjernet igen.", kind=activity.kind.label))
    return redirect(back_to(url_for("pipeline.show", candidacy_id=candidacy.id)), code=303)
