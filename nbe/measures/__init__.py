"""Measures with what they save, the action plan, and the looks at how it goes."""
