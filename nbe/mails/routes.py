"""Pages of letters: the list, one before and after it goes, its words, how far it has come."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.core.arguments import address_with, addresses_of_pages
from nbe.core.notices import tell
from nbe.core.paging import page_number
from nbe.mails import actions, queries
from nbe.mails.followers import remarks_on
from nbe.mails.forms import LABELS, MailingForm
from nbe.mails.groups import Group
from nbe.mails.show import has_server, mailing_page, stand_of
from nbe.models import Mailing
from nbe.models.gathering_states import MailState

bp = Feature("mailings", __name__)
WRITE = Permission.MAILS_WRITE


@bp.get("/breve", needs=WRITE)
def index() -> str:
    """Letters with their outcomes, the newest first."""
    viewer, chosen = current_viewer(), queries.read_filter(request.args)
    page = queries.list_mailings(viewer, chosen, page_number())
    leave_trail("list", "mailing", rows=len(page.rows))
    municipalities = queries.choices_of_municipality(viewer)
    return render_template(
        "mails/index.html",
        chosen=chosen,
        page=page,
        page_href=addresses_of_pages(),
        municipalities=municipalities,
        groups=[(group.value, group.label) for group in Group],
        kept=queries.count_outbox(viewer),
        has_server=has_server(),
    )


def _to(mailing_id: int) -> Any:
    return redirect(url_for(".show", mailing_id=mailing_id), code=303)


def letter_page(mailing: Mailing, status: int = 200) -> Any:
    """A draft with its receivers, or a letter with its outcomes."""
    shown = mailing_page(mailing, Group.of(request.args.get("vis", "")), page_number())
    page = render_template(
        "mails/show.html",
        letter=shown,
        has_server=has_server(),
        Group=Group,
        page_href=addresses_of_pages(),
        address_with=address_with,
    )
    return make_response(page, status)


@bp.get("/breve/<int:mailing_id>", needs=WRITE)
def show(mailing_id: int) -> Any:
    """One letter: to whom, with which words, and what became of each."""
    mailing = queries.find_mailing(current_viewer(), mailing_id)
    leave_trail("read", "mailing", mailing.id)
    return letter_page(mailing)


@bp.get("/breve/<int:mailing_id>/fremdrift", needs=WRITE)
def progress(mailing_id: int) -> Response:
    """How far the sending has come, for the page to ask."""
    letter = mailing_page(queries.find_mailing(current_viewer(), mailing_id), None, 1)
    done = letter.total - letter.waiting
    return jsonify({"done": done, "total": letter.total, "is_working": letter.is_working})


def _edit_page(mailing: Mailing, form: MailingForm, status: int = 200) -> Any:
    return make_response(render_template("mails/edit.html", mailing=mailing, form=form), status)


@bp.get("/breve/<int:mailing_id>/rediger", needs=WRITE)
def edit(mailing_id: int) -> Any:
    """The words of a draft."""
    mailing = queries.find_mailing(current_viewer(), mailing_id)
    if mailing.approved_at is not None:
        return _to(mailing.id)
    return _edit_page(mailing, MailingForm(formdata=None, obj=mailing))


@bp.post("/breve/<int:mailing_id>/rediger", needs=WRITE)
def save(mailing_id: int) -> Any:
    """Keep the words; somebody who was first is shown, not overwritten."""
    mailing = queries.find_mailing(current_viewer(), mailing_id, for_update=True)
    form = MailingForm()
    if mailing.approved_at is not None:
        form.subject.errors = [_("Brevet er sendt og kan ikke rettes mere.")]
        return _edit_page(mailing, form, 409)
    if not form.validate():
        return _edit_page(mailing, form, 422)
    conflict = find_conflict(mailing, form, LABELS)
    if conflict:
        back = url_for(".show", mailing_id=mailing.id)
        return conflict_page(conflict, action=request.path, title=mailing.subject, back=back)
    actions.edit_mailing(mailing, subject=form.subject.data or "", text=form.text.data or "")
    tell(_("Brevets ord er gemt. Se det igennem, og send det."))
    return _to(mailing.id)


@bp.post("/breve/<int:mailing_id>/send", needs=WRITE)
def send(mailing_id: int) -> Any:
    """The letter goes to all who are on its list, as it was shown."""
    mailing = queries.find_mailing(current_viewer(), mailing_id, for_update=True)
    if mailing.approved_at is not None:
        tell(_("Brevet er allerede sendt."), "warning")
        return _to(mailing.id)
    if request.form.get("stand") != stand_of(mailing):
        tell(_("Brevet er ændret, siden du så det. Intet er sendt. Se det igennem igen."), "warning")
        return letter_page(mailing, 409)
    try:
        number = actions.approve(mailing)
    except actions.MailRefusedError:
        tell(_("Brevet bruger {link}, men ikke alle har et link. Intet er sendt."), "warning")
        return _to(mailing.id)
    leave_trail("send", "mailing", mailing.id, rows=number)
    others = remarks_on(mailing).others
    if has_server():
        told = [ngettext("%(num)s mail er på vej.", "%(num)s mails er på vej.", number)]
    else:
        told = [ngettext("%(num)s mail ligger i udbakken.", "%(num)s mails ligger i udbakken.", number)]
    outbox = {} if has_server() else {"href": url_for("outbox.index"), "label": _("Gå til udbakken")}
    tell(" ".join((told if number or not others else []) + list(others)), **outbox)
    return _to(mailing.id)


@bp.post("/breve/<int:mailing_id>/kasser", needs=WRITE)
def drop(mailing_id: int) -> Any:
    """Throw a draft away."""
    mailing = queries.find_mailing(current_viewer(), mailing_id, for_update=True)
    if mailing.approved_at is not None:
        tell(_("Brevet er allerede sendt."), "warning")
        return _to(mailing.id)
    actions.drop_draft(mailing)
    tell(_("Kladden er smidt væk. Ingen har fået brevet."))
    return redirect(url_for(".index"), code=303)


@bp.post("/breve/<int:mailing_id>/send-igen", needs=WRITE)
def send_again(mailing_id: int) -> Any:
    """All copies that could not be sent are tried once more."""
    mailing = queries.find_mailing(current_viewer(), mailing_id, for_update=True)
    number = actions.send_again(mailing, MailState.FAILED)
    leave_trail("send", "mailing", mailing.id, rows=number)
    tell(ngettext("%(num)s mail prøves igen.", "%(num)s mails prøves igen.", number))
    return _to(mailing.id)
