"""Log lines: one JSON object each, with the request's number and nothing about persons.

Addresses are told by endpoint, never by path or query; exceptions by kind and place, never by
message, because messages of databases carry values.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

log = structlog.get_logger()


def new_reference() -> str:
    """A number short enough to be read out on the telephone."""
    letters = [secrets.choice(_ALPHABET) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def reference() -> str:
    """This request's number, which stands in its log lines and on its error page."""
    if not has_request_context():
        return new_reference()
    if "reference" not in g:
        g.reference = new_reference()
        structlog.contextvars.bind_contextvars(reference=g.reference)
    number: str = g.reference
    return number


def _as_json(_: Any, __: str, entry: MutableMapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, default=repr)


def configure_logging() -> None:
    """JSON lines on standard error, for the service and the libraries under it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def places(error: BaseException) -> list[str]:
    """Where an exception came from, innermost last; the last twelve places."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{frame.filename.rsplit('/site-packages/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]


def log_exception(app: Flask, error: BaseException) -> None:
    """One line for an exception; one more, to be alerted on, for a kind not seen since the start."""
    where = places(error)
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    known: set[tuple[str, str]] = app.extensions.setdefault("known_errors", set())
    sign = (kind, where[-1] if where else "")
    entry = {"kind": kind, "endpoint": request.endpoint if has_request_context() else None, "places": where}
    reference()
    log.error("exception", **entry)
    if sign not in known and len(known) < 1000:
        known.add(sign)
        log.critical("new_kind_of_error", kind=kind, place=sign[1])


def init_logs(app: Flask) -> None:
    """Number each request and say in one line how it went."""
    configure_logging()

    def log_exc_info(exc_info: ExcInfo) -> None:
        if exc_info[1] is not None:
            log_exception(app, exc_info[1])

    app.log_exception = log_exc_info  # type: ignore[method-assign]  # one log line instead of Flask's

    @app.before_request
    def number_request() -> None:
        structlog.contextvars.clear_contextvars()
        g.started = time.perf_counter()
        reference()

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers["X-Request-ID"] = reference()
        if not app.testing:
            spent = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000)
            log.info("request", method=request.method, endpoint=request.endpoint, status=response.status_code, ms=spent)
        return response
