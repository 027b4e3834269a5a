"""Loans of screeners between municipalities: those one gives and takes, asking for one, and answering."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, find_visible, leave_trail
from nbe.access.permissions import Scope
from nbe.businesses.queries import municipality_choices, municipality_names
from nbe.core import clock
from nbe.core.addresses import local_path
from nbe.core.arguments import addresses_of_pages
from nbe.core.notices import tell
from nbe.core.paging import page_number
from nbe.models import Loan, Programme, Screener
from nbe.models.states import LoanState
from nbe.resources import actions, queries
from nbe.resources.filters import read_filter
from nbe.resources.forms import show_hours
from nbe.resources.loan_forms import LoanForm, LoanStepForm, loan_form, loan_step_form, too_many
from nbe.resources.routes import find_place
from nbe.resources.rules import first_of_month, months_of
from nbe.targets.queries import list_programmes, programme_choices

bp = Feature("loans", __name__)
READ, WRITE = Permission.RESOURCES_READ, Permission.RESOURCES_WRITE

Page = str | tuple[str, int] | BaseResponse


@bp.get("/ressourcer/laan", needs=READ)
def index() -> str:
    """The loans one's municipality gives and takes; those that wait for an answer first."""
    viewer = current_viewer()
    chosen = read_filter(viewer, request.args)
    if chosen is None:
        return render_template("pages/nothing_yet.html", heading=_("Lån af screenere"))
    sees_all = viewer.scope(READ) is Scope.ALL
    code = chosen.municipality_code if sees_all else viewer.municipality_code
    page = queries.list_loans(viewer, chosen.programme.id, code, page_number())
    leave_trail("list", "loan", programme=chosen.programme.year, rows=len(page.rows))
    return render_template(
        "resources/loans.html",
        chosen=chosen,
        code=code,
        page=page,
        page_href=addresses_of_pages(),
        place=municipality_names().get(code) if code else None,
        may_write=code is not None and viewer.may(WRITE, code),
        programmes=programme_choices(),
        municipalities=municipality_choices(viewer, READ) if sees_all else [],
    )


def _months(programme: Programme) -> list[dt.date]:
    """The months still to come, this one included."""
    now = first_of_month(clock.today())
    return [month for month in months_of(programme.year, programme.deadline_on) if month >= now]


def _ask_form(programme: Programme, code: int, *, offers: bool, **options: Any) -> LoanForm:
    others = [(place, name) for place, name in municipality_names().items() if place != code]
    screeners = queries.active_choices(code) if offers else None
    return loan_form(others, _months(programme), screeners, **options)


def _ask_page(programme: Programme, code: int, form: LoanForm, *, offers: bool) -> str:
    return render_template(
        "resources/loan_ask.html",
        form=form,
        programme=programme,
        code=code,
        place=municipality_names()[code],
        offers=offers,
        has_months=bool(_months(programme)),
    )


def _home(programme: Programme, code: int) -> str:
    return url_for(".index", aar=programme.year, kommune=code)


@bp.get("/ressourcer/<int:year>/<int:code>/laan/tilbyd", needs=WRITE)
def offering(year: int, code: int) -> str:
    """An empty offer."""
    programme = find_place(year, code, WRITE)
    return _ask_page(programme, code, _ask_form(programme, code, offers=True, formdata=None), offers=True)


@bp.post("/ressourcer/<int:year>/<int:code>/laan/tilbyd", needs=WRITE)
def offer(year: int, code: int) -> Page:
    """Offer a screener of one's own to another municipality."""
    programme, viewer = find_place(year, code, WRITE), current_viewer()
    form = _ask_form(programme, code, offers=True)
    if not form.validate():
        return _ask_page(programme, code, form, offers=True), 422
    screener = find_visible(viewer, Screener, int(form.screener_id.data), WRITE, for_update=True)
    try:
        loan = actions.offer_loan(programme, screener, int(form.other.data), form.wish(), user_id=viewer.user_id)
    except actions.OverLentError as refused:
        form.hours.errors = [too_many(refused.left)]
        return _ask_page(programme, code, form, offers=True), 422
    tell(_("Tilbuddet er sendt til %(place)s.", place=municipality_names()[loan.borrower_code]), undo=_back(loan))
    return redirect(_home(programme, code), 303)


@bp.get("/ressourcer/<int:year>/<int:code>/laan/bed", needs=WRITE)
def requesting(year: int, code: int) -> str:
    """An empty request."""
    programme = find_place(year, code, WRITE)
    return _ask_page(programme, code, _ask_form(programme, code, offers=False, formdata=None), offers=False)


@bp.post("/ressourcer/<int:year>/<int:code>/laan/bed", needs=WRITE)
def ask(year: int, code: int) -> Page:
    """Ask another municipality for hours."""
    programme, viewer = find_place(year, code, WRITE), current_viewer()
    form = _ask_form(programme, code, offers=False)
    if not form.validate():
        return _ask_page(programme, code, form, offers=False), 422
    loan = actions.request_loan(programme, int(form.other.data), code, form.wish(), user_id=viewer.user_id)
    tell(_("Ønsket er sendt til %(place)s.", place=municipality_names()[loan.lender_code]), undo=_back(loan))
    return redirect(_home(programme, code), 303)


