"""The append-only record of moves, the fold that turns it into states, and the totals kept with it."""

from nbe.ledger.actions import Move, record, reverse
from nbe.ledger.fold import ASSESSED, closed_key, member_key, stage_key

__all__ = ["ASSESSED", "Move", "closed_key", "member_key", "record", "reverse", "stage_key"]
