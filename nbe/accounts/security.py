"""Flask-Security as this service uses it: which of its pages, in whose words, with which rules."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import structlog
from flask import Flask, session
from flask_babel import lazy_gettext as _l
from flask_login import user_logged_in, user_logged_out
from flask_security import Security, SQLAlchemyUserDatastore

from nbe.access import Permission, declare_needs
from nbe.access.features import forget_request_viewer
from nbe.access.trail import leave_trail
from nbe.accounts.forms import Forgotten, Renewed, SignIn
from nbe.accounts.mail import Mails
from nbe.accounts.passwords import ARGON2, SHORTEST, Passwords
from nbe.accounts.sessions import CSRF_KEY, ID_KEY, ROLE_KEY, RanOut
from nbe.core.database import db
from nbe.models import Role, User

log = structlog.get_logger()

SETTINGS: dict[str, Any] = {
    "SECURITY_LOGIN_URL": "/login",
    "SECURITY_LOGOUT_URL": "/logout",
    "SECURITY_RESET_URL": "/glemt-adgangskode",
    "SECURITY_RECOVERABLE": True,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_POST_LOGIN_VIEW": "/start",
    "SECURITY_POST_LOGOUT_VIEW": "/login",
    "SECURITY_POST_RESET_VIEW": "/login",
    "SECURITY_RESET_PASSWORD_WITHIN": dt.timedelta(hours=2),
    "SECURITY_FRESHNESS": dt.timedelta(minutes=-1),
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_STATIC_FOLDER_URL": None,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_CACHE_CONTROL": None,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
    "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_EMAIL_HTML": False,
    "SECURITY_LOGIN_USER_TEMPLATE": "accounts/login.html",
    "SECURITY_FORGOT_PASSWORD_TEMPLATE": "accounts/forgotten.html",
    "SECURITY_RESET_PASSWORD_TEMPLATE": "accounts/new_password.html",
    "SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET": "accounts/mail/reset",
    "SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "accounts/mail/changed",
    "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": _l("Ny adgangskode til NBE"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": _l("Din adgangskode til NBE er ændret"),
    "WTF_CSRF_ENABLED": False,  # nbe.core.csrf looks at every unsafe request, forms or not
}

_ERROR, _INFO, _DONE = "error", "info", "success"
MESSAGES: dict[str, tuple[Any, str]] = {
    "API_ERROR": (_l("Det sendte kunne ikke læses"), _ERROR),
    "GENERIC_AUTHN_FAILED": (_l("E-mail eller adgangskode passer ikke. Prøv igen."), _ERROR),
    "USER_DOES_NOT_EXIST": (_l("E-mail eller adgangskode passer ikke. Prøv igen."), _ERROR),
    "INVALID_PASSWORD": (_l("E-mail eller adgangskode passer ikke. Prøv igen."), _ERROR),
    "DISABLED_ACCOUNT": (_l("E-mail eller adgangskode passer ikke. Prøv igen."), _ERROR),
    "CONFIRMATION_REQUIRED": (_l("E-mail eller adgangskode passer ikke. Prøv igen."), _ERROR),
    "INVALID_EMAIL_ADDRESS": (_l("Mailadressen er ikke skrevet rigtigt"), _ERROR),
    "EMAIL_NOT_PROVIDED": (_l("Skriv mailadressen."), _ERROR),
    "PASSWORD_NOT_PROVIDED": (_l("Skriv adgangskoden."), _ERROR),
    "PASSWORD_INVALID_LENGTH": (_l("Adgangskoden skal have mindst %(length)s tegn."), _ERROR),
    "RETYPE_PASSWORD_MISMATCH": (_l("De to adgangskoder er ikke ens."), _ERROR),
    "PASSWORD_MISMATCH": (_l("De to adgangskoder er ikke ens."), _ERROR),
    "PASSWORD_IS_THE_SAME": (_l("Den nye adgangskode skal være en anden end den gamle."), _ERROR),
    "INVALID_REDIRECT": (_l("Adressen hører ikke til her"), _ERROR),
    "PASSWORD_RESET_REQUEST": (
        _l("Hvis der er en bruger med den mailadresse, er der nu sendt et link til en ny adgangskode."),
        _INFO,
    ),
    "GENERIC_RECOVERY": (
        _l("Hvis der er en bruger med den mailadresse, er der nu sendt et link til en ny adgangskode."),
        _INFO,
    ),
    "PASSWORD_RESET_EXPIRED": (_l("Linket er udløbet. Bed om et nyt."), _ERROR),
    "INVALID_RESET_PASSWORD_TOKEN": (_l("Linket gælder ikke længere. Bed om et nyt."), _ERROR),
    "PASSWORD_RESET": (_l("Adgangskoden er ændret."), _DONE),
    "PASSWORD_RESET_NO_LOGIN": (_l("Adgangskoden er ændret. Log ind med den nye."), _DONE),
    "PASSWORD_CHANGE": (_l("Adgangskoden er ændret."), _DONE),
    "FORGOT_PASSWORD": (_l("Glemt adgangskoden?"), _INFO),
    "UNAUTHENTICATED": (_l("Log ind for at se siden."), _ERROR),
    "UNAUTHORIZED": (_l("Det har du ikke adgang til."), _ERROR),
    "LOGIN": (_l("Log ind for at se siden."), _INFO),
    "ANONYMOUS_USER_REQUIRED": (_l("Du er allerede logget ind."), _ERROR),
}

datastore = SQLAlchemyUserDatastore(db, User, Role)


def _on_sign_in(sender: Any, user: User, **_: Any) -> None:
    ended = getattr(session, "ran_out", None)  # a ServerSession has it
    ran_out = ended if isinstance(ended, RanOut) else None
    session[ID_KEY] = user.id
    session[ROLE_KEY] = user.role.value if user.role else None
    # Pages the same person has open from before the session ran out go on working.
    same_person = ran_out is not None and ran_out.user_id == user.id and ran_out.csrf
    session[CSRF_KEY] = ran_out.csrf if same_person and ran_out else secrets.token_hex(32)
    session.pop("ran_out", None)
    forget_request_viewer()
    leave_trail("sign_in", "user", user.id)


def _on_sign_out(sender: Any, **_: Any) -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    forget_request_viewer()


def init_security(app: Flask) -> Security:
    """Connect Flask-Security, and say what its pages need."""
    app.config.update({key: value for key, value in SETTINGS.items() if key not in app.config})
    app.config.update({f"SECURITY_MSG_{key}": value for key, value in MESSAGES.items()})
    security = Security(
        app,
        datastore,
        login_form=SignIn,
        forgot_password_form=Forgotten,
        reset_password_form=Renewed,
        password_util_cls=Passwords,
        mail_util_cls=Mails,
    )
    # Pages only: no answers in JSON, and no tokens that would sign somebody in past the session table.
    security._want_json = lambda request: False
    security.login_manager._request_callback = None
    security.login_manager.session_protection = None
    user_logged_in.connect(_on_sign_in, app)
    user_logged_out.connect(_on_sign_out, app)
    declare_needs(
        app,
        {
            "security.login": Permission.PUBLIC,
            "security.logout": Permission.PUBLIC,
            "security.forgot_password": Permission.PUBLIC,
            "security.reset_password": Permission.PUBLIC,
        },
    )
    return security
