"""One person's copy of a letter: left out, brought back, sent again, said to have gone; and the outbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.core.addresses import local_path
from nbe.core.arguments import addresses_of_pages
from nbe.core.notices import tell
from nbe.core.paging import page_number
from nbe.mails import actions, queries
from nbe.mails.show import has_server, shown
from nbe.models import Mail

bp = Feature("outbox", __name__)
WRITE = Permission.MAILS_WRITE


def _act(mailing_id: int, mail_id: int, act: Callable[[Mail], None], text: Any, undo: str = "") -> Any:
    """Do one thing to a copy and go back to where it was asked for."""
    mail = queries.find_copy(current_viewer(), mailing_id, mail_id)
    back = local_path(request.form.get("next")) or url_for("mailings.show", mailing_id=mailing_id)
    who = mail.name or mail.email
    try:
        act(mail)
    except actions.MailRefusedError:
        tell(_("Mailen til %(who)s står ikke længere sådan. Se, hvordan den står nu.", who=who), "warning")
        return redirect(back, code=303)
    address = url_for(undo, mailing_id=mailing_id, mail_id=mail_id) if undo else None
    tell(str(text).replace("{who}", who), undo=address)
    return redirect(back, code=303)


@bp.post("/breve/<int:mailing_id>/modtagere/<int:mail_id>/fjern", needs=WRITE)
def leave_out(mailing_id: int, mail_id: int) -> Any:
    """Somebody gets none after all."""
    return _act(mailing_id, mail_id, actions.leave_out, _("{who} får ikke brevet."), ".bring_back")


@bp.post("/breve/<int:mailing_id>/modtagere/<int:mail_id>/tilbage", needs=WRITE)
def bring_back(mailing_id: int, mail_id: int) -> Any:
    """Somebody gets one after all."""
    return _act(mailing_id, mail_id, actions.bring_back, _("{who} er på listen igen."), ".leave_out")


@bp.post("/breve/<int:mailing_id>/modtagere/<int:mail_id>/send-igen", needs=WRITE)
def send_again(mailing_id: int, mail_id: int) -> Any:
    """Try one once more."""
    return _act(mailing_id, mail_id, actions.send_one_again, _("Mailen til {who} sendes igen."))


@bp.post("/breve/<int:mailing_id>/modtagere/<int:mail_id>/sendt", needs=WRITE)
def settle(mailing_id: int, mail_id: int) -> Any:
    """It has gone: sent by hand, or it arrived after all."""
    return _act(mailing_id, mail_id, actions.settle, _("Mailen til {who} står som sendt."), ".unsettle")


@bp.post("/breve/<int:mailing_id>/modtagere/<int:mail_id>/ikke-sendt", needs=WRITE)
def unsettle(mailing_id: int, mail_id: int) -> Any:
    """It has not gone after all: it lies in the outbox."""
    return _act(mailing_id, mail_id, actions.unsettle, _("Mailen til {who} ligger i udbakken."), ".settle")


@bp.get("/udbakke", needs=WRITE)
def index() -> str:
    """The mails that are kept, each to be read, sent by hand, or sent together."""
    viewer = current_viewer()
    page = queries.list_outbox(viewer, page_number())
    leave_trail("list", "mail", rows=len(page.rows))
    return render_template(
        "mails/outbox.html",
        copies=[shown(mail, mail.mailing) for mail in page.rows],
        page=page,
        page_href=addresses_of_pages(),
        has_server=has_server(),
    )


@bp.post("/udbakke/send", needs=WRITE)
def send() -> Any:
    """Send all that is kept; refused while no mail server is connected."""
    if not has_server():
        tell(_("Der er ingen mailserver at sende med. Mailene ligger her stadig."), "warning")
        return redirect(url_for(".index"), code=303)
    number = actions.send_kept(queries.writable(current_viewer()))
    leave_trail("send", "mail", rows=number)
    tell(ngettext("%(num)s mail er på vej.", "%(num)s mails er på vej.", number))
    return redirect(url_for("mailings.index"), code=303)
