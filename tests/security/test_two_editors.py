"""Of many who save the same record at once one wins; the others are told, and what they typed is kept."""

from __future__ import annotations

import datetime as dt
import html
import re
import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from nbe.core.dates import parse_date
from tests.security.conftest import House
from tests.security.finding_forms import FoundForm, find_forms, forms_of
from tests.security.reading import read
from tests.sizes import size

WHO_SAVES = "admin"
AT_ONCE = size(50, 0.1)
# The field by which a form knows what it was filled in from.
KNOWS = r"(^|-)(version|base|stand|fra|valgt)$"
# Forms with fields to fill in that need not know it.
WITHOUT = {
    "/konto": "one's own name",
    "/konto/adgangskode": "the present password is asked for",
    "/glemt-adgangskode": "the door",
    "/import": "begins something",
    "/import/0/kolonner": "a dry run, to be confirmed",
    "/kandidater/ny": "begins something",
    "/kandidater/0/tiltag/nyt": "begins something",
    "/kandidater/0/opkald": "begins something",
    "/kandidater/0/screening/ny": "begins something",
    "/virksomheder/ny": "begins something",
    "/virksomheder/0/aktivitet": "begins something",
    "/virksomheder/0/kontakter/ny": "begins something",
    "/virksomheder/0/opkald": "begins something",
    "/ressourcer/0/screenere/ny": "begins something",
    "/arrangementer/nyt": "begins something",
    "/arrangementer/0/tilmeld": "begins something",
    "/ressourcer/0/0/laan/tilbyd": "begins something",
    "/ressourcer/0/0/laan/bed": "begins something",
    "/tilmeldinger/0/virksomhed": "says which business, whatever stood there",
    "/administration/brugere/ny": "begins something",
    "/administration/forloeb/nyt": "begins something",
    "/administration/kriterier/nyt": "begins something",
    "/administration/faktorer/ny": "begins something",
    "/administration/moeder/nyt": "begins something",
    "/kurser/nyt": "begins something",
    "/kurser/0/hold/nyt": "begins something",
    "/kurser/hold/0/dage/ny": "begins something",
    "/kurser/hold/0/tilmeld": "begins something",
    "/kurser/hold/0/pladser": "begins something",
    "/kurser/dage/0/fremmoede": "choices alone; only those changed are saved (tests/courses/test_attendance.py)",
    "/kursister/0/afmeld": "a step, done once",
    "/kursister/0/flyt": "a step, done once",
}


def has_fields(form: FoundForm) -> bool:
    """Whether somebody fills something in."""
    return any(kind not in ("hidden", "button") for _, _, kind in form.fields)


def changed(form: FoundForm, number: int) -> tuple[dict[str, str], str]:
    """The form with one field changed by its `number`th editor, and what that one typed."""
    texts = [name for name, _, kind in form.fields if kind in ("text", "textarea") and not re.search(KNOWS, name)]
    for name in sorted(texts, key=lambda name: not re.search(r"(name|title|next_step|reason|note|subject)$", name)):
        value = form.value(name) or ""
        if re.search(r"(name|title|next_step|reason|note|subject)$", name):
            typed = f"Rettet af nummer {number} her"
        elif value.isdigit() and len(value) < 4:
            typed = str(int(value) + 1 + number)
        elif re.fullmatch(r"\d\d-\d\d-\d{4}", value):
            day = parse_date(value)
            assert day is not None
            typed = (day - dt.timedelta(days=1 + number)).strftime("%d-%m-%Y")
        else:
            continue
        # Nobody has two parts at a visit: the second screener is left out. A look before its time is asked about.
        besides = ({"second": ""} if "second" in form.choices else {}) | (
            {"early": "y"} if form.named("^held_on$") else {}
        )
        return {name: typed} | besides, typed
    # Nothing but a choice: all make the same, and there is no text to keep.
    return {name: "interested" for name, options in form.choices.items() if "interested" in options}, ""


def in_order(form: FoundForm) -> tuple[bool, bool]:
    """What ends a business comes last, as its forms are gone afterwards; what a visit saw comes before it is closed."""
    return bool(re.search(r"ophoert|sammenlaeg", form.action)), "skema" not in form.action


def edit_forms(house: House) -> list[FoundForm]:
    """The forms that change what somebody else may be changing."""
    return [form for form in find_forms(house, WHO_SAVES) if has_fields(form) and form.named(KNOWS)]


def test_every_form_knows_what_it_was_filled_in_from(house: House) -> None:
    forms = [form for form in find_forms(house, WHO_SAVES) if has_fields(form) and not form.named(KNOWS)]
    without = {re.sub(r"\d+", "0", form.action.split("?")[0]) for form in forms}
    assert without <= set(WITHOUT), "add hidden_fields(version) and find_conflict, or say why in WITHOUT"


def test_one_wins_and_the_others_keep_what_they_typed(new_house: Callable[[], House]) -> None:
    house = new_house()
    found = edit_forms(house)
    assert len(found) >= 10
    faults = []
    for form in sorted(found, key=in_order):
        token = house.token(WHO_SAVES)
        again = [f for f in forms_of(read(house, WHO_SAVES, form.page)) if f.action == form.action and f.named(KNOWS)]
        if not again and "sammenlaeg" in form.action:
            continue  # it has ceased; merging is tried in tests of its own
        here = again[0]

        def save(number: int, here: FoundForm = here, token: str = token) -> tuple[int, bool]:
            changes, typed = changed(here, number)
            changes["once"] = secrets.token_urlsafe(18)
            answer = house.fresh_client(WHO_SAVES).post(here.action, data=here.data(**changes, csrf_token=token))
            return answer.status_code, typed in html.unescape(answer.text)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(save, range(AT_ONCE)))
        statuses = Counter(status for status, _ in answers)
        told = statuses[409] + (
            statuses[404] if "sammenlaeg" in form.action else 0
        )  # the other one has gone in the first
        if statuses[302] + statuses[303] != 1 or told != AT_ONCE - 1:
            faults.append(f"{form.action}: {dict(statuses)}")
        elif lost := [status for status, is_kept in answers if status == 409 and not is_kept]:
            faults.append(f"{form.action}: what {len(lost)} of {AT_ONCE - 1} had typed is lost")
    assert not faults, "\n".join(faults)


def test_the_second_sees_what_the_first_changed(house: House) -> None:
    """And sends it again, having chosen."""
    path = "/virksomheder/849001/rediger"
    mine = next(form for form in forms_of(read(house, "admin", path)) if form.action == path)
    theirs = next(form for form in forms_of(read(house, "leader A", path)) if form.action == path)
    first = house.client("leader A").post(path, data=theirs.data(town="Aabybro", employees="13"))
    assert first.status_code in (302, 303)
    second = house.client("admin").post(path, data=mine.data(town="Brovst", note="Nyt om varmen"))
    assert second.status_code == 409
    for seen in ("Aabybro", "Brovst", "Nyt om varmen", "Prøve leader"):
        assert seen in second.text
    again = read_again(second.text, path)
    saved = house.client("admin").post(path, data=again.data(town="Brovst", note="Nyt om varmen"))
    assert saved.status_code in (302, 303), saved.text[:300]
    page = read(house, "admin", path)
    assert 'value="Brovst"' in page.text
    assert "Nyt om varmen" in page.text


def read_again(text: str, path: str) -> FoundForm:
    """The form on the page that tells of the conflict."""
    from tests.security.reading import Reading

    found = forms_of(Reading(path, 200, {"Content-Type": "text/html"}, text, ""))
    return next(form for form in found if form.action == path)
