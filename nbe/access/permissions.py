"""The permissions and the one matrix: role by permission, for one's own municipality or for all.

The rights page that people read is rendered from this matrix.
"""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from nbe.models.states import Code, RoleName


class Permission(Code):
    """What a route or a row can ask for. Named SUBJECT_VERB; the label is what the rights page says."""

    PUBLIC = "public", _l("Åbne sider uden at logge ind")
    ACCOUNT_OWN = "account_own", _l("Egen konto og eget sprog")
    RIGHTS_READ = "rights_read", _l("Se, hvem der må hvad")
    FIGURES_READ = "figures_read", _l("Se tal på Overblik og kommunesider")
    LISTS_READ = "lists_read", _l("Se og eksportere lister: navn, by, branche og trin")
    BUSINESSES_READ = "businesses_read", _l("Se virksomheder med kontaktpersoner, telefon og noter")
    BUSINESSES_WRITE = "businesses_write", _l("Oprette og rette virksomheder, kontakter og aktiviteter")
    CANDIDACIES_WRITE = "candidacies_write", _l("Flytte, vurdere og lukke kandidater")
    DAY_READ = "day_read", _l("Bruge Min dag")
    SCREENINGS_READ = "screenings_read", _l("Se screeninger, tiltag og handlingsplaner")
    SCREENINGS_PLAN = "screenings_plan", _l("Aftale, flytte og aflyse screeninger")
    SCREENINGS_WRITE = "screenings_write", _l("Udfylde screeninger, skrive rapporter og rette tiltag")
    REPORTS_READ = "reports_read", _l("Se afleverede rapporter uden fortrolige felter")
    RESOURCES_READ = "resources_read", _l("Se screenere, timer og udlån")
    RESOURCES_WRITE = "resources_write", _l("Rette screenere og timer; låne screenere ud og ind")
    COURSES_READ = "courses_read", _l("Se kurser, hold og ledige pladser")
    COURSES_WRITE = "courses_write", _l("Oprette og rette kurser, hold og kursusdage")
    PARTICIPANTS_READ = "participants_read", _l("Se kursister ved navn")
    PARTICIPANTS_WRITE = "participants_write", _l("Tilmelde og flytte kursister, notere fremmøde og udstede beviser")
    EVENTS_READ = "events_read", _l("Se arrangementer og deres program")
    EVENTS_WRITE = "events_write", _l("Oprette og rette arrangementer, invitere")
    REGISTRATIONS_READ = "registrations_read", _l("Se inviterede og tilmeldte til arrangementer ved navn")
    REGISTRATIONS_WRITE = "registrations_write", _l("Tilmelde til arrangementer og notere, hvem der kom")
    MAILS_WRITE = "mails_write", _l("Skrive til kursister og deltagere og se udbakken")
    HISTORY_READ = "history_read", _l("Se historik")
    IMPORTS_RUN = "imports_run", _l("Indlæse regneark")
    TARGETS_WRITE = "targets_write", _l("Sætte måltal og frister")
    USERS_ADMIN = "users_admin", _l("Invitere og ændre brugere")
    SETTINGS_ADMIN = "settings_admin", _l("Ændre indstillinger, kriterier og møder")


class Scope(enum.IntEnum):
    """How far a permission reaches. ASSIGNED: to the screenings one has been given, with their business."""

    NONE = 0
    ASSIGNED = 1
    OWN = 2
    ALL = 3


_A, _L, _S, _P = RoleName.ADMINISTRATOR, RoleName.LEADER, RoleName.SCREENER, RoleName.PARTNER
_EVERYBODY = {_A: Scope.ALL, _L: Scope.ALL, _S: Scope.ALL, _P: Scope.ALL}

MATRIX: dict[Permission, dict[RoleName, Scope]] = {
    Permission.PUBLIC: _EVERYBODY,
    Permission.ACCOUNT_OWN: _EVERYBODY,
    Permission.RIGHTS_READ: _EVERYBODY,
    Permission.FIGURES_READ: _EVERYBODY,
    Permission.LISTS_READ: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.OWN, _P: Scope.OWN},
    Permission.BUSINESSES_READ: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.OWN},
    Permission.BUSINESSES_WRITE: {_A: Scope.ALL, _L: Scope.OWN},
    Permission.CANDIDACIES_WRITE: {_A: Scope.ALL, _L: Scope.OWN},
    Permission.DAY_READ: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.OWN},
    Permission.SCREENINGS_READ: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.OWN},
    Permission.SCREENINGS_PLAN: {_A: Scope.ALL, _L: Scope.OWN},
    Permission.SCREENINGS_WRITE: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.ASSIGNED},
    Permission.REPORTS_READ: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.OWN, _P: Scope.OWN},
    Permission.RESOURCES_READ: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.OWN},
    Permission.RESOURCES_WRITE: {_A: Scope.ALL, _L: Scope.OWN},
    Permission.COURSES_READ: {_A: Scope.ALL, _L: Scope.ALL, _S: Scope.ALL},
    Permission.COURSES_WRITE: {_A: Scope.ALL},
    Permission.PARTICIPANTS_READ: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.OWN},
    Permission.PARTICIPANTS_WRITE: {_A: Scope.ALL, _L: Scope.OWN},
    Permission.EVENTS_READ: {_A: Scope.ALL, _L: Scope.ALL, _S: Scope.ALL},
    Permission.EVENTS_WRITE: {_A: Scope.ALL, _L: Scope.OWN},
    Permission.REGISTRATIONS_READ: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.OWN},
    Permission.REGISTRATIONS_WRITE: {_A: Scope.ALL, _L: Scope.OWN},
    Permission.MAILS_WRITE: {_A: Scope.ALL, _L: Scope.OWN},
    Permission.HISTORY_READ: {_A: Scope.ALL, _L: Scope.OWN, _S: Scope.OWN},
    Permission.IMPORTS_RUN: {_A: Scope.ALL, _L: Scope.OWN},
    Permission.TARGETS_WRITE: {_A: Scope.ALL},
    Permission.USERS_ADMIN: {_A: Scope.ALL},
    Permission.SETTINGS_ADMIN: {_A: Scope.ALL},
}


def scope_of(role: RoleName | None, permission: Permission) -> Scope:
    """How far `role` (None: nobody signed in) holds `permission`."""
    if permission is Permission.PUBLIC:
        return Scope.ALL
    if role is None:
        return Scope.NONE
    return MATRIX[permission].get(role, Scope.NONE)
