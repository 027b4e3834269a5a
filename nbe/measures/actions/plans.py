"""The action plan: what goes into it, adopting it, and taking the adoption back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _ln

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import record, reverse
from nbe.measures.actions.following import act_moment, follow_ledger, latest_day, measure_row, rows_of_measures
from nbe.measures.actions.moves import stage_row
from nbe.measures.actions.savings import begin_decided, put_back
from nbe.measures.rules import STARTED, MeasureRefusedError, follow_up_days
from nbe.models import ActionPlan, Candidacy, Change, FollowUp, LedgerRow, Measure
from nbe.models.states import LedgerKind, MeasureState, Stage
from nbe.pipeline.actions import follow_ledger as follow_candidate
from nbe.pipeline.actions import latest_moves


def _measures(candidacy: Candidacy) -> list[Measure]:
    statement = sa.select(Measure).where(Measure.candidacy_id == candidacy.id, Measure.is_hidden.is_(False))
    return list(db.session.scalars(statement.order_by(Measure.id).with_for_update(of=Measure)))


def find_plan(candidacy: Candidacy) -> ActionPlan | None:
    """The plan of a candidate, adopted or not."""
    return db.session.scalar(sa.select(ActionPlan).where(ActionPlan.candidacy_id == candidacy.id))


def choose_for_plan(candidacy: Candidacy, measure_ids: Collection[int]) -> None:
    """Put these of the candidate's measures into the plan and leave the other proposals out.

    What has been decided on stays in: that it is decided is what makes it the plan's.
    """
    for measure in _measures(candidacy):
        wished = measure.id in measure_ids or measure.state not in (MeasureState.IDENTIFIED, MeasureState.ABANDONED)
        if measure.is_in_plan != wished:
            measure.is_in_plan = wished
    db.session.flush()


def missing_for_plan(measures: Sequence[Any], required: int) -> list[Any]:
    """What keeps a plan from being adopted, in sentences."""
    chosen = [m for m in measures if m.is_in_plan and m.state is not MeasureState.ABANDONED]
    missing: list[Any] = []
    if len(chosen) < required:
        text = _ln("Planen skal have mindst %(num)s tiltag.", "Planen skal have mindst %(num)s tiltag.", required)
        missing.append(text)
    if any(not measure.title for measure in chosen):
        missing.append(_l("Alle tiltag i planen skal have et navn."))
    return missing


def adopt_plan(
    candidacy: Candidacy, day: dt.date, adopted_by: str, *, user_id: int | None, note: str = ""
) -> ActionPlan:
    """Adopt the plan: its proposals are decided, the candidate is *Handlingsplan vedtaget*, the looks get their days.

    One adopted already gets another day as if the first had never been. Raises MeasureRefusedError.
    """
    if candidacy.stage is Stage.CLOSED:
        raise MeasureRefusedError("adopted_on", _l("Kandidaten er lukket. Genåbn den først."))
    if day > clock.today():
        raise MeasureRefusedError("adopted_on", _l("Datoen ligger i fremtiden."))
    plan = find_plan(candidacy)
    if plan is not None and plan.adopted_on == day:
        plan.adopted_by, plan.note = adopted_by, note
        db.session.flush()
        return plan
    undo_plan(candidacy, user_id=user_id)
    measures = _measures(candidacy)
    missing = missing_for_plan(measures, candidacy.programme.measures_required)
    if missing:
        raise MeasureRefusedError("measures", missing[0])
    deciding = [m for m in measures if m.is_in_plan and m.state is MeasureState.IDENTIFIED]
    for measure in deciding:
        if day < latest_day(measure):
            text = _l('Datoen ligger før forslaget "%(title)s".', title=measure.title)
            raise MeasureRefusedError("adopted_on", text)
    begun = clock.now()
    if plan is None:
        plan = ActionPlan(business_id=candidacy.business_id, candidacy_id=candidacy.id)
        db.session.add(plan)
    with db.session.no_autoflush:
        plan.adopted_on, plan.adopted_by, plan.note = day, adopted_by, note
        for measure in deciding:
            begin_decided(measure)
    moment = act_moment(begun, [plan])
    moves = [measure_row(m, MeasureState.IDENTIFIED, MeasureState.DECIDED, day) for m in deciding]
    moves += stage_row(candidacy, Stage.PLANNED, day)
    record(moves, user_id=user_id, recorded_at=moment)
    for measure in deciding:
        follow_ledger(measure)
    follow_candidate(candidacy)
    _set_follow_ups(candidacy, day)
    return plan


def _set_follow_ups(candidacy: Candidacy, adopted_on: dt.date | None) -> None:
    """The days of the looks follow the adoption; one that has been held stays."""
    held = {look.months: look for look in db.session.scalars(_looks(candidacy))}
    days = follow_up_days(adopted_on) if adopted_on else {}
    for months, day in days.items():
        look = held.get(months)
        if look is None:
            look = FollowUp(business_id=candidacy.business_id, candidacy_id=candidacy.id, months=months, due_on=day)
            db.session.add(look)
        elif look.due_on != day:
            look.due_on = day
    for look in held.values():
        if not days and look.held_on is None:
            db.session.delete(look)
    db.session.flush()


def _looks(candidacy: Candidacy) -> Any:
    return sa.select(FollowUp).where(FollowUp.candidacy_id == candidacy.id)


def undo_plan(candidacy: Candidacy, *, user_id: int | None) -> bool:
    """Take the adoption back: its measures are proposals again, the candidate stands where it stood, no looks.

    -> whether there was one. Raises MeasureRefusedError when something has been done since that rests on it.
    """
    plan = find_plan(candidacy)
    if plan is None or plan.adopted_on is None:
        return False
    moment = _adopted_at(plan, candidacy)
    measures = _measures(candidacy)
    rows = rows_of_measures(measure.id for measure in measures)
    decided = [m for m in measures if any(row.recorded_at == moment for row in rows[m.id])]
    if any(m.is_in_plan and m.state in STARTED for m in measures):
        raise MeasureRefusedError("adopted_on", _l("Et tiltag er i gang. Sæt det tilbage, før planen fortrydes."))
    if any(rows[m.id][-1].recorded_at != moment for m in decided):
        text = _l("Et tiltag er ændret, efter at planen blev vedtaget. Fortryd ændringen først.")
        raise MeasureRefusedError("adopted_on", text)
    stage = [row for row in latest_moves(candidacy) if row.recorded_at == moment]
    if not stage and _has_stage_row(candidacy, moment):
        raise MeasureRefusedError("adopted_on", _l("Kandidaten er flyttet, efter at planen blev vedtaget."))
    reverse([rows[m.id][-1].id for m in decided] + [row.id for row in stage], user_id=user_id)
    for measure in decided:
        put_back(measure, moment, rows[measure.id][:-1])
        follow_ledger(measure)
    follow_candidate(candidacy)
    plan.adopted_on = None
    _set_follow_ups(candidacy, None)
    db.session.flush()
    return True


def _adopted_at(plan: ActionPlan, candidacy: Candidacy) -> dt.datetime:
    """When the day of adoption was last set: as the audit has it, else as the candidate's move was recorded."""
    changes = db.session.scalars(
        sa.select(Change)
        .where(Change.entity == ActionPlan.__tablename__, Change.entity_id == plan.id)
        .order_by(Change.id.desc())
    )
    told = next((change.at for change in changes if "adopted_on" in change.diff), None)
    moved = sa.select(sa.func.max(LedgerRow.recorded_at)).where(
        *_stage_rows(candidacy), LedgerRow.to_code == Stage.PLANNED.value
    )
    return told or db.session.scalar(moved) or clock.now()


def _stage_rows(candidacy: Candidacy) -> tuple[Any, ...]:
    return (
        LedgerRow.business_id == candidacy.business_id,
        LedgerRow.programme_id == candidacy.programme_id,
        LedgerRow.kind == LedgerKind.STAGE,
        LedgerRow.reverses_id.is_(None),
    )


def _has_stage_row(candidacy: Candidacy, moment: dt.datetime) -> bool:
    statement = sa.select(LedgerRow.id).where(*_stage_rows(candidacy), LedgerRow.recorded_at == moment)
    return db.session.scalar(statement.limit(1)) is not None
