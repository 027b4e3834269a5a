"""One field of the form onto its record: the visit, an answer, a file, or a proposal, put forward by its first."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.core.database import db
from nbe.measures.actions import edit_measure, propose_measure, remove_measure, set_savings
from nbe.measures.rules import Amount, MeasureRefusedError, parse_amount
from nbe.models import Measure, ThemeAnswer
from nbe.models.states import Quantity, Relevance, SavingPhase
from nbe.screenings.sync import rules
from nbe.screenings.sync.queries import FilledForm, identified, usual_factor
from nbe.screenings.sync.rules import SCREENING, YES


def write_field(form: FilledForm, subject: str, field: str, value: str, *, user_id: int | None) -> None:
    """Write a value that `rules.read_value` has read. Raises MeasureRefusedError for what a proposal cannot be."""
    if form.value(subject, field) == value:
        return
    kind, _colon, key = subject.partition(":")
    if kind == SCREENING:
        form.screening.summary = value
    elif kind == "theme":
        setattr(_answer(form, key), field, _kept(field, value))
    elif kind == "file":
        _write_file(form, key, field, value)
    else:
        _write_proposal(form, key, field, value, user_id)
    db.session.flush()


def _kept(field: str, value: str) -> Any:
    if field == "relevance":
        return Relevance(value)
    if field == "potential":
        return int(value) if value else None
    return value == YES if field in rules.TICKS else value


def _answer(form: FilledForm, code: str) -> ThemeAnswer:
    answer = form.answers.get(code)
    if answer is None:
        place = {"screening_id": form.screening.id, "theme_id": form.themes[code].id}
        answer = ThemeAnswer(relevance=Relevance.NOT_ASSESSED, is_confidential=False, **place)
        db.session.add(answer)
        form.answers[code] = answer
    return answer


def _write_file(form: FilledForm, key: str, field: str, value: str) -> None:
    """Its bytes stay when it is taken away: a report handed over still shows it."""
    file = form.files.get(key)
    if file is None:
        raise MeasureRefusedError("key", _l("Filen er ikke i skemaet."))
    if field == "removed":
        file.is_hidden = value == YES
    elif file.is_hidden:
        raise MeasureRefusedError("removed", _l("Filen er fjernet. Hent den tilbage, før der rettes i den."))
    else:
        setattr(file, field, _kept(field, value))


def _write_proposal(form: FilledForm, key: str, field: str, value: str, user_id: int | None) -> None:
    measure = form.measures.get(key)
    if measure is not None and measure.screening_id != form.screening.id:
        raise MeasureRefusedError("key", _l("Forslaget hører til en anden screening."))
    if field == "removed":
        _remove(form, measure, is_removed=value == YES, user_id=user_id)
        return
    if measure is None:
        measure = propose_measure(form.screening.candidacy, user_id=user_id, key=key, screening_id=form.screening.id)
        form.measures[key] = measure
    if measure.is_hidden:
        raise MeasureRefusedError("removed", _l("Forslaget er fjernet. Hent det tilbage, før det rettes."))
    if field in rules.QUANTITIES:
        _tell_amount(form, measure, Quantity(field), value, user_id)
    elif field == "theme":
        edit_measure(measure, theme_id=form.themes[value].id)
    else:
        edit_measure(measure, **{field: _kept(field, value)})


def _remove(form: FilledForm, measure: Measure | None, *, is_removed: bool, user_id: int | None) -> None:
    if measure is None or measure.is_hidden == is_removed:
        return
    if is_removed:
        remove_measure(measure, user_id=user_id)
    else:
        day = measure.state_since_on
        propose_measure(form.screening.candidacy, user_id=user_id, key=measure.key, happened_on=day)


def _tell_amount(form: FilledForm, measure: Measure, quantity: Quantity, value: str, user_id: int | None) -> None:
    """The number alone; factor, use before and evidence stay as they are told. A first number gets the usual factor."""
    amount, is_not_measured = parse_amount(value)
    held = identified(measure, quantity)
    factor_id = None if amount is None else usual_factor(quantity, form.screening.starts_at.year)
    said = Amount(amount, is_not_measured, factor_id=factor_id)
    if held is not None:
        said = Amount(amount, is_not_measured, held.baseline, held.factor_id, held.evidence)
    set_savings(measure, SavingPhase.IDENTIFIED, {quantity: said}, user_id=user_id)
