"""A mail server that refuses, hangs, wants it later or hangs up: what becomes of the mail, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from nbe.core import smtp
from nbe.core.database import db
from nbe.mails import delivery
from nbe.mails.rules import explain
from nbe.mails.sending import send_due
from nbe.models.gathering_states import MailState
from tests.builders import make_user, sign_in
from tests.mails.letters import again, write
from tests.mails.servers import DROPS, HANGS, free_port, misbehaving

QUEUED, FAILED, SENDING = MailState.QUEUED, MailState.FAILED, MailState.SENDING
REACH, LATER = "Mailserveren kunne ikke nås.", "Modtagerens mailserver bad os prøve igen senere."
UNKNOWN, FULL = "Adressen findes ikke hos modtageren.", "Modtagerens postkasse er fuld."
REFUSED, SIZE = "Modtagerens mailserver afviste mailen.", "Mailen er for stor for modtageren."
UNSURE = "Mailen blev afleveret, men svaret kom ikke. Den er måske nået frem."


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.5)
    monkeypatch.setattr(delivery, "PATIENCE_FOR_ANSWER", 0.5)


@pytest.mark.parametrize(
    ("answers", "state", "words", "texts"),
    [
        ({"": HANGS}, QUEUED, REACH, 0),
        ({"": DROPS}, QUEUED, REACH, 0),
        ({"": "421 optaget"}, QUEUED, REACH, 0),
        ({"": "554 ingen adgang"}, QUEUED, REACH, 0),
        ({"MAIL": "421 lukker"}, QUEUED, LATER, 0),
        ({"MAIL": "550 5.7.1 ikke herfra"}, FAILED, REFUSED, 0),
        ({"RCPT": "450 4.2.0 greylisted"}, QUEUED, LATER, 0),
        ({"RCPT": "452 4.2.2 fuld"}, QUEUED, FULL, 0),
        ({"RCPT": "550 5.1.1 findes ikke"}, FAILED, UNKNOWN, 0),
        ({"RCPT": "552 5.2.2 fuld"}, FAILED, FULL, 0),
        ({"RCPT": HANGS}, QUEUED, REACH, 0),
        ({"RCPT": DROPS}, QUEUED, REACH, 0),
        ({"DATA": "451 senere"}, QUEUED, LATER, 0),
        ({"DATA": "554 nej"}, FAILED, REFUSED, 0),
        ({".": "451 4.3.0 senere"}, QUEUED, LATER, 1),
        ({".": "552 5.3.4 for stor"}, FAILED, SIZE, 1),
        ({".": "554 5.7.1 spam"}, FAILED, REFUSED, 1),
        ({".": DROPS}, SENDING, UNSURE, 1),
        ({".": HANGS}, SENDING, UNSURE, 1),
    ],
)
def test_what_becomes_of_it(
    sqlite_app: Flask, answers: dict[str, Any], state: MailState, words: str, texts: int
) -> None:
    with misbehaving(**answers) as (address, taken):
        sqlite_app.config["MAIL_URL"] = address
        mail = write()
        assert send_due() == 0
        mail = again(mail)
        assert (mail.state, explain(mail.outcome)[0], len(taken)) == (state, words, texts)
        assert send_due() == 0 and len(taken) == texts  # nothing is tried at once again
    client = sign_in(sqlite_app.test_client(), make_user())
    assert words in client.get(f"/breve/{again(mail).mailing_id}").get_data(as_text=True)
    db.session.rollback()


def test_nobody_listens(sqlite_app: Flask) -> None:
    sqlite_app.config["MAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
    mail = write()
    send_due()
    assert (again(mail).state, explain(again(mail).outcome)[0]) == (QUEUED, REACH)


def test_the_password_is_wrong(sqlite_app: Flask) -> None:
    with misbehaving(EHLO="250-her\r\n250 AUTH PLAIN", AUTH="535 5.7.8 forkert") as (address, _taken):
        sqlite_app.config["MAIL_URL"] = address.replace("//", "//navn:hemmeligt@")
        mail = write()
        send_due()
    mail = again(mail)
    assert mail.state is QUEUED
    assert explain(mail.outcome)[0] == "Mailserveren tog ikke imod vores navn og adgangskode. Ret MAIL_URL."
    assert "hemmeligt" not in mail.outcome


def test_one_that_is_refused_stops_no_other(sqlite_app: Flask) -> None:
    with misbehaving(RCPT="550 5.1.1 findes ikke") as (address, _taken):
        sqlite_app.config["MAIL_URL"] = address
        mails = [write() for _ in range(3)]
        send_due()
    assert {again(mail).state for mail in mails} == {FAILED}
