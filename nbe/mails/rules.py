"""What a mail may hold, when it is tried again, and what the outcome of a try is called."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from nbe.models import Mail
from nbe.models.gathering_states import MailState

SUBJECT_LENGTH = 200
OUTCOME_LENGTH = 400
# After the first, second and third try without success; after the fourth it has failed.
PAUSES = (dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=30))
# How long a job may be about one mail before another may ask what became of it.
LEASE = dt.timedelta(minutes=2)
NAME, LINK = PLACES = ("{navn}", "{link}")
_PLACE = re.compile(r"\{[^{}\s]{0,40}\}")
_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029\x00]")

# An outcome is kept as "code" or "code: what the server said".
_OUTCOMES: dict[str, Any] = {
    "unreachable": _l("Mailserveren kunne ikke nås."),
    "login": _l("Mailserveren tog ikke imod vores navn og adgangskode. Ret MAIL_URL."),
    "later": _l("Modtagerens mailserver bad os prøve igen senere."),
    "unknown": _l("Adressen findes ikke hos modtageren."),
    "full": _l("Modtagerens postkasse er fuld."),
    "size": _l("Mailen er for stor for modtageren."),
    "refused": _l("Modtagerens mailserver afviste mailen."),
    "address": _l("Adressen har tegn, som mailserveren ikke kan sende til."),
    "unsure": _l("Mailen blev afleveret, men svaret kom ikke. Den er måske nået frem."),
    "by_hand": _l("Meldt sendt af en af jer."),
    "removed": _l("Taget af listen af en af jer."),
    "outdated": _l("Skal ikke sendes: tilmeldingen er ændret siden."),
    "no_mail": _l("Har ingen mailadresse, der kan sendes til."),
    "twice": _l("Adressen er allerede på listen."),
    "had": _l("Har allerede fået dette brev."),
    "unsubscribed": _l("Har frameldt sig breve fra netværket."),
}


class HeaderError(ValueError):
    """A subject or name that would write lines of its own into a mail's head."""


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """A subject or name for a mail's head. Raises HeaderError where it breaks the line."""
    if _BREAK.search(text):
        raise HeaderError("a line break in the head of a mail")
    return text.strip()[:length]


def fill(text: str, *, name: str, link: str) -> str:
    """The text to one person: {navn} and {link} filled in, and nothing of what is filled in is filled again."""
    values = {NAME: name, LINK: link}
    return re.sub(r"\{navn\}|\{link\}", lambda match: values[match[0]], text)


def next_try(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """When a mail tried `attempts` times is tried again; None when that was the last."""
    return now + PAUSES[attempts - 1] if 1 <= attempts <= len(PAUSES) else None


def code_of_answer(status: int, answer: str) -> str:
    """What kind of refusal an SMTP answer is: by its enhanced code (RFC 3463) where it has one."""
    found = re.search(r"\b[45]\.(\d{1,3})\.(\d{1,3})\b", answer)
    kind = (found[1], found[2]) if found else ("", "")
    if status < 500:
        return "full" if kind == ("2", "2") else "later"
    if kind in (("1", "1"), ("1", "2"), ("1", "3"), ("1", "10"), ("2", "1")) or (not found and status in (550, 551)):
        return "unknown"
    if kind == ("2", "2") or (not found and status == 552):
        return "full"
    return "size" if kind in (("2", "3"), ("3", "4")) else "refused"


def outcome(code: str, answer: str = "") -> str:
    """An outcome as it is kept."""
    text = " ".join(answer.split())
    return f"{code}: {text}"[:OUTCOME_LENGTH] if text else code


def explain(kept: str) -> tuple[str, str]:
    """A kept outcome in words, and what the server said."""
    code, _sep, answer = kept.partition(": ")
    return str(_OUTCOMES.get(code, "")), answer


def is_unsure(state: MailState, sent_at: dt.datetime | None, until: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a mail was being handed over when its job ended: it may have gone, and a person decides.

    A mail counts as handed over (`sent_at`) from just before its text goes to the server.
    """
    return state is MailState.SENDING and sent_at is not None and (until is None or until <= now)


def may_send_again(mail: Mail, now: dt.datetime) -> bool:
    """Whether a person may queue this copy once more: it has not gone, or perhaps not."""
    return mail.state in (MailState.FAILED, MailState.KEPT) or unsure(mail, now)


def may_settle(mail: Mail, now: dt.datetime) -> bool:
    """Whether a person may say that this copy has gone."""
    return may_send_again(mail, now)


def unsure(mail: Mail, now: dt.datetime) -> bool:
    """`is_unsure` of a copy."""
    return is_unsure(mail.state, mail.sent_at, mail.claimed_until, now)


def unknown_places(text: str) -> list[str]:
    """Words in braces that would go out as they stand, because nothing fills them in."""
    return sorted({place for place in _PLACE.findall(text) if place not in PLACES})


def state_label(state: MailState, unsure: bool) -> str:
    """What a mail's state is called."""
    return _("Måske sendt") if unsure else str(state.label)
