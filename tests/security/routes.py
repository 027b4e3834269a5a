"""Every address of the service, read from its own map, with ids filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.security.world import World

MISSING = 987654321
# Names of address parts that stand for something of the world.
OBJECTS = {
    "business_id": "business",
    "other_id": "twin",
    "gone_id": "twin",
    "contact_id": "contact",
    "activity_id": "activity",
    "candidacy_id": "candidacy",
    "membership_id": "membership",
    "run_id": "run",
    "user_id": "user",
    "criterion_id": "criterion",
    "event_id": "gathering",
    "registration_id": "registration",
    "meeting_id": "event",
    "target_id": "target",
    "programme_id": "programme",
    "ledger_id": "ledger",
    "code": "code",
    "measure_id": "measure",
    "factor_id": "factor",
    "look_id": "look",
    "screening_id": "screening",
    "report_id": "report",
    "screener_id": "staff",
    "mailing_id": "mailing",
    "mail_id": "mail",
    "file_id": "file",
    "course_id": "course",
    "team_id": "team",
    "day_id": "course_day",
    "participant_id": "participant",
    "exchange_id": "exchange",
    "loan_id": "loan",
}
# Parts that name a kind, a page or a token: what stands for a good one, and what for a missing one.
WORDS: dict[str, tuple[Any, Any]] = {
    "kind": ("csv", "csv"),
    "name": ("burnup", "findes-ikke"),
    "key": ("falsk-noegle", "falsk-noegle"),
    "token": ("falsk-token", "falsk-token"),
    "year": (2016, 2099),
}


@dataclass(frozen=True, slots=True)
class Address:
    """A rule with its ids filled in for a case: own, other or missing."""

    rule: Rule
    case: str
    path: str


def rules_of(app: Flask) -> list[Rule]:
    """Every rule, in a fixed order."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def served(app: Flask, path_rule: str) -> set[str]:
    """The methods that some rule serves at this address."""
    return {method for rule in app.url_map.iter_rules() if rule.rule == path_rule for method in rule.methods or ()}


def fill(app: Flask, rule: Rule, world: World, case: str, side: str) -> Address:
    """The address of a rule. `side` is the viewer's own; `case` other takes the things of the other side.

    Mixed: the first thing is one's own, the next the other side's.
    """
    values: dict[str, Any] = {}
    other = "b" if side == "a" else "a"
    for place, name in enumerate(_in_order(rule)):
        if name in OBJECTS:
            whose = other if case == "other" or (case == "mixed" and place) else side
            values[name] = MISSING if case == "missing" else world.objects[whose][OBJECTS[name]]
        elif name in WORDS:
            values[name] = WORDS[name][case == "missing"]
        else:
            raise AssertionError(
                f"{rule.rule}: the part <{name}> is unknown; add it to OBJECTS or WORDS in tests/security/routes.py"
            )
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return Address(rule, case, adapter.build(rule.endpoint, values, method=sorted(rule.methods or ())[0]))


def _in_order(rule: Rule) -> list[str]:
    return sorted(rule.arguments, key=lambda name: rule.rule.index(f"{name}>"))


def cases_of(rule: Rule) -> tuple[str, ...]:
    """Own, other and missing where the address names a thing, mixed where it names two; else own alone."""
    things = [name for name in rule.arguments if name in OBJECTS]
    return ("own", "other", "missing", "mixed")[: 4 if len(things) > 1 else 3 if things else 1]


def pages(app: Flask, world: World, side: str = "a") -> Iterator[Address]:
    """Every address that can be read, with things of `side`."""
    for rule in rules_of(app):
        if "GET" in (rule.methods or ()):
            yield fill(app, rule, world, "own", side)
