"""What is typed about plans and the looks at how they go."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField

from nbe.core.forms import BaseForm, DateField, NoteField, Required, TextField, refuse_cpr, refuse_future


class PlanForm(BaseForm):
    """Which measures go into the plan, and its adoption. `stand` holds what the page showed."""

    stand = HiddenField()
    valgt = SelectMultipleField(_l("Tiltag i planen"), coerce=str, validate_choice=False)
    adopted_on = DateField(_l("Vedtaget den"), [refuse_future])
    adopted_by = TextField(_l("Vedtaget af"), 200, [refuse_cpr], description=_l("Fx direktøren eller bestyrelsen."))
    note = NoteField(_l("Hvad er aftalt?"), 4000, [refuse_cpr])

    @property
    def measure_ids(self) -> list[int]:
        """The measures chosen."""
        return [int(raw) for raw in self.valgt.data or [] if raw.isascii() and raw.isdigit() and len(raw) < 10]


class FollowUpForm(BaseForm):
    """What was seen at a look at how the plan goes."""

    held_on = DateField(_l("Fulgt op den"), [Required(), refuse_future])
    note = NoteField(_l("Hvad så I?"), 4000, [Required(), refuse_cpr])
    early = BooleanField(_l("Ja, opfølgningen er holdt før tid"))
