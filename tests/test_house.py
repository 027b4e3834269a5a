"""The rules of the house that no linter knows: sizes, names, and what start-up may load."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = [p for place in ("nbe", "benchmarks", "migrations") for p in (ROOT / place).rglob("*.py")]
TESTS = list((ROOT / "tests").rglob("*.py"))
TEMPLATES = list((ROOT / "templates").rglob("*.*"))
HEAVY = ("pandas", "numpy", "plotly", "xlsxwriter", "openpyxl", "python_calamine", "playwright", "weasyprint")
ASK = """
import sys
sys.path.insert(0, {root!r})
from nbe import create_app
create_app({{"SQLALCHEMY_DATABASE_URI": "sqlite://", "SECRET_KEY": "x" * 40, "NBE_ENV": "development"}})
print(" ".join(name for name in {heavy!r} if name in sys.modules))
"""
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=[\"']|\sstyle=[\"']")
# Written by alembic, column by column.
UNBOUND = ("0001_first_schema.py", "0003_screenings.py", "0004_courses_events_mails.py")


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def limit(path: Path) -> int:
    return 400 if {"models", "tests"} & {*path.relative_to(ROOT).parts} else 250


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 100
    assert len(TEMPLATES) > 30


def test_no_file_is_too_long() -> None:
    long = [(named(p), lines(p)) for p in (*MODULES, *TESTS) if lines(p) > limit(p) and p.name not in UNBOUND]
    assert long == []
    assert [(named(p), lines(p)) for p in TEMPLATES if lines(p) > 100] == []


def test_no_file_is_named_for_everything() -> None:
    everything = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [named(p) for p in (*MODULES, *TESTS) if {p.stem, *p.parent.parts} & everything] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [named(p) for p in MODULES if not ast.get_docstring(ast.parse(p.read_text()))] == []


def _signatures(path: Path) -> list[str]:
    bare = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names = [a.arg for a in given if a.annotation is None and a.arg not in ("self", "cls", "mcs")]
            if names or node.returns is None:
                bare.append(f"{named(path)}:{node.lineno} {node.name} {names}")
    return bare


def test_every_signature_has_its_types() -> None:
    assert [text for p in MODULES if "versions" not in p.parts for text in _signatures(p)] == []


def test_nobody_imports_the_package_root() -> None:
    """Knows all, known by none: but the commands of the tests and wsgi.py."""
    found = []
    for path in (ROOT / "nbe").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "nbe" and path.name != "__init__.py":
                found += [named(path) for alias in node.names if alias.name == "create_app"]
    assert found == []


def test_no_page_has_its_own_script_or_style() -> None:
    pages = [p for p in TEMPLATES if p.suffix == ".html"]
    assert [(named(p), match[0]) for p in pages for match in INLINE.finditer(p.read_text())] == []


def test_start_up_loads_nothing_heavy() -> None:
    code = ASK.format(root=str(ROOT), heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []
