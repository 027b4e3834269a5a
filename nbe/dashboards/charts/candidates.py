"""Charts of members and candidates: burn-up, funnel, members over time, stages."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from nbe.dashboards.asked import Asked
from nbe.dashboards.charts.chart import Chart, Series, day_text
from nbe.figures import ALL, FigureSet
from nbe.figures.curves import ideal_path, members_over_time, month_ends, suitable_over_time
from nbe.models import Programme
from nbe.models.states import STAGES_IN_ORDER


def burnup(programme: Programme, asked: Asked, figures: FigureSet) -> Chart:
    """The suitable week by week against the target at the deadline and an even pace towards it."""
    code = asked.municipality_code
    points = suitable_over_time(programme, asked.as_of, code)
    target = figures.target(code)
    deadline = figures.deadlines[code] if code is not ALL else figures.deadline_on
    begins_on = dt.date(programme.year, 1, 1)
    ideal = ideal_path(points, begins_on, deadline, target)
    by_day = dict(zip((p.day for p in points), ideal, strict=True))
    return Chart(
        "burnup",
        _("Egnede mod måltal og frist"),
        [_("Dato"), _("Egnede"), _("Jævnt tempo"), _("Måltal")],
        [[day_text(p.day), p.value, by_day[p.day], target] for p in month_ends(points)],
        [
            Series(_("Egnede"), [p.day for p in points], [p.value for p in points], "actual"),
            Series(_("Jævnt tempo mod måltallet"), [begins_on, deadline], [0, target], "ideal"),
            Series(_("Måltal"), [min(begins_on, points[0].day), deadline], [target, target], "target"),
        ],
        note=_("Måltal %(target)s, frist %(day)s.", target=target, day=day_text(deadline)),
    )


def funnel(programme: Programme, asked: Asked, figures: FigureSet) -> Chart:
    """How many candidates stand at each stage, and at that stage or further."""
    code = asked.municipality_code
    at_stage = [int(figures.value(f"stage_{stage.value}", code) or 0) for stage in STAGES_IN_ORDER]
    further = [sum(at_stage[place:]) for place in range(len(at_stage))]
    labels = [str(stage.label) for stage in STAGES_IN_ORDER]
    return Chart(
        "funnel",
        _("Tragten: nået til trinnet eller længere"),
        [_("Trin"), _("Trinnet eller længere"), _("På trinnet")],
        [list(row) for row in zip(labels, further, at_stage, strict=True)],
        [Series(_("Trinnet eller længere"), labels, further)],
        note=_("Lukkede kandidater er ikke med."),
        height="tall",
    )


def members(programme: Programme, asked: Asked, figures: FigureSet) -> Chart:
    """The members of the network week by week."""
    points = members_over_time(asked.as_of, asked.municipality_code)
    return Chart(
        "members",
        _("Medlemmer af netværket over tid"),
        [_("Dato"), _("Medlemmer")],
        [[day_text(p.day), p.value] for p in month_ends(points)],
        [Series(_("Medlemmer"), [p.day for p in points], [p.value for p in points], "actual")],
    )


def stages(programme: Programme, asked: Asked, figures: FigureSet) -> Chart:
    """Candidates by stage in each municipality."""
    names = [figures.names[code] for code in figures.codes]
    counts = {
        stage: [int(figures.value(f"stage_{stage.value}", code) or 0) for code in figures.codes]
        for stage in STAGES_IN_ORDER
    }
    used = [stage for stage in STAGES_IN_ORDER if any(counts[stage])]
    return Chart(
        "stages",
        _("Kandidater efter trin i hver kommune"),
        [_("Kommune"), *(str(stage.label) for stage in used)],
        [[name, *(counts[stage][place] for stage in used)] for place, name in enumerate(names)],
        [Series(str(stage.label), names, counts[stage], stage.value) for stage in used],
        height="tall",
    )
