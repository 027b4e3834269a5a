"""The themes of a programme: versions, order, and what screenings keep."""

from __future__ import annotations

import pytest
from flask import Flask

from nbe.core.database import db, writing
from nbe.screenings.default_themes import TWELVE
from nbe.screenings.themes import (
    LONGEST_HINT,
    ThemeText,
    current_themes,
    find_themes,
    list_versions,
    retired_texts,
    save_themes,
    texts_of,
)
from tests.builders import make_programme, make_screening, make_user


def test_the_twelve_are_whole_and_short_enough() -> None:
    assert len(TWELVE) == len({code for code, _t, _h in TWELVE}) == len({title for _c, title, _h in TWELVE}) == 12
    assert all(60 < len(hint) <= LONGEST_HINT and hint.endswith((".", "?")) for _c, _t, hint in TWELVE)


def test_who_has_begun_keeps_the_themes_and_the_same_again_changes_nothing(app: Flask) -> None:
    user_id, programme = make_user().id, make_programme()
    assert find_themes(programme) is None
    screening = make_screening()
    first = current_themes(programme)
    texts = texts_of(first)
    with writing():
        assert save_themes(programme, texts, user_id=user_id) == (first, False)
        changed = [*texts[1:], texts[0], ThemeText("", "Bygninger", "Tag, facade")]
        second, is_new = save_themes(programme, changed, user_id=user_id)
        db.session.commit()
    assert is_new and second.number == 2 and current_themes(programme) is second
    assert [theme.code for theme in second.themes] == [*(t.code for t in texts[1:]), "energy", "own1"]
    assert screening.theme_set_id == first.id and len(first.themes) == 12
    make_screening()  # begins with the second
    with writing():
        third, is_new = save_themes(programme, texts, user_id=user_id)
        assert is_new and [text.code for text in retired_texts(programme)] == ["own1"]
        again = [*texts[::-1], ThemeText("", "Bygninger")]
        assert save_themes(programme, again, user_id=user_id) == (third, False)  # nobody has begun with it
        db.session.commit()
    assert [theme.title for theme in third.themes] == [text.title for text in again]
    assert third.themes[-1].code == "own2"  # another theme, whatever it is called
    lines = list_versions(programme)
    assert [(line.theme_set.number, line.themes, line.screenings) for line in lines] == [
        (3, 13, 0),
        (2, 13, 1),
        (1, 12, 1),
    ]


def test_what_cannot_be_saved(sqlite_app: Flask) -> None:
    programme = make_programme()
    with writing():
        for texts in ([], [ThemeText("", "Vand"), ThemeText("", "vand")], [ThemeText("", str(n)) for n in range(31)]):
            with pytest.raises(ValueError):
                save_themes(programme, texts, user_id=None)


def test_a_new_year_begins_with_the_themes_of_the_year_before(sqlite_app: Flask) -> None:
    with writing():
        before = make_programme(2015)
        save_themes(before, [ThemeText("", "Vand"), ThemeText("energy", "El")], user_id=None)
        db.session.commit()
    year = make_programme(2016)
    with writing():
        begun = current_themes(year)
        db.session.commit()
    assert [(theme.code, theme.title) for theme in begun.themes] == [("own1", "Vand"), ("energy", "El")]
    assert begun.number == 1
