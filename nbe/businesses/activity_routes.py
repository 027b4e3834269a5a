"""What was done with a business: the quick call, and visits, mails and notes. Nothing here moves a candidate."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from nbe.access import Feature, Permission, current_viewer, find_visible
from nbe.businesses import actions, queries
from nbe.businesses.forms import ActivityForm, CallForm
from nbe.core import clock
from nbe.core.addresses import local_path
from nbe.core.notices import tell
from nbe.core.text import clean
from nbe.models import Activity, Business
from nbe.models.states import ActivityKind

bp = Feature("activities", __name__, url_prefix="/virksomheder/<int:business_id>")


def _business(business_id: int, *, for_update: bool = False) -> Business:
    return find_visible(current_viewer(), Business, business_id, Permission.BUSINESSES_WRITE, for_update=for_update)


def _back(business_id: int) -> Response:
    """To the page the form stood on."""
    return redirect(local_path(request.form.get("next")) or url_for("profiles.show", business_id=business_id), 303)


def _page(business: Business, form: CallForm | ActivityForm) -> str:
    back = local_path(request.values.get("next")) or url_for("profiles.show", business_id=business.id)
    return render_template("businesses/activity.html", form=form, business=business, back=back)


@bp.get("/opkald", needs=Permission.BUSINESSES_WRITE)
def calling(business_id: int) -> str:
    """The quick call on a page of its own, for lists that lead here."""
    form = CallForm()
    form.happened_on.process_data(clock.today())
    return _page(_business(business_id), form)


@bp.post("/opkald", needs=Permission.BUSINESSES_WRITE)
def call(business_id: int) -> Any:
    """Note a call: how it went, what was said, what comes next. The day is today where none is given."""
    business = _business(business_id, for_update=True)
    form = CallForm()
    if not clean(request.form.get("happened_on")):
        form.happened_on.raw_data = None
        form.happened_on.process_data(clock.today())
        form.happened_on.validators = ()
    if not form.validate():
        return _page(business, form), 422
    return _log(business, ActivityKind.CALL, form, _("Opkaldet til %(name)s er noteret.", name=business.name))


@bp.get("/aktivitet", needs=Permission.BUSINESSES_WRITE)
def noting(business_id: int) -> str:
    """A visit, mail or note to be filled in."""
    form = ActivityForm()
    form.happened_on.process_data(clock.today())
    return _page(_business(business_id), form)


@bp.post("/aktivitet", needs=Permission.BUSINESSES_WRITE)
def note(business_id: int) -> Any:
    """Note a visit, a mail or something worth knowing."""
    business = _business(business_id, for_update=True)
    form = ActivityForm()
    if form.validate():
        kind = form.kind.member
        if kind is not ActivityKind.NOTE or form.note.data:
            done = _("%(kind)s hos %(name)s er noteret.", kind=kind.label, name=business.name)
            return _log(business, kind, form, done)
        form.note.errors = [_("Skriv noten.")]
    return _page(business, form), 422


def _log(business: Business, kind: ActivityKind, form: CallForm | ActivityForm, done: str) -> Response:
    viewer = current_viewer()
    activity = actions.log_activity(
        business,
        kind,
        form.happened_on.data,
        user_id=viewer.user_id,
        outcome=form.outcome.member if isinstance(form, CallForm) else None,
        candidacy=queries.find_candidacy(viewer, business.id),
        **form.values(),
    )
    undo = url_for(".undo", business_id=business.id, activity_id=activity.id)
    tell(done, undo=undo)
    return _back(business.id)


@bp.post("/aktivitet/<int:activity_id>/fortryd", needs=Permission.BUSINESSES_WRITE)
def undo(business_id: int, activity_id: int) -> Response:
    """Take an activity away again; it stands in the history."""
    business = _business(business_id, for_update=True)
    activity = find_visible(current_viewer(), Activity, activity_id, Permission.BUSINESSES_WRITE, for_update=True)
    if activity.business_id != business.id:
        abort(404)
    actions.undo_activity(business, activity)
    tell(_("%(kind)s er fjernet igen.", kind=activity.kind.label))
    return _back(business.id)
