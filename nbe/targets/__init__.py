"""Programme years, the number each municipality must find, and by when."""
