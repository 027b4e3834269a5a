"""Another municipality's ids, written into one's own forms and links, open and change nothing."""

from __future__ import annotations

import re

import pytest

from tests.security.conftest import House
from tests.security.finding_forms import FoundForm, find_forms
from tests.security.reading import finds, read, read_everything
from tests.security.test_once import kept, typed
from tests.security.world import canaries

OWN = re.compile(r"849(?=(00[1-7])?\b)")


def swapped(text: str) -> str:
    """The same with the other side's ids and code."""
    return OWN.sub("851", text)


def swaps(form: FoundForm) -> list[tuple[str, dict[str, object]]]:
    """The form with each of its hidden or chosen values swapped in turn, and a foreign id where one is asked for."""
    data, found = typed(form), []
    for name, value in data.items():
        if isinstance(value, str) and swapped(value) != value:
            found.append((form.action, {**data, name: swapped(value)}))
    for name in form.named(r"(^|_)(id|valgt|med|business|kommune|municipality_code|responsible_id)$"):
        for foreign in ("851", "851001", "851004", "851004:contacted"):
            found.append((form.action, {**data, name: foreign}))
    if "?" in form.action and swapped(form.action) != form.action:
        found.append((swapped(form.action), data))
    return found


@pytest.mark.parametrize("who", ["leader A"])
def test_foreign_ids_in_a_form_change_nothing_there(house: House, who: str) -> None:
    tried = 0
    for form in find_forms(house, who):
        for action, data in swaps(form):
            house.restore()
            others = theirs(house)
            answer = house.fresh_client(who).post(action, data=data | {"csrf_token": house.token(who)}, buffered=True)
            tried += 1
            assert answer.status_code < 500, f"{action} {data}"
            assert theirs(house) == others, f"{action} {data}"
            seen = answer.text.casefold()
            if answer.location:
                seen += read(house, who, answer.location).seen
            told = [
                kind for kind, canary in canaries("b").items() if canary in seen and canary not in str(data).casefold()
            ]
            assert told == [], f"{action} {data}"
    assert tried > 10


def theirs(house: House) -> list[str]:
    """The rows that belong to the other municipality, or name something of it."""
    return [line for line in kept(house) if re.search(r"\b851(00[1-7])?\b", line)]


@pytest.mark.parametrize("who", ["leader A", "partner A"])
def test_foreign_ids_in_a_link_show_nothing(house: House, who: str) -> None:
    paths = {reading.path for reading in read_everything(house, who)}
    links = sorted({swapped(path) for path in paths if "?" in path and swapped(path) != path})
    assert len(links) > 5
    readings = [read(house, who, link) for link in links]
    assert [r.path for r in readings if r.status >= 500] == []
    assert {kind for kind, canary in canaries("b").items() if finds(readings, canary)} == set()
