"""What a browser fetches for a page: the first time, and the next time with what it has kept."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

from benchmarks.data import ROOT, Instance, session_token, settings
from benchmarks.pages import LIST, OVERVIEW, has_list
from benchmarks.report import FIRST_VIEW_CHARTS_KB, FIRST_VIEW_KB, NEXT_VIEW_KB, Limit, Report

_LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_CHART = ("/plotly", "/diagrammer/")


@contextmanager
def _served(instance: Instance) -> Iterator[str]:
    """The service as it runs for people: Gunicorn on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, **settings(instance.path), "PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--log-level", "error", "wsgi:app"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError("gunicorn has stopped")
        try:
            with urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


class Fetched:
    """The bytes that came over the line for each address, headers included, as the browser counts them."""

    def __init__(self, session: Any) -> None:
        self.address: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.coded: set[str] = set()
        session.send("Network.enable")
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict[str, Any]) -> None:
        self.address[event["requestId"]] = event["response"]["url"]
        self.coded.add(event["response"]["headers"].get("Content-Encoding", ""))

    def _finished(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    def kilobytes(self, *, charts: bool) -> float:
        """Everything fetched, with or without what draws the charts."""
        parts = (
            size
            for number, size in self.sizes.items()
            if charts or not any(word in self.address.get(number, "") for word in _CHART)
        )
        return sum(parts) / 1000


def _views(address: str, token: str, path: str) -> tuple[Fetched, Fetched]:
    """The first view of a page in a new browser, scrolled to its end, and the next one in the same browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_LAUNCH)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "nbe", "value": token, "url": address}])
        views = []
        for _ in range(2):
            page = context.new_page()
            fetched = Fetched(context.new_cdp_session(page))
            page.goto(address + path, wait_until="networkidle")
            for chart in page.locator("[data-chart]").all():
                chart.scroll_into_view_if_needed()
                page.wait_for_timeout(300)
            page.wait_for_load_state("networkidle")
            views.append(fetched)
            page.close()
        browser.close()
    return views[0], views[1]


def measure(instance: Instance, report: Report) -> None:
    """The weight of Overblik and of the candidate list, held against the limits."""
    if not shutil.which("chromium"):
        report.notes.append("Chromium is missing: the weight of the pages is not measured.")
        return
    pages = [("Overblik", OVERVIEW)]
    if has_list(instance.app):
        pages.append(("Candidate list", LIST))
    token = session_token(instance.app)
    with _served(instance) as address:
        for name, path in pages:
            first, following = _views(address, token, path)
            assert "br" in first.coded, first.coded
            plain, whole = first.kilobytes(charts=False), first.kilobytes(charts=True)
            report.limits.append(Limit(f"{name}, first view without charts", plain, FIRST_VIEW_KB, "kB"))
            if whole > plain:
                report.limits.append(Limit(f"{name}, first view with charts", whole, FIRST_VIEW_CHARTS_KB, "kB"))
            again = following.kilobytes(charts=True)
            report.limits.append(Limit(f"{name}, next view from cache", again, NEXT_VIEW_KB, "kB"))
