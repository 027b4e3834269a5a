"""What each row of one team would do: who is new, who waits, what is noted of the days."""

from __future__ import annotations

from collections.abc import Mapping, Set

from nbe.courses import actions
from nbe.courses.rules import Mark, Seats, outcome, who_moves_up
from nbe.imports.kinds.kind import Around
from nbe.imports.kinds.people.plans import ParticipantPlan
from nbe.imports.messages import Message
from nbe.imports.values import Read
from nbe.models import CourseDay, Participant, Programme, Team
from nbe.models.gathering_states import SEATED, ParticipantState
from nbe.models.states import RowOutcome


class TeamDecider:
    """Decides the rows of one team in their order; remembers the seats that earlier rows have taken.

    `ticked`: the days' columns that hold at least one tick. On a day that has been held, an empty cell in such a
    column says that the person was not there, unless the day is noted already.
    """

    def __init__(
        self, around: Around, programme: Programme | None, name: str, headings: Mapping[str, str], ticked: Set[str]
    ) -> None:
        self.around, self.name, self.headings, self.ticked = around, name, headings, ticked
        self.team: Team | None = actions.find_team_named(programme, name) if programme else None
        self.days: dict[int, CourseDay] = {day.number: day for day in self.team.days} if self.team else {}
        self.seats = actions.read_seats(self.team) if self.team else Seats(None)
        self.waiting = actions.waiting_list(self.team) if self.team else []
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
            self.name, name, code, read.values.get("email", ""), read.values.get("title", ""), self._numbers()
        )
        known = actions.find_known(self.team, name, plan.email, code) if self.team else None
        if known is not None and known.state is ParticipantState.CANCELLED:
            read.warn("person_cancelled", self.headings.get("name", ""), name)
            return RowOutcome.UNCHANGED, None
        is_seated = known.state in SEATED if known is not None else self._take_seat(read, code, name)
        changed = self._days(read, plan, known, is_seated=is_seated)
        changed |= known is not None and bool(plan.title) and plan.title != known.title
        if known is None:
            return RowOutcome.CREATED, plan
        return (RowOutcome.UPDATED if changed else RowOutcome.UNCHANGED), plan

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
        elif code is not None and self.team is not None and not actions.serves(self.team, code):
            read.fail("person_team", heading, read.place)
        return code

    def _take_seat(self, read: Read, code: int, name: str) -> bool:
        """A seat where there is one and nobody waits for it; else the waiting list, which is said."""
        if self.seats.has_room(code) and not who_moves_up(self.seats, self.waiting):
            self.seats = self.seats.with_one(code)
            return True
        self.waiting.append((-read.number, code))
        read.warn("person_waits", self.headings.get("name", ""), name)
        return False

    def _days(self, read: Read, plan: ParticipantPlan, known: Participant | None, *, is_seated: bool) -> bool:
        """What the ticks say: attendance on days that have been held, sign-up for those to come."""
        held = {mark.day_id: mark for mark in known.marks} if known is not None else {}
        marks: dict[int, Mark] = {}
        changed = False
        for number in sorted(plan.days | set(self.days)):
            key, day = f"day-{number}", self.days.get(number)
            value: bool | None = read.values.get(key)
            mark = held.get(day.id) if day is not None else None
            is_up, was_there = (mark.is_signed_up, mark.was_there) if mark else (True, None)
            is_past = day is not None and day.held_on is not None and day.held_on <= self.around.terms.today
            if is_past and is_seated:
                if value is None and was_there is None and key in self.ticked:
                    value = False
                if value is not None and value != was_there:
                    plan.there[number], was_there, changed = value, value, True
                    self._note(read, key, known, day, value)
            elif not is_past and number in plan.days:
                wished = value if value is not None or known is not None else key not in self.ticked
                if wished is not None and wished != is_up:
                    plan.signed_up[number], is_up, changed = wished, wished, True
            marks[number] = Mark(is_up, was_there)
        return changed | self._certificate(read, plan, known, marks)

    def _note(self, read: Read, key: str, known: Participant | None, day: CourseDay | None, value: bool) -> None:
        if known is not None and day is not None:
            code = "person_there" if value else "person_not_there"
            about = {"participant": known.id, "day": day.id}
            read.messages.append(Message(code, self.headings[key], "", about))

    def _certificate(
        self, read: Read, plan: ParticipantPlan, known: Participant | None, marks: Mapping[int, Mark]
    ) -> bool:
        if not read.values.get("certificate") or (known is not None and known.state is ParticipantState.CERTIFIED):
            return False
        has_attended = outcome(marks.values()) is ParticipantState.ATTENDED
        if has_attended:
            plan.is_certified = True
        else:
            read.warn("person_certificate", self.headings.get("certificate", ""), plan.name)
        return has_attended
