"""Mails over a real mail server, on both databases: delivered once, tried again, refused, unsure, kept."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from nbe.access.stored import write_setting
from nbe.core import clock
from nbe.core.database import db, writing
from nbe.mails import sending
from nbe.mails.actions import Recipient, send_again, settle, unsubscribe, write_mail
from nbe.mails.rules import HeaderError, explain, is_unsure
from nbe.mails.sending import claim_next, send_due
from nbe.models import Mail, User
from nbe.models.gathering_states import MailState
from tests.builders import make_user
from tests.courses.making import make_team, sign_up
from tests.mails.letters import PAST, again, change, draft, make_due, people, send, write
from tests.mails.servers import Post, free_port, post_office, text_of


def test_a_mail_arrives_as_text_and_html(mailing_app: Flask, post: Post) -> None:
    text = "Kære Åse\n\nSe <b>her</b> & svar: https://nbe.example.dk/svar/1?a=1&b=2.\nHilsen Søren"
    mail = write(to_email="aase@example.dk", subject="Din plads på Øland – årets kursus", text=text)
    assert send_due() == 1
    (message,) = post.taken
    assert message["Subject"] == "Din plads på Øland – årets kursus"
    assert message["To"].addresses[0].display_name == "Åse Østergård"
    assert message["To"].addresses[0].addr_spec == "aase@example.dk"
    assert message["From"].addresses[0].addr_spec == "no-reply@nbe.example.dk"
    assert message["List-Unsubscribe"] is None
    plain, html = (text_of(message, kind) for kind in ("plain", "html"))
    assert plain.strip() == text
    assert "<b>" not in html and "&lt;b&gt;her&lt;/b&gt; &amp; svar" in html and 'lang="da"' in html
    assert '<a href="https://nbe.example.dk/svar/1?a=1&amp;b=2">' in html
    mail = again(mail)
    assert (mail.state, mail.attempts, mail.outcome) == (MailState.SENT, 1, "")
    assert mail.sent_at is not None and mail.claimed_until is None
    assert send_due() == 0 and len(post.taken) == 1


def test_answers_go_to_whoever_wrote_it_else_to_the_secretariat(mailing_app: Flask, post: Post) -> None:
    leader_id = make_user(email="anne@example.dk").id
    send(draft(people(1), user_id=leader_id))
    write()
    with writing():
        write_setting("contact_mail", "sekretariat@example.dk")
        db.session.commit()
    assert send_due() == 2
    assert [message["Reply-To"] for message in post.taken] == ["anne@example.dk", "sekretariat@example.dk"]
    db.session.rollback()
    with writing():
        db.session.get_one(User, leader_id).active = False
        write_setting("contact_mail", "")
        db.session.commit()
    send(draft(people(1), user_id=leader_id, subject_id=8))
    assert send_due() == 1
    assert post.taken[2]["Reply-To"] is None


def test_a_calendar_file_goes_with_it(mailing_app: Flask, post: Post) -> None:
    write(attachment=("kursus.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    send_due()
    (part,) = post.taken[0].iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "kursus.ics")
    assert part.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def test_the_same_key_is_written_once(mailing_app: Flask, post: Post) -> None:
    first, second = write(key="plads:1"), write(key="plads:1", to_email="anden@example.dk")
    assert first.id == second.id
    assert send_due() == 1


@pytest.mark.parametrize("field", ["subject", "to_name"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x00"])
def test_a_line_break_in_the_head_is_refused(mailing_app: Flask, field: str, end: str) -> None:
    with pytest.raises(HeaderError):
        write(**{field: f"Hej{end}Bcc: alle@example.dk"})


@pytest.mark.parametrize("address", ["", "ikke en adresse", "a@b\r\nBcc: c@example.dk", "to@a.dk, tre@a.dk"])
def test_no_address_no_mail(mailing_app: Flask, address: str) -> None:
    with writing():
        common = {"to_name": "", "subject": "s", "text": "t", "municipality_code": None, "kind": "seat"}
        assert write_mail(key="k", to_email=address, **common) is None


def test_refused_for_now_is_tried_after_1_5_and_30_minutes(mailing_app: Flask, post: Post) -> None:
    post.answer_rcpt = lambda address: "451 4.7.1 Greylisted, try again"
    mail = write()
    for attempt, minutes in enumerate((1, 5, 30), 1):
        send_due()
        mail = again(mail)
        assert (mail.state, mail.attempts) == (MailState.QUEUED, attempt)
        assert mail.next_try_at is not None
        assert 0 <= (clock.real_now() + dt.timedelta(minutes=minutes) - mail.next_try_at).total_seconds() < 30
        assert send_due() == 0  # not before its time
        make_due(mail)
    send_due()
    mail = again(mail)
    assert mail.state is MailState.FAILED
    assert explain(mail.outcome) == (
        "Modtagerens mailserver bad os prøve igen senere.",
        "451 4.7.1 Greylisted, try again",
    )
    post.answer_rcpt = lambda address: ""
    with writing():
        assert send_again(again(mail).mailing, MailState.FAILED) == 1
        db.session.commit()
    assert send_due() == 1


def test_refused_for_good_has_failed_and_the_next_goes(mailing_app: Flask, post: Post) -> None:
    post.answer_rcpt = lambda address: "550 5.1.1 No such user" if address.startswith("vaek") else ""
    gone, there = write(to_email="vaek@example.dk"), write()
    assert send_due() == 1
    assert (again(gone).state, again(gone).outcome) == (MailState.FAILED, "unknown: 550 5.1.1 No such user")
    assert again(there).state is MailState.SENT


def test_a_text_refused_has_failed(mailing_app: Flask, post: Post) -> None:
    post.answer_data = lambda: "554 5.7.1 Looks like spam"
    mail = write()
    send_due()
    assert (again(mail).state, again(mail).outcome) == (MailState.FAILED, "refused: 554 5.7.1 Looks like spam")
    assert again(mail).sent_at is None


def test_the_server_is_down_then_up(app: Flask) -> None:
    port = free_port()
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}"
    first, second = write(), write()
    assert send_due() == 0
    assert {again(first).state, again(second).state} == {MailState.QUEUED}
    assert again(first).outcome.startswith("unreachable")
    assert again(second).attempts == 0  # nobody knocks at a closed door for each mail
    make_due(first)
    with post_office(port) as post:
        assert send_due() == 2
        assert len(post.taken) == 2


def test_twenty_jobs_at_once_send_each_mail_once(mailing_app: Flask, post: Post) -> None:
    assert send(draft(people(60))) == 60
    db.session.remove()
    start = threading.Barrier(20)

    def work(_: int) -> int:
        with mailing_app.app_context():
            start.wait(30)
            try:
                return send_due()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(work, range(20))) == 60
    assert Counter(post.to) == Counter(f"person{n}@example.dk" for n in range(1, 61))


class DeathError(BaseException):
    """The process ends here."""


def die(*_: object, **__: object) -> None:
    raise DeathError


def test_killed_before_the_text_went_it_is_sent_by_the_next(
    mailing_app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = write()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_mark", die)
        with pytest.raises(DeathError):
            send_due()
    assert again(mail).state is MailState.SENDING
    assert send_due() == 0  # it may still be at work
    change(mail, claimed_until=clock.real_now() + PAST)
    assert send_due() == 1
    assert len(post.taken) == 1


def test_killed_after_the_text_went_a_person_decides(
    mailing_app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = write()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_finish", die)
        with pytest.raises(DeathError):
            send_due()
    change(mail, claimed_until=clock.real_now() + PAST)
    assert send_due() == 0 and len(post.taken) == 1
    mail = again(mail)
    assert is_unsure(mail.state, mail.sent_at, mail.claimed_until, clock.real_now())
    with writing():
        settle(mail)
        db.session.commit()
    assert (again(mail).state, again(mail).outcome) == (MailState.SENT, "by_hand")


def test_no_answer_to_the_text_is_not_sent_twice(mailing_app: Flask, post: Post) -> None:
    post.hangs_up = True
    mail = write()
    assert send_due() == 0
    mail = again(mail)
    assert is_unsure(mail.state, mail.sent_at, mail.claimed_until, clock.real_now())
    assert mail.outcome.startswith("unsure")
    assert send_due() == 0 and len(post.taken) == 1


def test_a_job_that_lost_its_claim_sends_nothing(mailing_app: Flask, post: Post) -> None:
    """It stood still for long; meanwhile the mail was given to another."""
    mail = write()
    slow = sending.claim_next()
    assert slow is not None
    change(mail, claimed_until=clock.real_now() + PAST)
    assert send_due() == 1
    with sending.delivery.Server(post.url) as server:
        assert not sending._send(server, slow)
    assert len(post.taken) == 1
    assert again(mail).state is MailState.SENT


def test_who_has_unsubscribed_gets_service_mail_only(mailing_app: Flask, post: Post) -> None:
    letter = draft(people(2))
    mailing_id = letter.id
    with writing():
        unsubscribe("Person2@example.dk")
        db.session.commit()
    send(letter)
    write(to_email="person2@example.dk")
    send_due()
    assert sorted(post.to) == ["person1@example.dk", "person2@example.dk"]
    states = dict(db.session.execute(sa.select(Mail.email, Mail.state).where(Mail.mailing_id == mailing_id)).all())
    assert states["person2@example.dk"] is MailState.STOPPED
    message = next(m for m in post.taken if m["List-Unsubscribe"])
    link = message["List-Unsubscribe"].strip(" <>")
    assert link.startswith("https://nbe.example.dk/frameld/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        assert link in text_of(message, kind)


def test_without_a_server_it_is_kept_and_sent_later(app: Flask, post: Post) -> None:
    mail = write()
    assert again(mail).state is MailState.KEPT
    assert send_due() == 0
    app.config["MAIL_URL"] = post.url
    assert send_due() == 0  # a person says when
    with writing():
        send_again(again(mail).mailing, MailState.KEPT)
        db.session.commit()
    assert send_due() == 1
    change(mail, state=MailState.QUEUED)
    app.config["MAIL_URL"] = None
    assert send_due() == 0
    assert again(mail).state is MailState.KEPT


def test_wide_addresses(mailing_app: Flask, post: Post) -> None:
    write(to_email="søren@rød-grød.dk")
    assert send_due() == 1
    assert post.to == ["søren@xn--rd-grd-byae.dk"]


def test_a_second_copy_has_the_same_id(mailing_app: Flask, post: Post) -> None:
    mail = write()
    send_due()
    change(mail, state=MailState.QUEUED)
    send_due()
    assert post.taken[0]["Message-ID"] == post.taken[1]["Message-ID"]


def test_the_letter_fills_in_each(mailing_app: Flask, post: Post) -> None:
    odd = Recipient("{link} Ib", "ib@example.dk", "https://nbe.example.dk/svar/9", "registration:9")
    send(draft([*people(1), odd]))
    send_due()
    by_address = {m["To"].addresses[0].addr_spec: m for m in post.taken}
    text = text_of(by_address["ib@example.dk"], "plain")
    assert text.startswith("Kære {link} Ib\n\nSvar her: https://nbe.example.dk/svar/9")
    assert by_address["person1@example.dk"]["Subject"] == "Kom til Person 1"


def test_mails_of_a_rolled_back_change_do_not_exist(mailing_app: Flask, post: Post) -> None:
    with writing():
        common = {"to_name": "", "subject": "s", "text": "t", "municipality_code": None, "kind": "seat"}
        assert write_mail(key="k", to_email="a@example.dk", **common)
        db.session.rollback()
    assert send_due() == 0
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 0


def test_the_log_names_nobody(mailing_app: Flask, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    """Neither who gets it nor what it says, whether it goes, is refused or cannot be delivered."""
    secret = {"to_name": "Kanarie Navn", "subject": "Kanarie emne", "text": "Kanarie tekst"}
    answers = iter(("", "550 5.1.1 kanarie@example.dk unknown", "451 kanarie@example.dk later"))
    post.answer_rcpt = lambda address: next(answers)
    for _ in range(3):
        write(to_email="kanarie@example.dk", **secret)
    with capture_logs() as told, caplog.at_level("DEBUG", logger="nbe"):
        send_due()
        mailing_app.config["MAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
        write(to_email="kanarie@example.dk", **secret)
        send_due()
    assert {entry["outcome"] for entry in told} == {"", "unknown", "later", "unreachable"}
    assert "kanarie" not in (repr(told) + caplog.text).casefold()


def test_only_what_lies_still_is_overtaken(mailing_app: Flask, post: Post) -> None:
    """Of the same person and kind: one sent, one being sent, one waiting; one of another kind."""
    person = sign_up(make_team(3)).participant.id
    about = {"kind": "seat", "participant_id": person}
    gone = write(**about)
    assert send_due() == 1
    sending = write(**about)
    assert claim_next()
    kept, other = write(**about), write(**about | {"kind": "reminder"})
    new = write(**about, replaces=True)
    states = [again(mail).state for mail in (gone, sending, kept, other, new)]
    queued = MailState.QUEUED
    assert states == [MailState.SENT, MailState.SENDING, MailState.STOPPED, queued, queued]
    assert write(**about, key=kept.key.partition("~")[0]).state is queued, "may be written anew"
    assert send_due() == 3
    assert again(kept).state is MailState.STOPPED
