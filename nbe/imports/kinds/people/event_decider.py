"""What each row of one event would do: who is new, who waits, who came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from nbe.events import actions
from nbe.events.sheet import kind_words, state_words
from nbe.imports.kinds.kind import Around
from nbe.imports.kinds.people.businesses import Businesses
from nbe.imports.kinds.people.plans import EventNamed, RegistrationPlan
from nbe.imports.messages import Message
from nbe.imports.values import Read
from nbe.imports.words import word_key
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import RowOutcome

S = RegistrationState
_CAME = {S.ATTENDED: True, S.ABSENT: False}


def event_of(read: Read, sheet_name: str, of_sheet: dt.date | None, around: Around) -> EventNamed | None:
    """The event a row is about: as its own columns say, else by the sheet's name and the day in it."""
    title, held_on = read.values.get("event"), read.values.get("held_on")
    if not title or held_on is None:
        return EventNamed(sheet_name, of_sheet) if of_sheet is not None else None
    kinds = {word_key(word): kind for kind, word in kind_words().items()}
    return EventNamed(
        title,
        held_on,
        read.values.get("event_number") or 1,
        kinds.get(read.values.get("event_kind", "")),
        around.municipalities.find(read.values.get("organiser", "")),
        read.values.get("event_seats"),
    )


