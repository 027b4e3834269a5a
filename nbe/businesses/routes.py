"""Pages of businesses: list, search, making and correcting one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from nbe.access import Feature, Permission, Viewer, current_viewer, find_visible, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.access.limits import limit
from nbe.access.permissions import Scope
from nbe.businesses import actions, queries
from nbe.businesses.forms import BUSINESS_LABELS, BusinessForm
from nbe.businesses.queries import BusinessFilter
from nbe.core.cvr import parse_cvr, parse_p_number
from nbe.core.database import db
from nbe.core.dates import parse_date
from nbe.core.paging import page_number
from nbe.core.text import clean
from nbe.models import Business
from nbe.models.industries import DIVISIONS, division_choices
from nbe.models.states import MembershipState

bp = Feature("businesses", __name__)


def read_day(name: str = "pr") -> dt.date | None:
    """A day from the address; None when absent or unreadable."""
    try:
        return parse_date(request.args.get(name) or None)
    except ValueError:
        return None


def read_number(name: str) -> int | None:
    """A small number from the address."""
    raw = request.args.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None


def read_filter() -> BusinessFilter:
    """What the address asks for; nonsense is left out."""
    state = request.args.get("medlem", "")
    division = request.args.get("branche", "")
    return BusinessFilter(
        municipality_code=read_number("kommune"),
        membership=MembershipState(state) if state in list(MembershipState) else None,
        division=division if division in DIVISIONS else "",
        search=clean(request.args.get("q", ""))[:100],
        as_of=read_day(),
    )


def address_with(**changes: Any) -> str:
    """This page's address with some parameters changed; None takes one away."""
    kept = {key: value for key, value in request.args.items() if value}
    kept.update({key: str(value) for key, value in changes.items() if value is not None})
    for key in [key for key, value in changes.items() if value is None]:
        kept.pop(key, None)
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def municipality_choices(viewer: Viewer, permission: Permission) -> list[tuple[int, str]]:
    """The municipalities in which the viewer holds a permission, in Danish order."""
    names = queries.municipality_names()
    ordered = sorted(names, key=lambda code: queries.sort_key(names[code]))
    return [(code, names[code]) for code in ordered if viewer.may(permission, code)]


@bp.get("/virksomheder", needs=Permission.LISTS_READ)
def index() -> str:
    """The list of businesses."""
    viewer, chosen = current_viewer(), read_filter()
    page = queries.list_businesses(viewer, chosen, page_number())
    leave_trail("list", "business", rows=len(page.rows))
    return render_template(
        "businesses/index.html",
        page=page,
        chosen=chosen,
        states=[(state.value, state.label) for state in MembershipState],
        divisions=division_choices(),
        municipalities=municipality_choices(viewer, Permission.LISTS_READ),
        may_write=viewer.may(Permission.BUSINESSES_WRITE),
        shows_details=viewer.may(Permission.BUSINESSES_READ),
        shows_municipality=viewer.scope(Permission.LISTS_READ) is Scope.ALL,
        page_href=lambda number: address_with(side=number if number > 1 else None),
        query=request.query_string.decode(),
    )


@bp.get("/soeg", needs=Permission.LISTS_READ)
def search() -> str:
    """Search from anywhere."""
    text = clean(request.args.get("q", ""))[:100]
    found = queries.search(current_viewer(), text) if text else []
    if text:
        leave_trail("search", "business", rows=len(found))
    return render_template("businesses/search.html", text=text, found=found)


def _form(viewer: Viewer, business: Business | None = None) -> BusinessForm:
    form = BusinessForm(obj=business)
    form.municipality_code.choices = municipality_choices(viewer, Permission.BUSINESSES_WRITE)
    if business is not None and viewer.scope(Permission.BUSINESSES_WRITE) is Scope.OWN:
        # Another municipality is the secretariat's to set: a leader would lose the business from sight.
        form.municipality_code.choices = [
            c for c in form.municipality_code.choices if c[0] == business.municipality_code
        ]
    if request.method == "GET":
        form.version.data = str(business.version) if business else ""
    return form


