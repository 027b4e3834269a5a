"""What goes out of a visit: the calendar's entry, and the letter that tells the business how to prepare.

Both are in Danish whoever asks, as they are read by the business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from babel.dates import format_date

from nbe.core import clock
from nbe.core.calendars import Entry, uid_of
from nbe.mails.actions import Recipient
from nbe.models import Screening, ScreeningPerson
from nbe.models.states import ScreeningRole, ScreeningState
from nbe.screenings.visit import changed_at, ends_of

KIND = "screening_prepare"
_OF_THE_MUNICIPALITY = (ScreeningRole.LEAD, ScreeningRole.SECOND, ScreeningRole.OBSERVER)
_PART = {ScreeningRole.LEAD: "", ScreeningRole.SECOND: "", ScreeningRole.OBSERVER: " (observatør)"}
_ENTRY = "Se aftalen, skemaet og rapporten i deltageroverblikket."


@dataclass(frozen=True, slots=True)
class Letter:
    """The words, with {navn} where the receiver's name goes."""

    subject: str
    text: str


def appointment_of(screening: Screening, path: str = "") -> Entry:
    """The visit in a calendar, without the names of people: what a feed tells at an address that others may learn."""
    return Entry(
        uid=uid_of("screening", screening.id),
        summary=f"Bæredygtighedsscreening: {screening.business.name}",
        starts=screening.starts_at,
        ends=ends_of(screening),
        place=screening.place,
        path=path,
        sequence=screening.version - 1,
        is_cancelled=screening.state is ScreeningState.CANCELLED,
    )


def entry_of(screening: Screening, path: str = "") -> Entry:
    """The same with who comes and what to have ready; `path` is its page, for those who may open it."""
    people = [f"{role.label}: {names}" for role in ScreeningRole if (names := _names(screening, (role,)))]
    ready = ["", "Hav klar:", *(f"- {line}" for line in lines_of(screening))] if lines_of(screening) else []
    described = "\n".join([*people, *ready, *(["", _ENTRY] if path else [])])
    return replace(appointment_of(screening, path), description=described, changed_at=changed_at(screening))


def letter_of(screening: Screening) -> Letter:
    """How to prepare: when, where, who comes, what it is about, what to have ready."""
    business, starts = screening.business, clock.danish(screening.starts_at)
    day = format_date(starts.date(), "EEEE 'den' d. MMMM y", locale="da")
    hours = f"kl. {starts:%H:%M}–{clock.danish(ends_of(screening)):%H:%M}"
    municipality = business.municipality.full_name
    themes = [theme.title[:1].lower() + theme.title[1:] for theme in screening.theme_set.themes]
    facts = [f"Tid: {day} {hours}"]
    if screening.place:
        facts.append(f"Sted: {screening.place}")
    for told, roles in (("Fra kommunen", _OF_THE_MUNICIPALITY), ("Fra jer", (ScreeningRole.BUSINESS,))):
        if names := _names(screening, roles):
            facts.append(f"{told}: {names}")
    parts = [
        "Kære {navn}",
        f"Vi har aftalt en bæredygtighedsscreening hos {business.name}.",
        "\n".join(facts),
        "Vi går en tur gennem virksomheden og taler med jer om, hvad I allerede gør, og hvor der er noget at hente. "
        f"Vi kommer ind på {_listed(themes)}. Bagefter får I en rapport med forslag, som I selv vælger imellem.",
        _prepare(screening),
        "Skriv eller ring, hvis noget skal være anderledes.",
        "\n".join(["Venlig hilsen", *_signed(screening), municipality]),
    ]
    if business.case_number:
        parts.append(f"Sag {business.case_number}")
    return Letter(
        f"Bæredygtighedsscreening {starts:%d-%m-%Y}: sådan forbereder I jer", "\n\n".join(filter(None, parts))
    )


def recipients_of(screening: Screening) -> list[Recipient]:
    """The business's people at the visit who have a mail address; each gets an appointment once as it stands."""
    return [
        Recipient(contact.name, contact.email, key_suffix=f"contact:{contact.id}:{screening.version}")
        for person in screening.people
        if person.role is ScreeningRole.BUSINESS and (contact := person.contact) is not None and contact.email
    ]


def lines_of(screening: Screening) -> list[str]:
    """What is to be ready, item by item."""
    return [line for line in (line.strip(" -•\t") for line in screening.to_prepare.split("\n")) if line]


def _prepare(screening: Screening) -> str:
    lines = lines_of(screening)
    if not lines:
        return ""
    listed = "\n".join(f"- {line}" for line in lines)
    return f"Hav gerne dette klar:\n{listed}\n\nMangler I noget af det, gør det ikke noget. Vi ser på det, der er."


def _names(screening: Screening, roles: Sequence[ScreeningRole]) -> str:
    return ", ".join(
        f"{person.shown_name}{_PART.get(role, '')}" for role in roles for person in screening.people
        if person.role is role
    )  # fmt: skip


def _listed(words: Sequence[str]) -> str:
    """a; b; og c: themes have commas and "og" of their own."""
    return "; ".join(words[:-1]) + f"; samt {words[-1]}" if len(words) > 1 else "".join(words)


def _signed(screening: Screening) -> list[str]:
    lead: ScreeningPerson | None = next((one for one in screening.people if one.role is ScreeningRole.LEAD), None)
    if lead is None:
        return []
    known = lead.screener
    return [text for text in (lead.shown_name, known.title if known else "", known.email if known else "") if text]
