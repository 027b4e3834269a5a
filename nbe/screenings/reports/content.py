"""All that a report says, gathered from the visit, its answers and the proposals: plain JSON, so that it can be frozen.

What is confidential stands in it with its mark; `edition.py` leaves it out for those who may not read it. Texts are
kept word for word, numbers exact.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.measures.queries import list_proposals
from nbe.models import Measure, Programme, Report, Saving, Screening, ScreeningFile, ScreeningPerson, ThemeAnswer, User
from nbe.models.states import Relevance, ScreeningRole, ScreeningState

FORMAT = 1
Content = dict[str, Any]


def content_of(report: Report) -> Content:
    """What the report says now: as frozen, else as the records are."""
    return report.frozen if report.frozen is not None else gather(report)


def gather(report: Report) -> Content:
    """What the records say now."""
    screening = report.screening
    business = screening.business
    before = _screening_before(screening)
    return {
        "format": FORMAT,
        "municipality": business.municipality.name,
        "case_number": business.case_number,
        "business": {
            "name": business.name,
            "cvr": business.cvr,
            "address": business.address,
            "town": " ".join(part for part in (business.postcode, business.town) if part),
            "industry_code": business.industry_code or "",
        },
        "programme": db.session.get_one(Programme, screening.programme_id).year,
        "visit": {
            "number": screening.number,
            "held_on": _day(screening.held_on or clock.danish(screening.starts_at).date()),
            "place": screening.place,
        },
        "people": [_person(person) for person in screening.people],
        "summary": screening.summary,
        "introduction": report.introduction,
        "conclusion": report.conclusion,
        "confidential_note": report.confidential_note,
        "before": {"number": before.number, "held_on": _day(before.held_on)} if before else None,
        "themes": _themes(screening, before),
        "measures": [_measure(measure) for measure in list_proposals(screening.candidacy_id)],
        "files": _files(screening),
        "report": about(report),
    }


def about(report: Report) -> Content:
    """The version itself: who wrote, read and handed it over, and when."""
    ids = [report.author_id, report.reader_id, report.handed_over_by_id]
    found = db.session.execute(sa.select(User.id, User.name).where(User.id.in_([i for i in ids if i]))).all()
    names: dict[int | None, str] = {row.id: row.name for row in found}
    return {
        "number": report.number,
        "author": names.get(report.author_id, ""),
        "reader": names.get(report.reader_id, ""),
        "approved_on": _day(report.approved_on),
        "handed_over_on": _day(report.handed_over_on),
        "handed_over_to": report.handed_over_to,
        "handed_over_by": names.get(report.handed_over_by_id, ""),
        "correction_reason": report.correction_reason,
    }


def differs(report: Report) -> bool:
    """Whether the records say something else by now than what was approved."""
    if report.frozen is None:
        return False
    return {**report.frozen, "report": None} != {**gather(report), "report": None}


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _person(person: ScreeningPerson) -> Content:
    known = person.screener or person.contact
    return {
        "role": person.role.value,
        "name": person.shown_name,
        "title": known.title if known is not None else "",
        "is_contact": person.role is ScreeningRole.BUSINESS,
    }


def _screening_before(screening: Screening) -> Screening | None:
    """The visit to the same candidate before this one, if one was held."""
    statement = sa.select(Screening).where(
        Screening.candidacy_id == screening.candidacy_id,
        Screening.number < screening.number,
        Screening.state != ScreeningState.CANCELLED,
        Screening.held_on.is_not(None),
        Screening.is_hidden.is_(False),
    )
    return db.session.scalar(statement.order_by(Screening.number.desc()).limit(1))


def _answers(screening: Screening | None) -> dict[str, ThemeAnswer]:
    """Code of the theme -> its answer."""
    if screening is None:
        return {}
    found = db.session.scalars(sa.select(ThemeAnswer).where(ThemeAnswer.screening_id == screening.id))
    return {answer.theme.code: answer for answer in found}


def _themes(screening: Screening, before: Screening | None) -> list[Content]:
    now, then = _answers(screening), _answers(before)
    themes = []
    for theme in screening.theme_set.themes:
        answer, earlier = now.get(theme.code), then.get(theme.code)
        themes.append(
            {
                "code": theme.code,
                "title": theme.title,
                "relevance": answer.relevance.value if answer else Relevance.NOT_ASSESSED.value,
                "why_not": answer.why_not if answer else "",
                "does_already": answer.does_already if answer else "",
                "observation": answer.observation if answer else "",
                "potential": answer.potential if answer else None,
                "is_confidential": bool(answer and answer.is_confidential),
                "before": earlier.potential if earlier else None,
                "was_confidential": bool(earlier and earlier.is_confidential),
            }
        )
    return themes


def _measure(measure: Measure) -> Content:
    return {
        "title": measure.title,
        "description": measure.description,
        "theme": measure.theme.title if measure.theme else "",
        "state": measure.state.value,
        "is_confidential": measure.is_confidential,
        "savings": [
            _saving(saving) for saving in measure.savings if saving.amount is not None or saving.is_not_measured
        ],
    }


def _saving(saving: Saving) -> Content:
    return {
        "phase": saving.phase.value,
        "quantity": saving.quantity.value,
        "amount": _number(saving.amount),
        "is_not_measured": saving.is_not_measured,
        "co2e_kg": _number(saving.co2e_kg),
        "factor": f"{saving.factor_source} ({saving.factor_year})" if saving.co2e_kg is not None else "",
    }


def _number(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"


def _files(screening: Screening) -> list[Content]:
    statement = sa.select(ScreeningFile).where(
        ScreeningFile.screening_id == screening.id, ScreeningFile.is_hidden.is_(False)
    )
    themes = {theme.id: theme.title for theme in screening.theme_set.themes}
    return [
        {
            "id": file.id,
            "key": file.key,
            "content_type": file.content_type,
            "theme": themes.get(file.theme_id or 0, ""),
            "name": file.name,
            "caption": file.caption,
            "is_confidential": file.is_confidential,
        }
        for file in db.session.scalars(statement.order_by(ScreeningFile.id))
    ]
