"""The eleven municipalities, by official code."""

from __future__ import annotations

import sqlalchemy as sa

from nbe.core.database import db
from nbe.core.text import sort_key
from nbe.models import Municipality

NAMES = {
    773: "Morsø",
    787: "Thisted",
    810: "Brønderslev",
    813: "Frederikshavn",
    820: "Vesthimmerlands",
    825: "Læsø",
    840: "Rebild",
    846: "Mariagerfjord",
    849: "Jammerbugt",
    851: "Aalborg",
    860: "Hjørring",
}


def hold_municipalities() -> None:
    """See to it that the eleven are there."""
    known = set(db.session.scalars(sa.select(Municipality.code)))
    for code, name in NAMES.items():
        if code not in known:
            db.session.add(Municipality(code=code, name=name, sort_key=sort_key(name)))
