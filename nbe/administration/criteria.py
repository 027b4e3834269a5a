"""The suitability criteria: words, weight, order, and which are in use."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission
from nbe.access.editing import conflict_page, find_conflict
from nbe.administration.forms import CRITERION_LABELS, CriterionForm
from nbe.administration.queries import deleted_fields
from nbe.core.notices import tell
from nbe.models import Criterion
from nbe.pipeline import criteria

bp = Feature("criteria", __name__, url_prefix="/administration/kriterier")

Page = str | tuple[str, int] | BaseResponse


def _find(criterion_id: int, *, for_update: bool = False) -> Criterion:
    criterion = criteria.find_criterion(criterion_id, for_update=for_update)
    if criterion is None:
        abort(404)
    return criterion


def _back() -> BaseResponse:
    return redirect(url_for(".index"), 303)


@bp.get("", needs=Permission.SETTINGS_ADMIN)
def index() -> str:
    """All criteria, those in use first, in their order."""
    listed = criteria.list_criteria()
    return render_template(
        "administration/criteria.html",
        used=[each for each in listed if each.criterion.is_active],
        retired=[each for each in listed if not each.criterion.is_active],
    )


@bp.get("/nyt", needs=Permission.SETTINGS_ADMIN)
def new() -> str:
    """An empty form."""
    return render_template("administration/criterion.html", form=CriterionForm(data={"weight": 1}), criterion=None)


@bp.post("/nyt", needs=Permission.SETTINGS_ADMIN)
def create() -> Page:
    """Add a criterion at the end of the order."""
    form = CriterionForm()
    if form.validate() and not _refuse_same(form):
        criterion = criteria.add_criterion(form.title.data or "", form.weight.data)
        flash(_("Kriteriet »%(title)s« er tilføjet sidst på listen.", title=criterion.title), "success")
        return _back()
    return render_template("administration/criterion.html", form=form, criterion=None), 422


def _refuse_same(form: CriterionForm, except_id: int | None = None) -> bool:
    is_taken = criteria.is_title_taken(form.title.data or "", except_id)
    if is_taken:
        form.title.errors = [_("Der er allerede et kriterium i brug, som hedder det.")]
    return is_taken


@bp.get("/<int:criterion_id>", needs=Permission.SETTINGS_ADMIN)
def edit(criterion_id: int) -> str:
    """One criterion."""
    criterion = _find(criterion_id)
    form = CriterionForm(obj=criterion)
    return _edit_page(form, criterion)


def _edit_page(form: CriterionForm, criterion: Criterion) -> str:
    answers = criteria.count_answers(criterion)
    return render_template("administration/criterion.html", form=form, criterion=criterion, answers=answers)


@bp.post("/<int:criterion_id>", needs=Permission.SETTINGS_ADMIN)
def save(criterion_id: int) -> Page:
    """Change words and weight."""
    criterion = _find(criterion_id, for_update=True)
    form = CriterionForm()
    if not form.validate() or (criterion.is_active and _refuse_same(form, criterion.id)):
        return _edit_page(form, criterion), 422
    conflict = find_conflict(criterion, form, CRITERION_LABELS)
    if conflict:
        return conflict_page(conflict, action=request.path, title=criterion.title, back=url_for(".index"))
    criteria.update_criterion(criterion, form.title.data or "", form.weight.data)
    flash(_("Kriteriet »%(title)s« er gemt.", title=criterion.title), "success")
    return _back()


@bp.post("/<int:criterion_id>/op", needs=Permission.SETTINGS_ADMIN)
def move_up(criterion_id: int) -> Page:
    """One place up."""
    return _move(criterion_id, -1)


@bp.post("/<int:criterion_id>/ned", needs=Permission.SETTINGS_ADMIN)
def move_down(criterion_id: int) -> Page:
    """One place down."""
    return _move(criterion_id, 1)


def _move(criterion_id: int, step: int) -> BaseResponse:
    criterion = _find(criterion_id)
    if criteria.move_criterion(criterion, step):
        undo = url_for(".move_down" if step < 0 else ".move_up", criterion_id=criterion.id)
        tell(_("»%(title)s« er flyttet.", title=criterion.title), undo=undo)
    return _back()


@bp.post("/<int:criterion_id>/tag-ud", needs=Permission.SETTINGS_ADMIN)
def retire(criterion_id: int) -> Page:
    """Take a criterion out of use; its answers stay."""
    criterion = _find(criterion_id, for_update=True)
    criteria.set_in_use(criterion, False)
    text = _("»%(title)s« bruges ikke længere. Svarene bliver stående.", title=criterion.title)
    tell(text, undo=url_for(".use", criterion_id=criterion.id))
    return _back()


@bp.post("/<int:criterion_id>/tag-i-brug", needs=Permission.SETTINGS_ADMIN)
def use(criterion_id: int) -> Page:
    """Take a criterion into use again."""
    criterion = _find(criterion_id, for_update=True)
    if criteria.is_title_taken(criterion.title, criterion.id):
        flash(_("Der er allerede et kriterium i brug, som hedder det."), "warning")
    else:
        criteria.set_in_use(criterion, True)
        flash(_("»%(title)s« er i brug igen.", title=criterion.title), "success")
    return _back()


@bp.post("/<int:criterion_id>/slet", needs=Permission.SETTINGS_ADMIN)
def delete(criterion_id: int) -> Page:
    """Delete a criterion nobody has answered."""
    criterion = _find(criterion_id, for_update=True)
    title = criterion.title
    try:
        criteria.delete_criterion(criterion)
    except criteria.AnsweredError:
        flash(_("»%(title)s« er besvaret og kan ikke slettes. Tag det ud af brug i stedet.", title=title), "warning")
    else:
        undo = url_for(".restore", criterion_id=criterion_id)
        tell(_("Kriteriet »%(title)s« er slettet.", title=title), undo=undo)
    return _back()


@bp.post("/<int:criterion_id>/genopret", needs=Permission.SETTINGS_ADMIN)
def restore(criterion_id: int) -> Page:
    """Bring a deleted criterion back, at the end of the order."""
    fields = deleted_fields(Criterion, criterion_id)
    if fields is None:
        abort(404)
    if criteria.is_title_taken(fields["title"]):
        flash(_("Der er allerede et kriterium i brug, som hedder det."), "warning")
    else:
        criterion = criteria.add_criterion(fields["title"], fields["weight"])
        criteria.set_in_use(criterion, bool(fields.get("is_active", True)))
        flash(_("Kriteriet »%(title)s« er tilbage.", title=criterion.title), "success")
    return _back()
