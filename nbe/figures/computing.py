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
from decimal import Decimal
from itertools import chain

from nbe.businesses.queries import municipality_names
from nbe.figures.declared import (
    ALL,
    DAYS_TO_SCREENED,
    FIGURES,
    GATHERING_FIGURES,
    HOURS_COVERED,
    HOURS_NEEDED,
    HOURS_PROMISED,
    MISSING,
    SEATS,
    SIGNED_UP_MEMBERS,
    Figure,
    Number,
)
from nbe.figures.gatherings import count_members, read_teams, seat_numbers
from nbe.figures.masking import HIDDEN, Shown, mask_followers, mask_split
from nbe.figures.results import EVERYTHING, FigureSet, Narrowing
from nbe.figures.rows import SOURCES, Asked, By, Parts, count_rows
from nbe.figures.subjects import count_people, count_subjects
from nbe.figures.waiting import days_to_screened
from nbe.ledger import queries
from nbe.ledger.fold import NO_PROGRAMME
from nbe.models import DEFAULT_TARGET, Programme
from nbe.resources import queries as resources
from nbe.resources.rules import Coverage, add_up
from nbe.targets.queries import deadlines

Counts = Mapping[tuple[int, str], int]
Numbers = dict[int | None, dict[str, Number]]
_OF_ALL = {figure.key for figure in (MISSING, HOURS_NEEDED, HOURS_PROMISED, HOURS_COVERED, *GATHERING_FIGURES)}
_OF_SUBJECTS = ("screening:", "measure:", "saving:")
_OF_PEOPLE = ("participant:", "registration:")


def compute(
    programme: Programme,
    as_of: dt.date,
    municipality_code: int | None = ALL,
    *,
    known_at: dt.datetime | None = None,
    narrowing: Narrowing = EVERYTHING,
    is_masked: bool = False,
    figures: tuple[Figure, ...] = FIGURES,
) -> FigureSet:
    """The figures of `programme` at the end of `as_of`, for every municipality and for all of them.

    With `municipality_code` only that one is read. `known_at` asks what was known at that moment.
    `is_masked` adds what to show to those who see small splits only roughly. `figures` are those computed, each
    after what it follows from: all of them, where none are named.
    """
    names = _names(municipality_code)
    asked = Asked(programme.id, as_of, municipality_code, known_at, narrowing)
    read = {figure.reads for figure in figures}
    coverage = _coverage(programme, asked, names) if "hours" in read else {}
    targets = {code: found.target for code, found in coverage.items()} or _targets(asked, names)
    seats = seat_numbers(read_teams(asked), names) if SEATS in figures and not narrowing else {}
    given: dict[str, Mapping[int | None, Number]] = {}
    if "members" in read and not narrowing:
        given[SIGNED_UP_MEMBERS.key] = count_members(asked, names)
    if "waiting" in read:
        given[DAYS_TO_SCREENED.key] = days_to_screened(asked)
    if seats:
        given[SEATS.key] = {code: found.value for code, found in seats.items()}
    values = _values(_counts(asked, figures), names, targets, figures, given)
    for code, found in values.items():
        if coverage:
            found.update(_hours(coverage[code]))
        if narrowing:  # a target, the hours for it and people at courses are not of a part of the candidates
            found.update(dict.fromkeys(_OF_ALL & found.keys()))
    return FigureSet(
        year=programme.year,
        deadline_on=programme.deadline_on,
        as_of=as_of,
        known_at=known_at,
        names=names,
        values=values,
        targets=targets,
        deadlines={code: day for code, day in deadlines(programme).items() if code in names},
        narrowing=narrowing,
        masks=_masks(asked, names, figures) if is_masked and narrowing else None,
        figures=figures,
        coverage=coverage,
        seat_kinds={code: found.kind for code, found in seats.items()},
    )


def _counts(asked: Asked, figures: Iterable[Figure]) -> Counts:
    """(municipality, total key) -> count, of the keys that these figures add up."""
    keys = _keys(figures)
    if asked.narrowing or asked.known_at is not None:
        return _without_parts(_count_parts(asked, keys))
    of_programme = [key for key in keys if not key.startswith("member:")]
    of_network = [key for key in keys if key.startswith("member:")]
    return {
        place: n
        for programme_id, wanted in ((asked.programme_id, of_programme), (NO_PROGRAMME, of_network))
        if wanted
        for place, n in queries.sums(programme_id, wanted, asked.as_of, asked.municipality_code).items()
    }


def _keys(figures: Iterable[Figure]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(figure.sums for figure in figures)))


