"""What is typed about candidates: moves, verdicts, next steps, calls, and who is named."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField

from nbe.core import clock
from nbe.core.forms import (
    BaseForm,
    CodeField,
    CodeRadioField,
    DateField,
    NoteField,
    Required,
    TextField,
    WholeNumberField,
    refuse_cpr,
    refuse_future,
)
from nbe.models.states import (
    ActivityKind,
    ActivityOutcome,
    CloseReason,
    CriterionAnswer,
    Source,
    Stage,
    Verdict,
)
from nbe.pipeline.rules import Wish

# Merging closes by itself, and "not told" is the imports' word.
REASONS = tuple(r for r in CloseReason if r not in (CloseReason.MERGED, CloseReason.UNKNOWN))
STEP_LABELS: dict[str, Any] = {"next_step": _l("Næste skridt"), "next_step_on": _l("Hvornår")}


class MoveForm(BaseForm):
    """Where to, when it happened, and why. `fra` is the stage the page showed."""

    fra = HiddenField()
    til = CodeField(_l("Flyt til"), Stage, [Required()], empty=_l("Vælg"))
    happened_on = DateField(_l("Dato"), [refuse_future], description=_l("Den dag, det skete; i dag, hvis den er tom."))
    detail = CodeField(_l("Hvorfor lukkes kandidaten?"), REASONS, empty=_l("Vælg"))
    year = WholeNumberField(_l("Udskudt til år"), 2000, 2100)
    reason = NoteField(_l("Begrundelse"), 2000, [refuse_cpr])

    def wish(self) -> Wish:
        """What is asked for."""
        return Wish(
            self.til.member,
            self.happened_on.data or clock.today(),
            self.reason.data or "",
            self.detail.member if self.til.member is Stage.CLOSED else None,
            self.year.data,
        )


class ManyForm(MoveForm):
    """The same move for several; `valgt` holds the candidates with the stage the page showed, as 12:longlist."""

    valgt = SelectMultipleField(_l("Valgte"), coerce=str, validate_choice=False)


class VerdictForm(BaseForm):
    """A person's verdict with its reason; the criteria's answers are added per criterion."""

    verdict = CodeRadioField(_l("Vurdering"), Verdict, empty=_l("Endnu ikke"))
    verdict_on = DateField(_l("Dato for vurderingen"), [refuse_future])
    reason = NoteField(_l("Begrundelse"), 2000, [refuse_cpr])

    def validate(self, extra_validators: Any = None) -> bool:
        """A verdict needs its reason."""
        is_valid = super().validate(extra_validators)
        if self.verdict.member is not None and not self.reason.data:
            self.reason.errors = [*self.reason.errors, str(_l("Skriv en begrundelse for vurderingen."))]
            return False
        return is_valid


def verdict_form(criteria: list[tuple[int, str]]) -> type[VerdictForm]:
    """The form with one question per criterion, named `svar-<id>`."""
    questions = {
        f"svar_{key}": CodeRadioField(title, CriterionAnswer, empty=_l("Ikke besvaret")) for key, title in criteria
    }
    return type("AssessmentForm", (VerdictForm,), questions)


class StepForm(BaseForm):
    """What comes next, and when."""

    next_step = TextField(STEP_LABELS["next_step"], 300, [refuse_cpr])
    next_step_on = DateField(STEP_LABELS["next_step_on"])


class ContactedForm(BaseForm):
    """A call, visit, mail or note with its outcome and the next step."""

    kind = CodeField(_l("Hvad"), ActivityKind, [Required()])
    outcome = CodeRadioField(_l("Udfald"), ActivityOutcome, empty=_l("Intet særligt"))
    note = NoteField(_l("Note"), validators=[refuse_cpr])
    next_step = TextField(_l("Næste skridt"), 300, [refuse_cpr])
    next_step_on = DateField(_l("Hvornår"))
    happened_on = DateField(_l("Dato"), [refuse_future])


class NamingForm(BaseForm):
    """Businesses that become candidates of a year."""

    aar = SelectField(_l("Forløbsår"), [Required()], coerce=int)
    virksomhed = SelectMultipleField(_l("Virksomheder"), coerce=str, validate_choice=False)
    source = CodeField(_l("Kilde"), Source, empty=_l("Ikke oplyst"))
