"""One's own account, the invitation, the rights page, and the form that goes on after a new log-in."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_security.utils import hash_password, login_user, verify_password
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import MATRIX, Feature, Permission, Scope, current_viewer
from nbe.accounts import actions, guessing, held, queries
from nbe.accounts.forms import ChangePasswordForm, NewPasswordForm, OwnNameForm
from nbe.accounts.passwords import Passwords
from nbe.core.database import db, writing
from nbe.models import User
from nbe.models.states import RoleName

bp = Feature("account", __name__)


def _save_password(user_id: int, password_hash: str) -> User:
    """The change proper, after the slow hash: a short transaction of its own."""
    db.session.rollback()
    with writing():
        user = queries.find_user(user_id)
        actions.set_password(user, password_hash)
        db.session.commit()
    return user


@bp.get("/konto", needs=Permission.ACCOUNT_OWN)
def show() -> str:
    """Own name, language and password."""
    return render_template(
        "accounts/own.html", name_form=OwnNameForm(obj=current_user), password_form=ChangePasswordForm(current_user)
    )


@bp.post("/konto", needs=Permission.ACCOUNT_OWN)
def rename() -> BaseResponse | tuple[str, int]:
    """Change one's own name."""
    form = OwnNameForm()
    if not form.validate():
        page = render_template("accounts/own.html", name_form=form, password_form=ChangePasswordForm(current_user))
        return page, 422
    queries.find_user(current_user.id).name = form.name.data or ""
    flash(_("Navnet er gemt."), "success")
    return redirect(url_for(".show"))


@bp.post("/konto/adgangskode", needs=Permission.ACCOUNT_OWN, writes=False)
def change_password() -> BaseResponse | tuple[str, int]:
    """Change one's own password; every other open session ends."""
    form = ChangePasswordForm(current_user)
    is_valid = form.validate()
    if is_valid:
        guessing.count_sign_in(current_user.email)
        if not verify_password(Passwords(current_app).normalize(form.current.data or ""), current_user.password or ""):
            form.current.errors = [_("Den nuværende adgangskode passer ikke.")]
            is_valid = False
    if not is_valid:
        page = render_template("accounts/own.html", name_form=OwnNameForm(obj=current_user), password_form=form)
        return page, 422
    guessing.forgive_sign_in(current_user.email)
    user = _save_password(current_user.id, hash_password(form.password.data or ""))
    login_user(user, remember=False, authn_via=["password"])
    flash(_("Adgangskoden er ændret. Er du logget ind andre steder, er du logget ud der."), "success")
    return redirect(url_for(".show"))


@bp.get("/invitation/<token>", needs=Permission.PUBLIC)
def invitation(token: str) -> str | tuple[str, int]:
    """Where somebody who is invited chooses a password."""
    user = actions.find_invited(token)
    if user is None:
        return render_template("accounts/invitation_over.html"), 404
    return render_template("accounts/invitation.html", form=NewPasswordForm(user), user=user, token=token)


@bp.post("/invitation/<token>", needs=Permission.PUBLIC, writes=False)
def accept(token: str) -> BaseResponse | tuple[str, int]:
    """Set the first password; the invitation is then used up."""
    user = actions.find_invited(token)
    if user is None:
        return render_template("accounts/invitation_over.html"), 404
    form = NewPasswordForm(user)
    if not form.validate():
        return render_template("accounts/invitation.html", form=form, user=user, token=token), 422
    _save_password(user.id, hash_password(form.password.data or ""))
    flash(_("Adgangskoden er gemt. Log ind med den."), "success")
    return redirect(url_for("security.login"))


@bp.get("/login/fortsaet", needs=Permission.ACCOUNT_OWN)
def go_on() -> BaseResponse:
    """Send on the form that was kept while its sender signed in again."""
    form = held.find_held(current_viewer().user_id)
    if form is None:
        session.pop(held.KEY, None)
        flash(_("Der er ikke noget at sende videre."), "info")
        return redirect("/")
    return make_response(render_template("accounts/go_on.html", held=form))


def rights_table() -> list[dict[str, Any]]:
    """The matrix as people read it: one row per permission, one word per role."""
    words = {Scope.NONE: "–", Scope.ASSIGNED: _("tildelte"), Scope.OWN: _("egen kommune"), Scope.ALL: _("alle")}
    return [
        {
            "label": permission.label,
            "cells": [words[by_role.get(role, Scope.NONE)] for role in RoleName],
        }
        for permission, by_role in MATRIX.items()
    ]


@bp.get("/rettigheder", needs=Permission.RIGHTS_READ)
def rights() -> str:
    """Who may do what."""
    return render_template("accounts/rights.html", roles=list(RoleName), rows=rights_table())
