"""What is done with courses, teams and participants. Whatever gives or frees a seat holds the team's row."""

from nbe.courses.actions.attendance import mark_attendance, mark_day, marks_of, set_days
from nbe.courses.actions.certificates import issue_certificate, withdraw_certificate
from nbe.courses.actions.days import add_day, edit_day, find_or_make_day, hold_day, remove_day
from nbe.courses.actions.exchanges import accept_seats, decline_seats, offer_seats, withdraw_seats
from nbe.courses.actions.following import rows_of_participant
from nbe.courses.actions.seats import (
    first_day,
    lapse_offers,
    last_day,
    lock_team,
    read_seats,
    refuse_ended,
    settle_team,
    waiting_list,
)
from nbe.courses.actions.sheets import find_or_make_team, find_team_named, note_answer
from nbe.courses.actions.signing_up import SignedUp, find_known, serves, sign_up_person
from nbe.courses.actions.steps import (
    cancel_seat,
    confirm_seat,
    edit_person,
    give_seat,
    hold,
    move_to_team,
    renew_link,
    undo_participant,
)
from nbe.courses.actions.teams import (
    edit_course,
    edit_team,
    find_course,
    make_course,
    make_team,
    remove_course,
    remove_team,
    restore_course,
    restore_team,
)
from nbe.courses.rules import CourseRefusedError

__all__ = [
    "CourseRefusedError",
    "SignedUp",
    "accept_seats",
    "add_day",
    "cancel_seat",
    "confirm_seat",
    "decline_seats",
    "edit_course",
    "edit_day",
    "edit_person",
    "edit_team",
    "find_course",
    "find_known",
    "find_or_make_day",
    "find_or_make_team",
    "find_team_named",
    "first_day",
    "give_seat",
    "hold",
    "hold_day",
    "issue_certificate",
    "lapse_offers",
    "last_day",
    "lock_team",
    "make_course",
    "make_team",
    "mark_attendance",
    "mark_day",
    "marks_of",
    "move_to_team",
    "note_answer",
    "offer_seats",
    "read_seats",
    "refuse_ended",
    "remove_course",
    "remove_day",
    "remove_team",
    "renew_link",
    "restore_course",
    "restore_team",
    "rows_of_participant",
    "serves",
    "set_days",
    "settle_team",
    "sign_up_person",
    "undo_participant",
    "waiting_list",
    "withdraw_certificate",
    "withdraw_seats",
]
