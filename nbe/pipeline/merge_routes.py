"""Pages for merging two businesses that are one: choosing the other, choosing per field, taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from nbe.access import Feature, Permission, Viewer, current_viewer, find_visible
from nbe.businesses.forms import BUSINESS_LABELS
from nbe.businesses.queries import list_lookalikes, list_merged, municipality_names
from nbe.core.arguments import asked_number, asked_text
from nbe.core.notices import tell
from nbe.core.phones import format_phone
from nbe.models import Business
from nbe.models.industries import division_label
from nbe.pipeline.merge_plan import NOTE, NUMBER, MergePlan, Side
from nbe.pipeline.merge_queries import find_given_way, last_touched, load_plan, search_others
from nbe.pipeline.merging import merge_businesses, unmerge

bp = Feature("merging", __name__, url_prefix="/virksomheder/<int:business_id>/sammenlaeg")


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field in which the two differ, as both have it, with the side that is ticked."""

    key: str
    label: str
    kept: str
    gone: str
    side: Side
    may_join: bool


def _find_both(viewer: Viewer, kept_id: int, gone_id: int | None, *, for_update: bool = False) -> tuple[Business, ...]:
    """The one that stays and the other; locked in the order of their ids, so that two merges never cross."""
    if gone_id is None or gone_id == kept_id:
        abort(404)
    found = {
        business_id: find_visible(viewer, Business, business_id, Permission.BUSINESSES_WRITE, for_update=for_update)
        for business_id in sorted((kept_id, gone_id))
    }
    return found[kept_id], found[gone_id]


@bp.get("", needs=Permission.BUSINESSES_WRITE)
def show(business_id: int) -> str:
    """Choose the other business; with one chosen, what the two differ in."""
    viewer = current_viewer()
    if "med" in request.args:
        kept, gone = _find_both(viewer, business_id, asked_number(request.args, "med"))
        return _compare(load_plan(kept, gone, {}))
    business = find_visible(viewer, Business, business_id, Permission.BUSINESSES_WRITE)
    text = asked_text(request.args)
    merged = [b for b in list_merged(business.id) if viewer.may(Permission.BUSINESSES_WRITE, b.municipality_code)]
    return render_template(
        "merging/choose.html",
        business=business,
        text=text,
        found=search_others(viewer, business, text) if text else [],
        similar=list_lookalikes(viewer, business.name, business.cvr, business.id),
        merged=merged,
    )


def _compare(plan: MergePlan, *, is_conflict: bool = False) -> str:
    names = municipality_names()
    fields = [
        FieldChoice(
            key,
            _("CVR- og P-nummer") if key == NUMBER else str(BUSINESS_LABELS[key]),
            _shown(key, plan.kept, names),
            _shown(key, plan.gone, names),
            side,
            key == NOTE and bool(plan.kept.note and plan.gone.note),
        )
        for key, side in plan.fields.items()
    ]
    touched = last_touched([plan.kept.id, plan.gone.id]) if is_conflict else None
    return render_template("merging/compare.html", plan=plan, fields=fields, is_conflict=is_conflict, touched=touched)


def _shown(key: str, business: Business, names: dict[int, str]) -> str:
    """A field as people read it; empty text for nothing."""
    value = getattr(business, "cvr" if key == NUMBER else key)
    if key == NUMBER:
        return f"{value}, {_('P-nr. %(number)s', number=business.p_number)}" if business.p_number else str(value)
    if key == "municipality_code":
        return names[value]
    if key == "industry_code":
        return f"{value} {division_label(value)}".strip()
    if isinstance(value, bool):
        return _("Ja") if value else _("Nej")
    if key == "phone":
        return format_phone(value)
    return "" if value is None else str(value)


@bp.post("", needs=Permission.BUSINESSES_WRITE)
def merge(business_id: int) -> Any:
    """Merge, as chosen; when somebody has changed one of them meanwhile, show both anew."""
    viewer = current_viewer()
    kept, gone = _find_both(viewer, business_id, asked_number(request.form, "med"), for_update=True)
    plan = load_plan(kept, gone, request.form)
    if request.form.get("stand") != plan.state:
        return _compare(plan, is_conflict=True), 409
    name = gone.name
    merge_businesses(kept, gone, request.form, user_id=viewer.user_id)
    tell(
        _("%(gone)s er slået sammen med %(kept)s. De tæller nu som én virksomhed.", gone=name, kept=kept.name),
        undo=url_for(".undo", business_id=business_id, gone_id=gone.id),
    )
    return redirect(url_for("profiles.show", business_id=business_id), 303)


@bp.post("/<int:gone_id>/fortryd", needs=Permission.BUSINESSES_WRITE)
def undo(business_id: int, gone_id: int) -> Response:
    """Take the merge back; both stand as they did."""
    viewer = current_viewer()
    kept = find_visible(viewer, Business, business_id, Permission.BUSINESSES_WRITE, for_update=True)
    gone = find_given_way(viewer, gone_id)
    if unmerge(kept, gone, user_id=viewer.user_id):
        tell(
            _(
                "Sammenlægningen er fortrudt: %(kept)s og %(gone)s står hver for sig igen.",
                kept=kept.name,
                gone=gone.name,
            )
        )
    else:
        tell(_("De to virksomheder er ikke slået sammen; intet er fortrudt."), "warning")
    return redirect(url_for("profiles.show", business_id=business_id), 303)
