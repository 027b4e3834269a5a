"""What each row of one team would do: who is new, who waits, what is noted of the days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set

from nbe.courses import actions
from nbe.courses.rules import Mark, Seats, has_begun, outcome, who_moves_up
from nbe.courses.sheet import state_words
from nbe.imports.kinds.kind import Around
from nbe.imports.kinds.people.plans import ParticipantPlan, TeamNamed
from nbe.imports.messages import Message
from nbe.imports.values import Read
from nbe.imports.words import word_key
from nbe.models import CourseDay, Participant, Programme, Team
from nbe.models.gathering_states import SEATED, ParticipantState
from nbe.models.states import RowOutcome


class TeamDecider:
    """Decides the rows of one team in their order; remembers the seats that earlier rows have taken.

    `ticked`: the days' columns that hold at least one tick. On a day that has been held, an empty cell in such a
    column says that the person was not there, unless the day is noted already.
    """

    def __init__(
        self,
        around: Around,
        programme: Programme | None,
        named: TeamNamed,
        headings: Mapping[str, str],
        ticked: Set[str],
    ) -> None:
        self.around, self.named, self.headings, self.ticked = around, named, headings, ticked
        self.team: Team | None = actions.find_team_named(programme, named.name, named.course) if programme else None
        self.days: dict[int, CourseDay] = {day.number: day for day in self.team.days} if self.team else {}
        told = {number: day for number, day in named.days.items() if number not in self.days}
        held = {number: day.held_on for number, day in self.days.items() if day.held_on is not None}
        self.held_on: dict[int, dt.date] = told | held
        kept = {code: n for code, n in named.municipalities.items() if n is not None}
        self.seats = actions.read_seats(self.team) if self.team else Seats(named.seats, kept)
        self.waiting = actions.waiting_list(self.team) if self.team else []
        self.words = {word_key(word): state for state, word in state_words().items()}
        self._standing: dict[tuple[int, str], int] = {}

    def decide(self, read: Read) -> tuple[RowOutcome, ParticipantPlan | None]:
        """The outcome of a row and its plan; what is wrong is noted with the row."""
        code = self._place(read)
        name = read.values.get("name", "")
        if not name and not read.has_failed:
            read.fail("person_name", self.headings.get("name", ""))
        if read.has_failed or code is None:
            return RowOutcome.FAILED, None
        first = self._standing.setdefault((code, read.values.get("email") or name.casefold()), read.number)
        if first != read.number:
            read.fail("repeated_same", self.headings.get("name", ""), name, row=first)
            return RowOutcome.FAILED, None
        plan = ParticipantPlan(
            self.named, name, code, read.values.get("email", ""), read.values.get("title", ""), self._numbers(),
            signed_up_on=read.values.get("signed_up_on"), since=read.values.get("since_on"), told=self._told(read),
        )  # fmt: skip
        if read.values.get("is_off"):
            read.warn("person_off", self.headings.get("signed_up_on", ""), name)
            return RowOutcome.UNCHANGED, None
        known = actions.find_known(self.team, name, plan.email, code) if self.team else None
        if ParticipantState.CANCELLED in (plan.told, known.state if known is not None else None):
            return self._cancelled(read, plan, known)
        is_seated = known.state in SEATED if known is not None else self._take_seat(read, plan)
        changed = self._days(read, plan, known, is_seated=is_seated)
        changed |= self._answer(read, plan, known, is_seated=is_seated) | self._title(read, plan, known)
        if known is None:
            return RowOutcome.CREATED, plan
        return (RowOutcome.UPDATED if changed else RowOutcome.UNCHANGED), plan

    def _told(self, read: Read) -> ParticipantState | None:
        word = read.values.get("state")
        state = self.words.get(word) if word else None
        if word and state is None:
            read.warn("person_state", self.headings.get("state", ""), word)
        return state

    def _cancelled(
        self, read: Read, plan: ParticipantPlan, known: Participant | None
    ) -> tuple[RowOutcome, ParticipantPlan | None]:
        """Somebody new who has left is noted so; of who is known, no list tells that he left or that he came back."""
        if known is None:
            plan.answer = ParticipantState.CANCELLED
            return RowOutcome.CREATED, plan
        if known.state is not plan.told:
            is_here = plan.told is ParticipantState.CANCELLED
            read.warn("person_stands" if is_here else "person_cancelled", self.headings.get("name", ""), plan.name)
        return RowOutcome.UNCHANGED, None

    def _answer(self, read: Read, plan: ParticipantPlan, known: Participant | None, *, is_seated: bool) -> bool:
        """A confirmation, of somebody who holds a seat and has not answered."""
        state = known.state if known is not None else ParticipantState.SIGNED_UP
        if plan.told is not ParticipantState.CONFIRMED or not is_seated or state is not ParticipantState.SIGNED_UP:
            return False
        plan.answer = plan.told
        if known is not None:
            read.messages.append(Message("person_confirmed", self.headings.get("state", "")))
        return True

    def _title(self, read: Read, plan: ParticipantPlan, known: Participant | None) -> bool:
        if known is None or not plan.title or plan.title == known.title:
            return False
        about = {"participant": known.id, "old": known.title or "–", "new": plan.title}
        read.messages.append(Message("person_title", self.headings["title"], "", about))
        return True

    def _numbers(self) -> set[int]:
        return {int(key.removeprefix("day-")) for key in self.headings if key.startswith("day-")}

    def _place(self, read: Read) -> int | None:
        """The person's municipality: the importer's own, and one that the team is for."""
        own = self.around.terms.municipality_code
        code: int | None = read.values.get("municipality", own)
        heading = self.headings.get("municipality", "")
        if own is not None and code != own:
            read.fail("other_municipality", heading, read.place)
        elif code is None and not read.has_failed:
            read.fail("municipality_missing", heading)
        elif code is not None and not self._serves(code):
            read.fail("person_team", heading, read.place)
        for key in ("signed_up_on", "since_on", "certificate_on"):
            if (day := read.values.get(key)) and day > self.around.terms.today:
                read.fail("measure_future", self.headings[key.replace("certificate_on", "certificate")], day)
        return code

    def _serves(self, code: int) -> bool:
        if self.team is not None:
            return actions.serves(self.team, code)
        return not self.named.municipalities or code in self.named.municipalities

    def _take_seat(self, read: Read, plan: ParticipantPlan) -> bool:
        """A seat where there is one and nobody waits for it; else the waiting list, which is said.

        Who waits by the list does so though there is room, once the course has begun and nobody moves up by himself.
        """
        code, is_told = plan.municipality_code, plan.told is ParticipantState.WAITING
        is_kept = is_told and has_begun(min(self.held_on.values(), default=None), self.around.terms.today)
        if not is_kept and self.seats.has_room(code) and not who_moves_up(self.seats, self.waiting):
            self.seats = self.seats.with_one(code)
            if is_told:
                read.warn("person_seated", self.headings["state"], plan.name)
            return True
        self.waiting.append((-read.number, code))
        if not is_told:
            read.warn("person_waits", self.headings.get("name", ""), plan.name)
        return False

    def _days(self, read: Read, plan: ParticipantPlan, known: Participant | None, *, is_seated: bool) -> bool:
        """What the ticks say: attendance on days that have been held, sign-up for those to come."""
        held = {mark.day_id: mark for mark in known.marks} if known is not None else {}
        marks: dict[int, Mark] = {}
        changed = False
        for number in sorted(plan.days | set(self.days)):
            key, day = f"day-{number}", self.days.get(number)
            value: bool | None = read.values.get(key)
            planned: bool | None = read.values.get(f"planned-{number}")
            mark = held.get(day.id) if day is not None else None
            is_up, was_there = (mark.is_signed_up, mark.was_there) if mark else (True, None)
            is_past = number in self.held_on and self.held_on[number] <= self.around.terms.today
            if is_past and is_seated and planned is None:
                if value is None and was_there is None and key in self.ticked:
                    value = False
                if value is not None and value != was_there:
                    plan.there[number], was_there, changed = value, value, True
                    self._note(read, key, known, day, "person_there" if value else "person_not_there")
            elif number in plan.days and (planned is not None or not is_past):
                wished = planned if planned is not None else value
                if wished is None and known is None:
                    wished = key not in self.ticked
                if wished is not None and wished != is_up:
                    plan.signed_up[number], is_up, changed = wished, wished, True
                    self._note(read, key, known, day, "person_day" if wished else "person_not_day")
            marks[number] = Mark(is_up, was_there)
        return changed | self._certificate(read, plan, known, marks)

    def _note(self, read: Read, key: str, known: Participant | None, day: CourseDay | None, code: str) -> None:
        if known is not None and day is not None:
            about = {"participant": known.id, "day": day.id}
            read.messages.append(Message(code, self.headings[key], "", about))

    def _certificate(
        self, read: Read, plan: ParticipantPlan, known: Participant | None, marks: Mapping[int, Mark]
    ) -> bool:
        if not read.values.get("certificate") or (known is not None and known.state is ParticipantState.CERTIFIED):
            return False
        has_attended = outcome(marks.values()) is ParticipantState.ATTENDED
        if has_attended:
            plan.is_certified, plan.certified_on = True, read.values.get("certificate_on")
        else:
            read.warn("person_certificate", self.headings.get("certificate", ""), plan.name)
        return has_attended
