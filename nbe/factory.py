"""Putting the application together. Knows all features; known by none."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask

from nbe.core import assets, csrf, errors, headers, logs
from nbe.core.database import init_database
from nbe.core.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent

# module:blueprint of every feature with pages
_FEATURES = (
    "nbe.dashboards.routes:bp",
    "nbe.dashboards.municipality:bp",
    "nbe.dashboards.day_routes:bp",
    "nbe.dashboards.gatherings:bp",
    "nbe.history.routes:bp",
    "nbe.businesses.routes:bp",
    "nbe.businesses.contact_routes:bp",
    "nbe.businesses.activity_routes:bp",
    "nbe.businesses.membership_routes:bp",
    "nbe.profiles.routes:bp",
    "nbe.pipeline.routes:bp",
    "nbe.pipeline.move_routes:bp",
    "nbe.pipeline.assessment_routes:bp",
    "nbe.pipeline.merge_routes:bp",
    "nbe.pipeline.cease_routes:bp",
    "nbe.measures.routes:bp",
    "nbe.measures.proposal_routes:bp",
    "nbe.measures.plan_routes:bp",
    "nbe.events.routes:bp",
    "nbe.events.registration_routes:bp",
    "nbe.events.invitation_routes:bp",
    "nbe.events.answer_routes:bp",
    "nbe.events.attendance_routes:bp",
    "nbe.events.list_routes:bp",
    "nbe.events.listing_routes:bp",
    "nbe.feeds.routes:bp",
    "nbe.screenings.reports.routes:bp",
    "nbe.screenings.reports.step_routes:bp",
    "nbe.screenings.reports.picture_routes:bp",
    "nbe.screenings.form_routes:bp",
    "nbe.screenings.files.routes:bp",
    "nbe.screenings.routes:bp",
    "nbe.screenings.appointments.routes:bp",
    "nbe.screenings.appointments.step_routes:bp",
    "nbe.resources.routes:bp",
    "nbe.resources.screener_routes:bp",
    "nbe.mails.routes:bp",
    "nbe.mails.copy_routes:bp",
    "nbe.mails.leave_routes:bp",
    "nbe.screenings.appointments.letter_routes:bp",
    "nbe.courses.routes:bp",
    "nbe.courses.team_routes:bp",
    "nbe.courses.listing_routes:bp",
    "nbe.courses.edit_routes:bp",
    "nbe.courses.participant_routes:bp",
    "nbe.courses.exchange_routes:bp",
    "nbe.courses.link_routes:bp",
    "nbe.courses.attendance_routes:bp",
    "nbe.courses.certificate_routes:bp",
    "nbe.resources.loan_routes:bp",
    "nbe.courses.removal_routes:bp",
    "nbe.imports.routes:bp",
    "nbe.imports.export_routes:bp",
    "nbe.administration.settings:bp",
    "nbe.administration.programmes:bp",
    "nbe.administration.targets:bp",
    "nbe.administration.hours:bp",
    "nbe.administration.criteria:bp",
    "nbe.administration.factors:bp",
    "nbe.administration.meetings:bp",
    "nbe.administration.reminders:bp",
    "nbe.administration.themes:bp",
)

# Rooms that remind of something some days before.
_REMINDING = ("nbe.screenings.reminding", "nbe.courses.reminding", "nbe.events.reminding")


def build_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Settings, database, doors, features, pages; refuses a route without a declared permission."""
    app = Flask(
        "nbe",
        root_path=str(ROOT / "nbe"),
        instance_path=str(ROOT / "instance"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    app.config["MIGRATIONS_DIRECTORY"] = str(ROOT / "migrations")
    load_settings(app, config)
    init_database(app)
    logs.init_logs(app)
    headers.init_headers(app)
    errors.init_errors(app)
    csrf.init_csrf(app)
    assets.init_assets(app)
    _init_features(app)
    return app


def _init_features(app: Flask) -> None:
    from nbe import accounts, cli
    from nbe.access import refuse_undeclared_routes
    from nbe.access.changes import init_changes
    from nbe.access.limits import init_limits
    from nbe.access.trail import init_trail
    from nbe.demo.story_day import init_story_day
    from nbe.events.actions.invitations import init_events
    from nbe.mails.jobs import init_jobs
    from nbe.mails.leave_routes import init_one_click
    from nbe.pages import init_pages

    init_story_day(app)
    init_changes()
    init_limits(app)
    init_trail(app)
    init_jobs()
    init_one_click(app)
    for room in _REMINDING:
        import_module(room).init_reminders()
    init_events()
    accounts.init_accounts(app)
    init_pages(app)
    for address in _FEATURES:
        module, name = address.split(":")
        app.register_blueprint(getattr(import_module(module), name))
    cli.init_commands(app)
    _register_jobs()
    refuse_undeclared_routes(app)


def _register_jobs() -> None:
    """What is done every so often, beside mails."""
    from nbe.courses.actions import lapse_offers
    from nbe.mails.jobs import register_periodic

    register_periodic("course_offers", lapse_offers, minutes=10)
