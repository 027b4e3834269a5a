"""The pages of letters and the outbox, as a leader meets them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.mails.actions import Recipient, unsubscribe
from nbe.mails.letters import unsubscribe_address
from nbe.mails.sending import send_due
from nbe.models import Change, Mail, Mailing
from nbe.models.gathering_states import MailState
from nbe.models.states import RoleName
from tests.builders import csrf_of, make_user, sign_in
from tests.counting import statements
from tests.mails.letters import again, change, draft, people, send, write
from tests.mails.servers import Post, text_of


def enter(app: Flask, role: RoleName = RoleName.LEADER, code: int | None = 849) -> FlaskClient:
    return sign_in(app.test_client(), make_user(role, code))


def press(client: FlaskClient, path: str, action: str, **changes: str) -> TestResponse:
    """Send the form of a page that goes to `action`, as a browser would."""
    page = lxml.html.fromstring(client.get(path).get_data(as_text=True))
    form = next(form for form in page.forms if (form.action or "").split("?")[0] == action)
    return client.post(form.action, data={**dict(form.form_values()), **changes})


def text_on(answer: TestResponse) -> str:
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    return " ".join(page.find(".//main").text_content().split())


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return text_on(answer)


def states(mailing_id: int) -> dict[str, tuple[MailState, str]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(Mail.name, Mail.state, Mail.outcome).where(Mail.mailing_id == mailing_id))
    return {row.name: (row.state, row.outcome) for row in rows}


def test_from_a_draft_to_its_outcomes(mailing_app: Flask, post: Post) -> None:
    client = enter(mailing_app)
    db.session.rollback()
    with writing():
        unsubscribe("person3@example.dk")
        db.session.commit()
    letter_id = draft([*people(3), Recipient("Uden adresse", "")]).id
    path = f"/breve/{letter_id}"
    shown = read(client, path)
    assert "Brevet går til 2 modtagere" in shown and "2 får det ikke" in shown
    assert "Kære Person 1 Svar her: https://nbe.example.dk/svar/1" in shown
    assert "Person 3" not in shown
    left_out = read(client, f"{path}?vis=udeladt")
    assert "Har frameldt sig breve fra netværket." in left_out
    assert "Har ingen mailadresse, der kan sendes til." in left_out

    changed = press(client, f"{path}/rediger", f"{path}/rediger", subject="Nyt emne", text="Hej {navn}\n\n{link}")
    assert changed.status_code == 303
    assert post.taken == []
    sent = press(client, path, f"{path}/send")
    assert sent.status_code == 303
    assert "2 mails er på vej" in read(client, path)
    assert client.get(f"{path}/fremdrift").get_json() == {"done": 0, "total": 2, "is_working": True}
    post.answer_rcpt = lambda address: "550 5.1.1 No such user" if address.startswith("person1") else ""
    assert send_due() == 1
    assert text_of(post.taken[0], "plain").startswith("Hej Person 2\n\nhttps://nbe.example.dk/svar/2")
    shown = read(client, path)
    assert "Adressen findes ikke hos modtageren. Mailserveren svarede: 550 5.1.1 No such user" in shown
    assert "1 mail kunne ikke sendes" in shown
    assert client.get(f"{path}/fremdrift").get_json() == {"done": 2, "total": 2, "is_working": False}
    post.answer_rcpt = lambda address: ""
    assert press(client, path, f"{path}/send-igen").status_code == 303
    assert send_due() == 1
    assert tally(letter_id) == {MailState.SENT: 2, MailState.STOPPED: 2}
    assert "2 sendt 2 får det ikke" in read(client, "/breve")


def test_what_is_sent_is_what_was_shown(sqlite_app: Flask) -> None:
    """Another one has changed words or receivers meanwhile: nothing goes."""
    client, other = enter(sqlite_app), enter(sqlite_app)
    letter_id = draft(people(3)).id
    path = f"/breve/{letter_id}"
    seen = lxml.html.fromstring(client.get(path).get_data(as_text=True))
    form = dict(next(f for f in seen.forms if f.action == f"{path}/send").form_values())
    press(other, f"{path}/rediger", f"{path}/rediger", text="Helt andre ord til {navn}: {link}")
    answer = client.post(f"{path}/send", data=form)
    assert answer.status_code == 409
    assert "Intet er sendt" in text_on(answer) and "Helt andre ord" in text_on(answer)
    seen = lxml.html.fromstring(client.get(path).get_data(as_text=True))
    form = dict(next(f for f in seen.forms if f.action == f"{path}/send").form_values())
    first = db.session.scalar(sa.select(sa.func.min(Mail.id)).where(Mail.mailing_id == letter_id))
    press(other, path, f"{path}/modtagere/{first}/fjern")
    assert client.post(f"{path}/send", data=form).status_code == 409
    assert {state for state, _ in states(letter_id).values()} == {MailState.DRAFT, MailState.STOPPED}
    assert press(client, path, f"{path}/send").status_code == 303
    assert press(other, "/breve", "/sprog").status_code == 302
    assert client.post(f"{path}/send", data=form | {"once": "en-anden-gang"}).status_code == 303
    assert tally(letter_id) == {MailState.KEPT: 2, MailState.STOPPED: 1}


def tally(mailing_id: int) -> dict[MailState, int]:
    found = [state for state, _ in states(mailing_id).values()]
    return {state: found.count(state) for state in set(found)}


def test_two_editors(sqlite_app: Flask) -> None:
    client, other = enter(sqlite_app), enter(sqlite_app)
    letter_id = draft(people(1)).id
    path = f"/breve/{letter_id}/rediger"
    page = lxml.html.fromstring(client.get(path).get_data(as_text=True))
    mine = dict(next(f for f in page.forms if f.action == path).form_values()) | {"subject": "Mit emne"}
    press(other, path, path, subject="Deres emne")
    answer = client.post(path, data=mine)
    assert answer.status_code == 409
    assert "Mit emne" in answer.get_data(as_text=True) and "Deres emne" in answer.get_data(as_text=True)
    db.session.rollback()
    told = db.session.scalars(sa.select(Change).where(Change.entity == "mailing")).one()
    assert told.diff == {"subject": ["Kom til {navn}", "Deres emne"]} and told.municipality_code == 849


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("subject", "", "Skal udfyldes."),
        ("text", "Kære {fornavn}", "{fornavn} kan ikke udfyldes."),
        ("text", "Dit nummer er 010180-1234", "Det ligner et CPR-nummer."),
        ("subject", "æ" * 201, "Skriv højst 200 tegn."),
        ("text", "ø" * 10_001, "Skriv højst 10000 tegn."),
    ],
)
def test_what_cannot_be_sent_is_refused_at_its_field_and_kept(
    sqlite_app: Flask, field: str, typed: str, error: str
) -> None:
    client = enter(sqlite_app)
    path = f"/breve/{draft(people(1)).id}/rediger"
    answer = press(client, path, path, **{field: typed})
    assert answer.status_code == 422
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    assert error in page.get_element_by_id(f"{field}-error").text_content()
    form = next(f for f in page.forms if f.action == path)
    assert form.fields[field].removeprefix("\n") == typed


def test_a_line_break_in_a_subject_becomes_a_blank(sqlite_app: Flask) -> None:
    client, letter_id = enter(sqlite_app), draft(people(1)).id
    path = f"/breve/{letter_id}/rediger"
    assert press(client, path, path, subject="Hej\r\nBcc: alle@example.dk").status_code == 303
    db.session.rollback()
    assert db.session.get_one(Mailing, letter_id).subject == "Hej Bcc: alle@example.dk"


def test_who_has_no_link_gets_no_letter_with_one(sqlite_app: Flask) -> None:
    client = enter(sqlite_app)
    letter_id = draft([*people(1), Recipient("Uden link", "uden@example.dk")]).id
    path = f"/breve/{letter_id}"
    page = client.get(path)
    assert "1 modtager har intet link" in text_on(page)
    assert f'action="{path}/send"' not in page.get_data(as_text=True)
    stand = f"{letter_of(letter_id).version}.2.{sum(ids_of(letter_id))}"
    data = {"csrf_token": csrf_of(client, "/konto"), "stand": stand}
    client.post(f"{path}/send", data=data)
    assert tally(letter_id) == {MailState.DRAFT: 2}
    press(client, f"{path}/rediger", f"{path}/rediger", text="Kære {navn}")
    assert "{link} står ikke i teksten" in read(client, path)
    assert press(client, path, f"{path}/send").status_code == 303


def letter_of(letter_id: int) -> Mailing:
    db.session.rollback()
    return db.session.get_one(Mailing, letter_id)


def send_letter(letter_id: int) -> None:
    send(letter_of(letter_id))


def ids_of(letter_id: int) -> list[int]:
    return list(db.session.scalars(sa.select(Mail.id).where(Mail.mailing_id == letter_id)))


def test_a_receiver_is_taken_off_and_put_back(sqlite_app: Flask) -> None:
    client, letter_id = enter(sqlite_app), draft(people(2)).id
    path, mail_id = f"/breve/{letter_id}", ids_of(letter_id)[0]
    one = f"{path}/modtagere/{mail_id}"
    press(client, path, f"{one}/fjern")
    assert states(letter_id)["Person 1"] == (MailState.STOPPED, "removed")
    assert "Person 1 får ikke brevet." in read(client, path)
    assert "Taget af listen af en af jer." in read(client, f"{path}?vis=udeladt")
    press(client, f"{path}?vis=udeladt", f"{one}/tilbage")
    assert states(letter_id)["Person 1"] == (MailState.DRAFT, "")


def test_a_draft_is_thrown_away(sqlite_app: Flask) -> None:
    client, letter_id = enter(sqlite_app), draft(people(2)).id
    path = f"/breve/{letter_id}"
    assert press(client, path, f"{path}/kasser").location == "/breve"
    assert client.get(path).status_code == 404
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 0


def test_a_letter_that_has_gone_is_neither_edited_nor_thrown_away(sqlite_app: Flask) -> None:
    client, letter_id = enter(sqlite_app), draft(people(1)).id
    send_letter(letter_id)
    path = f"/breve/{letter_id}"
    token = {"csrf_token": csrf_of(client, "/konto")}
    assert client.get(f"{path}/rediger").status_code == 303
    assert client.post(f"{path}/rediger", data={**token, "subject": "x", "text": "y"}).status_code == 409
    client.post(f"{path}/kasser", data=token)
    assert letter_of(letter_id).subject == "Kom til {navn}"
    first = ids_of(letter_id)[0]
    change(db.session.get_one(Mail, first), state=MailState.SENT)
    client.post(f"{path}/modtagere/{first}/fjern", data=token)
    client.post(f"{path}/modtagere/{first}/send-igen", data=token)
    assert states(letter_id)["Person 1"][0] is MailState.SENT
    assert "står ikke længere sådan" in read(client, path)


def test_perhaps_sent_is_settled_or_sent_again(mailing_app: Flask, post: Post) -> None:
    client = enter(mailing_app)
    post.hangs_up = True
    mail = write(text="Om en plads")
    send_due()
    post.hangs_up = False
    path = f"/breve/{again(mail).mailing_id}"
    one = f"{path}/modtagere/{again(mail).id}"
    assert "1 mail er måske sendt" in read(client, path)
    press(client, path, f"{one}/sendt")
    assert (again(mail).state, again(mail).outcome) == (MailState.SENT, "by_hand")
    press(client, path, f"{one}/ikke-sendt")  # the undo of the message
    assert again(mail).state is MailState.KEPT
    press(client, path, f"{one}/sendt")
    assert "Meldt sendt af en af jer." in read(client, path)
    client.post(f"{one}/ikke-sendt", data={"csrf_token": csrf_of(client, "/konto")})
    press(client, path, f"{one}/send-igen")
    assert send_due() == 1 and len(post.taken) == 2


def test_while_a_job_is_at_it_nobody_interferes(sqlite_app: Flask) -> None:
    client, mail = enter(sqlite_app), write()
    change(mail, state=MailState.SENDING, sent_at=clock.now(), claimed_until=clock.real_now().replace(year=2100))
    path = f"/breve/{again(mail).mailing_id}"
    token = {"csrf_token": csrf_of(client, "/konto")}
    for step in ("sendt", "send-igen", "fjern"):
        client.post(f"{path}/modtagere/{mail.id}/{step}", data=token)
    assert again(mail).state is MailState.SENDING


def test_the_outbox(sqlite_app: Flask, post: Post) -> None:
    client = enter(sqlite_app)
    first, second, third = write(text="Den første"), write(text="Den anden"), write(text="Den tredje")
    foreign = write(municipality_code=851)
    shown = read(client, "/udbakke")
    assert "Den første" in shown and "Den tredje" in shown and again(foreign).email not in shown
    page = lxml.html.fromstring(client.get("/udbakke").get_data(as_text=True))
    assert "Breve (3 i udbakken)" in " ".join(
        page.xpath("//nav[contains(@class, 'beneath')]")[0].text_content().split()
    )
    assert len(page.xpath("//main//summary")) == 3
    assert all("Din plads på kurset" in one.text_content() for one in page.xpath("//main//summary"))
    assert 'action="/udbakke/send"' not in client.get("/udbakke").get_data(as_text=True)
    client.post("/udbakke/send", data={"csrf_token": csrf_of(client, "/konto")})
    assert again(first).state is MailState.KEPT
    press(client, "/udbakke", f"/breve/{first.mailing_id}/modtagere/{first.id}/sendt")
    answer = press(client, "/udbakke", f"/breve/{second.mailing_id}/modtagere/{second.id}/fjern")
    assert answer.location == "/udbakke"
    assert [again(mail).state for mail in (first, second, third)] == [MailState.SENT, MailState.STOPPED, MailState.KEPT]
    press(
        client,
        f"/breve/{again(second).mailing_id}?vis=udeladt",
        f"/breve/{second.mailing_id}/modtagere/{second.id}/tilbage",
    )
    sqlite_app.config["MAIL_URL"] = post.url
    assert "Send alle 2 mails" in read(client, "/udbakke")
    press(client, "/udbakke", "/udbakke/send")
    assert send_due() == 2
    assert sorted(post.to) == sorted([again(second).email, again(third).email])
    assert again(foreign).state is MailState.KEPT
    assert "Udbakken er tom" in read(client, "/udbakke")


def test_a_kept_mail_opens_in_the_own_mail_program(sqlite_app: Flask) -> None:
    client = enter(sqlite_app)
    text = 'Kære Åse & Bo\n\n100 % sikkert? <b>"Ja"</b> #1'
    mail = write(to_email="åse+1@example.dk", subject="Æ & Ø?", text=text, is_service=False)
    page = lxml.html.fromstring(client.get("/udbakke").get_data(as_text=True))
    (link,) = page.xpath("//main//a[starts-with(@href, 'mailto:')]/@href")
    parts = urlsplit(link)
    assert unquote(parts.path) == "åse+1@example.dk"
    filled = parse_qs(parts.query, strict_parsing=True)
    assert filled["subject"] == ["Æ & Ø?"]
    assert filled["body"][0].startswith(text.replace("\n", "\r\n") + "\r\n\r\n--\r\nVil du ikke have flere breve")
    assert unsubscribe_address(again(mail)).rsplit("/", 1)[1] in filled["body"][0]


def test_lists_are_paged_and_cost_the_same(sqlite_app: Flask) -> None:
    client = enter(sqlite_app)
    one = draft(people(1))
    with statements() as few:
        assert read(client, "/breve") and read(client, f"/breve/{one.id}")
    many = draft(people(60))
    for _ in range(51):
        write()
    with statements() as more:
        shown = read(client, "/breve")
        copies = read(client, f"/breve/{many.id}")
    assert "side 1 af 2" in shown and "side 1 af 2" in copies
    assert len(re.findall(r"person\d+@", copies)) == 50
    assert len(more) <= len(few)
    assert "side 2 af 2" in read(client, "/udbakke?side=2")


def test_the_list_is_narrowed(sqlite_app: Flask) -> None:
    admin = enter(sqlite_app, RoleName.ADMINISTRATOR, None)
    mail = write(subject="Fejlet mail")
    change(mail, state=MailState.FAILED, outcome="full")
    write(subject="Anden kommune", municipality_code=851)
    draft(people(1), subject="En kladde")
    assert "Fejlet mail" in read(admin, "/breve?vis=fejlet") and "En kladde" not in read(admin, "/breve?vis=fejlet")
    assert "En kladde" in read(admin, "/breve?vis=kladde")
    assert "3 rækker" in read(admin, "/breve") and "1 række" in read(admin, "/breve?vis=kladde")
    aalborg = read(admin, "/breve?kommune=851")
    assert "Anden kommune" in aalborg and "Fejlet mail" not in aalborg
    for nonsense in ("?vis=sludder&kommune=x&side=0", "?side=999999"):
        assert admin.get(f"/breve{nonsense}").status_code == 200


@pytest.mark.parametrize("role", [RoleName.SCREENER, RoleName.PARTNER])
def test_who_may_not_write_sees_no_letters(sqlite_app: Flask, role: RoleName) -> None:
    client = enter(sqlite_app, role)
    assert "Breve" not in client.get("/").get_data(as_text=True)
    assert {client.get(path).status_code for path in ("/breve", "/udbakke")} == {403}


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "&#60;img src=x&#62;",
    "{{7*7}}",
    "<b>{navn}</b>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_is_written_runs(mailing_app: Flask, post: Post, payload: str) -> None:
    """On the pages and in the HTML of the mail."""
    client = enter(mailing_app)
    text = f"Se {payload} og https://example.dk/?a={payload}"
    letter_id = draft([Recipient(payload, "a@example.dk")], subject=payload[:200], text=text).id
    send_letter(letter_id)
    send_due()
    pages = [client.get(path).get_data(as_text=True) for path in ("/breve", f"/breve/{letter_id}", "/udbakke")]
    html = text_of(post.taken[0], "html")
    for page in (*pages, html):
        tree = lxml.html.fromstring(page)
        assert not tree.xpath("//img | //main//b | //body/b | //*[@onerror]")
        assert [s for s in tree.xpath("//script") if not s.get("src")] == []
        assert [a for a in tree.xpath("//a/@href") if a.startswith("javascript")] == []
    assert "49" not in lxml.html.fromstring(html).text_content()