@bp.route("/virksomheder/ny", methods=["GET", "POST"], needs=Permission.BUSINESSES_WRITE)
def create() -> Any:
    """Make a business."""
    viewer = current_viewer()
    form = _form(viewer)
    similar: list[Business] = []
    if request.method == "GET":
        if cvr := request.args.get("cvr"):
            form.cvr.data = clean(cvr)[:20]
        if viewer.municipality_code:
            form.municipality_code.data = viewer.municipality_code
        return render_template("businesses/create.html", form=form, similar=similar)
    if form.validate():
        known = queries.find_by_number(form.cvr.data, form.p_number.data or "")
        if known is not None:
            form.cvr.errors = [_known_text(viewer, known)]
        else:
            similar = queries.list_similar(viewer, form.name.data)
            if not similar or request.form.get("anyway"):
                try:
                    business = actions.create_business(form.values())
                except IntegrityError:
                    db.session.rollback()
                    form.cvr.errors = [_("CVR-nummeret er lige blevet oprettet.")]
                else:
                    flash(_("%(name)s er oprettet.", name=business.name), "success")
                    return redirect(url_for("profiles.show", business_id=business.id))
    return render_template("businesses/create.html", form=form, similar=similar), 422


def _known_text(viewer: Viewer, business: Business) -> str:
    limit("cvr_lookup", viewer.user_id, 20, 3600)
    leave_trail("lookup", "business", business.id)
    if business.is_hidden:
        return _("Virksomheden kom med en indlæsning, der er fortrudt. Indlæs filen igen for at få den tilbage.")
    if queries.may_read(viewer, business.municipality_code):
        return _("Virksomheden findes allerede: %(name)s.", name=business.name)
    return _("Virksomheden hører til en anden kommune; skriv til sekretariatet.")


@bp.get("/virksomheder/opslag", needs=Permission.BUSINESSES_WRITE)
def look_up() -> Response:
    """Whether a CVR number is known already, and who has a similar name; for the page to show while typing."""
    viewer = current_viewer()
    answer: dict[str, Any] = {"message": "", "href": None, "similar": []}
    try:
        cvr = parse_cvr(request.args.get("cvr", ""))
        p_raw = request.args.get("p", "")
        known = queries.find_by_number(cvr, parse_p_number(p_raw) if p_raw else "")
    except ValueError:
        known = None
    if known is not None:
        answer["message"] = _known_text(viewer, known)
        if queries.may_read(viewer, known.municipality_code) and not known.is_hidden:
            answer["href"] = url_for("profiles.show", business_id=known.id)
    name = clean(request.args.get("navn", ""))[:200]
    if name:
        answer["similar"] = [
            {"name": b.name, "cvr": b.cvr, "href": url_for("profiles.show", business_id=b.id)}
            for b in queries.list_similar(viewer, name)
        ]
        answer["similar_title"] = _("Ligner virksomheder, der findes")
    return jsonify(answer)


@bp.route("/virksomheder/<int:business_id>/rediger", methods=["GET", "POST"], needs=Permission.BUSINESSES_WRITE)
def edit(business_id: int) -> Any:
    """Correct a business."""
    viewer = current_viewer()
    business = find_visible(
        viewer, Business, business_id, Permission.BUSINESSES_WRITE, for_update=request.method == "POST"
    )
    form = _form(viewer, business)
    if request.method == "GET":
        return render_template("businesses/edit.html", form=form, business=business)
    if form.validate():
        conflict = find_conflict(business, form, BUSINESS_LABELS)
        if conflict:
            back = url_for("profiles.show", business_id=business.id)
            return conflict_page(conflict, action=request.path, title=business.name, back=back)
        other = queries.find_by_number(form.cvr.data, form.p_number.data or "")
        if other is not None and other.id != business.id:
            form.cvr.errors = [_known_text(viewer, other)]
        else:
            actions.update_business(business, form.values(), user_id=viewer.user_id)
            flash(_("%(name)s er gemt.", name=business.name), "success")
            return redirect(url_for("profiles.show", business_id=business.id))
    return render_template("businesses/edit.html", form=form, business=business), 422


def require_open(viewer: Viewer, business: Business) -> None:
    """404 unless the viewer may open this business."""
    if not queries.may_read(viewer, business.municipality_code):
        abort(404)
