"""The mails that go by themselves: how many days before, with the words that are sent."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, leave_trail
from nbe.access.editing import conflict_page
from nbe.access.tables import BasedForm, make_conflict
from nbe.core.forms import Required, WholeNumberField
from nbe.core.notices import tell
from nbe.mails.reminders import MOST_DAYS, days_before, list_reminders, set_days_before

bp = Feature("reminders", __name__, url_prefix="/administration/paamindelser")
Page = str | tuple[str, int] | BaseResponse


def _form(**options: Any) -> Any:
    """A field for each kind of reminder."""
    fields = {
        one.name: WholeNumberField(_("%(what)s: dage før", what=one.label), 0, MOST_DAYS, [Required()])
        for one in list_reminders()
    }
    return type("ReminderForm", (BasedForm,), fields)(**options)


def _current(*, for_update: bool = False) -> dict[str, str]:
    return {name: str(days) for name, days in days_before(for_update=for_update).items()}


def _page(form: Any) -> str:
    return render_template("administration/reminders.html", form=form, reminders=list_reminders(), most=MOST_DAYS)


@bp.get("", needs=Permission.SETTINGS_ADMIN)
def edit() -> str:
    """Each kind with its words and its days."""
    form = _form(formdata=None, data=days_before())
    form.remember(_current())
    return _page(form)


@bp.post("", needs=Permission.SETTINGS_ADMIN)
def save() -> Page:
    """Change the days; somebody who was first is shown."""
    form, current = _form(), _current(for_update=True)
    if not form.validate():
        return _page(form), 422
    labels = {name: str(form[name].label.text) for name in current}
    if form.is_touched(current) and (fields := form.differences(current, labels)):
        form.remember(current)
        conflict = make_conflict(fields, {form.base.name: form.base.data or ""})
        return conflict_page(conflict, action=request.path, title=_("Påmindelser"), back=url_for(".edit"))
    for name in current:
        set_days_before(name, form[name].data)
    leave_trail("settings", "setting", changed=[name for name in current if form.typed(name) != current[name]])
    tell(_("Påmindelserne er gemt."))
    return redirect(url_for("settings.index"), 303)
