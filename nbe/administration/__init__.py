"""The secretariat's pages: programme years, targets, criteria, meetings, settings, accessibility statement."""
