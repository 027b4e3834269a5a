"""courses with teams and participants, events with those who come, mails and calendars"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = ("theme_meeting", "inspiration_group", "get_together", "coordination_meeting")
COLUMNS = ("link_key", "is_hidden", "cancelled_on", "sign_up_until", "seats", "municipality_code", "description")
COLUMNS += ("place", "minutes", "starts_at")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def upgrade() -> None:
    op.create_table(
        "unsubscription",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_unsubscription")),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_course_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("programme_id", "title", name=op.f("uq_course_programme_id_title")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_feed_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
        sa.UniqueConstraint("user_id", name=op.f("uq_calendar_feed_user_id")),
    )
    op.create_table(
        "event_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("speaker", sa.String(length=200), nullable=False),
        sa.CheckConstraint("begins BETWEEN 0 AND 1439", name=op.f("ck_event_item_begins")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_item_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_item")),
    )
    with op.batch_alter_table("event_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_item_event_id"), ["event_id"], unique=False)

    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_service", sa.Boolean(), nullable=False),
        sa.Column("municipality_code", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_mailing_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mailing_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mailing_created_at_id"), ["created_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mailing_municipality_code"), ["municipality_code"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mailing_subject_kind_subject_id"), ["subject_kind", "subject_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mailing_user_id"), ["user_id"], unique=False)

    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 60", name=op.f("ck_team_answer_days")),
        sa.CheckConstraint("seats BETWEEN 0 AND 999", name=op.f("ck_team_seats")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_team_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("course_id", "name", name=op.f("uq_team_course_id_name")),
    )
    op.create_table(
        "course_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_course_day_minutes")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_course_day_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_day")),
        sa.UniqueConstraint("team_id", "number", name=op.f("uq_course_day_team_id_number")),
    )
    with op.batch_alter_table("course_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_day_held_on"), ["held_on"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "signed_up",
                "waiting",
                "confirmed",
                "attended",
                "partly",
                "absent",
                "cancelled",
                "certified",
                name="participant_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("state_since_on", sa.Date(), nullable=False),
        sa.Column("place_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_key", sa.String(length=36), nullable=False),
        sa.Column("certificate_on", sa.Date(), nullable=True),
        sa.Column("certificate_number", sa.String(length=24), nullable=True),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_participant_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_participant_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_participant_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("certificate_number", name=op.f("uq_participant_certificate_number")),
        sa.UniqueConstraint("link_key", name=op.f("uq_participant_link_key")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_municipality_code"), ["municipality_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_participant_team_id_email"), ["team_id", "email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_participant_team_id_state_place_at"), ["team_id", "state", "place_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_participant_user_id"), ["user_id"], unique=False)

    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "signed_up",
                "waiting",
                "attended",
                "absent",
                "declined",
                name="registration_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("state_since_on", sa.Date(), nullable=False),
        sa.Column("place_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link_key", sa.String(length=36), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_registration_business_id_business")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_registration_contact_id_contact")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_registration_event_id_event")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_registration_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_registration_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("link_key", name=op.f("uq_registration_link_key")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_business_id"), ["business_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_event_id_email"), ["event_id", "email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_registration_event_id_state_place_at"), ["event_id", "state", "place_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_registration_municipality_code"), ["municipality_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_user_id"), ["user_id"], unique=False)

    op.create_table(
        "seat_exchange",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("from_code", sa.Integer(), nullable=False),
        sa.Column("to_code", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "accepted",
                "declined",
                "withdrawn",
                name="exchange_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_seat_exchange_seats")),
        sa.CheckConstraint("to_code IS NULL OR from_code <> to_code", name=op.f("ck_seat_exchange_two_municipalities")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_seat_exchange_answered_by_id_user")),
        sa.ForeignKeyConstraint(
            ["from_code"], ["municipality.code"], name=op.f("fk_seat_exchange_from_code_municipality")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_seat_exchange_team_id_team")),
        sa.ForeignKeyConstraint(["to_code"], ["municipality.code"], name=op.f("fk_seat_exchange_to_code_municipality")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_seat_exchange_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_exchange")),
    )
    with op.batch_alter_table("seat_exchange", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_exchange_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_exchange_from_code"), ["from_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_exchange_team_id"), ["team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_exchange_to_code"), ["to_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_exchange_user_id"), ["user_id"], unique=False)

    op.create_table(
        "team_municipality",
        sa.Column("team_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_code", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.CheckConstraint("seats BETWEEN 0 AND 999", name=op.f("ck_team_municipality_seats")),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_team_municipality_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_municipality_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "municipality_code", name=op.f("pk_team_municipality")),
    )
    with op.batch_alter_table("team_municipality", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_municipality_municipality_code"), ["municipality_code"], unique=False)

    op.create_table(
        "day_mark",
        sa.Column("participant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_signed_up", sa.Boolean(), nullable=False),
        sa.Column("was_there", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["day_id"], ["course_day.id"], name=op.f("fk_day_mark_day_id_course_day")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_day_mark_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("participant_id", "day_id", name=op.f("pk_day_mark")),
    )
    with op.batch_alter_table("day_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_day_mark_day_id"), ["day_id"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "queued",
                "sending",
                "sent",
                "failed",
                "kept",
                "stopped",
                name="mail_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=400), nullable=False),
        sa.Column("attachment_name", sa.String(length=120), nullable=False),
        sa.Column("attachment", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"], name=op.f("fk_mail_mailing_id_mailing")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_mail_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_mail_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_mailing_id_state"), ["mailing_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_state_next_try_at"), ["state", "next_try_at"], unique=False)

    with op.batch_alter_table("event") as table:
        table.add_column(sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("minutes", sa.Integer(), nullable=True))
        table.add_column(sa.Column("place", sa.String(length=300), nullable=False, server_default=""))
        table.add_column(sa.Column("description", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("municipality_code", sa.Integer(), nullable=True))
        table.add_column(sa.Column("seats", sa.Integer(), nullable=True))
        table.add_column(sa.Column("sign_up_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("cancelled_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("link_key", sa.String(length=36), nullable=True))
        table.drop_constraint(op.f("ck_event_event_kind"), type_="check")
        table.create_check_constraint(op.f("ck_event_event_kind"), f"kind IN ({_listed(KINDS)})")
        table.create_check_constraint(op.f("ck_event_minutes"), "minutes BETWEEN 1 AND 1440")
        table.create_check_constraint(op.f("ck_event_seats"), "seats BETWEEN 0 AND 9999")
        table.create_index(op.f("ix_event_held_on"), ["held_on"], unique=False)
        table.create_index(op.f("ix_event_municipality_code"), ["municipality_code"], unique=False)
        table.create_unique_constraint(op.f("uq_event_link_key"), ["link_key"])
        table.create_foreign_key(
            op.f("fk_event_municipality_code_municipality"), "municipality", ["municipality_code"], ["code"]
        )
    with op.batch_alter_table("event") as table:
        for name, kind in (("place", sa.String(length=300)), ("description", sa.Text()), ("is_hidden", sa.Boolean())):
            table.alter_column(name, existing_type=kind, server_default=None)


def downgrade() -> None:
    """Courses, events but the coordination group's, and mails go: the schema before does not know of them."""

    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_state_next_try_at"))
        batch_op.drop_index(batch_op.f("ix_mail_registration_id"))
        batch_op.drop_index(batch_op.f("ix_mail_participant_id"))
        batch_op.drop_index(batch_op.f("ix_mail_mailing_id_state"))

    op.drop_table("mail")
    with op.batch_alter_table("day_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_day_mark_day_id"))

    op.drop_table("day_mark")
    with op.batch_alter_table("team_municipality", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_municipality_municipality_code"))

    op.drop_table("team_municipality")
    with op.batch_alter_table("seat_exchange", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_exchange_user_id"))
        batch_op.drop_index(batch_op.f("ix_seat_exchange_to_code"))
        batch_op.drop_index(batch_op.f("ix_seat_exchange_team_id"))
        batch_op.drop_index(batch_op.f("ix_seat_exchange_from_code"))
        batch_op.drop_index(batch_op.f("ix_seat_exchange_answered_by_id"))

    op.drop_table("seat_exchange")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_user_id"))
        batch_op.drop_index(batch_op.f("ix_registration_municipality_code"))
        batch_op.drop_index(batch_op.f("ix_registration_event_id_state_place_at"))
        batch_op.drop_index(batch_op.f("ix_registration_event_id_email"))
        batch_op.drop_index(batch_op.f("ix_registration_contact_id"))
        batch_op.drop_index(batch_op.f("ix_registration_business_id"))

    op.drop_table("registration")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_user_id"))
        batch_op.drop_index(batch_op.f("ix_participant_team_id_state_place_at"))
        batch_op.drop_index(batch_op.f("ix_participant_team_id_email"))
        batch_op.drop_index(batch_op.f("ix_participant_municipality_code"))

    op.drop_table("participant")
    with op.batch_alter_table("course_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_day_held_on"))

    op.drop_table("course_day")
    op.drop_table("team")
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mailing_user_id"))
        batch_op.drop_index(batch_op.f("ix_mailing_subject_kind_subject_id"))
        batch_op.drop_index(batch_op.f("ix_mailing_municipality_code"))
        batch_op.drop_index(batch_op.f("ix_mailing_created_at_id"))

    op.drop_table("mailing")
    with op.batch_alter_table("event_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_item_event_id"))

    op.drop_table("event_item")
    op.drop_table("calendar_feed")
    op.drop_table("course")
    op.drop_table("unsubscription")
    op.execute("DELETE FROM event WHERE kind <> 'coordination_meeting'")
    with op.batch_alter_table("event") as table:
        table.drop_constraint(op.f("fk_event_municipality_code_municipality"), type_="foreignkey")
        table.drop_constraint(op.f("uq_event_link_key"), type_="unique")
        table.drop_index(op.f("ix_event_municipality_code"))
        table.drop_index(op.f("ix_event_held_on"))
        for name in ("event_kind", "minutes", "seats"):
            table.drop_constraint(op.f(f"ck_event_{name}"), type_="check")
        table.create_check_constraint(op.f("ck_event_event_kind"), f"kind IN ({_listed(KINDS[-1:])})")
        for name in COLUMNS:
            table.drop_column(name)
