"""Sheets of people: those on a team of a course, and those signed up for an event."""

from nbe.imports.kinds.people.participants import PARTICIPANTS
from nbe.imports.kinds.people.registrations import REGISTRATIONS

__all__ = ["PARTICIPANTS", "REGISTRATIONS"]
