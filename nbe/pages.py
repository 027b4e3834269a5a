"""What every page shares: language, formats, menu, health, accessibility statement."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from babel.numbers import format_decimal, format_percent
from flask import (
    Flask,
    Response,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import Babel, format_date, format_datetime, get_locale
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, Viewer, current_viewer
from nbe.administration.settings import contact
from nbe.core import clock, csrf
from nbe.core.addresses import local_path
from nbe.core.database import db, schema_is_current
from nbe.core.phones import format_phone
from nbe.core.words import init_words
from nbe.menu import menu_of
from nbe.models import User

LANGUAGES = ("da", "en")
STATED_ON = dt.date(2026, 11, 24)  # when the accessibility statement was last gone through; once a year at least
bp = Feature("pages", __name__)
babel = Babel()


def choose_language() -> str:
    """The signed-in user's language, else the one chosen in this browser, else Danish."""
    if not has_request_context():
        return "da"
    chosen = session.get("language") or (
        current_user.locale if current_user and current_user.is_authenticated else None
    )
    return chosen if chosen in LANGUAGES else "da"


def once_token() -> str:
    """A token by which a form counts once, however often it is sent."""
    return secrets.token_urlsafe(18)


def format_number(value: Any, decimals: int | None = None) -> str:
    """1.234,5 in Danish; an en dash for nothing."""
    if value is None:
        return "–"
    if type(value) is int and 0 <= value < 1000 and not decimals:
        return str(value)  # the same in every language; a page of figures has hundreds
    most = "######" if isinstance(value, Decimal) else "###"  # a decimal is exact: its digits are told
    pattern = f"#,##0.{most}" if decimals is None else f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return str(format_decimal(value, format=pattern, locale=get_locale()))


def format_share(value: float | None) -> str:
    """40 %; an en dash for nothing."""
    return "–" if value is None else str(format_percent(value, locale=get_locale()))


def format_day(value: dt.date | None) -> str:
    """25-04-2016; an en dash for nothing."""
    return value.strftime("%d-%m-%Y") if value else "–"


def format_long_day(value: dt.date | None) -> str:
    """25. april 2016, in English 25 April 2016; an en dash for nothing."""
    pattern = "long" if str(get_locale()) == "da" else "d MMMM y"
    return str(format_date(value, pattern)) if value else "–"


def format_month(value: dt.date) -> str:
    """Maj 2016."""
    text = str(format_date(value, "MMMM y"))
    return text[:1].upper() + text[1:]


def format_short_month(value: dt.date) -> str:
    """Maj 16: a month at the head of a column."""
    return str(format_date(value, "MMM yy")).replace(".", "")


def format_weekday(value: dt.date) -> str:
    """Mandag den 25. april 2016, in English Monday 25 April 2016."""
    pattern = "EEEE 'den' d. MMMM y" if str(get_locale()) == "da" else "EEEE d MMMM y"
    text = str(format_date(value, pattern))
    return text[:1].upper() + text[1:]


def format_moment(value: dt.datetime | None) -> str:
    """25-04-2016 14:05, on a Danish clock."""
    return str(format_datetime(value, "dd-MM-yyyy HH:mm")) if value else "–"


@dataclass(frozen=True, slots=True)
class PageViewer:
    """Who the page greets."""

    name: str
    role_label: str
    municipality_name: str | None


def _page_viewer(viewer: Viewer) -> PageViewer | None:
    if viewer.role is None:
        return None
    municipality = current_user.municipality if has_request_context() and viewer.user_id else None
    return PageViewer(viewer.name, str(viewer.role.label), municipality.name if municipality else None)


def _page_context() -> dict[str, Any]:
    viewer = current_viewer()
    return {
        "viewer": _page_viewer(viewer),
        "menu": menu_of(viewer) if viewer.role else [],
        "csrf_token": csrf.csrf_token,
        "once_token": once_token,
        "locale": str(get_locale()),
        "languages": LANGUAGES,
        "demo_day": clock.story_day(),
        "today": clock.today(),
        "has_permission": lambda name, code=None: viewer.may(Permission[name], code),
        "Permission": Permission,
    }


def init_pages(app: Flask) -> None:
    """Connect language, formats and the pages that belong to no feature."""
    app.config["BABEL_DEFAULT_LOCALE"] = "da"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Copenhagen"
    babel.init_app(app, locale_selector=choose_language)
    init_words(app, babel)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filters = {
        "dmy": format_day,
        "dlong": format_long_day,
        "moment": format_moment,
        "num": format_number,
        "pct": format_share,
        "dweek": format_weekday,
        "mlong": format_month,
        "mshort": format_short_month,
        "phone": format_phone,
        "plus_days": lambda day, days: day + dt.timedelta(days=days),
    }
    app.jinja_env.filters.update(filters)
    # Globals, so that imported macros find them too.
    app.jinja_env.globals.update(csrf_token=csrf.csrf_token, once_token=once_token)
    app.context_processor(_page_context)
    app.register_blueprint(bp)


@bp.get("/healthz", needs=Permission.PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@bp.get("/readyz", needs=Permission.PUBLIC)
def readyz() -> Response:
    """The database answers and stands at the newest schema."""
    try:
        db.session.execute(sa.select(1))
        is_ready = schema_is_current()
    except SQLAlchemyError:
        is_ready = False
    if is_ready:
        return Response("ready\n", content_type="text/plain; charset=utf-8")
    return Response("not ready\n", status=503, headers={"Retry-After": "10"}, content_type="text/plain; charset=utf-8")


@bp.get("/start", needs=Permission.ACCOUNT_OWN)
def start() -> BaseResponse:
    """Where one's work begins: Min dag for those who work with candidates, Overblik for those who look on."""
    viewer = current_viewer()
    is_at_work = viewer.may(Permission.CANDIDACIES_WRITE) and viewer.municipality_code is not None
    return redirect(url_for("day.show" if is_at_work else "overview.show"))


@bp.get("/was", needs=Permission.PUBLIC)
def accessibility() -> str:
    """The accessibility statement public bodies owe."""
    return render_template("pages/accessibility.html", contact=contact(), stated_on=STATED_ON)


@bp.post("/sprog", needs=Permission.PUBLIC)
def choose() -> BaseResponse:
    """Danish or English, for this browser and for the account."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        session["language"] = language
        if current_user.is_authenticated:
            db.session.execute(
                sa.update(User).where(User.id == current_user.id).values(locale=language),
                execution_options={"unaudited": True},
            )
    return redirect(local_path(request.form.get("next")) or "/")
