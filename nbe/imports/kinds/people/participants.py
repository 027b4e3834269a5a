"""The kind "participants": people on a team of a course, the team told by the sheet's name or a column."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from nbe.core.database import db
from nbe.courses import actions
from nbe.courses.sheet import read_seats_cell
from nbe.imports.decide import RowPlan
from nbe.imports.kinds.kind import Around, Carrying, KindSheet, row_plan
from nbe.imports.kinds.people.plans import ParticipantPlan, TeamNamed
from nbe.imports.kinds.people.reading import days_told, keys_of, read_sheet
from nbe.imports.kinds.people.taking_back import hide_made, take_back_participants
from nbe.imports.kinds.people.team_decider import TeamDecider
from nbe.imports.values import Read
from nbe.models import Course, CourseDay, Participant, Programme, Team
from nbe.models.gathering_states import SEATED


class ParticipantSheets:
    """A list of those on a course."""

    key = "participants"

    def recognises(self, headings: Sequence[str]) -> bool:
        """Names, and days, certificates or teams beside them."""
        keys = keys_of(headings)
        return "name" in keys and bool(keys & {"team", "certificate"} or any(key.startswith("day-") for key in keys))

    def plan(self, sheet: KindSheet, around: Around) -> list[RowPlan]:
        """Each row compared with who is on its team; seats are given in the order of the rows."""
        reads, headings = read_sheet(sheet, around)
        programme = db.session.get(Programme, around.programme_id) if around.programme_id else None
        ticked = {key for read in reads for key, value in read.values.items() if key.startswith("day-") and value}
        days = days_told(headings, around.terms.programme_year)
        deciders: dict[tuple[str, str], TeamDecider] = {}
        plans = []
        for read in reads:
            name, course = read.values.get("team", ""), read.values.get("course", "")
            key = (name, course) if name else (sheet.name, "")
            if key not in deciders:
                named = _named(key[0], key[1], days, read, headings, around)
                deciders[key] = TeamDecider(around, programme, named, headings, ticked)
            outcome, payload = deciders[key].decide(read)
            plans.append(row_plan(sheet, self.key, read, outcome, payload))
        return plans

    def put_in(self, rows: Sequence[RowPlan], carrying: Carrying) -> None:
        """By the actions that the pages use: people first, then who was there, then certificates."""
        there: dict[int, dict[int, bool]] = defaultdict(dict)
        certified: dict[int, dt.date | None] = {}
        for row in rows:
            plan: ParticipantPlan = row.payload
            team = actions.find_or_make_team(
                carrying.programme,
                plan.team.name,
                plan.team.course,
                seats=plan.team.seats,
                municipalities=plan.team.municipalities,
            )
            days = {
                number: actions.find_or_make_day(team, number, plan.team.days.get(number))
                for number in sorted(plan.days | set(plan.there))
            }
            person = _put_in(plan, team, carrying)
            if plan.signed_up:
                actions.set_days(person, {days[number].id: value for number, value in plan.signed_up.items()})
            if person.state in SEATED:
                for number, value in plan.there.items():
                    there[days[number].id][person.id] = value
            if plan.is_certified:
                certified[person.id] = plan.certified_on
        db.session.flush()
        for day_id, was_there in sorted(there.items()):
            day = db.session.get_one(CourseDay, day_id)
            actions.mark_day(day, was_there, user_id=carrying.user_id, import_id=carrying.import_id)
        for person_id, on in certified.items():
            actions.issue_certificate(db.session.get_one(Participant, person_id), user_id=carrying.user_id, on=on)

    def take_back(self, import_id: int) -> None:
        """State and days as before; teams and courses that came with the import and stand empty are hidden."""
        for team_id in take_back_participants(import_id):
            actions.settle_team(actions.lock_team(team_id), user_id=None)
        filled = sa.select(Participant.team_id).where(Participant.is_hidden.is_(False))
        hide_made(import_id, Team, Team.id.in_(filled))
        shown = sa.select(Team.course_id).where(Team.is_hidden.is_(False))
        hide_made(import_id, Course, Course.id.in_(shown))


def _named(
    name: str, course: str, days: Mapping[int, dt.date], read: Read, headings: Mapping[str, str], around: Around
) -> TeamNamed:
    """The team of a row; its seats as the first row about it says."""
    text = read.values.get("team_seats", "")
    if text:
        try:
            return TeamNamed(name, course, days, *read_seats_cell(text, around.municipalities.find))
        except ValueError:
            read.warn("team_seats", headings["team_seats"], text)
    return TeamNamed(name, course, days)


def _put_in(plan: ParticipantPlan, team: Team, carrying: Carrying) -> Participant:
    person = actions.sign_up_person(
        team,
        name=plan.name,
        municipality_code=plan.municipality_code,
        user_id=carrying.user_id,
        email=plan.email,
        title=plan.title,
        happened_on=plan.signed_up_on,
        import_id=carrying.import_id,
        told=plan.told,
    ).participant
    if plan.title and person.title != plan.title:
        person.title = plan.title
    if plan.answer is not None:
        actions.note_answer(person, plan.answer, plan.since, user_id=carrying.user_id)
    return person


PARTICIPANTS = ParticipantSheets()
