"""Mails for the tests, committed."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.mails.actions import Recipient, approve, compose, write_mail
from nbe.models import Mail, Mailing

PAST = dt.timedelta(minutes=-1)
_numbers = count(1)


def write(**changes: Any) -> Mail:
    """One service mail, committed."""
    place = next(_numbers)
    values: dict[str, Any] = {
        "key": f"prøve:{place}", "to_email": f"modtager{place}@example.dk", "to_name": "Åse Østergård",
        "subject": "Din plads på kurset", "text": "Kære Åse\n\nDu har en plads.", "municipality_code": 849,
        "kind": "seat",
    }  # fmt: skip
    db.session.rollback()
    with writing():
        mail = write_mail(**{**values, **changes})
        db.session.commit()
    assert mail is not None
    return mail


def draft(people: list[Recipient], *, is_service: bool = False, code: int | None = 849, **changes: Any) -> Mailing:
    """A letter to several, not sent."""
    values: dict[str, Any] = {
        "kind": "invitation", "subject": "Kom til {navn}", "text": "Kære {navn}\n\nSvar her: {link}",
        "subject_kind": "event", "subject_id": 7, "user_id": None,
    }  # fmt: skip
    db.session.rollback()
    with writing():
        found = compose(recipients=people, is_service=is_service, municipality_code=code, **{**values, **changes})
        db.session.commit()
    return found


def send(mailing: Mailing) -> int:
    """Approve a draft."""
    db.session.rollback()
    with writing():
        number = approve(db.session.get_one(Mailing, mailing.id))
        db.session.commit()
    return number


def people(number: int) -> list[Recipient]:
    """Recipients with a link each."""
    return [
        Recipient(f"Person {n}", f"person{n}@example.dk", f"https://nbe.example.dk/svar/{n}", f"registration:{n}")
        for n in range(1, number + 1)
    ]


def again(mail: Mail) -> Mail:
    """The mail as it stands in the database."""
    mail_id = sa.inspect(mail).identity[0]
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Mail, mail_id)


def change(mail: Mail, **values: Any) -> None:
    """Columns written past the actions, as time and crashes do."""
    mail_id = sa.inspect(mail).identity[0]
    db.session.rollback()
    with writing():
        db.session.execute(sa.update(Mail).where(Mail.id == mail_id).values(**values))
        db.session.commit()


def make_due(mail: Mail) -> None:
    """Its pause is over."""
    change(mail, next_try_at=clock.real_now() - dt.timedelta(seconds=1))
