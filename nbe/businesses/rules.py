"""What is decided about businesses without asking the database."""

from __future__ import annotations

from nbe.models.states import ActivityOutcome, MembershipState

CALL_OUTCOMES = (
    ActivityOutcome.REACHED,
    ActivityOutcome.NO_ANSWER,
    ActivityOutcome.CALL_BACK,
    ActivityOutcome.INTERESTED,
    ActivityOutcome.DECLINED,
)
# Who turns a business away, or writes it out, says why.
NEEDS_REASON = (MembershipState.LEFT, MembershipState.REJECTED)
