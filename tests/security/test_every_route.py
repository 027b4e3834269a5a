"""Every route × six sessions × own, other and missing things × six methods, beside the agreed policy."""

from __future__ import annotations

import itertools

import pytest

from tests.security.conftest import EVERY_METHOD, House
from tests.security.policy import POLICY, expected
from tests.security.routes import cases_of, fill, rules_of, served
from tests.security.world import WHO
from tests.sizes import is_drill


def test_every_route_stands_in_the_policy(house: House) -> None:
    missing = sorted({rule.endpoint for rule in rules_of(house.app)} - set(POLICY))
    assert not missing, f"add to POLICY in tests/security/policy.py, after thinking who may: {', '.join(missing)}"


def test_the_policy_names_no_route_that_is_gone(house: House) -> None:
    assert sorted(set(POLICY) - {rule.endpoint for rule in rules_of(house.app)}) == []


def is_tried(who: str, case: str, method: str, own: set[str], all_served: set[str]) -> bool:
    """Whether to send this one; what the address map refuses by itself is tried in full in the drill only."""
    if method in own:
        return method != "HEAD" or case == "own" or is_drill()
    if method in all_served:
        return False  # another endpoint's, walked with that one
    return is_drill() or (case == "own" and who == "admin" and method in ("POST", "PATCH", "GET"))


@pytest.mark.parametrize("who", WHO)
def test_every_route_answers_as_agreed(house: House, who: str) -> None:
    deviations, tried = [], 0
    for rule in rules_of(house.app):
        if rule.endpoint not in POLICY:
            continue  # told by the test above
        line, own, all_served = POLICY[rule.endpoint], rule.methods or set(), served(house.app, rule.rule)
        for case, method in itertools.product(cases_of(rule), EVERY_METHOD):
            if not is_tried(who, case, method, own, all_served):
                continue
            path = fill(house.app, rule, house.world, case, "b" if who.endswith("B") else "a").path
            wanted = expected(line, who, case, method) if method in own else (405,)
            answer = house.send(who, method, path)
            tried += 1
            if answer.status_code not in wanted:
                deviations.append(f"{method} {path} ({rule.endpoint}, {case}): {answer.status_code}, not {wanted}")
            elif wanted == (302,) and not (answer.location or "").startswith("/login"):
                deviations.append(f"{method} {path}: sent to {answer.location}")
            if method == "HEAD" and answer.data:
                deviations.append(f"HEAD {path} has a body")
            if method not in ("GET", "HEAD") and answer.status_code < 400:
                house.restore()
    assert not deviations, "\n".join(deviations)
    assert tried > 100
