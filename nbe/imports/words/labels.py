"""The words of stages, reasons, memberships and sources: what an export writes and an import knows at once."""

from __future__ import annotations

from nbe.models.states import CloseReason, MembershipState, Source, Stage

STAGE_NAMES: dict[Stage, str] = {
    Stage.LONGLIST: "Bruttoliste",
    Stage.CONTACTED: "Kontaktet",
    Stage.INTERESTED: "Interesseret",
    Stage.ASSESSING: "Under vurdering",
    Stage.SUITABLE: "Egnet",
    Stage.AGREED: "Aftale indgået",
    Stage.SCREENING_PLANNED: "Screening planlagt",
    Stage.SCREENED: "Screenet",
    Stage.REPORTED: "Rapport afleveret",
    Stage.PLANNED: "Handlingsplan vedtaget",
    Stage.ACTIVE: "Tiltag i gang",
    Stage.COMPLETED: "Afsluttet",
    Stage.CLOSED: "Lukket",
}
CLOSE_NAMES: dict[CloseReason, str] = {
    CloseReason.NOT_SUITABLE: "Ikke egnet",
    CloseReason.DECLINED: "Takket nej",
    CloseReason.POSTPONED: "Udskudt",
    CloseReason.WITHDRAWN: "Trukket ud",
    CloseReason.CEASED: "Ophørt",
    CloseReason.MERGED: "Sammenlagt",
    CloseReason.UNKNOWN: "Ikke oplyst",
}
MEMBERSHIP_NAMES: dict[MembershipState, str] = {
    MembershipState.INVITED: "Inviteret",
    MembershipState.APPLIED: "Ansøgt",
    MembershipState.MEMBER: "Medlem",
    MembershipState.LEFT: "Udmeldt",
    MembershipState.REJECTED: "Afvist",
}
SOURCE_NAMES: dict[Source, str] = {
    Source.OUTREACH: "Egen opsøgning",
    Source.NETWORK: "Medlem af netværket",
    Source.RECOMMENDATION: "Anbefaling",
    Source.EVENT: "Arrangement",
    Source.ENROLMENT: "Selv henvendt sig",
    Source.LIST: "Tidligere liste",
}
NO_CANDIDATE = "Ikke kandidat"
