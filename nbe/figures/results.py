"""What a computation returns: the same object for page, JSON, CSV and XLSX."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbe.access.permissions import Scope
from nbe.access.viewers import Viewer
from nbe.core import clock
from nbe.core.addresses import with_query
from nbe.figures.declared import ALL, FIGURES, HOURS_COVERED, SEATS, Figure, Number
from nbe.figures.masking import HIDDEN, SMALL, Shown
from nbe.models.states import Source
from nbe.resources.rules import Coverage


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A part of the candidates: one industry (two-digit division) or one source, or neither."""

    industry: str | None = None
    source: Source | None = None

    def __bool__(self) -> bool:
        return bool(self.industry or self.source)


EVERYTHING = Narrowing()


@dataclass(frozen=True)
class FigureSet:
    """The figures of one programme on one day, for each municipality and for all.

    `values[code][key]`, code None for all municipalities together. `masks` holds what a viewer who
    sees small splits only roughly is shown instead. `figures` are those that were asked for, `coverage` what the
    promised hours are enough for (empty where no figure asks for them), `seat_kinds` whether seats are agreed or free.
    """

    year: int
    deadline_on: dt.date
    as_of: dt.date
    known_at: dt.datetime | None
    names: Mapping[int, str]
    values: Mapping[int | None, Mapping[str, Number]]
    targets: Mapping[int | None, int]
    deadlines: Mapping[int, dt.date]
    narrowing: Narrowing = EVERYTHING
    masks: Mapping[tuple[int | None, str], Shown] | None = None
    figures: tuple[Figure, ...] = FIGURES
    coverage: Mapping[int | None, Coverage] = field(default_factory=dict)
    seat_kinds: Mapping[int | None, str] = field(default_factory=dict)

    @property
    def codes(self) -> list[int]:
        """The municipalities, in Danish order."""
        return list(self.names)

    def value(self, key: str, code: int | None = ALL) -> Number:
        """The plain number; None where there is none to give."""
        return self.values[code][key]

    def shown(self, key: str, code: int | None = ALL) -> Any:
        """What the viewer is shown: the number, or "1–2" or a dot for what is masked."""
        mask = (self.masks or {}).get((code, key))
        return mask if mask in (SMALL, HIDDEN) else self.value(key, code)

    def is_masked(self, key: str, code: int | None = ALL) -> bool:
        """Whether the number is kept back."""
        return (self.masks or {}).get((code, key)) in (SMALL, HIDDEN)

    def target(self, code: int | None = ALL) -> int:
        """The target number on the day."""
        return self.targets[code]

    def share(self, code: int | None = ALL) -> float | None:
        """Suitable as a share of the target; None without a target."""
        suitable = self.value("suitable", code)
        return None if suitable is None or not self.target(code) else suitable / self.target(code)

    def lacks_hours(self, code: int | None = ALL) -> bool:
        """Whether more businesses are suitable than there are hours for, in the municipality or in one of all.

        Hours of one municipality are no help to another.
        """
        places = self.codes if code is ALL else [code]
        return any(self.coverage[place].lacks(int(self.value("suitable", place) or 0)) for place in places)

    def address(self, figure: Figure, code: int | None = ALL, *, always_dated: bool = True, **more: Any) -> str | None:
        """The list that holds exactly the rows of the figure; None where it counts no rows. `more` narrows it on."""
        if not figure.page or (figure.opens_today_only and (self.narrowing or self.as_of != clock.today())):
            return None
        if self.narrowing and figure.group == "gatherings":  # people are no part of the candidates
            return None
        query: dict[str, Any] = {}
        if figure.is_of_programme:
            query["aar"] = self.year
        if code is not ALL:
            query["kommune"] = code
        query.update(figure.query)
        if always_dated and not figure.opens_today_only:
            query["pr"] = self.as_of.isoformat()
        if self.narrowing.industry:
            query["branche"] = self.narrowing.industry
        if self.narrowing.source and figure.is_of_programme:
            query["kilde"] = self.narrowing.source.value
        return with_query(figure.page, query | more)

    def link(
        self, figure: Figure, viewer: Viewer, code: int | None = ALL, *, today: dt.date, **more: Any
    ) -> str | None:
        """The list for a viewer who may open it and finds the same rows there; None for others."""
        if self.is_masked(figure.key, code) or self.known_at is not None or not viewer.may(figure.rows_permission):
            return None
        sees_all = viewer.scope(figure.rows_permission) is Scope.ALL
        if not (sees_all if code is ALL else viewer.may(figure.rows_permission, code)):
            return None
        return self.address(figure, code, always_dated=self.as_of != today, **more)

    def as_json(self, code: int | None = ALL) -> dict[str, Any]:
        """The object of the contract, for one municipality or all."""
        figures: dict[str, Any] = {}
        for figure in self.figures:
            entry: dict[str, Any] = {"value": self.value(figure.key, code)}
            if figure.has_target:
                entry["target"] = self.target(code)
            if figure is HOURS_COVERED and code in self.coverage:
                state = self.coverage[code].state
                entry["state"] = state.value
                entry["state_label"] = str(state.label)
            if figure is SEATS and code in self.seat_kinds:
                entry["seats_are"] = self.seat_kinds[code]
            entry["title"] = str(figure.title)
            entry["definition"] = str(figure.definition)
            entry["version"] = figure.version
            entry["unit"] = figure.unit
            entry["href"] = self.address(figure, code)
            figures[figure.key] = entry
        return {
            "programme": self.year,
            "municipality": code,
            "as_of": self.as_of.isoformat(),
            "figures": figures,
        }