def _count_parts(asked: Asked, keys: Iterable[str]) -> Mapping[tuple[int, str, str], int]:
    counts = count_rows(asked)
    if any(key.startswith(_OF_SUBJECTS) for key in keys):
        counts.update(count_subjects(asked))
    if not asked.narrowing and any(key.startswith(_OF_PEOPLE) for key in keys):
        counts.update(count_people(asked))
    return counts


def _coverage(programme: Programme, asked: Asked, names: Mapping[int, str]) -> dict[int | None, Coverage]:
    every = resources.coverage(programme, asked.as_of, asked.known_at)
    found: dict[int | None, Coverage] = {code: every[code] for code in names}
    return {ALL: add_up(list(found.values())), **found}


def _hours(coverage: Coverage) -> dict[str, Number]:
    return {
        HOURS_NEEDED.key: plain_number(coverage.needed),
        HOURS_PROMISED.key: plain_number(coverage.promised),
        HOURS_COVERED.key: coverage.covered,
    }


def plain_number(number: Decimal) -> int | float:
    """The number as JSON and people have it: whole where it is whole."""
    return int(number) if number == number.to_integral_value() else float(number)


def _names(municipality_code: int | None) -> dict[int, str]:
    names = municipality_names()
    return names if municipality_code is None else {code: n for code, n in names.items() if code == municipality_code}


def _targets(asked: Asked, names: Mapping[int, str]) -> dict[int | None, int]:
    in_force = queries.targets_at(asked.programme_id, asked.as_of, asked.known_at)
    targets: dict[int | None, int] = {code: in_force.get(code, DEFAULT_TARGET) for code in names}
    targets[ALL] = sum(targets.values())
    return targets


def _values(
    counts: Counts,
    names: Mapping[int, str],
    targets: Mapping[int | None, int],
    figures: tuple[Figure, ...],
    given: Mapping[str, Mapping[int | None, Number]],
) -> Numbers:
    """`given`: what comes from neither totals nor other figures, by key and municipality."""
    sums: dict[int | None, dict[str, int]] = {code: {} for code in (ALL, *names)}
    for (code, key), n in counts.items():
        if code in sums:
            sums[code][key] = n
            sums[ALL][key] = sums[ALL].get(key, 0) + n
    return {
        code: _derive(found, targets[code], figures, {key: of.get(code) for key, of in given.items()})
        for code, found in sums.items()
    }


def _derive(
    sums: Mapping[str, int], target: int, figures: Iterable[Figure], given: Mapping[str, Number]
) -> dict[str, Number]:
    values: dict[str, Number] = {}
    for figure in figures:
        if figure.derive:
            values[figure.key] = figure.derive(values, target)
        elif figure.decimals:
            amount = sum(sums.get(key, 0) for key in figure.sums)
            values[figure.key] = plain_number(Decimal(amount).scaleb(-figure.decimals)) if amount else 0
        elif figure.reads:
            values[figure.key] = given.get(figure.key)
        else:
            values[figure.key] = sum(sums.get(key, 0) for key in figure.sums)
    return values


def _without_parts(counts: Mapping[tuple[int, str, str], int]) -> Counter[tuple[int, str]]:
    sums: Counter[tuple[int, str]] = Counter()
    for (code, key, _part), n in counts.items():
        sums[code, key] += n
    return sums


def _masks(asked: Asked, codes: Iterable[int], figures: tuple[Figure, ...]) -> dict[tuple[int | None, str], Shown]:
    """What each figure of the chosen part is shown as, seen as one part of its municipality's whole split.

    Sums over municipalities are hidden: they would tell what one of them keeps back. Members have
    no source, so a source does not split them. Visits, waits and savings of a part are told to nobody here:
    they may be those of one business.
    """
    by: By = "industry" if asked.narrowing.industry else "source"
    chosen = asked.narrowing.industry or (asked.narrowing.source.value if asked.narrowing.source else "")
    nothing = dict.fromkeys(SOURCES, 0) if by == "source" else {chosen: 0}
    parts = Parts(count_rows(replace(asked, narrowing=EVERYTHING, by=by)))
    result: dict[tuple[int | None, str], Shown] = {}
    for code in codes:
        shown = {
            figure.key: mask_split({**nothing, **parts.of(code, figure.sums)})[chosen]
            for figure in figures
            if figure.sums and figure.group == "candidates" and (by == "industry" or figure.is_of_programme)
        }
        result.update({(code, key): value for key, value in mask_followers(shown).items()})
    kept_back = {key for (_, key), value in result.items() if isinstance(value, str)}
    result.update({(ALL, key): HIDDEN for key in kept_back})
    untold = [figure.key for figure in figures if figure.group in ("screenings", "measures")]
    result.update({(code, key): HIDDEN for code in (ALL, *codes) for key in untold})
    return result
