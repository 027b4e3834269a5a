"""Inviting and changing users. A right taken away is gone at once: the session key is renewed with it."""

from __future__ import annotations

import secrets

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_security.utils import hash_password
from itsdangerous import BadData, URLSafeTimedSerializer

from nbe.accounts.mail import send
from nbe.accounts.queries import count_other_administrators, find_by_email, find_role
from nbe.core import clock
from nbe.core.database import db
from nbe.models import User
from nbe.models.states import RoleName

INVITED_FOR_DAYS = 7


class AccountError(ValueError):
    """Something an administrator asked for cannot be done; the text is for people."""


def new_key() -> str:
    """A session key; sessions that carry another one are dead."""
    return secrets.token_hex(32)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="invitation")


def invitation_token(user: User) -> str:
    """A signed token for choosing a password once, within a week."""
    return _serializer().dumps([user.id, user.fs_uniquifier])


def find_invited(token: str) -> User | None:
    """The user an invitation is for; None when it has been used, is too old or was never made."""
    try:
        user_id, key = _serializer().loads(token, max_age=INVITED_FOR_DAYS * 86_400)
    except (BadData, ValueError, TypeError):
        return None
    user = db.session.get(User, user_id)
    return user if user is not None and user.active and user.fs_uniquifier == key else None


def invitation_link(user: User, *, external: bool = True) -> str:
    """The address to pass on to somebody who is invited."""
    return url_for("account.invitation", token=invitation_token(user), _external=external)


def create_user(
    email: str, role: RoleName, municipality_code: int | None, *, name: str = "", password: str | None = None
) -> User:
    """A new user; raises AccountError where the address is taken."""
    address = email.strip().casefold()
    if find_by_email(address) is not None:
        raise AccountError(_("Der er allerede en bruger med den mailadresse."))
    user = User(
        email=address,
        name=name or address.split("@")[0],
        password=hash_password(password) if password else None,
        active=True,
        fs_uniquifier=new_key(),
        confirmed_at=None,
        municipality_code=None if role is RoleName.ADMINISTRATOR else municipality_code,
        locale="da",
        created_at=clock.now(),
        roles=[find_role(role)],
    )
    db.session.add(user)
    db.session.flush()
    return user


def send_invitation(user: User) -> bool:
    """Mail the invitation; False where no mail server is connected."""
    body = _(
        "Hej %(name)s\n\nDu er inviteret til Deltageroverblik for NBE. "
        "Vælg din adgangskode her inden syv dage:\n\n%(link)s\n",
        name=user.name,
        link=invitation_link(user),
    )
    return send(user.email, _("Invitation til NBE"), body)


def change_user(user: User, *, name: str, role: RoleName, municipality_code: int | None, active: bool) -> bool:
    """Change who somebody is in the service; True when rights changed and open sessions ended.

    Raises AccountError where it would leave the service without an administrator.
    """
    code = None if role is RoleName.ADMINISTRATOR else municipality_code
    loses_administrator = user.role is RoleName.ADMINISTRATOR and (role is not RoleName.ADMINISTRATOR or not active)
    if loses_administrator and user.active and not count_other_administrators(user):
        raise AccountError(_("Der skal være mindst én administrator. Giv først en anden den rolle."))
    rights_changed = (user.role, user.municipality_code, user.active) != (role, code, active)
    user.name = name
    if user.role is not role:
        user.roles = [find_role(role)]
    user.municipality_code = code
    user.active = active
    if rights_changed:
        user.fs_uniquifier = new_key()
    db.session.flush()
    return rights_changed


def set_password(user: User, password_hash: str) -> None:
    """A new password; open sessions and links end. The hash is made beforehand, outside the write lock."""
    user.password = password_hash
    user.fs_uniquifier = new_key()
    if user.confirmed_at is None:
        user.confirmed_at = clock.now()
    db.session.flush()
