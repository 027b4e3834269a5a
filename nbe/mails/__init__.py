"""Mails: written and looked at first, sent in the background, once, with each outcome."""
