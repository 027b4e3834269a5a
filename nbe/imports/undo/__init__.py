"""Taking a whole import back: counter-moves, created rows hidden, changed fields as they were.

A field that somebody has changed since stays as it is now. A second import of the same file
brings everything back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.imports.apply import update_rows
from nbe.imports.kinds import KINDS
from nbe.imports.undo.fields import restore_fields
from nbe.imports.undo.moves import begun, reverse_moves
from nbe.imports.undo.standing import restore_standing
from nbe.models import Business, Candidacy, ImportMark, ImportRow, ImportRun, Membership
from nbe.models.states import ImportState, RowOutcome


def undo_import(run: ImportRun, *, user_id: int | None) -> None:
    """Take `run` back in the caller's transaction. The run must be applied."""
    db.session.flush()
    rows = db.session.execute(
        sa.select(ImportRow.business_id, ImportRow.outcome).where(
            ImportRow.import_id == run.id, ImportRow.business_id.is_not(None)
        )
    ).all()
    outcomes = {business_id: outcome for business_id, outcome in rows if business_id is not None}
    # A row that changed nothing leaves the mark of the import before it.
    changed = sorted(business_id for business_id, outcome in outcomes.items() if outcome is not RowOutcome.UNCHANGED)
    created = {business_id for business_id, outcome in outcomes.items() if outcome is RowOutcome.CREATED}
    candidacies, memberships = begun(run.id)
    reverse_moves(run.id, created, candidacies, memberships, user_id)
    _hide(created, candidacies, memberships)
    restore_fields(run.id, user_id)
    restore_standing(run.id, created, candidacies, memberships)
    db.session.expire_all()
    for kind in KINDS:
        kind.take_back(run.id)
    for ids in chunks(changed):
        db.session.execute(
            sa.delete(ImportMark).where(
                ImportMark.business_id.in_(ids), ImportMark.programme_id == (run.programme_id or 0)
            )
        )
    run.state = ImportState.UNDONE
    run.undone_at = clock.now()
    run.content = None
    db.session.flush()
    db.session.expire_all()


def _hide(created: set[int], candidacies: set[tuple[int, int]], memberships: set[int]) -> None:
    hidden = {"is_hidden": True}
    update_rows(Business, [(business_id, hidden) for business_id in sorted(created)])
    for model, of_businesses in ((Candidacy, {business for business, _ in candidacies}), (Membership, memberships)):
        found: list[tuple[int, Mapping[str, Any]]] = []
        table = table_of(model)
        for ids in chunks(sorted(created | of_businesses)):
            for row in db.session.execute(sa.select(table).where(table.c.business_id.in_(ids))).mappings():
                is_begun = row["business_id"] in created or (
                    row["business_id"] in of_businesses
                    if model is Membership
                    else (row["business_id"], row["programme_id"]) in candidacies
                )
                if is_begun:
                    found.append((row["id"], hidden))
        update_rows(model, found)
