"""The participants of all teams of a year, by name for those who may see them so."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.permissions import Scope
from nbe.businesses.queries import municipality_choices
from nbe.core.arguments import address_with, addresses_of_pages
from nbe.core.paging import page_number
from nbe.courses.filters import read_filter
from nbe.courses.listing import course_choices, list_participants, list_teams, team_choices
from nbe.courses.show import TONES
from nbe.models.gathering_states import ParticipantState
from nbe.targets.queries import programme_choices

bp = Feature("participant_lists", __name__)
READ = Permission.PARTICIPANTS_READ


@bp.get("/kurser/kursister", needs=READ)
def index() -> str:
    """The participants on a day, the rows that the figures count."""
    viewer, chosen = current_viewer(), read_filter(request.args)
    if chosen is None:
        return render_template("pages/nothing_yet.html", heading=_("Kursister"))
    page = list_participants(viewer, chosen, page_number())
    teams = list_teams(chosen.programme).values()
    leave_trail("list", "participant", programme=chosen.programme.year, rows=len(page.rows))
    return render_template(
        "courses/participants.html",
        chosen=chosen,
        page=page,
        tones=TONES,
        shows_municipality=viewer.scope(READ) is Scope.ALL and chosen.municipality_code is None,
        page_href=addresses_of_pages(),
        address_with=address_with,
        query=request.query_string.decode(),
        programmes=programme_choices(),
        municipalities=municipality_choices(viewer, READ),
        courses=course_choices(teams),
        teams=team_choices(teams),
        states=[(state.value, state.label) for state in ParticipantState],
    )


@bp.get("/kurser/kursister/eksport.<any(xlsx, csv):kind>", needs=READ)
def export(kind: str) -> BaseResponse:
    """The list as filtered, as a spreadsheet or Danish CSV."""
    from nbe.courses.listing_sheet import answer

    viewer, chosen = current_viewer(), read_filter(request.args)
    rows = list_participants(viewer, chosen, size=None).rows if chosen else []
    leave_trail("export", "participant", what=f"kursister.{kind}", rows=len(rows))
    return answer(rows, chosen, kind)
