"""What has become of a letter's copies, in the groups in which people ask for them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.mails.rules import unsure
from nbe.models import Mail
from nbe.models.gathering_states import MailState
from nbe.models.states import Code


class Group(Code):
    """A group of copies; the value is its word in an address."""

    DRAFT = "kladde", _l("Kladde")
    UNSURE = "maaske", _l("Måske sendt")
    FAILED = "fejlet", _l("Kunne ikke sendes")
    KEPT = "udbakke", _l("I udbakken")
    ON_ITS_WAY = "paa-vej", _l("På vej")
    SENT = "sendt", _l("Sendt")
    LEFT_OUT = "udeladt", _l("Får det ikke")

    @classmethod
    def of(cls, word: str) -> Group | None:
        """The group an address names; None for nonsense."""
        return cls(word) if word in {group.value for group in cls} else None


_OF_STATE = {
    MailState.DRAFT: Group.DRAFT,
    MailState.QUEUED: Group.ON_ITS_WAY,
    MailState.SENDING: Group.ON_ITS_WAY,
    MailState.SENT: Group.SENT,
    MailState.FAILED: Group.FAILED,
    MailState.KEPT: Group.KEPT,
    MailState.STOPPED: Group.LEFT_OUT,
}


def group_of(mail: Mail) -> Group:
    """The group of one copy."""
    return Group.UNSURE if unsure(mail, clock.real_now()) else _OF_STATE[mail.state]


def _is_unsure() -> Any:
    """`rules.is_unsure` as the database asks it."""
    now = clock.real_now()
    ran_out = sa.or_(Mail.claimed_until.is_(None), Mail.claimed_until <= now)
    return sa.and_(Mail.state == MailState.SENDING, Mail.sent_at.is_not(None), ran_out)


def is_in(group: Group) -> Any:
    """The condition of a group."""
    if group is Group.UNSURE:
        return _is_unsure()
    states = Mail.state.in_([state for state, own in _OF_STATE.items() if own is group])
    return sa.and_(states, sa.not_(_is_unsure())) if group is Group.ON_ITS_WAY else states


def state_groups() -> Any:
    """The group of each row, as a column of its value."""
    plain = sa.case(*((Mail.state == state, group.value) for state, group in _OF_STATE.items()))
    return sa.case((_is_unsure(), Group.UNSURE.value), else_=plain)
