"""The themes that the screenings of a programme ask about: words, order, in use or not, and their versions."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from nbe.access import Feature, Permission, current_viewer
from nbe.access.editing import conflict_page
from nbe.administration.programmes import find_year
from nbe.administration.theme_forms import BLANKS, ThemesForm, find_themes_conflict, gone_texts, themes_form
from nbe.core import clock
from nbe.core.notices import tell
from nbe.models import Programme
from nbe.screenings import themes
from nbe.targets.queries import current_programme, list_programmes

bp = Feature("themes", __name__, url_prefix="/administration/temaer")
ADMIN = Permission.SETTINGS_ADMIN


def _page(programme: Programme, form: ThemesForm | None = None, status: int = 200) -> Any:
    used, retired = themes.texts_now(programme), themes.retired_texts(programme)
    form = form or themes_form(used, retired, is_sent=False)
    in_use = {text.code for text in used}
    page = render_template(
        "administration/themes.html",
        programme=programme,
        form=form,
        used=[line for line in form.lines if line.key in in_use],
        retired=[line for line in form.lines if line.key not in in_use and line.key not in BLANKS],
        blanks=[line for line in form.lines if line.key in BLANKS],
        versions=themes.list_versions(programme),
        years=[one.year for one in list_programmes()],
    )
    return make_response(page, status)


@bp.get("", needs=ADMIN)
def index() -> Any:
    """The themes of this year's programme."""
    programme = current_programme(clock.today())
    if programme is None:
        return render_template("pages/nothing_yet.html", heading=_("Temaer"))
    return _page(programme)


@bp.get("/<int:year>", needs=ADMIN)
def edit(year: int) -> Any:
    """The themes of a year's programme."""
    return _page(find_year(year))


@bp.post("/<int:year>", needs=ADMIN)
def save(year: int) -> Any:
    """Keep the themes; who began with the current ones keeps those. Somebody who was first is shown."""
    programme = find_year(year, for_update=True)
    used, retired = themes.texts_now(programme), themes.retired_texts(programme)
    retired += gone_texts([*used, *retired])
    form = themes_form(used, retired, is_sent=True)
    if not form.validate():
        return _page(programme, form, 422)
    latest = next(iter(themes.list_versions(programme)), None)
    who, when = (latest.who, latest.theme_set.created_at) if latest else ("", None)
    conflict = find_themes_conflict(form, used, retired, who, when)
    if conflict:
        title = _("Temaer %(year)s", year=programme.year)
        return conflict_page(conflict, action=request.path, title=title, back=url_for(".edit", year=year))
    saved, is_new = themes.save_themes(programme, form.texts(used), user_id=current_viewer().user_id)
    text = _("Temaerne er gemt.")
    if is_new:
        kept = sum(line.screenings for line in themes.list_versions(programme))
        text = ngettext(
            "Temaerne er gemt som version %(version)s. Den screening, der er begyndt, beholder sine.",
            "Temaerne er gemt som version %(version)s. De %(num)s screeninger, der er begyndt, beholder deres.",
            kept,
            version=saved.number,
        )
    tell(text)
    return redirect(url_for(".edit", year=year), code=303)
