"""Every number of the service, computed in one place; page, JSON, CSV and XLSX show what it returned."""

from nbe.figures.computing import compute
from nbe.figures.declared import ALL, AT_A_GLANCE, FIGURES, Figure, Number, find_figure
from nbe.figures.results import FigureSet, Narrowing

__all__ = [
    "ALL",
    "AT_A_GLANCE",
    "FIGURES",
    "Figure",
    "FigureSet",
    "Narrowing",
    "Number",
    "compute",
    "find_figure",
]
