"""Handing an unused seat to another municipality."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer
from nbe.core.arguments import asked_number
from nbe.core.notices import tell
from nbe.courses import actions, queries
from nbe.courses.actions import CourseRefusedError
from nbe.courses.team_routes import offer_form, team_page
from nbe.models import SeatExchange

bp = Feature("seat_exchanges", __name__)
WRITE = Permission.PARTICIPANTS_WRITE


@bp.post("/kurser/hold/<int:team_id>/pladser", needs=WRITE)
def offer(team_id: int) -> Any:
    """Offer seats that one's own municipality does not use."""
    viewer = current_viewer()
    team = queries.find_team(viewer, team_id)
    form = offer_form(team)
    if len(form.giver.choices or ()) == 1 and not form.giver.data:
        form.giver.data = form.giver.choices[0][0]  # type: ignore[index]
    if not form.validate():
        return team_page(team, offer=form, status=422)
    try:
        actions.offer_seats(
            team,
            int(form.giver.data),
            int(form.modtager.data) if form.modtager.data else None,
            form.antal.data,
            user_id=viewer.user_id,
            note=form.note.data or "",
        )
    except CourseRefusedError as refused:
        form[refused.field if refused.field in form else "antal"].errors = [str(refused.message)]
        return team_page(team, offer=form, status=422)
    tell(_("Pladserne er tilbudt. De er jeres, indtil en anden kommune overtager dem."))
    return redirect(url_for("teams.show", team_id=team.id) + "#pladser", code=303)


def _answer(exchange_id: int, code_of: Callable[[SeatExchange], int | None], work: Any, text: str) -> BaseResponse:
    """Answer an offer on behalf of the municipality that `code_of` names; 404 where the viewer may not."""
    viewer = current_viewer()
    exchange = queries.find_exchange(viewer, exchange_id)
    code = code_of(exchange)
    if code is None or not viewer.may(WRITE, code):
        abort(404)
    try:
        work(exchange, code, viewer.user_id)
    except CourseRefusedError as refused:
        tell(refused.message, "warning")
    else:
        tell(text)
    return redirect(url_for("teams.show", team_id=exchange.team_id) + "#pladser", code=303)


def _taker(exchange: SeatExchange) -> int | None:
    return exchange.to_code or current_viewer().municipality_code or asked_number(request.form, "kommune")


@bp.post("/pladser/<int:exchange_id>/overtag", needs=WRITE)
def accept(exchange_id: int) -> BaseResponse:
    """Take the seats over."""

    def work(exchange: SeatExchange, code: int, user_id: int | None) -> None:
        actions.accept_seats(exchange, code, user_id=user_id)

    return _answer(exchange_id, _taker, work, _("Pladserne er overtaget."))


@bp.post("/pladser/<int:exchange_id>/afslaa", needs=WRITE)
def decline(exchange_id: int) -> BaseResponse:
    """Say no to seats that were offered to one's municipality alone."""

    def work(exchange: SeatExchange, code: int, user_id: int | None) -> None:
        actions.decline_seats(exchange, user_id=user_id)

    return _answer(exchange_id, lambda exchange: exchange.to_code, work, _("Tilbuddet er afslået."))


@bp.post("/pladser/<int:exchange_id>/traek", needs=WRITE)
def withdraw(exchange_id: int) -> BaseResponse:
    """Keep the seats after all."""

    def work(exchange: SeatExchange, code: int, user_id: int | None) -> None:
        actions.withdraw_seats(exchange, user_id=user_id)

    return _answer(exchange_id, lambda exchange: exchange.from_code, work, _("Tilbuddet er trukket tilbage."))
