"""Agreeing a visit with a candidate, and changing what is agreed."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, find_visible
from nbe.access.editing import conflict_page
from nbe.core import clock
from nbe.core.notices import tell
from nbe.models import Candidacy, Screening
from nbe.models.states import ScreeningState, Stage
from nbe.pipeline.rules import lacks_verdict
from nbe.screenings import actions
from nbe.screenings.appointments.filling import edit_form, find_appointment_conflict, new_form, proposed_form
from nbe.screenings.appointments.forms import CONTACT, OBSERVER, AppointmentForm
from nbe.screenings.queries import find_screening, screenings_of
from nbe.screenings.rules import ScreeningRefusedError, is_open
from nbe.screenings.visit import missing_in

bp = Feature("appointments", __name__)
PLAN = Permission.SCREENINGS_PLAN


def _page(form: AppointmentForm, candidacy: Candidacy, screening: Screening | None = None, status: int = 200) -> Any:
    page = render_template(
        "screenings/appointment.html",
        form=form,
        candidacy=candidacy,
        business=candidacy.business,
        screening=screening,
        observers=form.ticks(OBSERVER),
        contacts=form.ticks(CONTACT),
        has_screeners=bool(form.ticks(OBSERVER)),
    )
    return make_response(page, status)


@bp.get("/kandidater/<int:candidacy_id>/screening/ny", needs=PLAN)
def new(candidacy_id: int) -> Any:
    """An appointment to be made, with what is known already."""
    viewer = current_viewer()
    candidacy = find_visible(viewer, Candidacy, candidacy_id, PLAN)
    planned = next((one for one in screenings_of(viewer, candidacy.id) if is_open(one.state)), None)
    if planned is not None:
        return redirect(url_for("screenings.show", screening_id=planned.id))
    if candidacy.stage is Stage.CLOSED:
        tell(_("Kandidaten er lukket. Genåbn den, før der aftales en screening."), "warning")
        return redirect(url_for("pipeline.show", candidacy_id=candidacy.id))
    return _page(proposed_form(viewer, candidacy), candidacy)


@bp.post("/kandidater/<int:candidacy_id>/screening/ny", needs=PLAN)
def create(candidacy_id: int) -> Any:
    """Agree the visit; the candidate comes to *Screening planlagt*."""
    viewer = current_viewer()
    candidacy = find_visible(viewer, Candidacy, candidacy_id, PLAN, for_update=True)
    form, before, step = new_form(viewer, candidacy), candidacy.stage, candidacy.next_step
    if not form.validate():
        return _page(form, candidacy, status=422)
    try:
        screening = actions.plan_screening(candidacy, form.appointment(), user_id=viewer.user_id)
    except ScreeningRefusedError as refused:
        form.day.errors = [str(refused.message)]
        return _page(form, candidacy, status=422)
    _tell_planned(screening, before, step)
    return redirect(url_for("screenings.show", screening_id=screening.id), code=303)


def _tell_planned(screening: Screening, before: Stage, step: str) -> None:
    candidacy, starts = screening.candidacy, clock.danish(screening.starts_at)
    text = _("Screeningen er aftalt til den %(day)s kl. %(hour)s.", day=f"{starts:%d-%m-%Y}", hour=f"{starts:%H:%M}")
    if candidacy.stage is not before:
        text = _("%(text)s Kandidaten er flyttet til %(stage)s.", text=text, stage=candidacy.stage.label)
    if step and not candidacy.next_step:
        text = _('%(text)s Næste skridt "%(step)s" er udført.', text=text, step=step)
    missing, href = missing_in(screening.people), None
    if lacks_verdict(candidacy.stage, candidacy.verdict is not None):
        missing.append(_("vurderingen af egnethed"))
        href = url_for("assessments.show", candidacy_id=candidacy.id)
    if missing:
        text = _("%(text)s Mangler: %(missing)s.", text=text, missing=", ".join(missing))
    row = actions.latest_move(screening)
    undo = url_for("visit_steps.undo", screening_id=screening.id, raekke=row)
    tell(text, "warning" if missing else "success", undo=undo, href=href, label=_("Giv vurderingen nu"))


@bp.get("/screeninger/<int:screening_id>/rediger", needs=PLAN)
def edit(screening_id: int) -> Any:
    """What is agreed, to be changed."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, PLAN)
    if screening.state is ScreeningState.CANCELLED:
        tell(_("Besøget er aflyst. Aftal et nyt i stedet."), "warning")
        return redirect(url_for("screenings.show", screening_id=screening.id))
    return _page(edit_form(viewer, screening, is_sent=False), screening.candidacy, screening)


@bp.post("/screeninger/<int:screening_id>/rediger", needs=PLAN)
def save(screening_id: int) -> Any:
    """Keep what is agreed; somebody who was first is shown, not overwritten."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, PLAN, for_update=True)
    form, back = edit_form(viewer, screening, is_sent=True), url_for("screenings.show", screening_id=screening.id)
    if not form.validate():
        return _page(form, screening.candidacy, screening, 422)
    conflict = find_appointment_conflict(screening, form)
    if conflict:
        return conflict_page(conflict, action=request.path, title=screening.business.name, back=back)
    try:
        actions.change_appointment(screening, form.appointment())
    except ScreeningRefusedError:
        tell(_("Besøget er aflyst. Aftal et nyt i stedet."), "warning")
        return redirect(back, code=303)
    missing = missing_in(screening.people)
    text = _("Aftalen er gemt.")
    if missing:
        text = _("%(text)s Mangler: %(missing)s.", text=text, missing=", ".join(missing))
    tell(text, "warning" if missing else "success")
    return redirect(back, code=303)
