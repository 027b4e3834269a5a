"""Mail addresses, checked for their form; the network is not asked."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email


def parse_email(value: object) -> str:
    """The address with its domain in lower case. Raises ValueError."""
    try:
        return validate_email(str(value).strip(), check_deliverability=False, test_environment=True).normalized[:254]
    except EmailNotValidError as error:
        raise ValueError("not a mail address") from error
