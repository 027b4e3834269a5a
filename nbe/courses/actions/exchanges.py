"""Unused seats that one municipality hands over to another: offered, taken over, declined, withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.courses.actions.seats import first_day, lock_team, read_seats, settle_team
from nbe.courses.rules import CourseRefusedError, has_begun
from nbe.models import SeatExchange, Team, TeamMunicipality
from nbe.models.gathering_states import ExchangeState


def offer_seats(
    team: Team, from_code: int, to_code: int | None, seats: int, *, user_id: int | None, note: str = ""
) -> SeatExchange:
    """Offer seats kept for a municipality that nobody of it sits on, to another or to all (None).

    They stay its own until somebody takes them over. Raises CourseRefusedError (modtager, antal).
    """
    team = lock_team(team.id)
    if has_begun(first_day(team), clock.today()):
        raise CourseRefusedError("antal", _l("Kurset er begyndt. Pladserne kan ikke tilbydes mere."))
    if to_code == from_code:
        raise CourseRefusedError("modtager", _l("Vælg en anden kommune."))
    free = read_seats(team).kept_free(from_code) - _offered(team, from_code)
    if seats < 1 or seats > free:
        text = _l("Kommunen har %(n)s ubrugte pladser at tilbyde på holdet.", n=max(0, free))
        raise CourseRefusedError("antal", text)
    exchange = SeatExchange(
        team_id=team.id, from_code=from_code, to_code=to_code, seats=seats, state=ExchangeState.OFFERED, note=note,
        user_id=user_id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(exchange)
    db.session.flush()
    return exchange


def _offered(team: Team, from_code: int) -> int:
    statement = sa.select(sa.func.coalesce(sa.func.sum(SeatExchange.seats), 0)).where(
        SeatExchange.team_id == team.id,
        SeatExchange.from_code == from_code,
        SeatExchange.state == ExchangeState.OFFERED,
    )
    return int(db.session.scalar(statement) or 0)


def accept_seats(exchange: SeatExchange, to_code: int, *, user_id: int | None) -> None:
    """Take the seats over: they are kept for the other municipality from now on. Raises CourseRefusedError."""
    team = _hold(exchange)
    if to_code == exchange.from_code or exchange.to_code not in (None, to_code):
        raise CourseRefusedError("exchange", _l("Tilbuddet er til en anden kommune."))
    if read_seats(team).kept_free(exchange.from_code) < exchange.seats:
        raise CourseRefusedError("exchange", _l("Pladserne er taget i brug af kommunen selv."))
    giver, taker = _row(team, exchange.from_code), _row(team, to_code)
    giver.seats = (giver.seats or 0) - exchange.seats
    taker.seats = (taker.seats or 0) + exchange.seats
    exchange.to_code = to_code
    _answer(exchange, ExchangeState.ACCEPTED, user_id)
    settle_team(team, user_id=user_id)


def decline_seats(exchange: SeatExchange, *, user_id: int | None) -> None:
    """The other municipality does not want them. Raises CourseRefusedError."""
    _hold(exchange)
    _answer(exchange, ExchangeState.DECLINED, user_id)


def withdraw_seats(exchange: SeatExchange, *, user_id: int | None) -> None:
    """The municipality keeps them after all. Raises CourseRefusedError."""
    _hold(exchange)
    _answer(exchange, ExchangeState.WITHDRAWN, user_id)


def _hold(exchange: SeatExchange) -> Team:
    team = lock_team(exchange.team_id)
    statement = sa.select(SeatExchange).where(SeatExchange.id == exchange.id).with_for_update()
    db.session.scalars(statement.execution_options(populate_existing=True)).one()
    if exchange.state is not ExchangeState.OFFERED:
        text = _l("Tilbuddet er allerede besvaret: %(state)s.", state=str(exchange.state.label).lower())
        raise CourseRefusedError("exchange", text)
    return team


def _answer(exchange: SeatExchange, state: ExchangeState, user_id: int | None) -> None:
    exchange.state, exchange.answered_by_id, exchange.answered_at = state, user_id, clock.now()
    db.session.flush()


def _row(team: Team, code: int) -> TeamMunicipality:
    row = next((row for row in team.municipalities if row.municipality_code == code), None)
    if row is None:
        row = TeamMunicipality(municipality_code=code, seats=None)
        team.municipalities.append(row)
    return row
