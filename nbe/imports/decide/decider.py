"""Deciding row after row: compares a row read with what is known. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbe.core.text import fold
from nbe.imports.decide.plans import ContactPlan, NamedSheet, RowPlan, Terms
from nbe.imports.fields import BY_KEY
from nbe.imports.known import BUSINESS_FIELDS, Known, Unit
from nbe.imports.messages import Message
from nbe.imports.moves import plan_candidacy, plan_membership, signature
from nbe.imports.values import Read, shown
from nbe.models.states import RowOutcome

_CONTACT = {"title": "contact_title", "phone": "contact_phone", "email": "contact_email"}


class Decider:
    """Decides row after row; remembers the rows that stand, so that later ones repeat them."""

    def __init__(self, terms: Terms, known: Known) -> None:
        self.terms = terms
        self.known = known
        self._standing: dict[tuple[str, str], Read] = {}
        self._names: dict[str, tuple[str, str]] = {}

    def decide(self, sheet: NamedSheet, read: Read, key: str) -> RowPlan:
        """The plan of one row; `key` is the folded name."""
        headings = sheet.header.heading_of if sheet.header else {}
        row = RowPlan(sheet.name, read.number, [], read.messages)
        unit = self._find_unit(read, headings)
        self._check_place(read, unit, headings)
        values = read.values
        if "name" not in values and (unit is None or unit.row["is_hidden"]) and not read.has_failed:
            read.fail("name_missing", headings.get("name", ""))
        if not read.has_failed:
            self._check_repeats(read, unit, headings)
        if read.has_failed:
            row.cells = [shown(cell) for cell in read.cells]
            return row
        row.unit, row.cvr, row.p_number = unit, values["cvr"], values.get("p_number", "")
        row.municipality_code = values["municipality"]
        is_back = unit is not None and unit.row["is_hidden"]
        if unit is None or is_back:
            self._warn_similar(read, key, headings)
        changes = self._business(row, read, headings, is_back)
        changes |= self._contact(row, values, is_back, headings)
        changes |= self._moves(row, read, headings, is_back)
        if unit is None or is_back:
            row.outcome = RowOutcome.CREATED
            if is_back:
                read.messages.append(Message("back_again"))
        else:
            row.outcome = RowOutcome.UPDATED if changes else RowOutcome.UNCHANGED
        if row.has_warnings:
            row.cells = [shown(cell) for cell in read.cells]
        return row

    def _find_unit(self, read: Read, headings: Mapping[str, str]) -> Unit | None:
        values = read.values
        year = values.get("programme")
        if year is not None and year != self.terms.programme_year:
            read.fail("other_programme", headings["programme"], year, year=year)
        if "cvr" not in values:
            if not any(message.code.startswith("cvr_") for message in read.messages):
                read.fail("cvr_missing", headings.get("cvr", ""))
            return None
        exact = self.known.units.get((values["cvr"], values.get("p_number", "")))
        if exact is not None or "p_number" in values:
            return exact
        beside = [u for u in self.known.by_cvr.get(values["cvr"], []) if not u.row["is_hidden"]]
        if len(beside) > 1:
            own = self.terms.municipality_code
            at_home = [u for u in beside if u.row["municipality_code"] == own]
            if own is None or len(at_home) != 1:
                read.fail(
                    "which_unit" if own is None or at_home else "other_municipality", headings["cvr"], values["cvr"]
                )
                return None
            beside = at_home
        return beside[0] if beside else None

    def _check_place(self, read: Read, unit: Unit | None, headings: Mapping[str, str]) -> None:
        """The municipality the row belongs to; a leader's import takes her own alone."""
        own = self.terms.municipality_code
        code = read.values.get("municipality")
        is_known = unit is not None and not unit.row["is_hidden"]
        if own is not None:
            if code not in (None, own):
                read.fail("other_municipality", headings.get("municipality", ""), read.place)
            elif is_known and unit is not None and unit.row["municipality_code"] != own:
                read.fail("other_municipality", headings.get("cvr", ""), read.values["cvr"])
            read.values.setdefault("municipality", own)
        elif code is None and is_known and unit is not None:
            read.values["municipality"] = unit.row["municipality_code"]
        elif code is None and not any(message.code == "municipality_unknown" for message in read.messages):
            read.fail("municipality_missing", headings.get("municipality", ""))
        if unit is not None and unit.row["merged_into_id"] is not None and not read.has_failed:
            read.fail("merged", headings["cvr"], read.values["cvr"])

    def _check_repeats(self, read: Read, unit: Unit | None, headings: Mapping[str, str]) -> None:
        place = (
            (unit.row["cvr"], unit.row["p_number"]) if unit else (read.values["cvr"], read.values.get("p_number", ""))
        )
        first = self._standing.setdefault(place, read)
        if first is read:
            return
        differences = "; ".join(
            f"{headings.get(name.removesuffix('_word'), name)}: "
            f"{_cell(read.values.get(name))} ≠ {_cell(first.values.get(name))}"
            for name in dict.fromkeys((*first.values, *read.values))
            if first.values.get(name) != read.values.get(name)
        )
        code = "repeated" if differences else "repeated_same"
        read.fail(
            code,
            headings["cvr"],
            read.values["cvr"],
            row=first.number,
            **({"differences": differences} if differences else {}),
        )

    def _warn_similar(self, read: Read, key: str, headings: Mapping[str, str]) -> None:
        if not key:
            return
        name, cvr = read.values["name"], read.values["cvr"]
        other = self._names.setdefault(key, (name, cvr))
        if other[1] == cvr and key in self.known.names:
            known_name, low, high = self.known.names[key]
            other = (known_name, low if low != cvr else high)
        if other[1] != cvr:
            read.warn("similar", headings.get("name", ""), name, name=other[0], cvr=other[1])

    def _business(self, row: RowPlan, read: Read, headings: Mapping[str, str], is_back: bool) -> bool:
        values = read.values
        found = {name: values[name] for name in BUSINESS_FIELDS if name in values}
        if "contact_name" not in values:  # a telephone or mail without a person is the business's own
            for name in ("phone", "email"):
                if f"contact_{name}" in values and name not in found:
                    found[name] = values[f"contact_{name}"]
        if "industry_code" in found and "industry_version" not in found:
            found["industry_version"] = "DB25" if self.terms.programme_year >= 2025 else "DB07"
        if row.unit is None:
            row.business = found
            return True
        known = row.unit.row
        if (
            "industry_version" in found
            and known["industry_code"] == found.get("industry_code")
            and "industry_version" not in values
        ):
            del found["industry_version"]
        row.business = {name: value for name, value in found.items() if known[name] != value}
        if known["municipality_code"] != row.municipality_code:
            row.business["municipality_code"] = row.municipality_code
        if is_back:
            row.business["is_hidden"] = False
            return True
        for name, value in row.business.items():
            heading = headings.get(
                "municipality" if name == "municipality_code" else name,
                str(BY_KEY[name].heading) if name in BY_KEY else name,
            )
            _note(row, heading, known[name], value)
        return bool(row.business)

    def _contact(self, row: RowPlan, values: Mapping[str, Any], is_back: bool, headings: Mapping[str, str]) -> bool:
        name = values.get("contact_name")
        if not name:
            return False
        given = {column: values[key] for column, key in _CONTACT.items() if key in values}
        known = row.unit.contacts.get(fold(name)) if row.unit else None
        if known is None:
            row.contact = ContactPlan(None, {"name": name, **given})
            if row.unit is not None and not is_back:
                row.messages.append(Message("new_contact", headings["contact_name"], "", {"new": name}))
            return True
        changed = {column: value for column, value in given.items() if known[column] != value}
        for column, value in changed.items():
            _note(row, headings[_CONTACT[column]], known[column], value)
        if known["is_hidden"]:
            changed["is_hidden"] = False
        if changed:
            row.contact = ContactPlan(known["id"], changed)
        return bool(changed)

    def _moves(self, row: RowPlan, read: Read, headings: Mapping[str, str], is_back: bool) -> bool:
        row.signature = signature(read.values)
        unit = row.unit
        is_same = unit is not None and not is_back and unit.mark == row.signature
        row.membership = plan_membership(read, unit, self.terms.today, headings, is_same=is_same, is_back=is_back)
        row.candidacy = plan_candidacy(
            read, unit, self.terms.today, headings, self.known.people, is_same=is_same, is_back=is_back
        )
        return row.membership is not None or row.candidacy is not None


def _cell(value: Any) -> str:
    return shown(value) or "–"


def _note(row: RowPlan, heading: str, old: Any, new: Any) -> None:
    if old in (None, ""):
        row.messages.append(Message("filled", heading, "", {"new": _cell(new)[:200]}))
    else:
        row.messages.append(Message("changed", heading, "", {"old": _cell(old)[:200], "new": _cell(new)[:200]}))
