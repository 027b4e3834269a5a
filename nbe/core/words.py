"""Words quickly: a page has hundreds of texts, and each would look for its language's catalogue anew."""

from __future__ import annotations

from typing import Any

from flask import Flask, g
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

_SPECIAL = frozenset("&<>\"'")  # a text without these is the same escaped or not


class Words(Domain):
    """The catalogues by language, each loaded once."""

    def __init__(self) -> None:
        super().__init__()
        self._by_language: dict[str, Any] = {}

    def get_translations(self) -> Any:
        """The catalogue of the language that is spoken just now."""
        try:
            language = g._flask_babel.babel_locale.language  # where get_locale has left it
            return self._by_language[language]
        except (AttributeError, KeyError, RuntimeError):
            locale = get_locale()
        found = super().get_translations()
        if locale is not None:
            self._by_language[locale.language] = found
        return found


def init_words(app: Flask, babel: Babel) -> None:
    """Let code and templates of this app ask `Words`; after `babel.init_app`."""
    words = Words()
    babel.domain_instance = words

    @pass_context
    def gettext(context: Context, text: str, **values: Any) -> str:
        """As the i18n extension's own, without its detours."""
        found: str = words.get_translations().ugettext(text)
        if context.eval_ctx.autoescape and (values or not _SPECIAL.isdisjoint(found)):
            found = Markup(found)  # noqa: S704 - our own text; Markup escapes the values put into it
        return found % values if "%" in found else found

    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: words.get_translations().ugettext(text),
        ngettext=lambda one, many, n: words.get_translations().ungettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals.update(gettext=gettext, _=gettext)
