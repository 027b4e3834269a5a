"""The story's visits hang together: what a proposal or the business itself is about was looked at, on a working day."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from nbe.core.clock import danish
from nbe.core.database import db
from nbe.models import Activity, Business, LedgerRow, Measure, Screening, Theme, ThemeAnswer
from nbe.models.states import ActivityKind, LedgerKind, Relevance, Stage


def test_a_proposal_stands_under_a_theme_that_was_looked_at(story_app: Flask) -> None:
    answers = {(a.screening_id, a.theme_id): a.relevance for a in db.session.scalars(sa.select(ThemeAnswer))}
    proposals = list(db.session.scalars(sa.select(Measure).where(Measure.screening_id.is_not(None))))
    assert len(proposals) > 20
    unfit = [one.title for one in proposals if answers[(one.screening_id, one.theme_id)] is Relevance.NOT_RELEVANT]
    assert unfit == []
    assert Relevance.NOT_RELEVANT in answers.values()
    hauliers = (
        sa.select(ThemeAnswer)
        .join(Screening, Screening.id == ThemeAnswer.screening_id)
        .join(Business, Business.id == Screening.business_id)
        .join(Theme, Theme.id == ThemeAnswer.theme_id)
        .where(Business.name.contains("Transport"), Theme.code == "transport")
    )
    found = list(db.session.scalars(hauliers))
    assert found and {one.relevance for one in found} == {Relevance.RELEVANT}


def test_visits_are_on_working_days(story_app: Flask) -> None:
    visits = list(db.session.scalars(sa.select(Screening)))
    days = [danish(one.starts_at).date() for one in visits if one.starts_at]
    days += [one.held_on for one in visits if one.held_on]
    days += db.session.scalars(
        sa.select(LedgerRow.happened_on).where(
            LedgerRow.kind == LedgerKind.STAGE, LedgerRow.to_code == Stage.SCREENED.value
        )
    ).all()
    days += db.session.scalars(sa.select(Activity.happened_on).where(Activity.kind == ActivityKind.VISIT)).all()
    assert len(days) > 60
    assert [day for day in days if day.weekday() >= 5] == []
