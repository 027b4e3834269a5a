"""The menu: its items by what one works with, and beneath the one chosen the pages that go with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from nbe.access import Permission, Viewer
from nbe.mails.queries import count_outbox

LETTERS = "mailings.index"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu; `lights` are the blueprints under it."""

    label: Any
    endpoint: str
    permission: Permission
    lights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the menu, with one page or several that go together."""

    label: Any
    entries: tuple[Entry, ...]


def _item(label: Any, endpoint: str, permission: Permission, *lights: str) -> Item:
    return Item(label, (Entry(label, endpoint, permission, lights),))


MENU: tuple[Item, ...] = (
    _item(_l("Overblik"), "overview.show", Permission.FIGURES_READ, "overview", "municipality", "gatherings"),
    _item(_l("Min dag"), "day.show", Permission.DAY_READ, "day"),
    _item(_l("Kandidater"), "pipeline.index", Permission.LISTS_READ, "pipeline", "moves", "assessments"),
    _item(
        _l("Virksomheder"), "businesses.index", Permission.LISTS_READ,
        "businesses", "profiles", "contacts", "activities", "memberships", "merging", "ceasing",
    ),
    Item(
        _l("Screeninger"),
        (
            Entry(
                _l("Besøg"), "screenings.index", Permission.SCREENINGS_READ,
                ("screenings", "appointments", "visit_steps", "visit_letters", "screening_form", "screening_files"),
            ),
            Entry(
                _l("Rapporter"), "reports.index", Permission.REPORTS_READ,
                ("reports", "report_steps", "report_pictures"),
            ),
            Entry(
                _l("Tiltag"), "measures.index", Permission.SCREENINGS_READ, ("measures", "plans", "proposals")
            ),
            Entry(_l("Ressourcer"), "resources.index", Permission.FIGURES_READ, ("resources", "screeners", "loans")),
        ),
    ),
    Item(
        _l("Kurser og møder"),
        (
            Entry(
                _l("Kurser"), "courses.index", Permission.COURSES_READ,
                ("courses", "teams", "team_edit", "participants", "seat_exchanges", "attendance", "certificates"),
            ),
            Entry(_l("Kursister"), "participant_lists.index", Permission.PARTICIPANTS_READ, ("participant_lists",)),
            Entry(
                _l("Arrangementer"), "events.index", Permission.EVENTS_READ,
                ("events", "registrations", "event_lists", "event_attendance", "event_letters"),
            ),
            Entry(
                _l("Tilmeldinger"), "registration_lists.index", Permission.REGISTRATIONS_READ, ("registration_lists",)
            ),
            Entry(_l("Breve"), LETTERS, Permission.MAILS_WRITE, ("mailings", "outbox")),
        ),
    ),
    _item(_l("Import"), "imports.index", Permission.IMPORTS_RUN, "imports"),
    _item(_l("Historik"), "history.index", Permission.HISTORY_READ, "history"),
    _item(
        _l("Administration"), "settings.index", Permission.SETTINGS_ADMIN,
        "settings", "programmes", "targets", "hours", "criteria", "factors", "themes", "meetings", "reminders", "users",
    ),
)  # fmt: skip


def menu_of(viewer: Viewer) -> list[dict[str, Any]]:
    """What the viewer finds in the menu: label, address, whether it is where she is, and the pages beneath it."""
    here = request.blueprint or ""
    shown = []
    for item in MENU:
        pages = [
            {
                "endpoint": entry.endpoint,
                "label": entry.label,
                "href": url_for(entry.endpoint),
                "is_current": here in entry.lights,
            }
            for entry in item.entries
            if viewer.may(entry.permission) and entry.endpoint in current_app.view_functions
        ]
        if not pages:
            continue
        is_current = any(page["is_current"] for page in pages)
        # With one page alone there is nothing to choose beneath it, and it goes by its own name.
        label = item.label if len(pages) > 1 else pages[0]["label"]
        beneath = pages if len(pages) > 1 and is_current else []
        for page in beneath:
            page["kept"] = count_outbox(viewer) if page["endpoint"] == LETTERS else 0
        shown.append({"label": label, "href": pages[0]["href"], "is_current": is_current, "pages": beneath})
    return shown
