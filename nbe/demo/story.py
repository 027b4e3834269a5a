"""The story of spring 2016: eleven municipalities four days before the coordination meeting."""

from __future__ import annotations

import datetime as dt
import random

import sqlalchemy as sa

from nbe.administration.settings import MAIL_KEY, PHONE_KEY
from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.demo.candidates import plan_candidates
from nbe.demo.figures import LAST_MEETING, NEXT_MEETING, STANDINGS, TARGET_REASONS, TODAY, YEAR
from nbe.demo.loans import lend_screeners
from nbe.demo.names import cvr_numbers, make_business, make_person
from nbe.demo.screeners import make_screeners, promise_hours
from nbe.demo.story_candidacies import add_candidacy, moment
from nbe.demo.story_courses import add_course
from nbe.demo.story_day import KEY
from nbe.demo.story_events import add_events
from nbe.demo.story_mails import add_letters
from nbe.demo.story_measures import add_measures
from nbe.demo.story_reports import add_reports
from nbe.demo.story_screenings import add_screening
from nbe.demo.users import make_users
from nbe.ledger import Move, record
from nbe.models import Business, Contact, Criterion, EmissionFactor, Event, Membership, Programme, Setting, Target
from nbe.models.states import EventKind, LedgerKind, MembershipState
from nbe.screenings.themes import current_themes

SEED = 2016
_START = dt.date(2015, 9, 1)


def is_empty() -> bool:
    """Whether nobody has put a business in yet."""
    return db.session.scalar(sa.select(Business.id).limit(1)) is None


def tell_story() -> None:
    """Fill an empty instance with the story. Flushes; the caller commits."""
    db.session.info["unaudited"] = True
    rng = random.Random(SEED)
    leaders = make_users()
    programme = _make_programme()
    _set_targets(programme, leaders[None])
    numbers = cvr_numbers(99_000_000)
    criteria = list(db.session.scalars(sa.select(Criterion).order_by(Criterion.position)))
    screeners = make_screeners()
    themes = current_themes(programme)
    factors = {(factor.quantity, factor.code): factor for factor in db.session.scalars(sa.select(EmissionFactor))}
    facts = random.Random(SEED + 1)  # of its own, so that the businesses stay the same
    moves: list[Move] = []
    memberships: list[Move] = []
    everybody: list[Business] = []
    for code, standing in STANDINGS.items():
        plans = plan_candidates(rng, code, standing)
        count = max(standing.members + 3, len(plans) + 1)
        businesses = [_add_business(rng, next(numbers), code) for _ in range(count)]
        for business, plan in zip(businesses, plans, strict=False):
            candidacy, own_moves = add_candidacy(rng, business, plan, programme, leaders[code], criteria)
            moves += own_moves
            screening, own_moves = add_screening(facts, business, candidacy, plan, themes, screeners[code])
            moves += own_moves
            if screening is not None:
                moves += add_measures(facts, business, candidacy, plan, screening, themes, factors)
        memberships += _add_members(rng, businesses, standing.members, code)
        everybody += businesses
    moves += memberships + add_events(everybody, memberships, programme)
    moves += promise_hours(programme, screeners)
    moves += add_course(random.Random(SEED + 2), programme)
    moves += lend_screeners(programme, screeners, leaders)
    moves.sort(key=lambda move: (move.recorded_at, move.happened_on))
    record(moves, user_id=None)
    add_reports(leaders)
    add_letters(leaders)
    for key, value in ((KEY, TODAY.isoformat()), (MAIL_KEY, "sekretariat@example.dk"), (PHONE_KEY, "12345678")):
        db.session.merge(Setting(key=key, value=value))
    db.session.flush()
    db.session.info.pop("unaudited")


def _make_programme() -> Programme:
    programme = db.session.scalar(sa.select(Programme).where(Programme.year == YEAR))
    if programme is None:
        programme = Programme(year=YEAR, deadline_on=dt.date(YEAR, 12, 31))
        db.session.add(programme)
    meetings = ((LAST_MEETING, "Koordinationsmøde januar"), (NEXT_MEETING, "Koordinationsmøde april"))
    for day, title in meetings:
        db.session.add(Event(kind=EventKind.COORDINATION_MEETING, title=title, held_on=day))
    db.session.flush()
    return programme


def _set_targets(programme: Programme, secretariat: int) -> None:
    moves = []
    for code, standing in STANDINGS.items():
        reason = TARGET_REASONS.get(code, "")
        db.session.add(
            Target(programme_id=programme.id, municipality_code=code, required=standing.target, reason=reason)
        )
        moves.append(
            Move(
                kind=LedgerKind.TARGET,
                municipality_code=code,
                to_code=str(standing.target),
                happened_on=_START,
                programme_id=programme.id,
                reason=reason,
                recorded_at=dt.datetime.combine(_START, dt.time(9), DANISH).astimezone(dt.UTC),
            )
        )
    record(moves, user_id=secretariat)


def _add_business(rng: random.Random, cvr: str, code: int) -> Business:
    business = Business(**make_business(rng, cvr, code), created_at=moment(rng, _START))
    person = make_person(rng)
    business.phone, business.email = person.phone, person.email
    business.case_number = f"24.10.07-G20-{rng.randrange(1, 400)}-15"
    business.contacts.append(Contact(name=person.name, title=person.title, email=person.email, phone=person.phone))
    db.session.add(business)
    db.session.flush()
    return business


def _add_members(rng: random.Random, businesses: list[Business], members: int, code: int) -> list[Move]:
    """The first businesses are members; two more have applied or been invited."""
    moves = []
    for place, business in enumerate(businesses[: members + 2]):
        is_member = place < members
        if code == 849 and place >= members - 2:
            joined = (dt.date(2016, 2, 11), dt.date(2016, 3, 17))[(place - members) % 2]
        else:
            joined = _START + dt.timedelta(days=rng.randrange(0, 135 if code == 849 else 230))
        steps = [(joined - dt.timedelta(days=9), MembershipState.APPLIED), (joined, MembershipState.MEMBER)]
        if not is_member:
            steps = [(dt.date(2016, 4, 18), MembershipState.INVITED if place > members else MembershipState.APPLIED)]
        before: MembershipState | None = None
        for day, state in steps:
            moves.append(
                Move(
                    kind=LedgerKind.MEMBERSHIP,
                    municipality_code=code,
                    from_code=before.value if before else None,
                    to_code=state.value,
                    happened_on=day,
                    business_id=business.id,
                    recorded_at=moment(rng, day),
                )
            )
            before = state
        db.session.add(Membership(business_id=business.id, state=steps[-1][1], since_on=steps[-1][0]))
    return moves
