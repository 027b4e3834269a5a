"""The fields of the business itself."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from nbe.imports.fields.kinds import Field, Kind

OF_THE_BUSINESS: tuple[Field, ...] = (
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
)
