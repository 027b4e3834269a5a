"""Who an invitation or another letter about an event is for, and who is left out of it and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.access import Permission, Viewer, visible
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.events.actions import Person
from nbe.events.listed import CAME, FALLEN, ON_THE_LIST, Invitee, count_elsewhere, find_listed, is_mail
from nbe.events.rules import person_key
from nbe.models import Business, Candidacy, Contact, Event, Membership, Registration, Unsubscription
from nbe.models.industries import DIVISIONS
from nbe.models.states import MembershipState, Stage
from nbe.targets.queries import find_programme

MEMBERS, CANDIDATES, BOTH = "medlemmer", "kandidater", "begge"
TO_INVITE = (MEMBERS, CANDIDATES, BOTH)
WRITE = Permission.REGISTRATIONS_WRITE
_OPEN_STAGES = tuple(stage for stage in Stage if stage is not Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class Segment:
    """Whom a letter is for. `everybody`: all contact persons, else the first of each business with a mail.

    `with_ad_protected`: somebody has ticked that businesses that want no advertising are asked all the same.
    """

    who: str = MEMBERS
    stage: Stage | None = None
    municipality_code: int | None = None
    division: str = ""
    everybody: bool = False
    with_ad_protected: bool = False

    @property
    def invites(self) -> bool:
        """Whether it asks people who are not on the list yet."""
        return self.who in TO_INVITE


def refusal(event: Event, segment: Segment) -> Any:
    """Why nobody of a segment is written to, as the event stands; None where one may."""
    if event.cancelled_on is not None and segment.who != FALLEN:
        return _l("Arrangementet er aflyst. Der kan ikke inviteres til det; skriv til dem, der faldt bort.")
    if event.cancelled_on is None and event.held_on < clock.today() and segment.who != CAME:
        return _l("Arrangementet er holdt. Der kan ikke inviteres til det; skriv til dem, der kom.")
    return None


def read_segment(arguments: Mapping[str, str]) -> Segment:
    """What the address or the form asks for, nonsense left out."""
    who, stage, division = (arguments.get(name, "") for name in ("hvem", "trin", "branche"))
    return Segment(
        who=who if who in (*TO_INVITE, *ON_THE_LIST) else MEMBERS,
        stage=Stage(stage) if stage in {code.value for code in _OPEN_STAGES} else None,
        municipality_code=asked_number(arguments, "kommune"),
        division=division if division in DIVISIONS else "",
        everybody=arguments.get("alle") == "1",
        with_ad_protected=arguments.get("reklame") == "1",
    )


@dataclass(slots=True)
class Audience:
    """Who gets a letter, and how many do not: reason -> number.

    Reasons: ad_protected and no_mail count businesses; listed, unsubscribed and twice count people. `elsewhere`:
    municipality -> how many of it the service tells the same, as their names are not the viewer's to see.
    """

    people: list[Invitee] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[int] = field(default_factory=Counter)
    ad_protected: int = 0

    @property
    def total(self) -> int:
        """How many hear of it, here and elsewhere."""
        return len(self.people) + self.elsewhere.total()

    @property
    def businesses(self) -> int:
        """How many businesses they come from."""
        return len({one.person.business_id for one in self.people if one.person.business_id})


def find_audience(viewer: Viewer, event: Event, segment: Segment) -> Audience:
    """Who the letter is for, of the municipalities whose people the viewer may sign up."""
    audience = Audience()
    if segment.invites:
        _take(audience, event, _asked(viewer, event, segment, audience))
    else:
        _take(audience, event, find_listed(viewer, event, segment.who), are_listed=True)
        audience.elsewhere = count_elsewhere(viewer, event, segment.who)
    return audience


def _businesses(viewer: Viewer, event: Event, segment: Segment) -> sa.Select[Any]:
    members = (
        sa.select(Membership.id)
        .where(
            Membership.business_id == Business.id,
            Membership.state == MembershipState.MEMBER,
            Membership.is_hidden.is_(False),
        )
        .exists()
    )
    programme = find_programme(event.held_on.year)
    candidates = (
        sa.select(Candidacy.id)
        .where(
            Candidacy.business_id == Business.id,
            Candidacy.programme_id == (programme.id if programme else 0),
            Candidacy.stage.in_([segment.stage] if segment.stage else _OPEN_STAGES),
            Candidacy.is_hidden.is_(False),
        )
        .exists()
    )
    wanted = {MEMBERS: members, CANDIDATES: candidates, BOTH: sa.or_(members, candidates)}[segment.who]
    statement = visible(viewer, Business, WRITE).where(wanted, Business.ceased_on.is_(None))
    if segment.municipality_code is not None:
        statement = statement.where(Business.municipality_code == segment.municipality_code)
    if segment.division:
        statement = statement.where(
            Business.industry_code >= segment.division, Business.industry_code < segment.division + ":"
        )
    return statement.order_by(Business.sort_key, Business.id)


def _asked(viewer: Viewer, event: Event, segment: Segment, audience: Audience) -> list[Invitee]:
    """The contact persons of the segment; a business without one that has a mail is asked by its own."""
    businesses = list(db.session.scalars(_businesses(viewer, event, segment)))
    audience.ad_protected = sum(business.is_ad_protected for business in businesses)
    if audience.ad_protected and not segment.with_ad_protected:
        audience.left_out["ad_protected"] += audience.ad_protected
        businesses = [business for business in businesses if not business.is_ad_protected]
    contacts = _contacts_of(business.id for business in businesses)
    found: list[Invitee] = []
    for business in businesses:
        people = [
            Invitee(_person(business, contact.name, contact.email, contact.id), business.name)
            for contact in contacts.get(business.id, [])
            if is_mail(contact.email)
        ]
        if not people and is_mail(business.email):
            people = [Invitee(_person(business, business.name, business.email), business.name)]
        if not people:
            audience.left_out["no_mail"] += 1
        found += people if segment.everybody else people[:1]
    return found


def _person(business: Business, name: str, email: str, contact_id: int | None = None) -> Person:
    return Person(
        name=name, email=email, municipality_code=business.municipality_code, business_id=business.id,
        contact_id=contact_id,
    )  # fmt: skip


def _contacts_of(business_ids: Iterable[int]) -> dict[int, list[Contact]]:
    today = clock.today()
    found: dict[int, list[Contact]] = {}
    for part in chunks(list(business_ids)):
        statement = sa.select(Contact).where(
            Contact.business_id.in_(part),
            Contact.is_hidden.is_(False),
            sa.or_(Contact.valid_from.is_(None), Contact.valid_from <= today),
            sa.or_(Contact.valid_to.is_(None), Contact.valid_to >= today),
        )
        for contact in db.session.scalars(statement.order_by(Contact.id)):
            found.setdefault(contact.business_id, []).append(contact)
    return found


def _take(audience: Audience, event: Event, people: Sequence[Invitee], *, are_listed: bool = False) -> None:
    """Put people in, without those who are there already, have unsubscribed or would get it twice."""
    is_service = are_listed
    gone = set() if is_service else _unsubscribed(one.person.email for one in people)
    there = set() if are_listed else _on_the_list(event)
    seen: set[str] = set()
    for one in people:
        address = one.person.email.casefold()
        if not is_mail(one.person.email):
            audience.left_out["no_mail"] += 1
        elif (address, person_key(one.person.name)) in there:
            audience.left_out["listed"] += 1
        elif address in gone:
            audience.left_out["unsubscribed"] += 1
        elif address in seen:
            audience.left_out["twice"] += 1
        else:
            seen.add(address)
            audience.people.append(one)


def _on_the_list(event: Event) -> set[tuple[str, str]]:
    statement = sa.select(Registration.email, Registration.name_key).where(
        Registration.event_id == event.id, Registration.is_hidden.is_(False)
    )
    return {(email.casefold(), name) for email, name in db.session.execute(statement)}


def _unsubscribed(emails: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks([email.casefold() for email in emails]):
        found.update(db.session.scalars(sa.select(Unsubscription.email).where(Unsubscription.email.in_(part))))
    return found
