"""Mails: written, sent, refused, tried again, kept."""
