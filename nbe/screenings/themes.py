"""The themes a screening asks about: one list per programme, in versions; a screening keeps the one it began with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.models import Programme, Screening, Theme, ThemeSet, User
from nbe.screenings.default_themes import TWELVE

LONGEST_TITLE, LONGEST_HINT, MOST_THEMES = 120, 600, 30


@dataclass(frozen=True, slots=True)
class ThemeText:
    """A theme as somebody wants it; an empty code is a new theme."""

    code: str
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with who made it, how many themes it has, and how many screenings began with it."""

    theme_set: ThemeSet
    who: str
    themes: int
    screenings: int


def find_themes(programme: Programme, number: int | None = None) -> ThemeSet | None:
    """A version of a programme's themes, the latest unless a number is given; None when there is none."""
    statement = sa.select(ThemeSet).where(ThemeSet.programme_id == programme.id)
    if number is not None:
        if not 0 < number < 2**31:
            return None
        statement = statement.where(ThemeSet.number == number)
    return db.session.scalar(statement.order_by(ThemeSet.number.desc()).limit(1))


def current_themes(programme: Programme) -> ThemeSet:
    """The latest version; when there is none, the first is made from the year before, or from the twelve."""
    found = find_themes(programme)
    if found is None:
        hold_programme(programme)
        found = find_themes(programme)  # somebody else may have been first
    return found or _add_version(programme, 1, _first_texts(programme), None)


def texts_of(theme_set: ThemeSet) -> list[ThemeText]:
    """The themes of a version as they can be saved again."""
    return [ThemeText(theme.code, theme.title, theme.hint) for theme in theme_set.themes]


def save_themes(programme: Programme, texts: Sequence[ThemeText], *, user_id: int | None) -> tuple[ThemeSet, bool]:
    """These themes in this order; -> (version, is it new). The same again changes nothing.

    A screening keeps the themes it began with: once one has begun with the current version, what is saved is a new
    one; until then the current one is changed. ValueError for none, too many, or two with one title.
    """
    titles = [text.title.casefold() for text in texts]
    if not texts or len(texts) > MOST_THEMES:
        raise ValueError("how many")
    if len(set(titles)) < len(titles):
        raise ValueError("title")
    current = current_themes(programme)
    if list(texts) == texts_of(current):
        return current, False
    if not is_begun(current):
        return _change_version(current, texts, user_id), False
    return _add_version(programme, current.number + 1, texts, user_id), True


def is_begun(theme_set: ThemeSet) -> bool:
    """Whether a screening keeps this version; one taken back can come again, and counts."""
    statement = sa.select(Screening.id).where(Screening.theme_set_id == theme_set.id).limit(1)
    return db.session.scalar(statement) is not None


def texts_now(programme: Programme) -> list[ThemeText]:
    """The themes that the next screening begins with, whether a version has been made of them or not."""
    found = find_themes(programme)
    return texts_of(found) if found else _first_texts(programme)


def retired_texts(programme: Programme) -> list[ThemeText]:
    """The themes of earlier versions that are no longer in use, each as it was last called."""
    known = {text.code for text in texts_now(programme)}
    statement = (
        sa.select(Theme)
        .join(ThemeSet, ThemeSet.id == Theme.theme_set_id)
        .where(ThemeSet.programme_id == programme.id)
        .order_by(ThemeSet.number, Theme.position)
    )
    latest = {theme.code: ThemeText(theme.code, theme.title, theme.hint) for theme in db.session.scalars(statement)}
    return [text for code, text in latest.items() if code not in known]


def list_versions(programme: Programme) -> list[VersionLine]:
    """All versions, the latest first; a constant number of statements."""
    themes = sa.select(Theme.theme_set_id, sa.func.count().label("n")).group_by(Theme.theme_set_id).subquery()
    begun = (
        sa.select(Screening.theme_set_id, sa.func.count().label("n"))
        .where(Screening.is_hidden.is_(False))
        .group_by(Screening.theme_set_id)
        .subquery()
    )
    statement = (
        sa.select(
            ThemeSet,
            sa.func.coalesce(User.name, ""),
            sa.func.coalesce(themes.c.n, 0),
            sa.func.coalesce(begun.c.n, 0),
        )
        .outerjoin(User, User.id == ThemeSet.user_id)
        .outerjoin(themes, themes.c.theme_set_id == ThemeSet.id)
        .outerjoin(begun, begun.c.theme_set_id == ThemeSet.id)
        .where(ThemeSet.programme_id == programme.id)
        .order_by(ThemeSet.number.desc())
    )
    return [VersionLine(row[0], row[1], int(row[2]), int(row[3])) for row in db.session.execute(statement)]


def hold_programme(programme: Programme) -> None:
    """Let one at a time save a programme's themes."""
    db.session.execute(sa.select(Programme.id).where(Programme.id == programme.id).with_for_update())


def _first_texts(programme: Programme) -> list[ThemeText]:
    """What the programme before ended with, else the twelve."""
    before = db.session.scalar(
        sa.select(ThemeSet)
        .join(Programme, Programme.id == ThemeSet.programme_id)
        .where(Programme.year < programme.year)
        .order_by(Programme.year.desc(), ThemeSet.number.desc())
        .limit(1)
    )
    return texts_of(before) if before else [ThemeText(*theme) for theme in TWELVE]


def _add_version(programme: Programme, number: int, texts: Sequence[ThemeText], user_id: int | None) -> ThemeSet:
    theme_set = ThemeSet(programme_id=programme.id, number=number, user_id=user_id, created_at=clock.now())
    taken = _known_codes(programme.id)
    for position, text in enumerate(texts, 1):
        code = text.code or _new_code(taken)
        taken.add(code)
        theme_set.themes.append(Theme(code=code, title=text.title, hint=text.hint, position=position))
    db.session.add(theme_set)
    db.session.flush()
    return theme_set


def _change_version(theme_set: ThemeSet, texts: Sequence[ThemeText], user_id: int | None) -> ThemeSet:
    """Change a version that no screening keeps; what stays keeps its row."""
    known = {theme.code: theme for theme in theme_set.themes}
    taken = _known_codes(theme_set.programme_id)
    kept = []
    for position, text in enumerate(texts, 1):
        code = text.code or _new_code(taken)
        taken.add(code)
        theme = known.pop(code, None) or Theme(theme_set_id=theme_set.id, code=code)
        theme.title, theme.hint, theme.position = text.title, text.hint, position
        kept.append(theme)
    for theme in known.values():
        db.session.delete(theme)
    db.session.add_all(kept)
    theme_set.user_id, theme_set.created_at = user_id, clock.now()
    db.session.flush()
    db.session.refresh(theme_set, ["themes"])
    return theme_set


def _known_codes(programme_id: int) -> set[str]:
    """Every code any version of the programme has had: a new theme is never taken for an old one."""
    statement = sa.select(Theme.code).join(ThemeSet, ThemeSet.id == Theme.theme_set_id)
    return set(db.session.scalars(statement.where(ThemeSet.programme_id == programme_id).distinct()))


def _new_code(taken: set[str]) -> str:
    number = 1
    while f"own{number}" in taken:
        number += 1
    return f"own{number}"
