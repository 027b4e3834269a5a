"""Every number of the service, computed in one place; page, JSON, CSV and XLSX show what it returned."""

from nbe.figures.computing import compute
from nbe.figures.declared import ALL, FIGURES, Figure, find_figure
from nbe.figures.programmes import choose_programme, list_programmes
from nbe.figures.results import FigureSet, Narrowing

__all__ = [
    "ALL",
    "FIGURES",
    "Figure",
    "FigureSet",
    "Narrowing",
    "choose_programme",
    "compute",
    "find_figure",
    "list_programmes",
]
