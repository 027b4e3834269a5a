"""Changing events and sign-ups."""

from nbe.events.actions.events import cancel_event, edit_event, make_event, resume_event
from nbe.events.actions.following import follow_registrations
from nbe.events.actions.people import edit_registration, link_business, mark_rest_absent
from nbe.events.actions.registrations import (
    Person,
    find_known,
    invite,
    move_registration,
    sign_up,
    undo_registration,
)
from nbe.events.actions.seats import count_taken, count_waiting, fill_seats
from nbe.events.actions.sheets import (
    alike_that_day,
    find_event_named,
    find_or_make_event,
    is_fact,
    kind_of_name,
    sign_up_person,
)

__all__ = [
    "Person",
    "alike_that_day",
    "cancel_event",
    "count_taken",
    "count_waiting",
    "edit_event",
    "edit_registration",
    "fill_seats",
    "find_event_named",
    "find_known",
    "find_or_make_event",
    "follow_registrations",
    "invite",
    "is_fact",
    "kind_of_name",
    "link_business",
    "make_event",
    "mark_rest_absent",
    "move_registration",
    "resume_event",
    "sign_up",
    "sign_up_person",
    "undo_registration",
]