class EventDecider:
    """Decides the rows of one event in their order; remembers the seats that earlier rows have taken."""

    def __init__(self, around: Around, named: EventNamed, headings: Mapping[str, str], businesses: Businesses) -> None:
        self.around, self.named, self.headings, self.businesses = around, named, headings, businesses
        self.event: Event | None = actions.find_event_named(named.title, named.held_on, named.number)
        self.seats = self.event.seats if self.event else named.seats
        self.taken = actions.count_taken(self.event) if self.event else 0
        self.waiting = actions.count_waiting(self.event) if self.event else 0
        self.is_past = named.held_on <= around.terms.today
        self.words = {word_key(word): state for state, word in state_words().items()}
        self._standing: dict[tuple[str, str, int | None], int] = {}

    def decide(self, read: Read) -> tuple[RowOutcome, RegistrationPlan | None]:
        """The outcome of a row and its plan; what is wrong is noted with the row."""
        name = read.values.get("name", "")
        if not name and not read.has_failed:
            read.fail("person_name", self._heading("name"))
        self._check_days(read)
        if read.values.get("is_off") and not read.has_failed:
            read.warn("person_off", self._heading("signed_up_on"), name)
            return RowOutcome.UNCHANGED, None
        plan = RegistrationPlan(
            self.named, name, email=read.values.get("email", ""), note=read.values.get("note", ""),
            signed_up_on=read.values.get("signed_up_on"), since=read.values.get("since_on"), told=self._told(read),
        )  # fmt: skip
        business = self._place(read, plan)
        if read.has_failed:
            return RowOutcome.FAILED, None
        place = plan.cvr or plan.organisation.casefold()
        person = (name.casefold(), plan.email.casefold() or place, plan.municipality_code)
        first = self._standing.setdefault(person, read.number)
        if first != read.number:
            read.fail("repeated_same", self._heading("name"), name, row=first)
            return RowOutcome.FAILED, None
        known = self._known(plan, business)
        self._came(read, plan)
        outcome = self._outcome(read, plan, known)
        if outcome is not RowOutcome.UNCHANGED and self.event is not None and self.event.cancelled_on is not None:
            read.fail("event_cancelled")
            return RowOutcome.FAILED, None
        return outcome, plan

    def _told(self, read: Read) -> RegistrationState | None:
        word = read.values.get("state")
        state = self.words.get(word) if word else None
        if word and state is None:
            read.warn("person_state", self._heading("state"), word)
        return state

    def _heading(self, key: str) -> str:
        return self.headings.get(key, "")

    def _check_days(self, read: Read) -> None:
        day = read.values.get("signed_up_on")
        if day is not None and day > self.named.held_on:
            read.fail("event_late", self._heading("signed_up_on"), day)
        for key in ("signed_up_on", "since_on"):
            if not read.has_failed and (day := read.values.get(key)) and day > self.around.terms.today:
                read.fail("measure_future", self._heading(key), day)

    def _place(self, read: Read, plan: RegistrationPlan) -> Business | None:
        """The business by its number; else the organisation's name and a municipality. The importer's own alone."""
        own, values = self.around.terms.municipality_code, read.values
        plan.organisation = values.get("business", "")
        if "cvr" in values:
            found = self.businesses.find(values["cvr"], values.get("p_number", ""), own)
            if found.code:
                read.fail(found.code, self._heading("cvr"), values["cvr"])
                return None
            if found.municipality_code is not None:
                plan.cvr, plan.p_number, plan.organisation = found.cvr, found.p_number, ""
                plan.municipality_code = found.municipality_code
                return found.business
            read.warn("person_business", self._heading("cvr"), values["cvr"])
        plan.municipality_code = values.get("municipality", own)
        if own is not None and plan.municipality_code != own:
            read.fail("other_municipality", self._heading("municipality"), read.place)
        elif self.event is None and own not in (None, self.named.municipality_code or own):
            read.fail("other_municipality", self._heading("organiser"), self.named.title)
        elif plan.municipality_code is None and not read.has_failed:
            read.messages.clear()
            read.fail("person_nowhere", self._heading("cvr"), values.get("cvr", ""))
        return None

    def _known(self, plan: RegistrationPlan, business: Business | None) -> Registration | None:
        if self.event is None or (plan.cvr and business is None):
            return None
        person = actions.Person(
            name=plan.name, email=plan.email, organisation=plan.organisation,
            municipality_code=plan.municipality_code or 0, business_id=business.id if business else None,
        )  # fmt: skip
        return actions.find_known(self.event, person)

    def _came(self, read: Read, plan: RegistrationPlan) -> None:
        came = read.values.get("came", _CAME.get(plan.told) if plan.told else None)
        if came is not None and not self.is_past:
            read.warn("event_to_come", self._heading("came" if "came" in read.values else "state"), plan.name)
        else:
            plan.came = came

    def _outcome(self, read: Read, plan: RegistrationPlan, known: Registration | None) -> RowOutcome:
        if known is not None and known.is_hidden:
            read.messages.append(Message("back_again"))
        if known is None or known.is_hidden:
            if plan.told not in (S.INVITED, S.DECLINED):
                self._take_seat(read, plan)
            return RowOutcome.CREATED
        if known.state is S.DECLINED or plan.told is S.DECLINED:
            if known.state is not plan.told:
                has_left = known.state is S.DECLINED
                read.warn("person_cancelled" if has_left else "person_stands", self._heading("name"), plan.name)
            return RowOutcome.UNCHANGED
        if known.state is S.INVITED:
            if plan.told is S.INVITED:
                return RowOutcome.UNCHANGED
            self._take_seat(read, plan)
            return RowOutcome.UPDATED
        came = _CAME.get(known.state)
        if plan.came is None or plan.came is came or (known.state is S.WAITING and not plan.came):
            return RowOutcome.UNCHANGED
        read.messages.append(Message("person_there" if plan.came else "person_not_there", self._heading("came")))
        return RowOutcome.UPDATED

    def _take_seat(self, read: Read, plan: RegistrationPlan) -> None:
        """A seat where there is one and nobody waits; else the waiting list, which is said, unless the list says so."""
        is_told, today = plan.told is S.WAITING, self.around.terms.today
        if actions.is_fact(plan.told, plan.came, self.named.held_on, today):
            self.waiting += is_told
            self.taken += not is_told
        elif self.seats is not None and (self.taken >= self.seats or self.waiting):
            self.waiting += 1
            if not is_told:
                read.warn("event_full", self._heading("name"), plan.name)
        else:
            self.taken += 1
            if is_told:
                read.warn("person_seated", self._heading("state"), plan.name)
