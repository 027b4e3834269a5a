"""What belongs to one candidate: its moves in words, its other years, its assessment weighed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from nbe.access import Permission, Viewer, visible
from nbe.core.database import db
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import effective
from nbe.models import Candidacy, Criterion, LedgerReason, LedgerRow, Programme, User
from nbe.models.states import CloseReason, CriterionAnswer, LedgerKind, Stage, Verdict
from nbe.pipeline.criteria import active_criteria

_OF_CANDIDATES = (LedgerKind.STAGE, LedgerKind.VERDICT)
POINTS = {CriterionAnswer.YES: 2, CriterionAnswer.PARTLY: 1, CriterionAnswer.NO: 0}


@dataclass(frozen=True, slots=True)
class ToldMove:
    """One move as the candidate's page tells it."""

    id: int
    day: dt.date
    text: str
    note: str
    by: str
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """The criteria with their answers; points are a help, the verdict is a person's."""

    answers: list[tuple[Criterion, CriterionAnswer | None]]
    reason: str
    assessor: str
    points: float
    possible: int
    version: int

    @property
    def is_begun(self) -> bool:
        """Whether any criterion has been answered."""
        return any(answer is not None for _criterion, answer in self.answers)


def list_moves(candidacy: Candidacy) -> list[ToldMove]:
    """The moves and verdicts of a candidate, the latest first; those taken back are marked."""
    standing = {row.id for row in effective(rows_of([candidacy.business_id]))}
    statement = (
        sa.select(LedgerRow, sa.func.coalesce(LedgerReason.text, ""), sa.func.coalesce(User.name, ""))
        .outerjoin(LedgerReason, LedgerReason.ledger_id == LedgerRow.id)
        .outerjoin(User, User.id == LedgerRow.user_id)
        .where(
            LedgerRow.business_id == candidacy.business_id,
            LedgerRow.programme_id == candidacy.programme_id,
            LedgerRow.kind.in_(_OF_CANDIDATES),
            LedgerRow.reverses_id.is_(None),
        )
        .order_by(LedgerRow.happened_on.desc(), LedgerRow.id.desc())
    )
    return [
        ToldMove(row.id, row.happened_on, _tell(row), reason, who, row.id not in standing)
        for row, reason, who in db.session.execute(statement)
    ]


def _tell(row: LedgerRow) -> str:
    if row.kind is LedgerKind.VERDICT:
        return _("Vurderet: %(verdict)s", verdict=Verdict(row.to_code).label)
    stage = Stage(row.to_code)
    if row.from_code == row.to_code:
        return _("Fulgte med virksomheden til en anden kommune")
    if stage is Stage.CLOSED:
        return _("Lukket: %(reason)s", reason=CloseReason(row.detail or CloseReason.UNKNOWN).label)
    if row.from_code is None:
        return _("Kom på listen: %(stage)s", stage=stage.label)
    return _("%(before)s → %(after)s", before=Stage(row.from_code).label, after=stage.label)


def list_others(candidacy: Candidacy) -> list[Candidacy]:
    """The same business in other years, the latest first."""
    statement = (
        sa.select(Candidacy)
        .join(Programme, Programme.id == Candidacy.programme_id)
        .where(
            Candidacy.business_id == candidacy.business_id,
            Candidacy.id != candidacy.id,
            Candidacy.is_hidden.is_(False),
        )
        .order_by(Programme.year.desc())
    )
    return list(db.session.scalars(statement).unique())


def weigh(candidacy: Candidacy) -> Weighed:
    """The active criteria, what was answered, and the weighted points."""
    assessment = candidacy.assessment
    given = {answer.criterion_id: answer.answer for answer in assessment.answers} if assessment else {}
    criteria = active_criteria()
    points = sum(POINTS.get(given[c.id], 0) * c.weight for c in criteria if c.id in given) / 2
    assessor = db.session.get(User, assessment.assessor_id) if assessment and assessment.assessor_id else None
    return Weighed(
        [(criterion, given.get(criterion.id)) for criterion in criteria],
        assessment.reason if assessment else "",
        assessor.name if assessor else "",
        points,
        sum(criterion.weight for criterion in criteria),
        assessment.version if assessment else 0,
    )


def candidate_ids(programme_id: int, business_ids: Sequence[int]) -> dict[int, int]:
    """business -> candidacy, for those of the businesses that are candidates of the programme."""
    statement = sa.select(Candidacy.business_id, Candidacy.id).where(
        Candidacy.programme_id == programme_id,
        Candidacy.business_id.in_(business_ids),
        Candidacy.is_hidden.is_(False),
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def last_mover(candidacy: Candidacy) -> tuple[str, dt.datetime | None]:
    """Who moved the candidate last, and when that was recorded."""
    statement = (
        sa.select(sa.func.coalesce(User.name, ""), LedgerRow.recorded_at)
        .outerjoin(User, User.id == LedgerRow.user_id)
        .where(
            LedgerRow.business_id == candidacy.business_id,
            LedgerRow.programme_id == candidacy.programme_id,
            LedgerRow.kind.in_(_OF_CANDIDATES),
        )
        .order_by(LedgerRow.id.desc())
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return (row[0], row[1]) if row else ("", None)


def find_moved(viewer: Viewer, ledger_ids: Sequence[int]) -> list[tuple[Candidacy, int]]:
    """The candidates these ledger rows moved, each with its row, locked; those out of sight are left out."""
    statement = (
        visible(viewer, Candidacy, Permission.CANDIDACIES_WRITE)
        .join(
            LedgerRow,
            sa.and_(LedgerRow.business_id == Candidacy.business_id, LedgerRow.programme_id == Candidacy.programme_id),
        )
        .add_columns(LedgerRow.id)
        .where(LedgerRow.id.in_(ledger_ids))
        .order_by(Candidacy.id)
        .with_for_update(of=Candidacy)
    )
    return [(candidacy, ledger_id) for candidacy, ledger_id in db.session.execute(statement)]
