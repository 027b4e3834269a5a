"""People who sign in: accounts, roles, sessions, invitations."""

from __future__ import annotations

from flask import Flask


def init_accounts(app: Flask) -> None:
    """Connect sign-in to the app."""
    from flask_login import LoginManager

    LoginManager(app)
