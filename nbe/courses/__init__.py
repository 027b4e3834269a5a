"""Courses for municipal staff: teams, seats, waiting lists, attendance and certificates."""
