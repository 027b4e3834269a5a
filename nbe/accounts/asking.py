"""What somebody who is not signed in gets instead of the page: the log-in, and then the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from nbe.accounts import held
from nbe.accounts.forms import SignIn
from nbe.core.addresses import local_path
from nbe.core.database import db
from nbe.core.errors import wants_json
from nbe.core.logs import reference


def _came_from() -> str:
    """The page of ours that the form stood on, or the front page."""
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc != request.host:
        return "/"
    return local_path(referrer.path + (f"?{referrer.query}" if referrer.query else "")) or "/"


def _next() -> str:
    return local_path(request.full_path.rstrip("?")) or "/"


def sign_in_page(status: int, next_: str, note: str) -> Response:
    """The log-in page, saying why it is shown."""
    form = SignIn(formdata=None)
    form.next.data = next_
    return make_response(render_template("accounts/login.html", login_user_form=form, sign_in_note=note), status)


def _on_not_signed_in(error: Any) -> Any:
    db.session.rollback()
    if wants_json():
        response = jsonify(
            type="about:blank",
            title=_("Du skal logge ind"),
            status=401,
            reference=reference(),
            login=url_for("security.login"),
        )
        response.content_type = "application/problem+json"
        return response, 401
    if request.method in {"GET", "HEAD"}:
        next_ = _next()
        return redirect(url_for("security.login", next=None if next_ == "/" else next_))
    ran_out = getattr(session, "ran_out", None)
    if ran_out is None:
        return sign_in_page(401, _came_from(), _("Du er ikke logget ind længere. Log ind, og send det igen."))
    if request.files and any(file.filename for file in request.files.values()):
        note = _(
            "Du har været væk så længe, at du er logget ud. Filen er ikke gemt: vælg den igen, når du er logget ind."
        )
        return sign_in_page(401, _came_from(), note)
    if held.hold(ran_out):
        note = _("Du har været væk så længe, at du er logget ud. Log ind igen, så sendes det, du skrev, af sig selv.")
        return sign_in_page(401, url_for("account.go_on"), note)
    return sign_in_page(
        401, _came_from(), _("Du har været væk så længe, at du er logget ud. Log ind, og send det igen.")
    )


def init_asking(app: Flask) -> None:
    """Ask for the log-in wherever a page answers 401."""
    app.register_error_handler(401, _on_not_signed_in)
