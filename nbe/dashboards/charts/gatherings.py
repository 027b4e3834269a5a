"""Attendance over time: people signed up and people who came, event by event."""

from __future__ import annotations

from flask_babel import gettext as _

from nbe.dashboards.asked import Asked
from nbe.dashboards.charts.chart import Chart, Series, day_text
from nbe.figures import FigureSet
from nbe.figures.gatherings import read_events
from nbe.figures.rows import Asked as AskedRows
from nbe.models import Programme


def events(programme: Programme, asked: Asked, figures: FigureSet) -> Chart:
    """The events of the programme to which somebody has signed up, the first first."""
    lines = read_events(AskedRows(programme.id, asked.as_of, asked.municipality_code))
    names = [f"{day_text(line.held_on)} {line.title}" for line in lines]
    signed_up, members, came = (
        [line.signed_up for line in lines],
        [line.members for line in lines],
        [line.came for line in lines],
    )
    return Chart(
        "events",
        _("Fremmøde over tid"),
        [_("Arrangement"), _("Tilmeldte"), _("Heraf fra medlemmer"), _("Kom")],
        [list(row) for row in zip(names, signed_up, members, came, strict=True)],
        [
            Series(_("Tilmeldte"), names, list(signed_up), "signed_up"),
            Series(_("Heraf fra medlemmer"), names, list(members), "of_members"),
            Series(_("Kom"), names, list(came), "came"),
        ],
        height="medium",
    )
