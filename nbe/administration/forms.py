"""What the secretariat types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from nbe.access.tables import BasedForm
from nbe.core.forms import (
    BaseForm,
    DateField,
    MailField,
    PhoneField,
    Required,
    TextField,
    WholeNumberField,
    refuse_cpr,
)
from nbe.models import DEFAULT_TARGET
from nbe.models.states import HourTask
from nbe.pipeline.settings import LONGEST, SHORTEST
from nbe.resources.forms import TaskHoursField

PROGRAMME_LABELS: dict[str, Any] = {
    "deadline_on": _l("Frist"),
    "measures_required": _l("Mindst så mange tiltag i en plan"),
}
TARGET_LABELS: dict[str, Any] = {
    "required": _l("Måltal"),
    "deadline_on": _l("Egen frist"),
    "reason": _l("Begrundelse"),
}
CRITERION_LABELS: dict[str, Any] = {"title": _l("Kriterium"), "weight": _l("Vægt")}
MEETING_LABELS: dict[str, Any] = {"title": _l("Titel"), "held_on": _l("Dato")}
MOST_PER_TASK = Decimal(200)
SETTING_LABELS: dict[str, Any] = {
    "before": _l("Dage uden aktivitet før egnet"),
    "after": _l("Dage uden aktivitet fra egnet og frem"),
    "mail": _l("Sekretariatets e-mail"),
    "phone": _l("Sekretariatets telefon"),
}


def _refuse_before_year(day: dt.date | None, year: int | None) -> None:
    if day and year and day < dt.date(year, 1, 1):
        raise ValidationError(_("Fristen ligger før forløbsåret begynder."))


class NewProgrammeForm(BaseForm):
    """A new programme year."""

    year = WholeNumberField(_l("År"), 2000, 2100, [Required()])
    deadline_on = DateField(PROGRAMME_LABELS["deadline_on"])

    def validate_deadline_on(self, field: DateField) -> None:
        """The deadline is not before the year."""
        _refuse_before_year(field.data, self.year.data)

    @property
    def chosen_deadline(self) -> dt.date:
        """What was typed, else the year's last day."""
        day: dt.date | None = self.deadline_on.data
        return day or dt.date(self.year.data, 12, 31)


class DeadlineForm(BasedForm):
    """The deadline of a programme, and how many measures it asks of a plan."""

    deadline_on = DateField(PROGRAMME_LABELS["deadline_on"], [Required()])
    measures_required = WholeNumberField(
        PROGRAMME_LABELS["measures_required"],
        1,
        20,
        [Required()],
        description=_l("Før en handlingsplan kan vedtages."),
    )

    def __init__(self, year: int, **options: Any) -> None:
        super().__init__(**options)
        self.year = year

    def validate_deadline_on(self, field: DateField) -> None:
        """The deadline is not before the year."""
        _refuse_before_year(field.data, self.year)


class TargetForm(BasedForm):
    """One municipality's row in the table of targets."""

    required = WholeNumberField(TARGET_LABELS["required"], 0, 999, [Required()])
    deadline_on = DateField(TARGET_LABELS["deadline_on"])
    reason = TextField(TARGET_LABELS["reason"], 400, [refuse_cpr])

    def __init__(self, year: int, **options: Any) -> None:
        super().__init__(**options)
        self.year = year

    def validate_deadline_on(self, field: DateField) -> None:
        """The deadline is not before the year."""
        _refuse_before_year(field.data, self.year)

    def validate_reason(self, field: TextField) -> None:
        """Another number than 5 asks why."""
        if self.required.data is not None and self.required.data != DEFAULT_TARGET and not field.data:
            raise ValidationError(_("Skriv, hvorfor måltallet er et andet end %(number)s.", number=DEFAULT_TARGET))


class CriterionForm(BaseForm):
    """One question of the suitability assessment."""

    title = TextField(CRITERION_LABELS["title"], 200, [Required()])
    weight = WholeNumberField(
        CRITERION_LABELS["weight"],
        1,
        9,
        [Required()],
        description=_l("Fra 1 til 9. Vægten vises ved vurderingen; afgørelsen er altid et menneskes."),
    )


class MeetingForm(BaseForm):
    """A meeting of the coordination group."""

    title = TextField(MEETING_LABELS["title"], 200, [Required()])
    held_on = DateField(MEETING_LABELS["held_on"], [Required()], description=_l("Fx 29-04-2016"))


class TaskHoursForm(BasedForm):
    """The hours of one forløb, task by task; its fields are added by `task_hours_form`."""

    @property
    def hours(self) -> dict[HourTask, Decimal]:
        """What was typed for each task."""
        return {task: self[task.value].data for task in HourTask}

    @property
    def total(self) -> Decimal:
        """What one forløb takes by what was typed."""
        return sum(self.hours.values(), Decimal(0))

    def validate(self, extra_validators: Any = None) -> bool:
        """Every task is a number, and together they take some time."""
        is_right = bool(super().validate(extra_validators))
        if is_right and not self.total:
            first = self[next(iter(HourTask)).value]
            first.errors = [_("Et forløb kan ikke tage 0 timer i alt.")]
            return False
        return is_right


def task_hours_form(hours: Mapping[HourTask, Decimal]) -> TaskHoursForm:
    """The form filled in with what each task takes."""
    fields = {task.value: TaskHoursField(task.label, [Required()], most=MOST_PER_TASK) for task in HourTask}
    kind: Any = type("FilledTaskHoursForm", (TaskHoursForm,), fields)
    form: TaskHoursForm = kind(data={task.value: hours[task] for task in HourTask})
    return form


class SettingsForm(BasedForm):
    """Silent days, and whom the public can write to."""

    before = WholeNumberField(SETTING_LABELS["before"], SHORTEST, LONGEST, [Required()])
    after = WholeNumberField(SETTING_LABELS["after"], SHORTEST, LONGEST, [Required()])
    mail = MailField(SETTING_LABELS["mail"])
    phone = PhoneField(SETTING_LABELS["phone"])
