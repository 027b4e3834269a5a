"""What the story's screenings saw: observations by theme, and the proposals that came of them."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from nbe.models.states import Quantity

INVESTMENT, MONEY, ENERGY = Quantity.INVESTMENT, Quantity.MONEY, Quantity.ENERGY
WATER, MATERIAL, WASTE = Quantity.WATER, Quantity.MATERIAL, Quantity.WASTE


class Proposal(NamedTuple):
    """One proposal of a theme: what it saves a year, what it costs once, and the factor of its CO₂e."""

    theme: str
    title: str
    description: str
    amounts: dict[Quantity, int]
    factor: str = ""
    evidence: str = ""


PROPOSALS: tuple[Proposal, ...] = (
    Proposal(
        "energy", "Udskift til LED-lys i hallen", "Lysrør skiftes til LED med bevægelsesføler i lagerdelen.",
        {INVESTMENT: 62_000, MONEY: 31_000, ENERGY: 19_500}, "electricity", "Elmåler, aflæst før og efter",
    ),
    Proposal(
        "energy", "Tæt trykluftanlægget", "Utætheder findes med ultralyd om natten og tætnes; trykket sænkes en bar.",
        {INVESTMENT: 14_000, MONEY: 22_000, ENERGY: 14_200}, "electricity", "Log fra kompressoren",
    ),
    Proposal(
        "energy", "Genbrug varmen fra kompressoren", "Overskudsvarmen føres til rumvarme i værkstedet.",
        {INVESTMENT: 95_000, MONEY: 27_500, ENERGY: 41_000}, "natural_gas", "Gasregning for tolv måneder",
    ),
    Proposal(
        "water", "Genbrug skyllevand", "Sidste hold skyllevand bruges til første skyl.",
        {INVESTMENT: 38_000, MONEY: 12_500, WATER: 420}, "water", "Vandmåler på skyllekarret",
    ),
    Proposal(
        "waste", "Sortér plast og pap for sig", "Egne containere ved pakkeriet i stedet for brændbart.",
        {INVESTMENT: 4_500, MONEY: 9_800, WASTE: 6_200}, "residual", "Opgørelse fra affaldsselskabet",
    ),
    Proposal(
        "materials", "Læg emnerne tættere på pladen", "Nyt program til skæremaskinen giver mindre fraskær.",
        {INVESTMENT: 25_000, MONEY: 48_000, MATERIAL: 3_900}, "steel", "Indkøb pr. færdig vare",
    ),
    Proposal(
        "transport", "Saml leverancer til faste dage", "Kunder nord for fjorden får varer tirsdag og torsdag.",
        {INVESTMENT: 0, MONEY: 18_000, ENERGY: 16_500}, "diesel", "Brændstofkort",
    ),
)  # fmt: skip

# theme -> what the business does already, what was seen
SEEN: dict[str, tuple[str, str]] = {
    "energy": ("Aflæser elmåleren hver måned.", "Kompressoren kører i pauserne, og lyset er tændt i hele hallen."),
    "water": ("Har skiftet til slanger med pistol.", "Skyllevandet bruges kun én gang."),
    "waste": ("Metal sorteres og sælges.", "Pap og plast ender sammen med brændbart."),
    "materials": ("Fraskær vejes hver uge.", "Omkring en tiendedel af pladen bliver til spild."),
    "chemicals": ("Listen over kemikalier er ført ajour.", "Spildbakker mangler under to tønder."),
    "transport": ("Bilerne er kortlagt.", "Bilerne kører ofte halvtomme hjem."),
    "procurement": ("Spørger leverandørerne om miljømærker.", "Der er ingen faste krav til leverandørerne."),
    "design": ("Reservedele kan købes i ti år.", "Emballagen kan ikke skilles ad."),
    "work_environment": ("APV er fra sidste år.", "Der er støj ved savene; høreværn bruges."),
    "community": ("Har to lærlinge.", "Vil gerne tage en praktikant mere."),
    "management": ("Har en skriftlig miljøpolitik.", "Målene følges ikke op med tal."),
    "symbiosis": ("Leverer træaffald til en nabo.", "Overskudsvarmen kunne bruges ved siden af."),
}


def decimal_amounts(proposal: Proposal, percent: int) -> dict[Quantity, Decimal]:
    """What a proposal saves at a business that is so many percent as large as the one it was written for."""
    return {quantity: Decimal(number * percent) / 100 for quantity, number in proposal.amounts.items()}
