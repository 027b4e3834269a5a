"""All tables, and every state with its label. One layer, because a relational schema is one thing."""

from nbe.models.accounts import Attempt, HeldForm, LoginSession, Role, User, user_role
from nbe.models.businesses import Activity, Business, Contact, Membership, business_texts, contact_texts
from nbe.models.candidacies import Assessment, AssessmentAnswer, Candidacy, Criterion
from nbe.models.courses import Course, CourseDay, DayMark, Participant, SeatExchange, Team, TeamMunicipality
from nbe.models.events import Event, EventItem, Registration
from nbe.models.ledger import LedgerAmount, LedgerReason, LedgerRow, Total
from nbe.models.mails import CalendarFeed, Mail, Mailing, Unsubscription
from nbe.models.measures import ActionPlan, EmissionFactor, FollowUp, Measure, Saving
from nbe.models.municipalities import DEFAULT_TARGET, Municipality, Programme, Target
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
from nbe.models.resources import DEFAULT_HOURS, HourNorm, Loan, Pledge, Screener
from nbe.models.screenings import (
    Report,
    Screening,
    ScreeningEdit,
    ScreeningFile,
    ScreeningPerson,
    Theme,
    ThemeAnswer,
    ThemeSet,
)

__all__ = [
    "DEFAULT_HOURS",
    "DEFAULT_TARGET",
    "ActionPlan",
    "Activity",
    "Assessment",
    "AssessmentAnswer",
    "Attempt",
    "Business",
    "CalendarFeed",
    "Candidacy",
    "Change",
    "Contact",
    "Course",
    "CourseDay",
    "Criterion",
    "DayMark",
    "EmissionFactor",
    "Event",
    "EventItem",
    "FollowUp",
    "HeadingChoice",
    "HeldForm",
    "HourNorm",
    "ImportMark",
    "ImportRow",
    "ImportRun",
    "LedgerAmount",
    "LedgerReason",
    "LedgerRow",
    "Loan",
    "LoginSession",
    "Mail",
    "Mailing",
    "Measure",
    "Membership",
    "Municipality",
    "Participant",
    "Pledge",
    "Programme",
    "Registration",
    "Report",
    "Role",
    "Saving",
    "Screener",
    "Screening",
    "ScreeningEdit",
    "ScreeningFile",
    "ScreeningPerson",
    "SeatExchange",
    "Setting",
    "Submission",
    "Target",
    "Team",
    "TeamMunicipality",
    "Theme",
    "ThemeAnswer",
    "ThemeSet",
    "Total",
    "Trail",
    "Unsubscription",
    "User",
    "business_texts",
    "contact_texts",
    "user_role",
]
