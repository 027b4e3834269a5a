"""What the script of the form says. {n}: how many; {who}: who wrote; {felt}: which field."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from nbe.screenings.sync import rules


def script_texts() -> dict[str, Any]:
    """Key -> text. A state of the sending has one for none, one and many changes that wait."""
    return {
        **_states(),
        "sign_in": _("Log ind igen"),
        "show_me": _("Vis"),
        "due_one": _("Gemt, men 1 felt skal ses efter."),
        "due_many": _("Gemt, men {n} felter skal ses efter."),
        "by_button": _("Enheden kan ikke gemme undervejs. Tryk på Gem nederst."),
        "others_one": _("1 ændring af {who} venter på denne enhed. Den sendes, når {who} logger ind her."),
        "others_many": _("{n} ændringer af {who} venter på denne enhed. De sendes, når {who} logger ind her."),
        "conflict": _("Feltet er rettet på en anden enhed imens. Vælg, hvad der skal stå."),
        "conflict_by": _("{who} har rettet feltet på en anden enhed imens. Vælg, hvad der skal stå."),
        "conflict_of": _("Vælg, hvad der skal stå i: {felt}"),
        "mine": _("Dit"),
        "theirs": _("Gemt nu"),
        "keep_mine": _("Brug dit"),
        "take_theirs": _("Brug det gemte"),
        "left_over": _("Det her står kun på denne enhed og kunne ikke gemmes"),
        "names": {name: str(label) for name, label in rules.LABELS.items()},
        "file_waits": _("Venter på at blive sendt."),
        "file_drop": _("Fjern filen"),
        "no_room": _("Der er ikke plads på enheden til {n}. Ryd op, og vælg filen igen."),
        "unnamed": _("Forslag uden navn"),
        "empty": _("(tomt)"),
        "yes": _("Ja"),
        "no": _("Nej"),
    }


def _states() -> dict[str, str]:
    return {
        "saved_none": _("Gemt"),
        "saving_none": _("Gemmer …"),
        "offline_none": _("Ingen forbindelse. Alt er gemt, og du kan skrive videre."),
        "offline_one": _("Ingen forbindelse – 1 ændring venter på denne enhed"),
        "offline_many": _("Ingen forbindelse – {n} ændringer venter på denne enhed"),
        "out_none": _("Du er logget ud. Alt er gemt."),
        "out_one": _("Log ind igen for at sende 1 ændring"),
        "out_many": _("Log ind igen for at sende {n} ændringer"),
        "other_none": _("En anden er logget ind i denne browser."),
        "other_one": _("En anden er logget ind. 1 ændring venter på, at du selv logger ind igen."),
        "other_many": _("En anden er logget ind. {n} ændringer venter på, at du selv logger ind igen."),
        "denied_none": _("Du har ikke længere adgang til skemaet."),
        "denied_one": _("Du har ikke længere adgang til skemaet. 1 ændring står på denne enhed."),
        "denied_many": _("Du har ikke længere adgang til skemaet. {n} ændringer står på denne enhed."),
        "trouble_none": _("Tjenesten svarer ikke lige nu. Alt er gemt, og du kan skrive videre."),
        "trouble_one": _("Tjenesten svarer ikke lige nu – 1 ændring venter på denne enhed"),
        "trouble_many": _("Tjenesten svarer ikke lige nu – {n} ændringer venter på denne enhed"),
    }
