"""Overblik and Kommune: how far each municipality is, for those who meet about it. Min dag: for those who do it."""
