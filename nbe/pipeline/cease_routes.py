"""Pages for a business that ceases: the day and why, and taking it back."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from nbe.access import Feature, Permission, current_viewer, find_visible
from nbe.core import clock
from nbe.core.dates import format_date
from nbe.core.forms import BaseForm, DateField, NoteField, Required, refuse_cpr, refuse_future
from nbe.core.notices import tell
from nbe.models import Business
from nbe.pipeline.ceasing import Ending, cease_business, undo_ceasing, what_ends

bp = Feature("ceasing", __name__, url_prefix="/virksomheder/<int:business_id>/ophoert")


class CeaseForm(BaseForm):
    """The day from which a business is no more."""

    day = DateField(_l("Ophørt den"), [Required(), refuse_future], description=_l("Fra den dag tæller den ikke med."))
    reason = NoteField(_l("Begrundelse"), 2000, [refuse_cpr], description=_l("Fx konkurs, solgt eller lukket."))


def _find(business_id: int, *, for_update: bool = False) -> Business:
    return find_visible(current_viewer(), Business, business_id, Permission.BUSINESSES_WRITE, for_update=for_update)


def _page(business: Business, form: CeaseForm, ending: Ending, *, is_conflict: bool = False) -> str:
    return render_template("merging/cease.html", business=business, form=form, ending=ending, is_conflict=is_conflict)


@bp.get("", needs=Permission.BUSINESSES_WRITE)
def show(business_id: int) -> str:
    """The day, and what ends with the business."""
    business, form = _find(business_id), CeaseForm()
    form.day.process_data(business.ceased_on or clock.today())
    return _page(business, form, what_ends(business))


@bp.post("", needs=Permission.BUSINESSES_WRITE)
def cease(business_id: int) -> Any:
    """Mark the business as ceased, or give it another day."""
    business, form = _find(business_id, for_update=True), CeaseForm()
    ending = what_ends(business)
    if not form.validate():
        return _page(business, form, ending), 422
    if request.form.get("stand") != ending.state:
        return _page(business, form, ending, is_conflict=True), 409
    is_first = business.ceased_on is None
    day = form.day.data
    cease_business(business, day, user_id=current_viewer().user_id, reason=form.reason.data or "")
    text = _(
        "%(name)s er ophørt den %(day)s. Den tæller ikke med fra den dag, men bliver stående.",
        name=business.name,
        day=format_date(day),
    )
    tell(text, undo=url_for(".undo", business_id=business.id) if is_first else None)
    return redirect(url_for("profiles.show", business_id=business.id), 303)


@bp.post("/fortryd", needs=Permission.BUSINESSES_WRITE)
def undo(business_id: int) -> Response:
    """The business goes on as before."""
    business = _find(business_id, for_update=True)
    if undo_ceasing(business, user_id=current_viewer().user_id):
        tell(_("%(name)s er ikke ophørt; alt står som før.", name=business.name))
    else:
        tell(_("%(name)s var ikke ophørt; intet er fortrudt.", name=business.name), "warning")
    return redirect(url_for("profiles.show", business_id=business.id), 303)
