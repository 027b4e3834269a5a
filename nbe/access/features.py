"""The blueprint of a feature: every route names the permission it needs, or the service does not start.

Round each view: who asks, may they, has this form been sent before; and one commit at the
end of a change that succeeded. A request that only reads cannot write.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, g, make_response, redirect, request
from sqlalchemy.exc import IntegrityError

from nbe.access.permissions import Permission, Scope
from nbe.access.viewers import current_viewer
from nbe.core import clock
from nbe.core.database import db, set_writing
from nbe.models import Submission

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
View = Callable[..., Any]
V = TypeVar("V", bound=View)


class Feature(Blueprint):
    """A blueprint whose routes must say `needs=Permission.X`.

    `writes=False` on an unsafe route leaves the write lock, the once-token and the commit to the view.
    """

    def route(
        self, rule: str, *, needs: Permission | None = None, writes: bool = True, **options: Any
    ) -> Callable[[V], V]:
        """Like Blueprint.route; refuses a route that does not name its permission."""
        if needs is None:
            raise TypeError(f"route {rule!r} of {self.name!r} does not say which permission it needs")
        register = super().route

        def decorate(view: V) -> V:
            guarded = _guarded(view, needs, writes)
            register(rule, **options)(guarded)
            return view

        return decorate

    def get(self, rule: str, **options: Any) -> Callable[[V], V]:
        """A route that reads."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[V], V]:
        """A route that changes."""
        return self.route(rule, methods=["POST"], **options)


def _guarded(view: View, needs: Permission, writes: bool) -> View:
    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        viewer = current_viewer()
        if needs is not Permission.PUBLIC and viewer.role is None:
            abort(401)
        if viewer.scope(needs) is Scope.NONE:
            abort(403)
        if request.method in SAFE_METHODS:
            return _read(view, args, kwargs)
        return _change(view, args, kwargs) if writes else view(*args, **kwargs)

    guarded.needs = needs  # type: ignore[attr-defined]  # read by needs_of
    return guarded


def _read(view: View, args: Any, kwargs: Any) -> Any:
    db.session.info["read_only"] = True
    try:
        return view(*args, **kwargs)
    finally:
        db.session.info.pop("read_only", None)


def _change(view: View, args: Any, kwargs: Any) -> Response:
    # Who asks was read in a transaction of its own; the change begins with the write lock.
    db.session.rollback()
    set_writing(True)
    try:
        submission = _claim()
        if isinstance(submission, Response):
            db.session.rollback()  # what follows an answer writes too, and must not wait for this lock
            return submission
        response = make_response(view(*args, **kwargs))
        if response.status_code >= 400:
            db.session.rollback()
            return response
        if submission is not None:
            submission.status = response.status_code
            submission.location = response.headers.get("Location")
            if response.status_code == 200 and not response.direct_passthrough:
                submission.content_type = response.content_type
                submission.body = response.get_data(as_text=True)
        db.session.commit()
        return response
    except BaseException:
        db.session.rollback()
        raise
    finally:
        set_writing(False)


def _claim() -> Submission | Response | None:
    """Take this form's once-token, or answer as the first time if it was taken before."""
    token = request.headers.get("Idempotency-Key") or request.form.get("once")
    if not token:
        return None
    key = f"{current_viewer().user_id or 0}:{token[:64]}"
    first = db.session.get(Submission, key)
    if first is None:
        submission = Submission(token=key, user_id=current_viewer().user_id, status=0, created_at=clock.real_now())
        db.session.add(submission)
        try:
            db.session.flush()
            return submission
        except IntegrityError:
            db.session.rollback()
            first = db.session.scalars(sa.select(Submission).where(Submission.token == key)).one()
    if first.location:
        return make_response(redirect(first.location, code=first.status))
    return Response(first.body or "", status=first.status, content_type=first.content_type)


def declare_needs(app: Flask, needs: dict[str, Permission]) -> None:
    """Say which permission the routes of a library need, by endpoint."""
    app.extensions.setdefault("declared_needs", {}).update(needs)


def needs_of(app: Flask, endpoint: str) -> Permission | None:
    """The permission an endpoint asks for, or None when nobody has said."""
    declared: dict[str, Permission] = app.extensions.get("declared_needs", {})
    return declared.get(endpoint) or getattr(app.view_functions[endpoint], "needs", None)


def refuse_undeclared_routes(app: Flask) -> None:
    """Stop the start when a route does not say who may use it."""
    undeclared = sorted({r.endpoint for r in app.url_map.iter_rules() if needs_of(app, r.endpoint) is None})
    if undeclared:
        raise RuntimeError(f"routes without a declared permission: {', '.join(undeclared)}")


def forget_request_viewer() -> None:
    """Ask anew who the viewer is (after signing in or out within a request)."""
    g.pop("viewer", None)
