"""A trained participant becomes somebody the municipality can send to screen."""

from __future__ import annotations

from nbe.courses.actions.seats import last_day
from nbe.models import Participant
from nbe.models.gathering_states import TRAINED
from nbe.resources.actions import train_screener, untrain_screener


def follow_training(participant: Participant) -> None:
    """Make the person a screener of his municipality when he has taken part, and take that back when he has not."""
    code, name, email = participant.municipality_code, participant.name, participant.email
    day = last_day(participant.team) or participant.state_since_on
    if participant.state in TRAINED:
        train_screener(municipality_code=code, name=name, email=email, title=participant.title, trained_on=day)
    else:
        untrain_screener(municipality_code=code, name=name, email=email, trained_on=day)
