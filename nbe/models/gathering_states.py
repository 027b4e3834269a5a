"""States of courses, events and mails, with their Danish labels."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from nbe.models.states import Code


class ParticipantState(Code):
    """How far a person's course has come."""

    SIGNED_UP = "signed_up", _l("Tilmeldt")
    WAITING = "waiting", _l("Venteliste")
    CONFIRMED = "confirmed", _l("Bekræftet")
    ATTENDED = "attended", _l("Deltog")
    PARTLY = "partly", _l("Deltog delvist")
    ABSENT = "absent", _l("Udeblev")
    CANCELLED = "cancelled", _l("Afmeldt")
    CERTIFIED = "certified", _l("Bevis udstedt")


# Who holds a seat, and who is a participant (kursist) in the figures: all but those waiting or gone.
SEATED = (
    ParticipantState.SIGNED_UP,
    ParticipantState.CONFIRMED,
    ParticipantState.ATTENDED,
    ParticipantState.PARTLY,
    ParticipantState.ABSENT,
    ParticipantState.CERTIFIED,
)
TRAINED = (ParticipantState.ATTENDED, ParticipantState.CERTIFIED)


class RegistrationState(Code):
    """A person at an event."""

    INVITED = "invited", _l("Inviteret")
    SIGNED_UP = "signed_up", _l("Tilmeldt")
    WAITING = "waiting", _l("Venteliste")
    ATTENDED = "attended", _l("Kom")
    ABSENT = "absent", _l("Udeblev")
    DECLINED = "declined", _l("Afbud")


# A sign-up not cancelled, whether its person has come or not.
REGISTERED = (RegistrationState.SIGNED_UP, RegistrationState.ATTENDED, RegistrationState.ABSENT)


class ExchangeState(Code):
    """How far the handing over of an unused seat has come."""

    OFFERED = "offered", _l("Tilbudt")
    ACCEPTED = "accepted", _l("Overtaget")
    DECLINED = "declined", _l("Afslået")
    WITHDRAWN = "withdrawn", _l("Trukket tilbage")


class MailState(Code):
    """What has become of one mail to one person."""

    DRAFT = "draft", _l("Kladde")
    QUEUED = "queued", _l("I kø")
    SENDING = "sending", _l("Sendes")
    SENT = "sent", _l("Sendt")
    FAILED = "failed", _l("Kunne ikke sendes")
    KEPT = "kept", _l("Ligger i udbakken")
    STOPPED = "stopped", _l("Ikke sendt")
