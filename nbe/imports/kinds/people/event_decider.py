"""What each row of one event would do: who is new, who waits, who came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from nbe.events import actions
from nbe.imports.kinds.kind import Around
from nbe.imports.kinds.people.businesses import Businesses
from nbe.imports.kinds.people.plans import RegistrationPlan
from nbe.imports.messages import Message
from nbe.imports.values import Read
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState
from nbe.models.states import RowOutcome

_CAME = {RegistrationState.ATTENDED: True, RegistrationState.ABSENT: False}


class EventDecider:
    """Decides the rows of one event in their order; remembers the seats that earlier rows have taken."""

    def __init__(
        self, around: Around, name: str, held_on: dt.date, headings: Mapping[str, str], businesses: Businesses
    ) -> None:
        self.around, self.name, self.held_on, self.headings = around, name, held_on, headings
        self.businesses = businesses
        self.event: Event | None = actions.find_event_named(name, held_on)
        self.taken = actions.count_taken(self.event) if self.event else 0
        self.waiting = actions.count_waiting(self.event) if self.event else 0
        self.is_past = held_on <= around.terms.today
        self._standing: dict[tuple[str, str], int] = {}

    def decide(self, read: Read) -> tuple[RowOutcome, RegistrationPlan | None]:
        """The outcome of a row and its plan; what is wrong is noted with the row."""
        name = read.values.get("name", "")
        if not name and not read.has_failed:
            read.fail("person_name", self._heading("name"))
        if self.event is not None and self.event.cancelled_on is not None:
            read.fail("event_cancelled")
        self._check_day(read)
        if read.values.get("is_off") and not read.has_failed:
            read.warn("person_off", self._heading("signed_up_on"), name)
            return RowOutcome.UNCHANGED, None
        plan = RegistrationPlan(
            self.name, self.held_on, name, email=read.values.get("email", ""), note=read.values.get("note", ""),
            signed_up_on=read.values.get("signed_up_on"),
        )  # fmt: skip
        business = self._place(read, plan)
        if read.has_failed:
            return RowOutcome.FAILED, None
        place = plan.cvr or plan.organisation.casefold()
        first = self._standing.setdefault((name.casefold(), plan.email.casefold() or place), read.number)
        if first != read.number:
            read.fail("repeated_same", self._heading("name"), name, row=first)
            return RowOutcome.FAILED, None
        known = self._known(plan, business)
        self._came(read, plan)
        if known is not None and known.state is RegistrationState.DECLINED and not known.is_hidden:
            read.warn("person_cancelled", self._heading("name"), name)
            return RowOutcome.UNCHANGED, None
        return self._outcome(read, plan, known)

    def _heading(self, key: str) -> str:
        return self.headings.get(key, "")

    def _check_day(self, read: Read) -> None:
        day = read.values.get("signed_up_on")
        if day is not None and day > self.held_on:
            read.fail("event_late", self._heading("signed_up_on"), day)
        elif day is not None and day > self.around.terms.today:
            read.fail("measure_future", self._heading("signed_up_on"), day)

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
        if "came" in read.values and not self.is_past:
            read.warn("event_to_come", self._heading("came"), plan.name)
        elif "came" in read.values:
            plan.came = read.values["came"]

    def _outcome(
        self, read: Read, plan: RegistrationPlan, known: Registration | None
    ) -> tuple[RowOutcome, RegistrationPlan | None]:
        is_new = known is None or known.is_hidden
        if known is not None and known.is_hidden:
            read.messages.append(Message("back_again"))
        state = known.state if known is not None and not is_new else None
        if state not in (*REGISTERED, RegistrationState.WAITING):
            seats = self.event.seats if self.event else None
            if seats is not None and (self.taken >= seats or self.waiting):
                read.warn("event_full", self._heading("name"), plan.name)
                self.waiting += 1
            self.taken += 1
            return (RowOutcome.CREATED if is_new else RowOutcome.UPDATED), plan
        came = _CAME.get(state) if state is not None else None
        if plan.came is None or plan.came is came:
            return RowOutcome.UNCHANGED, plan
        read.messages.append(Message("person_there" if plan.came else "person_not_there", self._heading("came")))
        return RowOutcome.UPDATED, plan
