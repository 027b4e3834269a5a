"""Min dag tells of the visits of the week, those to be noted, empty forms, and the reports that wait for one."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from nbe.access.viewers import Viewer
from nbe.core.database import db, writing
from nbe.dashboards.visits import VisitsOfDay, list_visits
from nbe.models import Screening
from nbe.models.states import RoleName, ScreeningState, Stage
from nbe.screenings.listing import ScreeningRow
from nbe.screenings.reports.actions import begin_report, send_to_reader
from tests.builders import make_business, make_candidacy, make_screener, make_screening, make_user, sign_in
from tests.counting import statements

LEADER = Viewer(1, RoleName.LEADER, 849)
ALL = Viewer(2, RoleName.ADMINISTRATOR, None)


def visit(name: str, day: dt.date, hour: int = 9, municipality: int = 849, **options: object) -> Screening:
    """A visit at a Danish hour; today is Monday 25 April 2016."""
    candidacy = make_candidacy(make_business(name, municipality), Stage.AGREED)
    starts_at = dt.datetime.combine(day, dt.time(hour), dt.timezone(dt.timedelta(hours=2))).astimezone(dt.UTC)
    return make_screening(candidacy, starts_at=starts_at, **options)  # type: ignore[arg-type]


def names(rows: list[ScreeningRow]) -> list[str]:
    return [row.business.name for row in rows]


def day_of(viewer: Viewer = LEADER, code: int | None = 849) -> VisitsOfDay:
    db.session.rollback()
    return list_visits(viewer, code)


def test_the_week_from_today_to_sunday_and_what_went_by(app: Flask) -> None:
    visit("Søndag sent", dt.date(2016, 5, 1), 23)
    visit("Næste mandag", dt.date(2016, 5, 2), 0)
    visit("I dag tidligt", dt.date(2016, 4, 25), 0)
    visit("I går sent", dt.date(2016, 4, 24), 23)
    visit("Holdt", dt.date(2016, 4, 20), state=ScreeningState.HELD)
    visit("Aflyst", dt.date(2016, 4, 26), state=ScreeningState.CANCELLED)
    visit("Andre steder", dt.date(2016, 4, 26), municipality=851)
    day = day_of()
    assert names(day.soon) == ["I dag tidligt", "Søndag sent"]
    assert names(day.to_note) == ["I går sent"]
    assert names(day.unfilled) == ["Holdt"]
    assert names(day_of(ALL, None).soon) == ["I dag tidligt", "Andre steder", "Søndag sent"]
    assert names(day_of(ALL, 851).soon) == ["Andre steder"]
    assert not day_of(Viewer(3, RoleName.PARTNER, 849)).is_any


def test_who_is_lent_sees_her_visits_there_as_well(sqlite_app: Flask) -> None:
    user = make_user(RoleName.SCREENER, 851)
    viewer = Viewer(user.id, RoleName.SCREENER, 851)
    hers = visit("Lånt ud", dt.date(2016, 4, 26), lead=make_screener(user, 851))
    visit("Hjemme", dt.date(2016, 4, 27), municipality=851)
    visit("Ikke hendes", dt.date(2016, 4, 26))
    day = day_of(viewer, 851)
    assert names(day.soon) == ["Lånt ud", "Hjemme"]
    assert day.mine == {hers.id}


def test_a_report_waits_for_its_second_reader(app: Flask) -> None:
    author, reader = make_user(), make_user()
    screening = visit("Til læsning", dt.date(2016, 4, 20), state=ScreeningState.HELD)
    with writing():
        report = begin_report(db.session.get_one(Screening, screening.id), user_id=author.id)
        send_to_reader(report, reader.id, user_id=author.id)
        db.session.commit()
    waiting = day_of(Viewer(reader.id, RoleName.LEADER, 849)).reports
    assert [row.name for row in waiting.rows] == ["Til læsning"]
    assert day_of(Viewer(author.id, RoleName.LEADER, 849)).reports.total == 0


def test_the_page_shows_them_and_costs_the_same_for_many(sqlite_app: Flask) -> None:
    lead = make_screener(name="Ida Prøve")
    visit("I dag hos os", dt.date(2016, 4, 25), lead=lead)
    client = sign_in(sqlite_app.test_client(), make_user())

    def cost() -> int:
        with statements() as sent:
            page = client.get("/min-dag").get_data(as_text=True)
        assert "I dag hos os" in page and "Ida Prøve" in page and "Screeninger i dag og i ugen" in page
        return len(sent)

    cost()
    few = cost()
    for number in range(12):
        visit(f"Nummer {number}", dt.date(2016, 4, 26), lead=lead)
    assert cost() == few
