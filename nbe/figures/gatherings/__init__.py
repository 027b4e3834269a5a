"""Teams with their seats, and events with their three counts, on any day and as known at any moment.

The cost grows with the people of one programme's courses and events, not with the businesses. How many seats a team
has is told by no ledger: it is as it stands now, and who sits on them is as of the day.
"""

from nbe.figures.gatherings.events import EventLine, count_members, read_events
from nbe.figures.gatherings.seats import SeatNumber, TeamSeats, read_teams, seat_numbers

__all__ = ["EventLine", "SeatNumber", "TeamSeats", "count_members", "read_events", "read_teams", "seat_numbers"]
