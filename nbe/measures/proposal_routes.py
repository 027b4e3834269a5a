"""Proposals: put forward without a screening, taken away, brought back."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, find_visible
from nbe.core import clock
from nbe.core.arguments import asked_text
from nbe.core.notices import tell
from nbe.measures import actions, queries
from nbe.measures.forms import MeasureForm, measure_form
from nbe.measures.routes import refuse, tell_saved, to_plan
from nbe.measures.rules import MeasureRefusedError
from nbe.measures.show import owners
from nbe.models import Candidacy
from nbe.models.states import Quantity, SavingPhase, Stage

bp = Feature("proposals", __name__)
WRITE = Permission.SCREENINGS_WRITE


@bp.post("/tiltag/<int:measure_id>/fjern", needs=WRITE)
def remove(measure_id: int) -> Any:
    """Take a proposal away; it can be brought back."""
    viewer = current_viewer()
    measure = queries.find_measure(viewer, measure_id, WRITE, for_update=True)
    try:
        actions.remove_measure(measure, user_id=viewer.user_id)
    except MeasureRefusedError as refused:
        tell(refused.message, "warning")
        return redirect(url_for("measures.show", measure_id=measure.id), code=303)
    undo = url_for(".bring_back", candidacy_id=measure.candidacy_id, noegle=measure.key)
    tell(_("%(title)s er fjernet.", title=measure.title or _("Tiltaget")), undo=undo)
    return redirect(to_plan(measure.candidacy_id), code=303)


@bp.post("/kandidater/<int:candidacy_id>/tiltag/genopret", needs=WRITE)
def bring_back(candidacy_id: int) -> Any:
    """Bring a proposal back that was taken away."""
    viewer = current_viewer()
    candidacy = find_visible(viewer, Candidacy, candidacy_id, WRITE, for_update=True)
    measure = actions.restore_measure(candidacy, asked_text(request.args, "noegle"), user_id=viewer.user_id)
    if measure is None:
        tell(_("Tiltaget findes ikke mere."), "warning")
    else:
        tell(_("%(title)s er tilbage.", title=measure.title or _("Tiltaget")))
    return redirect(to_plan(candidacy.id), code=303)


def _new_page(candidacy: Candidacy, form: MeasureForm, status: int = 200) -> Any:
    page = render_template(
        "measures/new.html", candidacy=candidacy, form=form, quantities=list(Quantity), back=to_plan(candidacy.id)
    )
    return make_response(page, status)


def _new_form(candidacy: Candidacy, **options: Any) -> MeasureForm:
    factors = queries.list_factors(only_active=True)
    people = owners(current_viewer(), candidacy.business_id)
    form = measure_form([SavingPhase.IDENTIFIED], factors, people, **options)
    form.happened_on.label.text = _("Foreslået den")
    form.happened_on.description = _("I dag, hvis den er tom.")
    return form


@bp.get("/kandidater/<int:candidacy_id>/tiltag/nyt", needs=WRITE)
def new(candidacy_id: int) -> Any:
    """An empty form; no screening is needed."""
    candidacy = find_visible(current_viewer(), Candidacy, candidacy_id, WRITE)
    return _new_page(candidacy, _new_form(candidacy, formdata=None, data={"happened_on": clock.today()}))


@bp.post("/kandidater/<int:candidacy_id>/tiltag/nyt", needs=WRITE)
def create(candidacy_id: int) -> Any:
    """Put a measure forward."""
    viewer = current_viewer()
    candidacy = find_visible(viewer, Candidacy, candidacy_id, WRITE, for_update=True)
    form = _new_form(candidacy)
    if candidacy.stage is Stage.CLOSED:
        form.title.errors = [_("Kandidaten er lukket. Genåbn den først.")]
        return _new_page(candidacy, form, 422)
    if not form.validate():
        return _new_page(candidacy, form, 422)
    try:
        measure = actions.propose_measure(candidacy, user_id=viewer.user_id, happened_on=form.happened_on.data)
        actions.edit_measure(measure, **form.texts())
        actions.set_all_savings(measure, form.amounts(), user_id=viewer.user_id)
    except MeasureRefusedError as refused:
        refuse(form, refused)
        return _new_page(candidacy, form, 422)
    tell_saved(_("%(title)s er tilføjet.", title=measure.title), form, url_for(".remove", measure_id=measure.id))
    return redirect(to_plan(candidacy.id), code=303)
