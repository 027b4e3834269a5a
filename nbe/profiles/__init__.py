"""Everything about one business on one page, for those who work with it."""
