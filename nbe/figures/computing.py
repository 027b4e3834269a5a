"""Computing: all municipalities at once, in a number of statements that does not grow with the businesses.

As known now, the numbers come from the totals. As known at a moment, they are a fold of the
ledger, and never change again. Narrowed to an industry or a source, they read rows through an
index: only then.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

import sqlalchemy as sa

from nbe.core.database import db
from nbe.figures.declared import ALL, FIGURES, Number
from nbe.figures.masking import HIDDEN, Shown, mask_followers, mask_split
from nbe.figures.results import EVERYTHING, FigureSet, Narrowing
from nbe.figures.rows import SOURCES, Asked, By, Parts, count_rows
from nbe.ledger import queries
from nbe.ledger.fold import NO_PROGRAMME
from nbe.models import DEFAULT_TARGET, Municipality, Programme, Target

Counts = Mapping[tuple[int, str], int]
PROGRAMME_KEYS = tuple(dict.fromkeys(chain.from_iterable(f.sums for f in FIGURES if f.is_of_programme)))
MEMBER_KEYS = tuple(dict.fromkeys(chain.from_iterable(f.sums for f in FIGURES if not f.is_of_programme)))


def compute(
    programme: Programme,
    as_of: dt.date,
    municipality_code: int | None = ALL,
    *,
    known_at: dt.datetime | None = None,
    narrowing: Narrowing = EVERYTHING,
    is_masked: bool = False,
) -> FigureSet:
    """The figures of `programme` at the end of `as_of`, for every municipality and for all of them.

    With `municipality_code` only that one is read. `known_at` asks what was known at that moment.
    `is_masked` adds what to show to those who see small splits only roughly.
    """
    names = _names(municipality_code)
    targets = _targets(programme, as_of, names, known_at)
    masks: dict[tuple[int | None, str], Shown] | None = None
    if narrowing or known_at is not None:
        asked = Asked(programme.id, as_of, municipality_code, known_at, narrowing)
        counts: Counts = _without_parts(count_rows(asked))
        if is_masked and narrowing:
            masks = _masks(asked, names)
    else:
        counts = {
            **queries.sums(programme.id, PROGRAMME_KEYS, as_of, municipality_code),
            **queries.sums(NO_PROGRAMME, MEMBER_KEYS, as_of, municipality_code),
        }
    return FigureSet(
        year=programme.year,
        deadline_on=programme.deadline_on,
        as_of=as_of,
        known_at=known_at,
        names=names,
        values=_values(counts, names, targets, is_narrowed=bool(narrowing)),
        targets=targets,
        deadlines=_deadlines(programme, names),
        narrowing=narrowing,
        masks=masks,
    )


def _names(municipality_code: int | None) -> dict[int, str]:
    statement = sa.select(Municipality.code, Municipality.name).order_by(Municipality.sort_key)
    if municipality_code is not None:
        statement = statement.where(Municipality.code == municipality_code)
    return {code: name for code, name in db.session.execute(statement)}  # noqa: C416 - typed


def _targets(
    programme: Programme, as_of: dt.date, names: Mapping[int, str], known_at: dt.datetime | None
) -> dict[int | None, int]:
    in_force = queries.targets_at(programme.id, as_of, known_at)
    targets: dict[int | None, int] = {code: in_force.get(code, DEFAULT_TARGET) for code in names}
    targets[ALL] = sum(targets.values())
    return targets


def _deadlines(programme: Programme, names: Mapping[int, str]) -> dict[int, dt.date]:
    statement = sa.select(Target.municipality_code, Target.deadline_on).where(Target.programme_id == programme.id)
    own = {code: day for code, day in db.session.execute(statement) if day is not None}
    return {code: own.get(code, programme.deadline_on) for code in names}


def _values(
    counts: Counts, names: Mapping[int, str], targets: Mapping[int | None, int], *, is_narrowed: bool
) -> dict[int | None, dict[str, Number]]:
    sums: dict[int | None, dict[str, int]] = {code: {} for code in (ALL, *names)}
    for (code, key), n in counts.items():
        if code in sums:
            sums[code][key] = n
            sums[ALL][key] = sums[ALL].get(key, 0) + n
    values = {code: _derive(found, targets[code]) for code, found in sums.items()}
    if is_narrowed:  # a target is for all of a municipality's candidates, never for a part of them
        for found in values.values():
            found["missing"] = None
    return values


def _derive(sums: Mapping[str, int], target: int) -> dict[str, Number]:
    values: dict[str, Number] = {}
    for figure in FIGURES:
        if figure.derive:
            values[figure.key] = figure.derive(values, target)
        else:
            values[figure.key] = sum(sums.get(key, 0) for key in figure.sums)
    return values


def _without_parts(counts: Mapping[tuple[int, str, str], int]) -> Counter[tuple[int, str]]:
    sums: Counter[tuple[int, str]] = Counter()
    for (code, key, _part), n in counts.items():
        sums[code, key] += n
    return sums


def _masks(asked: Asked, codes: Iterable[int]) -> dict[tuple[int | None, str], Shown]:
    """What each figure of the chosen part is shown as, seen as one part of its municipality's whole split.

    Sums over municipalities are hidden: they would tell what one of them keeps back. Members have
    no source, so a source does not split them.
    """
    by: By = "industry" if asked.narrowing.industry else "source"
    chosen = asked.narrowing.industry or (asked.narrowing.source.value if asked.narrowing.source else "")
    nothing = dict.fromkeys(SOURCES, 0) if by == "source" else {chosen: 0}
    parts = Parts(count_rows(replace(asked, narrowing=EVERYTHING, by=by)))
    result: dict[tuple[int | None, str], Shown] = {}
    for code in codes:
        shown = {
            figure.key: mask_split({**nothing, **parts.of(code, figure.sums)})[chosen]
            for figure in FIGURES
            if figure.sums and (by == "industry" or figure.is_of_programme)
        }
        result.update({(code, key): value for key, value in mask_followers(shown).items()})
    kept_back = {key for (_, key), value in result.items() if isinstance(value, str)}
    result.update({(ALL, key): HIDDEN for key in kept_back})
    return result
