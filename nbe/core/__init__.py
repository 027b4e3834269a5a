"""Tools that know nothing of this service's subject: database, clock, text, numbers, sheets, security."""
