"""The questions of the suitability assessment: their words, weight and order, and whether they are in use.

An answered criterion is part of what was decided: it can be taken out of use, never deleted.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import AssessmentAnswer, Criterion


class AnsweredError(ValueError):
    """A criterion with answers cannot be deleted."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A criterion with how many candidates were asked it."""

    criterion: Criterion
    answers: int


def list_criteria() -> list[Listed]:
    """All criteria in their order, those out of use last."""
    answers = (
        sa.select(AssessmentAnswer.criterion_id, sa.func.count().label("n"))
        .group_by(AssessmentAnswer.criterion_id)
        .subquery()
    )
    statement = (
        sa.select(Criterion, sa.func.coalesce(answers.c.n, 0))
        .outerjoin(answers, answers.c.criterion_id == Criterion.id)
        .order_by(Criterion.is_active.desc(), Criterion.position, Criterion.id)
    )
    return [Listed(criterion, int(n)) for criterion, n in db.session.execute(statement)]


def active_criteria() -> list[Criterion]:
    """The criteria in use, in their order."""
    statement = sa.select(Criterion).where(Criterion.is_active).order_by(Criterion.position, Criterion.id)
    return list(db.session.scalars(statement))


def find_criterion(criterion_id: int, *, for_update: bool = False) -> Criterion | None:
    """One criterion, if there is one."""
    if not 0 < criterion_id < 2**31:
        return None
    statement = sa.select(Criterion).where(Criterion.id == criterion_id)
    return db.session.scalar(statement.with_for_update() if for_update else statement)


def is_title_taken(title: str, except_id: int | None = None) -> bool:
    """Whether a criterion in use asks the same, in whatever letters."""
    return any(c.title.casefold() == title.casefold() and c.id != except_id for c in active_criteria())


def count_answers(criterion: Criterion) -> int:
    """How many candidates were asked it."""
    statement = sa.select(sa.func.count()).where(AssessmentAnswer.criterion_id == criterion.id)
    return db.session.scalar(statement) or 0


def add_criterion(title: str, weight: int) -> Criterion:
    """A new criterion, last in the order."""
    last = db.session.scalar(sa.select(sa.func.max(Criterion.position))) or 0
    criterion = Criterion(title=title, weight=weight, position=last + 1, is_active=True)
    db.session.add(criterion)
    db.session.flush()
    return criterion


def update_criterion(criterion: Criterion, title: str, weight: int) -> None:
    """Correct words and weight; answers given before stay as they are."""
    criterion.title, criterion.weight = title, weight
    db.session.flush()


def set_in_use(criterion: Criterion, is_active: bool) -> None:
    """Take a criterion out of use, or back in at the end of the order; its answers stay either way."""
    if is_active and not criterion.is_active:
        last = db.session.scalar(sa.select(sa.func.max(Criterion.position))) or 0
        criterion.position = last + 1
    criterion.is_active = is_active
    db.session.flush()


def move_criterion(criterion: Criterion, step: int) -> bool:
    """Move one place up (-1) or down (+1) among those in use; -> whether there was a place to move to."""
    ordered = list(
        db.session.scalars(
            sa.select(Criterion)
            .where(Criterion.is_active)
            .order_by(Criterion.position, Criterion.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    if criterion not in ordered:
        return False
    place = ordered.index(criterion)
    if not 0 <= place + step < len(ordered):
        return False
    ordered.insert(place + step, ordered.pop(place))
    for position, each in enumerate(ordered, 1):
        if each.position != position:
            each.position = position
    db.session.flush()
    return True


def delete_criterion(criterion: Criterion) -> None:
    """Delete a criterion nobody has answered; AnsweredError otherwise."""
    if count_answers(criterion):
        raise AnsweredError
    db.session.delete(criterion)
    db.session.flush()
