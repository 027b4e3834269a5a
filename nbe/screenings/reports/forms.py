"""What is typed about a report: its texts, and what each step asks for."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from nbe.core.forms import BaseForm, DateField, NoteField, Required, TextField, refuse_cpr, refuse_future
from nbe.models import Report

_OPEN_TO_ALL = _l(
    "Står i begge udgaver og kan læses af kommunens partnere. Skriv intet fortroligt her; brug det fortrolige notat."
)
TEXTS: dict[str, Any] = {
    "introduction": _l("Indledning"),
    "conclusion": _l("Konklusion"),
    "confidential_note": _l("Fortroligt notat"),
}


class ReportForm(BaseForm):
    """The author's own words."""

    introduction = NoteField(TEXTS["introduction"], 12_000, [refuse_cpr], description=_OPEN_TO_ALL)
    conclusion = NoteField(TEXTS["conclusion"], 12_000, [refuse_cpr], description=_OPEN_TO_ALL)
    confidential_note = NoteField(
        TEXTS["confidential_note"],
        12_000,
        [refuse_cpr],
        description=_l("Fortroligt efter offentlighedsloven § 30: står kun i den fulde udgave."),
    )


class StepForm(BaseForm):
    """A step with a report; `stand` is how the report stood when the page was made."""

    stand = HiddenField()


class SendForm(StepForm):
    """Who reads it."""

    reader = SelectField(_l("Andenlæser"), [Required()], coerce=str)


class NoteForm(StepForm):
    """What the author must see to."""

    note = NoteField(_l("Hvad skal rettes?"), 4000, [Required(), refuse_cpr])


class HandOverForm(StepForm):
    """When it was handed over, and to whom."""

    day = DateField(_l("Afleveret den"), [Required(), refuse_future])
    to = TextField(
        _l("Afleveret til"), 200, [Required(), refuse_cpr], description=_l("Hvem fra virksomheden tog imod den?")
    )


class CorrectForm(StepForm):
    """Why a report that was handed over is written anew."""

    reason = NoteField(_l("Hvorfor rettes rapporten?"), 2000, [Required(), refuse_cpr])


def send_form(readers: list[tuple[int, str]], **options: Any) -> SendForm:
    """The form with the people to choose among."""
    form = SendForm(**options)
    form.reader.choices = [("", _("Vælg")), *((str(key), name) for key, name in readers)]
    return form


def stand_of(report: Report, newest: int) -> str:
    """How a report stands, for a form to carry: another text means that somebody was there."""
    return f"{newest}.{report.state.value}.{report.version}"
