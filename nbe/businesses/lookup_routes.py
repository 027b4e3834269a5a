"""What the form for a new business asks while somebody types."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from nbe.access import Feature, Permission, current_viewer
from nbe.businesses import queries
from nbe.businesses.numbers import explain_known
from nbe.core.cvr import parse_cvr, parse_p_number
from nbe.core.text import clean

bp = Feature("business_lookup", __name__)


@bp.get("/virksomheder/opslag", needs=Permission.BUSINESSES_WRITE)
def look_up() -> Response:
    """Whether a CVR + P-number is known already, and who has a similar name or the same CVR number."""
    viewer = current_viewer()
    answer: dict[str, Any] = {"message": "", "href": None, "similar": []}
    cvr, p_number = _numbers()
    if cvr:
        answer["message"], known = explain_known(viewer, cvr, p_number)
        if known is not None:
            answer["href"] = url_for("profiles.show", business_id=known.id)
            answer["link"] = _("Åbn %(name)s", name=known.name)
    if not answer["message"]:
        name = clean(request.args.get("navn", ""))[:200]
        answer["similar"] = [
            {
                "name": other.name,
                "note": ", ".join(part for part in (_("CVR %(cvr)s", cvr=other.cvr), other.town) if part),
                "href": url_for("profiles.show", business_id=other.id),
            }
            for other in queries.list_lookalikes(viewer, name, cvr)
        ]
    answer["title"] = _("Er det en af disse?") if answer["similar"] else ""
    return jsonify(answer)


def _numbers() -> tuple[str, str]:
    """The numbers typed so far; ("", "") until both can be read."""
    p_text = request.args.get("p", "").strip()
    try:
        return parse_cvr(request.args.get("cvr", "")), parse_p_number(p_text) if p_text else ""
    except ValueError:
        return "", ""
