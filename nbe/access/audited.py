"""Which records' plain fields are audited, and which of their fields are told elsewhere or not at all."""

from __future__ import annotations

from nbe.core.database import Base
from nbe.models import (
    ActionPlan,
    Activity,
    Assessment,
    AssessmentAnswer,
    Business,
    Candidacy,
    Contact,
    Criterion,
    EmissionFactor,
    Event,
    FollowUp,
    HourNorm,
    Loan,
    Measure,
    Membership,
    Pledge,
    Programme,
    Report,
    Saving,
    Screener,
    Screening,
    ScreeningFile,
    Target,
    ThemeAnswer,
    User,
)

AUDITED: tuple[type[Base], ...] = (
    Business,
    Contact,
    Activity,
    Membership,
    Candidacy,
    Assessment,
    AssessmentAnswer,
    Programme,
    Target,
    Criterion,
    Event,
    User,
    Screening,
    ThemeAnswer,
    ScreeningFile,
    Report,
    Measure,
    Saving,
    ActionPlan,
    FollowUp,
    EmissionFactor,
    Screener,
    Pledge,
    HourNorm,
    Loan,
)
MASK = "***"
MASKED = {(User, "password")}
TECHNICAL = frozenset({"id", "version", "search_text", "sort_key", "name_key", "last_activity_on", "created_at"})
TOLD_ELSEWHERE: dict[type[Base], frozenset[str]] = {
    Membership: frozenset({"state", "since_on"}),
    Candidacy: frozenset({"stage", "stage_since_on", "close_reason", "postponed_to_year", "verdict", "verdict_on"}),
    Target: frozenset({"required"}),
    Assessment: frozenset({"updated_at"}),
    AssessmentAnswer: frozenset({"assessment_id", "criterion_id"}),
    User: frozenset({"fs_uniquifier", "confirmed_at"}),
    Screening: frozenset({"state", "state_since_on"}),
    Measure: frozenset({"state", "state_since_on", "key"}),
    Pledge: frozenset({"hours"}),
    HourNorm: frozenset({"hours"}),
    Report: frozenset({"frozen"}),
    ScreeningFile: frozenset({"key", "sha256"}),
}
# These begin with a move, which the ledger tells; a target begins as the 5 that holds without one.
CHANGES_ONLY: tuple[type[Base], ...] = (Candidacy, Membership, Target, Screening, Measure, Saving, Pledge, HourNorm)
