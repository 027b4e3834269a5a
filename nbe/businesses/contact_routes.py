"""Contact persons of a business: added, corrected, ended by date."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, find_visible
from nbe.access.editing import conflict_page, find_conflict
from nbe.businesses import actions
from nbe.businesses.forms import CONTACT_LABELS, ContactEndForm, ContactForm
from nbe.core import clock
from nbe.core.dates import format_date
from nbe.models import Business, Contact

bp = Feature("contacts", __name__, url_prefix="/virksomheder/<int:business_id>/kontakter")


def _profile(business_id: int) -> str:
    return url_for("profiles.show", business_id=business_id) + "#kontakter"


def _find(business_id: int, contact_id: int, *, for_update: bool = False) -> Contact:
    contact = find_visible(current_viewer(), Contact, contact_id, Permission.BUSINESSES_WRITE, for_update=for_update)
    if contact.business_id != business_id:
        abort(404)
    return contact


@bp.get("/ny", needs=Permission.BUSINESSES_WRITE)
def new(business_id: int) -> str:
    """An empty form."""
    business = find_visible(current_viewer(), Business, business_id, Permission.BUSINESSES_WRITE)
    return render_template("businesses/contact.html", form=ContactForm(), business=business, contact=None)


@bp.post("/ny", needs=Permission.BUSINESSES_WRITE)
def create(business_id: int) -> Any:
    """Add a contact person."""
    business = find_visible(current_viewer(), Business, business_id, Permission.BUSINESSES_WRITE, for_update=True)
    form = ContactForm()
    if not form.validate():
        return render_template("businesses/contact.html", form=form, business=business, contact=None), 422
    contact = actions.add_contact(business, form.values())
    flash(_("%(name)s er skrevet på som kontaktperson.", name=contact.name), "success")
    return redirect(_profile(business_id), 303)


@bp.get("/<int:contact_id>/rediger", needs=Permission.BUSINESSES_WRITE)
def edit(business_id: int, contact_id: int) -> str:
    """A contact person to be corrected."""
    contact = _find(business_id, contact_id)
    form = ContactForm(obj=contact)
    form.version.data = str(contact.version)
    return render_template("businesses/contact.html", form=form, business=contact.business, contact=contact)


@bp.post("/<int:contact_id>/rediger", needs=Permission.BUSINESSES_WRITE)
def save(business_id: int, contact_id: int) -> Any:
    """Correct a contact person; what somebody else changed meanwhile is shown field by field."""
    contact = _find(business_id, contact_id, for_update=True)
    form = ContactForm(obj=contact)
    if not form.validate():
        page = render_template("businesses/contact.html", form=form, business=contact.business, contact=contact)
        return page, 422
    if conflict := find_conflict(contact, form, CONTACT_LABELS):
        return conflict_page(conflict, action=request.path, title=contact.name, back=_profile(business_id))
    actions.update_contact(contact, form.values())
    flash(_("%(name)s er gemt.", name=contact.name), "success")
    return redirect(_profile(business_id), 303)


@bp.get("/<int:contact_id>/afslut", needs=Permission.BUSINESSES_WRITE)
def ending(business_id: int, contact_id: int) -> str:
    """The last day of a contact person, to be filled in."""
    contact = _find(business_id, contact_id)
    form = ContactEndForm()
    form.valid_to.process_data(clock.today())
    return render_template("businesses/contact_end.html", form=form, contact=contact)


@bp.post("/<int:contact_id>/afslut", needs=Permission.BUSINESSES_WRITE)
def end(business_id: int, contact_id: int) -> Any:
    """The person is no longer a contact after a day."""
    contact = _find(business_id, contact_id, for_update=True)
    form = ContactEndForm()
    if form.validate():
        if conflict := find_conflict(contact, form, {"valid_to": CONTACT_LABELS["valid_to"]}):
            return conflict_page(conflict, action=request.path, title=contact.name, back=_profile(business_id))
        try:
            actions.end_contact(contact, form.valid_to.data)
        except ValueError:
            form.valid_to.errors = [_("Dagen ligger før den dag, personen blev kontakt.")]
        else:
            day = format_date(form.valid_to.data)
            flash(_("%(name)s er kontaktperson til og med %(day)s.", name=contact.name, day=day), "success")
            return redirect(_profile(business_id), 303)
    return render_template("businesses/contact_end.html", form=form, contact=contact), 422
