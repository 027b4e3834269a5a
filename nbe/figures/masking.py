"""Small numbers in splits: shown as "1–2", and so that nobody can work them out from the total.

A split divides a headline figure (which is never masked) into parts: industries, sources,
reasons, sizes. To those who may not see single businesses, a part of 1 or 2 shows as "1–2".
As the parts add up to a total that is known, further parts are hidden until each masked part
could still be either; where that cannot be reached, every part is hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SMALL = "1–2"
HIDDEN = "•"
Shown = int | str


def is_small(value: int) -> bool:
    """Whether a part is so small that it points at single businesses."""
    return value in (1, 2)


def _reachable(rest: int, smalls: int, hidden: int) -> bool:
    """Whether `smalls` parts of 1–2 and `hidden` parts of 0 or at least 3 can add up to `rest`."""
    for sum_of_smalls in range(smalls, 2 * smalls + 1):
        left = rest - sum_of_smalls
        if left == 0 or (hidden and left >= 3):
            return True
    return False


def _is_safe(rest: int, smalls: int, hidden: int) -> bool:
    """Whether a part of 1–2 could be both, given what the masked parts add up to."""
    return smalls == 0 or (_reachable(rest - 1, smalls - 1, hidden) and _reachable(rest - 2, smalls - 1, hidden))


def mask(parts: Sequence[int]) -> list[Shown]:
    """What to show for the parts of a known total, in the same order."""
    small = [place for place, value in enumerate(parts) if is_small(value)]
    if not small:
        return list(parts)
    # The least is lost by hiding the smallest parts that are not small, then empty ones.
    others = sorted((p for p in range(len(parts)) if p not in small), key=lambda p: (parts[p] == 0, parts[p], p))
    for count in range(len(others) + 1):
        hidden = others[:count]
        rest = sum(parts[p] for p in small) + sum(parts[p] for p in hidden)
        if _is_safe(rest, len(small), count):
            return [SMALL if p in small else HIDDEN if p in hidden else parts[p] for p in range(len(parts))]
    return [HIDDEN] * len(parts)


def mask_split(parts: Mapping[str, int]) -> dict[str, Shown]:
    """What to show for each part by its name; the order of the mapping does not matter."""
    names = sorted(parts)
    return dict(zip(names, mask([parts[name] for name in names]), strict=True))


# When one of the first is kept back, each of the second would tell it.
_TELLERS = (
    ({"open", "suitable"}, {"candidates"}),
    ({"suitable"}, {"missing"}),
    ({"suitable", "screened"}, {"percent_screened"}),
)


def mask_followers(shown: Mapping[str, Shown]) -> dict[str, Shown]:
    """The figures of one part, with those hidden as well from which a kept-back one could be worked out.

    A single stage or reason follows from a sum and the others, so when one is kept back all are.
    """
    result = dict(shown)
    kept_back = {key for key, value in shown.items() if isinstance(value, str)}
    for family in ("stage_", "closed_"):
        members = {key for key in shown if key.startswith(family)}
        if kept_back & members:
            result.update(dict.fromkeys(members, HIDDEN))
    for told, tellers in _TELLERS:
        if kept_back & told:
            result.update(dict.fromkeys(tellers, HIDDEN))
    return result
