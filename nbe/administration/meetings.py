"""The calendar of the coordination group."""

from __future__ import annotations

import datetime as dt

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission
from nbe.access.editing import conflict_page, find_conflict
from nbe.administration.forms import MEETING_LABELS, MeetingForm
from nbe.administration.queries import deleted_fields
from nbe.core import clock
from nbe.core.dates import format_date
from nbe.core.notices import tell
from nbe.core.paging import page_number
from nbe.models import Event
from nbe.targets import meetings, queries

bp = Feature("meetings", __name__, url_prefix="/administration/moeder")

Page = str | tuple[str, int] | BaseResponse


def _find(meeting_id: int, *, for_update: bool = False) -> Event:
    meeting = meetings.find_meeting(meeting_id, for_update=for_update)
    if meeting is None:
        abort(404)
    return meeting


def _back() -> BaseResponse:
    return redirect(url_for(".index"), 303)


@bp.get("", needs=Permission.SETTINGS_ADMIN)
def index() -> str:
    """The meetings, the latest first; the next and the last are marked."""
    today = clock.today()
    return render_template(
        "administration/meetings.html",
        page=meetings.page_of_meetings(page_number()),
        following=queries.next_meeting(today),
        previous=queries.last_meeting(today),
        may_delete=meetings.may_delete,
        page_href=lambda number: url_for(".index", side=number),
    )


@bp.get("/nyt", needs=Permission.SETTINGS_ADMIN)
def new() -> str:
    """An empty form."""
    form = MeetingForm(data={"title": _("Koordinationsmøde")})
    return render_template("administration/meeting.html", form=form, meeting=None)


@bp.post("/nyt", needs=Permission.SETTINGS_ADMIN)
def create() -> Page:
    """Put a meeting into the calendar."""
    form = MeetingForm()
    if form.validate() and not _refuse_same_day(form):
        meeting = meetings.add_meeting(form.title.data or "", form.held_on.data)
        flash(_("Mødet den %(day)s er oprettet.", day=format_date(meeting.held_on)), "success")
        return _back()
    return render_template("administration/meeting.html", form=form, meeting=None), 422


def _refuse_same_day(form: MeetingForm, except_id: int | None = None) -> bool:
    is_taken = meetings.is_day_taken(form.held_on.data, except_id)
    if is_taken:
        form.held_on.errors = [_("Der er allerede et koordinationsmøde den dag.")]
    return is_taken


@bp.get("/<int:meeting_id>", needs=Permission.SETTINGS_ADMIN)
def edit(meeting_id: int) -> str:
    """One meeting."""
    meeting = _find(meeting_id)
    return render_template("administration/meeting.html", form=MeetingForm(obj=meeting), meeting=meeting)


@bp.post("/<int:meeting_id>", needs=Permission.SETTINGS_ADMIN)
def save(meeting_id: int) -> Page:
    """Correct title and day."""
    meeting = _find(meeting_id, for_update=True)
    form = MeetingForm()
    if not form.validate() or _refuse_same_day(form, meeting.id):
        return render_template("administration/meeting.html", form=form, meeting=meeting), 422
    conflict = find_conflict(meeting, form, MEETING_LABELS)
    if conflict:
        return conflict_page(conflict, action=request.path, title=meeting.title, back=url_for(".index"))
    meetings.update_meeting(meeting, form.title.data or "", form.held_on.data)
    flash(_("Mødet den %(day)s er gemt.", day=format_date(meeting.held_on)), "success")
    return _back()


@bp.post("/<int:meeting_id>/slet", needs=Permission.SETTINGS_ADMIN)
def delete(meeting_id: int) -> Page:
    """Take a meeting to come out of the calendar."""
    meeting = _find(meeting_id, for_update=True)
    day = format_date(meeting.held_on)
    try:
        meetings.delete_meeting(meeting)
    except meetings.HeldError:
        flash(_("Mødet den %(day)s er holdt og kan ikke slettes: tal er vist på det.", day=day), "warning")
    except meetings.InUseError:
        text = _("Der er inviterede eller tilmeldte til mødet den %(day)s. Aflys det i stedet.", day=day)
        tell(text, "warning", href=url_for("events.show", event_id=meeting_id), label=_("Se arrangementet"))
    else:
        undo = url_for(".restore", meeting_id=meeting_id)
        tell(_("Mødet den %(day)s er slettet.", day=day), undo=undo)
    return _back()


@bp.post("/<int:meeting_id>/genopret", needs=Permission.SETTINGS_ADMIN)
def restore(meeting_id: int) -> Page:
    """Bring a deleted meeting back."""
    fields = deleted_fields(Event, meeting_id)
    if fields is None:
        abort(404)
    day = dt.date.fromisoformat(fields["held_on"])
    if meetings.is_day_taken(day):
        flash(_("Der er allerede et koordinationsmøde den dag."), "warning")
    else:
        meetings.add_meeting(fields["title"], day)
        flash(_("Mødet den %(day)s er tilbage i kalenderen.", day=format_date(day)), "success")
    return _back()
