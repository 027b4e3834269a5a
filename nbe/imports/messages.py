"""What an import says about a row: codes kept with the row, sentences made when somebody reads them."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l


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
    "cvr_checksum": _l("CVR-nummeret findes ikke: kontrolcifferet passer ikke"),
    "p_number": _l("Et P-nummer har 10 cifre"),
    "name_missing": _l("Virksomhedens navn mangler"),
    "too_long": _l("Teksten er for lang: højst %(limit)s tegn"),
    "municipality_missing": _l("Kommunen mangler"),
    "municipality_unknown": _l("Kommunen er ikke en af de elleve i netværket"),
    "other_municipality": _l("Rækken hører til en anden kommune; skriv til sekretariatet"),
    "date": _l("Datoen kan ikke læses"),
    "mail": _l("E-mailadressen er ikke skrevet rigtigt"),
    "repeated": _l("Gentager række %(row)s. %(differences)s"),
    "repeated_sheet": _l("Gentager række %(row)s i arket %(sheet)s. %(differences)s"),
    "which_unit": _l("Virksomheden har flere P-numre; skriv, hvilket det er"),
    "other_programme": _l("Rækken hører til forløbsår %(year)s"),
    "merged": _l("Virksomheden er lagt sammen med en anden; brug den andens CVR-nummer"),
}
WARNINGS: dict[str, Any] = {
    "unknown_stage": _l("Ordet kendes ikke; virksomheden kommer på bruttolisten"),
    "unknown_stage_known": _l("Ordet kendes ikke; kandidaten er ikke flyttet"),
    "unknown_suitable": _l("Svaret kendes ikke; skriv ja, nej eller måske"),
    "unknown_close": _l("Årsagen kendes ikke; den er sat til ikke oplyst"),
    "unknown_membership": _l("Ordet kendes ikke; medlemskabet er ikke ændret"),
    "unknown_source": _l("Kilden kendes ikke og er ikke gemt"),
    "unknown_person": _l("Ingen bruger har det navn eller den e-mailadresse; feltet er ikke gemt"),
    "unknown_yes_no": _l("Svaret kendes ikke; skriv ja eller nej"),
    "stage_contradicts_date": _l("Ordet passer ikke med en screening, der ligger i fremtiden; virksomheden kommer på bruttolisten"),
    "stage_contradicts_date_known": _l("Ordet passer ikke med en screening, der ligger i fremtiden; kandidaten er ikke flyttet"),
    "suitable_contradicts": _l("Egnet? passer ikke med status; status er brugt"),
    "backwards": _l("Kandidaten er længere fremme (%(stage)s) og er ikke flyttet tilbage"),
    "reopens": _l("Kandidaten er lukket (%(reason)s) og er ikke genåbnet"),
    "closed_otherwise": _l("Kandidaten er allerede lukket med en anden årsag (%(reason)s)"),
    "verdict_otherwise": _l("Kandidaten har allerede en anden vurdering (%(verdict)s)"),
    "membership_backwards": _l("Virksomheden står som %(state)s og er ikke ændret"),
    "membership_date": _l("Virksomheden har været %(state)s siden %(since)s; datoen i filen er ikke brugt"),
    "membership_future": _l("Datoen ligger efter i dag; medlemskabet er ikke ændret"),
    "similar": _l("Navnet ligner %(name)s med CVR-nr. %(cvr)s"),
    "same_cvr": _l("%(name)s står allerede med samme CVR-nummer"),
    "number": _l("Tallet kan ikke læses og er ikke gemt"),
    "industry": _l("En branchekode har op til 6 cifre; den er ikke gemt"),
    "phone": _l("Telefonnummeret kan ikke læses og er ikke gemt"),
    "case_number": _l("Sagsnummeret er ikke skrevet som 24.10.07-G20-4-15 og er ikke gemt"),
    "ad_protected": _l("Virksomheden er reklamebeskyttet"),
    "postponed_without_year": _l("Året, der er udskudt til, mangler"),
}
NOTES: dict[str, Any] = {
    "changed": _l("%(old)s bliver til %(new)s"),
    "filled": _l("Udfyldes: %(new)s"),
    "new_contact": _l("Ny kontaktperson: %(new)s"),
    "moved": _l("%(old)s → %(new)s"),
    "back_again": _l("Kommer igen efter en fortrudt indlæsning"),
}
_ALL = {**FAILURES, **WARNINGS, **NOTES}


def is_failure(code: str) -> bool:
    """Whether a remark means that the row cannot be stored."""
    return code in FAILURES


def is_warning(code: str) -> bool:
    """Whether a remark is listed like an error though the row goes in."""
    return code in WARNINGS


def sentence(code: str, params: dict[str, Any] | None = None) -> str:
    """The remark in the reader's language."""
    template = str(_ALL.get(code, code))
    return template % params if params else template
