"""The viewer: who asks, in the little that rights depend on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, has_request_context
from flask_login import current_user

from nbe.access.permissions import Permission, Scope, scope_of
from nbe.models.states import RoleName


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. `role` None: nobody signed in. The municipality is None for administrators."""

    user_id: int | None
    role: RoleName | None
    municipality_code: int | None
    name: str = ""

    def scope(self, permission: Permission) -> Scope:
        """How far this viewer holds a permission; own reach without a municipality is none."""
        scope = scope_of(self.role, permission)
        return Scope.NONE if scope is Scope.OWN and self.municipality_code is None else scope

    def may(self, permission: Permission, municipality_code: int | None = None) -> bool:
        """Whether the permission is held, in `municipality_code` when one is given.

        What is held for assigned screenings only is never held for a whole municipality: `find_visible` decides.
        """
        scope = self.scope(permission)
        if scope is Scope.ASSIGNED:
            return municipality_code is None
        if scope is Scope.OWN and municipality_code is not None:
            return municipality_code == self.municipality_code
        return scope is not Scope.NONE


NOBODY = Viewer(None, None, None)
SYSTEM = Viewer(None, RoleName.ADMINISTRATOR, None, "system")


def current_viewer() -> Viewer:
    """The viewer of this request; the system itself outside one (command line)."""
    if not has_request_context():
        return SYSTEM
    if "viewer" not in g:
        user = current_user._get_current_object()
        g.viewer = (
            Viewer(user.id, user.role, user.municipality_code, user.name)
            if user is not None and user.is_authenticated
            else NOBODY
        )
    viewer: Viewer = g.viewer
    return viewer
