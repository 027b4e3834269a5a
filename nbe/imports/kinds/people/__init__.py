"""Sheets of people: those on a team of a course."""

from nbe.imports.kinds.people.participants import PARTICIPANTS

__all__ = ["PARTICIPANTS"]
