"""Candidates of a programme: their stages, moves, suitability and next steps."""
