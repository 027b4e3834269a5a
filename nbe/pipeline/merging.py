"""Merging two businesses that are one, and taking a merge back.

What stood for the one that gives way is closed as *merged* on the day of the merge; the one that stays
takes the further stage and the stronger membership on the same day. So the business counts once from that
day on, and what was counted on earlier days stays as it was. Ledger rows keep their ids and their business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import Move, record
from nbe.models import Business, Candidacy, Membership
from nbe.models.states import CloseReason, LedgerKind, MembershipState, Stage
from nbe.pipeline.merge_fields import bring_over, free_numbers, restore
from nbe.pipeline.merge_followers import bring_followers, follow_back, follower_moves
from nbe.pipeline.merge_plan import MergePlan, merged_values
from nbe.pipeline.merge_queries import load_plan
from nbe.pipeline.taking_back import follow_businesses, last_days, moment_of, take_back_moves


def merge_businesses(kept: Business, gone: Business, choices: Mapping[str, str], *, user_id: int | None) -> None:
    """Let `gone` live on in `kept`. `choices` names a side for fields, candidacies and the membership."""
    plan = load_plan(kept, gone, choices)
    moves = _moves(plan)
    years = [
        (pair.kept.postponed_to_year if pair.kept else None, pair.gone.postponed_to_year) for pair in plan.candidacies
    ]
    candidacies = {pair.programme_id: pair.kept or _new_candidacy(kept, pair.gone) for pair in plan.candidacies}
    if plan.membership is not None and plan.kept_membership is None:
        _new_membership(kept, plan.membership.gone)
    db.session.flush()
    with db.session.no_autoflush:
        bring_over(plan, candidacies)
        bring_followers(plan, candidacies)
        values = merged_values(kept, gone, plan.fields)
        if "cvr" in values:
            given = {"cvr": kept.cvr, "p_number": kept.p_number}
            free_numbers(kept, gone)
            for column, value in given.items():
                setattr(gone, column, value)
        for column, value in values.items():
            setattr(kept, column, value)
        gone.merged_into_id = kept.id
    db.session.flush()
    record(moves, user_id=user_id, recorded_at=moment_of(gone.id, "merged_into_id"))
    follow_businesses([kept.id, gone.id])
    for pair, (kept_year, gone_year) in zip(plan.candidacies, years, strict=True):
        candidacy = candidacies[pair.programme_id]
        if candidacy.close_reason is CloseReason.POSTPONED and candidacy.postponed_to_year is None:
            candidacy.postponed_to_year = gone_year
        pair.gone.postponed_to_year = gone_year or kept_year  # remembered, for taking the merge back
    db.session.flush()
    db.session.expire_all()


def unmerge(kept: Business, gone: Business, *, user_id: int | None) -> bool:
    """Take a merge back: moves, fields and what was brought over; -> whether `gone` had been merged into `kept`.

    What somebody has changed since stays as it is now.
    """
    moment = moment_of(gone.id, "merged_into_id")
    if gone.merged_into_id != kept.id or moment is None:
        return False
    theirs = db.session.scalars(sa.select(Candidacy).where(Candidacy.business_id == gone.id))
    years = {candidacy.programme_id: candidacy.postponed_to_year for candidacy in theirs}
    follow_back(kept, gone, moment, user_id=user_id)
    take_back_moves([kept.id, gone.id], moment, user_id=user_id)
    postponed = sa.select(Candidacy).where(
        Candidacy.business_id == kept.id,
        Candidacy.close_reason == CloseReason.POSTPONED,
        Candidacy.postponed_to_year.is_(None),
    )
    for candidacy in db.session.scalars(postponed):
        candidacy.postponed_to_year = years.get(candidacy.programme_id)
    restore(kept, gone, moment)
    db.session.expire_all()
    return True


def _moves(plan: MergePlan) -> list[Move]:
    """Everything the ledger is told, the one that gives way first."""
    kept, gone = plan.kept, plan.gone
    days = last_days([kept.id, gone.id])
    today = clock.today()
    place = merged_values(kept, gone, plan.fields).get("municipality_code", kept.municipality_code)
    with force_locale("da"):  # a reason is kept as written, whoever reads it
        into = _("Slået sammen med %(name)s (CVR %(cvr)s)", name=kept.name, cvr=kept.cvr)
        taken = _("Overtaget fra %(name)s (CVR %(cvr)s)", name=gone.name, cvr=gone.cvr)

    def move(business: Business, kind: LedgerKind, programme: int | None, before: Any, after: Any, **more: Any) -> Move:
        return Move(
            kind=kind,
            municipality_code=place if business is kept else business.municipality_code,
            business_id=business.id,
            programme_id=programme,
            from_code=before.value if before else None,
            to_code=after.value,
            happened_on=max(today, days.get((business.id, programme or 0), today)),
            **more,
        )

    moves: list[Move] = []
    is_moving = place != kept.municipality_code
    merged = CloseReason.MERGED.value
    for pair in plan.candidacies:
        programme, held, standing = pair.programme_id, pair.kept, pair.standing
        moves.append(move(gone, LedgerKind.STAGE, programme, pair.gone.stage, Stage.CLOSED, detail=merged, reason=into))
        verdict = _verdict_to_take(pair.kept, pair.gone, standing)
        if verdict is not None:
            before = held.verdict if held else None
            moves.append(move(kept, LedgerKind.VERDICT, programme, before, verdict, reason=taken))
        stage = held.stage if held else None
        if standing.stage is not stage:
            detail = standing.close_reason.value if standing.close_reason else None
            moves.append(move(kept, LedgerKind.STAGE, programme, stage, standing.stage, detail=detail, reason=taken))
        elif held is not None and is_moving:
            moves.append(_same_stage(move, kept, held))
    if is_moving:
        moves += [_same_stage(move, kept, candidacy) for candidacy in plan.kept_alone]
    moves += follower_moves(plan, place, today)
    return [*moves, *_membership_moves(plan, move, is_moving, into, taken)]


def _same_stage(move: Any, kept: Business, candidacy: Candidacy) -> Move:
    detail = candidacy.close_reason.value if candidacy.close_reason else None
    stage = candidacy.stage
    told: Move = move(kept, LedgerKind.STAGE, candidacy.programme_id, stage, stage, detail=detail)
    return told


def _verdict_to_take(kept: Candidacy | None, gone: Candidacy, standing: Candidacy) -> Any:
    """The verdict the business that stays is given: that of the side that stands, and rather one than none."""
    mine = kept.verdict if kept else None
    if gone.verdict is None or gone.verdict is mine:
        return None
    return gone.verdict if standing is gone or mine is None else None


def _membership_moves(plan: MergePlan, move: Any, is_moving: bool, into: str, taken: str) -> list[Move]:
    kind, pair, held = LedgerKind.MEMBERSHIP, plan.membership, plan.kept_membership
    moves: list[Move] = []
    before = held.state if held else None
    after = before
    if pair is not None:
        merged = CloseReason.MERGED.value
        moves.append(move(plan.gone, kind, None, pair.gone.state, MembershipState.LEFT, detail=merged, reason=into))
        after = pair.standing.state
    if after is not None and after is not before:
        moves.append(move(plan.kept, kind, None, before, after, reason=taken))
    elif after is not None and is_moving:
        moves.append(move(plan.kept, kind, None, after, after))
    return moves


def _new_candidacy(kept: Business, gone: Candidacy) -> Candidacy:
    """A place for what is brought over; a hidden one is used again."""
    known = db.session.scalar(
        sa.select(Candidacy).where(Candidacy.business_id == kept.id, Candidacy.programme_id == gone.programme_id)
    )
    candidacy = known or Candidacy(
        business_id=kept.id, programme_id=gone.programme_id, created_at=clock.now(), is_hidden=False
    )
    candidacy.stage, candidacy.stage_since_on = gone.stage, clock.today()
    candidacy.close_reason = gone.close_reason
    db.session.add(candidacy)
    return candidacy


def _new_membership(kept: Business, gone: Membership) -> None:
    known = db.session.scalar(sa.select(Membership).where(Membership.business_id == kept.id))
    if known is None:
        db.session.add(Membership(business_id=kept.id, state=gone.state, since_on=clock.today()))
