"""The page on which a person gets, renews or takes away the address of her calendar; and the calendar itself."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, redirect, render_template, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer
from nbe.core.calendars import CALENDAR, write_calendar
from nbe.core.links import public_address
from nbe.core.notices import tell
from nbe.feeds import actions, queries
from nbe.models import CalendarFeed

bp = Feature("feeds", __name__)
OWN = Permission.ACCOUNT_OWN


def address_of(feed: CalendarFeed) -> str:
    """The whole address of a calendar."""
    return public_address(url_for("feeds.read", key=actions.key_of(feed)))


@bp.get("/konto/kalender", needs=OWN)
def show() -> str:
    """The address, or how to get one."""
    viewer = current_viewer()
    feed = queries.find_feed(viewer.user_id)
    return render_template(
        "feeds/own.html",
        feed=feed,
        address=address_of(feed) if feed else "",
        leads=queries.leads(viewer) is not None,
        has_municipality=viewer.municipality_code is not None,
        works_with_events=queries.works_with_events(viewer),
    )


@bp.post("/konto/kalender", needs=OWN)
def renew() -> Any:
    """A new address; an old one is dead."""
    user_id = current_viewer().user_id
    if user_id is None:
        abort(403)
    actions.renew_feed(user_id)
    tell(_("Her er din kalenders adresse. En tidligere adresse virker ikke mere."))
    return redirect(url_for(".show"), code=303)


@bp.post("/konto/kalender/slet", needs=OWN)
def drop() -> Any:
    """No address any more."""
    user_id = current_viewer().user_id
    if user_id is not None:
        actions.drop_feed(user_id)
    tell(_("Kalenderen kan ikke hentes mere."))
    return redirect(url_for(".show"), code=303)


@bp.get("/kalender/<key>.ics", needs=Permission.PUBLIC)
def read(key: str) -> Response:
    """The calendar; whoever has the address reads it, so it is not to be passed on."""
    found = queries.find_reader(key)
    if found is None:
        abort(404)
    feed, user = found
    body = write_calendar(queries.entries_for(user), f"NBE: {user.name}")
    actions.note_read(feed.id)
    answer = Response(body, mimetype=CALENDAR)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
