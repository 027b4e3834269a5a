"""The administrator's pages for users: list, invitation, role, municipality, access."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission
from nbe.accounts import actions, queries
from nbe.accounts.forms import InvitationForm, UserForm
from nbe.models import User
from nbe.models.states import RoleName

bp = Feature("users", __name__, url_prefix="/administration/brugere")

Page = str | tuple[str, int] | BaseResponse


@bp.get("", needs=Permission.USERS_ADMIN)
def index() -> str:
    """Everybody who can sign in."""
    page = request.args.get("side", 1, type=int)
    return render_template("accounts/users.html", page=queries.page_of_users(min(page, 10_000)))


@bp.get("/ny", needs=Permission.USERS_ADMIN)
def new() -> str:
    """An empty invitation."""
    return render_template("accounts/invite.html", form=InvitationForm(queries.municipality_choices()))


@bp.post("/ny", needs=Permission.USERS_ADMIN)
def invite() -> Page:
    """Make a user and send (or show) the invitation."""
    form = InvitationForm(queries.municipality_choices())
    if form.validate():
        try:
            user = actions.create_user(
                form.email.data or "", form.chosen_role, form.chosen_municipality, name=form.name.data or ""
            )
        except actions.AccountError as error:
            form.email.errors = [str(error)]
        else:
            return _invited(user)
    return render_template("accounts/invite.html", form=form), 422


@bp.post("/<int:user_id>/invitation", needs=Permission.USERS_ADMIN)
def invite_again(user_id: int) -> Page:
    """A new link for somebody who has lost theirs, or forgotten the password where there is no mail."""
    return _invited(queries.find_user(user_id))


def _invited(user: User) -> Page:
    if actions.send_invitation(user):
        flash(_("Invitationen er sendt til %(email)s.", email=user.email), "success")
        return redirect(url_for(".index"))
    return render_template(
        "accounts/invited.html", user=user, link=actions.invitation_link(user), days=actions.INVITED_FOR_DAYS
    )


@bp.get("/<int:user_id>", needs=Permission.USERS_ADMIN)
def edit(user_id: int) -> str:
    """One user."""
    user = queries.find_user(user_id)
    return render_template("accounts/user.html", user=user, form=_form_of(user), differences=[])


@bp.post("/<int:user_id>", needs=Permission.USERS_ADMIN)
def save(user_id: int) -> Page:
    """Change name, role, municipality or access; changed rights end open sessions."""
    user = queries.find_user(user_id, for_update=True)
    form = UserForm(queries.municipality_choices())
    if not form.validate():
        return render_template("accounts/user.html", user=user, form=form, differences=[]), 422
    if form.version.data != user.version:
        found = _differences(user, form)
        form.version.process_data(user.version)
        form.version.raw_data = None
        return render_template("accounts/user.html", user=user, form=form, differences=found), 409
    try:
        ended = actions.change_user(
            user,
            name=form.name.data or "",
            role=form.chosen_role,
            municipality_code=form.chosen_municipality,
            active=form.active.data == "1",
        )
    except actions.AccountError as error:
        form.role.errors = [str(error)]
        return render_template("accounts/user.html", user=user, form=form, differences=[]), 422
    flash(_("Brugeren er gemt og logget ud.") if ended else _("Brugeren er gemt."), "success")
    return redirect(url_for(".index"))


def _form_of(user: User) -> UserForm:
    return UserForm(
        queries.municipality_choices(),
        formdata=None,
        data={
            "name": user.name,
            "role": user.role.value if user.role else None,
            "municipality_code": user.municipality_code or 0,
            "active": "1" if user.active else "0",
            "version": user.version,
        },
    )


def _differences(user: User, form: UserForm) -> list[dict[str, Any]]:
    """Field by field, what is stored now and what was typed, where the two differ."""
    municipality = user.municipality.name if user.municipality else _("Ingen")
    chosen = dict(queries.municipality_choices())
    access = {True: _("Må logge ind"), False: _("Spærret")}
    pairs = [
        (_l("Navn"), user.name, form.name.data),
        (_l("Rolle"), str(user.role.label) if user.role else "–", str(RoleName(form.role.data).label)),
        (
            _l("Kommune"),
            municipality,
            chosen.get(form.municipality_code.data) if form.chosen_municipality else _("Ingen"),
        ),
        (_l("Adgang"), access[user.active], access[form.active.data == "1"]),
    ]
    return [{"label": label, "now": now, "typed": typed} for label, now, typed in pairs if str(now) != str(typed)]
