"""Who can screen, the hours promised for it, and screeners lent to another municipality."""
