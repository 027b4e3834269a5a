"""Calendars of people: an address that nobody can guess, from which a calendar reads one's own appointments.

Knows screenings, courses and events; only the digest of an address's key is kept.
"""
