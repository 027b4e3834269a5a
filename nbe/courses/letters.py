"""Service mails of a seat: what a person needs to know of his own sign-up, and the signed link to answer by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from nbe.access import Viewer
from nbe.core import clock
from nbe.core.calendars import write_calendar
from nbe.core.dates import format_date
from nbe.core.links import public_address, sign, unsign
from nbe.courses.calendar import entries_of
from nbe.mails.actions import Recipient, compose, stop_outdated, write_mail
from nbe.models import Mailing, Participant, Team

PURPOSE = "participant"
TEAM_PURPOSE = "team"
KIND, OFFER = "course_seat", "offer"
# A draft in Danish that the sender changes as he likes; {navn} and {link} are filled in for each.
TEAM_LETTER = (
    "Kære {navn}\n\nDu er på listen til {team}.\n\n"
    "Se, hvordan du står, bekræft, at du kommer, eller meld fra her: {link}\n\nVenlig hilsen\n{sender}"
)
CERTIFICATE_LETTER = (
    "Kære {navn}\n\nTak, fordi du var med på {team}. Dit kursusbevis er klar.\n\n"
    "Hent det som PDF her: {link}\n\nVenlig hilsen\n{sender}"
)
_A_MOMENT = dt.timedelta(microseconds=1)


def link_of(participant: Participant) -> str:
    """The signed address on which this person, and nobody else, answers for himself."""
    return public_address(path_of(participant))


def path_of(participant: Participant) -> str:
    """The same without the host."""
    return f"/deltager/{sign(PURPOSE, participant.link_key)}"


def team_link(team: Team, municipality_code: int) -> str:
    """The signed address on which a municipality's people sign themselves up for a team."""
    return public_address(f"/hold/{sign(TEAM_PURPOSE, f'{team.id}-{municipality_code}')}")


def read_team_link(token: str) -> tuple[int, int] | None:
    """(team, municipality) of such a link; None when it is none of ours."""
    team_id, dash, code = (unsign(TEAM_PURPOSE, token) or "").partition("-")
    return (int(team_id), int(code)) if dash and team_id.isdigit() and code.isdigit() else None


def days_text(team: Team) -> str:
    """The days of a team as they are written: "10-05-2016 og 11-05-2016"; empty until one is set."""
    days = [format_date(day.held_on) for day in team.days if day.held_on]
    if len(days) < 2:
        return "".join(days)
    return _("%(first)s og %(last)s", first=", ".join(days[:-1]), last=days[-1])


def write_offer(participant: Participant) -> None:
    """Tell somebody moved up from the waiting list that there is a seat, and until when to answer."""
    answer_by = participant.answer_by
    if answer_by is None:
        return
    until = format_date(clock.danish(answer_by - _A_MOMENT).date())
    with force_locale("da"):
        lines = [
            _("Kære %(name)s", name=participant.name),
            _("Der er blevet en plads til dig på %(team)s.", team=_team_text(participant.team)),
            _(
                "Svar senest den %(day)s, om du tager pladsen. Svarer du ikke, går den videre til den næste, og du "
                "kommer bagest på ventelisten.",
                day=until,
            ),
            _("Svar her: %(link)s", link=link_of(participant)),
        ]
        mark = f"{answer_by:%Y%m%d}:{participant.place_at.timestamp():.6f}:{participant.link_key}"
        _write(participant, OFFER, mark, _("Der er en plads til dig på kurset"), lines)


def write_receipt(participant: Participant, *, is_waiting: bool) -> None:
    """Tell somebody who signed himself up how he stands, with the link for confirming and for leaving."""
    team = _team_text(participant.team)
    with force_locale("da"):
        stands = (
            _("Holdet er fuldt. Du står på venteliste til %(team)s, og vi skriver, når der er en plads.", team=team)
            if is_waiting
            else _("Du er tilmeldt %(team)s.", team=team)
        )
        lines = [
            _("Kære %(name)s", name=participant.name),
            stands,
            _("Se din tilmelding, bekræft den, eller meld fra her: %(link)s", link=link_of(participant)),
        ]
        file = None if is_waiting else calendar_file(participant)
        _write(participant, "receipt", participant.link_key, _("Din tilmelding til kurset"), lines, file)


def calendar_file(participant: Participant) -> tuple[str, bytes] | None:
    """The days of the person's team for a calendar; None until one is set."""
    entries = entries_of(participant.team, path_of(participant))
    return ("kursus.ics", write_calendar(entries)) if entries else None


def drop_unsent(participant: Participant) -> None:
    """What has been written to somebody who has left, and has not gone, is not to go."""
    stop_outdated(KIND, participant_id=participant.id)


def write_new_link(participant: Participant) -> None:
    """Send a new link where the one before has been used up or renewed; with what is offered, while that is open."""
    if participant.answer_by is not None:
        write_offer(participant)
        return
    with force_locale("da"):
        lines = [
            _("Kære %(name)s", name=participant.name),
            _("Her er et nyt link til din tilmelding til %(team)s.", team=_team_text(participant.team)),
            link_of(participant),
        ]
        _write(participant, "link", participant.link_key, _("Nyt link til din tilmelding"), lines)


def compose_letter(team: Team, people: Sequence[Participant], viewer: Viewer, words: str = TEAM_LETTER) -> Mailing:
    """A draft to these people of a team, each with his own link; shown with its recipients before it goes."""
    with force_locale("da"):
        text = words.format(team=_team_text(team), sender=viewer.name, navn="{navn}", link="{link}")
    recipients = [Recipient(one.name, one.email, link_of(one), participant_id=one.id) for one in people]
    return compose(
        kind="course_letter",
        subject=f"Kurset: {team.name}",
        text=text,
        recipients=recipients,
        municipality_code=viewer.municipality_code,
        subject_kind="team",
        subject_id=team.id,
        is_service=True,
        user_id=viewer.user_id,
    )


def _team_text(team: Team) -> str:
    named = _("%(team)s, %(course)s", team=team.name, course=team.course.title)
    days = days_text(team)
    return _("%(team)s, den %(days)s", team=named, days=days) if days else named


def _write(
    participant: Participant,
    what: str,
    mark: str,
    subject: str,
    lines: list[str],
    file: tuple[str, bytes] | None = None,
) -> None:
    write_mail(
        key=f"{KIND}:{participant.id}:{what}:{mark}"[:120],
        to_email=participant.email,
        to_name=participant.name,
        subject=subject,
        text="\n\n".join(lines),
        municipality_code=participant.municipality_code,
        kind=KIND,
        subject_kind="team",
        subject_id=participant.team_id,
        participant_id=participant.id,
        attachment=file,
        replaces=True,
    )
