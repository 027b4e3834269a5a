"""NBE's participant service: enrolled businesses, candidates of the yearly forløb, and how far each municipality is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application; `config` overrides what the environment says. See README for the settings."""
    from nbe.factory import build_app

    return build_app(config)
