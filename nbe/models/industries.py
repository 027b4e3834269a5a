"""Industry divisions: the first two digits of a DB07 or DB25 code, with short Danish names."""

from __future__ import annotations

from functools import cache

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

DIVISIONS = {
    "01": _l("Landbrug og gartneri"),
    "02": _l("Skovbrug"),
    "03": _l("Fiskeri"),
    "08": _l("Råstofindvinding"),
    "10": _l("Fødevarer"),
    "11": _l("Drikkevarer"),
    "13": _l("Tekstiler"),
    "14": _l("Beklædning"),
    "15": _l("Læder og fodtøj"),
    "16": _l("Træ"),
    "17": _l("Papir"),
    "18": _l("Trykkerier"),
    "19": _l("Olieraffinaderier"),
    "20": _l("Kemi"),
    "21": _l("Medicin"),
    "22": _l("Plast og gummi"),
    "23": _l("Glas, keramik og beton"),
    "24": _l("Metal"),
    "25": _l("Metalvarer"),
    "26": _l("Elektronik"),
    "27": _l("Elektrisk udstyr"),
    "28": _l("Maskiner"),
    "29": _l("Motorkøretøjer"),
    "30": _l("Skibe og transportmidler"),
    "31": _l("Møbler"),
    "32": _l("Anden industri"),
    "33": _l("Reparation af maskiner"),
    "35": _l("Energiforsyning"),
    "36": _l("Vandforsyning"),
    "37": _l("Spildevand"),
    "38": _l("Affald og genbrug"),
    "39": _l("Jord- og grundvandsrensning"),
    "41": _l("Byggeri"),
    "42": _l("Anlæg"),
    "43": _l("Bygge- og anlægshåndværk"),
    "45": _l("Bilhandel og værksteder"),
    "46": _l("Engroshandel"),
    "47": _l("Detailhandel"),
    "49": _l("Landtransport"),
    "50": _l("Skibsfart"),
    "51": _l("Luftfart"),
    "52": _l("Lager og havne"),
    "53": _l("Post og kurer"),
    "55": _l("Hoteller og camping"),
    "56": _l("Restauranter"),
    "58": _l("Forlag"),
    "59": _l("Film og lyd"),
    "60": _l("Radio og tv"),
    "61": _l("Telekommunikation"),
    "62": _l("It"),
    "63": _l("Informationstjenester"),
    "64": _l("Finans"),
    "65": _l("Forsikring"),
    "66": _l("Finansiel service"),
    "68": _l("Ejendomme"),
    "69": _l("Jura og revision"),
    "70": _l("Rådgivning om ledelse"),
    "71": _l("Arkitekter og ingeniører"),
    "72": _l("Forskning"),
    "73": _l("Reklame"),
    "74": _l("Andre liberale erhverv"),
    "75": _l("Dyrlæger"),
    "77": _l("Udlejning"),
    "78": _l("Vikarbureauer"),
    "79": _l("Rejsebureauer"),
    "80": _l("Vagt og sikkerhed"),
    "81": _l("Rengøring og ejendomsservice"),
    "82": _l("Kontorservice"),
    "84": _l("Offentlig forvaltning"),
    "85": _l("Undervisning"),
    "86": _l("Sundhed"),
    "87": _l("Institutioner"),
    "88": _l("Socialt arbejde"),
    "90": _l("Kunst"),
    "91": _l("Museer og biblioteker"),
    "92": _l("Spil"),
    "93": _l("Sport og fritid"),
    "94": _l("Foreninger"),
    "95": _l("Reparation af husholdningsvarer"),
    "96": _l("Personlig service"),
}


@cache
def _names(language: str) -> dict[str, str]:
    """Two digits -> name, in one language; a list asks for it row by row."""
    return {code: str(label) for code, label in DIVISIONS.items()}


def division_names() -> dict[str, str]:
    """Two digits -> name, in the language that is spoken."""
    locale = get_locale()
    return _names(locale.language if locale else "da")


def division_label(industry_code: str) -> str:
    """The name of a code's division; the code itself where it is unknown."""
    return division_names().get(industry_code[:2], industry_code) if industry_code else ""


def division_choices() -> list[tuple[str, str]]:
    """(two digits, name) for a filter."""
    return [(code, f"{code} {label}") for code, label in division_names().items()]
