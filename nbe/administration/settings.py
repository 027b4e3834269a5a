"""The administrator's way in, the silent days, and whom the public can write to."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, leave_trail
from nbe.access.editing import conflict_page
from nbe.access.stored import CONTACT_MAIL, read_settings, write_setting
from nbe.access.tables import make_conflict
from nbe.administration.forms import SETTING_LABELS, SettingsForm
from nbe.core import clock
from nbe.core.phones import format_phone
from nbe.mails.queries import backlog
from nbe.mails.reminders import days_before
from nbe.pipeline.criteria import active_criteria
from nbe.pipeline.settings import set_silent_days, silent_days
from nbe.resources.queries import task_hours
from nbe.targets.queries import current_programme, next_meeting

bp = Feature("settings", __name__, url_prefix="/administration")

MAIL_KEY = CONTACT_MAIL
PHONE_KEY = "contact_phone"
Page = str | tuple[str, int] | BaseResponse


def contact() -> dict[str, str]:
    """Whom the public can write to and call; empty where nobody has said."""
    stored = read_settings(MAIL_KEY, PHONE_KEY)
    phone = stored.get(PHONE_KEY, "")
    return {"mail": stored.get(MAIL_KEY, ""), "phone": format_phone(phone)}


@bp.get("", needs=Permission.SETTINGS_ADMIN)
def index() -> str:
    """What can be set, and how it is set now."""
    today = clock.today()
    programme = current_programme(today)
    return render_template(
        "administration/index.html",
        programme=programme,
        meeting=next_meeting(today),
        hours=sum(task_hours(programme.id).values()) if programme else None,
        criteria=len(active_criteria()),
        silent=silent_days(),
        has_contact=all(contact().values()),
        mails=backlog(),
        reminders=list(days_before().values()),
        has_users="users.index" in current_app.view_functions,
    )


def _current(*, for_update: bool = False) -> dict[str, str]:
    before, after = silent_days(for_update=for_update)
    return {"before": str(before), "after": str(after), **contact()}


@bp.get("/indstillinger", needs=Permission.SETTINGS_ADMIN)
def edit() -> str:
    """The settings as they are."""
    before, after = silent_days()
    stored = read_settings(MAIL_KEY, PHONE_KEY)
    data: dict[str, Any] = {
        "before": before,
        "after": after,
        "mail": stored.get(MAIL_KEY),
        "phone": stored.get(PHONE_KEY),
    }
    form = SettingsForm(data=data)
    form.remember(_current())
    return render_template("administration/settings.html", form=form)


@bp.post("/indstillinger", needs=Permission.SETTINGS_ADMIN)
def save() -> Page:
    """Change the settings."""
    form = SettingsForm()
    current = _current(for_update=True)
    if not form.validate():
        return render_template("administration/settings.html", form=form), 422
    labels = {name: str(label) for name, label in SETTING_LABELS.items()}
    if form.is_touched(current) and (fields := form.differences(current, labels)):
        form.remember(current)
        conflict = make_conflict(fields, {form.base.name: form.base.data or ""})
        return conflict_page(conflict, action=request.path, title=_("Indstillinger"), back=url_for(".edit"))
    set_silent_days(form.before.data, form.after.data)
    write_setting(MAIL_KEY, form.mail.data or "")
    write_setting(PHONE_KEY, form.phone.data or "")
    leave_trail("settings", "setting", changed=[name for name in current if form.typed(name) != current[name]])
    flash(_("Indstillingerne er gemt."), "success")
    return redirect(url_for(".index"), 303)
