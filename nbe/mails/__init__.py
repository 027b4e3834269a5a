"""Mails: written, shown before they go, sent by a job in the background, each with its outcome.

Knows addresses and texts, and nothing of what they are about: `subject_kind` and `subject_id` say that.
Other rooms use `nbe.mails.actions` (write_mail, compose) and `nbe.mails.jobs` (register_periodic).
"""
