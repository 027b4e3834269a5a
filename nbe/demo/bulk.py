"""Any number of synthetic businesses with a full ledger over five programmes, loaded in bulk."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db, table_of
from nbe.demo.names import cvr_numbers, make_business, make_person
from nbe.demo.users import make_users
from nbe.ledger import Move, record
from nbe.models import Business, Candidacy, Contact, Membership, Municipality, Programme, business_texts, contact_texts
from nbe.models.states import STAGES_IN_ORDER, CloseReason, LedgerKind, MembershipState, Source, Stage, Verdict

BATCH = 5_000
YEARS = 5
UNITS_PER_CVR = 12  # about one business in twelve has several production units
_FIRST_CVR = 90_000_000
_FIRST_P_NUMBER = 1_900_000_001


def load_businesses(count: int, seed: int) -> None:
    """Add `count` businesses; the same seed gives the same ones. Flushes; the caller commits."""
    rng = random.Random(seed)
    today = clock.today()
    make_users()
    programmes = [_hold_programme(year) for year in range(today.year - YEARS + 1, today.year + 1)]
    codes = sorted(db.session.scalars(sa.select(Municipality.code)))
    numbers = _free_numbers()
    for start in range(0, count, BATCH):
        _load_batch(rng, min(BATCH, count - start), numbers, codes, programmes, today)


def _hold_programme(year: int) -> Programme:
    programme = db.session.scalar(sa.select(Programme).where(Programme.year == year))
    if programme is None:
        programme = Programme(year=year, deadline_on=dt.date(year, 12, 31))
        db.session.add(programme)
        db.session.flush()
    return programme


def _free_numbers() -> Iterator[tuple[str, str]]:
    """(CVR, P-number) pairs not yet in use; now and then several units of one enterprise."""
    taken = set(db.session.scalars(sa.select(Business.cvr)))
    p_number = _FIRST_P_NUMBER + len(taken)
    for place, cvr in enumerate(number for number in cvr_numbers(_FIRST_CVR) if number not in taken):
        units = 3 if place % UNITS_PER_CVR == 0 else 1
        for _ in range(units):
            p_number += 1
            yield cvr, str(p_number) if units > 1 else ""


def _load_batch(
    rng: random.Random,
    count: int,
    numbers: Iterator[tuple[str, str]],
    codes: list[int],
    programmes: list[Programme],
    today: dt.date,
) -> None:
    rows = [_business_row(rng, next(numbers), codes) for _ in range(count)]
    connection = db.session.connection()
    insert = sa.insert(table_of(Business)).returning(Business.id, sort_by_parameter_order=True)
    ids = list(connection.scalars(insert, rows))
    contacts = []
    memberships: list[dict[str, Any]] = []
    candidacies: list[dict[str, Any]] = []
    moves: list[Move] = []
    for business_id, row in zip(ids, rows, strict=True):
        person = make_person(rng)
        contacts.append(
            {
                "business_id": business_id,
                "name": person.name,
                "title": person.title,
                "email": person.email,
                "phone": person.phone,
                "is_hidden": False,
                "version": 1,
                **contact_texts(person.name, person.email, person.phone),
            }
        )
        code = row["municipality_code"]
        if rng.random() < 0.4:
            moves += _membership(rng, business_id, code, today, memberships)
        for programme in rng.sample(programmes, k=rng.choice((0, 1, 1, 1, 2))):
            moves += _candidacy(rng, business_id, code, programme, today, candidacies)
    connection.execute(sa.insert(table_of(Contact)), contacts)
    if memberships:
        connection.execute(sa.insert(table_of(Membership)), memberships)
    if candidacies:
        connection.execute(sa.insert(table_of(Candidacy)), candidacies)
    record(moves, user_id=None)


def _business_row(rng: random.Random, number: tuple[str, str], codes: list[int]) -> dict[str, Any]:
    row: dict[str, Any] = make_business(rng, number[0], rng.choice(codes))
    row["p_number"] = number[1]
    row["phone"] = f"{rng.randrange(20_000_000, 99_999_999)}"
    row["email"] = "kontakt@example.dk"
    row.update(business_texts(row["name"], row["cvr"], row["p_number"], row["town"], row["phone"]))
    row.update(
        {"website": "", "case_number": "", "note": "", "is_hidden": False, "created_at": clock.now(), "version": 1}
    )
    return row


def _recorded(day: dt.date, today: dt.date) -> dt.datetime:
    moment = dt.datetime.combine(day, dt.time(11), clock.DANISH).astimezone(dt.UTC)
    return moment if day <= today else clock.now()


def _membership(
    rng: random.Random, business_id: int, code: int, today: dt.date, rows: list[dict[str, Any]]
) -> list[Move]:
    day = today - dt.timedelta(days=rng.randrange(10, 365 * YEARS))
    states = [MembershipState.APPLIED, MembershipState.MEMBER]
    if rng.random() < 0.1:
        states.append(MembershipState.LEFT)
    moves = []
    before = None
    for state in states:
        moves.append(
            Move(
                kind=LedgerKind.MEMBERSHIP,
                municipality_code=code,
                from_code=before,
                to_code=state.value,
                happened_on=day,
                business_id=business_id,
                recorded_at=_recorded(day, today),
            )
        )
        before = state.value
        day = min(today, day + dt.timedelta(days=rng.randrange(1, 200)))
    rows.append(
        {
            "business_id": business_id,
            "state": states[-1],
            "since_on": moves[-1].happened_on,
            "is_hidden": False,
            "version": 1,
        }
    )
    return moves


def _candidacy(
    rng: random.Random, business_id: int, code: int, programme: Programme, today: dt.date, rows: list[dict[str, Any]]
) -> list[Move]:
    last = min(today, dt.date(programme.year, 12, 1))
    day = min(last, dt.date(programme.year, 1, 4) + dt.timedelta(days=rng.randrange(0, 120)))
    reach = rng.choice(range(len(STAGES_IN_ORDER)))
    steps: list[tuple[Stage, dt.date]] = []
    for stage in STAGES_IN_ORDER[: reach + 1]:
        steps.append((stage, day))
        day = min(last, day + dt.timedelta(days=rng.randrange(3, 25)))
    reason = None
    if rng.random() < 0.2:
        reason = rng.choice(list(CloseReason)[:4])
        reason = CloseReason.DECLINED if reason is CloseReason.POSTPONED else reason
        steps.append((Stage.CLOSED, day))
    verdict = Verdict.SUITABLE if reach >= Stage.SUITABLE.position else None
    verdict_on = next((d for stage, d in steps if stage is Stage.SUITABLE), None)
    if verdict is None and reason is CloseReason.NOT_SUITABLE:
        verdict, verdict_on = Verdict.NOT_SUITABLE, day
    common: dict[str, Any] = {"municipality_code": code, "business_id": business_id, "programme_id": programme.id}
    moves = []
    before = None
    for stage, on in steps:
        if verdict_on == on and verdict and stage in (Stage.SUITABLE, Stage.CLOSED):
            moves.append(
                Move(
                    kind=LedgerKind.VERDICT,
                    to_code=verdict.value,
                    happened_on=on,
                    recorded_at=_recorded(on, today),
                    **common,
                )
            )
        moves.append(
            Move(
                kind=LedgerKind.STAGE,
                from_code=before,
                to_code=stage.value,
                detail=reason.value if reason and stage is Stage.CLOSED else None,
                happened_on=on,
                recorded_at=_recorded(on, today),
                **common,
            )
        )
        before = stage.value
    stage, since = steps[-1]
    rows.append(
        {
            "business_id": business_id,
            "programme_id": programme.id,
            "stage": stage,
            "stage_since_on": since,
            "close_reason": reason,
            "verdict": verdict,
            "verdict_on": verdict_on,
            "source": rng.choice(list(Source)),
            "screener_name": "",
            "next_step": "Ring og aftal møde" if rng.random() < 0.5 else "",
            "next_step_on": today + dt.timedelta(days=rng.randrange(-10, 20)) if rng.random() < 0.5 else None,
            "last_activity_on": since,
            "is_hidden": False,
            "created_at": clock.now(),
            "version": 1,
        }
    )
    return moves
