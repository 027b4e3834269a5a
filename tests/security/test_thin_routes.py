"""Routes neither query nor commit: rows are read by queries, which ask who looks, and changed by actions."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOUCHES = {
    "execute",
    "scalars",
    "scalar",
    "query",
    "get",
    "get_one",
    "add",
    "add_all",
    "delete",
    "merge",
    "flush",
    "commit",
}
# Each with its reason.
ALLOWED = {
    ("nbe/pages.py", "healthz"): "asks whether the database answers",
    ("nbe/pages.py", "readyz"): "asks whether the database answers",
    ("nbe/pages.py", "choose"): "one's own language",
    ("nbe/accounts/routes.py", "_save_password"): "a short change of its own after the slow hash",
}


def touches(path: Path) -> list[tuple[str, str, int]]:
    """(file, function, line) of each use of the session in a module of routes."""
    tree = ast.parse(path.read_text())
    found = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            is_session = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "db.session"
            if is_session and node.attr in TOUCHES:  # type: ignore[attr-defined]
                found.append((str(path.relative_to(ROOT)), function.name, node.lineno))  # type: ignore[attr-defined]
    return found


def test_routes_leave_the_database_to_queries_and_actions() -> None:
    modules = [path for path in (ROOT / "nbe").rglob("*.py") if " = Feature(" in path.read_text()]
    assert len(modules) > 12
    found = [one for path in modules for one in touches(path) if one[:2] not in ALLOWED]
    assert found == []
