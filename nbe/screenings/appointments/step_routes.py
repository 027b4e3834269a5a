"""A visit on its way: held, called off, and the latest step taken back."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer
from nbe.core.arguments import asked_number
from nbe.core.notices import tell
from nbe.models import Screening
from nbe.models.states import Stage
from nbe.screenings import actions
from nbe.screenings.appointments.forms import CancelForm, HoldForm
from nbe.screenings.queries import find_screening
from nbe.screenings.routes import visit_page
from nbe.screenings.rules import ScreeningRefusedError
from nbe.screenings.visit import read_visit

bp = Feature("visit_steps", __name__)
PLAN, WRITE = Permission.SCREENINGS_PLAN, Permission.SCREENINGS_WRITE


def _is_moved(screening: Screening, form: HoldForm | CancelForm, field: Any) -> bool:
    """Whether somebody has moved the visit since the page was made; then the field says so."""
    if not form.fra.data or form.fra.data == screening.state.value:
        return False
    text = _("En anden var først. Besøget står nu som %(state)s.", state=str(screening.state.label).lower())
    field.errors = [text]
    return True


def _to(screening: Screening) -> Any:
    return redirect(url_for("screenings.show", screening_id=screening.id), code=303)


def _tell_step(screening: Screening, text: str, before: Stage) -> None:
    candidacy = screening.candidacy
    if candidacy.stage is not before:
        text = _("%(text)s Kandidaten er flyttet til %(stage)s.", text=text, stage=candidacy.stage.label)
    tell(text, undo=url_for(".undo", screening_id=screening.id, raekke=actions.latest_move(screening)))


@bp.post("/screeninger/<int:screening_id>/gennemfoert", needs=WRITE)
def hold(screening_id: int) -> Any:
    """The visit was held; the candidate is *screenet*."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, WRITE, for_update=True)
    form, before = HoldForm(), screening.candidacy.stage
    if _is_moved(screening, form, form.day):
        return visit_page(screening, hold=form, status=409)
    if form.validate():
        try:
            actions.hold_screening(screening, form.day.data, user_id=viewer.user_id)
        except ScreeningRefusedError as refused:
            form.day.errors = [str(refused.message)]
        else:
            _tell_step(screening, _("Besøget er noteret som gennemført."), before)
            return _to(screening)
    return visit_page(screening, hold=form, status=422)


@bp.post("/screeninger/<int:screening_id>/aflys", needs=PLAN)
def cancel(screening_id: int) -> Any:
    """The visit is called off, with why; the candidate goes back to where it stood."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, PLAN, for_update=True)
    form, before = CancelForm(), screening.candidacy.stage
    if _is_moved(screening, form, form.reason):
        return visit_page(screening, cancel=form, status=409)
    if form.validate():
        try:
            actions.cancel_screening(screening, form.reason.data or "", user_id=viewer.user_id)
        except ScreeningRefusedError as refused:
            form.reason.errors = [str(refused.message)]
        else:
            _tell_step(screening, _("Besøget er aflyst."), before)
            return _to(screening)
    return visit_page(screening, cancel=form, status=422)


@bp.post("/screeninger/<int:screening_id>/fortryd", needs=WRITE)
def undo(screening_id: int) -> Any:
    """Take the latest step back, while it is the latest; an appointment taken back is gone."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, WRITE, for_update=True)
    row, candidacy_id = asked_number(request.args, "raekke"), screening.candidacy_id
    may_undo = read_visit(viewer, screening).undo_id == row
    if row is None or not may_undo or not actions.undo_screening_move(screening, row, user_id=viewer.user_id):
        tell(_("Det kan ikke fortrydes længere; besøget står, som det stod."), "warning")
        return _to(screening)
    tell(_("Det er fortrudt."))
    return (
        redirect(url_for("pipeline.show", candidacy_id=candidacy_id), code=303)
        if screening.is_hidden
        else _to(screening)
    )
