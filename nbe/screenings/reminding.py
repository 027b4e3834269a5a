"""The reminder before a visit, to the screener who leads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from nbe.core import clock
from nbe.core.database import db
from nbe.core.dates import format_time
from nbe.core.links import public_address
from nbe.mails.reminders import Due, Reminder, register_reminder
from nbe.mails.subjects import register_subject
from nbe.models import Business, Screener, Screening, ScreeningPerson
from nbe.models.states import ScreeningRole, ScreeningState

SUBJECT = "Screening hos {virksomhed} {dag}"
TEXT = (
    "Kære {navn}\n\nDu leder bæredygtighedsscreeningen hos {virksomhed} {dag} kl. {tid}.\n\n{sted}\n\n{klar}\n\n"
    "Skemaet til besøget: {link}\n\nVenlig hilsen\nNBE Deltageroverblik"
)
SAMPLE = {
    "navn": "Åse Østergård", "virksomhed": "Prøve Mejeri ApS", "dag": "tirsdag den 3. maj", "tid": "09:00",
    "sted": "Sted: Mejerivej 1, 9490 Pandrup", "klar": "Virksomheden er bedt om at have klar: elregning for 2015",
    "link": "https://nbe.example.dk/screeninger/1/skema",
}  # fmt: skip


def find_visits(first: dt.date, last: dt.date) -> Iterator[Due]:
    """The leads of the visits that are planned on these days."""
    visits = (
        sa.select(Screening)
        .join(Business, Business.id == Screening.business_id)
        .where(
            Screening.state == ScreeningState.PLANNED,
            Screening.is_hidden.is_(False),
            Business.is_hidden.is_(False),
            Screening.starts_at >= clock.end_of_day(first - dt.timedelta(days=1)),
            Screening.starts_at < clock.end_of_day(last),
        )
        .options(
            contains_eager(Screening.business),
            joinedload(Screening.people).joinedload(ScreeningPerson.screener).joinedload(Screener.user),
        )
        .order_by(Screening.starts_at, Screening.id)
    )
    for visit in db.session.scalars(visits).unique().all():
        for person in visit.people:
            if person.role is ScreeningRole.LEAD and person.screener is not None:
                yield _due(visit, person.screener)


def _due(visit: Screening, lead: Screener) -> Due:
    starts = clock.danish(visit.starts_at)
    with force_locale("da"):
        day = format_date(starts.date(), "EEEE 'den' d. MMMM")
    return Due(
        key=f"{visit.id}:{lead.id}:{starts.date()}",
        name=lead.name,
        email=lead.email or (lead.user.email if lead.user else ""),
        municipality_code=visit.business.municipality_code,
        values={
            "virksomhed": visit.business.name,
            "dag": day,
            "tid": format_time(starts.time()),
            "sted": f"Sted: {visit.place}" if visit.place else "",
            "klar": f"Virksomheden er bedt om at have klar: {visit.to_prepare}" if visit.to_prepare else "",
            "link": public_address(f"/screeninger/{visit.id}/skema"),
        },
        subject_kind="screening",
        subject_id=visit.id,
    )


def _name_of(screening_id: int) -> tuple[str, str] | None:
    visit = db.session.get(Screening, screening_id)
    if visit is None:
        return None
    return _("Screening hos %(name)s", name=visit.business.name), f"/screeninger/{visit.id}"


def init_reminders() -> None:
    """Make the reminder known to the jobs and to Administration."""
    register_subject("screening", _name_of)
    register_reminder(
        Reminder(
            name="screening", label=_l("Screening"), to=_l("Den, der leder besøget"), usual_days=2, subject=SUBJECT,
            text=TEXT, find=find_visits, sample=SAMPLE,
        )
    )  # fmt: skip
