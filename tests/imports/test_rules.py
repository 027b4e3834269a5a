"""What a row does, rule by rule, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db
from nbe.ledger.queries import differences
from nbe.models import Candidacy, Change, Contact, LedgerRow, Membership, Programme
from nbe.models.states import LedgerKind, MembershipState, Stage, Verdict
from tests.builders import make_business, make_candidacy, make_member
from tests.imports.files import business, codes, counts, csv_of, load, stage_of

HEAD = "Virksomhed;CVR-nr.;Kommune;Status;Screening;Tilmeldt;Egnet?"
A, B, C = "13585628", "27355021", "24256790"


@pytest.fixture(autouse=True)
def _totals_agree(app: Flask) -> object:
    yield
    db.session.rollback()
    assert differences() == []


def row(cvr: str = A, name: str = "Æble Mejeri A/S", town: str = "Jammerbugt", *more: str) -> str:
    return ";".join([name, cvr, town, *more])


def test_moves_happen_on_the_day_of_import_but_screened_on_the_screening_s() -> None:
    load(
        csv_of(
            HEAD, row(A, "A", "849", "I forløb", "3/2-16", "5/1-16", ""), row(B, "B", "0849", "Kontaktet", "", "", "")
        )
    )
    days = {
        (r.business_id, r.kind): r.happened_on for r in db.session.scalars(sa.select(LedgerRow).order_by(LedgerRow.id))
    }
    assert days[(business(A).id, LedgerKind.STAGE)] == dt.date(2016, 2, 3)
    assert days[(business(A).id, LedgerKind.MEMBERSHIP)] == dt.date(2016, 1, 5)
    assert days[(business(B).id, LedgerKind.STAGE)] == dt.date(2016, 4, 25)


def test_a_missing_programme_is_made_and_that_is_told() -> None:
    outcome = load(csv_of(HEAD, row()), 2018)
    assert outcome.is_new_programme
    db.session.rollback()
    assert db.session.scalars(sa.select(Programme.deadline_on).where(Programme.year == 2018)).one() == dt.date(
        2018, 12, 31
    )
    assert not load(csv_of(HEAD, row()), 2018).is_new_programme


def test_a_dry_run_changes_nothing() -> None:
    outcome = load(csv_of(HEAD, row()), 2018, dry_run=True)
    assert counts(outcome) == (1, 0, 0, 0)
    assert outcome.is_new_programme
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Programme.id))) == 0


def test_forward_goes_backward_and_reopening_do_not() -> None:
    load(csv_of(HEAD, row(A, "A", "849", "Kontaktet"), row(B, "B", "849", "Udgået"), row(C, "C", "849", "Egnet")))
    outcome = load(
        csv_of(HEAD, row(A, "A", "849", "Egnet"), row(B, "B", "849", "Kontaktet"), row(C, "C", "849", "Emne"))
    )
    assert counts(outcome) == (0, 1, 2, 0)
    assert codes(outcome) == ["moved", "reopens", "backwards"]
    assert (stage_of(A), stage_of(B), stage_of(C)) == (Stage.SUITABLE, Stage.CLOSED, Stage.SUITABLE)


def test_closing_a_known_candidate_is_a_move_forward() -> None:
    load(csv_of(HEAD, row(A, "A", "849", "Egnet")))
    assert counts(load(csv_of(HEAD, row(A, "A", "849", "Takket nej")))) == (0, 1, 0, 0)
    assert stage_of(A) is Stage.CLOSED


def test_the_same_words_again_change_nothing_though_the_day_has_come(app: Flask) -> None:
    content = csv_of(HEAD, row(A, "A", "849", "I forløb", "26-04-2016"))
    load(content)
    assert stage_of(A) is Stage.SCREENING_PLANNED
    app.config["NBE_TODAY"] = "2016-05-02"
    assert counts(load(content)) == (0, 0, 1, 0)
    assert stage_of(A) is Stage.SCREENING_PLANNED
    assert counts(load(csv_of(HEAD, row(A, "A", "849", "I forløb", "27-04-2016")))) == (0, 1, 0, 0)
    assert stage_of(A) is Stage.SCREENED


def test_a_candidate_moved_by_hand_stays_when_the_old_list_comes_again() -> None:
    held = make_business("Egen", cvr=A)
    make_candidacy(held, Stage.AGREED)
    outcome = load(csv_of(HEAD, row(A, "Egen", "849", "Kontaktet")))
    assert counts(outcome) == (0, 0, 1, 0)
    assert codes(outcome) == ["backwards"]
    assert stage_of(A) is Stage.AGREED


def test_an_empty_cell_never_erases() -> None:
    head = "Virksomhed;CVR-nr.;Kommune;Adresse;Ansatte;Kontaktperson;Telefon;Bemærkninger;Status;Tilmeldt"
    load(csv_of(head, f"A;{A};849;Vej 1;12;Bo;20304050;Husk;Egnet;5/1-16"))
    outcome = load(csv_of(head, f"A;{A};849;;;Bo;;;;"))
    assert counts(outcome) == (0, 0, 1, 0)
    found = business(A)
    assert (found.address, found.employees, found.note) == ("Vej 1", 12, "Husk")
    assert found.contacts[0].phone == "20304050"
    assert stage_of(A) is Stage.SUITABLE


def test_changed_fields_are_in_the_audit_and_searched_by() -> None:
    head = "Virksomhed;CVR-nr.;Kommune;By;Kontaktperson;Telefon"
    load(csv_of(head, f"Gammelt Navn;{A};849;Pandrup;Bo;20304050"))
    load(csv_of(head, f"Nyt Navn;{A};849;Aabybro;Bo;20304051"))
    found = business(A)
    assert "nyt navn" in found.search_text
    assert "åbybro" in found.search_text
    diffs = db.session.scalars(sa.select(Change.diff).where(Change.import_id.is_not(None)).order_by(Change.id)).all()
    assert {"name": ["Gammelt Navn", "Nyt Navn"], "town": ["Pandrup", "Aabybro"]} in diffs
    assert {"phone": ["20304050", "20304051"]} in diffs


def test_contacts_are_found_by_name_and_added_beside() -> None:
    head = "Virksomhed;CVR-nr.;Kommune;Kontaktperson;E-mail"
    load(csv_of(head, f"A;{A};849;Bo Dahl;bo@example.dk"))
    load(csv_of(head, f"A;{A};849;bo  dahl;bo.dahl@example.dk"))
    load(csv_of(head, f"A;{A};849;Åse Lund;"))
    db.session.rollback()
    assert sorted(map(tuple, db.session.execute(sa.select(Contact.name, Contact.email)))) == [
        ("Bo Dahl", "bo.dahl@example.dk"),
        ("Åse Lund", ""),
    ]


def test_a_telephone_without_a_person_is_the_business_s() -> None:
    load(csv_of("Virksomhed;CVR-nr.;Kommune;Tlf.;E-mail", f"A;{A};849;+45 20 30 40 50;post@example.dk"))
    assert (business(A).phone, business(A).email) == ("20304050", "post@example.dk")


def test_failures_name_column_value_and_reason() -> None:
    head = "Virksomhed;CVR-nr.;Kommune;E-mail;Tilmeldt"
    outcome = load(
        csv_of(
            head,
            "A;13585627;849;;",
            "B;27355021;Skive;;",
            "C;24256790;849;ikke-en-mail;31-02-2016",
            ";13585628;849;;",
            "D;;849;;",
            "E;1234;849;;",
            f"F;{A};;;",
        )
    )
    assert counts(outcome) == (0, 0, 0, 7)
    remarks = [(row.number, m.code, m.column, m.value) for row in outcome.plan.rows for m in row.messages]
    assert remarks == [
        (2, "cvr_checksum", "CVR-nr.", "13585627"),
        (3, "municipality_unknown", "Kommune", "Skive"),
        (4, "mail", "E-mail", "ikke-en-mail"),
        (4, "date", "Tilmeldt", "31-02-2016"),
        (5, "name_missing", "Virksomhed", ""),
        (6, "cvr_missing", "CVR-nr.", ""),
        (7, "cvr_length", "CVR-nr.", "1234"),
        (8, "municipality_missing", "Kommune", ""),
    ]


def test_the_first_good_row_stands_and_later_ones_repeat_it() -> None:
    outcome = load(
        csv_of(HEAD, row(A, "Æble", "849", "Egnet"), row(A, "ÆBLE", "849", "Egnet"), row(A, "Æble", "849", "Egnet"))
    )
    assert counts(outcome) == (1, 0, 0, 2)
    second, third = outcome.plan.rows[1].messages[0], outcome.plan.rows[2].messages[0]
    assert second.code == "repeated"
    assert second.params == {"row": 2, "differences": "Virksomhed: ÆBLE ≠ Æble"}
    assert third.code == "repeated_same"


def test_the_totals_row_and_a_header_written_twice_are_no_data() -> None:
    outcome = load(csv_of(HEAD, row(A, "A", "849", "Egnet"), HEAD, "I alt;;;1;;;"))
    assert counts(outcome) == (1, 0, 0, 0)


def test_units_of_one_enterprise() -> None:
    head = "Virksomhed;CVR-nr.;P-nummer;Kommune"
    assert counts(load(csv_of(head, f"A;{A};1003388394;849", f"A;{A};1003388395;851"))) == (2, 0, 0, 0)
    assert codes(load(csv_of(head, f"A;{A};;849"))) == ["which_unit"]
    assert counts(load(csv_of(head, f"A;{A};1003388395;851"))) == (0, 0, 1, 0)


def test_a_similar_name_with_another_number_is_a_warning() -> None:
    make_business("Moseby Mejeri A/S")
    outcome = load(csv_of(HEAD, row(A, "Moseby Mejeri ApS"), row(B, "MOSEBY MEJERI")))
    assert counts(outcome) == (2, 0, 0, 0)
    assert codes(outcome) == ["similar", "similar"]


def test_a_leader_takes_her_own_and_learns_nothing_of_others() -> None:
    make_business("Hemmelig Fabrik A/S", municipality=851, cvr=A)
    outcome = load(
        csv_of(HEAD, row(A, "Hemmelig Fabrik A/S", "849"), row(B, "B", "Aalborg"), row(C, "Hemmelig Fabrik", "")),
        municipality_code=849,
    )
    assert counts(outcome) == (1, 0, 0, 2)
    assert codes(outcome) == ["other_municipality", "other_municipality"]
    assert business(C).municipality_code == 849


def test_membership_goes_forward_only() -> None:
    make_member(make_business("A", cvr=A))
    outcome = load(csv_of("Virksomhed;CVR-nr.;Kommune;Medlemskab", f"A;{A};849;Ansøgt"))
    assert codes(outcome)[0] == "membership_backwards"
    outcome = load(csv_of("Virksomhed;CVR-nr.;Kommune;Medlemskab;Status", f"A;{A};849;Udmeldt;Ikke kandidat"))
    db.session.rollback()
    assert db.session.scalars(sa.select(Membership.state)).one() is MembershipState.LEFT
    assert (
        codes(load(csv_of("Virksomhed;CVR-nr.;Kommune;Medlemskab", f"A;{A};849;Hvad?"))).count("unknown_membership")
        == 1
    )


def test_suitability_gives_a_verdict() -> None:
    head = "Virksomhed;CVR-nr.;Kommune;Egnet?"
    load(csv_of(head, f"A;{A};849;ja", f"B;{B};849;nej", f"C;{C};849;måske"))
    db.session.rollback()
    found = set(map(tuple, db.session.execute(sa.select(Candidacy.stage, Candidacy.verdict))))
    assert found == {
        (Stage.SUITABLE, Verdict.SUITABLE),
        (Stage.CLOSED, Verdict.NOT_SUITABLE),
        (Stage.ASSESSING, None),
    }


def test_an_administrator_s_list_can_move_a_business_to_another_municipality() -> None:
    load(csv_of(HEAD, row(A, "A", "849", "Egnet", "", "5/1-16")))
    assert counts(load(csv_of(HEAD, row(A, "A", "851", "Egnet", "", "5/1-16")))) == (0, 1, 0, 0)
    assert business(A).municipality_code == 851


def test_a_row_of_another_programme_year_fails() -> None:
    outcome = load(csv_of("Virksomhed;CVR-nr.;Kommune;Forløbsår", f"A;{A};849;2015"))
    assert codes(outcome) == ["other_programme"]
