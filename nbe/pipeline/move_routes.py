"""Moving candidates: one, several with a preview, closing, opening again, and taking a move back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from nbe.access import Feature, Permission, current_viewer, find_visible
from nbe.core import clock
from nbe.core.notices import tell
from nbe.models import Candidacy
from nbe.models.states import CloseReason, Stage
from nbe.pipeline import actions
from nbe.pipeline.forms import ManyForm, MoveForm
from nbe.pipeline.records import find_moved, last_mover
from nbe.pipeline.routes import back_to
from nbe.pipeline.rules import Decision, MoveRefusedError, decide, needs_reason

bp = Feature("moves", __name__)
MOST = 200


def _page(candidacy: Candidacy, form: MoveForm, status: int = 200, moved: Any = None) -> Any:
    form.fra.data = candidacy.stage.value
    form.fra.raw_data = None
    page = render_template(
        "pipeline/move.html",
        candidacy=candidacy,
        form=form,
        to=form.til.member,
        moved=moved,
        is_reopening=candidacy.stage is Stage.CLOSED,
        back=back_to(url_for("pipeline.show", candidacy_id=candidacy.id)),
    )
    return make_response(page, status)


@bp.get("/kandidater/<int:candidacy_id>/flyt", needs=Permission.CANDIDACIES_WRITE)
def ask(candidacy_id: int) -> Any:
    """The move with its date and reason."""
    candidacy = find_visible(current_viewer(), Candidacy, candidacy_id, Permission.CANDIDACIES_WRITE)
    known = {stage.value for stage in Stage}
    to = request.args.get("til", "")
    if to not in known:
        to = actions.stage_before_closing(candidacy).value if candidacy.stage is Stage.CLOSED else ""
    form = MoveForm(formdata=None, data={"til": to, "happened_on": clock.today()})
    return _page(candidacy, form)


@bp.post("/kandidater/<int:candidacy_id>/flyt", needs=Permission.CANDIDACIES_WRITE)
def move(candidacy_id: int) -> Any:
    """Move one candidate; what needs a reason is asked for on a page of its own."""
    viewer = current_viewer()
    candidacy = find_visible(viewer, Candidacy, candidacy_id, Permission.CANDIDACIES_WRITE, for_update=True)
    form = MoveForm()
    if not form.validate():
        return _page(candidacy, form, 422)
    if form.fra.data and form.fra.data != candidacy.stage.value:
        return _page(candidacy, form, 409, last_mover(candidacy))
    wish = form.wish()
    if "reason" not in request.form and needs_reason(candidacy.stage, wish.to):
        place = url_for(".ask", candidacy_id=candidacy.id, til=wish.to.value, next=request.form.get("next"))
        return redirect(place, code=303)
    try:
        decision = actions.move_to_stage(candidacy, wish, user_id=viewer.user_id)
    except MoveRefusedError as refused:
        form[refused.field if refused.field in form else "til"].errors = [str(refused.message)]
        return _page(candidacy, form, 422)
    _tell_moved(candidacy, decision)
    return redirect(back_to(url_for("pipeline.show", candidacy_id=candidacy.id)), code=303)


def _tell_moved(candidacy: Candidacy, decision: Decision) -> None:
    undo = url_for(".undo", raekke=[row.id for row in actions.latest_moves(candidacy)][:1])
    name, stage = candidacy.business.name, candidacy.stage
    if stage is Stage.CLOSED and candidacy.close_reason is CloseReason.POSTPONED:
        text = _("%(name)s er udskudt til %(year)s.", name=name, year=candidacy.postponed_to_year)
    elif stage is Stage.CLOSED:
        reason = candidacy.close_reason.label if candidacy.close_reason else ""
        text = _("%(name)s er lukket: %(reason)s.", name=name, reason=reason)
    else:
        text = _("%(name)s er flyttet til %(stage)s.", name=name, stage=stage.label)
    missing = decision.missing
    if missing:
        text = _("%(text)s Mangler: %(missing)s.", text=text, missing=", ".join(missing))
    href, label = None, ""
    if Stage.SUITABLE in decision.skipped:
        href, label = url_for("assessments.show", candidacy_id=candidacy.id), _("Giv vurderingen nu")
    elif stage is Stage.SCREENING_PLANNED and candidacy.screening_on is None:
        href, label = url_for("appointments.new", candidacy_id=candidacy.id), _("Aftal dato og screener nu")
    tell(text, "warning" if missing else "success", undo=undo, href=href, label=label)


@bp.post("/kandidater/fortryd", needs=Permission.CANDIDACIES_WRITE)
def undo() -> Any:
    """Take moves back, each while it is still its candidate's latest."""
    viewer = current_viewer()
    asked = [raw for raw in request.args.getlist("raekke") if raw.isascii() and raw.isdigit() and len(raw) < 10][:MOST]
    ids = sorted({int(raw) for raw in asked})
    moved = find_moved(viewer, ids)
    if not ids or len(moved) != len(ids):
        abort(404)
    done = [c for c, ledger_id in moved if actions.undo_move(c, user_id=viewer.user_id, ledger_id=ledger_id)]
    late = len(moved) - len(done)
    if done:
        tell(ngettext("Flytningen er fortrudt.", "%(num)s flytninger er fortrudt.", len(done)))
    if late:
        text = ngettext(
            "En kandidat er flyttet igen siden; den står, hvor den stod.",
            "%(num)s kandidater er flyttet igen siden; de står, hvor de stod.",
            late,
        )
        tell(text, "warning")
    return redirect(back_to(url_for("pipeline.index")), code=303)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a common move would do with one candidate."""

    candidacy: Candidacy
    is_changed: bool
    refusal: str = ""
    missing: str = ""
    needs_reason: bool = False

    @property
    def is_going(self) -> bool:
        """Whether the move can be made."""
        return not self.refusal and not self.is_changed


def _chosen(raw: list[str], *, for_update: bool) -> list[tuple[Candidacy, str]]:
    wanted = {}
    for text in raw[:MOST]:
        key, _colon, seen = text.partition(":")
        if key.isascii() and key.isdigit() and len(key) < 10:
            wanted[int(key)] = seen
    viewer, needs = current_viewer(), Permission.CANDIDACIES_WRITE
    return [(find_visible(viewer, Candidacy, key, needs, for_update=for_update), wanted[key]) for key in sorted(wanted)]


def _plan(chosen: list[tuple[Candidacy, str]], form: ManyForm, *, with_reason: bool) -> list[Planned]:
    plans = []
    for candidacy, seen in chosen:
        wish = form.wish()
        asks = needs_reason(candidacy.stage, wish.to)
        if seen and seen != candidacy.stage.value:
            plans.append(Planned(candidacy, is_changed=True))
            continue
        if asks and not with_reason:
            # Reason and date are asked for below the list; here is said only what no reason mends.
            stands = candidacy.stage is wish.to
            refusal = _("Står der allerede.") if stands else ""
            plans.append(Planned(candidacy, is_changed=False, refusal=refusal, needs_reason=not stands))
            continue
        try:
            decision = decide(actions.standing_of(candidacy), wish, clock.today())
        except MoveRefusedError as refused:
            if refused.field in ("reason", "detail", "year"):  # the form's to mend, for all of them
                form[refused.field].errors = [str(refused.message)]
                plans.append(Planned(candidacy, is_changed=False, needs_reason=True))
            else:
                plans.append(Planned(candidacy, is_changed=False, refusal=str(refused.message)))
        else:
            plans.append(Planned(candidacy, False, missing=", ".join(decision.missing), needs_reason=asks))
    return plans


def _preview(form: ManyForm, plans: list[Planned], status: int = 200) -> Any:
    page = render_template(
        "pipeline/many.html",
        form=form,
        plans=plans,
        going=[plan for plan in plans if plan.is_going],
        asks_reason=any(plan.needs_reason for plan in plans),
        to=form.til.member,
        back=back_to(url_for("pipeline.index")),
    )
    return make_response(page, status)


@bp.get("/kandidater/flyt-flere", needs=Permission.CANDIDACIES_WRITE)
def preview() -> Any:
    """What a common move would do, before it is done."""
    known = {stage.value for stage in Stage}
    to = request.args.get("til", "")
    chosen = _chosen(request.args.getlist("valgt"), for_update=False)
    if not chosen or to not in known:
        tell(_("Vælg mindst én kandidat, og hvor den skal flyttes hen."), "warning")
        return redirect(back_to(url_for("pipeline.index")), code=303)
    form = ManyForm(formdata=None, data={"til": to, "happened_on": clock.today()})
    return _preview(form, _plan(chosen, form, with_reason=False))


@bp.post("/kandidater/flyt-flere", needs=Permission.CANDIDACIES_WRITE)
def move_many() -> Any:
    """Move all that can go; the page comes back when one has been moved meanwhile or cannot go."""
    form = ManyForm()
    is_valid = form.validate()
    chosen = _chosen(form.valgt.data or [], for_update=True)
    if not chosen or form.til.member is None:
        return redirect(back_to(url_for("pipeline.index")), code=303)
    plans = _plan(chosen, form, with_reason=True)
    if not is_valid or form.errors:
        return _preview(form, plans, 422)
    if any(plan.is_changed for plan in plans):
        return _preview(form, plans, 409)
    going = [plan.candidacy for plan in plans if plan.is_going]
    if not going:
        return _preview(form, plans, 422)
    for candidacy in going:
        actions.move_to_stage(candidacy, form.wish(), user_id=current_viewer().user_id)
    undo_rows = [actions.latest_moves(candidacy)[0].id for candidacy in going]
    text = ngettext(
        "%(num)s kandidat er flyttet til %(stage)s.",
        "%(num)s kandidater er flyttet til %(stage)s.",
        len(going),
        stage=form.til.member.label,
    )
    tell(text, undo=url_for(".undo", raekke=undo_rows))
    return redirect(back_to(url_for("pipeline.index")), code=303)
