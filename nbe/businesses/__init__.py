"""Businesses with their contacts, memberships and activities; search and duplicates."""
