"""Courses and events: seats and participants, people signed up and those who came. Never mixed with candidates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.access.permissions import Permission
from nbe.figures.declared.figure import COURSES_PAGE, PARTICIPANTS_PAGE, SIGN_UPS_PAGE, Figure, Number
from nbe.ledger import participant_key, registration_key
from nbe.models.gathering_states import REGISTERED, SEATED, TRAINED, ParticipantState, RegistrationState

# The lists of people, by name for those who may see them so.
_PARTICIPANTS: dict[str, Any] = {"page": PARTICIPANTS_PAGE, "rows_permission": Permission.PARTICIPANTS_READ}
_SIGN_UPS: dict[str, Any] = {"page": SIGN_UPS_PAGE, "rows_permission": Permission.REGISTRATIONS_READ}


def _percent_members(values: Mapping[str, Number], target: int) -> Number:
    members, signed_up = values["signed_up_members"], values["signed_up"]
    return round(100 * members / signed_up, 1) if signed_up and members is not None else None


def _state_figure(state: ParticipantState) -> Figure:
    return Figure(
        f"participants_{state.value}",
        _l("Kursister: %(state)s", state=state.label),
        _l("Kommunale medarbejdere på årets kurser, der på datoen står som %(state)s.", state=state.label),
        unit="people",
        group="gatherings",
        sums=(participant_key(state),),
        query={"status": state.value},
        **_PARTICIPANTS,
    )


SEATS = Figure(
    "seats",
    _l("Kursuspladser"),
    _l(
        "Pladser, der er aftalt til kommunen på årets hold, og på hold, hvor intet er aftalt med den, holdets ledige "
        "pladser; for alle kommuner under ét alle holdenes pladser, som antallet er sat til nu."
    ),
    unit="seats",
    group="gatherings",
    reads="seats",
    page=COURSES_PAGE,
    rows_permission=Permission.COURSES_READ,
    opens_today_only=True,
)
PARTICIPANTS = Figure(
    "participants",
    _l("Kursister"),
    _l(
        "Kommunale medarbejdere, der på datoen er tilmeldt, bekræftet, har deltaget helt eller delvist, er udeblevet "
        "eller har fået bevis; venteliste og afmeldte tæller ikke."
    ),
    unit="people",
    group="gatherings",
    sums=tuple(participant_key(state) for state in SEATED),
    query={"status": "kursister"},
    **_PARTICIPANTS,
)
TRAINED_FIGURE = Figure(
    "trained",
    _l("Uddannede"),
    _l("Kursister, der på datoen har deltaget alle dage eller har fået bevis."),
    unit="people",
    group="gatherings",
    sums=tuple(participant_key(state) for state in TRAINED),
    query={"status": "uddannede"},
    **_PARTICIPANTS,
)
SIGNED_UP = Figure(
    "signed_up",
    _l("Tilmeldte til arrangementer"),
    _l("Personer med en tilmelding til et af årets arrangementer, som ikke er afmeldt på datoen, mødt op eller ej."),
    unit="people",
    group="gatherings",
    sums=tuple(registration_key(state) for state in REGISTERED),
    query={"svar": "tilmeldte"},
    **_SIGN_UPS,
)
SIGNED_UP_MEMBERS = Figure(
    "signed_up_members",
    _l("Tilmeldte fra medlemmer"),
    _l("De af de tilmeldte, hvis virksomhed var medlem af netværket på dagen for arrangementet."),
    unit="people",
    group="gatherings",
    reads="members",
    query={"svar": "tilmeldte", "medlem": "1"},
    **_SIGN_UPS,
)
PERCENT_MEMBERS = Figure(
    "percent_members",
    _l("Medlemmer blandt tilmeldte i %"),
    _l("De tilmeldte fra medlemmer i procent af alle tilmeldte; en streg, når ingen er tilmeldt."),
    unit="percent",
    group="gatherings",
    derive=_percent_members,
)
ATTENDED = Figure(
    "attended",
    _l("Mødt op til arrangementer"),
    _l("De af de tilmeldte, der kom."),
    unit="people",
    group="gatherings",
    sums=(registration_key(RegistrationState.ATTENDED),),
    query={"svar": RegistrationState.ATTENDED.value},
    **_SIGN_UPS,
)
PARTICIPANT_FIGURES = tuple(_state_figure(state) for state in ParticipantState)
COURSE_FIGURES = (SEATS, PARTICIPANTS, TRAINED_FIGURE, *PARTICIPANT_FIGURES)
EVENT_FIGURES = (SIGNED_UP, SIGNED_UP_MEMBERS, PERCENT_MEMBERS, ATTENDED)
GATHERING_FIGURES = (*COURSE_FIGURES, *EVENT_FIGURES)
