"""The report of a screening: written, read by a second reader, approved, handed over and then locked."""
