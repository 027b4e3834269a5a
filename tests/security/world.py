"""A small world to try the doors on: two municipalities with the same things in each, and six who look.

Every text of municipality A and B carries a canary: a word that stands nowhere else. The first
word of a text is for searching it, the second for finding it in an answer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db, writing
from nbe.imports.runs import plan_run
from nbe.ledger import Move, record
from nbe.models import (
    ActionPlan,
    Activity,
    Assessment,
    AssessmentAnswer,
    Business,
    Candidacy,
    Contact,
    Criterion,
    EmissionFactor,
    Event,
    FollowUp,
    ImportRun,
    Loan,
    Measure,
    Membership,
    Programme,
    Screener,
    Target,
    User,
)
from nbe.models.states import (
    ActivityKind,
    ActivityOutcome,
    CriterionAnswer,
    EventKind,
    ImportState,
    LedgerKind,
    LoanState,
    MeasureState,
    MembershipState,
    RoleName,
    Source,
    Stage,
)
from nbe.resources.actions import set_pledge
from tests.builders import MOMENT, make_programme, make_user
from tests.security.world_courses import make_courses
from tests.security.world_events import make_gathering
from tests.security.world_mails import make_mails
from tests.security.world_reports import make_reports

A, B = 849, 851
SIDES = {"a": A, "b": B}
WHO = ("anonymous", "admin", "leader A", "leader B", "screener A", "partner A")
CVR = {"a": "27355021", "b": "24256790"}
PHONE = {"a": "71829304", "b": "61928374"}
CONTACT_PHONE = {"a": "53617284", "b": "42715386"}
DAY = dt.date(2016, 2, 1)


def word(kind: str, side: str) -> str:
    """Two words for a text: one to search by and the canary."""
    return f"Soeg{kind}{side} Kanarie{kind}{side}"


def canaries(side: str) -> dict[str, str]:
    """Kind of text -> what would be seen of it in an answer (without blanks, lower case)."""
    found = {kind: f"kanarie{kind}{side}" for kind in TEXTS}
    return found | {"phone": PHONE[side], "contactphone": CONTACT_PHONE[side], "cvr": CVR[side]}


# Texts of a business that only those who work with it may read, and those a partner may read as well.
PRIVATE_TEXTS = (
    "address", "mail", "web", "note", "contact", "title", "contactmail", "activity", "step",
    "candidatestep", "screener", "reason", "assessment", "file", "cell", "bad",
    "measure", "seen", "owner", "adopter", "agreed", "look",
    "place", "confidential", "correction", "draft", "receiver", "observed", "staff", "stafftitle", "loannote",
    "subject", "letter", "addressee", "keptsubject", "draftletter",
    "person", "personmail", "organisation", "personnote",
    "trainee", "traineetitle", "traineemail", "traineereason", "exchange",
)  # fmt: skip
LISTED_TEXTS = ("name", "town", "reported")
TEXTS = LISTED_TEXTS + PRIVATE_TEXTS


@dataclass
class World:
    """Ids of the things of each side, and who looks."""

    objects: dict[str, dict[str, int]] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


def build_world() -> World:
    """Fill the database of the current app; the ids of side B are 851001 and on."""
    world = World()
    roles = {"admin": (RoleName.ADMINISTRATOR, None), "partner A": (RoleName.PARTNER, A)}
    roles |= {"leader A": (RoleName.LEADER, A), "leader B": (RoleName.LEADER, B), "screener A": (RoleName.SCREENER, A)}
    for who, (role, code) in roles.items():
        user = make_user(role, code, email=f"{who.replace(' ', '').casefold()}@example.dk")
        world.users[who], world.emails[who] = user.id, user.email
    programme = make_programme(2016)
    with writing():
        criterion = Criterion(title="Har ledelsen tid?", weight=2, position=99)
        meeting = Event(kind=EventKind.COORDINATION_MEETING, title="Møde", held_on=dt.date(2016, 5, 9))
        db.session.add_all([criterion, meeting])
        db.session.flush()
        factor = db.session.scalars(sa.select(EmissionFactor.id)).first() or 0
        for side, code in SIDES.items():
            world.objects[side] = {
                "factor": factor,
                "criterion": criterion.id,
                "event": meeting.id,
                "programme": programme.id,
            }
            world.objects[side] |= _make_side(
                side, code, programme.id, criterion.id, world.users[f"leader {side.upper()}"]
            )
        _make_spacer(programme.id)
        db.session.commit()
    for side in SIDES:
        plan_run(world.objects[side]["run"])
    return world


def _make_side(side: str, code: int, programme_id: int, criterion_id: int, user_id: int) -> dict[str, int]:
    base = code * 1000
    ids = {"business": base + 1, "contact": base + 2, "activity": base + 3, "candidacy": base + 4, "run": base + 5}
    ids |= {"target": base + 6, "twin": base + 7, "user": user_id, "code": code}
    business = Business(id=ids["business"], municipality_code=code, cvr=CVR[side], created_at=MOMENT, **_texts(side))
    twin = Business(
        id=ids["twin"], municipality_code=code, cvr="13585628", p_number=f"10000{code}00"[:10], created_at=MOMENT,
        name=f"{word('name', side)} Tvilling", town=word("town", side), industry_code="105100", industry_version="DB07",
    )  # fmt: skip
    contact = Contact(
        id=ids["contact"], name=word("contact", side), title=word("title", side), phone=CONTACT_PHONE[side],
        email=f"soegcontactmail{side}.kanariecontactmail{side}@example.dk", business_id=business.id,
    )  # fmt: skip
    candidacy = Candidacy(
        id=ids["candidacy"], business_id=business.id, programme_id=programme_id, stage=Stage.CONTACTED,
        stage_since_on=DAY, source=Source.OUTREACH, responsible_id=user_id, next_step=word("candidatestep", side),
        next_step_on=dt.date(2016, 4, 20), screener_name=word("screener", side), created_at=MOMENT,
    )  # fmt: skip
    activity = Activity(
        id=ids["activity"], business_id=business.id, candidacy_id=candidacy.id, kind=ActivityKind.CALL,
        outcome=next(iter(ActivityOutcome)), happened_on=DAY, note=word("activity", side), next_step=word("step", side),
        next_step_on=dt.date(2016, 4, 21), user_id=user_id, created_at=MOMENT,
    )  # fmt: skip
    membership = Membership(business_id=business.id, state=MembershipState.MEMBER, since_on=DAY)
    for row in (business, twin):
        db.session.add(row)
    db.session.flush()
    db.session.add_all([contact, candidacy, membership])
    db.session.flush()
    assessment = Assessment(candidacy_id=candidacy.id, reason=word("assessment", side), updated_at=MOMENT)
    assessment.answers.append(AssessmentAnswer(criterion_id=criterion_id, answer=CriterionAnswer.YES))
    target = db.session.scalar(sa.select(Target).where(Target.municipality_code == code))
    if target is None:
        target = Target(id=ids["target"], programme_id=programme_id, municipality_code=code, required=5)
    db.session.add_all([activity, assessment, target, _make_run(ids["run"], side, code, user_id)])
    db.session.flush()
    ids |= {"membership": membership.id, "assessment": assessment.id, "target": target.id}
    ids["ledger"] = _record(code, business.id, programme_id, user_id, word("reason", side))
    ids |= _make_measures(base, business, candidacy, side)
    ids |= make_reports(base, business, candidacy, side, word)
    ids |= _make_staff(base + 13, code, programme_id, side)
    ids |= make_mails(base, code, user_id, side, word)
    ids |= make_gathering(base, business, programme_id, side, word)
    ids |= make_courses(base, code, programme_id, side, word)
    return ids


def _make_staff(screener_id: int, code: int, programme_id: int, side: str) -> dict[str, int]:
    """Somebody who screens, with hours promised, and a request of others for hours."""
    named = {"name": word("staff", side), "title": word("stafftitle", side)}
    screener = Screener(id=screener_id, municipality_code=code, **named)
    db.session.add(screener)
    db.session.flush()
    set_pledge(db.session.get_one(Programme, programme_id), screener, DAY, Decimal(15), user_id=None)
    loan = Loan(
        id=screener_id + 1, programme_id=programme_id, lender_code=code, borrower_code=810, state=LoanState.REQUESTED,
        month_on=dt.date(2016, 5, 1), hours=Decimal(10), note=word("loannote", side), created_at=MOMENT,
    )  # fmt: skip
    db.session.add(loan)
    db.session.flush()
    return {"staff": screener_id, "loan": loan.id}


def _make_measures(base: int, business: Business, candidacy: Candidacy, side: str) -> dict[str, int]:
    """A measure with its plan and a look at it; the names are the canaries."""
    ids = {"measure": base + 8, "look": base + 9}
    common: dict[str, Any] = {"business_id": business.id, "candidacy_id": candidacy.id}
    measure = Measure(
        id=ids["measure"], key=f"world-{side}", title=word("measure", side), description=word("seen", side),
        owner_name=word("owner", side), is_confidential=True, state=MeasureState.IDENTIFIED, state_since_on=DAY,
        created_at=MOMENT, programme_id=candidacy.programme_id, **common,
    )  # fmt: skip
    plan = ActionPlan(adopted_on=DAY, adopted_by=word("adopter", side), note=word("agreed", side), **common)
    look = FollowUp(id=ids["look"], months=6, due_on=dt.date(2016, 8, 1), note=word("look", side), **common)
    db.session.add_all([measure, plan, look])
    db.session.flush()
    return ids


def _make_spacer(programme_id: int) -> None:
    """Hidden things with high ids, so that what a test makes is not taken for a thing of side B."""
    common: dict[str, Any] = {"id": 900001, "is_hidden": True}
    names = {"name": "Afstand", "cvr": "10000009", "municipality_code": 810}
    db.session.add(Business(created_at=MOMENT, **names, **common))
    db.session.flush()
    db.session.add(Contact(business_id=900001, name="Afstand", **common))
    db.session.add(Activity(business_id=900001, kind=ActivityKind.NOTE, happened_on=DAY, created_at=MOMENT, **common))
    stage = {"stage": Stage.LONGLIST, "stage_since_on": DAY, "programme_id": programme_id}
    db.session.add(Candidacy(business_id=900001, created_at=MOMENT, **stage, **common))
    run = {"filename": "afstand.csv", "sha256": "0" * 64, "state": ImportState.REFUSED, "programme_year": 2016}
    db.session.add(ImportRun(id=900001, municipality_code=810, content=None, mapping=None, created_at=MOMENT, **run))


def _texts(side: str) -> dict[str, Any]:
    return {
        "name": f"{word('name', side)} ApS",
        "town": word("town", side),
        "address": word("address", side),
        "postcode": "9490",
        "industry_code": "105100",
        "industry_version": "DB07",
        "employees": 12,
        "phone": PHONE[side],
        "email": f"soegmail{side}.kanariemail{side}@example.dk",
        "website": f"https://kanarieweb{side}.example.dk",
        "note": word("note", side),
    }


def _make_run(run_id: int, side: str, code: int, user_id: int) -> ImportRun:
    lines = ["Navn;CVR;Kommunekode;Kontakt;Trin"]
    lines += [f"Fra fil {side};{CVR[side]};{code:04};{word('cell', side)};Kontaktet"]
    lines += [f"{word('bad', side)};12;{code:04};{word('cell', side)};Kontaktet"]
    return ImportRun(
        id=run_id, user_id=user_id, municipality_code=code, programme_year=2016, created_at=MOMENT,
        filename=f"{word('file', side)}.csv", sha256=f"{run_id:064}", content="\r\n".join(lines).encode("cp1252"),
        mapping=None, state=ImportState.UPLOADED,
    )  # fmt: skip


def _record(code: int, business_id: int, programme_id: int, user_id: int, reason: str) -> int:
    common: dict[str, Any] = {"municipality_code": code, "happened_on": DAY, "business_id": business_id}
    moves = [
        Move(kind=LedgerKind.MEMBERSHIP, to_code=MembershipState.MEMBER.value, **common),
        Move(kind=LedgerKind.STAGE, to_code=Stage.LONGLIST.value, programme_id=programme_id, **common),
        Move(
            kind=LedgerKind.STAGE, to_code=Stage.CONTACTED.value, from_code=Stage.LONGLIST.value,
            programme_id=programme_id, reason=reason, **common,
        ),
    ]  # fmt: skip
    return record(moves, user_id=user_id)[-1]


def user_of(world: World, who: str) -> User:
    """The user behind one of the sessions."""
    return db.session.get_one(User, world.users[who])
