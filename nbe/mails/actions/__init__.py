"""Writing mails: one service mail at once, or a letter to many that a person sees, edits and sends."""

from nbe.mails.actions.copies import (
    MailRefusedError,
    bring_back,
    leave_out,
    send_again,
    send_kept,
    send_one_again,
    settle,
    unsettle,
)
from nbe.mails.actions.letters import Recipient, approve, compose, drop_draft, edit_mailing
from nbe.mails.actions.mails import stop_outdated, write_mail
from nbe.mails.actions.subscriptions import subscribe, unsubscribe

__all__ = [
    "MailRefusedError",
    "Recipient",
    "approve",
    "bring_back",
    "compose",
    "drop_draft",
    "edit_mailing",
    "leave_out",
    "send_again",
    "send_kept",
    "send_one_again",
    "settle",
    "stop_outdated",
    "subscribe",
    "unsettle",
    "unsubscribe",
    "write_mail",
]
