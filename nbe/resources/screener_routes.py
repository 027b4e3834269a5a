"""Pages of screeners: a new one, one's own words about each, and out of use."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.businesses.queries import municipality_names
from nbe.core.notices import tell
from nbe.models import Screener
from nbe.resources import actions, queries
from nbe.resources.forms import SCREENER_LABELS, ScreenerForm, screener_form

bp = Feature("screeners", __name__)
WRITE = Permission.RESOURCES_WRITE

Page = str | tuple[str, int] | BaseResponse


def _refuse_elsewhere(code: int) -> None:
    if code not in municipality_names() or not current_viewer().may(WRITE, code):
        abort(404)


def _back(code: int) -> BaseResponse:
    return redirect(url_for("resources.index", kommune=code) + "#screenere", 303)


def _page(form: ScreenerForm, code: int, screener: Screener | None = None) -> str:
    return render_template(
        "resources/screener.html", form=form, code=code, place=municipality_names()[code], screener=screener
    )


def _refuse_taken(form: ScreenerForm) -> None:
    form.user_id.errors = [_("Kontoen er allerede en anden screeners.")]


@bp.get("/ressourcer/<int:code>/screenere/ny", needs=WRITE)
def new(code: int) -> str:
    """An empty form."""
    _refuse_elsewhere(code)
    return _page(screener_form(queries.user_choices(code), formdata=None), code)


@bp.post("/ressourcer/<int:code>/screenere/ny", needs=WRITE)
def create(code: int) -> Page:
    """Add somebody who can screen."""
    _refuse_elsewhere(code)
    form = screener_form(queries.user_choices(code))
    if form.validate():
        try:
            screener = actions.add_screener(code, form.person())
        except actions.AccountTakenError:
            _refuse_taken(form)
        else:
            tell(_("%(name)s er tilføjet som screener.", name=screener.name))
            return _back(code)
    return _page(form, code), 422


@bp.get("/ressourcer/screenere/<int:screener_id>", needs=WRITE)
def edit(screener_id: int) -> str:
    """One screener."""
    screener = queries.find_screener(current_viewer(), screener_id, WRITE)
    leave_trail("read", "screener", screener.id)
    form = screener_form(
        queries.user_choices(screener.municipality_code, screener),
        formdata=None,
        obj=screener,
    )
    form.user_id.data = str(screener.user_id or "")
    return _page(form, screener.municipality_code, screener)


@bp.post("/ressourcer/screenere/<int:screener_id>", needs=WRITE)
def save(screener_id: int) -> Page:
    """Keep what is written; somebody who was first is shown, not overwritten."""
    screener = queries.find_screener(current_viewer(), screener_id, WRITE, for_update=True)
    code = screener.municipality_code
    form = screener_form(queries.user_choices(code, screener))
    if not form.validate():
        return _page(form, code, screener), 422
    conflict = find_conflict(screener, form, SCREENER_LABELS)
    if conflict:
        back = url_for("resources.index", kommune=code)
        return conflict_page(conflict, action=request.path, title=screener.name, back=back)
    try:
        actions.edit_screener(screener, form.person())
    except actions.AccountTakenError:
        _refuse_taken(form)
        return _page(form, code, screener), 422
    tell(_("%(name)s er gemt.", name=screener.name))
    return _back(code)


@bp.post("/ressourcer/screenere/<int:screener_id>/tag-ud", needs=WRITE)
def retire(screener_id: int) -> Page:
    """Out of use: no longer to be chosen; hours and screenings stay."""
    screener = queries.find_screener(current_viewer(), screener_id, WRITE, for_update=True)
    actions.set_active(screener, False)
    text = _("%(name)s kan ikke længere vælges. Timer og screeninger bliver stående.", name=screener.name)
    tell(text, undo=url_for(".use", screener_id=screener.id))
    return _back(screener.municipality_code)


@bp.post("/ressourcer/screenere/<int:screener_id>/tag-i-brug", needs=WRITE)
def use(screener_id: int) -> Page:
    """Into use again."""
    screener = queries.find_screener(current_viewer(), screener_id, WRITE, for_update=True)
    actions.set_active(screener, True)
    tell(_("%(name)s kan vælges igen.", name=screener.name))
    return _back(screener.municipality_code)
