"""Settings from the environment; production refuses unsafe ones."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

FROM_ENVIRONMENT = (
    "NBE_ENV", "NBE_TODAY", "SECRET_KEY", "DATABASE_URL", "TRUSTED_HOSTS", "PROXIES",
    "MAIL_URL", "MAIL_FROM", "PUBLIC_URL", "JOBS", "FILES_FOLDER",
)  # fmt: skip
MIN_KEY_LENGTH = 32


class UnsafeSettingError(RuntimeError):
    """The service does not start with this setting."""


def _kept_secret(instance: Path) -> str:
    """A key made once and kept beside the data; for development only."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


def _database_uri(app: Flask, url: str | None) -> str:
    if url:
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{Path(app.instance_path) / 'nbe.sqlite'}"


def load_settings(app: Flask, config: Mapping[str, Any] | None = None) -> None:
    """Fill app.config; raises UnsafeSettingError where production would not be safe."""
    values: dict[str, Any] = {name: os.environ[name] for name in FROM_ENVIRONMENT if os.environ.get(name)}
    values.update(config or {})
    app.config.update(values)
    env = app.config.setdefault("NBE_ENV", "development")
    if env not in ("development", "production"):
        raise UnsafeSettingError(f"NBE_ENV is {env!r}; it must be development or production")
    is_production = env == "production"
    if app.config.get("NBE_TODAY"):
        dt.date.fromisoformat(str(app.config["NBE_TODAY"]))
    if not app.config.get("SECRET_KEY"):
        if is_production:
            raise UnsafeSettingError("SECRET_KEY is missing; set it to at least 32 random characters")
        app.config["SECRET_KEY"] = _kept_secret(Path(app.instance_path))
    if is_production:
        key = str(app.config["SECRET_KEY"])
        if len(key) < MIN_KEY_LENGTH or len(set(key)) < 10:
            raise UnsafeSettingError("SECRET_KEY is too short or too simple; use at least 32 random characters")
        if not app.config.get("TRUSTED_HOSTS"):
            raise UnsafeSettingError("TRUSTED_HOSTS is missing; name the hosts the service answers to")
    hosts = app.config.get("TRUSTED_HOSTS")
    if isinstance(hosts, str):
        app.config["TRUSTED_HOSTS"] = [host.strip() for host in hosts.split(",") if host.strip()]
    if not app.config.get("TRUSTED_HOSTS"):  # Flask itself has set None, which trusts every host
        app.config["TRUSTED_HOSTS"] = ["localhost", "127.0.0.1", "[::1]"]
    app.config.setdefault("SQLALCHEMY_DATABASE_URI", _database_uri(app, app.config.get("DATABASE_URL")))
    app.config.setdefault("FILES_FOLDER", str(Path(app.instance_path) / "files"))
    app.config["MAX_CONTENT_LENGTH"] = 21 * 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 2 * 1024 * 1024
    app.config["IS_PRODUCTION"] = is_production
