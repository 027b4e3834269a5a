"""Members and candidates: by stage, suitable of target, screened, reported, planned, closed."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from nbe.access.permissions import Permission
from nbe.figures.declared.figure import BUSINESSES_PAGE, CANDIDATES_PAGE, Figure, Number
from nbe.ledger import ASSESSED, closed_key, member_key, stage_key
from nbe.models.states import STAGES_IN_ORDER, CloseReason, MembershipState, Stage, StageGroup


def _stage_sums(group: StageGroup) -> tuple[str, ...]:
    return tuple(stage_key(stage) for stage in group.stages)


def _missing(values: Mapping[str, Number], target: int) -> Number:
    suitable = values["suitable"]
    return None if suitable is None else max(0, target - int(suitable))


def _percent_screened(values: Mapping[str, Number], target: int) -> Number:
    screened, suitable = values["screened"], values["suitable"]
    return round(100 * screened / suitable, 1) if suitable and screened is not None else None


MEMBERS = Figure(
    "members",
    _l("Medlemmer"),
    _l("Virksomheder, der på datoen er medlem af netværket; inviterede, ansøgere, afviste og udmeldte tæller ikke."),
    sums=(member_key(MembershipState.MEMBER),),
    page=BUSINESSES_PAGE,
    query={"medlem": MembershipState.MEMBER.value},
)
CANDIDATES = Figure(
    "candidates",
    _l("Kandidater"),
    _l("Virksomheder i forløbsåret på et hvilket som helst trin; lukkede tæller ikke."),
    sums=_stage_sums(StageGroup.CANDIDATES),
    page=CANDIDATES_PAGE,
    query={"trin": StageGroup.CANDIDATES.value},
)
OPEN = Figure(
    "open",
    _l("Åbne"),
    _l("Kandidater, der ikke er lukket og endnu ikke er nået til Egnet."),
    sums=_stage_sums(StageGroup.OPEN),
    page=CANDIDATES_PAGE,
    query={"trin": StageGroup.OPEN.value},
)
SUITABLE = Figure(
    "suitable",
    _l("Egnede af måltal"),
    _l("Kandidater på trinnet Egnet eller længere, som ikke er lukket, holdt op mod kommunens måltal på datoen."),
    sums=_stage_sums(StageGroup.SUITABLE),
    has_target=True,
    page=CANDIDATES_PAGE,
    query={"trin": StageGroup.SUITABLE.value},
)
MISSING = Figure(
    "missing",
    _l("Mangler"),
    _l("Måltallet minus de egnede, aldrig under nul; for alle kommuner under ét det samlede måltal minus alle egnede."),
    derive=_missing,
)
SCREENED = Figure(
    "screened",
    _l("Screenede"),
    _l("Kandidater på trinnet Screenet eller længere, som ikke er lukket."),
    sums=_stage_sums(StageGroup.SCREENED),
    page=CANDIDATES_PAGE,
    query={"trin": StageGroup.SCREENED.value},
)
PERCENT_SCREENED = Figure(
    "percent_screened",
    _l("Screenet i %"),
    _l("De screenede i procent af de egnede; en streg, når ingen er egnet endnu."),
    unit="percent",
    derive=_percent_screened,
)
REPORTED = Figure(
    "reported",
    _l("Rapporter"),
    _l("Kandidater, som har fået deres rapport afleveret eller er nået længere, og som ikke er lukket."),
    sums=_stage_sums(StageGroup.REPORTED),
    page=CANDIDATES_PAGE,
    query={"trin": StageGroup.REPORTED.value},
)
PLANS = Figure(
    "plans",
    _l("Planer"),
    _l("Kandidater med vedtaget handlingsplan eller længere, som ikke er lukket."),
    sums=_stage_sums(StageGroup.PLANNED),
    page=CANDIDATES_PAGE,
    query={"trin": StageGroup.PLANNED.value},
)
ASSESSED_FIGURE = Figure(
    "assessed",
    _l("Vurderede"),
    _l(
        "Forskellige kandidater, der nogensinde har fået en egnethedsvurdering, også lukkede; "
        "Egnet eller længere uden vurdering tæller med, og to, der er slået sammen, tæller som én."
    ),
    sums=(ASSESSED,),
    page=CANDIDATES_PAGE,
    query={"vurderet": "1"},
    rows_permission=Permission.BUSINESSES_READ,
)
CLOSED = Figure(
    "closed",
    _l("Lukkede"),
    _l("Kandidater, der er lukket, uanset årsag; de tæller ikke med i måltallet og kan genåbnes."),
    sums=tuple(closed_key(reason.value) for reason in CloseReason),
    page=CANDIDATES_PAGE,
    query={"trin": StageGroup.CLOSED.value},
)


def _stage_figure(stage: Stage) -> Figure:
    return Figure(
        f"stage_{stage.value}",
        stage.label,
        _l("Kandidater, der på datoen står præcis på trinnet %(stage)s.", stage=stage.label),
        sums=(stage_key(stage),),
        page=CANDIDATES_PAGE,
        query={"trin": stage.value},
    )


def _reason_figure(reason: CloseReason) -> Figure:
    return Figure(
        f"closed_{reason.value}",
        reason.label,
        _l("Lukkede kandidater med årsagen %(reason)s.", reason=reason.label),
        sums=(closed_key(reason.value),),
        page=CANDIDATES_PAGE,
        query={"aarsag": reason.value},
        rows_permission=Permission.BUSINESSES_READ,
    )


STAGE_FIGURES = tuple(_stage_figure(stage) for stage in STAGES_IN_ORDER)
REASON_FIGURES = tuple(_reason_figure(reason) for reason in CloseReason)
MAIN_FIGURES = (
    MEMBERS,
    CANDIDATES,
    OPEN,
    SUITABLE,
    MISSING,
    SCREENED,
    PERCENT_SCREENED,
    REPORTED,
    PLANS,
    ASSESSED_FIGURE,
    CLOSED,
)
