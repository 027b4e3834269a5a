"""Programme years: the list, a new one, and the deadline of each."""

from __future__ import annotations

import datetime as dt

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer
from nbe.access.editing import conflict_page
from nbe.access.tables import make_conflict
from nbe.administration.forms import PROGRAMME_LABELS, DeadlineForm, NewProgrammeForm
from nbe.core import clock
from nbe.core.dates import format_date
from nbe.core.notices import tell
from nbe.models import DEFAULT_TARGET, Programme
from nbe.pipeline.actions import welcome_postponed
from nbe.targets import actions, queries

bp = Feature("programmes", __name__, url_prefix="/administration/forloeb")

Page = str | tuple[str, int] | BaseResponse


def find_year(year: int, *, for_update: bool = False) -> Programme:
    """The programme of a year, or 404."""
    programme = (queries.lock_programme if for_update else queries.find_programme)(year) if year < 3000 else None
    if programme is None:
        abort(404)
    return programme


@bp.get("", needs=Permission.SETTINGS_ADMIN)
def index() -> str:
    """All programme years with deadline and what they ask for."""
    return render_template("administration/programmes.html", years=queries.list_years())


@bp.get("/nyt", needs=Permission.SETTINGS_ADMIN)
def new() -> str:
    """An empty form, with the year after the latest."""
    known = queries.list_programmes()
    year = known[0].year + 1 if known else clock.today().year
    form = NewProgrammeForm(data={"year": year, "deadline_on": dt.date(year, 12, 31)} if year <= 2100 else {})
    return render_template("administration/new_programme.html", form=form, default=DEFAULT_TARGET)


@bp.post("/nyt", needs=Permission.SETTINGS_ADMIN)
def create() -> Page:
    """Make a programme; who was postponed to its year turns up in it."""
    form = NewProgrammeForm()
    if form.validate():
        queries.hold_new_year()
        if queries.find_programme(form.year.data) is None:
            programme = actions.create_programme(form.year.data, form.chosen_deadline)
            welcomed = welcome_postponed(programme, user_id=current_viewer().user_id)
            _tell_created(programme, welcomed)
            return redirect(url_for("targets.edit", year=programme.year), 303)
        form.year.errors = [_("Forløbsåret %(year)s findes allerede.", year=form.year.data)]
    return render_template("administration/new_programme.html", form=form, default=DEFAULT_TARGET), 422


def _tell_created(programme: Programme, welcomed: int) -> None:
    text = _("Forløbsåret %(year)s er oprettet med måltal %(n)s i hver kommune.", year=programme.year, n=DEFAULT_TARGET)
    if welcomed:
        text += " " + ngettext(
            "%(num)s kandidat, der var udskudt hertil, står nu på bruttolisten.",
            "%(num)s kandidater, der var udskudt hertil, står nu på bruttolisten.",
            welcomed,
        )
    undo = None if welcomed else url_for(".undo", year=programme.year)
    tell(text, undo=undo)


@bp.post("/<int:year>/fortryd", needs=Permission.SETTINGS_ADMIN)
def undo(year: int) -> Page:
    """Take a programme back that was made by mistake and is not used."""
    if actions.delete_unused_programme(find_year(year, for_update=True)):
        flash(_("Forløbsåret %(year)s er fjernet igen.", year=year), "success")
    else:
        flash(_("Forløbsåret %(year)s er taget i brug og kan ikke fjernes.", year=year), "warning")
    return redirect(url_for(".index"), 303)


def _current(programme: Programme) -> dict[str, str]:
    return {
        "deadline_on": format_date(programme.deadline_on),
        "measures_required": str(programme.measures_required),
    }


@bp.get("/<int:year>", needs=Permission.SETTINGS_ADMIN)
def edit(year: int) -> str:
    """The deadline and the rules of one programme."""
    programme = find_year(year)
    form = DeadlineForm(year, obj=programme)
    form.remember(_current(programme))
    return render_template("administration/programme.html", form=form, programme=programme)


@bp.post("/<int:year>", needs=Permission.SETTINGS_ADMIN)
def save(year: int) -> Page:
    """Change the deadline and what a plan must hold."""
    programme = find_year(year, for_update=True)
    form = DeadlineForm(year)
    if not form.validate():
        return render_template("administration/programme.html", form=form, programme=programme), 422
    current = _current(programme)
    labels = {name: str(label) for name, label in PROGRAMME_LABELS.items()}
    if form.is_touched(current) and (fields := form.differences(current, labels)):
        form.remember(current)
        conflict = make_conflict(fields, {form.base.name: form.base.data or ""})
        title = _("Forløbsåret %(year)s", year=year)
        return conflict_page(conflict, action=request.path, title=title, back=url_for(".edit", year=year))
    actions.set_rules(programme, form.deadline_on.data, form.measures_required.data)
    day = format_date(programme.deadline_on)
    flash(_("Forløbsåret %(year)s er gemt. Fristen er %(day)s.", year=year, day=day), "success")
    return redirect(url_for(".index"), 303)
