"""Tests of businesses, their contacts, memberships and activities, and the page that shows them all."""
