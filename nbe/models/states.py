"""Every state and code with its Danish label, and the groups of stages that figures count."""

from __future__ import annotations

import enum
from typing import Any

from flask_babel import lazy_gettext as _l


class Code(enum.StrEnum):
    """A code kept in the database with the label people read."""

    label: Any

    def __new__(cls, value: str, label: Any = "") -> Code:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class RoleName(Code):
    """Who somebody is in the service."""

    ADMINISTRATOR = "administrator", _l("Administrator")
    LEADER = "leader", _l("Projektleder")
    SCREENER = "screener", _l("Screener")
    PARTNER = "partner", _l("Kommunal partner")


class MembershipState(Code):
    """A business in the network."""

    INVITED = "invited", _l("Inviteret")
    APPLIED = "applied", _l("Ansøgt")
    MEMBER = "member", _l("Medlem")
    LEFT = "left", _l("Udmeldt")
    REJECTED = "rejected", _l("Afvist")


class Stage(Code):
    """A candidate's stage in one programme, in order; `closed` stands outside the order."""

    LONGLIST = "longlist", _l("Bruttoliste")
    CONTACTED = "contacted", _l("Kontaktet")
    INTERESTED = "interested", _l("Interesseret")
    ASSESSING = "assessing", _l("Under vurdering")
    SUITABLE = "suitable", _l("Egnet")
    AGREED = "agreed", _l("Aftale indgået")
    SCREENING_PLANNED = "screening_planned", _l("Screening planlagt")
    SCREENED = "screened", _l("Screenet")
    REPORTED = "reported", _l("Rapport afleveret")
    PLANNED = "planned", _l("Handlingsplan vedtaget")
    ACTIVE = "active", _l("Tiltag i gang")
    COMPLETED = "completed", _l("Afsluttet")
    CLOSED = "closed", _l("Lukket")

    @property
    def position(self) -> int:
        """Place in the order, 0 for the longlist; `closed` comes last."""
        return list(Stage).index(self)


STAGES_IN_ORDER: tuple[Stage, ...] = tuple(s for s in Stage if s is not Stage.CLOSED)


def stages_from(stage: Stage) -> tuple[Stage, ...]:
    """The stages at `stage` or further; never `closed`."""
    return STAGES_IN_ORDER[stage.position :]


OPEN_STAGES = STAGES_IN_ORDER[: Stage.SUITABLE.position]
SUITABLE_STAGES = stages_from(Stage.SUITABLE)


class StageGroup(Code):
    """A set of stages that a figure counts and a list can be narrowed to; the code stands in addresses."""

    CANDIDATES = "kandidater", _l("Kandidater")
    OPEN = "aabne", _l("Åbne")
    SUITABLE = "egnede", _l("Egnede eller længere")
    SCREENED = "screenede", _l("Screenet eller længere")
    REPORTED = "rapporter", _l("Rapport afleveret eller længere")
    PLANNED = "planer", _l("Handlingsplan vedtaget eller længere")
    CLOSED = "lukkede", _l("Lukkede")

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in the group."""
        return {
            StageGroup.CANDIDATES: STAGES_IN_ORDER,
            StageGroup.OPEN: OPEN_STAGES,
            StageGroup.SUITABLE: SUITABLE_STAGES,
            StageGroup.SCREENED: stages_from(Stage.SCREENED),
            StageGroup.REPORTED: stages_from(Stage.REPORTED),
            StageGroup.PLANNED: stages_from(Stage.PLANNED),
            StageGroup.CLOSED: (Stage.CLOSED,),
        }[self]


class CloseReason(Code):
    """Why a candidate was closed."""

    NOT_SUITABLE = "not_suitable", _l("Ikke egnet")
    DECLINED = "declined", _l("Takket nej")
    POSTPONED = "postponed", _l("Udskudt")
    WITHDRAWN = "withdrawn", _l("Trukket ud")
    CEASED = "ceased", _l("Ophørt")
    MERGED = "merged", _l("Sammenlagt")
    UNKNOWN = "unknown", _l("Ikke oplyst")


class Verdict(Code):
    """What a person decided about a candidate's suitability."""

    SUITABLE = "suitable", _l("Egnet")
    NOT_SUITABLE = "not_suitable", _l("Ikke egnet")


