"""The fields of the contact person, the membership and the candidacy."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from nbe.imports.fields.kinds import Field, Kind

OF_THE_CANDIDACY: tuple[Field, ...] = (
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
