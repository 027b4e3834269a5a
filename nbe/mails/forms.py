"""What a person writes in a letter."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from nbe.core.forms import BaseForm, NoteField, Required, TextField, refuse_cpr
from nbe.mails.rules import LINK, NAME, SUBJECT_LENGTH, unknown_places

TEXT_LENGTH = 10_000
LABELS: dict[str, Any] = {"subject": _l("Emne"), "text": _l("Tekst")}


def _refuse_unknown_places(form: Any, field: Any) -> None:
    unknown = unknown_places(field.data or "")
    if unknown:
        raise ValidationError(
            _(
                "%(unknown)s kan ikke udfyldes. Brug %(name)s og %(link)s, eller skriv ordene ud.",
                unknown=", ".join(unknown),
                name=NAME,
                link=LINK,
            )
        )


class MailingForm(BaseForm):
    """Subject and text of a draft."""

    subject = TextField(LABELS["subject"], SUBJECT_LENGTH, [Required(), refuse_cpr, _refuse_unknown_places])
    text = NoteField(
        LABELS["text"],
        TEXT_LENGTH,
        [Required(), refuse_cpr, _refuse_unknown_places],
        description=_l(
            "%(name)s bliver til modtagerens navn, og %(link)s til modtagerens eget link.", name=NAME, link=LINK
        ),
    )
