"""Tagged PDF (PDF/UA-1) out of HTML, for what is handed over on paper or kept in a case file.

WeasyPrint draws it with Pango, which the system brings. Nothing is fetched: a style sheet and its fonts come from
the built assets, pictures from the caller; any other address is refused.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

from nbe.core.assets import OUT, load_manifest

PICTURE = "picture:"  # how HTML names a picture that the caller gives: <img src="picture:name">
log = structlog.get_logger()


class PangoMissingError(RuntimeError):
    """The system lacks the libraries that set the text; `make pango` installs them."""


class RefusedAddressError(ValueError):
    """Something that a PDF may not fetch."""


@functools.cache
def can_write_pdf() -> bool:
    """Whether WeasyPrint and its libraries are there; asked once."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        log.warning("pdf_libraries_missing", remedy="make pango")
        return False
    return True


def built_style(name: str) -> Path:
    """Where a style sheet of ours lies once it is built: built_style("report.css")."""
    address = load_manifest().get(f"nbe/{name}")
    if address is None:
        raise LookupError(f"no such asset: nbe/{name}; run `make setup`")
    return OUT / address.removeprefix("/static/v/")


def write_pdf(html: str, style: Path | str, *, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """HTML as a tagged PDF with the title and language that it names itself.

    `style` is the path of a style sheet below the built assets, or a name for `built_style`. `pictures`: name ->
    bytes of what the HTML shows as "picture:name". Raises PangoMissingError.
    """
    if not can_write_pdf():
        raise PangoMissingError("Pango is missing: make pango")
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher(dict(pictures or {}))
    path = style if isinstance(style, Path) else built_style(style)
    fonts = FontConfiguration()
    sheet = CSS(string=path.read_text(), base_url=path.as_uri(), url_fetcher=fetcher, font_config=fonts)
    document = HTML(string=html, base_url="nowhere:/", url_fetcher=fetcher)
    written: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True)
    return written


def is_ours(address: str) -> bool:
    """Whether an address is a file below the built assets."""
    parts = urlsplit(address)
    if parts.scheme != "file" or parts.netloc:
        return False
    return Path(unquote(parts.path)).resolve().is_relative_to(OUT.resolve())


def _fetcher(pictures: dict[str, bytes]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFetcher(URLFetcher):
        """Files of the built assets and the caller's pictures; nothing else is opened."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(PICTURE)
            if name != url and name in pictures:
                return URLFetcherResponse(url, pictures[name])
            if not is_ours(url):
                raise RefusedAddressError(url[:200])
            return super().fetch(url, headers)

    return OwnFetcher(allowed_protocols=("file",), allow_redirects=False)
