"""The PDF: tagged, titled, in Danish; it says what its edition says, fetches nothing and runs nothing."""

from __future__ import annotations

import io
import re
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from nbe.core import pdf
from nbe.core.database import db, writing
from nbe.models import Screening, ScreeningFile
from nbe.models.states import RoleName
from nbe.screenings.files.actions import SentFile, add_file
from nbe.screenings.files.cleaning import clean_file
from tests.builders import sign_in
from tests.measures.test_pages import enter, form_of, send
from tests.reports.stories import SECRETS, bring_to, make_case
from tests.screenings.test_files import photo

PICTURE = re.compile(r'src="(/rapporter/\d+/billeder/\d+)"')


def read(content: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(content))
    return reader, re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_both_editions_as_tagged_pdf(sqlite_app: Flask) -> None:
    case = make_case()
    report = bring_to(case, "handed over")
    worker, partner = sign_in(sqlite_app.test_client(), case.reader), enter(sqlite_app, RoleName.PARTNER)
    whole = worker.get(f"/rapporter/{report.id}/fuld.pdf")
    assert (whole.status_code, whole.mimetype) == (200, "application/pdf")
    reader, text = read(whole.data)
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "da" and catalog["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()
    assert reader.metadata is not None and "Jammerbugt Kommune" in str(reader.metadata.title)
    assert all(secret in text for secret in (*SECRETS, "Direktør Kvist", "Åben konklusion", "Side 1 af"))
    assert _roles(catalog["/StructTreeRoot"]) >= {"/Document", "/H1", "/H2", "/H3", "/Table", "/TH", "/Figure", "/P"}
    _, shown = read(partner.get(f"/rapporter/{report.id}/aaben.pdf").data)
    assert "Åben konklusion" in shown and "Hurtigt forslag" in shown
    hidden = (*SECRETS, "Direktør Kvist", "Kontakt ", case.screening.business.cvr, "77.777")
    assert [word for word in hidden if word in shown] == []
    assert partner.get(f"/rapporter/{report.id}/fuld.pdf").status_code == 403


def test_photos_are_in_the_report_and_the_confidential_ones_only_in_the_whole(sqlite_app: Flask) -> None:
    case = make_case()
    with writing():
        for caption, secret in (("Utæt kompressor", False), ("Hemmelig tegning", True)):
            add_photo(case.screening, caption, is_confidential=secret)
        db.session.commit()
    report = bring_to(case, "handed over")
    worker, partner = sign_in(sqlite_app.test_client(), case.reader), enter(sqlite_app, RoleName.PARTNER)
    reader, text = read(worker.get(f"/rapporter/{report.id}/fuld.pdf").data)
    assert "Utæt kompressor" in text and "Hemmelig tegning" in text
    assert len({image.name for page in reader.pages for image in page.images}) == 2
    reader, text = read(partner.get(f"/rapporter/{report.id}/aaben.pdf").data)
    assert "Utæt kompressor" in text and "Hemmelig" not in text
    assert len({image.name for page in reader.pages for image in page.images}) == 1
    pictures = {who: PICTURE.findall(client.get(f"/rapporter/{report.id}").text)
                for who, client in (("worker", worker), ("partner", partner))}  # fmt: skip
    assert [len(found) for found in pictures.values()] == [2, 1]
    answers = [partner.get(path).status_code for path in pictures["worker"]]
    assert answers == [200, 404], "what is confidential is not there for whoever reads the open edition"
    db.session.rollback()
    with writing():
        for file in db.session.scalars(sa.select(ScreeningFile)):
            file.is_hidden = True
        db.session.commit()
    assert worker.get(pictures["worker"][0]).status_code == 200, "a report handed over stays as it was"
    assert enter(sqlite_app, RoleName.LEADER, 851).get(pictures["worker"][0]).status_code == 404


def add_photo(screening: Screening, caption: str, *, is_confidential: bool) -> None:
    """A photo under the first theme."""
    held = db.session.get_one(Screening, screening.id)
    sent = SentFile(str(uuid.uuid4()), "hal.jpg", held.theme_set.themes[0].code, photo(size=(300, 200)))
    file = add_file(held, sent, clean_file(sent.data), user_id=None)
    file.caption, file.is_confidential = caption, is_confidential


def _roles(node: object) -> set[str]:
    """The kinds of everything below a structure element."""
    found: set[str] = set()
    todo = [node]
    while todo:
        one = todo.pop().get_object()  # type: ignore[attr-defined]
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            found.add(str(one.get("/S", "")))
            if "/K" in one and not isinstance(one["/K"], int):
                todo.append(one["/K"])
    return found


def test_what_people_write_is_only_text(sqlite_app: Flask) -> None:
    case = make_case()
    path = f"/rapporter/{bring_to(case, 'draft').id}"
    client = sign_in(sqlite_app.test_client(), case.author)
    nasty = (
        "<script>alert(1)</script><style>*{display:none}</style><img src='file:///etc/passwd'><a href='javascript:1'>Æ"
    )
    edit = f"{path}/rediger"
    assert send(client, edit, form_of(client, edit, edit) | {"conclusion": nasty}).status_code == 303
    answer = client.get(f"{path}/fuld.pdf")
    reader, text = read(answer.data)
    assert "<script>alert(1)</script>" in text and "file:///etc/passwd" in text and "Æ" in text
    assert "Kladde" in text
    assert b"/JavaScript" not in answer.data and b"/URI" not in answer.data and len(reader.pages) < 8


def test_nothing_outside_is_fetched(sqlite_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    addresses = ("http://127.0.0.1:9/x.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "picture:ukendt")
    images = "".join(f'<img alt="x" src="{address}">' for address in addresses)
    html = f'<html lang="da"><head><title>Prøve</title></head><body><h1>Hej</h1>{images}</body></html>'
    content = pdf.write_pdf(html, "report-print.css")
    assert b"/Image" not in content
    assert sum("RefusedAddressError" in record.message or "Failed to load" in record.message
               for record in caplog.records) >= len(addresses)  # fmt: skip


def test_a_last_page_that_is_nearly_empty_is_saved() -> None:
    """Of lengths that leave a few lines on the last page, at least one is drawn closer and none becomes longer."""
    saved = 0
    for count in range(34, 46, 2):
        lines = "<p>En linje i en rapport.</p><h2>Et afsnit</h2>" * count
        html = f'<html lang="da"><head><title>Prøve</title></head><body><h1>Hej</h1>{lines}</body></html>'
        plain, closer = (
            len(PdfReader(io.BytesIO(pdf.write_pdf(html, "report-print.css", tighter=tighter))).pages)
            for tighter in (None, "report-tight.css")
        )
        assert closer <= plain
        saved += closer < plain
    assert saved


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ((pdf.OUT / "manifest.json").as_uri(), True),
        ((pdf.OUT / ".." / ".." / "factory.py").as_uri().replace("/v/", "/v/"), False),
        (f"file://{pdf.OUT}/../../factory.py", False),
        (f"file://{pdf.OUT}/%2e%2e/%2e%2e/factory.py", False),
        (f"file://vaert{pdf.OUT}/manifest.json", False),
        ("https://example.dk/", False),
        ("ftp://example.dk/", False),
    ],
)
def test_only_files_of_the_built_assets_are_ours(address: str, is_ours: bool) -> None:
    assert pdf.is_ours(address) is is_ours


def test_without_pango_the_page_leads_to_the_printer(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case()
    report = bring_to(case, "draft")
    client = sign_in(sqlite_app.test_client(), case.author)
    monkeypatch.setattr("nbe.screenings.reports.routes.can_write_pdf", lambda: False)
    answer = client.get(f"/rapporter/{report.id}/fuld.pdf")
    assert answer.status_code == 503
    assert f"/rapporter/{report.id}/udskriv/fuld" in answer.get_data(as_text=True)
    monkeypatch.setattr(pdf, "can_write_pdf", lambda: False)
    with pytest.raises(pdf.PangoMissingError):
        pdf.write_pdf("<p>Hej</p>", "report-print.css")
