"""The membership of a business in the network: entered on a day, taken back."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from nbe.access import Feature, Permission, current_viewer, find_visible
from nbe.businesses import actions
from nbe.businesses.forms import MembershipForm
from nbe.core import clock
from nbe.core.addresses import local_path
from nbe.core.notices import tell
from nbe.models import Business, Membership
from nbe.models.states import MembershipState

bp = Feature("memberships", __name__, url_prefix="/virksomheder/<int:business_id>/medlemskab")


def _business(business_id: int, *, for_update: bool = False) -> Business:
    return find_visible(current_viewer(), Business, business_id, Permission.BUSINESSES_WRITE, for_update=for_update)


def _back(business_id: int) -> Response:
    profile = url_for("profiles.show", business_id=business_id)
    return redirect(local_path(request.form.get("next")) or f"{profile}#medlemskab", 303)


def _form(business: Business) -> tuple[MembershipForm, Membership | None]:
    """The states that the membership can be moved to, the likeliest chosen."""
    form, membership = MembershipForm(), actions.find_membership(business)
    standing = None if membership is None or membership.is_hidden else membership
    form.leave_out(standing.state if standing else None)
    if request.method == "GET":
        is_member = standing is not None and standing.state is MembershipState.MEMBER
        form.state.process_data(MembershipState.LEFT if is_member else MembershipState.MEMBER)
        form.happened_on.process_data(clock.today())
    return form, standing


def _page(business: Business, form: MembershipForm, standing: Membership | None) -> str:
    return render_template("businesses/membership.html", form=form, business=business, standing=standing)


@bp.get("", needs=Permission.BUSINESSES_WRITE)
def show(business_id: int) -> str:
    """The state to be entered."""
    business = _business(business_id)
    return _page(business, *_form(business))


@bp.post("", needs=Permission.BUSINESSES_WRITE)
def change(business_id: int) -> Any:
    """Enter a state on a day, with a reason where the business leaves or is turned down."""
    viewer, business = current_viewer(), _business(business_id, for_update=True)
    form, standing = _form(business)
    if form.read_version() not in (None, standing.version if standing else 0):
        form.state.errors = [_("En anden har ændret medlemskabet, mens du skrev. Se, hvad der gælder nu, og gem igen.")]
        return _page(business, form, standing), 409
    if not form.validate():
        return _page(business, form, standing), 422
    state = form.state.member
    try:
        actions.set_membership(
            business, state, form.happened_on.data, user_id=viewer.user_id, reason=form.reason.data or ""
        )
    except ValueError:  # only the day can be wrong: the state that holds is not among the choices
        form.happened_on.errors = [_("Dagen ligger før den seneste ændring af medlemskabet.")]
        return _page(business, form, standing), 422
    undo = url_for(".undo", business_id=business.id, trin=actions.last_membership_move(business))
    text = _("Medlemskabet for %(name)s er nu: %(state)s.", name=business.name, state=state.label)
    tell(text, undo=undo)
    return _back(business.id)


@bp.post("/fortryd", needs=Permission.BUSINESSES_WRITE)
def undo(business_id: int) -> Response:
    """Take the latest move back: the one shown, or none when somebody has moved on since."""
    viewer, business = current_viewer(), _business(business_id, for_update=True)
    step = request.args.get("trin", "")
    move_id = int(step) if step.isascii() and step.isdigit() and len(step) < 18 else None
    if actions.undo_membership(business, user_id=viewer.user_id, move_id=move_id):
        tell(_("Ændringen af medlemskabet for %(name)s er fortrudt.", name=business.name))
    else:
        tell(_("Medlemskabet er ændret siden; intet er fortrudt."), "warning")
    return _back(business.id)
