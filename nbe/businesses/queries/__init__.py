"""Reading businesses: lists as the viewer may see them, search, duplicates, and what belongs to one business."""

from nbe.businesses.queries.lists import (
    BusinessFilter,
    BusinessRow,
    contains,
    found_by,
    list_businesses,
    list_ids,
    may_read,
    municipality_choices,
    municipality_names,
    narrowed,
    words_of,
)
from nbe.businesses.queries.reach import Person, Reach, list_reaches
from nbe.businesses.queries.records import (
    Told,
    find_candidacy,
    find_successor,
    list_contacts,
    list_merged,
    list_moves,
    page_activities,
)
from nbe.businesses.queries.search import MOST_FOUND, Found, Lookalike, find_by_number, list_lookalikes, search

__all__ = [
    "MOST_FOUND",
    "BusinessFilter",
    "BusinessRow",
    "Found",
    "Lookalike",
    "Person",
    "Reach",
    "Told",
    "contains",
    "find_by_number",
    "find_candidacy",
    "find_successor",
    "found_by",
    "list_businesses",
    "list_contacts",
    "list_ids",
    "list_lookalikes",
    "list_merged",
    "list_moves",
    "list_reaches",
    "may_read",
    "municipality_choices",
    "municipality_names",
    "narrowed",
    "page_activities",
    "search",
    "words_of",
]
