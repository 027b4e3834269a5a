"""What an import says about a row: codes kept with the row, sentences made when somebody reads them."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from flask_babel import lazy_gettext as _l

from nbe.imports.words.labels import CLOSE_NAMES, MEMBERSHIP_NAMES, STAGE_NAMES
from nbe.models.states import Code, MeasureState


class Message(NamedTuple):
    """One remark about a row. `column` is the heading as the file has it, `value` the cell."""

    code: str
    column: str = ""
    value: str = ""
    params: dict[str, Any] | None = None

    def kept(self) -> list[Any]:
        """The shape kept with the row."""
        return [self.code, self.column, self.value[:500], self.params or {}]


FAILURES: dict[str, Any] = {
    "cvr_missing": _l("CVR-nummeret mangler"),
    "cvr_not_digits": _l("Et CVR-nummer består af 8 cifre"),
    "cvr_length": _l("Et CVR-nummer har 8 cifre"),
    "cvr_checksum": _l("CVR-nummeret findes ikke: kontrolcifret passer ikke"),
    "p_number": _l("Et P-nummer har 10 cifre"),
    "name_missing": _l("Virksomhedens navn mangler"),
    "too_long": _l("Teksten er for lang: højst %(limit)s tegn"),
    "municipality_missing": _l("Kommunen mangler"),
    "municipality_unknown": _l("Kommunen er ikke en af de elleve i netværket"),
    "other_municipality": _l("Rækken hører til en anden kommune; skriv til sekretariatet"),
    "date": _l("Datoen kan ikke læses"),
    "mail": _l("Mailadressen er ikke skrevet rigtigt"),
    "repeated": _l("Gentager række %(row)s. Forskel: %(differences)s"),
    "repeated_same": _l("Gentager række %(row)s med samme indhold"),
    "which_unit": _l("Virksomheden har flere P-numre; skriv, hvilket det er"),
    "other_programme": _l("Rækken hører til forløbsår %(year)s"),
    "person_name": _l("Personens navn mangler"),
    "person_nowhere": _l("Kommunen mangler, og virksomheden kendes ikke"),
    "event_day": _l("Arrangementets dag mangler i arkets navn, fx »Temamøde 26-01«"),
    "event_year": _l("Der er intet forløbsår for arrangementets dag"),
    "event_cancelled": _l("Arrangementet er aflyst"),
    "event_late": _l("Datoen ligger efter arrangementet"),
    "person_team": _l("Holdet er ikke for den kommune"),
    "measure_title": _l("Tiltagets navn mangler"),
    "measure_business": _l("Virksomheden er ikke kandidat i forløbsåret; sæt den på kandidatlisten først"),
    "measure_key": _l("Nøglen hører til et andet tiltag; lad cellen stå tom for et nyt"),
    "measure_number": _l('Skriv et tal under en milliard med højst tre decimaler, fx 1.234,5, eller "ikke målt"'),
    "measure_evidence": _l("Skriv, hvad der dokumenterer det realiserede tal"),
    "measure_documented": _l(
        "Et dokumenteret tiltag har mindst én realiseret besparelse, og hvad der dokumenterer den"
    ),
    "measure_future": _l("Datoen ligger efter i dag"),
    "merged": _l("Virksomheden er slået sammen med en anden; brug den andens CVR-nummer"),
}
WARNINGS: dict[str, Any] = {
    "unknown_stage": _l("Ordet kendes ikke; virksomheden kommer på bruttolisten"),
    "unknown_stage_known": _l("Ordet kendes ikke; kandidaten er ikke flyttet"),
    "unknown_suitable": _l("Svaret kendes ikke; skriv ja, nej eller måske"),
    "unknown_close": _l("Årsagen kendes ikke; den er sat til »ikke oplyst«"),
    "unknown_membership": _l("Ordet kendes ikke; medlemskabet er ikke ændret"),
    "unknown_source": _l("Kilden kendes ikke og er ikke gemt"),
    "unknown_person": _l("Ingen bruger har det navn eller den mailadresse; feltet er ikke gemt"),
    "unknown_yes_no": _l("Svaret kendes ikke; skriv ja eller nej"),
    "stage_contradicts_date": _l(
        "Ordet passer ikke med en screening, der ligger i fremtiden; virksomheden kommer på bruttolisten"
    ),
    "stage_contradicts_date_known": _l(
        "Ordet passer ikke med en screening, der ligger i fremtiden; kandidaten er ikke flyttet"
    ),
    "suitable_contradicts": _l("»Egnet?« passer ikke med status; status er brugt"),
    "backwards": _l("Kandidaten er længere fremme (%(stage)s) og er ikke flyttet tilbage"),
    "is_candidate": _l("Virksomheden er kandidat (%(stage)s) og er ikke ændret"),
    "reopens": _l("Kandidaten er lukket (%(reason)s) og er ikke genåbnet"),
    "closed_otherwise": _l("Kandidaten er allerede lukket med en anden årsag (%(reason)s)"),
    "verdict_otherwise": _l("Kandidaten har allerede en anden vurdering (%(verdict)s)"),
    "membership_backwards": _l("Virksomheden står som %(state)s og er ikke ændret"),
    "membership_date": _l("Virksomheden har været %(state)s siden %(since)s; datoen i filen er ikke brugt"),
    "membership_future": _l("Datoen ligger efter i dag; medlemskabet er ikke ændret"),
    "similar": _l("Navnet ligner %(name)s med CVR-nr. %(cvr)s"),
    "number": _l("Tallet kan ikke læses og er ikke gemt"),
    "industry": _l("En branchekode har op til 6 cifre; den er ikke gemt"),
    "phone": _l("Telefonnummeret kan ikke læses og er ikke gemt"),
    "case_number": _l("Sagsnummeret er ikke skrevet som 24.10.07-G20-4-15 og er ikke gemt"),
    "person_tick": _l("Svaret kendes ikke; sæt x, eller lad cellen stå tom"),
    "person_state": _l("Ordet kendes ikke; status er ikke brugt"),
    "person_stands": _l("Ifølge listen meldt fra, men står på holdet eller til mødet; gør det på personens side"),
    "person_seated": _l("Der er plads; personen er tilmeldt og står ikke på venteliste"),
    "team_seats": _l("Holdets pladser kan ikke læses; de er åbne, til et tal er sat"),
    "person_waits": _l("Holdet er fuldt; personen kommer på ventelisten"),
    "person_business": _l("Virksomheden kendes ikke; personen er tilmeldt uden"),
    "person_off": _l("Ifølge listen ikke tilmeldt; personen er ikke taget med"),
    "event_to_come": _l("Fremmøde noteres først fra den dag, arrangementet holdes"),
    "event_full": _l("Arrangementet er fuldt; personen kommer på ventelisten"),
    "person_cancelled": _l("Personen har meldt fra og er ikke tilmeldt igen"),
    "person_certificate": _l("Kun den, der har deltaget alle dage, får bevis; det er ikke udstedt"),
    "measure_unknown_state": _l("Ordet kendes ikke; tiltagets tilstand er ikke ændret"),
    "measure_backwards": _l("Tiltaget står som %(measure_state)s og er ikke flyttet tilbage"),
    "measure_day": _l("Datoen ligger før tiltagets seneste skridt; %(day)s er brugt"),
    "measure_theme": _l("Temaet er ikke blandt forløbsårets temaer og er ikke gemt"),
    "measure_factor": _l("CO₂e-faktoren kendes ikke og er ikke gemt"),
    "postponed_without_year": _l("Året, der er udskudt til, mangler"),
}
NOTES: dict[str, Any] = {
    "changed": _l("%(old)s bliver til %(new)s"),
    "filled": _l("Udfyldes: %(new)s"),
    "new_contact": _l("Ny kontaktperson: %(new)s"),
    "moved": _l("%(old)s → %(new)s"),
    "person_there": _l("Noteres som fremmødt"),
    "person_not_there": _l("Noteres som ikke fremmødt"),
    "person_day": _l("Tilmeldes dagen"),
    "person_not_day": _l("Tages af dagen"),
    "person_confirmed": _l("Noteres som bekræftet"),
    "person_title": _l("%(old)s bliver til %(new)s"),
    "measure_moved": _l("%(old_measure)s → %(new_measure)s"),
    "back_again": _l("Kommer igen efter en fortrudt indlæsning"),
}
_ALL = {**FAILURES, **WARNINGS, **NOTES}
_NAMED = {"stage", "reason", "state", "verdict"}
_STATES = {"measure_state", "old_measure", "new_measure"}  # kept by their code
_LABELS: dict[str, Any] = {
    name.casefold(): code.label
    for names in (STAGE_NAMES, CLOSE_NAMES, MEMBERSHIP_NAMES)
    for code, name in cast(dict[Code, str], names).items()
}


def is_failure(code: str) -> bool:
    """Whether a remark means that the row cannot be stored."""
    return code in FAILURES


def is_warning(code: str) -> bool:
    """Whether a remark is listed like an error though the row goes in."""
    return code in WARNINGS


def sentence(code: str, params: dict[str, Any] | None = None) -> str:
    """The remark in the reader's language."""
    template = str(_ALL.get(code, code))
    if not params:
        return template
    named = _NAMED | {"old", "new"} if code == "moved" else _NAMED
    return template % {key: _shown(key, value, named) for key, value in params.items()}


