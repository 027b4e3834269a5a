"""People who sign in: accounts, roles, sessions, invitations.

Flask-Security signs in and out and resets passwords; the session table, the invitation and the
form that waits for a new log-in are ours. A second factor, single sign-on and API tokens join
as further ways in: they end in the same `login_user`, the same table and the same `Viewer`.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, request


def init_accounts(app: Flask) -> None:
    """Connect sign-in, sessions and the account pages to the app."""
    from nbe.accounts import demo_routes, routes, user_routes
    from nbe.accounts.asking import init_asking
    from nbe.accounts.security import init_security
    from nbe.accounts.sessions import init_sessions, limits_shown, session_failure, sweep
    from nbe.core.addresses import local_path

    init_sessions(app)
    app.before_request_funcs.setdefault(None, []).insert(0, session_failure)
    init_security(app)
    init_asking(app)
    for bp in (routes.bp, user_routes.bp, demo_routes.bp):
        app.register_blueprint(bp)
    app.jinja_env.globals.update(demo_roles=demo_routes.demo_roles, session_limits=limits_shown)

    @app.after_request
    def stay_here(response: Response) -> Response:
        """The library's redirects lead to our own pages, whatever the request asked for."""
        if request.blueprint == "security" and response.location and not local_path(response.location):
            response.location = "/"
        if request.endpoint == "security.login" and response.status_code == 302 and secrets.randbelow(20) == 0:
            sweep()
        return response
