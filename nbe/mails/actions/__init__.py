"""Writing mails: one service mail at once, or a letter to many that a person sees, edits and sends."""

from nbe.mails.actions.letters import Recipient, approve, compose, drop_draft, edit_mailing
from nbe.mails.actions.mails import send_again, send_one_again, settle, write_mail
from nbe.mails.actions.subscriptions import subscribe, unsubscribe

__all__ = [
    "Recipient",
    "approve",
    "compose",
    "drop_draft",
    "edit_mailing",
    "send_again",
    "send_one_again",
    "settle",
    "subscribe",
    "unsubscribe",
    "write_mail",
]
