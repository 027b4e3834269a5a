"""Every number of the service, computed in one place; page, JSON, CSV and XLSX show what it returned."""

from nbe.figures.computing import compute
from nbe.figures.declared import ALL, FIGURES, Figure, find_figure
from nbe.figures.results import FigureSet, Narrowing

__all__ = [
    "ALL",
    "FIGURES",
    "Figure",
    "FigureSet",
    "Narrowing",
    "compute",
    "find_figure",
]
