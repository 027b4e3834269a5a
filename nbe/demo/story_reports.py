"""The reports of the story: handed over where the candidate stands at it or further, and one with its second reader."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.demo.story_screenings import days_of_report
from nbe.models import LedgerRow, Report, Screening, ThemeAnswer
from nbe.models.states import LedgerKind, Relevance, ReportState, ScreeningState
from nbe.screenings.reports.content import gather

INTRODUCTION = (
    "Kommunen besøgte virksomheden som led i forløbet i Netværk for Bæredygtig Erhvervsudvikling NordDanmark. Vi gik "
    "hele produktionen igennem sammen og så på tolv temaer.\n\nRapporten samler, hvad virksomheden gør allerede, hvad "
    "vi så, og hvilke tiltag der kan betale sig. Tallene er skøn, indtil de er målt."
)
CONCLUSION = (
    "Virksomheden har godt styr på driften og et tydeligt ønske om at blive bedre. Vi anbefaler at begynde med det "
    "forslag, der hurtigst tjener sig hjem, og at tage stilling til resten i en handlingsplan.\n\nKommunen ringer om "
    "fire uger for at høre, hvordan det går, og hjælper gerne med at finde tilbud og tilskud."
)
CONFIDENTIAL = "Virksomheden forhandler om en ny lejekontrakt og ønsker ikke planerne for hallen omtalt."


def add_reports(leaders: dict[int | None, int]) -> None:
    """Reports for the screenings that have come so far; after the ledger has been told."""
    states = (ScreeningState.DRAFT, ScreeningState.HANDED_OVER)
    statement = sa.select(Screening).where(Screening.state.in_(states)).order_by(Screening.id)
    for place, screening in enumerate(db.session.scalars(statement).all()):
        _add_report(screening, place, leaders)
    db.session.flush()


def _add_report(screening: Screening, place: int, leaders: dict[int | None, int]) -> None:
    leader = leaders[screening.business.municipality_code]
    author = next((p.screener.user_id for p in screening.people if p.screener and p.screener.user_id), leader)
    reader = leaders[None] if author == leader else leader
    held_on = screening.held_on or screening.state_since_on
    report = Report(
        screening_id=screening.id,
        state=ReportState.READING,
        introduction=INTRODUCTION,
        conclusion=CONCLUSION,
        confidential_note=CONFIDENTIAL if place % 3 == 0 else "",
        author_id=author,
        reader_id=reader,
        created_at=dt.datetime.combine(held_on, dt.time(15), DANISH).astimezone(dt.UTC),
    )
    report.screening = screening
    db.session.add(report)
    if place % 2 == 0:
        _mark_chemicals(screening)
    db.session.flush()
    if screening.state is ScreeningState.HANDED_OVER:
        _hand_over(report, held_on)


def _mark_chemicals(screening: Screening) -> None:
    """What is used in the recipes is the business's own."""
    for answer in db.session.scalars(sa.select(ThemeAnswer).where(ThemeAnswer.screening_id == screening.id)):
        if answer.theme.code == "chemicals" and answer.relevance is Relevance.RELEVANT:
            answer.is_confidential = True


def _hand_over(report: Report, held_on: dt.date) -> None:
    screening = report.screening
    guests = [person.shown_name for person in screening.people if person.contact_id]
    report.handed_over_on = _handed_over_on(screening)
    report.approved_on = days_of_report(held_on, report.handed_over_on)[1]
    report.handed_over_to = guests[0] if guests else ""
    report.handed_over_by_id = report.author_id
    with db.session.no_autoflush:  # in one stroke: what is written as handed over is locked
        report.state = ReportState.HANDED_OVER
        report.frozen = gather(report)


def _handed_over_on(screening: Screening) -> dt.date:
    """The day that the ledger tells."""
    return db.session.scalars(
        sa.select(LedgerRow.happened_on).where(
            LedgerRow.kind == LedgerKind.SCREENING,
            LedgerRow.subject_id == screening.id,
            LedgerRow.to_code == ScreeningState.HANDED_OVER.value,
        )
    ).one()
