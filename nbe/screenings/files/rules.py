"""Which files are taken, told by their first bytes and never by their name, and how many. Pure."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

LARGEST = 15 * 1024 * 1024  # bytes of one file as sent
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}  # a JPEG can be read at a smaller scale
LONGEST_EDGE, SMALL_EDGE = 1600, 480  # pixels, as kept and as shown in the form
MOST_OF_THEME, MOST_OF_VISIT = 12, 60
PHOTO, PDF = "image/jpeg", "application/pdf"
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"
LONGEST_NAME = 200


REASONS: dict[str, Any] = {
    "empty": _l("Filen er tom."),
    "too_large": _l("Filen fylder mere end 15 MB."),
    "unknown": _l("Kun billeder (JPEG, PNG, WebP) og PDF kan tilføjes."),
    "heic": _l(
        "Billedet er i formatet HEIC. Gem det som JPEG, eller vælg »Mest kompatibel« i kameraets indstillinger."
    ),
    "photo": _l("Billedet kan ikke læses. Tag det om, eller vælg et andet."),
    "pixels": _l("Billedet har for mange pixels. Tag det i en lavere opløsning."),
    "pdf": _l("PDF-filen kan ikke læses. Gem den igen, og prøv en gang til."),
    "locked": _l("PDF-filen er låst med en adgangskode. Gem den uden."),
}


class FileRefusedError(Exception):
    """A file cannot be taken: a code of `REASONS`, or the sentence itself."""

    def __init__(self, reason: Any) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def message(self) -> str:
        """Why, in a sentence."""
        return str(REASONS.get(self.reason, self.reason) if isinstance(self.reason, str) else self.reason)


def kind_of(data: bytes) -> str:
    """ "JPEG", "PNG", "WEBP" or "PDF". Raises FileRefusedError for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data.startswith(b"%PDF-"):
        return "PDF"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"hevc"):
        raise FileRefusedError("heic")
    raise FileRefusedError("unknown")


def check_size(size: int) -> None:
    """Refuse what is empty or too large; `size` in bytes."""
    if not size:
        raise FileRefusedError("empty")
    if size > LARGEST:
        raise FileRefusedError("too_large")


def check_count(of_theme: int, of_visit: int) -> None:
    """Refuse one more than may be kept."""
    if of_theme >= MOST_OF_THEME:
        raise FileRefusedError(_l("Der kan være højst %(n)s billeder og filer under et tema.", n=MOST_OF_THEME))
    if of_visit >= MOST_OF_VISIT:
        raise FileRefusedError(_l("Der kan være højst %(n)s billeder og filer i en screening.", n=MOST_OF_VISIT))
