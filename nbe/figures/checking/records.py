"""Candidacies and memberships: the records' own columns against the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db
from nbe.ledger.queries import states_at
from nbe.models import Business, Candidacy, Membership
from nbe.models.states import LedgerKind

_LATEST = dt.date(9999, 12, 31)


def candidacies() -> Iterator[str]:
    """Hidden candidacies (an undone import's) must have no standing in the ledger."""
    told = states_at(LedgerKind.STAGE, None, _LATEST)
    statement = (
        sa.select(
            sa.func.coalesce(Candidacy.business_id, told.c.business_id),
            sa.func.coalesce(Candidacy.programme_id, told.c.programme_id),
            sa.cast(Candidacy.stage, sa.String),
            sa.cast(Candidacy.close_reason, sa.String),
            sa.or_(Candidacy.is_hidden, Business.is_hidden),
            Business.municipality_code,
            told.c.to_code,
            told.c.detail,
            told.c.municipality_code,
        )
        .select_from(Candidacy)
        .join(Business, Business.id == Candidacy.business_id)
        .join(
            told,
            sa.and_(told.c.business_id == Candidacy.business_id, told.c.programme_id == Candidacy.programme_id),
            full=True,
        )
    )
    for business, programme, stage, reason, hidden, code, to_code, detail, told_code in _read(statement):
        subject = f"candidacy business={business} programme={programme}:"
        if hidden or stage is None:
            if to_code is not None:
                yield f"{subject} the ledger says {to_code}, there is no candidacy"
        elif (to_code, detail) != (stage, reason):
            yield f"{subject} the ledger says {to_code} {detail or ''}, the record {stage} {reason or ''}"
        elif code != told_code:
            yield f"{subject} the ledger says municipality {told_code}, the record {code}"


def memberships() -> Iterator[str]:
    """Hidden memberships must have no standing in the ledger."""
    told = states_at(LedgerKind.MEMBERSHIP, None, _LATEST)
    statement = (
        sa.select(
            sa.func.coalesce(Membership.business_id, told.c.business_id),
            sa.cast(Membership.state, sa.String),
            sa.or_(Membership.is_hidden, Business.is_hidden),
            Business.municipality_code,
            told.c.to_code,
            told.c.municipality_code,
        )
        .select_from(Membership)
        .join(Business, Business.id == Membership.business_id)
        .join(told, told.c.business_id == Membership.business_id, full=True)
    )
    for business, state, hidden, code, to_code, told_code in _read(statement):
        subject = f"membership business={business}:"
        if hidden or state is None:
            if to_code is not None:
                yield f"{subject} the ledger says {to_code}, there is no membership"
        elif to_code != state:
            yield f"{subject} the ledger says {to_code}, the record {state}"
        elif code != told_code:
            yield f"{subject} the ledger says municipality {told_code}, the record {code}"


def _read(statement: sa.Select[*tuple[Any, ...]]) -> sa.Result[*tuple[Any, ...]]:
    return db.session.execute(statement, execution_options={"yield_per": 5000})
