"""Counter-moves for an import, and what began with it."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.ledger import reverse
from nbe.models import LedgerRow
from nbe.models.states import LedgerKind


def begun(import_id: int) -> tuple[set[tuple[int, int]], set[int]]:
    """The candidacies (business, programme) and memberships (business) that began with this import."""
    statement = sa.select(LedgerRow.kind, LedgerRow.business_id, LedgerRow.programme_id).where(
        LedgerRow.import_id == import_id,
        LedgerRow.from_code.is_(None),
        LedgerRow.reverses_id.is_(None),
        LedgerRow.kind.in_([LedgerKind.STAGE, LedgerKind.MEMBERSHIP]),
    )
    candidacies: set[tuple[int, int]] = set()
    memberships: set[int] = set()
    for kind, business_id, programme_id in db.session.execute(statement):
        if business_id is None:  # targets alone are of no business
            continue
        if kind is LedgerKind.STAGE and programme_id is not None:
            candidacies.add((business_id, programme_id))
        elif kind is LedgerKind.MEMBERSHIP:
            memberships.add(business_id)
    return candidacies, memberships


def reverse_moves(
    import_id: int, created: set[int], candidacies: set[tuple[int, int]], memberships: set[int], user_id: int | None
) -> None:
    """Counter-moves for what the import wrote, and for everything since on what it began."""
    undo = aliased(LedgerRow)
    open_rows = sa.select(LedgerRow.id, LedgerRow.kind, LedgerRow.business_id, LedgerRow.programme_id).where(
        LedgerRow.reverses_id.is_(None), ~sa.select(undo.id).where(undo.reverses_id == LedgerRow.id).exists()
    )
    ids = {row.id for row in db.session.execute(open_rows.where(LedgerRow.import_id == import_id))}
    for businesses in chunks(sorted(created | memberships | {business for business, _ in candidacies})):
        for row in db.session.execute(open_rows.where(LedgerRow.business_id.in_(businesses))):
            is_begun = (
                row.business_id in memberships
                if row.kind is LedgerKind.MEMBERSHIP
                else (row.business_id, row.programme_id) in candidacies
            )
            if is_begun or row.business_id in created:
                ids.add(row.id)
    for kind, subjects in _begun_subjects(import_id).items():
        for part in chunks(sorted(subjects)):
            of_these = open_rows.where(LedgerRow.kind == kind, LedgerRow.subject_id.in_(part))
            ids |= {row.id for row in db.session.execute(of_these)}
    reverse(sorted(ids), user_id=user_id)


def _begun_subjects(import_id: int) -> dict[LedgerKind, set[int]]:
    """The measures and people that began with this import, by kind."""
    statement = sa.select(LedgerRow.kind, LedgerRow.subject_id).where(
        LedgerRow.import_id == import_id,
        LedgerRow.from_code.is_(None),
        LedgerRow.reverses_id.is_(None),
        LedgerRow.subject_id.is_not(None),
    )
    begun: dict[LedgerKind, set[int]] = defaultdict(set)
    for kind, subject_id in db.session.execute(statement):
        if subject_id is not None:
            begun[kind].add(subject_id)
    return begun
