"""The sheet of measures, as `/tiltag` exports it: new proposals, states and numbers."""

from nbe.imports.kinds.measures.sheets import MEASURES

__all__ = ["MEASURES"]
