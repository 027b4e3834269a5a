"""Who may see and do what: the permissions, the matrix, the viewer, and the blueprint that asks."""

from nbe.access.features import Feature, declare_needs, refuse_undeclared_routes
from nbe.access.permissions import MATRIX, Permission, Scope, scope_of
from nbe.access.trail import leave_trail
from nbe.access.viewers import SYSTEM, Viewer, current_viewer
from nbe.access.visibility import find_visible, visible

__all__ = [
    "MATRIX",
    "SYSTEM",
    "Feature",
    "Permission",
    "Scope",
    "Viewer",
    "current_viewer",
    "declare_needs",
    "find_visible",
    "leave_trail",
    "refuse_undeclared_routes",
    "scope_of",
    "visible",
]
