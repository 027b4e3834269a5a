"""The mail server, and an app that sends to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.mails.servers import Post, post_office


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as office:
        yield office


@pytest.fixture
def mailing_app(app: Flask, post: Post) -> Flask:
    """On both databases, with MAIL_URL."""
    app.config.update(MAIL_URL=post.url, PUBLIC_URL="https://nbe.example.dk")
    return app
