"""The form itself, and the messages of WTForms in Danish."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

# WTForms speaks no Danish: these are the messages that can reach a person.
_MESSAGES = {
    "This field is required.": _l("Skal udfyldes."),
    "Not a valid choice.": _l("Vælg en af mulighederne."),
    "Not a valid choice": _l("Vælg en af mulighederne."),
    "Invalid Choice: could not coerce.": _l("Vælg en af mulighederne."),
    "Not a valid integer value.": _l("Skriv et helt tal."),
    "Not a valid decimal value.": _l("Skriv et tal, fx 1.234,5."),
    "Not a valid date value.": _l("Skriv en dato, fx 25-04-2016."),
    "Invalid email address.": _l("Skriv en mailadresse, fx navn@example.dk."),
    "Invalid input.": _l("Det kan ikke bruges her."),
    "Invalid value, must be one of: %(values)s.": _l("Vælg en af mulighederne."),
}


class _Translations:
    """WTForms' own messages in the language of the page."""

    def gettext(self, text: str) -> str:
        return str(_MESSAGES.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        if "at least" in singular:
            return _("Skriv mindst %(min)s tegn.")
        if "longer than" in singular or "exactly" in singular:
            return _("Skriv højst %(max)s tegn.")
        return self.gettext(singular if n == 1 else plural)


class WordedForm(FlaskForm):
    """A form that speaks the language of the page. The forgery check is the request's, not the form's."""

    class Meta:
        csrf = False
        locales = False

        def get_translations(self, form: Any) -> Any:
            return _Translations() if str(get_locale()) == "da" else None


class BaseForm(WordedForm):
    """A form of the service that tells which version of a record it was filled in from."""

    version = HiddenField()

    def read_version(self) -> int | None:
        """The version of the record this form was filled in from."""
        raw = str(self.version.data or "")
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None
