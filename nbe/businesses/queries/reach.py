"""Whom to ring at a business: what a person with the telephone in hand wants to see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from nbe.access import Viewer, visible
from nbe.core import clock
from nbe.core.database import db
from nbe.models import Business, Contact


@dataclass(frozen=True, slots=True)
class Person:
    """A contact person of today."""

    name: str
    title: str
    phone: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The business's own number, its people of today, and whether it has asked to be spared advertising."""

    phone: str
    is_ad_protected: bool
    people: list[Person] = field(default_factory=list)

    @property
    def first(self) -> list[Person]:
        """The one to ring first: who has a number, else whoever is there."""
        return sorted(self.people, key=lambda person: not person.phone)[:1]

    @property
    def own_phone(self) -> str:
        """The business's number, unless one of the people is reached by the same."""
        return "" if self.phone in {person.phone for person in self.people} else self.phone


def list_reaches(viewer: Viewer, business_ids: Iterable[int]) -> dict[int, Reach]:
    """business -> whom to ring there; only businesses the viewer may open. One statement."""
    today = clock.today()
    is_current = sa.and_(
        Contact.business_id == Business.id,
        Contact.is_hidden.is_(False),
        sa.or_(Contact.valid_from.is_(None), Contact.valid_from <= today),
        sa.or_(Contact.valid_to.is_(None), Contact.valid_to >= today),
    )
    columns = (Business.id, Business.phone, Business.is_ad_protected, Contact.name, Contact.title, Contact.phone)
    statement = (
        visible(viewer, Business)
        .where(Business.id.in_(set(business_ids)))
        .with_only_columns(*columns)
        .outerjoin(Contact, is_current)
        .order_by(Business.id, Contact.id)
    )
    found: dict[int, Reach] = {}
    for business_id, phone, is_ad_protected, name, title, own in db.session.execute(statement):
        reach = found.setdefault(business_id, Reach(phone, is_ad_protected))
        if name is not None:
            reach.people.append(Person(name, title, own))
    return found