class CriterionAnswer(Code):
    """How a candidate meets one criterion."""

    YES = "yes", _l("Ja")
    PARTLY = "partly", _l("Delvist")
    NO = "no", _l("Nej")
    UNKNOWN = "unknown", _l("Ved ikke")


class ActivityKind(Code):
    """What was done with a business."""

    CALL = "call", _l("Opkald")
    VISIT = "visit", _l("Besøg")
    MAIL = "mail", _l("Mail")
    NOTE = "note", _l("Note")


class ActivityOutcome(Code):
    """What came of it."""

    REACHED = "reached", _l("Talte med dem")
    NO_ANSWER = "no_answer", _l("Intet svar")
    CALL_BACK = "call_back", _l("Vil ringes op")
    INTERESTED = "interested", _l("Interesseret")
    DECLINED = "declined", _l("Takkede nej")
    DONE = "done", _l("Udført")


class Source(Code):
    """Where a candidate came from."""

    OUTREACH = "outreach", _l("Egen opsøgning")
    NETWORK = "network", _l("Medlem af netværket")
    RECOMMENDATION = "recommendation", _l("Anbefaling")
    EVENT = "event", _l("Arrangement")
    ENROLMENT = "enrolment", _l("Selv henvendt sig")
    LIST = "list", _l("Tidligere liste")


class LedgerKind(Code):
    """What kind of move a ledger row tells."""

    STAGE = "stage", _l("Kandidat")
    VERDICT = "verdict", _l("Egnethedsvurdering")
    MEMBERSHIP = "membership", _l("Medlemskab")
    TARGET = "target", _l("Måltal")
    SCREENING = "screening", _l("Screening")
    MEASURE = "measure", _l("Tiltag")
    NORM = "norm", _l("Timer pr. forløb")
    HOURS = "hours", _l("Tilsagn om timer")
    PARTICIPANT = "participant", _l("Kursist")
    REGISTRATION = "registration", _l("Tilmelding")


# What these tell about is a business's; the others tell of a municipality, or of people.
OF_BUSINESSES = (
    LedgerKind.STAGE,
    LedgerKind.VERDICT,
    LedgerKind.MEMBERSHIP,
    LedgerKind.SCREENING,
    LedgerKind.MEASURE,
)


class ScreeningState(Code):
    """How far a screening has come."""

    PLANNED = "planned", _l("Planlagt")
    HELD = "held", _l("Gennemført")
    DRAFT = "draft", _l("Rapportkladde")
    APPROVED = "approved", _l("Rapport godkendt")
    HANDED_OVER = "handed_over", _l("Rapport afleveret")
    CANCELLED = "cancelled", _l("Aflyst")


class ScreeningRole(Code):
    """What somebody does at a visit."""

    LEAD = "lead", _l("Screener")
    SECOND = "second", _l("Anden screener")
    OBSERVER = "observer", _l("Observatør")
    BUSINESS = "business", _l("Fra virksomheden")


class Relevance(Code):
    """Whether a theme matters at this business."""

    NOT_ASSESSED = "not_assessed", _l("Ikke vurderet")
    RELEVANT = "relevant", _l("Relevant")
    NOT_RELEVANT = "not_relevant", _l("Ikke relevant")


class EditOutcome(Code):
    """What became of something typed on a device."""

    APPLIED = "applied", _l("Gemt")
    CONFLICT = "conflict", _l("En anden skrev først")
    REFUSED = "refused", _l("Kan ikke bruges")


