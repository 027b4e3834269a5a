"""Screenings on site: the appointment, the form, its files, and the report."""
