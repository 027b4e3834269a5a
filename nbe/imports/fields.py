"""What a column of a candidate list can be: fields with their Danish headings, near-misses and limits."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


class Kind(enum.Enum):
    """How a cell of the field is read."""

    TEXT = "text"
    LINES = "lines"
    CVR = "cvr"
    P_NUMBER = "p_number"
    MUNICIPALITY = "municipality"
    INDUSTRY = "industry"
    COUNT = "count"
    YEAR = "year"
    DATE = "date"
    MAIL = "mail"
    PHONE = "phone"
    CASE_NUMBER = "case_number"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `heading` is what an export writes, `also` what other lists call it."""

    key: str
    heading: str
    label: Any
    kind: Kind = Kind.TEXT
    also: tuple[str, ...] = ()
    limit: int = 200
    width: int = 16


FIELDS: tuple[Field, ...] = (
    Field(
        "name",
        "Virksomhed",
        _l("Virksomhed"),
        also=("Navn", "Firma", "Firmanavn", "Virksomhedsnavn", "Virksomhedens navn", "Company"),
        width=34,
    ),
    Field("cvr", "CVR-nr.", _l("CVR-nr."), Kind.CVR, ("CVR", "CVR-nummer", "CVR nr", "CVR/SE-nr.", "CVR no"), width=11),
    Field(
        "p_number",
        "P-nummer",
        _l("P-nummer"),
        Kind.P_NUMBER,
        ("P-nr.", "P nr", "Produktionsenhed", "Produktionsenhedsnummer"),
        width=13,
    ),
    Field(
        "municipality",
        "Kommune",
        _l("Kommune"),
        Kind.MUNICIPALITY,
        ("Kommunekode", "Kommunenavn", "Kommunenr.", "Kommunenummer"),
        width=17,
    ),
    Field(
        "address", "Adresse", _l("Adresse"), also=("Vej", "Vejnavn", "Gade", "Beliggenhed", "Adresselinje"), width=26
    ),
    Field("postcode", "Postnr.", _l("Postnr."), also=("Postnummer", "Post nr"), limit=10, width=8),
    Field("town", "By", _l("By"), also=("Bynavn", "Postdistrikt", "Postby"), limit=100, width=18),
    Field(
        "industry_code",
        "Branchekode",
        _l("Branchekode"),
        Kind.INDUSTRY,
        ("Branche", "Branchekoder", "DB07", "DB25", "NACE"),
        limit=6,
        width=12,
    ),
    Field(
        "industry_version",
        "Branchekodesæt",
        _l("Branchekodesæt"),
        also=("Branchekode version", "Branchenomenklatur"),
        limit=4,
        width=15,
    ),
    Field(
        "employees",
        "Ansatte",
        _l("Ansatte"),
        Kind.COUNT,
        ("Antal ansatte", "Medarbejdere", "Antal medarbejdere", "Årsværk"),
        width=9,
    ),
    Field(
        "phone",
        "Virksomhedens telefon",
        _l("Virksomhedens telefon"),
        Kind.PHONE,
        ("Hovednummer", "Firmatelefon", "Telefon (virksomhed)", "Virksomhedens tlf."),
        limit=40,
        width=20,
    ),
    Field(
        "email",
        "Virksomhedens e-mail",
        _l("Virksomhedens e-mail"),
        Kind.MAIL,
        ("Firmamail", "E-mail (virksomhed)", "Virksomhedens mail", "Hovedmail"),
        limit=254,
        width=26,
    ),
    Field(
        "website",
        "Hjemmeside",
        _l("Hjemmeside"),
        also=("Website", "Web", "www", "Internetadresse"),
        limit=300,
        width=24,
    ),
    Field(
        "is_ad_protected", "Reklamebeskyttet", _l("Reklamebeskyttet"), Kind.YES_NO, ("Reklamebeskyttelse",), width=16
    ),
    Field(
        "is_sole_trader",
        "Enkeltmandsvirksomhed",
        _l("Enkeltmandsvirksomhed"),
        Kind.YES_NO,
        ("Personligt ejet",),
        width=21,
    ),
    Field(
        "case_number",
        "Sagsnummer",
        _l("Sagsnummer"),
        Kind.CASE_NUMBER,
        ("Sagsnr.", "Sag", "Journalnummer", "Journalnr.", "Acadre-nr."),
        limit=40,
        width=20,
    ),
    Field(
        "contact_name",
        "Kontaktperson",
        _l("Kontaktperson"),
        also=("Kontakt", "Kontaktpersonens navn", "Kontaktnavn"),
        width=24,
    ),
    Field(
        "contact_title",
        "Kontakt stilling",
        _l("Kontaktpersonens stilling"),
        also=("Titel", "Kontaktpersonens titel", "Kontaktpersonens stilling", "Funktion"),
        limit=120,
        width=20,
    ),
    Field(
        "contact_phone",
        "Telefon",
        _l("Kontaktpersonens telefon"),
        Kind.PHONE,
        (
            "Tlf.",
            "Tlf.nr.",
            "Telefonnummer",
            "Telefonnr.",
            "Mobil",
            "Mobilnummer",
            "Kontakt telefon",
            "Kontaktpersonens telefon",
            "Phone",
        ),
        limit=40,
        width=17,
    ),
    Field(
        "contact_email",
        "E-mail",
        _l("Kontaktpersonens e-mail"),
        Kind.MAIL,
        ("Email", "Mail", "E-mailadresse", "Mailadresse", "E-post", "Kontakt e-mail", "Kontaktpersonens e-mail"),
        limit=254,
        width=30,
    ),
    Field(
        "membership", "Medlemskab", _l("Medlemskab"), also=("Medlem", "Medlemsstatus", "Medlem af netværket"), width=12
    ),
    Field(
        "membership_on",
        "Tilmeldt netværk",
        _l("Tilmeldt netværk"),
        Kind.DATE,
        (
            "Tilmeldt",
            "Tilmeldt den",
            "Dato for tilmelding",
            "Tilmeldingsdato",
            "Medlem siden",
            "Indmeldt",
            "Indmeldelsesdato",
            "Tilmeldt netværket",
        ),
        width=16,
    ),
    Field("stage", "Status", _l("Status"), also=("Trin", "Stadie", "Fase", "Forløbsstatus", "Stage"), width=22),
    Field(
        "close_reason",
        "Lukket fordi",
        _l("Lukket fordi"),
        also=("Årsag", "Lukkeårsag", "Årsag til lukning", "Afslagsårsag"),
        width=15,
    ),
    Field("postponed_to_year", "Udskudt til", _l("Udskudt til år"), Kind.YEAR, ("Udskudt til år",), width=11),
    Field("suitable", "Egnet?", _l("Egnet?"), also=("Egnethed", "Egnet", "Er egnet", "Vurderet egnet"), width=8),
    Field(
        "screening_on",
        "Screening",
        _l("Screeningsdato"),
        Kind.DATE,
        ("Screeningsdato", "Dato for screening", "Screening dato", "Screenet den", "Screeningsbesøg"),
        width=12,
    ),
    Field(
        "screener_name",
        "Screener",
        _l("Screener"),
        also=("Screenes af", "Miljømedarbejder", "Screenet af"),
        limit=120,
        width=20,
    ),
    Field("source", "Kilde", _l("Kilde"), also=("Hvorfra", "Henvist fra", "Oprindelse"), width=20),
    Field("responsible", "Ansvarlig", _l("Ansvarlig"), also=("Sagsbehandler", "Ansvarlig medarbejder"), width=22),
    Field(
        "next_step",
        "Næste skridt",
        _l("Næste skridt"),
        also=("Næste trin", "Opfølgning", "Aktion"),
        limit=300,
        width=28,
    ),
    Field(
        "next_step_on",
        "Næste skridt dato",
        _l("Dato for næste skridt"),
        Kind.DATE,
        ("Dato for næste skridt", "Opfølgningsdato", "Næste skridt den", "Følges op den"),
        width=16,
    ),
    Field(
        "note",
        "Bemærkninger",
        _l("Bemærkninger"),
        Kind.LINES,
        ("Bemærkning", "Noter", "Note", "Kommentar", "Kommentarer"),
        limit=20_000,
        width=40,
    ),
    Field("programme", "Forløbsår", _l("Forløbsår"), Kind.YEAR, ("Programår", "Forløb år"), width=10),
)

BY_KEY: dict[str, Field] = {field.key: field for field in FIELDS}

# Headings that say: this sheet lists people at a course or an event, not candidates.
PARTICIPANT_HEADINGS = (
    "Deltager",
    "Deltagere",
    "Deltagernavn",
    "Kursist",
    "Kursister",
    "Dag 1",
    "Dag 2",
    "Kursusbevis",
    "Fremmødt",
    "Fremmøde",
    "Hold",
)

# Fields whose words and dates decide a move; they make up the mark that an import leaves.
DECIDING = ("stage", "close_reason", "postponed_to_year", "suitable", "screening_on", "membership", "membership_on")
