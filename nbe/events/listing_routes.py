"""The people of all events of a year, by name for those who may see them so."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.permissions import Scope
from nbe.businesses.queries import municipality_choices
from nbe.core.arguments import address_with, addresses_of_pages
from nbe.core.paging import page_number
from nbe.events.filters import read_sign_up_filter
from nbe.events.listing import event_choices, list_sign_ups
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind
from nbe.targets.queries import programme_choices

bp = Feature("registration_lists", __name__)
READ = Permission.REGISTRATIONS_READ


@bp.get("/arrangementer/tilmeldinger", needs=READ)
def index() -> str:
    """The people of the events on a day, the rows that the figures count."""
    viewer, chosen = current_viewer(), read_sign_up_filter(request.args)
    if chosen is None:
        return render_template("pages/nothing_yet.html", heading=_("Tilmeldinger"))
    page = list_sign_ups(viewer, chosen, page_number())
    leave_trail("list", "registration", programme=chosen.programme.year, rows=len(page.rows))
    return render_template(
        "events/sign_ups.html",
        chosen=chosen,
        page=page,
        shows_municipality=viewer.scope(READ) is Scope.ALL and chosen.municipality_code is None,
        page_href=addresses_of_pages(),
        address_with=address_with,
        query=request.query_string.decode(),
        programmes=programme_choices(),
        municipalities=municipality_choices(viewer, READ),
        events=event_choices(viewer, chosen.programme),
        kinds=[(kind.value, kind.label) for kind in EventKind],
        answers=[("tilmeldte", _("Tilmeldte, mødt op eller ej")), *((s.value, s.label) for s in RegistrationState)],
    )


@bp.get("/arrangementer/tilmeldinger/eksport.<any(xlsx, csv):kind>", needs=READ)
def export(kind: str) -> BaseResponse:
    """The list as filtered, as a spreadsheet or Danish CSV."""
    from nbe.events.listing_sheet import answer

    viewer, chosen = current_viewer(), read_sign_up_filter(request.args)
    rows = list_sign_ups(viewer, chosen, size=None).rows if chosen else []
    leave_trail("export", "registration", what=f"tilmeldinger.{kind}", rows=len(rows))
    return answer(rows, chosen, kind)
