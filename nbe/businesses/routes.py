"""Pages of businesses: list, search, making and correcting one, and what the form asks while somebody types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from nbe.access import Feature, Permission, Viewer, current_viewer, find_visible, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.access.permissions import Scope
from nbe.businesses import actions, queries
from nbe.businesses.filters import read_filter
from nbe.businesses.forms import BUSINESS_LABELS, BusinessForm
from nbe.businesses.numbers import explain_known
from nbe.core.cvr import parse_cvr, parse_p_number
from nbe.core.database import db
from nbe.core.paging import page_number
from nbe.core.text import clean
from nbe.models import Business
from nbe.models.industries import division_choices
from nbe.models.states import MembershipState

bp = Feature("businesses", __name__)


def _address(path: str, **changes: Any) -> str:
    """`path` with this page's parameters, some changed; None takes one away."""
    asked: dict[str, Any] = {**request.args.to_dict(), **changes}
    kept = {key: str(value) for key, value in asked.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


@bp.get("/virksomheder", needs=Permission.LISTS_READ)
def index() -> str:
    """The list of businesses."""
    viewer, remarks = current_viewer(), list[str]()
    chosen = read_filter(request.args)
    if request.args.get("pr") and chosen.as_of is None:
        remarks.append(_("Datoen kunne ikke læses. Skriv den som 25-04-2016."))
    page = queries.list_businesses(viewer, chosen, page_number())
    leave_trail("list", "business", rows=len(page.rows))
    return render_template(
        "businesses/index.html",
        page=page,
        chosen=chosen,
        remarks=remarks,
        is_filtered=any(request.args.get(name) for name in ("kommune", "medlem", "branche", "q", "pr")),
        states=[(state.value, state.label) for state in MembershipState],
        divisions=division_choices(),
        municipalities=queries.municipality_choices(viewer, Permission.LISTS_READ),
        may_write=viewer.may(Permission.BUSINESSES_WRITE),
        may_import=viewer.may(Permission.IMPORTS_RUN),
        shows_details=viewer.may(Permission.BUSINESSES_READ),
        shows_municipality=viewer.scope(Permission.LISTS_READ) is Scope.ALL,
        page_href=lambda number: _address(request.path, side=number if number > 1 else None),
        export_href=lambda kind: _address(f"/virksomheder/eksport.{kind}", side=None),
    )


@bp.get("/soeg", needs=Permission.LISTS_READ)
def search() -> str:
    """Search from anywhere."""
    viewer, text = current_viewer(), clean(request.args.get("q", ""))[:100]
    found = queries.search(viewer, text)
    if text:
        leave_trail("search", "business", rows=len(found))
    return render_template(
        "businesses/search.html",
        text=text,
        found=found,
        most=queries.MOST_FOUND,
        shows_details=viewer.may(Permission.BUSINESSES_READ),
        shows_municipality=viewer.scope(Permission.LISTS_READ) is Scope.ALL,
        may_write=viewer.may(Permission.BUSINESSES_WRITE),
    )


def _form(viewer: Viewer, business: Business | None = None) -> BusinessForm:
    form = BusinessForm(obj=business)
    choices: list[tuple[Any, str]] = [*queries.municipality_choices(viewer, Permission.BUSINESSES_WRITE)]
    if business is None and len(choices) > 1:
        choices.insert(0, ("", _("Vælg kommune")))
    form.municipality_code.choices = choices
    if request.method == "GET" and business is not None:
        form.version.data = str(business.version)
    return form


def _is_free(viewer: Viewer, form: BusinessForm, own_id: int | None = None) -> bool:
    """Whether the number is nobody else's; the field says whose, as far as the viewer may know."""
    try:
        message, _known = explain_known(viewer, form.cvr.data, form.p_number.data or "", own_id)
    except TooManyRequests:
        message = _("Der er slået for mange numre op på kort tid. Vent lidt, og prøv igen.")
    form.cvr.errors = [message] if message else []
    return not message


@bp.get("/virksomheder/ny", needs=Permission.BUSINESSES_WRITE)
def new() -> str:
    """An empty form; a CVR number or name searched for in vain is filled in."""
    viewer = current_viewer()
    form = _form(viewer)
    text = clean(request.args.get("q", ""))[:200]
    if text and not any(c.isalpha() for c in text):
        form.cvr.process_data(text)
    else:
        form.name.data = text
    if viewer.municipality_code:
        form.municipality_code.data = viewer.municipality_code
    return render_template("businesses/create.html", form=form, similar=[])


@bp.post("/virksomheder/ny", needs=Permission.BUSINESSES_WRITE)
def create() -> Any:
    """Make a business, unless its number is known; a similar name is asked about once."""
    viewer = current_viewer()
    form = _form(viewer)
    similar: list[queries.Lookalike] = []
    if form.validate() and _is_free(viewer, form):
        if not request.form.get("anyway"):
            similar = queries.list_lookalikes(viewer, form.name.data or "", form.cvr.data)
        if not similar:
            try:
                business = actions.create_business(form.values())
            except IntegrityError:
                db.session.rollback()
                form.cvr.errors = [_("Virksomheden er lige blevet oprettet af en anden.")]
            else:
                flash(_("%(name)s er oprettet.", name=business.name), "success")
                return redirect(url_for("profiles.show", business_id=business.id), 303)
    return render_template("businesses/create.html", form=form, similar=similar), 422


@bp.get("/virksomheder/<int:business_id>/rediger", needs=Permission.BUSINESSES_WRITE)
def edit(business_id: int) -> str:
    """A business to be corrected."""
    viewer = current_viewer()
    business = find_visible(viewer, Business, business_id, Permission.BUSINESSES_WRITE)
    return render_template("businesses/edit.html", form=_form(viewer, business), business=business)


@bp.post("/virksomheder/<int:business_id>/rediger", needs=Permission.BUSINESSES_WRITE)
def save(business_id: int) -> Any:
    """Correct a business; what somebody else changed meanwhile is shown field by field."""
    viewer = current_viewer()
    business = find_visible(viewer, Business, business_id, Permission.BUSINESSES_WRITE, for_update=True)
    form = _form(viewer, business)
    if form.validate():
        if conflict := find_conflict(business, form, BUSINESS_LABELS):
            back = url_for("profiles.show", business_id=business.id)
            return conflict_page(conflict, action=request.path, title=business.name, back=back)
        if _is_free(viewer, form, business.id):
            actions.update_business(business, form.values(), user_id=viewer.user_id)
            flash(_("%(name)s er gemt.", name=business.name), "success")
            return redirect(url_for("profiles.show", business_id=business.id), 303)
    return render_template("businesses/edit.html", form=form, business=business), 422


@bp.get("/virksomheder/opslag", needs=Permission.BUSINESSES_WRITE)
def look_up() -> Response:
    """Whether a CVR + P-number is known already, and who has a similar name or the same CVR number."""
    viewer = current_viewer()
    answer: dict[str, Any] = {"message": "", "href": None, "similar": []}
    cvr, p_number = _numbers()
    if cvr:
        answer["message"], known = explain_known(viewer, cvr, p_number)
        if known is not None:
            answer["href"] = url_for("profiles.show", business_id=known.id)
            answer["link"] = _("Åbn %(name)s", name=known.name)
    if not answer["message"]:
        name = clean(request.args.get("navn", ""))[:200]
        answer["similar"] = [
            {
                "name": other.name,
                "note": ", ".join(part for part in (_("CVR %(cvr)s", cvr=other.cvr), other.town) if part),
                "href": url_for("profiles.show", business_id=other.id),
            }
            for other in queries.list_lookalikes(viewer, name, cvr)
        ]
    answer["title"] = _("Er det en af disse?") if answer["similar"] else ""
    return jsonify(answer)


def _numbers() -> tuple[str, str]:
    """The numbers typed so far; ("", "") until both can be read."""
    p_text = request.args.get("p", "").strip()
    try:
        return parse_cvr(request.args.get("cvr", "")), parse_p_number(p_text) if p_text else ""
    except ValueError:
        return "", ""
