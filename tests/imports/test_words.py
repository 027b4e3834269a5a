"""What the words of old lists mean, with the date rules."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from nbe.imports.words import (
    CLOSE_NAMES,
    MEMBERSHIP_NAMES,
    SOURCE_NAMES,
    STAGE_NAMES,
    Meant,
    membership_word,
    source_word,
    stage_word,
    wanted_membership,
    wanted_stage,
)
from nbe.models.states import CloseReason, MembershipState, Stage, Verdict

TODAY = dt.date(2016, 4, 25)
DAY = dt.timedelta(days=1)


def test_names_are_the_labels_people_read(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(), force_locale("da"):
        for names in (STAGE_NAMES, CLOSE_NAMES, MEMBERSHIP_NAMES, SOURCE_NAMES):
            for code, name in names.items():
                assert str(code.label) == name


@pytest.mark.parametrize(
    ("word", "screening", "stage", "reason"),
    [
        ("Emne", None, Stage.LONGLIST, None),
        ("emne ", None, Stage.LONGLIST, None),
        ("Tilbudt forløb", None, Stage.SUITABLE, None),
        ("I forløb", TODAY - DAY, Stage.SCREENED, None),
        ("I forløb", TODAY, Stage.SCREENING_PLANNED, None),
        ("I forløb", TODAY + DAY, Stage.SCREENING_PLANNED, None),
        ("i  FORLØB", None, Stage.AGREED, None),
        ("Gennemført", TODAY - DAY, Stage.COMPLETED, None),
        ("Gennemført", None, Stage.COMPLETED, None),
        ("Gennemført", TODAY + DAY, Stage.LONGLIST, None),
        ("udgået ", None, Stage.CLOSED, CloseReason.UNKNOWN),
        ("", None, Stage.LONGLIST, None),
        ("Noget helt andet", None, Stage.LONGLIST, None),
        ("Takket nej", None, Stage.CLOSED, CloseReason.DECLINED),
        ("Intereseret", None, Stage.INTERESTED, None),
        ("KONTAKTET.", None, Stage.CONTACTED, None),
        ("Uegnet", None, Stage.CLOSED, CloseReason.NOT_SUITABLE),
        ("Ikke interesseret", None, Stage.CLOSED, CloseReason.DECLINED),
    ],
)
def test_stage(word: str, screening: dt.date | None, stage: Stage, reason: CloseReason | None) -> None:
    wanted = wanted_stage(word, "", "", screening, TODAY)
    assert (wanted.stage, wanted.reason) == (stage, reason)


@pytest.mark.parametrize(
    ("word", "screening"), [("Gennemført", TODAY + DAY), ("Screenet", TODAY + DAY), ("Sovende", None)]
)
def test_a_doubtful_word_is_a_warning(word: str, screening: dt.date | None) -> None:
    wanted = wanted_stage(word, "", "", screening, TODAY)
    assert wanted.warnings
    assert wanted.is_doubtful
    assert wanted.stage is Stage.LONGLIST


@pytest.mark.parametrize(
    ("answer", "stage", "verdict"),
    [
        ("ja", Stage.SUITABLE, Verdict.SUITABLE),
        ("Nej", Stage.CLOSED, Verdict.NOT_SUITABLE),
        ("måske", Stage.ASSESSING, None),
        ("?", Stage.ASSESSING, None),
        ("", Stage.LONGLIST, None),
    ],
)
def test_suitability_without_a_status(answer: str, stage: Stage, verdict: Verdict | None) -> None:
    wanted = wanted_stage("", answer, "", None, TODAY)
    assert (wanted.stage, wanted.verdict) == (stage, verdict)
    assert not wanted.warnings


@pytest.mark.parametrize(
    "word", ["Kontaktes", "Screenes", "Ikke kontaktet", "Ikke screenet", "Ej interesseret", "xyz", "12"]
)
def test_close_in_letters_but_not_meant(word: str) -> None:
    meant = stage_word(word)
    assert meant is None or (isinstance(meant, Meant) and meant.stage is Stage.CLOSED)


def test_every_label_means_itself() -> None:
    for stage, name in STAGE_NAMES.items():
        assert wanted_stage(name, "", "", None, TODAY).stage is stage
    for reason, name in CLOSE_NAMES.items():
        assert wanted_stage("Lukket", "", name, None, TODAY).reason is reason
    for state, name in MEMBERSHIP_NAMES.items():
        assert membership_word(name) is state
    for source, name in SOURCE_NAMES.items():
        assert source_word(name) is source


def test_membership_words() -> None:
    assert wanted_membership("", "ja") == (MembershipState.MEMBER, ())
    assert wanted_membership("nej", "") == (None, ())
    assert wanted_membership("hvem ved", "") == (None, ("unknown_membership",))


_labels = st.sampled_from([name for stage, name in STAGE_NAMES.items() if len(name) > 6])


@given(_labels, st.data())
def test_case_blanks_and_one_slip_do_not_matter(name: str, data: st.DataObject) -> None:
    plain = wanted_stage(name, "", "", None, TODAY)
    spaced = data.draw(st.sampled_from([name.upper(), f"  {name} ", name.replace(" ", "  "), f"{name}.", name.title()]))
    assert wanted_stage(spaced, "", "", None, TODAY) == plain
    place = data.draw(st.integers(1, len(name) - 1))
    slipped = name[:place] + name[place + 1 :]
    assert wanted_stage(slipped, "", "", None, TODAY).stage in (plain.stage, Stage.LONGLIST)


@given(
    st.text(max_size=60),
    st.text(max_size=20),
    st.text(max_size=20),
    st.none() | st.dates(dt.date(2010, 1, 1), dt.date(2030, 1, 1)),
)
def test_any_words_give_a_stage(word: str, suitable: str, close: str, screening: dt.date | None) -> None:
    wanted = wanted_stage(word, suitable, close, screening, TODAY)
    assert wanted.stage is None or (wanted.stage is Stage.CLOSED) == (wanted.reason is not None)
    if wanted.stage is Stage.SCREENED and word.strip().lower() == "i forløb":
        assert screening is not None
        assert screening < TODAY
