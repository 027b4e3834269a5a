"""Recounting visits, measures, what they save, and the hours promised: the records' own columns against the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import sqlalchemy as sa

from nbe.core.columns import scaled
from nbe.core.database import db
from nbe.ledger import CO2E, saving_key
from nbe.ledger.queries import numbers_at, subjects_at
from nbe.models import HourNorm, LedgerAmount, Measure, Participant, Pledge, Registration, Saving, Screening
from nbe.models.measures import AMOUNT
from nbe.models.states import LedgerKind
from nbe.resources.queries import task_hours
from nbe.targets.queries import list_programmes

_LATEST = dt.date(9999, 12, 31)
_BATCH = {"yield_per": 5000}


def states(model: type[Screening] | type[Measure], kind: LedgerKind) -> Iterator[str]:
    """A hidden record (one taken back) must have no standing in the ledger."""
    told = subjects_at(kind, None, _LATEST)
    same = sa.and_(told.c.subject_id == model.id, told.c.business_id == model.business_id)
    statement = (
        sa.select(model.id, sa.cast(model.state, sa.String), model.is_hidden, told.c.to_code)
        .outerjoin(told, same)
        .order_by(model.id)
    )
    for record_id, state, is_hidden, to_code in db.session.execute(statement, execution_options=_BATCH):
        expected = None if is_hidden else state
        if expected != to_code:
            yield f"{kind.value} {record_id}: the ledger says {to_code}, the record {expected}"


def people(model: type[Participant] | type[Registration], kind: LedgerKind) -> Iterator[str]:
    """People at courses and events; a hidden one (a sign-up taken back) must have no standing in the ledger."""
    told = subjects_at(kind, None, _LATEST)
    statement = (
        sa.select(model.id, sa.cast(model.state, sa.String), model.is_hidden, told.c.to_code, told.c.municipality_code)
        .add_columns(model.municipality_code)
        .outerjoin(told, told.c.subject_id == model.id)
        .order_by(model.id)
    )
    for row in db.session.execute(statement, execution_options=_BATCH):
        record_id, state, is_hidden, to_code, told_code, code = row
        expected = None if is_hidden else state
        if expected != to_code:
            yield f"{kind.value} {record_id}: the ledger says {to_code}, the record {expected}"
        elif to_code is not None and code != told_code:
            yield f"{kind.value} {record_id}: the ledger says municipality {told_code}, the record {code}"


def savings() -> Iterator[str]:
    """What each measure saves, as its records and its latest row in the ledger say."""
    told, kept = _told_amounts(), _kept_amounts()
    for place in sorted(told.keys() | kept.keys()):
        if told.get(place) != kept.get(place):
            measure_id, key = place
            yield f"measure {measure_id} {key}: the ledger says {told.get(place)}, the record {kept.get(place)}"


def _told_amounts() -> dict[tuple[int, str], int]:
    told = subjects_at(LedgerKind.MEASURE, None, _LATEST)
    statement = (
        sa.select(Measure.id, LedgerAmount.key, LedgerAmount.amount)
        .join(told, sa.and_(told.c.subject_id == Measure.id, told.c.business_id == Measure.business_id))
        .join(LedgerAmount, LedgerAmount.ledger_id == told.c.id)
    )
    rows = db.session.execute(statement, execution_options=_BATCH)
    return {(measure_id, key): amount for measure_id, key, amount in rows}


def _kept_amounts() -> dict[tuple[int, str], int]:
    columns = (Saving.measure_id, Saving.phase, Saving.quantity, Saving.amount, Saving.co2e_kg)
    statement = sa.select(*columns).join(Measure, Measure.id == Saving.measure_id).where(Measure.is_hidden.is_(False))
    kept: dict[tuple[int, str], int] = {}
    for measure_id, phase, quantity, amount, co2e_kg in db.session.execute(statement, execution_options=_BATCH):
        for key, number in ((quantity.value, amount), (CO2E, co2e_kg)):
            if number is not None:
                place = measure_id, saving_key(phase, key)
                kept[place] = kept.get(place, 0) + scaled(number, AMOUNT)
    return kept


def hours() -> Iterator[str]:
    """Hours promised to each municipality, and the hours one forløb takes."""
    pledged = sa.select(Pledge.programme_id, Pledge.municipality_code, sa.func.sum(Pledge.hours)).group_by(
        Pledge.programme_id, Pledge.municipality_code
    )
    kept = {(programme, code): Decimal(hours) for programme, code, hours in db.session.execute(pledged)}
    normed = set(db.session.scalars(sa.select(HourNorm.programme_id).distinct()))
    for programme in list_programmes():
        numbers = numbers_at(programme.id, _LATEST)
        codes = {code for year, code in kept if year == programme.id}
        for code in sorted(codes | numbers.hours.keys()):
            told, sum_of = numbers.hours.get(code, Decimal(0)), kept.get((programme.id, code), Decimal(0))
            if told != sum_of:
                place = f"hours programme={programme.id} municipality={code}"
                yield f"{place}: the ledger says {told}, the records {sum_of}"
        per_programme = sum(task_hours(programme.id).values(), Decimal(0))
        for code, told in sorted(numbers.norms.items()):
            if programme.id in normed and told != per_programme:
                place = f"norm programme={programme.id} municipality={code}"
                yield f"{place}: the ledger says {told}, the record {per_programme}"
