"""Reading for a merge: what two businesses come to together, and whom a business may be merged with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import abort

from nbe.access import Permission, Viewer, visible
from nbe.businesses.queries import contains
from nbe.core.database import db
from nbe.models import (
    Activity,
    Business,
    Candidacy,
    Change,
    Contact,
    LedgerRow,
    Measure,
    Membership,
    Programme,
    Screening,
    User,
)
from nbe.pipeline.merge_plan import (
    MEMBERSHIP,
    CandidacyPair,
    MembershipPair,
    MergePlan,
    chosen_sides,
    further_side,
    read_side,
    standing_side,
)

MOST = 20


def find_given_way(viewer: Viewer, business_id: int) -> Business:
    """A business that may have given way to another; for those who may write in its municipality, else 404.

    Merged, it is nobody's to see; it may be brought back all the same.
    """
    business = db.session.get(Business, business_id) if 0 < business_id < 2**31 else None
    if business is None or not viewer.may(Permission.BUSINESSES_WRITE, business.municipality_code):
        abort(404)
    return business


def load_plan(kept: Business, gone: Business, choices: Mapping[str, str]) -> MergePlan:
    """What merging the two will do, with the sides somebody has chosen."""
    candidacies = _candidacies(kept, gone)
    mine = {candidacy.programme_id: candidacy for candidacy, _ in candidacies if candidacy.business_id == kept.id}
    pairs = []
    for candidacy, year in candidacies:
        if candidacy.business_id == gone.id:
            held = mine.get(candidacy.programme_id)
            pair = CandidacyPair(candidacy.programme_id, year, held, candidacy, further_side(held, candidacy))
            side = read_side(pair.key, choices.get(pair.key), pair.side) if pair.is_choice else pair.side
            pairs.append(CandidacyPair(candidacy.programme_id, year, held, candidacy, side))
    taken = {pair.programme_id for pair in pairs}
    memberships = {
        membership.business_id: membership
        for membership in db.session.scalars(
            sa.select(Membership).where(Membership.business_id.in_([kept.id, gone.id]), Membership.is_hidden.is_(False))
        )
    }
    return MergePlan(
        kept=kept,
        gone=gone,
        fields=chosen_sides(kept, gone, choices),
        candidacies=tuple(pairs),
        kept_alone=tuple(candidacy for programme, candidacy in mine.items() if programme not in taken),
        membership=_membership_pair(memberships.get(kept.id), memberships.get(gone.id), choices),
        kept_membership=memberships.get(kept.id),
        contacts=_count(Contact, gone),
        activities=_count(Activity, gone),
        screenings=_count(Screening, gone),
        measures=_count(Measure, gone),
    )


def _candidacies(kept: Business, gone: Business) -> list[tuple[Candidacy, int]]:
    statement = (
        sa.select(Candidacy, Programme.year)
        .join(Programme, Programme.id == Candidacy.programme_id)
        .where(Candidacy.business_id.in_([kept.id, gone.id]), Candidacy.is_hidden.is_(False))
        .order_by(Programme.year.desc(), Candidacy.id)
    )
    return [(candidacy, year) for candidacy, year in db.session.execute(statement)]


def _membership_pair(
    kept: Membership | None, gone: Membership | None, choices: Mapping[str, str]
) -> MembershipPair | None:
    if gone is None:
        return None
    pair = MembershipPair(kept, gone, standing_side(kept, gone))
    if not pair.is_choice:
        return pair
    return MembershipPair(kept, gone, read_side(MEMBERSHIP, choices.get(MEMBERSHIP), pair.side))


def _count(model: Any, business: Business) -> int:
    statement = sa.select(sa.func.count(model.id)).where(model.business_id == business.id, model.is_hidden.is_(False))
    return db.session.scalar(statement) or 0


def search_others(viewer: Viewer, business: Business, text: str) -> list[Business]:
    """The businesses the viewer may merge this one with, as searched for."""
    statement = visible(viewer, Business, Permission.BUSINESSES_WRITE).where(Business.id != business.id)
    statement = statement.where(contains(text)).order_by(Business.sort_key, Business.id)
    return list(db.session.scalars(statement.limit(MOST)))


def last_touched(business_ids: Sequence[int]) -> tuple[str, dt.datetime] | None:
    """Who did something with these businesses last, and when."""
    touches: list[tuple[str, dt.datetime]] = []
    for model, moment in ((Change, Change.at), (LedgerRow, LedgerRow.recorded_at)):
        statement = (
            sa.select(sa.func.coalesce(User.name, ""), moment)
            .select_from(model)
            .outerjoin(User, User.id == model.user_id)
            .where(model.business_id.in_(business_ids))
            .order_by(model.id.desc())
            .limit(1)
        )
        touches += [(name, at) for name, at in db.session.execute(statement)]
    return max(touches, key=lambda touch: touch[1], default=None)
