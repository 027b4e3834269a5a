"""An instance that tells the story stands on the story's day."""

from __future__ import annotations

import datetime as dt

from flask import Flask, g
from sqlalchemy.exc import SQLAlchemyError

from nbe.core.database import db, reading, table_of
from nbe.models import Setting

KEY = "story_day"


def find_story_day() -> dt.date | None:
    """The day kept with the story's data; asked once per request."""
    if "story_day" not in g:
        try:
            with reading(), db.engine.connect() as connection:
                value = connection.scalar(
                    table_of(Setting).select().with_only_columns(Setting.value).where(Setting.key == KEY)
                )
        except SQLAlchemyError:
            value = None
        g.story_day = dt.date.fromisoformat(value) if value else None
    day: dt.date | None = g.story_day
    return day


def init_story_day(app: Flask) -> None:
    """Let the clock ask."""
    app.extensions["story_day"] = find_story_day
