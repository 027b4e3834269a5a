"""A file as it may be kept: a photo drawn anew at most 1600 pixels wide, a PDF without what it tells of its maker.

Drawing anew leaves nothing of EXIF, GPS, comments or thumbnails. One at a time, so that eight large photos at once do
not need eight times the memory. A PDF is read in a process of its own: nobody can say beforehand what it unpacks to.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass
from typing import Any

from nbe.screenings.files.portable import clean_pdf
from nbe.screenings.files.rules import (
    LONGEST_EDGE,
    MOST_PIXELS,
    PDF,
    PHOTO,
    SMALL_EDGE,
    FileRefusedError,
    check_size,
    kind_of,
)

_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class CleanFile:
    """What is kept of a file: the bytes, a small picture of it (empty for a PDF), its type and fingerprint."""

    content: bytes
    small: bytes
    content_type: str

    @property
    def sha256(self) -> str:
        """The fingerprint of the kept bytes."""
        return hashlib.sha256(self.content).hexdigest()


def clean_file(data: bytes) -> CleanFile:
    """The file as it may be kept. Raises FileRefusedError with a sentence."""
    check_size(len(data))
    kind = kind_of(data)
    with _ONE_AT_A_TIME:
        return CleanFile(clean_pdf(data), b"", PDF) if kind == "PDF" else _clean_photo(data, kind)


def _clean_photo(data: bytes, kind: str) -> CleanFile:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=(kind,))
            if image.width * image.height > MOST_PIXELS[kind]:
                raise FileRefusedError("pixels")
            drawn = _draw(image)
    except FileRefusedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefusedError("pixels") from None
    except Exception:  # Pillow raises many kinds for a broken file, and each means the same here
        raise FileRefusedError("photo") from None
    small = drawn.copy()
    small.thumbnail((SMALL_EDGE, SMALL_EDGE))
    return CleanFile(_jpeg(drawn, 82), _jpeg(small, 75), PHOTO)


def _draw(image: Any) -> Any:
    """The picture upright on white, and nothing else of the file."""
    from PIL import Image, ImageOps

    image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a large JPEG is read at a fraction of its size
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    layered = image.convert("RGBA") if image.mode in ("P", "PA", "LA") else image
    layered.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    ground = Image.new("RGB", layered.size, "white")
    layered = layered.convert("RGBA")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground


def _jpeg(image: Any, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()
