"""Photos and files of a visit: told by content, drawn anew without location, kept apart, seen by who may."""

from __future__ import annotations

import io
import os
import resource
import stat
import struct
import uuid
import zlib
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageCms
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from werkzeug.test import TestResponse

from nbe.core.assets import OUT
from nbe.core.database import db
from nbe.models import Change, Screening, ScreeningFile
from nbe.models.states import RoleName, ScreeningState
from nbe.screenings.files import rules
from nbe.screenings.files.cleaning import clean_file
from nbe.screenings.files.rules import FileRefusedError
from nbe.screenings.files.storage import path_of
from tests.builders import csrf_of, make_screening, make_user, sign_in
from tests.screenings.test_form import edit, enter, filled, outcomes, send
from tests.screenings.test_form import path_of as page_of

GPS = {1: "N", 2: (57.0, 8.0, 30.0), 3: "E", 4: (9.0, 30.0, 0.0)}


def photo(kind: str = "JPEG", size: tuple[int, int] = (800, 600), orientation: int = 1) -> bytes:
    """A photo that tells where, with what and by whom it was taken; its left half red."""
    image = Image.new("RGB", size, "white")
    image.paste((200, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x013B] = "PROVEKAMERA", orientation, "PROVEFOTOGRAF"
    exif.get_ifd(0x8825).update(GPS)
    written = io.BytesIO()
    options: dict[str, Any] = {"exif": exif}
    if kind == "JPEG":
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        options |= {"comment": b"PROVEKOMMENTAR", "icc_profile": profile, "xmp": b"<x>PROVEXMP</x>"}
    image.save(written, kind, **options)
    return written.getvalue()


def pdf(**metadata: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({f"/{name}": value for name, value in metadata.items()})
    does = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('PROVE')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(does)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def upload(
    client: FlaskClient,
    screening: Screening,
    data: bytes,
    name: str = "IMG_1.jpg",
    key: str = "",
    theme: str = "energy",
) -> TestResponse:
    body = {"file": (io.BytesIO(data), name), "key": key or str(uuid.uuid4()), "theme": theme}
    headers = {"X-CSRFToken": csrf_of(client, "/konto"), "Accept": "application/json"}
    return client.post(page_of(screening, "filer"), data=body, headers=headers, content_type="multipart/form-data")


def kept() -> list[ScreeningFile]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ScreeningFile).order_by(ScreeningFile.id)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew(kind: str) -> None:
    sent = photo(kind, (4000, 3000), orientation=6)
    assert b"PROVEKAMERA" in sent
    clean = clean_file(sent)
    for found in (clean.content, clean.small):
        assert found.startswith(b"\xff\xd8\xff")
        assert not any(word in found for word in (b"PROVE", b"Exif", b"http", b"ICC_PROFILE"))
        assert dict(Image.open(io.BytesIO(found)).getexif()) == {}
    image = Image.open(io.BytesIO(clean.content))
    assert image.size == (1200, 1600), "upright, and no larger than needed"
    red, white = image.getpixel((600, 100)), image.getpixel((600, 1500))
    assert red[0] > 150 > red[1] and min(white) > 240, "turned as the camera was held"
    assert max(Image.open(io.BytesIO(clean.small)).size) == 480


def test_a_transparent_picture_gets_a_white_ground() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(written, "PNG")
    assert min(Image.open(io.BytesIO(clean_file(written.getvalue()).content)).getpixel((20, 20))) > 250


def test_a_pdf_loses_its_maker_and_what_it_does() -> None:
    clean = clean_file(pdf(Author="PROVEFORFATTER", Producer="PROVEPROGRAM"))
    assert clean.content_type == "application/pdf" and b"PROVE" not in clean.content
    assert len(PdfReader(io.BytesIO(clean.content)).pages) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Filen er tom"), (b"GIF89a" + b"x" * 100, "Kun billeder"), (b"MZ\x90\x00program", "Kun billeder"),
        (b"<svg onload=alert(1)>", "Kun billeder"), (b"<html>", "Kun billeder"), (photo()[:700], "kan ikke læses"),
        (b"\xff\xd8\xff" + os.urandom(500), "kan ikke læses"), (b"%PDF-1.7\nnothing", "PDF-filen kan ikke læses"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC"), (bomb(), "for mange pixels"),
        (photo() + b"\0" * rules.LARGEST, "mere end 15 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_not_taken(sqlite_app: Flask, data: bytes, words: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        clean_file(data)
    assert words in refused.value.message
    answer = upload(enter(sqlite_app), make_screening(), data)
    assert answer.status_code == 422 and words in answer.get_json()["message"]
    assert kept() == []


def test_a_locked_pdf_is_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt("hemmeligt", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    with pytest.raises(FileRefusedError, match="locked"):
        clean_file(written.getvalue())


def test_kept_once_and_apart(app: Flask) -> None:
    screening, client, key = make_screening(), enter(app), str(uuid.uuid4())
    told = upload(client, screening, photo(), "Billeder/hal æøå.jpg", key).get_json()["file"]
    assert upload(client, screening, photo(size=(10, 10)), "andet.jpg", key).get_json()["file"] == told
    (file,) = kept()
    assert (file.name, file.content_type, file.key, file.theme_id) == (
        "hal æøå.jpg", "image/jpeg", key, screening.theme_set.themes[0].id,
    )  # fmt: skip
    path = path_of(key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size == file.size and OUT not in path.parents
    answer = client.get(told["href"])
    assert answer.data == path.read_bytes() and answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "no-store" in answer.headers["Cache-Control"]
    assert len(client.get(told["small"]).data) < len(answer.data)
    assert db.session.scalars(sa.select(Change).where(Change.entity == "screening_file")).first() is not None


def test_a_pdf_is_to_be_saved_not_opened(sqlite_app: Flask) -> None:
    screening, client = make_screening(), enter(sqlite_app)
    told = upload(client, screening, pdf(), "elregning.pdf").get_json()["file"]
    answer = client.get(told["href"])
    assert answer.headers["Content-Disposition"].startswith("attachment") and told["small"] == ""
    assert client.get(told["href"] + "/lille").status_code == 404


def test_only_so_many(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OF_THEME", 2)
    monkeypatch.setattr(rules, "MOST_OF_VISIT", 3)
    screening, client = make_screening(), enter(sqlite_app)
    themes = ["energy", "energy", "energy", "water", "waste"]
    answers = [upload(client, screening, photo(size=(20, 20)), theme=theme) for theme in themes]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 200, 422]
    assert "højst 2" in answers[2].get_json()["message"] and "højst 3" in answers[4].get_json()["message"]


def test_who_may_see_and_add(sqlite_app: Flask) -> None:
    screening, client = make_screening(), enter(sqlite_app)
    told = upload(client, screening, photo(), theme="water").get_json()["file"]
    other, partner = enter(sqlite_app, code=851), enter(sqlite_app, RoleName.PARTNER)
    screener = sign_in(sqlite_app.test_client(), make_user(RoleName.SCREENER, 849))
    for path in (told["href"], told["small"]):
        assert [who.get(path).status_code for who in (other, partner, screener)] == [404, 403, 200]
    assert upload(other, screening, photo()).status_code == 404
    assert upload(screener, screening, photo()).status_code == 404, "not at work here"
    elsewhere = make_screening()
    moved = told["href"].replace(f"/{screening.id}/", f"/{elsewhere.id}/")
    assert client.get(moved).status_code == 404
    assert upload(client, elsewhere, photo(), key=told["key"]).status_code == 422
    assert upload(client, elsewhere, photo(), key="../../etc/passwd").status_code == 422
    assert upload(client, elsewhere, photo(), theme="nowhere").status_code == 422
    for state in (ScreeningState.APPROVED, ScreeningState.CANCELLED):
        assert upload(client, make_screening(state=state), photo()).status_code == 422


def test_told_and_taken_away_in_the_form(app: Flask) -> None:
    screening, client = make_screening(), enter(app)
    told = upload(client, screening, photo()).get_json()["file"]
    subject = f"file:{told['key']}"
    answer = send(client, screening, edit(1, subject, "caption", "Utæt kompressor"),
                  edit(2, subject, "is_confidential", "y"), edit(3, subject, "caption", "Ring 010203-1234"),
                  edit(4, f"file:{uuid.uuid4()}", "caption", "Findes ikke"))  # fmt: skip
    assert outcomes(answer) == ["applied", "applied", "refused", "refused"]
    (file,) = kept()
    assert (file.caption, file.is_confidential) == ("Utæt kompressor", True)
    assert 'value="Utæt kompressor"' in client.get(page_of(screening)).text
    answer = send(client, screening, edit(5, subject, "removed", "y"), edit(6, subject, "caption", "For sent"))
    assert outcomes(answer) == ["applied", "refused"]
    assert client.get(told["href"]).status_code == 404 and path_of(told["key"]).exists()
    assert told["key"] not in [
        name.split(":")[1] for name in filled(client, page_of(screening)) if name.count(":") == 2
    ]
    assert outcomes(send(client, screening, edit(7, subject, "removed", ""))) == ["applied"]
    assert client.get(told["href"]).status_code == 200


def test_by_the_button(sqlite_app: Flask) -> None:
    screening, client = make_screening(), enter(sqlite_app)
    path = page_of(screening)
    data = {name: value for name, value in filled(client, path).items() if not name.startswith("file:")}
    data["theme:energy:observation"] = "Hallen"
    bad = {**data, "file:energy": (io.BytesIO(b"MZ"), "virus.jpg")}
    answer = client.post(path, data=bad, content_type="multipart/form-data")
    assert answer.status_code == 422 and "virus.jpg: Kun billeder" in answer.text and "Hallen" in answer.text
    assert kept() == []
    data["file:energy"] = [(io.BytesIO(photo()), "et.jpg"), (io.BytesIO(pdf()), "to.pdf")]
    data["file:water"] = (io.BytesIO(b""), "")
    assert client.post(path, data=data, content_type="multipart/form-data").status_code == 303
    assert [file.name for file in kept()] == ["et.jpg", "to.pdf"]
    page = client.get(path).text
    assert "to.pdf" in page and "/lille" in page
    again = filled(client, path)
    key = kept()[0].key
    again = {name: value for name, value in again.items() if name.count(":") != 1 or not name.startswith("file:")}
    again[f"file:{key}:caption"] = "Hallen set fra porten"
    assert client.post(path, data=again).status_code == 303
    assert kept()[0].caption == "Hallen set fra porten"


def test_missing_bytes_are_no_crash(sqlite_app: Flask) -> None:
    screening, client = make_screening(), enter(sqlite_app)
    told = upload(client, screening, photo()).get_json()["file"]
    path_of(told["key"]).unlink()
    assert client.get(told["href"]).status_code == 404


def test_a_pdf_that_unpacks_to_a_gigabyte_harms_nobody() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 10_000_000) for _ in range(100)) + packer.flush()
    head = b"%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 99999999/W[1 4 2]/Root 2 0 R/Filter/FlateDecode/Length "
    data = head + b"%d>>\nstream\n" % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileRefusedError, match="pdf"):
        clean_file(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "kilobytes of this process"


def test_a_large_photo_costs_little() -> None:
    written = io.BytesIO()
    Image.new("RGB", (9000, 6000), "white").save(written, "JPEG", quality=50)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert Image.open(io.BytesIO(clean_file(written.getvalue()).content)).size == (1600, 1067)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "kilobytes"


@pytest.mark.parametrize("mode", ["P", "L", "LA", "1", "CMYK", "I;16"])
def test_every_kind_of_picture(mode: str) -> None:
    written = io.BytesIO()
    kind = "JPEG" if mode in ("CMYK", "L") else "PNG"
    Image.new(mode, (30, 20)).save(written, kind)
    assert Image.open(io.BytesIO(clean_file(written.getvalue()).content)).size == (30, 20)