class ReportState(Code):
    """How far a report has come."""

    DRAFT = "draft", _l("Kladde")
    READING = "reading", _l("Til andenlæsning")
    APPROVED = "approved", _l("Godkendt")
    HANDED_OVER = "handed_over", _l("Afleveret")


class MeasureState(Code):
    """How far a measure has come."""

    IDENTIFIED = "identified", _l("Identificeret")
    DECIDED = "decided", _l("Besluttet")
    ACTIVE = "active", _l("I gang")
    DONE = "done", _l("Gennemført")
    DOCUMENTED = "documented", _l("Dokumenteret")
    ABANDONED = "abandoned", _l("Opgivet")

    @property
    def position(self) -> int:
        """Place in the order; `abandoned` comes last."""
        return list(MeasureState).index(self)


class SavingPhase(Code):
    """What is known of a saving: seen, decided on, or measured. The three are never added up."""

    IDENTIFIED = "identified", _l("Identificeret")
    DECIDED = "decided", _l("Besluttet")
    REALISED = "realised", _l("Realiseret")


class Quantity(Code):
    """What a measure saves a year, or costs once; the unit stands in `unit`."""

    INVESTMENT = "investment", _l("Investering")
    MONEY = "money", _l("Besparelse")
    ENERGY = "energy", _l("Energi")
    WATER = "water", _l("Vand")
    MATERIAL = "material", _l("Materialer")
    WASTE = "waste", _l("Affald")

    @property
    def unit(self) -> Any:
        """The unit as it is read."""
        return _UNITS[self.value]


_UNITS: dict[str, Any] = {
    "investment": _l("kr."),
    "money": _l("kr. pr. år"),
    "energy": _l("kWh pr. år"),
    "water": _l("m³ pr. år"),
    "material": _l("kg pr. år"),
    "waste": _l("kg pr. år"),
}


class HourTask(Code):
    """What the hours of a forløb go to."""

    PREPARATION = "preparation", _l("Forberedelse")
    VISIT = "visit", _l("Besøg")
    REPORT = "report", _l("Rapport")
    FEEDBACK = "feedback", _l("Tilbagemelding")
    PLAN = "plan", _l("Plan")
    FOLLOW_UP = "follow_up", _l("Opfølgning")


class LoanState(Code):
    """How far the lending of a screener has come."""

    OFFERED = "offered", _l("Tilbudt")
    REQUESTED = "requested", _l("Ønsket")
    ACCEPTED = "accepted", _l("Aftalt")
    DECLINED = "declined", _l("Afslået")
    WITHDRAWN = "withdrawn", _l("Trukket tilbage")
    ENDED = "ended", _l("Afsluttet")


class ResourceState(Code):
    """Whether the hours of a municipality's forløb are there."""

    UNCLEAR = "unclear", _l("Ikke afklaret")
    PARTLY = "partly", _l("Delvist")
    IN_PLACE = "in_place", _l("På plads")


class EventKind(Code):
    """A gathering in the calendar."""

    THEME_MEETING = "theme_meeting", _l("Temamøde")
    INSPIRATION_GROUP = "inspiration_group", _l("Inspirationsgruppe")
    GET_TOGETHER = "get_together", _l("Netværksmøde")
    COORDINATION_MEETING = "coordination_meeting", _l("Koordinationsmøde")


class ImportState(Code):
    """How far an import has come."""

    UPLOADED = "uploaded", _l("Læses")
    PLANNED = "planned", _l("Klar til godkendelse")
    APPLYING = "applying", _l("Indlæses")
    APPLIED = "applied", _l("Indlæst")
    UNDONE = "undone", _l("Fortrudt")
    REFUSED = "refused", _l("Afvist")


class RowOutcome(Code):
    """What an import does with a row."""

    CREATED = "created", _l("Oprettet")
    UPDATED = "updated", _l("Opdateret")
    UNCHANGED = "unchanged", _l("Uændret")
    FAILED = "failed", _l("Fejl")
