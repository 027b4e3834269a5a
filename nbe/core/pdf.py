"""Tagged PDF (PDF/UA-1) out of HTML, for what is handed over on paper or kept in a case file.

WeasyPrint draws it with Pango, which the system brings. Nothing is fetched: a style sheet and its fonts come from
the built assets, pictures from the caller; any other address is refused.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

from nbe.core.assets import OUT, load_manifest

PICTURE = "picture:"  # how HTML names a picture that the caller gives: <img src="picture:name">
NEARLY_EMPTY = 0.4  # of a page's height, its upper margin with it
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


def write_pdf(
    html: str, style: Path | str, *, tighter: Path | str | None = None, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """HTML as a tagged PDF with the title and language that it names itself.

    `style` is the path of a style sheet below the built assets, or a name for `built_style`; `tighter` is another
    on top of it, used where the last page would be nearly empty and it saves that page. `pictures`: name -> bytes of
    what the HTML shows as "picture:name". Raises PangoMissingError.
    """
    if not can_write_pdf():
        raise PangoMissingError("Pango is missing: make pango")
    fetcher = _fetcher(dict(pictures or {}))
    document = _draw(html, [style], fetcher)
    if tighter is not None and len(document.pages) > 1 and filled(document.pages[-1]) < NEARLY_EMPTY:
        closer = _draw(html, [style, tighter], fetcher)
        document = closer if len(closer.pages) < len(document.pages) else document
    written: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return written


def _draw(html: str, styles: Sequence[Path | str], fetcher: Any) -> Any:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    sheets = []
    for style in styles:
        path = style if isinstance(style, Path) else built_style(style)
        sheets.append(CSS(string=path.read_text(), base_url=path.as_uri(), url_fetcher=fetcher, font_config=fonts))
    page = HTML(string=html, base_url="nowhere:/", url_fetcher=fetcher)
    return page.render(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True)


def filled(page: Any) -> float:
    """How much of a drawn page's height holds text, from 0 to 1."""
    root = next(box for box in page._page_box.children if getattr(box, "element_tag", "") == "html")
    lines = [box for box in root.descendants() if type(box).__name__ == "LineBox"]
    lowest = max((float(box.position_y + box.height) for box in lines), default=0.0)
    return lowest / float(page.height)


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
