"""Sentences about people at events: told without their names, which the ledger does not hold."""

from __future__ import annotations

from flask_babel import gettext as _

from nbe.models.gathering_states import RegistrationState


def tell_registration(who: str, business: str, code: str) -> str:
    """Who noted what of somebody at an event."""
    person = _("en person fra %(business)s", business=business) if business else _("en person")
    names = {"who": who, "person": person}
    sentences = {
        RegistrationState.INVITED: _("%(who)s inviterede %(person)s til et arrangement", **names),
        RegistrationState.SIGNED_UP: _("%(who)s tilmeldte %(person)s til et arrangement", **names),
        RegistrationState.WAITING: _("%(who)s satte %(person)s på venteliste til et arrangement", **names),
        RegistrationState.ATTENDED: _("%(who)s noterede, at %(person)s kom til et arrangement", **names),
        RegistrationState.ABSENT: _("%(who)s noterede, at %(person)s udeblev fra et arrangement", **names),
        RegistrationState.DECLINED: _("%(who)s noterede afbud fra %(person)s til et arrangement", **names),
    }
    return sentences[RegistrationState(code)]
