"""What became of a course participant, in a sentence. Pure: names are given."""

from __future__ import annotations

from flask_babel import gettext as _

from nbe.models.gathering_states import ParticipantState as P


def tell_participant(who: str, person: str, from_code: str | None, to_code: str) -> str:
    """One move of one participant."""
    names = {"who": who, "person": person or _("en kursist")}
    before, after = (P(from_code) if from_code in set(P) else None), P(to_code)
    if before is after:
        return _("%(who)s flyttede %(person)s til et andet hold", **names)
    if before is P.WAITING and after is P.SIGNED_UP:
        return _("%(person)s fik en plads fra ventelisten", **names)
    if before in (P.SIGNED_UP, P.CONFIRMED) and after is P.WAITING:
        return _("%(person)s kom på ventelisten igen", **names)
    if before in (P.ATTENDED, P.PARTLY, P.ABSENT) and after in (P.CONFIRMED, P.SIGNED_UP):
        return _("%(who)s rettede fremmødet for %(person)s", **names)
    if before is P.CERTIFIED:
        return _("%(who)s trak beviset til %(person)s tilbage", **names)
    sentences = {
        P.SIGNED_UP: _("%(who)s tilmeldte %(person)s til et kursus", **names),
        P.WAITING: _("%(who)s satte %(person)s på venteliste til et kursus", **names),
        P.CONFIRMED: _("%(who)s bekræftede %(person)s på kurset", **names),
        P.ATTENDED: _("%(who)s noterede, at %(person)s deltog i kurset", **names),
        P.PARTLY: _("%(who)s noterede, at %(person)s deltog i en del af kurset", **names),
        P.ABSENT: _("%(who)s noterede, at %(person)s udeblev fra kurset", **names),
        P.CANCELLED: _("%(who)s meldte %(person)s fra kurset", **names),
        P.CERTIFIED: _("%(who)s udstedte kursusbevis til %(person)s", **names),
    }
    return sentences[after]


def tell_participant_undone(who: str, person: str) -> str:
    """A counter-row."""
    return _("%(who)s fortrød en ændring for %(person)s på kurset", who=who, person=person or _("en kursist"))
