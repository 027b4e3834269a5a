"""What changed records and fields are called in a sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.models.gathering_states import ExchangeState
from nbe.models.states import (
    ActivityKind,
    ActivityOutcome,
    Code,
    CriterionAnswer,
    EventKind,
    LoanState,
    ReportState,
    RoleName,
    Source,
)

ENTITIES: dict[str, Any] = {
    "business": _l("virksomheden"),
    "contact": _l("en kontaktperson hos"),
    "activity": _l("en aktivitet hos"),
    "membership": _l("medlemskabet for"),
    "candidacy": _l("kandidaten"),
    "assessment": _l("vurderingen af"),
    "programme": _l("et forløbsår"),
    "target": _l("måltallet"),
    "criterion": _l("et kriterium"),
    "event": _l("et arrangement"),
    "event_item": _l("et punkt i et program"),
    "registration": _l("en tilmelding fra"),
    "user": _l("en bruger"),
    "screening": _l("screeningen hos"),
    "theme_answer": _l("et tema i screeningen hos"),
    "screening_file": _l("en fil fra screeningen hos"),
    "report": _l("rapporten til"),
    "measure": _l("et tiltag hos"),
    "saving": _l("en besparelse hos"),
    "action_plan": _l("handlingsplanen for"),
    "follow_up": _l("opfølgningen hos"),
    "emission_factor": _l("en CO₂-faktor"),
    "screener": _l("en screener"),
    "pledge": _l("et tilsagn om timer"),
    "hour_norm": _l("timerne pr. forløb"),
    "loan": _l("et udlån af en screener"),
    "course": _l("et kursus"),
    "team": _l("et hold"),
    "course_day": _l("en kursusdag"),
    "participant": _l("en kursist"),
    "seat_exchange": _l("en bytning af pladser"),
    "mailing": _l("et brev"),
}
FIELDS: dict[str, Any] = {
    "name": _l("navn"),
    "cvr": _l("CVR-nummer"),
    "p_number": _l("P-nummer"),
    "municipality_code": _l("kommune"),
    "address": _l("adresse"),
    "postcode": _l("postnummer"),
    "town": _l("by"),
    "industry_code": _l("branche"),
    "industry_version": _l("brancheliste"),
    "employees": _l("ansatte"),
    "phone": _l("telefon"),
    "email": _l("mail"),
    "website": _l("hjemmeside"),
    "case_number": _l("sagsnummer"),
    "note": _l("note"),
    "is_ad_protected": _l("reklamebeskyttet"),
    "is_sole_trader": _l("enkeltmandsvirksomhed"),
    "is_hidden": _l("skjult"),
    "ceased_on": _l("ophørt"),
    "merged_into_id": _l("slået sammen med"),
    "title": _l("titel"),
    "valid_from": _l("gælder fra"),
    "valid_to": _l("gælder til"),
    "source": _l("kilde"),
    "screening_on": _l("screeningsdato"),
    "screener_name": _l("screener"),
    "responsible_id": _l("ansvarlig"),
    "next_step": _l("næste skridt"),
    "next_step_on": _l("næste skridt den"),
    "kind": _l("art"),
    "outcome": _l("udfald"),
    "state": _l("tilstand"),
    "number": _l("nummer"),
    "happened_on": _l("dato"),
    "user_id": _l("udført af"),
    "candidacy_id": _l("kandidat"),
    "business_id": _l("virksomhed"),
    "import_id": _l("import"),
    "reason": _l("begrundelse"),
    "starts_at": _l("tidspunkt"),
    "minutes": _l("varighed i minutter"),
    "place": _l("sted"),
    "to_prepare": _l("hav klar til besøget"),
    "summary": _l("samlet indtryk"),
    "introduction": _l("indledning"),
    "conclusion": _l("konklusion"),
    "confidential_note": _l("fortroligt notat"),
    "correction_reason": _l("begrundelse for rettelsen"),
    "author_id": _l("forfatter"),
    "reader_id": _l("andenlæser"),
    "reader_note": _l("note fra andenlæseren"),
    "approved_on": _l("godkendt den"),
    "handed_over_on": _l("afleveret den"),
    "handed_over_to": _l("afleveret til"),
    "handed_over_by_id": _l("afleveret af"),
    "assessor_id": _l("vurderet af"),
    "trained_on": _l("uddannet på kursus"),
    "lender_code": _l("kommune, der låner ud"),
    "borrower_code": _l("kommune, der låner"),
    "month_on": _l("måned"),
    "hours": _l("timer"),
    "hours_taken": _l("timer, der var lovet hjemme"),
    "screener_id": _l("screener"),
    "asked_by_id": _l("spurgt af"),
    "answered_by_id": _l("besvaret af"),
    "answered_at": _l("besvaret"),
    "deadline_on": _l("frist"),
    "measures_required": _l("tiltag i en plan"),
    "year": _l("år"),
    "programme_id": _l("forløbsår"),
    "weight": _l("vægt"),
    "position": _l("plads"),
    "is_active": _l("i brug"),
    "held_on": _l("holdes den"),
    "description": _l("beskrivelse"),
    "seats": _l("pladser"),
    "sign_up_until": _l("tilmelding senest"),
    "cancelled_on": _l("aflyst"),
    "begins": _l("minutter efter midnat"),
    "speaker": _l("oplægsholder"),
    "organisation": _l("organisation"),
    "event_id": _l("arrangement"),
    "contact_id": _l("kontaktperson"),
    "role": _l("rolle"),
    "active": _l("aktiv"),
    "locale": _l("sprog"),
    "password": _l("adgangskode"),
    "answer_days": _l("svarfrist i dage"),
    "answer_by": _l("svar inden"),
    "certificate_on": _l("bevis udstedt den"),
    "certificate_number": _l("bevisets nummer"),
    "team_id": _l("hold"),
    "subject": _l("emne"),
    "text": _l("tekst"),
    "approved_at": _l("sendt"),
    "is_service": _l("servicebesked"),
}
_CODES: dict[str, tuple[type[Code], ...]] = {
    "source": (Source,),
    "kind": (ActivityKind, EventKind),
    "outcome": (ActivityOutcome,),
    "role": (RoleName,),
    "state": (ReportState, LoanState, ExchangeState),
}


def field_label(key: str) -> str:
    """The field as a Dane calls it."""
    if key.startswith("criterion_"):
        return _("svar på et kriterium")
    return str(FIELDS.get(key, key))


def show_value(key: str, value: Any) -> str:
    """A stored value as it is read aloud: dates, yes and no, codes by their labels."""
    if value is None or value == "":
        return _("tom")
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if key.startswith("criterion_"):
        return _code_label((CriterionAnswer,), value)
    if key in _CODES:
        return _code_label(_CODES[key], value)
    if key.endswith(("_on", "_from", "_to", "_until")):
        return _day(value)
    return _moment(value) if key.endswith("_at") else str(value)


def show_number(text: str) -> str:
    """A stored number with a decimal comma."""
    return text.replace(".", ",")


def _code_label(codes: tuple[type[Code], ...], value: Any) -> str:
    return next((str(code(value).label) for code in codes if value in set(code)), str(value))


def _day(value: Any) -> str:
    try:
        return dt.date.fromisoformat(str(value)).strftime("%d-%m-%Y")
    except ValueError:
        return str(value)


def _moment(value: Any) -> str:
    try:
        return clock.danish(dt.datetime.fromisoformat(str(value))).strftime("%d-%m-%Y %H:%M")
    except ValueError:
        return str(value)
