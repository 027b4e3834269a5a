"""Fields of text, and choices from a code list."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import ListWidget, RadioInput

from nbe.core.text import clean


class TextField(StringField):
    """One line of cleaned text."""

    def __init__(self, label: Any, length: int = 200, validators: Iterable[Any] = (), **options: Any) -> None:
        rules = [*validators, Length(max=length)]
        super().__init__(label, rules, **options)
        self.render_kw = {"maxlength": str(length), **(self.render_kw or {})}

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean(valuelist[0]).replace("\n", " ") if valuelist else ""


class NoteField(TextAreaField):
    """Several lines of cleaned text."""

    def __init__(self, label: Any, length: int = 4000, validators: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(label, [*validators, Length(max=length)], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean(valuelist[0]) if valuelist else ""


class CodeField(SelectField):
    """A choice among the members of a code list; the data is the member, or None for the empty choice."""

    def __init__(
        self,
        label: Any,
        codes: Iterable[Any],
        validators: Iterable[Any] = (),
        empty: Any = None,
        **options: Any,
    ) -> None:
        members = list(codes)
        self._members: dict[str, enum.Enum] = {str(m.value): m for m in members}
        choices = [(str(m.value), m.label) for m in members]
        if empty is not None:
            choices.insert(0, ("", empty))
        super().__init__(label, list(validators), choices=choices, coerce=str, **options)

    def process_data(self, value: Any) -> None:
        self.data = str(getattr(value, "value", value) or "")

    @property
    def member(self) -> Any:
        """The chosen member, or None."""
        return self._members.get(str(self.data or ""))


class CodeRadioField(CodeField):
    """The same choice as radio buttons, all in sight."""

    widget = ListWidget(prefix_label=False)
    option_widget = RadioInput()
