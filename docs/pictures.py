"""The pictures of README.md: Overblik and the board, made from the demo story in a database of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).parent
PICTURES = (("overblik.png", "partner", "/", 1080), ("tavle.png", "leader", "/kandidater", 860))


def main() -> None:
    """Load the story, serve it, and photograph each page."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/demo.sqlite"
        from playwright.sync_api import sync_playwright
        from werkzeug.serving import make_server

        from nbe import create_app
        from nbe.cli.upgrading import bring_up_to_date
        from nbe.core.database import db, writing
        from nbe.demo.story import tell_story

        app = create_app()
        with app.app_context(), writing():
            bring_up_to_date()
            tell_story()
            db.session.commit()
            db.session.remove()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name, role, path, height in PICTURES:
                page = browser.new_page(viewport={"width": 1280, "height": height}, locale="da-DK")
                page.goto(f"{address}/login")
                page.locator(f'button[name="role"][value="{role}"]').click()
                page.wait_for_url(lambda url: "/login" not in url)
                page.goto(address + path)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=HERE / name)
                page.close()
            browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
