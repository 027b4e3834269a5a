"""What a report lacks is told to writer and second reader before their steps, and stops nobody."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from nbe.core.database import db, writing
from nbe.measures.actions import Amount, set_savings
from nbe.measures.actions.factors import add_factor
from nbe.measures.queries import list_proposals
from nbe.measures.reference import EXAMPLE
from nbe.models import ThemeAnswer
from nbe.models.states import Quantity, Relevance, ReportState, SavingPhase
from nbe.screenings.reports.content import gather
from nbe.screenings.reports.edition import view_of
from nbe.screenings.reports.factors import tell_factor
from nbe.screenings.reports.gaps import gaps_of
from nbe.screenings.reports.views import Edition
from tests.builders import sign_in
from tests.measures.test_pages import form_of, send
from tests.reports.stories import Case, bring_to, make_case


def case_with_gaps(source: str = EXAMPLE) -> Case:
    """Two of the themes assessed, a third only written in; one proposal saves electricity."""
    case = make_case()
    with writing():
        place = {"screening_id": case.screening.id, "theme_id": case.screening.theme_set.themes[7].id}
        db.session.add(ThemeAnswer(relevance=Relevance.NOT_ASSESSED, observation="Spildvarme", **place))
        factor = add_factor(Quantity.ENERGY, "Strøm", Decimal("0.3"), 2015, source)
        said = {Quantity.ENERGY: Amount(Decimal(1000), factor_id=factor.id)}
        set_savings(list_proposals(case.screening.candidacy_id)[0], SavingPhase.IDENTIFIED, said, user_id=None)
        db.session.commit()
    return case


def test_themes_without_an_assessment_and_what_is_written_there(sqlite_app: Flask) -> None:
    case = case_with_gaps()
    themes = case.screening.theme_set.themes
    gaps = gaps_of(gather(bring_to(case, "draft")))
    assert gaps.theme_count == len(themes)
    assert gaps.unassessed == [theme.title for n, theme in enumerate(themes) if n not in (0, 4)]
    assert gaps.written == [themes[7].title]
    assert gaps.sourceless == ["Strøm 2015"]


def test_writer_and_reader_are_warned_and_may_go_on(sqlite_app: Flask) -> None:
    case = case_with_gaps()
    show = f"/rapporter/{bring_to(case, 'draft').id}"
    author, reader = (sign_in(sqlite_app.test_client(), user) for user in (case.author, case.reader))
    count, title = len(case.screening.theme_set.themes), case.screening.theme_set.themes[7].title
    for client, step, more in (
        (author, "andenlaesning", {"reader": str(case.reader.id)}),
        (reader, "godkend", {}),
    ):
        page = client.get(show).text
        assert f"{count - 2} af {count} temaer er ikke vurderet:" in page
        assert f"Teksten kommer ikke med i rapporten:</strong> {title}</li>" in page
        assert "hvis kilde mangler:</strong> Strøm 2015." in page
        assert send(client, f"{show}/{step}", form_of(client, show, f"{show}/{step}") | more).status_code == 303
    assert case.report.state is ReportState.APPROVED
    assert "temaer er ikke vurderet" not in author.get(show).text


def test_no_note_to_the_secretariat_is_handed_over(sqlite_app: Flask) -> None:
    case = case_with_gaps()
    show = f"/rapporter/{bring_to(case, 'handed over').id}"
    for page in (show, f"{show}/udskriv/fuld"):
        text = sign_in(sqlite_app.test_client(), case.author).get(page).text
        assert "CO₂e er regnet med: Strøm 2015: kilde mangler." in text
        assert "sekretariatet" not in text.partition('class="report')[2]


def test_a_source_is_named(sqlite_app: Flask) -> None:
    content = gather(bring_to(case_with_gaps("Miljødeklaration. Tabel 2"), "draft"))
    assert view_of(content, Edition.WHOLE).factors == ["Strøm 2015: Miljødeklaration. Tabel 2"]
    assert gaps_of(content).sourceless == []


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (f"El. {EXAMPLE} (2016)", "El 2016: kilde mangler"),
        (f"{EXAMPLE} (2016)", "CO₂e-faktor 2016: kilde mangler"),  # frozen before the name was kept
        (f"Gas m.m. Nord. {EXAMPLE} (2016)", "Gas m.m. Nord 2016: kilde mangler"),
        ("Energistyrelsen (2016)", "Energistyrelsen (2016)"),
    ],
)
def test_what_was_kept_before_reads_the_same(sqlite_app: Flask, kept: str, told: str) -> None:
    with sqlite_app.test_request_context():
        assert tell_factor(kept) == told
