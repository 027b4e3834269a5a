"""Appointments as pages: a visit agreed with a candidate, changed, held, called off; its calendar file and letter."""
