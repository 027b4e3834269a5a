"""Who wants no more letters, and who wants them again."""

from __future__ import annotations

from nbe.core import clock
from nbe.core.database import db
from nbe.models import Unsubscription


def unsubscribe(email: str) -> None:
    """This address wants no more letters; done twice, it is done once."""
    if db.session.get(Unsubscription, email.casefold()) is None:
        db.session.add(Unsubscription(email=email.casefold(), at=clock.now()))
        db.session.flush()


def subscribe(email: str) -> None:
    """This address wants letters again."""
    found = db.session.get(Unsubscription, email.casefold())
    if found is not None:
        db.session.delete(found)
        db.session.flush()
