"""Every page in one language at a time, as each role sees it; and how the language is chosen."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.builders import csrf_of
from tests.language.courses_walk import course_places
from tests.language.seen import DANISH, ENGLISH, read, strange, written_by_people
from tests.language.walk import NOWHERE, ROWS, known_places, sign_in_as, upload_rows, walk

# How many kinds of pages a role reaches at least; a walk that found none would prove nothing.
LEAST = {"": 5, "partner": 15, "leader": 50, "administrator": 15}
# Files and answers to scripts, checks, doors that lead on, and what only a link in a mail opens.
NO_PAGE = re.compile(
    r"\.(<|csv|xlsx|json|pdf|ics|txt)|/static|/healthz|/readyz|/start|/opslag|/fremdrift|/rettelser|/login$|/login/fortsaet|/glemt-adgangskode/<"
    r"|<int:candidacy_id>/screening$"
    r"|/filer/|/billeder/|skema\.js"
    r"|<int:report_id>/rediger|<int:screening_id>/rapport$"  # the story's is with its reader: tests/reports
)
WRONG = {"da": ENGLISH, "en": DANISH}


def unseen(app: Flask, role: str, pages: dict[str, str]) -> list[str]:
    """The addresses of pages that the walk of a leader, or of an administrator, ought to have met."""
    adapter = app.url_map.bind("localhost")
    met = {adapter.match(address.split("?")[0], "GET")[0] for address in pages if address != NOWHERE}
    mine = {
        "leader": lambda path: not path.startswith("/administration"),
        "administrator": lambda path: path.startswith("/administration"),
    }
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and role in mine]
    return sorted(r.rule for r in rules if mine[role](r.rule) and r.endpoint not in met and not NO_PAGE.search(r.rule))


@pytest.mark.parametrize("role", list(LEAST))
def test_a_page_is_all_in_one_language(story: Flask, role: str) -> None:
    known = written_by_people()
    for language, wrong in WRONG.items():
        client = sign_in_as(story, role, language)
        starts = ["/login", "/start"]
        if role != "administrator":  # who sees the same as the others, and the administration
            starts += known_places()
        else:
            starts += course_places()
        if role == "leader":
            run = upload_rows(client)
            starts += [run, f"{run}/kolonner"]
        pages = walk(story, client, starts, within="/administration" if role == "administrator" else "/")
        assert len(pages) > LEAST[role]
        assert unseen(story, role, pages) == []
        odd = {}
        for address, page in pages.items():
            said, texts = read(page)
            assert said == language, address
            odd[address] = strange(texts, wrong, [*known, *re.split(r"[;\n]", ROWS)])
        assert {address: texts for address, texts in odd.items() if texts} == {}


def test_english_is_chosen_once_and_holds(story: Flask) -> None:
    """The other language is offered in its own words; the choice follows the browser, then the person."""
    client = story.test_client()
    page = client.get("/login").get_data(as_text=True)
    assert '<html lang="da">' in page
    assert re.search(r'<button[^>]*value="en" lang="en"[^>]*>English</button>', page)
    answer = client.post("/sprog", data={"language": "en", "next": "/was", "csrf_token": csrf_of(client)})
    assert answer.location.endswith("/was")
    page = client.get("/was").get_data(as_text=True)
    assert '<html lang="en">' in page
    assert re.search(r'<button[^>]*value="da" lang="da"[^>]*>Dansk</button>', page)

    client.post("/demo-login", data={"role": "leader", "csrf_token": csrf_of(client)})
    assert '<html lang="en">' in client.get("/min-dag").get_data(as_text=True)
    client.post("/sprog", data={"language": "en", "csrf_token": csrf_of(client, "/konto")})

    elsewhere = story.test_client()
    elsewhere.post("/demo-login", data={"role": "leader", "csrf_token": csrf_of(elsewhere)})
    assert '<html lang="en">' in elsewhere.get("/min-dag").get_data(as_text=True)


def test_an_unknown_language_changes_nothing(story: Flask) -> None:
    client = story.test_client()
    client.post("/sprog", data={"language": "tlh", "csrf_token": csrf_of(client)})
    assert '<html lang="da">' in client.get("/login", headers={"Accept-Language": "en"}).get_data(as_text=True)
