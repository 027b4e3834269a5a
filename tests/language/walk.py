"""A walk through every page somebody can reach, one of each kind."""

from __future__ import annotations

import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from nbe.core.database import db
from nbe.core.links import sign
from nbe.events.letters import answer_path, open_path
from nbe.models import Business, Candidacy, Contact, Event, FollowUp, Mailing, Registration, Screening
from nbe.models.states import ScreeningState, Stage
from tests.builders import csrf_of
from tests.language.courses_walk import course_places

LINK = re.compile(r'<(?:a|form)\b[^>]*?\b(?:href|action)="([^"]+)"[^>]*>')
NOWHERE = "/findes-ikke"
ROWS = (
    "CVR;Navn;Kommune;By;Status;Egnet?;Dato for screening;Medlem siden;E-mail;Telefon\n"
    "99000001;Ny Prøve A/S;Jammerbugt;Brovst;Emne;;;;;\n"
    "12345678;Forkert ApS;Jammerbugt;Brovst;Egnet;ja;31-02-2016;;a@b;12\n"
    ";Uden nummer;Nirgends;;Gennemført;måske;01-12-2030;01-12-2030;;\n"
    "99000001;Ny Prøve A/S;Jammerbugt;Pandrup;Noget;;;;;\n"
)


def sign_in_as(app: Flask, role: str, language: str) -> FlaskClient:
    """A browser in a language, signed in through the demo's door; role "" stays outside."""
    client = app.test_client()
    client.post("/sprog", data={"language": language, "csrf_token": csrf_of(client)})
    if role:
        assert client.post("/demo-login", data={"role": role, "csrf_token": csrf_of(client)}).status_code == 302
        client.post("/sprog", data={"language": language, "csrf_token": csrf_of(client, "/konto")})
    return client


def upload_rows(client: FlaskClient) -> str:
    """The address of a dry run with every kind of remark."""
    file = (io.BytesIO(ROWS.encode("utf-8-sig")), "liste.csv")
    data = {"file": file, "year": "2016", "csrf_token": csrf_of(client, "/import")}
    return str(client.post("/import", data=data, content_type="multipart/form-data").location)


def known_places(code: int = 849) -> list[str]:
    """A candidate at each stage with its business, a contact, and addresses that ask for what is not there."""
    places = ["/glemt-adgangskode", "/invitation/falsk", "/login/fortsaet", NOWHERE, "/kandidater?visning=tabel"]
    places += [
        "/?dato=sludder&branche=xx&kilde=yy",
        "/?dato=01-01-2030",
        "/historik?fra=sludder",
        "/soeg?q=a",
        "/soeg?q=zzzqq",
    ]
    places += ["/virksomheder?q=zzzqq", "/screeninger?q=zzzqq", "/virksomheder?q=a", "/was", "/rettigheder"]
    for stage in Stage:
        there = sa.select(Candidacy).join(Business).where(Business.municipality_code == code, Candidacy.stage == stage)
        row = db.session.scalars(there.limit(1)).first()
        if row:
            places.append(f"/kandidater/{row.id}")
        if row and stage is Stage.CONTACTED:
            places.append(f"/kandidater/flyt-flere?valgt={row.id}&til=suitable")
    places += [f"/breve/{letter}" for letter in db.session.scalars(sa.select(Mailing.id))]
    look = db.session.scalars(sa.select(FollowUp).join(Business).where(Business.municipality_code == code)).first()
    if look:
        places += [f"/kandidater/{look.candidacy_id}/plan", f"/opfoelgninger/{look.id}"]
    there = sa.select(Registration).where(Registration.municipality_code == code).limit(1)
    for person in db.session.scalars(there):
        event = f"/arrangementer/{person.event_id}"
        places += [f"{event}/fremmoede", f"{event}/deltagerliste", f"{event}/invitation?hvem=ikke-svaret"]
        places += [open_path(person.event), f"{open_path(person.event)}/tak", answer_path(person)]
        places += [event, f"{event}/tilmeld?q=zzzqq", f"{event}/tilmeld?uden=1", f"/tilmeldinger/{person.id}"]
        places.append(f"/frameld/{sign('unsubscribe', person.email.casefold())}")
    own = sa.select(Event.id).where(Event.municipality_code == code).limit(1)
    places += [f"/arrangementer/{event_id}/rediger" for event_id in db.session.scalars(own)]
    places += [
        "/arrangementer?vis=afholdte",
        "/arrangementer?vis=aflyste",
        "/arrangementer?q=zzzqq",
        "/arrangementer/nyt",
    ]
    places += ["/kurser/kursister?q=zzzqq", "/arrangementer/tilmeldinger?q=zzzqq", "/kurser/kursister?pr=2016-03-20"]
    visits = sa.select(Screening).join(Business).where(Business.municipality_code == code)
    for visit in db.session.scalars(visits.limit(1)):
        places += [f"/screeninger/{visit.id}{page}" for page in ("", "/skema", "/rediger", "/brev", "/sammenlign")]
    planned = visits.where(Screening.state == ScreeningState.PLANNED)
    places += [f"/screeninger/{visit.id}" for visit in db.session.scalars(planned.limit(1))]
    contact = db.session.scalars(sa.select(Contact).join(Business).where(Business.municipality_code == code)).first()
    assert contact is not None
    base = f"/virksomheder/{contact.business_id}"
    places += [f"{base}/kontakter/{contact.id}/rediger", f"{base}/kontakter/{contact.id}/afslut", f"{base}/opkald"]
    places += course_places(code)
    return [*places, f"{base}/sammenlaeg?med={contact.business_id + 1}", f"{base}/ophoert"]


def walk(app: Flask, client: FlaskClient, starts: list[str], within: str = "/") -> dict[str, str]:
    """Each kind of page once (an endpoint and the names of its arguments) from `starts` on -> its HTML."""
    adapter = app.url_map.bind("localhost")
    pages: dict[str, str] = {}
    kinds: set[tuple[str, frozenset[str]]] = set()
    queue = [*starts]
    certain = set(starts)
    while queue:
        address = queue.pop(0)
        parts = urlsplit(address)
        try:
            endpoint, _ = adapter.match(parts.path, "GET")
        except HTTPException:
            endpoint = ""
        kind = (endpoint, frozenset(parse_qs(parts.query)))
        if address not in certain and (not endpoint or kind in kinds):
            continue
        kinds.add(kind)
        if address in pages:
            continue
        answer = client.get(address)
        if answer.status_code in (301, 302, 303):
            queue.append(answer.location)
        if answer.mimetype != "text/html" or answer.status_code in (301, 302, 303):
            continue
        pages[address] = answer.get_data(as_text=True)
        found = (unescape(link) for link in LINK.findall(pages[address]))
        queue += [link for link in found if link.startswith(within) and not link.startswith("/static")]
    return pages
