"""Rights: declared on every route, read from one matrix, obeyed by every read of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from nbe.access import MATRIX, Feature, Permission, Scope, Viewer, find_visible, refuse_undeclared_routes, visible
from nbe.access.features import needs_of
from nbe.core.database import ReadOnlyError, db, writing
from nbe.models import (
    Activity,
    Business,
    Candidacy,
    Change,
    Contact,
    ImportRun,
    LedgerRow,
    Loan,
    Membership,
    Setting,
)
from nbe.models.states import RoleName
from tests.builders import make_user, sign_in
from tests.conftest import build
from tests.security.conftest import House
from tests.security.policy import POLICY
from tests.security.routes import rules_of
from tests.sizes import size

# The table of product.md §6, written anew by hand: A all, O own, - none; for administrator, leader, screener, partner.
AGREED = {
    "public": "AAAA",
    "account_own": "AAAA",
    "rights_read": "AAAA",
    "figures_read": "AAAA",
    "lists_read": "AOOO",
    "businesses_read": "AOO-",
    "businesses_write": "AO--",
    "candidacies_write": "AO--",
    "day_read": "AOO-",
    "screenings_read": "AOO-",
    "screenings_plan": "AO--",
    "screenings_write": "AOT-",
    "reports_read": "AOOO",
    "resources_read": "AOO-",
    "resources_write": "AO--",
    "courses_read": "AAA-",
    "courses_write": "A---",
    "participants_read": "AOO-",
    "participants_write": "AO--",
    "events_read": "AAA-",
    "events_write": "AO--",
    "registrations_read": "AOO-",
    "registrations_write": "AO--",
    "mails_write": "AO--",
    "history_read": "AOO-",
    "imports_run": "AO--",
    "targets_write": "A---",
    "users_admin": "A---",
    "settings_admin": "A---",
}
LETTER = {Scope.ALL: "A", Scope.OWN: "O", Scope.ASSIGNED: "T", Scope.NONE: "-"}
BY_BUSINESS = (Contact, Membership, Activity, Candidacy)
MODELS = (Business, *BY_BUSINESS, LedgerRow, Change, ImportRun)


def test_the_matrix_is_the_agreed_one() -> None:
    letters = {
        permission.value: "".join(LETTER[by_role.get(role, Scope.NONE)] for role in RoleName)
        for permission, by_role in MATRIX.items()
    }
    assert letters == AGREED
    assert {permission.value for permission in Permission} == set(AGREED)


def test_a_feature_refuses_a_route_without_a_right() -> None:
    with pytest.raises(TypeError, match="does not say which permission"):
        Feature("proeve", __name__).get("/proeve")


def test_a_service_with_an_undeclared_route_does_not_start(sqlite_url: str) -> None:
    app = build(sqlite_url)
    app.add_url_rule("/glemt", "glemt", lambda: "")
    with pytest.raises(RuntimeError, match="glemt"):
        refuse_undeclared_routes(app)


def test_the_factory_asks_for_it(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    from nbe.core import assets

    monkeypatch.setattr(assets, "init_assets", lambda app: app.add_url_rule("/glemt", "glemt", lambda: ""))
    with pytest.raises(RuntimeError, match="glemt"):
        build(sqlite_url)


def test_the_agreed_policy_and_the_declared_rights_are_one(house: House) -> None:
    """What stands in policy.py by hand is what the routes declare and the matrix gives."""
    for rule in rules_of(house.app):
        needs = needs_of(house.app, rule.endpoint)
        assert needs is not None
        if rule.endpoint in POLICY:
            declared = {role for role in RoleName if MATRIX[needs].get(role, Scope.NONE) is not Scope.NONE}
            agreed = {role for role in RoleName if POLICY[rule.endpoint].lets_in(_session(role))}
            assert declared == agreed, rule.endpoint
            assert POLICY[rule.endpoint].lets_in("anonymous") == (needs is Permission.PUBLIC), rule.endpoint


def _session(role: RoleName) -> str:
    return "admin" if role is RoleName.ADMINISTRATOR else role.value


@pytest.fixture(scope="module")
def world_app(world_template: Path) -> Iterator[Flask]:
    """The world, to read only."""
    app = build(f"sqlite:///{world_template}")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _codes(model: type[Any]) -> dict[int, int | None]:
    """Every row of a model that is not hidden by id, with the municipality it belongs to."""
    statement = sa.select(model.id, Business.municipality_code if model in BY_BUSINESS else model.municipality_code)
    if model in BY_BUSINESS:
        statement = statement.join(Business, Business.id == model.business_id)
    if hasattr(model, "is_hidden"):
        statement = statement.where(model.is_hidden.is_(False))
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _of_loans_to(code: int | None) -> set[int]:
    """The changes of loans to a municipality, which are kept with the lender."""
    loans = sa.select(Loan.id).where(Loan.borrower_code == code)
    return set(db.session.scalars(sa.select(Change.id).where(Change.entity == "loan", Change.entity_id.in_(loans))))


@settings(max_examples=size(5000, 0.04))
@given(
    role=st.sampled_from([None, *RoleName]),
    permission=st.sampled_from(list(Permission)),
    code=st.sampled_from([None, 849, 851, 810]),
    model=st.sampled_from(MODELS),
)
def test_rows_seen_are_those_the_matrix_gives(
    world_app: Flask, role: RoleName | None, permission: Permission, code: int | None, model: type[Any]
) -> None:
    viewer = Viewer(1, role, code)
    letter = AGREED[permission.value][list(RoleName).index(role)] if role else "A" if permission == "public" else "-"
    everything = _codes(model)
    shared = _of_loans_to(code) if model is Change else set()
    wanted = {
        row_id
        for row_id, owner in everything.items()
        if letter == "A" or (letter == "O" and code is not None and (owner == code or row_id in shared))
    }
    assert set(db.session.scalars(visible(viewer, model, permission).with_only_columns(model.id))) == wanted
    assert everything
    for row_id in list(everything)[:3]:
        if row_id in wanted:
            assert find_visible(viewer, model, row_id, permission).id == row_id
        else:
            with pytest.raises(NotFound):
                find_visible(viewer, model, row_id, permission)


def test_hidden_and_merged_rows_are_nobodys(sqlite_app: Flask) -> None:
    from tests.builders import make_business

    kept, hidden, merged = make_business("Bliver"), make_business("Skjult", is_hidden=True), make_business("Lagt")
    with writing():
        merged.merged_into_id = kept.id
        db.session.commit()
    administrator = Viewer(1, RoleName.ADMINISTRATOR, None)
    assert [b.name for b in db.session.scalars(visible(administrator, Business)).unique()] == ["Bliver"]
    assert [c.business_id for c in db.session.scalars(visible(administrator, Contact)).unique()] == [kept.id]
    for business_id in (hidden.id, merged.id, 0, -1, 2**31, 2**70):
        with pytest.raises(NotFound):
            find_visible(administrator, Business, business_id)


@pytest.mark.parametrize("model", [Setting])
def test_a_table_without_a_rule_is_shown_to_nobody(sqlite_app: Flask, model: type[Any]) -> None:
    with pytest.raises(TypeError, match="no rule"):
        visible(Viewer(1, RoleName.ADMINISTRATOR, None), model)


@pytest.mark.parametrize("role", list(RoleName))
def test_the_rights_page_is_the_matrix(sqlite_app: Flask, role: RoleName) -> None:
    words = {"A": "alle", "O": "egen kommune", "T": "tildelte", "-": "–"}
    page = sign_in(sqlite_app.test_client(), make_user(role)).get("/rettigheder").get_data(as_text=True)
    table = lxml.html.fromstring(page).xpath("//table")[0]
    rows = [[cell.text_content().strip() for cell in row] for row in table.xpath(".//tr")]
    assert rows[0][1:] == [str(name.label) for name in RoleName]
    with sqlite_app.test_request_context():
        wanted = [[str(p.label), *(words[letter] for letter in AGREED[p.value])] for p in Permission]
    assert rows[1:] == wanted


def _app_with(url: str, method: str, view: Any) -> Flask:
    """An app with one more route, of a feature of its own."""
    app = build(url)
    bp = Feature("proeve", __name__)
    bp.route("/proeve", methods=[method], needs=Permission.PUBLIC)(view)
    app.register_blueprint(bp)
    refuse_undeclared_routes(app)
    return app


def _add_setting() -> str:
    db.session.add(Setting(key="proeve", value="1"))
    db.session.flush()
    return "ok"


def _update_setting() -> str:
    db.session.execute(sa.update(Setting).values(value="2"))
    return "ok"


@pytest.mark.parametrize("view", [_add_setting, _update_setting])
def test_a_request_that_reads_cannot_write(sqlite_url: str, view: Any) -> None:
    app = _app_with(sqlite_url, "GET", view)
    with pytest.raises(ReadOnlyError):
        app.test_client().get("/proeve")


@pytest.mark.parametrize(("status", "commits"), [(200, 1), (303, 1), (422, 0), (409, 0)])
def test_a_change_commits_once_at_its_end(sqlite_url: str, status: int, commits: int) -> None:
    from tests.builders import csrf_of

    counted: list[int] = []

    def view() -> tuple[str, int]:
        _add_setting()
        return "ok", status

    app = _app_with(sqlite_url, "POST", view)
    client = app.test_client()
    token = csrf_of(client)
    with app.app_context():
        sa.event.listen(db.engine, "commit", lambda connection: counted.append(1))
    assert client.post("/proeve", data={"csrf_token": token}).status_code == status
    assert len(counted) == commits
    with app.app_context():
        assert (db.session.get(Setting, "proeve") is not None) == bool(commits)
