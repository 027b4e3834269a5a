"""The page of one business."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import abort, redirect, render_template, request, url_for

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.businesses.queries import find_successor
from nbe.businesses.rules import CALL_OUTCOMES
from nbe.core.paging import page_number
from nbe.models.industries import division_label
from nbe.models.states import MembershipState
from nbe.profiles.queries import find_business, read_profile

bp = Feature("profiles", __name__)


@bp.get("/virksomheder/<int:business_id>", needs=Permission.BUSINESSES_READ)
def show(business_id: int) -> Any:
    """Everything about one business; a merged one leads to the one it lives on in."""
    viewer = current_viewer()
    business = find_business(viewer, business_id)
    if business is None:
        successor = find_successor(viewer, business_id)
        return redirect(url_for(".show", business_id=successor)) if successor else abort(404)
    leave_trail("read", "business", business.id)
    code = business.municipality_code
    return render_template(
        "profiles/show.html",
        profile=read_profile(viewer, business, page_number()),
        business=business,
        may_write=viewer.may(Permission.BUSINESSES_WRITE, code),
        may_move=viewer.may(Permission.CANDIDACIES_WRITE, code),
        may_read_history=viewer.may(Permission.HISTORY_READ, code),
        industry=division_label(business.industry_code),
        state_label=lambda state: MembershipState(state).label,
        outcomes=CALL_OUTCOMES,
        page_href=lambda number: f"{request.path}?{urlencode({'side': number})}#aktiviteter",
    )
