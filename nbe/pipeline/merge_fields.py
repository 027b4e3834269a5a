"""What a merge brings over to the business that stays, and puts back when the merge is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from nbe.core.database import Base, db
from nbe.models import Activity, Assessment, AssessmentAnswer, Business, Candidacy, Change, Contact
from nbe.models.states import CriterionAnswer
from nbe.pipeline.merge_plan import CandidacyPair, MergePlan
from nbe.pipeline.taking_back import changes_at, restorable

# Filled from the side that stands, else from the other; a next step goes with its day.
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("source",),
    ("screening_on", "screener_name"),
    ("responsible_id",),
    ("next_step", "next_step_on"),
)
_NUMBERS = ("cvr", "p_number")


def bring_over(plan: MergePlan, candidacies: Mapping[int, Candidacy]) -> None:
    """Contacts, activities and what is written on candidacies and assessments; `candidacies` by programme."""
    kept, gone = plan.kept, plan.gone
    known = {(c.name, c.email, c.phone) for c in _shown(Contact, kept)}
    for contact in _shown(Contact, gone):
        if (contact.name, contact.email, contact.phone) not in known:
            contact.business_id = kept.id
    places = {pair.gone.id: candidacies[pair.programme_id].id for pair in plan.candidacies}
    for activity in _shown(Activity, gone):
        activity.business_id = kept.id
        if activity.candidacy_id is not None:
            activity.candidacy_id = places.get(activity.candidacy_id)
    kept.last_activity_on = _later(kept.last_activity_on, gone.last_activity_on)
    for pair in plan.candidacies:
        _bring_candidacy(pair, candidacies[pair.programme_id])


def _shown(model: Any, business: Business) -> list[Any]:
    return list(
        db.session.scalars(sa.select(model).where(model.business_id == business.id, model.is_hidden.is_(False)))
    )


def _later(*days: dt.date | None) -> dt.date | None:
    return max((day for day in days if day is not None), default=None)


def _bring_candidacy(pair: CandidacyPair, candidacy: Candidacy) -> None:
    sides = [pair.gone, candidacy] if pair.standing is pair.gone else [candidacy, pair.gone]
    for columns in _TOGETHER:
        values = [[getattr(side, column) for column in columns] for side in sides]
        told = next((value for value in values if any(value)), None)
        for column, value in zip(columns, told or (), strict=False):
            if getattr(candidacy, column) != value:
                setattr(candidacy, column, value)
    candidacy.last_activity_on = _later(candidacy.last_activity_on, pair.gone.last_activity_on)
    found = {
        assessment.candidacy_id: assessment
        for assessment in db.session.scalars(
            sa.select(Assessment).where(Assessment.candidacy_id.in_([candidacy.id, pair.gone.id]))
        )
    }
    theirs, mine = found.get(pair.gone.id), found.get(candidacy.id)
    if theirs is None:
        return
    if mine is None:
        theirs.candidacy_id = candidacy.id
    elif pair.standing is pair.gone:
        mine.reason, mine.assessor_id = theirs.reason or mine.reason, theirs.assessor_id
        held = {answer.criterion_id: answer for answer in mine.answers}
        for answer in theirs.answers:
            if answer.criterion_id in held:
                held[answer.criterion_id].answer = answer.answer
            else:
                mine.answers.append(AssessmentAnswer(criterion_id=answer.criterion_id, answer=answer.answer))


def free_numbers(*businesses: Business) -> None:
    """Let go of the numbers of two businesses that change them between themselves: a number stands only once.

    Nobody sees what stands meanwhile: the caller sets the numbers in the same transaction.
    """
    first, second = businesses
    column, mark = (Business.cvr, "{:08d}") if first.cvr != second.cvr else (Business.p_number, "#{}")
    for business in businesses:
        db.session.execute(
            sa.update(Business).where(Business.id == business.id).values({column: mark.format(business.id)}),
            execution_options={"unaudited": True, "synchronize_session": False},
        )


def restore(kept: Business, gone: Business, moment: dt.datetime) -> None:
    """Put back the fields a merge has changed, where they still stand as it left them."""
    backs: list[tuple[Base, dict[str, Any]]] = []
    for change in changes_at([kept.id, gone.id], moment):
        if change.entity == Assessment.__tablename__:
            _restore_assessment(change)
        elif (restored := restorable(change)) is not None:
            backs.append(restored)
    numbers = [back for row, back in backs if isinstance(row, Business) and any(name in back for name in _NUMBERS)]
    if len(numbers) == 2:
        free_numbers(kept, gone)
    else:  # one of them has been given another number since
        for back in numbers:
            for name in _NUMBERS:
                back.pop(name, None)
    with db.session.no_autoflush:
        for row, back in backs:
            for name, value in back.items():
                setattr(row, name, value)
    db.session.flush()
    _restore_days(kept, gone)
    db.session.flush()


def _restore_assessment(change: Change) -> None:
    assessment = db.session.get(Assessment, change.entity_id)
    if assessment is None:
        return
    answers = {answer.criterion_id: answer for answer in assessment.answers}
    for name, (old, new) in change.diff.items():
        if not name.startswith("criterion_"):
            if getattr(assessment, name) == new:
                setattr(assessment, name, old)
            continue
        answer = answers.get(int(name.removeprefix("criterion_")))
        if answer is None or answer.answer.value != new:
            continue
        if old is None:
            assessment.answers.remove(answer)
        else:
            answer.answer = CriterionAnswer(old)


def _restore_days(kept: Business, gone: Business) -> None:
    """A latest activity that was the other's goes back to the business's own latest."""
    if kept.last_activity_on is not None and kept.last_activity_on == gone.last_activity_on:
        kept.last_activity_on = _own_day(kept.last_activity_on, Activity.business_id, kept.id, gone.id)
    held = db.session.scalars(sa.select(Candidacy).where(Candidacy.business_id == gone.id))
    theirs = {candidacy.programme_id: candidacy for candidacy in held}
    for candidacy in db.session.scalars(sa.select(Candidacy).where(Candidacy.business_id == kept.id)):
        other = theirs.get(candidacy.programme_id)
        if other is not None and candidacy.last_activity_on == other.last_activity_on:
            candidacy.last_activity_on = _own_day(
                candidacy.last_activity_on, Activity.candidacy_id, candidacy.id, other.id
            )


def _own_day(day: dt.date | None, owner: Any, own_id: int, other_id: int) -> dt.date | None:
    """The day of one's own latest activity; where neither has any, the day was told some other way and stays."""
    own, other = (
        db.session.scalar(
            sa.select(sa.func.max(Activity.happened_on)).where(owner == record_id, Activity.is_hidden.is_(False))
        )
        for record_id in (own_id, other_id)
    )
    return own if own is not None or other is not None else day
