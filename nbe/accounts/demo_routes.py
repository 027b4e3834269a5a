"""The demo's one-click sign-in. Where the data is not the story's, nothing of the kind exists."""

from __future__ import annotations

from flask import abort, current_app, redirect, request
from flask_security.utils import login_user
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission
from nbe.accounts.queries import first_user_with
from nbe.core import clock
from nbe.models.states import RoleName

bp = Feature("demo_login", __name__)


def is_demo() -> bool:
    """Whether this is a development instance that holds the story."""
    return not current_app.config["IS_PRODUCTION"] and clock.story_day() is not None


def demo_roles() -> list[RoleName]:
    """The roles offered on the sign-in page; none outside the demo."""
    return list(RoleName) if is_demo() else []


@bp.post("/demo-login", needs=Permission.PUBLIC, writes=False)
def sign_in() -> BaseResponse:
    """Sign in as the story's first user of a role."""
    role = request.form.get("role", "")
    if not is_demo() or role not in set(RoleName):
        abort(404)
    user = first_user_with(RoleName(role))
    if user is None:
        abort(404)
    login_user(user, remember=False, authn_via=["demo"])
    return redirect("/start")
