"""What one row would do to the business it names. Pure: compares a row read with what is known."""

from __future__ import annotations

from nbe.imports.decide.decider import Decider
from nbe.imports.decide.plans import RowPlan, Terms

__all__ = ["Decider", "RowPlan", "Terms"]
