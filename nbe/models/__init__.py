"""All tables, and every state with its label. One layer, because a relational schema is one thing."""

from nbe.models.accounts import Attempt, HeldForm, LoginSession, Role, User, user_role
from nbe.models.businesses import Activity, Business, Contact, Membership, business_texts, contact_texts
from nbe.models.candidacies import Assessment, AssessmentAnswer, Candidacy, Criterion
from nbe.models.ledger import LedgerReason, LedgerRow, Total
from nbe.models.municipalities import DEFAULT_TARGET, Event, Municipality, Programme, Target
from nbe.models.records import (
    Change,
    HeadingChoice,
    ImportMark,
    ImportRow,
    ImportRun,
    Setting,
    Submission,
    Trail,
)

__all__ = [
    "DEFAULT_TARGET",
    "Activity",
    "Assessment",
    "AssessmentAnswer",
    "Attempt",
    "Business",
    "Candidacy",
    "Change",
    "Contact",
    "Criterion",
    "Event",
    "HeadingChoice",
    "HeldForm",
    "ImportMark",
    "ImportRow",
    "ImportRun",
    "LedgerReason",
    "LedgerRow",
    "LoginSession",
    "Membership",
    "Municipality",
    "Programme",
    "Role",
    "Setting",
    "Submission",
    "Target",
    "Total",
    "Trail",
    "User",
    "business_texts",
    "contact_texts",
    "user_role",
]
