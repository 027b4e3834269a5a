"""Certificates: issued to those who took part, withdrawn, and as tagged PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, make_response, redirect, render_template, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.core.notices import tell
from nbe.core.pdf import can_write_pdf, write_pdf
from nbe.courses import actions, queries
from nbe.courses.actions import CourseRefusedError
from nbe.courses.letters import CERTIFICATE_LETTER, compose_letter
from nbe.courses.links import find_by_link
from nbe.models import Participant
from nbe.models.gathering_states import ParticipantState

bp = Feature("certificates", __name__)
READ, WRITE = Permission.PARTICIPANTS_READ, Permission.PARTICIPANTS_WRITE
STYLE = "certificate-print.css"


@bp.post("/kursister/<int:participant_id>/bevis", needs=WRITE)
def issue(participant_id: int) -> BaseResponse:
    """Issue one certificate."""
    viewer = current_viewer()
    person = queries.find_participant(viewer, participant_id, WRITE)
    try:
        done = actions.issue_certificate(person, user_id=viewer.user_id)
    except CourseRefusedError as refused:
        tell(refused.message, "warning")
    else:
        text = _("Beviset til %(name)s er udstedt.", name=person.name)
        tell(text, undo=url_for(".withdraw", participant_id=person.id) if done else None)
    return redirect(url_for("participants.show", participant_id=person.id), code=303)


@bp.post("/kursister/<int:participant_id>/bevis/traek", needs=WRITE)
def withdraw(participant_id: int) -> BaseResponse:
    """Take a certificate back."""
    viewer = current_viewer()
    person = queries.find_participant(viewer, participant_id, WRITE)
    if actions.withdraw_certificate(person, user_id=viewer.user_id):
        tell(_("Beviset til %(name)s er trukket tilbage.", name=person.name))
    return redirect(url_for("participants.show", participant_id=person.id), code=303)


@bp.post("/kurser/hold/<int:team_id>/beviser", needs=WRITE)
def issue_all(team_id: int) -> BaseResponse:
    """Issue the certificates of all who took part and have none, of those the viewer may write for."""
    viewer = current_viewer()
    team = queries.find_team(viewer, team_id)
    people = [row.person for row in queries.list_people(viewer, team)]
    waiting = [person for person in people if person.state is ParticipantState.ATTENDED]
    for person in waiting:
        actions.issue_certificate(person, user_id=viewer.user_id)
    tell(ngettext("%(num)s bevis er udstedt.", "%(num)s beviser er udstedt.", len(waiting)))
    return redirect(url_for("teams.show", team_id=team.id), code=303)


@bp.post("/kurser/hold/<int:team_id>/beviser/skriv", needs=Permission.MAILS_WRITE)
def write(team_id: int) -> BaseResponse:
    """Begin a letter to those with a certificate, whom the viewer may see, each with the link to his; shown first."""
    viewer = current_viewer()
    team = queries.find_team(viewer, team_id)
    people = [row.person for row in queries.list_people(viewer, team) if row.person.certificate_on]
    if not people:
        tell(_("Der er ingen beviser at sende endnu."), "info")
        return redirect(url_for("teams.show", team_id=team.id), code=303)
    mailing = compose_letter(team, people, viewer, CERTIFICATE_LETTER)
    return redirect(url_for("mailings.show", mailing_id=mailing.id), code=303)


@bp.get("/kursister/<int:participant_id>/bevis.pdf", needs=READ)
def as_pdf(participant_id: int) -> BaseResponse:
    """One certificate."""
    person = queries.find_participant(current_viewer(), participant_id)
    if person.certificate_on is None:
        abort(404)
    leave_trail("export", "participant", person.id, what="bevis.pdf")
    return _pdf([person], f"kursusbevis-{person.certificate_number}.pdf")


@bp.get("/kurser/hold/<int:team_id>/beviser.pdf", needs=READ)
def all_as_pdf(team_id: int) -> BaseResponse:
    """All certificates of the team that the viewer may see, a page for each."""
    viewer = current_viewer()
    team = queries.find_team(viewer, team_id)
    people = [row.person for row in queries.list_people(viewer, team) if row.person.certificate_on]
    if not people:
        tell(_("Der er ingen beviser at hente endnu."), "info")
        return redirect(url_for("teams.show", team_id=team.id), code=303)
    leave_trail("export", "team", team.id, what="beviser.pdf", rows=len(people))
    return _pdf(people, f"kursusbeviser-hold-{team.id}.pdf")


@bp.get("/deltager/<token>/bevis.pdf", needs=Permission.PUBLIC)
def by_link(token: str) -> Any:
    """One's own certificate, by signed link."""
    person = find_by_link(token)
    if person is None or person.certificate_on is None:
        return make_response(render_template("courses/link_over.html"), 404)
    return _pdf([person], f"kursusbevis-{person.certificate_number}.pdf")


def _pdf(people: Sequence[Participant], filename: str) -> BaseResponse:
    """In Danish whoever asks; a page that says so where PDF cannot be made."""
    if not can_write_pdf():
        return make_response(render_template("courses/no_pdf.html"), 503)
    with force_locale("da"):
        html = render_template("courses/certificate.html", people=people)
    answer = make_response(write_pdf(html, STYLE))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