def _shown(key: str, value: Any, named: set[str]) -> Any:
    if key in _STATES:
        return str(MeasureState(value).label)
    return in_words(str(value)) if key in named else value


def in_words(name: str) -> str:
    """A stage, reason or membership, kept with the row by its Danish name, in the reader's language."""
    outer, _, inner = name.removesuffix(")").partition(" (")
    label = _LABELS.get(outer.casefold())
    if label is None:
        return name
    word = str(label) if outer[0].isupper() else str(label).lower()
    return f"{word} ({in_words(inner)})" if inner else word


SHEET_REASONS: dict[str, Any] = {
    "hidden": _l("arket er skjult"),
    "empty": _l("arket er tomt"),
    "no_header": _l("ingen kolonneoverskrifter"),
    "no_cvr": _l("ingen kandidatliste: navn og CVR-nr. mangler i overskrifterne"),
    "participants": _l("ingen kandidatliste, men en deltagerliste"),
    "left_out": _l("fravalgt"),
}
KIND_LABELS: dict[str, Any] = {
    "measures": _l("Læses som tiltag."),
    "participants": _l("Læses som kursister; holdet står i arkets navn eller i kolonnen Hold."),
    "registrations": _l("Læses som tilmeldte; arrangementet står i arkets navn eller i kolonner for sig."),
}
REFUSALS: dict[str, Any] = {
    "empty": _l("Filen er tom. Gem regnearket, og prøv igen."),
    "too_large": _l("Filen fylder mere end 20 MB. Del den i flere, eller slet billeder og ark, der ikke skal med."),
    "unpacks_too_large": _l(
        "Filen bliver for stor, når den pakkes ud. Slet tomme rækker og kolonner langt ude i arket, og gem igen."
    ),
    "old_or_encrypted": _l(
        "Filen er i det gamle Excel-format (.xls) eller beskyttet med adgangskode. Gem den som .xlsx uden adgangskode."
    ),
    "not_a_spreadsheet": _l("Filen er ikke et regneark. Vælg en Excel-fil (.xlsx) eller en CSV-fil."),
    "damaged": _l("Filen er beskadiget og kan ikke læses. Åbn den i Excel, gem den på ny, og prøv igen."),
    "no_table": _l("Der er ingen tabel i filen: ingen række med kolonneoverskrifter."),
    "thrown_away": _l("Filen blev ikke indlæst."),
    "failed": _l("Noget gik galt under indlæsningen. Intet er gemt; prøv igen."),
}


def refusal(code: str) -> str:
    """Why a whole file is refused, in one sentence."""
    return str(REFUSALS.get(code, REFUSALS["damaged"]))


def kind_label(kind: str) -> str:
    """What a sheet that is no candidate list is read as."""
    return str(KIND_LABELS[kind])


def sheet_reason(code: str) -> str:
    """Why a sheet is not read."""
    return str(SHEET_REASONS.get(code, code))
