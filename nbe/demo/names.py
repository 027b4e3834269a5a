"""Made-up Danish businesses and people. All on example.dk; every CVR number passes modulus 11 and begins with 9."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

PLACES = (
    "Moseby", "Tranum", "Klitmøller", "Slettestrand", "Limfjordens", "Æblegårdens", "Hune", "Svinkløv", "Øland",
    "Grønhøj", "Arentsminde", "Blokhus", "Gjøl", "Vesterhavets", "Rødhus", "Kollerup", "Strandby", "Nordvest",
    "Skovsgård", "Kaas", "Ingstrup", "Ryå", "Biersted", "Aaby", "Saltum", "Vester-Hjermitslev", "Ålbæk", "Hanherred",
    "Lille Vildmose", "Rebild Bakkers", "Himmerlands", "Vendsyssel", "Jyske Ås", "Hals", "Ranum", "Løgstør",
)  # fmt: skip
TRADES = (
    ("Maskinfabrik", "256200"), ("Mejeri", "105100"), ("Møbelfabrik", "310900"), ("Bageri", "107120"),
    ("Hotel", "551010"), ("Camping", "553000"), ("Trykkeri", "181200"), ("Smede", "251200"), ("VVS", "432200"),
    ("El-teknik", "432100"), ("Tømrer & Byg", "433200"), ("Transport", "494100"), ("Autoværksted", "452010"),
    ("Plast", "222900"), ("Gartneri", "011300"), ("Fiskeindustri", "102010"),
)  # fmt: skip
FORMS = ("ApS", "A/S", "I/S", "P/S", "")
FIRST = (
    "Anne", "Bo", "Camilla", "Dorthe", "Erik", "Freja", "Gorm", "Hanne", "Ib", "Jytte", "Karsten", "Line", "Mads",
    "Nanna", "Ole", "Pia", "Rasmus", "Søren", "Tine", "Ulla", "Viggo", "Åse", "Ærøe",
)  # fmt: skip
LAST = (
    "Bøgh", "Christoffersen", "Dahl", "Eriksen", "Fælled", "Grøn", "Højmark", "Iversen", "Juhl", "Krogh", "Lund",
    "Møller", "Nørgaard", "Overgaard", "Præstegaard", "Quist", "Rønn", "Skov", "Thyboe", "Vestergård", "Ågård",
)  # fmt: skip
TITLES = ("Direktør", "Driftschef", "Produktionschef", "Miljøansvarlig", "Indehaver", "Kvalitetschef")
STREETS = ("Industrivej", "Havnevej", "Bredgade", "Østergade", "Aalborgvej", "Søndergade")
TOWNS: dict[int, tuple[tuple[str, str], ...]] = {
    773: (("7900", "Nykøbing M"), ("7970", "Redsted M")),
    787: (("7700", "Thisted"), ("7730", "Hanstholm"), ("7760", "Hurup Thy")),
    810: (("9700", "Brønderslev"), ("9330", "Dronninglund"), ("9320", "Hjallerup")),
    813: (("9900", "Frederikshavn"), ("9300", "Sæby"), ("9990", "Skagen")),
    820: (("9600", "Aars"), ("9670", "Løgstør"), ("9640", "Farsø")),
    825: (("9940", "Læsø"),),
    840: (("9520", "Skørping"), ("9530", "Støvring"), ("9574", "Bælum")),
    846: (("9500", "Hobro"), ("9560", "Hadsund"), ("9510", "Arden")),
    849: (("9490", "Pandrup"), ("9690", "Fjerritslev"), ("9440", "Aabybro"), ("9460", "Brovst"), ("9492", "Blokhus")),
    851: (("9000", "Aalborg"), ("9220", "Aalborg Øst"), ("9400", "Nørresundby"), ("9240", "Nibe")),
    860: (("9800", "Hjørring"), ("9850", "Hirtshals"), ("9480", "Løkken"), ("9760", "Vrå")),
}
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "ae", "Ø": "oe", "Å": "aa", " ": "."})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up."""

    name: str
    email: str
    phone: str
    title: str


def cvr_numbers(start: int) -> Iterator[str]:
    """Valid CVR numbers from `start` upward."""
    for number in range(start, 100_000_000):
        digits = f"{number:08d}"
        if sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0:
            yield digits


def make_person(rng: random.Random) -> Person:
    """A made-up person with a mail address on example.dk."""
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    phone = "".join(str(rng.randrange(10)) for _ in range(7))
    return Person(
        name, f"{name.translate(_ASCII).lower()}@example.dk", f"{rng.choice('2345679')}{phone}", rng.choice(TITLES)
    )


def make_business(rng: random.Random, cvr: str, municipality_code: int) -> dict[str, object]:
    """The plain columns of a made-up business."""
    trade, industry = rng.choice(TRADES)
    form = rng.choice(FORMS)
    postcode, town = rng.choice(TOWNS[municipality_code])
    return {
        "cvr": cvr,
        "p_number": "",
        "name": f"{rng.choice(PLACES)} {trade} {form}".strip(),
        "municipality_code": municipality_code,
        "address": f"{rng.choice(STREETS)} {rng.randrange(1, 99)}",
        "postcode": postcode,
        "town": town,
        "industry_code": industry,
        "industry_version": "DB07",
        "employees": rng.choice((3, 6, 9, 14, 22, 35, 48, 80, 140)),
        "is_ad_protected": rng.random() < 0.15,
        "is_sole_trader": form == "",
    }
