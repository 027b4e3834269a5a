"""The page behind the link in each letter, by a signed address and no log-in: no more letters, and letters again."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request, url_for

from nbe.access import Feature, Permission
from nbe.core import csrf
from nbe.mails import actions, queries

bp = Feature("subscriptions", __name__)


def _is_one_click() -> bool:
    """Whether a mail program asks by itself, as RFC 8058 says: it has the signed address, and no page of ours."""
    token = (request.view_args or {}).get("token", "")
    is_asked = request.form.get("List-Unsubscribe") == "One-Click"
    return is_asked and queries.address_of_token(token) is not None


def init_one_click(app: Flask) -> None:
    """Mail programs have no session whose token they could send."""
    csrf.let_in(app, "subscriptions.leave", _is_one_click)


def _page(email: str | None) -> Any:
    if email is None:
        return make_response(render_template("mails/leave_over.html"), 404)
    return render_template("mails/leave.html", email=email, is_out=queries.is_unsubscribed(email))


@bp.get("/frameld/<token>", needs=Permission.PUBLIC)
def show(token: str) -> Any:
    """Says what a click does; programs that look through mails read it and change nothing."""
    return _page(queries.address_of_token(token))


@bp.post("/frameld/<token>", needs=Permission.PUBLIC)
def leave(token: str) -> Any:
    """No more letters to this address."""
    email = queries.address_of_token(token)
    if email is None:
        return _page(None)
    actions.unsubscribe(email)
    if request.form.get("List-Unsubscribe"):  # a program asks, which does not follow redirects
        return Response("ok\n", content_type="text/plain; charset=utf-8")
    return redirect(url_for(".show", token=token), code=303)


@bp.post("/frameld/<token>/fortryd", needs=Permission.PUBLIC)
def come_back(token: str) -> Any:
    """Letters again."""
    email = queries.address_of_token(token)
    if email is None:
        return _page(None)
    actions.subscribe(email)
    return redirect(url_for(".show", token=token), code=303)
