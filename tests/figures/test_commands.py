"""`flask figures` and `flask check`."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db, writing
from nbe.demo.figures import STANDINGS
from nbe.models import Candidacy, Measure, Membership, Pledge, Saving, Screening, Total
from nbe.models.states import MembershipState, Quantity, SavingPhase, ScreeningState, Stage
from tests.builders import (
    make_business,
    make_candidacy,
    make_measure,
    make_member,
    make_pledge,
    make_screener,
    make_screening,
)


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(arguments))
    return result.exit_code, result.output


def test_the_story_comes_out_as_written(story_app: Flask) -> None:
    for code, standing in STANDINGS.items():
        exit_code, output = run(story_app, "figures", "--municipality", str(code), "--json")
        assert exit_code == 0
        figures = json.loads(output)["figures"]
        assert [figures[key]["value"] for key in ("members", "open", "suitable", "screened", "plans")] == [
            standing.members,
            standing.open,
            standing.suitable,
            standing.screened,
            standing.plans,
        ]
        assert figures["suitable"]["target"] == standing.target
        assert figures["hours_needed"]["value"] == 30 * standing.target
        assert figures["hours_covered"]["target"] == standing.target


def test_jammerbugt_at_the_last_meeting(story_app: Flask) -> None:
    _, output = run(
        story_app, "figures", "--programme", "2016", "--municipality", "849", "--as-of", "2016-01-22", "--json"
    )
    told = json.loads(output)
    assert told["as_of"] == "2016-01-22"
    assert [told["figures"][key]["value"] for key in ("members", "suitable", "screened")] == [8, 1, 0]
    assert [told["figures"][key]["value"] for key in ("reported", "hours_promised", "hours_covered")] == [0, 0, 0]
    assert told["figures"]["days_to_screened"]["value"] is None
    _, output = run(story_app, "figures", "--municipality", "849", "--json")
    now = json.loads(output)["figures"]
    assert now["assessed"]["value"] == 9
    keys = ("screened", "reported", "plans", "hours_needed", "hours_promised", "hours_covered")
    assert [now[key]["value"] for key in keys] == [1, 0, 0, 150, 60, 2]
    assert (now["hours_covered"]["target"], now["hours_covered"]["state"]) == (5, "partly")
    assert now["hours_covered"]["state_label"] == "Delvist"
    assert [now[key]["value"] for key in ("seats", "participants", "trained", "signed_up")] == [4, 4, 0, 3]
    assert now["seats"]["seats_are"] == "agreed"
    _, output = run(story_app, "figures", "--json")
    everywhere = json.loads(output)["figures"]
    keys = ("seats", "participants", "signed_up", "signed_up_members", "percent_members", "attended")
    assert [everywhere[key]["value"] for key in keys] == [52, 39, 10, 6, 60.0, 8]


def test_the_figures_as_text(story_app: Flask) -> None:
    _, output = run(story_app, "figures", "--municipality", "849")
    assert "Jammerbugt, forløbsår 2016, pr. 25-04-2016" in output
    assert "3 af 5" in output
    assert "2 af 5 (delvist)" in output
    assert re.search(r"^Tilbagebetaling, år +2,1 +– +–$", output, re.M)
    assert re.search(r"^Besparelse, kr. pr. år +82\.820 +0 +0$", output, re.M)


def test_what_is_not_there_is_said(story_app: Flask) -> None:
    for arguments in (("--municipality", "999"), ("--programme", "1999"), ("--as-of", "31-02-2016")):
        exit_code, output = run(story_app, "figures", *arguments)
        assert exit_code != 0
        assert "Traceback" not in output


def test_check_finds_nothing_in_the_story(story_app: Flask) -> None:
    assert run(story_app, "check")[0] == 0


def test_check_finds_what_differs(app: Flask) -> None:
    member, candidate = make_business(), make_business()
    make_member(member)
    make_candidacy(candidate, Stage.SUITABLE)
    assert run(app, "check")[0] == 0
    with writing():
        db.session.execute(sa.update(Total).values(delta=Total.delta + 1).where(Total.key == "stage:suitable"))
        db.session.execute(sa.update(Candidacy).values(stage=Stage.AGREED), execution_options={"unaudited": True})
        db.session.execute(
            sa.update(Membership).values(state=MembershipState.LEFT), execution_options={"unaudited": True}
        )
        db.session.commit()
    exit_code, output = run(app, "check")
    assert exit_code == 1
    assert "stage:suitable" in output
    assert f"candidacy business={candidate.id}" in output
    assert f"membership business={member.id}" in output
    assert "4 differences" in output


def test_check_finds_visits_savings_and_hours_that_differ(app: Flask) -> None:
    candidacy = make_candidacy(make_business(), Stage.SCREENED)
    visit = make_screening(state=ScreeningState.HELD)
    measure = make_measure(candidacy, savings={SavingPhase.IDENTIFIED: {Quantity.MONEY: 1000}})
    other = make_measure(candidacy)
    make_pledge(make_screener(), 30)
    assert run(app, "check")[0] == 0
    with writing():
        for statement in (
            sa.update(Screening).values(state=ScreeningState.DRAFT),
            sa.update(Saving).values(amount=Decimal(900)),
            sa.update(Measure).values(is_hidden=True).where(Measure.id == other.id),
            sa.update(Pledge).values(hours=Decimal(29)),
        ):
            db.session.execute(statement, execution_options={"unaudited": True})
        db.session.commit()
    exit_code, output = run(app, "check")
    assert exit_code == 1
    assert f"screening {visit.id}: the ledger says held, the record draft" in output
    assert f"measure {measure.id} saving:identified:money: the ledger says 1000000, the record 900000" in output
    assert f"measure {other.id}: the ledger says identified, the record None" in output
    assert "municipality=849: the ledger says 30, the records 29" in output
    assert "4 differences" in output
