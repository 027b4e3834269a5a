"""Signed links: they open one thing for one purpose, and nothing else makes them."""

from __future__ import annotations

import pytest
from flask import Flask

from nbe.core.links import new_key, sign, unsign


def test_a_link_brings_back_its_key_for_its_purpose_alone(shared_app: Flask) -> None:
    with shared_app.app_context():
        key = new_key()
        token = sign("participant", key)
        assert unsign("participant", token) == key
        assert unsign("registration", token) is None


@pytest.mark.parametrize("token", ["", "x", "a.b", "\x00", "Æ" * 300])
def test_what_was_not_signed_opens_nothing(shared_app: Flask, token: str) -> None:
    with shared_app.app_context():
        assert unsign("participant", token) is None
        assert unsign("participant", new_key()) is None


def test_another_secret_makes_other_links(shared_app: Flask) -> None:
    with shared_app.app_context():
        token = sign("participant", "k")
        before, shared_app.secret_key = shared_app.secret_key, "another-secret-0123456789-abcdefghij"
        try:
            assert unsign("participant", token) is None
        finally:
            shared_app.secret_key = before
