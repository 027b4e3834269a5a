"""What each edition says, and that it is made from the content alone."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core.database import db, writing
from nbe.models import Screening, ThemeAnswer
from nbe.models.states import Quantity, Relevance, SavingPhase, ScreeningState
from nbe.screenings.actions import hold_screening, plan_screening
from nbe.screenings.reports.content import gather
from nbe.screenings.reports.edition import view_of
from nbe.screenings.reports.show import describe_chart
from nbe.screenings.reports.views import UNMEASURED, Edition
from nbe.screenings.rules import Appointment
from tests.builders import make_measure, sign_in
from tests.reports.stories import SECRETS, TODAY, bring_to, make_case
from tests.sizes import size


def test_the_shortest_payback_first_and_what_is_not_measured_says_so(sqlite_app: Flask) -> None:
    case = make_case()
    view = view_of(gather(bring_to(case, "draft")), Edition.WHOLE)
    assert [proposal.title for proposal in view.proposals] == [SECRETS[2], "Hurtigt forslag", "Langsomt forslag"]
    assert [proposal.payback for proposal in view.proposals] == [0, Decimal("0.5"), 9]
    assert view.proposals[1].phases[0].numbers["water"] == UNMEASURED
    (whole,) = view.sums
    assert (whole.phase, whole.count, whole.numbers["money"]) == (SavingPhase.IDENTIFIED, 3, 79_777)


def test_the_payback_of_all_is_of_those_with_both_numbers(sqlite_app: Flask) -> None:
    content = gather(bring_to(make_case(), "draft"))
    quick = next(measure for measure in content["measures"] if measure["title"] == "Hurtigt forslag")
    quick["savings"] = [saving for saving in quick["savings"] if saving["quantity"] != "investment"]
    hidden = next(measure for measure in content["measures"] if measure["title"] == SECRETS[2])
    hidden["savings"] = []
    (whole,) = view_of(content, Edition.WHOLE).sums
    assert (whole.payback, whole.payback_count, whole.count, whole.total) == (9, 1, 2, 3)


def test_the_page_says_of_how_many_proposals_the_payback_tells(sqlite_app: Flask) -> None:
    case = make_case()
    make_measure(case.screening.candidacy, savings={SavingPhase.IDENTIFIED: {Quantity.MONEY: 12_500}})
    make_measure(case.screening.candidacy)
    report = bring_to(case, "draft")
    page = sign_in(sqlite_app.test_client(), case.author).get(f"/rapporter/{report.id}").text
    assert "tal for 4 af 5 forslag" in page and "(for 3 af 5 forslag)" in page


def test_the_open_edition_leaves_out_the_confidential_and_the_people(sqlite_app: Flask) -> None:
    case = make_case()
    content = gather(bring_to(case, "handed over"))
    content["people"].append({"role": "business", "name": "Fru Gæst", "title": "Direktør", "is_contact": True})
    shown = view_of(content, Edition.OPEN)
    told = repr(shown)
    for secret in (*SECRETS, "Direktør Kvist", "Fru Gæst", case.screening.business.cvr, case.screening.place):
        assert secret not in told
    assert shown.guest_count == 1 and shown.is_shortened
    assert shown.sums[0].numbers["money"] == 2000  # without the confidential one, not a total to subtract from
    assert "Åben konklusion" in told and "Kompressoren kører" in told


def test_a_second_visit_is_compared_with_the_first(sqlite_app: Flask) -> None:
    case = make_case()
    with writing():
        first = db.session.get_one(Screening, case.screening.id)
        second = plan_screening(first.candidacy, Appointment(first.starts_at), user_id=None, day=TODAY)
        hold_screening(second, TODAY, user_id=None)
        for theme, potential in ((0, 1), (4, 1)):
            place = {"screening_id": second.id, "theme_id": second.theme_set.themes[theme].id}
            db.session.add(ThemeAnswer(relevance=Relevance.RELEVANT, potential=potential, **place))
        db.session.commit()
    case.screening = second
    content = gather(bring_to(case, "draft"))
    themes = {t.title: (t.before, t.potential) for t in view_of(content, Edition.WHOLE).judged}
    assert list(themes.values()) == [(3, 1), (1, 1)]
    assert [t.before for t in view_of(content, Edition.OPEN).judged] == [3, None]  # confidential at the first
    assert content["before"]["number"] == 1


def test_the_picture_says_in_words_what_it_shows(sqlite_app: Flask) -> None:
    case = make_case()
    view = view_of(gather(bring_to(case, "draft")), Edition.WHOLE)
    assert describe_chart(view.judged) == "Potentiale pr. tema. Stort potentiale: Energi. Lille potentiale: Kemi."


NUMBERS = st.one_of(st.none(), st.decimals(-(10**6), 10**6, places=3))
MEASURES = st.lists(st.tuples(st.booleans(), st.sampled_from(SavingPhase), NUMBERS, NUMBERS), max_size=6)


def test_sums_are_of_what_is_shown_and_phases_stay_apart(sqlite_app: Flask) -> None:
    """For any proposals: each phase's sum is that of its own numbers in this edition, and JSON keeps the content."""
    base = gather(bring_to(make_case(ScreeningState.HELD), "draft"))

    @settings(max_examples=size(200, 0.1))
    @given(MEASURES)
    def holds(drawn: list[tuple[bool, SavingPhase, Decimal | None, Decimal | None]]) -> None:
        content: dict[str, Any] = copy.deepcopy(base)
        content["measures"] = [
            {
                "title": f"Forslag {n}", "description": "", "theme": "", "state": "identified",
                "is_confidential": secret,
                "savings": [_saving(phase, Quantity.MONEY, money), _saving(phase, Quantity.INVESTMENT, cost)],
            }
            for n, (secret, phase, money, cost) in enumerate(drawn)
        ]  # fmt: skip
        content = json.loads(json.dumps(content))
        for edition in Edition:
            view = view_of(content, edition)
            for phase in SavingPhase:
                own = [m for secret, p, m, _ in drawn if p is phase and m is not None and not (
                    secret and edition is Edition.OPEN)]  # fmt: skip
                told = next((row.numbers.get("money") for row in view.sums if row.phase is phase), None)
                assert told == (sum(own) if own else None)

    holds()


def _saving(phase: SavingPhase, quantity: Quantity, amount: Decimal | None) -> dict[str, Any]:
    number = None if amount is None else str(amount)
    return {
        "phase": phase.value, "quantity": quantity.value, "amount": number, "is_not_measured": amount is None,
        "co2e_kg": None, "factor": "",
    }  # fmt: skip
