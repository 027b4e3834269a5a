"""Twenty sign up in the same second: never more than the seats, nobody lost, on both databases."""

from __future__ import annotations

import threading

from flask import Flask

from nbe.core.database import db, writing
from nbe.courses import actions
from nbe.models import Team
from tests.courses.making import change, make_team, seated, sign_up, waiting


def all_at_once(app: Flask, works: list[object]) -> list[BaseException]:
    """Run each in a thread and a session of its own, begun together."""
    gate, failed = threading.Barrier(len(works)), []

    def run(work: object) -> None:
        with app.app_context():
            gate.wait()
            try:
                with writing():
                    work()  # type: ignore[operator]
                    db.session.commit()
            except BaseException as error:  # shown by the assertion below
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def _signing(team_id: int, number: int) -> object:
    def work() -> None:
        team = db.session.get_one(Team, team_id)
        actions.sign_up_person(team, name=f"Kursist {number:02d}", municipality_code=849, user_id=None)

    return work


def test_twenty_sign_up_for_seven_seats_at_once(app: Flask) -> None:
    team = make_team(7)
    db.session.rollback()
    failed = all_at_once(app, [_signing(team.id, number) for number in range(20)])
    assert failed == []
    db.session.rollback()
    assert len(seated(team)) == 7
    assert len(waiting(team)) == 13
    assert len({*seated(team), *waiting(team)}) == 20


def test_ten_leave_and_ten_sign_up_at_once(app: Flask) -> None:
    team = make_team(10)
    came = [sign_up(team, f"Første {number}").participant.id for number in range(14)]
    db.session.rollback()

    def leaving(person_id: int) -> object:
        from nbe.models import Participant

        return lambda: actions.cancel_seat(db.session.get_one(Participant, person_id), user_id=None)

    works = [leaving(person_id) for person_id in came[:10]]
    works += [_signing(team.id, number) for number in range(10)]
    assert all_at_once(app, works) == []
    db.session.rollback()
    assert len(seated(team)) == 10
    assert len(waiting(team)) == 4
    assert {f"Første {number}" for number in range(10, 14)} <= set(seated(team))


def test_the_same_person_twenty_times_at_once_is_one(app: Flask) -> None:
    team = make_team(7)
    db.session.rollback()
    assert all_at_once(app, [_signing(team.id, 1) for _ in range(20)]) == []
    db.session.rollback()
    assert len(seated(team)) == 1
    change(lambda: actions.settle_team(actions.lock_team(team.id), user_id=None))
