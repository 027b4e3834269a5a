"""Courses for municipal staff: teams, days and seats, sign-up with a waiting list, attendance and certificates."""
