"""Who is postponed to a year that has a programme already turns up on its longlist, as on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.imports.apply.bulk import insert_rows, update_rows
from nbe.imports.apply.moves import Moves
from nbe.imports.decide import RowPlan
from nbe.models import Candidacy, Programme
from nbe.models.states import CloseReason, LedgerKind, Stage

EMPTY: dict[str, Any] = {
    "postponed_to_year": None,
    "source": None,
    "screening_on": None,
    "screener_name": "",
    "responsible_id": None,
    "next_step": "",
    "next_step_on": None,
    "verdict": None,
    "verdict_on": None,
}


def turn_up_later(rows: Iterable[tuple[RowPlan, int]], moves: Moves, now: dt.datetime) -> None:
    """Begin the later candidacies of (row, business); whoever is a candidate there stays as he is."""
    waiting = {
        (business_id, row.candidacy.values["postponed_to_year"]): row
        for row, business_id in rows
        if row.candidacy
        and row.candidacy.reason is CloseReason.POSTPONED
        and row.candidacy.values.get("postponed_to_year")
    }
    if not waiting:
        return
    years = {year for _, year in waiting}
    programmes: dict[int, int] = dict(
        db.session.execute(sa.select(Programme.year, Programme.id).where(Programme.year.in_(years))).all()
    )
    known: dict[tuple[int, int], Any] = {}
    for ids in chunks(sorted({business_id for business_id, _ in waiting})):
        statement = sa.select(table_of(Candidacy)).where(
            Candidacy.business_id.in_(ids), Candidacy.programme_id.in_(programmes.values())
        )
        known |= {(row.business_id, row.programme_id): row for row in db.session.execute(statement)}
    new: list[dict[str, Any]] = []
    back: list[tuple[int, dict[str, Any]]] = []
    for (business_id, year), row in waiting.items():
        programme_id = programmes.get(year)
        if programme_id is None or programme_id == moves.programme_id:
            continue
        held = known.get((business_id, programme_id))
        if held is not None and not held.is_hidden:
            continue
        source = row.candidacy.values.get("source") if row.candidacy else None
        begin = {**EMPTY, "source": source, "stage": Stage.LONGLIST, "stage_since_on": moves.today}
        begin |= {"close_reason": None, "is_hidden": False}
        if held is not None:
            back.append((held.id, begin))
        else:
            begin |= {"business_id": business_id, "programme_id": programme_id, "last_activity_on": None}
            new.append({**begin, "created_at": now, "version": 1})
        moves.add(row, business_id, LedgerKind.STAGE, None, Stage.LONGLIST, moves.today, programme_id=programme_id)
    insert_rows(Candidacy, new)
    update_rows(Candidacy, back)
