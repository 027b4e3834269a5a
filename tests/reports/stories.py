"""A held screening with answers and proposals, and the people round its report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from nbe.core.database import db, writing
from nbe.measures.actions import Amount
from nbe.models import Measure, Report, Screening, ThemeAnswer, User
from nbe.models.states import Quantity, Relevance, RoleName, SavingPhase, ScreeningState
from nbe.screenings.reports import actions
from tests.builders import make_measure, make_screener, make_screening, make_user

TODAY = dt.date(2016, 4, 25)
SECRETS = ("Hemmelig kemi", "Hemmeligt notat", "Hemmeligt forslag")


@dataclass
class Case:
    """Who and what a test is about."""

    screening: Screening
    author: User
    reader: User

    @property
    def report(self) -> Report:
        """The newest version, as it is in the database now."""
        from nbe.screenings.reports.queries import newest_report

        db.session.rollback()
        found = newest_report(self.screening.id)
        assert found is not None
        return found


def make_case(state: ScreeningState = ScreeningState.HELD) -> Case:
    """A screening of 849 led by a screener of 851, with two answers and three proposals; a leader of 849 reads."""
    author, reader = make_user(RoleName.SCREENER, 851), make_user(RoleName.LEADER, 849)
    screening = make_screening(lead=make_screener(author, 851), state=state)
    with writing():
        screening = db.session.get_one(Screening, screening.id)
        themes = screening.theme_set.themes
        answers: tuple[dict[str, Any], ...] = (
            {"theme_id": themes[0].id, "observation": "Kompressoren kører", "does_already": "Aflæser", "potential": 3},
            {"theme_id": themes[4].id, "observation": SECRETS[0], "potential": 1, "is_confidential": True},
        )
        for answer in answers:
            db.session.add(ThemeAnswer(screening_id=screening.id, relevance=Relevance.RELEVANT, **answer))
        db.session.commit()
    identified = SavingPhase.IDENTIFIED
    candidacy = screening.candidacy
    slow = {identified: {Quantity.INVESTMENT: 9000, Quantity.MONEY: 1000}}
    make_measure(candidacy, title="Langsomt forslag", savings=slow)
    quick = {identified: {Quantity.INVESTMENT: 500, Quantity.MONEY: 1000, Quantity.WATER: Amount(None, True)}}
    make_measure(candidacy, title="Hurtigt forslag", savings=quick)
    hidden = {identified: {Quantity.INVESTMENT: 0, Quantity.MONEY: 77_777}}
    make_measure(candidacy, title=SECRETS[2], savings=hidden, is_confidential=True)
    return Case(screening, author, reader)


def bring_to(case: Case, step: str) -> Report:
    """Take the report to draft, reading, approved or handed over, as the right people do."""
    author, reader = case.author.id, case.reader.id
    with writing():
        db.session.rollback()
        screening = db.session.get_one(Screening, case.screening.id)
        report = actions.begin_report(screening, user_id=author)
        actions.save_texts(report, "Åben indledning", "Åben konklusion", SECRETS[1])
        if step != "draft":
            actions.send_to_reader(report, reader, user_id=author)
        if step in ("approved", "handed over"):
            actions.approve(report, user_id=reader)
        if step == "handed over":
            actions.hand_over(report, TODAY, "Direktør Kvist", user_id=author)
        db.session.commit()
    return report


def change_everything(case: Case) -> None:
    """Answers, proposals, names and the visit itself become something else."""
    with writing():
        db.session.rollback()
        screening = db.session.get_one(Screening, case.screening.id)
        screening.summary, screening.place = "Noget andet", "Et andet sted"
        screening.business.name = "Omdøbt A/S"
        for answer in db.session.query(ThemeAnswer).filter_by(screening_id=screening.id):
            answer.observation, answer.potential, answer.is_confidential = "Overskrevet", 0, False
        for measure in db.session.query(Measure).filter_by(candidacy_id=screening.candidacy_id):
            measure.title, measure.is_confidential = "Overskrevet", False
        db.session.commit()
