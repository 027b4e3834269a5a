"""Charts as Plotly draws them. Every text is escaped: Plotly would take `<a>` or `<b>` in a label for HTML."""

from __future__ import annotations

import html
from typing import Any

from flask_babel import get_locale

from nbe.dashboards.charts import Chart
from nbe.models.states import OPEN_STAGES, SavingPhase, ScreeningState, Stage

LEAF, SUN, SKY, RUST, INK, LINE = "#0b6b55", "#c98200", "#1a5f9e", "#c4a19c", "#1d2a26", "#c9d3ce"
_OPEN_TONES = ("#d3dfea", "#a9c3dc", "#7aa3c9", "#4b80b3")
_FURTHER_TONES = ("#cfe6de", "#aed5c8", "#8cc3b1", "#6bb09a", "#4a9d83", "#2f876d", "#1a715a", "#0a4f3f")
_APART = {"ticklabelstandoff": 6}
_DATES: dict[str, Any] = {"type": "date", "tickformat": "%d-%m-%y", "gridcolor": LINE, "automargin": True, **_APART}
_COUNTS: dict[str, Any] = {"rangemode": "tozero", "gridcolor": LINE, "tickformat": ",d", "automargin": True}


def safe(text: object) -> str:
    """Text that Plotly shows as it is."""
    return html.escape(str(text), quote=False)


def draw(chart: Chart) -> str:
    """The figure as JSON for Plotly."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for trace in _TRACES[chart.name](chart, go):
        figure.add_trace(trace)
    figure.update_layout(
        template="none",
        separators=",." if str(get_locale()) == "da" else ".,",
        font={"family": "IBM Plex Sans, sans-serif", "size": 14, "color": INK},
        margin={"l": 48, "r": 12, "t": 8, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="closest",
        **_LAYOUTS[chart.name],
    )
    text: str = figure.to_json()
    return text


def _lines(chart: Chart, go: Any) -> list[Any]:
    looks = {
        "actual": {"color": LEAF, "width": 3},
        "ideal": {"color": SKY, "width": 2, "dash": "dash"},
        "target": {"color": SUN, "width": 2, "dash": "dot"},
    }
    traces = []
    for series in chart.series:
        is_step = series.role == "actual"
        traces.append(
            go.Scatter(
                name=safe(series.name),
                x=[day.isoformat() for day in series.x],
                y=series.y,
                mode="lines",
                line={**looks[series.role], "shape": "hv" if is_step else "linear"},
                hovertemplate="%{x|%d-%m-%Y}: %{y:,.0f}<extra>" + safe(series.name) + "</extra>",
            )
        )
    return traces


def _funnel(chart: Chart, go: Any) -> list[Any]:
    series = chart.series[0]
    tones = [SKY if place < len(OPEN_STAGES) else LEAF for place in range(len(series.x))]
    return [
        go.Bar(
            name=safe(series.name),
            x=series.y,
            y=[safe(label) for label in series.x],
            orientation="h",
            marker={"color": tones},
            text=[f"{n:d}" for n in series.y],
            textposition="auto",
            hovertemplate="%{y}: %{x:,d}<extra></extra>",
        )
    ]


# What each colour of bars means, by the role of its series.
_TONES: dict[str, str] = {
    **dict(zip((stage.value for stage in Stage), (*_OPEN_TONES, *_FURTHER_TONES), strict=False)),
    **dict(zip((state.value for state in ScreeningState), (_OPEN_TONES[1], *_FURTHER_TONES[1::2], RUST), strict=True)),
    **dict(zip((phase.value for phase in SavingPhase), (_OPEN_TONES[1], SKY, LEAF), strict=True)),
    "needed": SUN,
    "promised": LEAF,
    "signed_up": _OPEN_TONES[1],
    "of_members": SKY,
    "came": LEAF,
}


def _bars(chart: Chart, go: Any) -> list[Any]:
    """Bars by municipality; the layout stacks them or sets them beside each other."""
    return [
        go.Bar(
            name=safe(series.name),
            y=[safe(name) for name in series.x],
            x=series.y,
            orientation="h",
            marker={"color": _TONES[series.role], "line": {"color": "#fff", "width": 1}},
            hovertemplate="%{y}: %{x:,}<extra>" + safe(series.name) + "</extra>",
        )
        for series in chart.series
    ]


_NAMES: dict[str, Any] = {"autorange": "reversed", "automargin": True, "tickmode": "linear", "dtick": 1, **_APART}
_BELOW = {"orientation": "h", "y": -0.15, "yanchor": "top", "x": 0}
_TRACES = {
    **dict.fromkeys(("burnup", "members"), _lines),
    "funnel": _funnel,
    **dict.fromkeys(("stages", "screenings", "savings", "hours", "events"), _bars),
}
_STACKED: dict[str, Any] = {
    "barmode": "stack",
    "yaxis": _NAMES,
    "xaxis": _COUNTS,
    "legend": {**_BELOW, "y": -0.1, "traceorder": "normal"},
}
_BESIDE: dict[str, Any] = {**_STACKED, "barmode": "group"}
_LAYOUTS: dict[str, dict[str, Any]] = {
    "burnup": {"xaxis": _DATES, "yaxis": _COUNTS, "legend": _BELOW},
    "members": {"xaxis": _DATES, "yaxis": _COUNTS, "showlegend": False},
    "funnel": {"yaxis": _NAMES, "xaxis": _COUNTS, "showlegend": False},
    "stages": _STACKED,
    "screenings": _STACKED,
    "savings": _BESIDE,
    "hours": _BESIDE,
    "events": _BESIDE,
}
