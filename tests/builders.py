"""Small data for tests: made through the models and the ledger, flushed and committed."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from nbe.accounts.sessions.browsers import secret_of
from nbe.core.database import db, writing
from nbe.demo.names import cvr_numbers
from nbe.ledger import Move, record
from nbe.measures.actions import Amount, move_measure, propose_measure, set_all_savings
from nbe.models import Business, Candidacy, Contact, Measure, Membership, Programme, Role, Screener, Screening, User
from nbe.models.states import (
    CloseReason,
    LedgerKind,
    MeasureState,
    MembershipState,
    Quantity,
    RoleName,
    SavingPhase,
    ScreeningRole,
    ScreeningState,
    Stage,
    Verdict,
)
from nbe.resources.actions import set_pledge

PASSWORD = "lang nok adgangskode 2016"
MOMENT = dt.datetime(2016, 1, 4, 9, tzinfo=dt.UTC)
_numbers = cvr_numbers(98_000_000)
_place = count(1)


@contextmanager
def _writing() -> Iterator[None]:
    """A change that begins anew: what the test has read may be older than what a request has written."""
    if not (db.session.new or db.session.dirty):
        db.session.rollback()
    with writing():
        yield


def make_programme(year: int = 2016) -> Programme:
    """The programme of a year, made when missing."""
    programme = db.session.scalar(sa.select(Programme).where(Programme.year == year))
    if programme is None:
        programme = Programme(year=year, deadline_on=dt.date(year, 12, 31))
        with _writing():
            db.session.add(programme)
            db.session.commit()
    return programme


def make_user(role: RoleName = RoleName.LEADER, municipality: int | None = 849, email: str = "") -> User:
    """A user who can sign in with PASSWORD."""
    from flask_security import hash_password

    place = next(_place)
    user = User(
        email=email or f"{role.value}{place}@example.dk",
        name=f"Prøve {role.value} {place}",
        password=hash_password(PASSWORD),
        fs_uniquifier=secrets.token_hex(32),
        municipality_code=None if role is RoleName.ADMINISTRATOR else municipality,
        confirmed_at=MOMENT,
        created_at=MOMENT,
        roles=[db.session.scalars(sa.select(Role).where(Role.name == role.value)).one()],
    )
    with _writing():
        db.session.add(user)
        db.session.commit()
    return user


def make_business(name: str = "", municipality: int = 849, **columns: Any) -> Business:
    """A business with a contact."""
    place = next(_place)
    values: dict[str, Any] = {
        "cvr": next(_numbers),
        "name": name or f"Prøve Mejeri {place} ApS",
        "municipality_code": municipality,
        "town": "Pandrup",
        "postcode": "9490",
        "industry_code": "105100",
        "industry_version": "DB07",
        "created_at": MOMENT,
    }
    business = Business(**{**values, **columns})
    business.contacts.append(Contact(name=f"Kontakt {place}", email=f"kontakt{place}@example.dk", phone="20304050"))
    with _writing():
        db.session.add(business)
        db.session.commit()
    return business


def make_member(business: Business, day: dt.date = dt.date(2016, 1, 10)) -> Membership:
    """The business becomes a member on a day."""
    membership = Membership(business_id=business.id, state=MembershipState.MEMBER, since_on=day)
    with _writing():
        db.session.add(membership)
        record(
            [
                Move(
                    kind=LedgerKind.MEMBERSHIP,
                    municipality_code=business.municipality_code,
                    to_code=MembershipState.MEMBER.value,
                    happened_on=day,
                    business_id=business.id,
                )
            ],
            user_id=None,
        )
        db.session.commit()
    return membership


def make_candidacy(
    business: Business,
    stage: Stage = Stage.LONGLIST,
    day: dt.date = dt.date(2016, 2, 1),
    year: int = 2016,
    reason: CloseReason | None = None,
    verdict: Verdict | None = None,
) -> Candidacy:
    """The business as a candidate who entered `stage` on `day`."""
    programme = make_programme(year)
    if stage is Stage.CLOSED and reason is None:
        reason = CloseReason.DECLINED
    candidacy = Candidacy(
        business_id=business.id,
        programme_id=programme.id,
        stage=stage,
        stage_since_on=day,
        close_reason=reason,
        verdict=verdict,
        verdict_on=day if verdict else None,
        created_at=MOMENT,
    )
    common: dict[str, Any] = {
        "municipality_code": business.municipality_code,
        "happened_on": day,
        "business_id": business.id,
        "programme_id": programme.id,
    }
    moves = [
        Move(kind=LedgerKind.STAGE, to_code=stage.value, detail=reason.value if reason else None, **common),
    ]
    if verdict:
        moves.insert(0, Move(kind=LedgerKind.VERDICT, to_code=verdict.value, **common))
    with _writing():
        db.session.add(candidacy)
        record(moves, user_id=None)
        db.session.commit()
    return candidacy


def make_measure(
    candidacy: Candidacy,
    state: MeasureState = MeasureState.IDENTIFIED,
    day: dt.date = dt.date(2016, 3, 1),
    title: str = "",
    savings: dict[SavingPhase, dict[Quantity, Any]] | None = None,
    **columns: Any,
) -> Measure:
    """A measure proposed on `day` and moved to `state` on the same day; numbers, or `Amount`s, by phase.

    Documented without a realised number: 1.000 kWh by the meter.
    """
    told = dict(savings or {})
    if state is MeasureState.DOCUMENTED:
        told.setdefault(SavingPhase.REALISED, {Quantity.ENERGY: 1000})

    def said(value: Any) -> Amount:
        return value if isinstance(value, Amount) else Amount(Decimal(str(value)), evidence="Aflæst på måleren")

    with _writing():
        candidacy = db.session.merge(candidacy)
        name = title or f"Prøve tiltag {next(_place)}"
        measure = propose_measure(candidacy, user_id=None, title=name, happened_on=day)
        for column, value in columns.items():
            setattr(measure, column, value)
        by_phase = {phase: {q: said(value) for q, value in numbers.items()} for phase, numbers in told.items()}
        set_all_savings(measure, by_phase, user_id=None)
        if state is not MeasureState.IDENTIFIED:
            move_measure(measure, state, day, user_id=None, reason="Prøve")
        db.session.commit()
    return measure


def make_screener(user: User | None = None, municipality: int = 849, name: str = "", **columns: Any) -> Screener:
    """Somebody who can screen; with `user`, the one who signs in as that."""
    values: dict[str, Any] = {
        "name": name or (user.name if user else f"Prøve Screener {next(_place)}"),
        "municipality_code": municipality,
        "user_id": user.id if user else None,
        "title": "Miljømedarbejder",
    }
    screener = Screener(**{**values, **columns})
    with _writing():
        db.session.add(screener)
        db.session.commit()
    return screener


def make_screening(
    candidacy: Candidacy | None = None,
    lead: Screener | None = None,
    second: Screener | None = None,
    state: ScreeningState = ScreeningState.PLANNED,
    starts_at: dt.datetime = dt.datetime(2016, 4, 20, 7, tzinfo=dt.UTC),
    day: dt.date | None = dt.date(2016, 4, 1),
) -> Screening:
    """A visit agreed on `day` and brought to `state` through the actions; held on the day of the visit.

    Without a candidacy, that of a new business in 849 at *Aftale indgået*.
    """
    from nbe.screenings.actions import cancel_screening, hold_screening, move_screening_state, plan_screening
    from nbe.screenings.rules import STATES_IN_ORDER, Appointment, Attendee

    candidacy = candidacy or make_candidacy(make_business(), Stage.AGREED)
    people = [(ScreeningRole.LEAD, lead), (ScreeningRole.SECOND, second)]
    attendees = tuple(Attendee(role, screener_id=person.id) for role, person in people if person)
    place = f"Prøvevej {next(_place)}, 9490 Pandrup"
    with _writing():
        candidacy = db.session.get_one(Candidacy, candidacy.id)
        appointment = Appointment(starts_at, place=place, to_prepare="Elregninger", people=attendees)
        screening = plan_screening(candidacy, appointment, user_id=None, day=day)
        visit_on = starts_at.date()
        if state is ScreeningState.CANCELLED:
            cancel_screening(screening, "Sygdom", user_id=None)
        elif state is not ScreeningState.PLANNED:
            hold_screening(screening, visit_on, user_id=None)
            for step in STATES_IN_ORDER[2 : STATES_IN_ORDER.index(state) + 1]:
                move_screening_state(screening, step, visit_on, user_id=None)
        db.session.commit()
    return screening


def make_pledge(
    screener: Screener,
    hours: Any = 30,
    month: dt.date = dt.date(2016, 5, 1),
    day: dt.date = dt.date(2016, 2, 1),
    municipality: int | None = None,
    year: int = 2016,
) -> list[int]:
    """Hours promised on `day` for a month, to the screener's own municipality unless another is named."""
    programme = make_programme(year)
    with _writing():
        screener = db.session.merge(screener)
        ids = set_pledge(
            programme,
            screener,
            month,
            Decimal(str(hours)),
            user_id=None,
            municipality_code=municipality,
            happened_on=day,
        )
        db.session.commit()
    return ids


