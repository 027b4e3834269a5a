"""Whose a CVR number is, said to somebody who may not know everything."""

from __future__ import annotations

from flask_babel import gettext as _

from nbe.access import Viewer, leave_trail
from nbe.access.limits import limit, require_left
from nbe.businesses import queries
from nbe.models import Business

LOOK_UPS = ("cvr_lookup", 20, 3600)  # kind, at most so many, in so many seconds


def explain_known(viewer: Viewer, cvr: str, p_number: str, own_id: int | None = None) -> tuple[str, Business | None]:
    """What is said of a number that is known already, and the business where the viewer may open it.

    ("", None) when it is free. A number held in another municipality says no more than that, at
    most 20 times an hour, and leaves a trail. Raises TooManyRequests.
    """
    kind, allowed, seconds = LOOK_UPS
    require_left(kind, viewer.user_id, allowed, seconds)
    known = queries.find_by_number(cvr, p_number)
    if known is None or known.id == own_id:
        return "", None
    leave_trail("lookup", "business", known.id)
    if not queries.may_read(viewer, known.municipality_code):
        limit(kind, viewer.user_id, allowed, seconds)
        return _("Virksomheden hører til en anden kommune; skriv til sekretariatet."), None
    if known.is_hidden:
        return (
            _("Virksomheden kom med en indlæsning, der er fortrudt. Indlæs filen igen for at få den tilbage."),
            None,
        )
    return _("Virksomheden findes allerede: %(name)s.", name=known.name), known
