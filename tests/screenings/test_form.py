"""The form of a visit: by its button, and as a device sends it, edit by edit."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import Any

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db
from nbe.figures.checking import find_differences
from nbe.models import EmissionFactor, Measure, Screening, ScreeningEdit, ThemeAnswer
from nbe.models.states import Quantity, Relevance, RoleName, SavingPhase, ScreeningState
from nbe.screenings.rules import POTENTIAL_WORDS, POTENTIALS
from nbe.screenings.sync import rules
from tests.builders import csrf_of, make_screener, make_screening, make_user, sign_in


def enter(app: Flask, role: RoleName = RoleName.LEADER, code: int | None = 849) -> FlaskClient:
    return sign_in(app.test_client(), make_user(role, code))


def path_of(screening: Screening, page: str = "skema") -> str:
    return f"/screeninger/{screening.id}/{page}"


def filled(client: FlaskClient, path: str) -> dict[str, Any]:
    """What a browser would send of the form."""
    page = lxml.html.fromstring(client.get(path).get_data(as_text=True))
    form = next(form for form in page.forms if form.action == path)
    return values_of(form)


def values_of(form: Any) -> dict[str, Any]:
    """The values of a form; an empty choice is empty, and not "on"."""
    return {name: "" if value == "on" else value for name, value in form.form_values()}


def save(client: FlaskClient, screening: Screening, **typed: str) -> TestResponse:
    path = path_of(screening)
    data = filled(client, path)
    return client.post(path, data={**data, **{name.replace("__", ":"): value for name, value in typed.items()}})


def edit(number: int, subject: str, field: str, value: str, device: str = "device-a", **more: Any) -> dict[str, Any]:
    return {"device": device, "number": number, "subject": subject, "field": field, "value": value, **more}


def send(client: FlaskClient, screening: Screening, *edits: dict[str, Any], since: int = 0) -> dict[str, Any]:
    headers = {"X-CSRFToken": csrf_of(client, "/konto")}
    answer = client.post(path_of(screening, "rettelser"), json={"edits": edits, "since": since}, headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = json.loads(answer.text)
    return told


def answer_of(screening: Screening, code: str) -> ThemeAnswer:
    db.session.rollback()
    theme = next(theme for theme in screening.theme_set.themes if theme.code == code)
    found = db.session.scalars(
        sa.select(ThemeAnswer).where(ThemeAnswer.screening_id == screening.id, ThemeAnswer.theme_id == theme.id)
    )
    return found.one()


def outcomes(told: dict[str, Any]) -> list[str]:
    return [one["outcome"] for one in told["outcomes"]]


def test_saved_by_its_button(app: Flask) -> None:
    screening = make_screening()
    client = enter(app)
    page = client.get(path_of(screening)).text
    assert "0 af 12 temaer vurderet" in page
    key = next(name.split(":")[1] for name in filled(client, path_of(screening)) if name.endswith(":title"))
    path = path_of(screening)
    data = filled(client, path)
    key = next(n.split(":")[1] for n, v in data.items() if n.endswith(":theme") and v == "energy")
    data |= {
        "theme:energy:relevance": "relevant",
        "theme:energy:observation": "Trykluften lækker\r\nved porten",
        "theme:energy:potential": "3",
        "theme:energy:is_confidential": "y",
        "theme:water:relevance": "not_relevant",
        "theme:water:why_not": "Ingen proces bruger vand",
        f"proposal:{key}:title": "Tæt trykluften",
        f"proposal:{key}:energy": "12.500,5",
        f"proposal:{key}:money": "ikke målt",
        "screening:summary": "Et godt besøg",
    }
    answer = client.post(path, data=data)
    assert answer.status_code == 303
    energy = answer_of(screening, "energy")
    assert (energy.relevance, energy.potential, energy.is_confidential) == (Relevance.RELEVANT, 3, True)
    assert energy.observation == "Trykluften lækker\nved porten"
    assert answer_of(screening, "water").why_not == "Ingen proces bruger vand"
    measure = db.session.scalars(sa.select(Measure)).one()
    assert (measure.title, measure.key, measure.theme_id, measure.screening_id) == (
        "Tæt trykluften", key, energy.theme_id, screening.id,
    )  # fmt: skip
    told = {s.quantity: (s.amount, s.is_not_measured) for s in measure.savings if s.phase is SavingPhase.IDENTIFIED}
    assert told == {Quantity.ENERGY: (Decimal("12500.5"), False), Quantity.MONEY: (None, True)}
    assert db.session.get_one(Screening, screening.id).summary == "Et godt besøg"
    page = client.get(path).text
    assert "2 af 12 temaer vurderet" in page and "12500,5" in page
    assert list(find_differences()) == []
    assert client.post(path, data=filled(client, path)).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ScreeningEdit)) == 11


def test_what_cannot_be_used_is_said_and_kept(sqlite_app: Flask) -> None:
    screening = make_screening()
    client = enter(sqlite_app)
    data = filled(client, path_of(screening))
    key = next(n.split(":")[1] for n, v in data.items() if n.endswith(":theme") and v == "energy")
    data |= {
        f"proposal:{key}:title": "Tæt trykluften",
        f"proposal:{key}:energy": "N/A",
        "theme:water:relevance": "not_relevant",
        "theme:waste:observation": "Skriv mig 010203-1234",
        "theme:energy:observation": "Bliver stående",
    }
    answer = client.post(path_of(screening), data=data)
    page = answer.text
    assert answer.status_code == 422
    for seen in ("Skriv et tal", 'value="N/A"', "Bliver stående", "Skriv, hvorfor", "CPR-nummer", "Tæt trykluften"):
        assert seen in page
    db.session.rollback()
    assert db.session.scalars(sa.select(ThemeAnswer)).all() == []
    assert db.session.scalars(sa.select(ScreeningEdit)).all() == []


def test_two_by_the_button_choose(sqlite_app: Flask) -> None:
    screening = make_screening()
    first, second = enter(sqlite_app), enter(sqlite_app)
    path = path_of(screening)
    mine, theirs = filled(first, path), filled(second, path)
    assert second.post(path, data=theirs | {"theme:energy:observation": "Deres ord"}).status_code == 303
    answer = first.post(path, data=mine | {"theme:energy:observation": "Mine ord", "theme:water:observation": "Vand"})
    assert answer.status_code == 409
    assert "Deres ord" in answer.text and "Mine ord" in answer.text and "Energi: Det så vi" in answer.text
    page = lxml.html.fromstring(answer.text)
    again = values_of(next(form for form in page.forms if form.action == path))
    assert again["theme:energy:observation"] == "Deres ord"
    again["theme:energy:observation"] = "Mine ord"
    assert first.post(path, data=again).status_code == 303
    assert answer_of(screening, "energy").observation == "Mine ord"
    assert answer_of(screening, "water").observation == "Vand"


def test_other_fields_do_not_collide(sqlite_app: Flask) -> None:
    screening = make_screening()
    first, second = enter(sqlite_app), enter(sqlite_app)
    path = path_of(screening)
    mine, theirs = filled(first, path), filled(second, path)
    assert second.post(path, data=theirs | {"theme:energy:observation": "Deres"}).status_code == 303
    assert first.post(path, data=mine | {"theme:energy:does_already": "Mit"}).status_code == 303
    energy = answer_of(screening, "energy")
    assert (energy.observation, energy.does_already) == ("Deres", "Mit")


def test_each_edit_counts_once_and_in_order(app: Flask) -> None:
    screening = make_screening()
    client = enter(app)
    first = edit(1, "theme:energy", "observation", "A")
    second = edit(2, "theme:energy", "observation", "AB")
    told = send(client, screening, first, second)
    assert outcomes(told) == ["applied", "applied"] and told["send_from"] == {}
    again = send(client, screening, first, second)
    assert [one["id"] for one in again["outcomes"]] == [one["id"] for one in told["outcomes"]]
    gap = send(client, screening, edit(4, "theme:water", "observation", "D"), edit(5, "screening", "summary", "E"))
    assert gap["outcomes"] == [] and gap["send_from"] == {"device-a": 3}
    assert answer_of(screening, "energy").observation == "AB"
    assert db.session.get_one(Screening, screening.id).summary == ""


def test_nothing_is_overwritten_unseen(app: Flask) -> None:
    screening = make_screening()
    a, b = enter(app), enter(app)
    told = send(a, screening, edit(1, "theme:energy", "observation", "Fra A"))
    late = send(b, screening, edit(1, "theme:energy", "observation", "Fra B", "device-b"))
    assert outcomes(late) == ["conflict"]
    theirs = late["outcomes"][0]["theirs"]
    assert (theirs["value"], theirs["id"]) == ("Fra A", told["outcomes"][0]["id"])
    assert theirs["who"].startswith("Prøve leader")
    assert [(edit["field"], edit["value"]) for edit in late["later"]] == [
        ("observation", "Fra A"),
        ("relevance", "relevant"),
    ]
    chosen = send(b, screening, edit(2, "theme:energy", "observation", "Fra B", "device-b", base_id=theirs["id"]))
    assert outcomes(chosen) == ["applied"]
    same = send(a, screening, edit(2, "theme:energy", "observation", "Fra B"))
    assert outcomes(same) == ["applied"], "the same words are no conflict"
    assert answer_of(screening, "energy").observation == "Fra B"


def test_what_was_changed_outside_the_form_is_not_overwritten(app: Flask) -> None:
    screening = make_screening()
    client = enter(app)
    key = str(uuid.uuid4())
    told = send(client, screening, edit(1, f"proposal:{key}", "theme", "energy"),
                edit(2, f"proposal:{key}", "title", "LED i hallen"))  # fmt: skip
    base = told["outcomes"][1]["id"]
    db.session.rollback()
    db.session.scalars(sa.select(Measure)).one().title = "LED overalt"
    db.session.commit()
    late = send(client, screening, edit(3, f"proposal:{key}", "title", "LED ude", base_id=base))
    assert outcomes(late) == ["conflict"] and late["outcomes"][0]["theirs"]["value"] == "LED overalt"


def test_a_proposal_by_its_key_counts_once_and_is_taken_away(app: Flask) -> None:
    screening = make_screening()
    client, subject = enter(app), f"proposal:{uuid.uuid4()}"
    edits = [
        edit(1, subject, "theme", "energy"),
        edit(2, subject, "title", "LED"),
        edit(3, subject, "energy", "N/A"),
        edit(4, subject, "energy", "1.000"),
        edit(5, subject, "investment", "-5"),
    ]
    told = send(client, screening, *edits)
    assert outcomes(told) == ["applied", "applied", "refused", "applied", "refused"]
    assert "Skriv et tal" in told["outcomes"][2]["message"] and told["outcomes"][2]["value"] == "N/A"
    send(client, screening, *edits)
    db.session.rollback()
    measure = db.session.scalars(sa.select(Measure)).one()
    assert measure.title == "LED" and [saving.amount for saving in measure.savings] == [Decimal(1000)]
    told = send(client, screening, edit(6, subject, "removed", "y"), edit(7, subject, "title", "Andet"))
    assert outcomes(told) == ["applied", "refused"]
    db.session.rollback()
    assert db.session.scalars(sa.select(Measure)).one().is_hidden
    assert outcomes(send(client, screening, edit(8, subject, "removed", ""))) == ["applied"]
    db.session.rollback()
    assert not db.session.scalars(sa.select(Measure)).one().is_hidden
    assert list(find_differences()) == []


def test_a_proposal_of_another_screening_stays_there(sqlite_app: Flask) -> None:
    here, there = make_screening(), make_screening()
    client, subject = enter(sqlite_app), f"proposal:{uuid.uuid4()}"
    send(client, there, edit(1, subject, "title", "Deres"))
    assert outcomes(send(client, here, edit(1, subject, "title", "Mit"))) == ["refused"]
    db.session.rollback()
    assert db.session.scalars(sa.select(Measure.title)).all() == ["Deres"]


@pytest.mark.parametrize(
    "state", [ScreeningState.CANCELLED, ScreeningState.APPROVED, ScreeningState.HANDED_OVER], ids=str
)
def test_closed_for_writing(sqlite_app: Flask, state: ScreeningState) -> None:
    screening = make_screening(state=state)
    client = enter(sqlite_app)
    assert outcomes(send(client, screening, edit(1, "screening", "summary", "For sent"))) == ["refused"]
    page = client.get(path_of(screening)).text
    assert f"Tilstand: {state.label}. Skemaet kan kun læses." in page and "<textarea" not in page


@pytest.mark.parametrize(
    "edits",
    [
        "x", [1], [{"device": "device-a"}], [edit(0, "screening", "summary", "")],
        [edit(True, "screening", "summary", "")],
        [edit(1, "screening", "summary", "x", device="../../x")],
        [edit(1, "screening", "summary", "x", device="service")],
        [edit(1, "screening", "summary", "x" * 20_001)], [edit(1, "screening", "summary", "a\x00b")],
        [edit(1, "screening", "summary", "x")] * 201, [edit(2**31, "screening", "summary", "x")],
        [edit(1, "screening", "summary", "x", base_id=-1)],
    ],
)  # fmt: skip
def test_nonsense_is_not_read(sqlite_app: Flask, edits: Any) -> None:
    screening = make_screening()
    client = enter(sqlite_app)
    headers = {"X-CSRFToken": csrf_of(client, "/konto")}
    answer = client.post(path_of(screening, "rettelser"), json={"edits": edits}, headers=headers)
    assert answer.status_code == 422
    assert db.session.scalars(sa.select(ScreeningEdit)).all() == []


@pytest.mark.parametrize(
    ("subject", "field"),
    [("theme:nowhere", "observation"), ("theme:energy", "id"), ("screening", "state"), ("screening:1", "summary"),
     ("proposal:x", "title"), ("proposal:aaaaaaaa-1", "state"), ("", "summary")],
)  # fmt: skip
def test_fields_that_are_not_there(sqlite_app: Flask, subject: str, field: str) -> None:
    screening = make_screening()
    told = send(enter(sqlite_app), screening, edit(1, subject, field, "x"))
    assert outcomes(told) == ["refused"]


def test_who_writes_and_who_reads(sqlite_app: Flask) -> None:
    user, other = make_user(RoleName.SCREENER, 849), make_user(RoleName.SCREENER, 849)
    screening = make_screening(lead=make_screener(user))
    path = path_of(screening)
    mine, theirs = sign_in(sqlite_app.test_client(), user), sign_in(sqlite_app.test_client(), other)
    assert "<textarea" in mine.get(path).text
    answer = save(mine, screening, theme__energy__observation="Min")
    assert answer.status_code == 303, answer.text[answer.text.find("error-summary") :][:1500]
    page = theirs.get(path)
    assert page.status_code == 200 and "<textarea" not in page.text and "Min" in page.text
    headers = {"X-CSRFToken": csrf_of(theirs, "/konto")}
    body = {"edits": [edit(1, "screening", "summary", "x")]}
    assert theirs.post(path_of(screening, "rettelser"), json=body, headers=headers).status_code == 404
    assert enter(sqlite_app, RoleName.PARTNER).get(path).status_code == 403
    assert enter(sqlite_app, RoleName.LEADER, 851).get(path).status_code == 404
    assert sqlite_app.test_client().post(path_of(screening, "rettelser"), json=body).status_code == 400


def test_the_state_tells_who_and_what_came_since(sqlite_app: Flask) -> None:
    screening = make_screening()
    a, b = enter(sqlite_app), enter(sqlite_app)
    told = send(a, screening, edit(1, "screening", "summary", "Fra A"))
    state = b.get(path_of(screening, "rettelser") + "?siden=0&enhed=device-b").get_json()
    assert [edit["value"] for edit in state["later"]] == ["Fra A"] and state["latest"] == told["latest"]
    assert a.get(path_of(screening, "rettelser") + "?siden=0&enhed=device-a").get_json()["later"] == []
    headers = {"X-CSRFToken": state["csrf"]}
    body = {"edits": [edit(1, "theme:energy", "potential", "2", "device-b")], "since": state["latest"]}
    assert b.post(path_of(screening, "rettelser"), json=body, headers=headers).status_code == 200
    assert answer_of(screening, "energy").potential == 2


def test_potential_has_one_set_of_words() -> None:
    words = {str(step): str(word) for step, word in POTENTIAL_WORDS.items()}
    assert [str(label) for _, label in rules.POTENTIALS[1:]] == [f"{step} – {word}" for step, word in words.items()]
    assert [str(POTENTIALS[step]).lower() for step in POTENTIALS] == [f"{word} potentiale" for word in words.values()]


def test_what_is_written_of_a_theme_makes_it_relevant(sqlite_app: Flask) -> None:
    screening, client, key = make_screening(), enter(sqlite_app), uuid.uuid4()
    edits = [
        edit(1, "theme:energy", "observation", "Lækker"),
        edit(2, "theme:water", "potential", "2"),
        edit(3, f"proposal:{key}", "theme", "waste"),
        edit(4, f"proposal:{key}", "title", "Sortér"),
        edit(5, "theme:energy", "is_confidential", "y"),
        edit(6, "theme:water", "relevance", "not_relevant"),
        edit(7, "theme:water", "observation", "Alligevel"),
    ]
    assert set(outcomes(send(client, screening, *edits))) == {"applied"}
    db.session.rollback()
    relevance = {code: answer_of(screening, code).relevance for code in ("energy", "water", "waste")}
    said = [Relevance.RELEVANT, Relevance.NOT_RELEVANT, Relevance.RELEVANT]
    assert relevance == dict(zip(("energy", "water", "waste"), said, strict=True)), "what is said stands"
    assert outcomes(send(client, screening, edit(8, "theme:energy", "relevance", "not_relevant"))) == ["applied"]


def test_a_number_gets_the_only_factor_that_holds(sqlite_app: Flask) -> None:
    screening, client, subject = make_screening(), enter(sqlite_app), f"proposal:{uuid.uuid4()}"
    year = screening.starts_at.year
    db.session.rollback()
    db.session.execute(sa.delete(EmissionFactor).execution_options(unaudited=True))
    for quantity, code, when, kg in (
        (Quantity.WATER, "water", year - 1, "0.4"),
        (Quantity.WATER, "water", year, "0.5"),
        (Quantity.WATER, "water", year + 1, "0.6"),
        (Quantity.ENERGY, "electricity", year, "0.3"),
        (Quantity.ENERGY, "oil", year, "0.27"),
    ):
        named = {"title": code, "source": "Prøve", "year": when, "kg_per_unit": Decimal(kg)}
        db.session.add(EmissionFactor(quantity=quantity, code=code, **named))
    db.session.commit()
    edits = [edit(1, subject, "title", "Genbrug"), edit(2, subject, "water", "100"), edit(3, subject, "energy", "7")]
    assert set(outcomes(send(client, screening, *edits))) == {"applied"}
    db.session.rollback()
    told = {s.quantity: (s.co2e_kg, s.factor_year) for s in db.session.scalars(sa.select(Measure)).one().savings}
    assert told == {Quantity.WATER: (Decimal(50), year), Quantity.ENERGY: (None, None)}
