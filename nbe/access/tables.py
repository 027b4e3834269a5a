"""Two people on one table of small records, each without a page of its own.

A row's form carries what stood there when the page was made (`base`). A row left as it was is not
saved, so it cannot collide; in a row both have changed, the second sees the fields that differ and chooses.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from flask import request
from wtforms import HiddenField

from nbe.access.editing import Conflict, FieldConflict
from nbe.core.forms import BaseForm
from nbe.core.text import clean


class BasedForm(BaseForm):
    """A form that knows what it was filled in from."""

    base = HiddenField()

    def remember(self, current: Mapping[str, str]) -> None:
        """Keep what stands now, as the page shows it."""
        self.base.data = json.dumps(dict(current), ensure_ascii=False, sort_keys=True)

    def read_base(self) -> dict[str, str]:
        """What stood when the page was made; empty when the page did not say."""
        try:
            found = json.loads(str(self.base.data or "{}"))
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    def typed(self, name: str) -> str:
        """A field as it would be shown again once saved."""
        field = self[name]
        show = getattr(field, "show", None)
        if field.data is None:
            return ""
        return str(show(field.data)) if show else clean(str(field.data))

    def is_touched(self, current: Mapping[str, str]) -> bool:
        """Whether the sender changed anything; without a base, whether anything differs from what stands."""
        base = {**current, **self.read_base()}
        return any(self.typed(name) != base[name] for name in current)

    def differences(self, current: Mapping[str, str], labels: Mapping[str, str]) -> list[FieldConflict]:
        """The fields to choose in: empty unless somebody else has changed the record since the page was made."""
        base = {**current, **self.read_base()}
        if all(base[name] == current[name] for name in current):
            return []
        return [
            FieldConflict(self[name].name, labels[name], self.typed(name), theirs, theirs != base[name])
            for name, theirs in current.items()
            if self.typed(name) != theirs
        ]


class Line(Protocol):
    """A row of a table that is one form: its own form and what is stored now."""

    @property
    def form(self) -> BasedForm:
        """What was typed in the row."""

    @property
    def current(self) -> dict[str, str]:
        """What stands now, as the form would show it."""


L = TypeVar("L", bound=Line)


class Lines(Generic[L]):
    """The rows of a table; for the error summary they are one form."""

    def __init__(self, lines: Iterable[L]) -> None:
        self.lines = list(lines)
        self._fields = {field.name: field for line in self.lines for field in line.form}

    def __iter__(self) -> Iterator[L]:
        return iter(self.lines)

    def __getitem__(self, name: str) -> Any:
        return self._fields[name]

    @property
    def errors(self) -> dict[str, Any]:
        """What is wrong, by the field's full name."""
        return {name: field.errors for name, field in self._fields.items() if field.errors}

    def validate(self) -> bool:
        """Whether every row is right; all are looked at."""
        results = [line.form.validate() for line in self.lines]
        return all(results)

    def renew(self) -> dict[str, str]:
        """What the second sends on beside the choices: the bases of now, and rows left alone as they stand."""
        renewed: dict[str, str] = {}
        for line in self.lines:
            is_touched = line.form.is_touched(line.current)
            line.form.remember(line.current)
            renewed[line.form.base.name] = line.form.base.data or ""
            if not is_touched:
                renewed |= {line.form[name].name: value for name, value in line.current.items()}
        return renewed


def make_conflict(
    fields: Iterable[FieldConflict], renewed: Mapping[str, str], who: str = "", when: dt.datetime | None = None
) -> Conflict:
    """The page's conflict: fields to choose in, and all else that was sent, with the bases of now."""
    fields = tuple(fields)
    left_out = {"csrf_token", "once", "version", *(field.name for field in fields), *renewed}
    kept = [(key, value) for key, value in request.form.items() if key not in left_out]
    return Conflict(0, who if when else "", when, fields, (*kept, *renewed.items()))
