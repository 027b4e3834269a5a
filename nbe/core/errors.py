"""Answers when something is wrong: a page in plain words with a way on and a number that finds the log line.

Pages for what a person can meet wear the look of the service; those for a service in trouble
need neither database nor session.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request, session
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from nbe.core.database import db
from nbe.core.logs import log_exception, reference

RETRY_AFTER = "10"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a page says about one status."""

    title: Any
    text: Any
    is_plain: bool = False


WORDING = {
    400: Wording(
        _l("Det kunne ikke sendes"),
        _l(
            "Siden var måske åben for længe, eller noget i det sendte kunne ikke læses. "
            "Gå tilbage, genindlæs siden, og prøv igen."
        ),
    ),
    401: Wording(_l("Du skal logge ind"), _l("Log ind for at se siden.")),
    403: Wording(
        _l("Det har du ikke adgang til"),
        _l(
            "Din rolle giver ikke adgang til denne side. Siden »Hvem må hvad« viser, hvad din rolle giver adgang til. "
            "Skriv til sekretariatet, hvis det er en fejl."
        ),
    ),
    404: Wording(
        _l("Siden findes ikke"),
        _l("Adressen er måske skrevet forkert, eller siden er flyttet. Søg, eller begynd forfra fra forsiden."),
    ),
    405: Wording(
        _l("Det kan man ikke her"), _l("Siden kan ikke bruges på den måde. Gå tilbage, og prøv fra siden selv.")
    ),
    409: Wording(
        _l("Nogen var først"),
        _l(
            "Andre har ændret det samme, mens du skrev. Intet er gemt. "
            "Gå tilbage, genindlæs siden, og se, hvad der er ændret."
        ),
    ),
    413: Wording(
        _l("Det er for stort"), _l("En fil må højst fylde 20 MB. Del den op, eller fjern det, der ikke skal med.")
    ),
    429: Wording(
        _l("For mange forsøg"),
        _l("Der har været for mange forsøg på kort tid. Vent lidt, og prøv igen."),
    ),
    500: Wording(
        _l("Noget gik galt hos os"),
        _l("Fejlen er noteret. Prøv igen; hjælper det ikke, så skriv til sekretariatet, og oplys nummeret."),
        is_plain=True,
    ),
    503: Wording(
        _l("Tjenesten har travlt lige nu"),
        _l("Intet er gemt. Vent et øjeblik, og prøv igen."),
        is_plain=True,
    ),
    507: Wording(
        _l("Der er ikke plads til at gemme"),
        _l("Intet er gemt. Man kan stadig læse. Sig det til dem, der driver tjenesten, og prøv igen senere."),
        is_plain=True,
    ),
}


def wants_json() -> bool:
    """Whether the one who asks is a program and not a person at a page."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or (request.is_json and best is None)


def wait_text(seconds: int) -> Any:
    """How long to wait, in words."""
    minutes = -(-seconds // 60)
    if seconds < 60:
        return _l("Prøv igen om %(n)s sekunder.", n=seconds)
    return _l("Prøv igen om 1 minut.") if minutes == 1 else _l("Prøv igen om %(n)s minutter.", n=minutes)


def error_answer(status: int, *, retry_after: int | None = None) -> Response:
    """The answer for one status, as a page or as JSON."""
    wording = WORDING.get(status) or WORDING[400 if status < 500 else 500]
    number = reference()
    values: dict[str, Any] = {
        "status": status,
        "title": wording.title,
        "text": wording.text,
        "reference": number,
        "wait": wait_text(retry_after) if retry_after else "",
    }
    is_bare = wording.is_plain or (request.url_rule is None and _host_is_untrusted())
    with force_locale(_language()) if is_bare else nullcontext():
        if wants_json():
            response = jsonify(
                type="about:blank", title=str(wording.title), detail=str(wording.text), status=status, reference=number
            )
            response.content_type = "application/problem+json"
        elif is_bare:
            template = current_app.jinja_env.get_template("errors/plain.html")
            response = make_response(template.render(values, language=_language()))
        else:
            response = make_response(render_template("errors/page.html", **values))
    response.status_code = status
    if retry_after or status == 503:
        response.headers["Retry-After"] = str(retry_after or RETRY_AFTER)
    return response


def _language() -> str:
    return (session.get("language") if session else None) or "da"


def _host_is_untrusted() -> bool:
    return request.routing_exception is not None and request.routing_exception.code == 400


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    code = error.code or 500
    if code < 400:
        return make_response(error)
    db.session.rollback()
    if isinstance(error, InternalServerError):
        original = error.original_exception
        if original is not None and (status := status_of(original)):
            return error_answer(status)
    wait = getattr(error, "retry_after", None)
    response = error_answer(code, retry_after=wait if isinstance(wait, int) else None)
    if code == 405:
        for name, value in error.get_headers(request.environ):
            if name == "Allow":
                response.headers[name] = value
    return response


def status_of(error: BaseException) -> int | None:
    """The status that an exception of the database means, or None for any other."""
    if isinstance(error, (StaleDataError, IntegrityError)):
        return 409
    if isinstance(error, DataError):
        return 400
    if isinstance(error, PoolTimeoutError):
        return 503
    if isinstance(error, DBAPIError):
        if "disk is full" in str(error.orig) or getattr(error.orig, "sqlstate", None) == "53100":
            return 507
        if isinstance(error, (OperationalError, InterfaceError, InternalError)) or error.connection_invalidated:
            return 503
    return None


def _on_database_error(error: Exception) -> Response:
    try:
        db.session.rollback()
    except DBAPIError:
        db.session.remove()
    status = status_of(error)
    if status is None:
        raise error
    log_exception(current_app._get_current_object(), error)  # type: ignore[attr-defined]  # it is a LocalProxy
    return error_answer(status)


def init_errors(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(HTTPException, _on_http_error)
    for kind in (DBAPIError, PoolTimeoutError, StaleDataError):
        app.register_error_handler(kind, _on_database_error)
