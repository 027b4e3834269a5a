"""The sheet of an event: the columns and words that an export writes and an import knows. Danish in every language."""

from __future__ import annotations

from functools import lru_cache

from flask_babel import force_locale

from nbe.core.sheets import Column
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind

COLUMNS = {
    "name": Column("Deltager", width=28),
    "business": Column("Virksomhed", width=34),
    "cvr": Column("CVR-nr.", width=12),
    "p_number": Column("P-nr.", width=12),
    "municipality": Column("Kommune", width=17),
    "email": Column("E-mail", width=32),
    "is_member": Column("Medlem på dagen", width=16),
    "signed_up_on": Column("Tilmeldt", "date", 12),
    "came": Column("Fremmødt", width=10),
    "state": Column("Status", width=14),
    "since_on": Column("Siden", "date", 12),
    "note": Column("Bemærkning", width=40),
    "event": Column("Arrangement", width=34),
    "held_on": Column("Arrangementets dag", "date", 12),
    "event_kind": Column("Arrangementets type", width=20),
    "organiser": Column("Arrangør", width=17),
    "event_seats": Column("Arrangementets pladser", "integer", 14),
    "event_number": Column("Arrangementets nr.", "integer", 14),
}
# Who counts as a member follows from the business.
HEADINGS = {key: column.title for key, column in COLUMNS.items() if key != "is_member"}
# Whose day is told by no other column.
WITH_DAY = (
    RegistrationState.INVITED,
    RegistrationState.ATTENDED,
    RegistrationState.ABSENT,
    RegistrationState.DECLINED,
)
CAME = {RegistrationState.ATTENDED: "x", RegistrationState.ABSENT: "nej"}
NETWORK = "Netværket"


@lru_cache(maxsize=1)
def state_words() -> dict[RegistrationState, str]:
    """How a person stands, as the sheet says it."""
    with force_locale("da"):
        return {state: str(state.label) for state in RegistrationState}


@lru_cache(maxsize=1)
def kind_words() -> dict[EventKind, str]:
    """The kinds of events, as the sheet says them."""
    with force_locale("da"):
        return {kind: str(kind.label) for kind in EventKind}