def _back(loan: Loan) -> str:
    return url_for(".undo", loan_id=loan.id)


@bp.get("/ressourcer/laan/<int:loan_id>", needs=READ)
def show(loan_id: int) -> Any:
    """One loan, and what can be done with it."""
    loan = queries.find_loan(current_viewer(), loan_id)
    leave_trail("read", "loan", loan.id)
    return _page(loan, _step_form(loan, formdata=None))


def _step_form(loan: Loan, **options: Any) -> LoanStepForm:
    lends = loan.screener_id is None and current_viewer().may(WRITE, loan.lender_code)
    return loan_step_form(queries.active_choices(loan.lender_code) if lends else [], **options)


def _page(loan: Loan, form: LoanStepForm, status: int = 200, said: str = "") -> Any:
    line = queries.tell_loan(current_viewer(), loan)
    return make_response(render_template("resources/loan.html", line=line, loan=loan, form=form, said=said), status)


@bp.post("/ressourcer/laan/<int:loan_id>", needs=WRITE)
def step(loan_id: int) -> Any:
    """Accept, decline, withdraw or end; of two answers the first holds, and the second is told."""
    viewer = current_viewer()
    loan = queries.find_loan(viewer, loan_id, WRITE, for_update=True)
    form = _step_form(loan)
    was_other = form.fra.data and form.fra.data != loan.state.value
    if was_other or form.til.member not in (None, *queries.steps_of(viewer, loan)):
        state = str(loan.state.label).lower()
        return _page(loan, form, 409, _("En anden var først: lånet er nu %(state)s. Intet er ændret.", state=state))
    if not form.validate():
        return _page(loan, form, 422)
    try:
        _take(loan, form, viewer.user_id)
    except actions.OverLentError as refused:
        form.screener_id.errors = [too_many(refused.left)]
        return _page(loan, form, 422)
    except actions.ScreenerRefusedError:
        form.screener_id.errors = [_("Vælg den screener, der skal lånes ud.")]
        return _page(loan, form, 422)
    _tell_step(loan)
    place = viewer.municipality_code
    return redirect(local_path(request.form.get("next")) or url_for(".index", kommune=place), 303)


def _take(loan: Loan, form: LoanStepForm, user_id: int | None) -> None:
    programme = next(programme for programme in list_programmes() if programme.id == loan.programme_id)
    if form.til.member is LoanState.ACCEPTED:
        chosen = form.screener_id.data
        actions.accept_loan(programme, loan, int(chosen) if chosen else None, user_id=user_id)
    elif form.til.member is LoanState.ENDED:
        actions.end_loan(programme, loan, user_id=user_id)
    elif form.til.member is LoanState.DECLINED:
        actions.decline_loan(loan, user_id=user_id)
    elif form.til.member is LoanState.WITHDRAWN:
        actions.withdraw_loan(loan, user_id=user_id)
    else:
        actions.reopen_loan(loan)


def _tell_step(loan: Loan) -> None:
    names = municipality_names()
    told = {
        "hours": show_hours(loan.hours),
        "month": format_date(loan.month_on, "MMMM y"),
        "lender": names[loan.lender_code],
        "borrower": names[loan.borrower_code],
    }
    if loan.state is LoanState.ACCEPTED:
        tell(_("Lånet er aftalt: %(hours)s timer i %(month)s fra %(lender)s til %(borrower)s.", **told))
    elif loan.state is LoanState.ENDED:
        tell(_("Lånet er afsluttet: timerne tæller igen, hvor de kom fra."))
    else:
        text = _("Lånet er nu: %(state)s.", state=str(loan.state.label).lower())
        tell(text, undo=_back(loan) if loan.state in (LoanState.DECLINED, LoanState.WITHDRAWN) else None)


@bp.post("/ressourcer/laan/<int:loan_id>/fortryd", needs=WRITE)
def undo(loan_id: int) -> Any:
    """Take the last word back while nobody has gone on from it: what was just asked, a no, a withdrawal."""
    viewer = current_viewer()
    loan = queries.find_loan(viewer, loan_id, WRITE, for_update=True)
    steps = queries.steps_of(viewer, loan)
    if LoanState.WITHDRAWN in steps:
        actions.withdraw_loan(loan, user_id=viewer.user_id)
        tell(_("Lånet er nu: %(state)s.", state=str(loan.state.label).lower()))
    elif {LoanState.OFFERED, LoanState.REQUESTED} & set(steps):
        actions.reopen_loan(loan)
        tell(_("Det er fortrudt: lånet venter på svar igen."))
    else:
        tell(_("Lånet er kommet videre siden; det står, som det står."), "warning")
    return redirect(url_for(".index", kommune=viewer.municipality_code), 303)
