"""The world's letters: one sent, with a copy that could not be, a draft, and a mail in the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from nbe.core.database import db
from nbe.models import Mail, Mailing
from nbe.models.gathering_states import MailState

MOMENT = dt.datetime(2016, 2, 8, 9, tzinfo=dt.UTC)


def make_mails(base: int, code: int, user_id: int, side: str, word: Callable[[str, str], str]) -> dict[str, int]:
    """The letters of a side; -> their ids. Every text is a canary."""
    ids = {"mailing": base + 20, "mail": base + 22}
    email = f"soegmail{side}.kanarieaddressee{side}@example.dk"
    common: dict[str, Any] = {"email": email, "created_at": MOMENT}
    sent = _letter(ids["mailing"], code, user_id, word("subject", side), word("letter", side), MOMENT)
    failed = {"subject": sent.subject, "text": sent.text, "state": MailState.FAILED, "outcome": "full"}
    sent.mails.append(Mail(id=ids["mail"], key=f"{base}:sent", name="Modtager", **failed, **common))
    draft = _letter(base + 21, code, user_id, "Kladde", word("draftletter", side), None)
    draft.mails.append(
        Mail(
            id=base + 23,
            key=f"{base}:draft",
            name="Kladdemodtager",
            subject="",
            text="",
            state=MailState.DRAFT,
            **common,
        )
    )
    kept = _letter(base + 24, code, user_id, word("keptsubject", side), "Tekst", MOMENT)
    lies = {"subject": kept.subject, "text": "Tekst", "state": MailState.KEPT}
    kept.mails.append(Mail(id=base + 25, key=f"{base}:kept", name="", **lies, **common))
    db.session.add_all([sent, draft, kept])
    db.session.flush()
    return ids


def _letter(
    mailing_id: int, code: int, user_id: int, subject: str, text: str, approved_at: dt.datetime | None
) -> Mailing:
    return Mailing(
        id=mailing_id, kind="letter", subject=subject, text=text, municipality_code=code, user_id=user_id,
        approved_at=approved_at, created_at=MOMENT,
    )  # fmt: skip