def csrf_of(client: FlaskClient, path: str = "/login") -> str:
    """A token from a page of this client's session; read once as long as the session's cookie is the same."""
    import re

    known: dict[str, str] = client.__dict__.setdefault("csrf_by_cookie", {})
    if (token := known.get(_cookie_of(client))) is not None:
        return token
    page = client.get(path).get_data(as_text=True)
    match = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert match, f"no csrf token on {path}"
    if cookie := _cookie_of(client):
        known[cookie] = match[1]
    return match[1]


def _cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("nbe")
    return cookie.value if cookie else ""


def sign_in(client: FlaskClient, user: User, password: str = PASSWORD) -> FlaskClient:
    """Sign in by the form of the log-in page, as people do; a new browser comes with the cookie of one that read it."""
    if not _cookie_of(client):
        cookie = secrets.token_urlsafe(32)
        client.set_cookie("nbe", cookie)
        with client.application.app_context():
            secret = bytes.fromhex(secret_of(cookie))
        client.__dict__["csrf_by_cookie"] = {cookie: base64.urlsafe_b64encode(bytes(32) + secret).decode()}
    answer = client.post("/login", data={"email": user.email, "password": password, "csrf_token": csrf_of(client)})
    assert answer.status_code == 302, answer.get_data(as_text=True)[:2000]
    return client
