"""What each of the eleven must find in one programme year: one table, saved in one go."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer
from nbe.access.editing import FieldConflict, conflict_page
from nbe.access.tables import Lines, make_conflict
from nbe.administration.forms import TARGET_LABELS, TargetForm
from nbe.administration.programmes import find_year
from nbe.core.dates import format_date
from nbe.core.notices import tell
from nbe.models import DEFAULT_TARGET, Municipality, Programme, Target
from nbe.targets import actions, queries

bp = Feature("targets", __name__, url_prefix="/administration/forloeb/<int:year>/maaltal")

Page = str | tuple[str, int] | BaseResponse


@dataclass(frozen=True, slots=True)
class Line:
    """A municipality's row: its form and what is stored now."""

    municipality: Municipality
    target: Target | None
    form: TargetForm

    @property
    def current(self) -> dict[str, str]:
        """What stands now, as the form would show it."""
        stored = self.target
        return {
            "required": str(stored.required if stored else DEFAULT_TARGET),
            "deadline_on": format_date(stored.deadline_on) if stored and stored.deadline_on else "",
            "reason": stored.reason if stored else "",
        }

    @property
    def labels(self) -> dict[str, str]:
        """The fields' names with the municipality's, for summaries and for the choice after a conflict."""
        return {name: f"{self.municipality.name}: {label}" for name, label in TARGET_LABELS.items()}


def _read_lines(programme: Programme, *, for_update: bool = False) -> Lines[Line]:
    stored = queries.list_targets(programme.id, for_update=for_update)
    lines = []
    for municipality in queries.list_municipalities():
        target = stored.get(municipality.code)
        data = {
            "required": target.required if target else DEFAULT_TARGET,
            "deadline_on": target.deadline_on if target else None,
            "reason": target.reason if target else "",
        }
        form = TargetForm(programme.year, prefix=f"k{municipality.code}-", data=data)
        line = Line(municipality, target, form)
        for name, label in line.labels.items():
            form[name].label.text = label
        if request.method == "GET":
            form.remember(line.current)
        lines.append(line)
    return Lines(lines)


@bp.get("", needs=Permission.TARGETS_WRITE)
def edit(year: int) -> str:
    """The table."""
    programme = find_year(year)
    return _page(programme, _read_lines(programme))


@bp.post("", needs=Permission.TARGETS_WRITE)
def save(year: int) -> Page:
    """Save the rows that were changed, all or none."""
    programme = find_year(year, for_update=True)
    lines = _read_lines(programme, for_update=True)
    if not lines.validate():
        return _page(programme, lines), 422
    touched = [line for line in lines if line.form.is_touched(line.current)]
    fields = [field for line in touched for field in line.form.differences(line.current, line.labels)]
    if fields:
        return _choose(programme, lines, fields)
    _save(programme, [line for line in touched if _differs(line)])
    return redirect(url_for(".edit", year=year), 303)


def _differs(line: Line) -> bool:
    return any(line.form.typed(name) != value for name, value in line.current.items())


def _page(programme: Programme, lines: Lines[Line]) -> str:
    return render_template(
        "administration/targets.html", programme=programme, lines=lines, default=DEFAULT_TARGET, form=lines
    )


def _choose(programme: Programme, lines: Lines[Line], fields: list[FieldConflict]) -> BaseResponse:
    who, when = queries.last_hand(programme.id)
    title = _("Måltal for forløbsåret %(year)s", year=programme.year)
    conflict = make_conflict(fields, lines.renew(), who, when)
    return conflict_page(conflict, action=request.path, title=title, back=url_for(".edit", year=programme.year))


def _save(programme: Programme, changed: list[Line]) -> None:
    if not changed:
        flash(_("Der var intet at gemme: måltallene står, som de stod."), "info")
        return
    ledger_ids, versions = [], []
    for line in changed:
        target = line.target or actions.find_target(programme.id, line.municipality.code)
        form = line.form
        row_id = actions.set_target(
            target, form.required.data, form.deadline_on.data, form.reason.data or "", user_id=current_viewer().user_id
        )
        if row_id is not None:
            ledger_ids.append(row_id)
        versions.append(f"{target.id}.{target.version}")
    text = ngettext(
        "%(num)s kommunes måltal er gemt. Nye tal gælder fra i dag.",
        "%(num)s kommuners måltal er gemt. Nye tal gælder fra i dag.",
        len(changed),
    )
    undo = url_for(".undo", year=programme.year, maal=versions, tal=ledger_ids)
    tell(text, undo=undo)


@bp.post("/fortryd", needs=Permission.TARGETS_WRITE)
def undo(year: int) -> Page:
    """Take one saving back, unless somebody has gone on from it."""
    programme = find_year(year, for_update=True)
    pairs = [text.partition(".") for text in request.args.getlist("maal")]
    versions = {_whole(target_id): _whole(version) for target_id, _, version in pairs}
    ledger_ids = [_whole(text) for text in request.args.getlist("tal")]
    try:
        actions.undo_targets(programme, versions, ledger_ids, user_id=current_viewer().user_id)
    except actions.ChangedSinceError:
        flash(_("Måltallene er ændret siden og kan ikke fortrydes herfra. Ret dem i tabellen."), "warning")
    else:
        flash(_("Måltallene står igen, som de stod før."), "success")
    return redirect(url_for(".edit", year=year), 303)


def _whole(text: str) -> int:
    """A small whole number from the address; 0, which nothing is called, where it makes no sense."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
