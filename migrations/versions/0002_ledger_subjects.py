"""the ledger tells of screenings, measures, hours and people; savings are added up in totals"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEFORE = ("stage", "verdict", "membership", "target")
ADDED = ("screening", "measure", "norm", "hours", "participant", "registration")
OF_BUSINESSES = ("stage", "verdict", "membership", "screening", "measure")
HAS_SUBJECT = sa.text("subject_id IS NOT NULL")
PLACE = {"sqlite_where": HAS_SUBJECT, "postgresql_where": HAS_SUBJECT}


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def upgrade() -> None:
    _let_ledger_change()
    with op.batch_alter_table("ledger") as table:
        table.add_column(sa.Column("subject_id", sa.Integer(), nullable=True))
        table.drop_constraint(op.f("ck_ledger_ledger_kind"), type_="check")
        table.drop_constraint(op.f("ck_ledger_subject"), type_="check")
        table.create_check_constraint(op.f("ck_ledger_ledger_kind"), f"kind IN ({_listed(BEFORE + ADDED)})")
        table.create_check_constraint(
            op.f("ck_ledger_subject"), f"business_id IS NOT NULL OR kind NOT IN ({_listed(OF_BUSINESSES)})"
        )
        table.create_index(op.f("ix_ledger_kind_subject_id"), ["kind", "subject_id"], unique=False, **PLACE)
    op.create_table(
        "ledger_amount",
        sa.Column("ledger_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_ledger_amount_ledger_id_ledger")),
        sa.PrimaryKeyConstraint("ledger_id", "key", name=op.f("pk_ledger_amount")),
    )
    _keep_ledger()
    _keep_amounts()
    with op.batch_alter_table("programme") as table:
        table.add_column(sa.Column("measures_required", sa.Integer(), nullable=False, server_default="1"))
        table.create_check_constraint(op.f("ck_programme_measures_required"), "measures_required BETWEEN 1 AND 20")
    with op.batch_alter_table("programme") as table:
        table.alter_column("measures_required", existing_type=sa.Integer(), server_default=None)
    _size_totals(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    """What the schema before does not know of goes: rows of screenings, measures, hours and people."""
    _size_totals(sa.BigInteger(), sa.Integer())
    with op.batch_alter_table("programme") as table:
        table.drop_constraint(op.f("ck_programme_measures_required"), type_="check")
        table.drop_column("measures_required")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER IF EXISTS ledger_amount_append_only ON ledger_amount")
    op.drop_table("ledger_amount")
    _let_ledger_change()
    added = f"SELECT id FROM ledger WHERE kind IN ({_listed(ADDED)})"
    op.execute(f"DELETE FROM ledger_reason WHERE ledger_id IN ({added})")
    op.execute(f"DELETE FROM ledger WHERE reverses_id IN ({added})")
    op.execute(f"DELETE FROM ledger WHERE kind IN ({_listed(ADDED)})")
    with op.batch_alter_table("ledger") as table:
        table.drop_index(op.f("ix_ledger_kind_subject_id"), **PLACE)
        table.drop_constraint(op.f("ck_ledger_ledger_kind"), type_="check")
        table.drop_constraint(op.f("ck_ledger_subject"), type_="check")
        table.create_check_constraint(op.f("ck_ledger_ledger_kind"), f"kind IN ({_listed(BEFORE)})")
        table.create_check_constraint(op.f("ck_ledger_subject"), "business_id IS NOT NULL OR kind = 'target'")
        table.drop_column("subject_id")
    _keep_ledger()


def _size_totals(before: sa.types.TypeEngine[int], after: sa.types.TypeEngine[int]) -> None:
    """Savings in thousandths are larger numbers than counts."""
    kept = "key LIKE 'saving:%' OR key LIKE 'measure:%' OR key LIKE 'screening:%'"
    if isinstance(after, sa.Integer) and not isinstance(after, sa.BigInteger):
        op.execute(f"DELETE FROM total WHERE {kept}")
    with op.batch_alter_table("total", table_kwargs={"sqlite_with_rowid": False}) as table:
        table.alter_column("delta", existing_type=before, type_=after, existing_nullable=False)


def _let_ledger_change() -> None:
    """Take the triggers away while the table is built anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER IF EXISTS ledger_append_only ON ledger")
        op.execute("DROP TRIGGER IF EXISTS ledger_no_truncate ON ledger")
        return
    for verb in ("update", "delete", "replace"):
        op.execute(f"DROP TRIGGER IF EXISTS ledger_no_{verb}")


def _keep_ledger() -> None:
    """The triggers of the first schema, on the table as it is now."""
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_postgresql("ledger")
        return
    _refuse_on_sqlite("ledger")
    op.execute(  # REPLACE deletes without firing the triggers above
        "CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger "
        "WHEN EXISTS (SELECT 1 FROM ledger WHERE id = NEW.id) "
        "OR NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM ledger WHERE reverses_id = NEW.reverses_id) "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )


def _keep_amounts() -> None:
    """The amounts of a row are as unchangeable as the row."""
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_postgresql("ledger_amount")
        return
    _refuse_on_sqlite("ledger_amount")
    op.execute(
        "CREATE TRIGGER ledger_amount_no_replace BEFORE INSERT ON ledger_amount "
        "WHEN EXISTS (SELECT 1 FROM ledger_amount WHERE ledger_id = NEW.ledger_id AND key = NEW.key) "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )


def _refuse_on_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
    )


def _refuse_on_sqlite(table: str) -> None:
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
