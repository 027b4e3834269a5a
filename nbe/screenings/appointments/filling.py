"""An appointment as its form shows it: the first proposal, what is agreed, and what somebody else has changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from nbe.access import Viewer
from nbe.access.editing import Conflict, FieldConflict
from nbe.access.tables import make_conflict
from nbe.businesses.queries import list_contacts
from nbe.core import clock
from nbe.core.database import db
from nbe.core.dates import format_date, format_time
from nbe.models import Business, Candidacy, Change, Screening, User
from nbe.models.states import ScreeningRole
from nbe.resources.queries import screener_choices
from nbe.screenings.appointments.forms import CONTACT, OBSERVER, AppointmentForm, appointment_form
from nbe.screenings.preparing import TO_PREPARE
from nbe.screenings.rules import USUAL_MINUTES

FIRST_HOUR = dt.time(9)


def place_of(business: Business) -> str:
    """The business's own address in one line."""
    return ", ".join(part for part in (business.address, f"{business.postcode} {business.town}".strip()) if part)


def new_form(viewer: Viewer, candidacy: Candidacy) -> AppointmentForm:
    """The form of a visit to be agreed, as somebody filled it in."""
    return appointment_form(*_people(viewer, candidacy))


def proposed_form(viewer: Viewer, candidacy: Candidacy) -> AppointmentForm:
    """The same with what is known already: address, date and screener of an old list, the one contact person."""
    screeners, contacts = _people(viewer, candidacy)
    named = [key for key, name in screeners if name == candidacy.screener_name]
    only = [key for key, _name in screeners] if len(screeners) == 1 else []
    values: dict[str, Any] = {
        "day": candidacy.screening_on,
        "hour": FIRST_HOUR,
        "minutes": USUAL_MINUTES,
        "place": place_of(candidacy.business)[:300],
        "lead": str(next(iter([*named, *only]), "")),
        "to_prepare": TO_PREPARE,
    }
    if len(contacts) == 1:
        values[f"{CONTACT}{contacts[0][0]}"] = True
    return appointment_form(screeners, contacts, values=values)


def edit_form(viewer: Viewer, screening: Screening, *, is_sent: bool) -> AppointmentForm:
    """The form of an agreed visit: as it stands, or as somebody filled it in. Who is down for it can be kept."""
    screeners, contacts = _people(viewer, screening.candidacy)
    for person in screening.people:
        known = screeners if person.screener_id else contacts if person.contact_id else None
        key = person.screener_id or person.contact_id
        if known is not None and key is not None and key not in dict(known):
            known.append((key, person.shown_name))
    values = None if is_sent else _data(screening)
    form = appointment_form(screeners, contacts, [screening.minutes], values)
    if not is_sent:
        form.remember(values_of(screening, form))
    return form


def _people(viewer: Viewer, candidacy: Candidacy) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """(id, name) of whom the municipality can choose to screen, and of the business's people of today."""
    screeners = screener_choices(viewer, candidacy.business.municipality_code, candidacy.programme)
    contacts, _former = list_contacts(viewer, candidacy.business_id)
    return screeners, [(contact.id, contact.name) for contact in contacts]


def _data(screening: Screening) -> dict[str, Any]:
    starts = clock.danish(screening.starts_at)
    data: dict[str, Any] = {
        "day": starts.date(),
        "hour": starts.time(),
        "minutes": screening.minutes,
        "place": screening.place,
        "to_prepare": screening.to_prepare,
        "lead": "",
        "second": "",
    }
    named: dict[ScreeningRole, list[str]] = {ScreeningRole.OBSERVER: [], ScreeningRole.BUSINESS: []}
    for person in screening.people:
        if person.role in (ScreeningRole.LEAD, ScreeningRole.SECOND):
            data[person.role.value] = str(person.screener_id or "")
        elif person.screener_id:
            data[f"{OBSERVER}{person.screener_id}"] = True
        elif person.contact_id:
            data[f"{CONTACT}{person.contact_id}"] = True
        else:
            named[person.role].append(person.name)
    data["other_observers"] = "\n".join(named[ScreeningRole.OBSERVER])
    data["other_people"] = "\n".join(named[ScreeningRole.BUSINESS])
    return data


def values_of(screening: Screening, form: AppointmentForm) -> dict[str, str]:
    """What is agreed now, as the form would send it; a tick as "y"."""
    data = _data(screening)
    shown = {"day": format_date(data["day"]), "hour": format_time(data["hour"]), "minutes": str(data["minutes"])}
    ticks = {field.name: "y" if data.get(field.name) else "" for start in (OBSERVER, CONTACT)
             for field in form.ticks(start)}  # fmt: skip
    texts = {name: str(value) for name, value in data.items() if not name.startswith((OBSERVER, CONTACT))}
    return {**texts, **shown, **ticks}


def find_appointment_conflict(screening: Screening, form: AppointmentForm) -> Conflict | None:
    """Compare a validated form with an appointment that somebody has changed since; None when it may be saved."""
    current = values_of(screening, form)
    fields = [_worded(form, one) for one in form.differences(current, {name: _label(form, name) for name in current})]
    if not fields:
        return None
    form.remember(current)
    return make_conflict(fields, {"base": str(form.base.data)}, *_last_change(screening))


def _label(form: AppointmentForm, name: str) -> str:
    text = str(form[name].label.text)
    if name.startswith(OBSERVER):
        return _("Observatør: %(name)s", name=text)
    return _("Fra virksomheden: %(name)s", name=text) if name.startswith(CONTACT) else text


def _worded(form: AppointmentForm, one: FieldConflict) -> FieldConflict:
    """With what a choice is called, and a tick as yes or no."""
    if one.name.startswith((OBSERVER, CONTACT)):
        words = {"": _("Nej"), "y": _("Ja")}
    else:
        words = {str(value): str(label) for value, label, *_rest in getattr(form[one.name], "choices", None) or ()}
    mine, theirs = words.get(one.mine, ""), words.get(one.theirs, "")
    return FieldConflict(one.name, one.label, one.mine, one.theirs, one.was_changed, mine, theirs)


def _last_change(screening: Screening) -> tuple[str, dt.datetime | None]:
    """Who made the present version, and when; unknown where only people came and went."""
    statement = (
        sa.select(sa.func.coalesce(User.name, ""), Change.at)
        .outerjoin(User, User.id == Change.user_id)
        .where(
            Change.entity == Screening.__tablename__,
            Change.entity_id == screening.id,
            Change.version == screening.version,
        )
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return (row[0], row[1]) if row else ("", None)
