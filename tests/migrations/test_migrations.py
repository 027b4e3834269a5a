"""Migrations lose nothing: step by step the models; down and up again nothing changed; killed, they go on."""

from __future__ import annotations

import random
import shutil
import uuid
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from nbe.core.database import db
from nbe.models.states import Stage
from tests.builders import make_business, make_candidacy, make_member, make_user
from tests.conftest import _database, _run
from tests.counting import statements
from tests.imports.files import csv_of, load
from tests.migrations.steps import (
    CHANGES,
    ROOT,
    all_rows,
    at,
    changed_values,
    differences_from_models,
    go,
    revisions,
    things,
    upgrade_killed_at,
)
from tests.sizes import size

# What later steps will do: a column comes, with a value for the rows that are there, and one gets longer.
TRIAL = '''
"""trial"""
import sqlalchemy as sa
from alembic import op

revision = "trial"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("business") as table:
        table.add_column(sa.Column("trial", sa.Integer(), nullable=False, server_default="7"))
        table.alter_column("town", existing_type=sa.String(100), type_=sa.String(300), existing_nullable=False)
    op.execute("UPDATE business SET trial = id")


def downgrade():
    with op.batch_alter_table("business") as table:
        table.alter_column("town", existing_type=sa.String(300), type_=sa.String(100), existing_nullable=False)
        table.drop_column("trial")
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server = request.getfixturevalue("postgres")
    name = f"e{uuid.uuid4().hex}"
    _run(server, f"CREATE DATABASE {name}")
    yield _database(server, name)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """The migrations with one more step."""
    directory = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", directory, ignore=shutil.ignore_patterns("__pycache__"))
    (directory / "versions" / "trial.py").write_text(TRIAL.format(head=revisions()[-1]))
    return directory


def seed(url: str) -> None:
    """Rows in every table that a day's work fills."""
    with at(url):
        make_user()
        business = make_business("Ågården “Øst” 🦊 I/S", note="a\nb", employees=7)
        make_member(business)
        make_candidacy(business, Stage.SUITABLE)
        load(csv_of("Virksomhed;CVR-nr.;Kommune;Status", "Prøve A/S;13585628;849;Kontaktet", "Uden nummer;;849;Egnet"))


def refuses_change(url: str) -> bool:
    with at(url), db.engine.connect() as connection:
        try:
            connection.exec_driver_sql("UPDATE ledger SET to_code = to_code")
        except sa.exc.DBAPIError as error:
            return "append-only" in str(error)
    return False


def test_step_by_step_they_equal_the_models(empty_url: str) -> None:
    assert differences_from_models(empty_url)
    for step in revisions():
        go(empty_url, step)
    assert differences_from_models(empty_url) == []
    everything = things(empty_url)
    for step in [*revisions()[-2::-1], "base"]:
        go(empty_url, step, down=True)
    assert things(empty_url) == set()
    go(empty_url, "head")
    assert things(empty_url) == everything
    assert refuses_change(empty_url) or not all_rows(empty_url)["ledger"]


def test_down_and_up_again_with_data_in_it(db_url: str, trial: Path) -> None:
    seed(db_url)
    everything = things(db_url)
    before = all_rows(db_url)
    assert sum(len(rows) > 0 for rows in before.values()) >= 12
    steps = revisions(trial)
    go(db_url, "head", trial)
    for below, step in reversed(list(pairwise(steps))):
        here = all_rows(db_url)
        go(db_url, below, trial, down=True)
        staying = all_rows(db_url).keys()  # a table that the step makes goes with what is in it
        if step == "trial":
            assert (things(db_url), all_rows(db_url)) == (everything, before)
            assert differences_from_models(db_url) == []
        go(db_url, step, trial)
        stayed = {table: rows for table, rows in here.items() if table in staying}
        assert changed_values(stayed, all_rows(db_url)) == [], step
        if step == "trial":
            assert {row["trial"] == row["id"] for row in all_rows(db_url)["business"]} == {True}
        assert refuses_change(db_url)
        go(db_url, below, trial, down=True)


def count_changes(url: str) -> int:
    """Upgrade; -> the changes it took."""
    with statements() as sent:
        go(url, "head")
    return sum(statement.lstrip().upper().startswith(CHANGES) for statement in sent)


def test_killed_in_the_middle_they_run_again_to_the_end(tmp_path: Path) -> None:
    url, whole = (f"sqlite:///{tmp_path / name}" for name in ("killed.sqlite", "whole.sqlite"))
    changes = count_changes(whole)
    assert changes > 50
    rng = random.Random(1)
    for _ in range(size(50)):
        assert upgrade_killed_at(url, rng.randrange(1, changes))
        assert things(url) in (set(), things(whole))
    go(url, "head")
    assert things(url) == things(whole)
    assert differences_from_models(url) == []


def test_killed_with_rows_in_it_nothing_is_lost(sqlite_url: str, trial: Path) -> None:
    seed(sqlite_url)
    before = all_rows(sqlite_url)
    rng = random.Random(1)
    for _ in range(size(50)):
        assert upgrade_killed_at(sqlite_url, rng.randrange(2, 8), trial)
        assert changed_values(before, all_rows(sqlite_url)) == []
    go(sqlite_url, "head", trial)
    assert changed_values(before, all_rows(sqlite_url)) == []
    assert {row["trial"] == row["id"] for row in all_rows(sqlite_url)["business"]} == {True}
