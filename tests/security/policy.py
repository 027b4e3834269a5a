"""Who may use each route, read and agreed line by line; the tests walk the address map beside it.

A line says who gets in; everybody else gets the log-in (nobody signed in) or 403 (signed in), whatever
is asked for and whatever is sent. `owned`: the thing belongs to a municipality, so the other
municipality's is 404, as one that does not exist is, for all but the administrator. `joins`: the two
things an address names stand for themselves; else the second is a part of the first. `assigned`: the
screener gets in as well, but only where a screening is hers; the world's are not, so they are 404 to her.
"""

from __future__ import annotations

from dataclasses import dataclass

EVERYBODY = "anonymous, admin, leader, screener, partner"
SIGNED_IN = "admin, leader, screener, partner"
WORKERS = "admin, leader, screener"
WRITERS = "admin, leader"
ADMIN = "admin"
NOBODY = ""

READ = (200,)
GOES_ON = (302, 303)
CHANGED = (303, 302, 422)


@dataclass(frozen=True, slots=True)
class Line:
    """One route: who gets in, and the statuses they may get for their own."""

    who: str
    owned: bool = False
    get: tuple[int, ...] = READ
    post: tuple[int, ...] = CHANGED
    joins: bool = False
    assigned: bool = False

    def lets_in(self, session: str) -> bool:
        """Whether somebody with this session gets in ("leader A" is a leader)."""
        role = session.split()[0]
        return role in self.who.split(", ") or (self.assigned and role == "screener")


POLICY: dict[str, Line] = {
    # open to everybody
    "pages.healthz": Line(EVERYBODY),
    "pages.readyz": Line(EVERYBODY),
    "pages.accessibility": Line(EVERYBODY),
    "pages.choose": Line(EVERYBODY),
    # the door; who is signed in is sent home from the log-in
    "security.login": Line(EVERYBODY, get=(200, 302), post=(200, 302)),
    "security.logout": Line(EVERYBODY),
    "security.forgot_password": Line(EVERYBODY, get=(200, 302), post=(200, 302)),
    "security.reset_password": Line(EVERYBODY, get=GOES_ON, post=GOES_ON),
    "demo_login.sign_in": Line(EVERYBODY, post=(404,)),  # outside the demo nothing of the kind exists
    "account.invitation": Line(EVERYBODY, get=(404,)),  # a false token
    "account.accept": Line(EVERYBODY, post=(404,)),
    # one's own account
    "account.show": Line(SIGNED_IN),
    "account.rename": Line(SIGNED_IN),
    "account.change_password": Line(SIGNED_IN),
    "account.go_on": Line(SIGNED_IN, get=GOES_ON),  # nothing is kept
    "account.rights": Line(SIGNED_IN),
    "feeds.show": Line(SIGNED_IN),
    "feeds.renew": Line(SIGNED_IN),
    "feeds.drop": Line(SIGNED_IN),
    "feeds.read": Line(EVERYBODY, get=(404,)),  # a false key
    # figures: all municipalities, for all
    "overview.show": Line(SIGNED_IN),
    "overview.chart": Line(SIGNED_IN),
    "overview.as_csv": Line(SIGNED_IN),
    "overview.as_xlsx": Line(SIGNED_IN),
    "municipality.show": Line(SIGNED_IN),
    "gatherings.show": Line(SIGNED_IN),
    # lists: own municipality; the partner's is shorter (test_canaries)
    "exports.export_businesses": Line(SIGNED_IN),
    "exports.export_candidates": Line(SIGNED_IN),
    "businesses.index": Line(SIGNED_IN),
    "businesses.search": Line(SIGNED_IN),
    "pipeline.index": Line(SIGNED_IN),
    # one business, with its people: those who work with it
    "profiles.show": Line(WORKERS, owned=True),
    "businesses.look_up": Line(WRITERS),
    "businesses.new": Line(WRITERS),
    "businesses.create": Line(WRITERS),
    "businesses.edit": Line(WRITERS, owned=True),
    "businesses.save": Line(WRITERS, owned=True),
    "contacts.new": Line(WRITERS, owned=True),
    "contacts.create": Line(WRITERS, owned=True),
    "contacts.edit": Line(WRITERS, owned=True),
    "contacts.save": Line(WRITERS, owned=True),
    "contacts.ending": Line(WRITERS, owned=True),
    "contacts.end": Line(WRITERS, owned=True),
    "activities.noting": Line(WRITERS, owned=True),
    "activities.note": Line(WRITERS, owned=True),
    "activities.calling": Line(WRITERS, owned=True),
    "activities.call": Line(WRITERS, owned=True),
    "activities.undo": Line(WRITERS, owned=True),
    "memberships.show": Line(WRITERS, owned=True),
    "memberships.change": Line(WRITERS, owned=True),
    "memberships.undo": Line(WRITERS, owned=True),
    "merging.show": Line(WRITERS, owned=True),
    "merging.merge": Line(WRITERS, owned=True, post=(404,)),  # no other one was chosen
    "merging.undo": Line(WRITERS, owned=True, joins=True),
    "ceasing.show": Line(WRITERS, owned=True),
    "ceasing.cease": Line(WRITERS, owned=True),
    "ceasing.undo": Line(WRITERS, owned=True),
    # candidates
    "pipeline.show": Line(WORKERS, owned=True),
    "pipeline.pick": Line(WRITERS),
    "pipeline.name": Line(WRITERS),
    "moves.ask": Line(WRITERS, owned=True),
    "moves.move": Line(WRITERS, owned=True),
    "moves.preview": Line(WRITERS, get=GOES_ON),  # nobody was chosen
    "moves.move_many": Line(WRITERS),
    "moves.undo": Line(WRITERS, post=(404,)),  # nor any move
    "assessments.show": Line(WRITERS, owned=True),
    "assessments.save": Line(WRITERS, owned=True),
    "assessments.step": Line(WRITERS, owned=True),
    "assessments.call": Line(WRITERS, owned=True),
    "assessments.log": Line(WRITERS, owned=True),
    "assessments.undo_call": Line(WRITERS, owned=True),
    # measures, plans and looks; a screener writes where a screening is hers
    "measures.index": Line(WORKERS),
    "measures.export": Line(WORKERS),
    "measures.show": Line(WORKERS, owned=True),
    "measures.save": Line(WRITERS, owned=True, assigned=True),
    "measures.move": Line(WRITERS, owned=True, assigned=True),
    "measures.undo": Line(WRITERS, owned=True, assigned=True),
    "plans.show": Line(WORKERS, owned=True),
    "plans.save": Line(WRITERS, owned=True, assigned=True),
    "plans.undo": Line(WRITERS, owned=True, assigned=True),
    "plans.look": Line(WORKERS, owned=True),
    "plans.hold": Line(WRITERS, owned=True, assigned=True),
    "plans.undo_look": Line(WRITERS, owned=True, assigned=True),
    "proposals.remove": Line(WRITERS, owned=True, assigned=True),
    "proposals.bring_back": Line(WRITERS, owned=True, assigned=True),
    "proposals.new": Line(WRITERS, owned=True, assigned=True),
    "proposals.create": Line(WRITERS, owned=True, assigned=True),
    # events: seen by all who work here, changed by their host; their people by name by their own municipality alone
    "events.index": Line(WORKERS),
    "events.show": Line(WORKERS),
    "events.new": Line(WRITERS),
    "events.create": Line(WRITERS),
    "events.edit": Line(WRITERS, owned=True),
    "events.save": Line(WRITERS, owned=True),
    "events.cancel": Line(WRITERS, owned=True),
    "events.resume": Line(WRITERS, owned=True),
    "event_letters.show": Line(WRITERS),
    "event_letters.write": Line(WRITERS),
    "event_attendance.show": Line(WRITERS),
    "event_attendance.tick": Line(WRITERS, owned=True),
    "event_attendance.rest": Line(WRITERS),
    "registration_lists.index": Line(WORKERS),
    "registration_lists.export": Line(WORKERS),
    "event_lists.show": Line(WORKERS),
    "event_lists.as_text": Line(WORKERS),
    "event_lists.as_xlsx": Line(WORKERS),
    "event_lists.badges": Line(WORKERS, get=(200, 302)),  # of another municipality's event there are none to print
    "event_lists.calendar": Line(WORKERS),
    "answers.show": Line(EVERYBODY, get=(404,)),  # a false token
    "answers.save": Line(EVERYBODY, post=(404,)),
    "answers.calendar": Line(EVERYBODY, get=(404,)),
    "answers.open_form": Line(EVERYBODY, get=(404,)),
    "answers.sign_up": Line(EVERYBODY, post=(404,)),
    "answers.thanks": Line(EVERYBODY, get=(404,)),
    "registrations.new": Line(WRITERS),
    "registrations.create": Line(WRITERS),
    "registrations.show": Line(WORKERS, owned=True),
    "registrations.save": Line(WRITERS, owned=True),
    "registrations.link": Line(WRITERS, owned=True),
    "registrations.move": Line(WRITERS, owned=True),
    "registrations.undo": Line(WRITERS, owned=True),
    # reports: handed over for all, drafts for who works with them; who is not the second reader is told so
    "reports.index": Line(SIGNED_IN),
    "reports.of_screening": Line(SIGNED_IN, owned=True, get=GOES_ON),
    "reports.show": Line(SIGNED_IN, owned=True),
    "reports.edit": Line(WRITERS, owned=True, assigned=True, get=GOES_ON),  # the world's is handed over
    "reports.save": Line(WRITERS, owned=True, assigned=True, post=(409,)),
    "reports.print_page": Line(SIGNED_IN, owned=True),
    "reports.print_whole": Line(WORKERS, owned=True),
    "reports.as_pdf": Line(SIGNED_IN, owned=True),
    "reports.whole_pdf": Line(WORKERS, owned=True),
    "report_steps.begin": Line(WRITERS, owned=True, assigned=True),
    "report_steps.send": Line(WRITERS, owned=True, assigned=True, post=(409,)),  # no stand is sent
    "report_steps.take_back": Line(WRITERS, owned=True, assigned=True),
    "report_steps.approve": Line(WRITERS, owned=True, assigned=True, post=(409,)),
    "report_steps.send_back": Line(WRITERS, owned=True, assigned=True, post=(409,)),
    "report_steps.hand_over": Line(WRITERS, owned=True, assigned=True, post=(409,)),
    "report_steps.correct": Line(WRITERS, owned=True, assigned=True, post=(409,)),
    "report_steps.undo": Line(WRITERS, owned=True, assigned=True),
    # visits: agreed by those who plan, held by those at work there
    "screenings.index": Line(WORKERS),
    "screenings.export": Line(WORKERS),
    "screenings.show": Line(WORKERS, owned=True),
    "screenings.of_candidacy": Line(WORKERS, owned=True, get=GOES_ON),
    "screenings.comparison": Line(WORKERS, owned=True),
    "appointments.new": Line(WRITERS, owned=True),
    "appointments.create": Line(WRITERS, owned=True),
    "appointments.edit": Line(WRITERS, owned=True),
    "appointments.save": Line(WRITERS, owned=True),
    "visit_letters.calendar": Line(WORKERS, owned=True),
    "visit_letters.show": Line(WORKERS, owned=True),
    "visit_letters.send": Line(WRITERS, owned=True),
    "visit_steps.hold": Line(WRITERS, owned=True, assigned=True),
    "visit_steps.cancel": Line(WRITERS, owned=True),
    "visit_steps.undo": Line(WRITERS, owned=True, assigned=True),
    "report_pictures.show": Line(SIGNED_IN, owned=True),
    # the form of a visit
    "screening_form.worker": Line(EVERYBODY),  # a script without a word of anybody
    "screening_form.show": Line(WORKERS, owned=True),
    "screening_form.save": Line(WRITERS, owned=True, assigned=True),
    "screening_form.state": Line(WORKERS, owned=True),
    "screening_form.sync": Line(WRITERS, owned=True, assigned=True, post=(422,)),  # nothing was sent
    "screening_files.add": Line(WRITERS, owned=True, assigned=True, post=(422,)),  # nor any file
    "screening_files.show": Line(WORKERS, owned=True),
    "screening_files.small": Line(WORKERS, owned=True),
    # hours: figures for all, people and their hours where they work
    "resources.index": Line(SIGNED_IN),
    "resources.export": Line(SIGNED_IN),
    "resources.show": Line(WORKERS, owned=True),
    "resources.save": Line(WRITERS, owned=True),
    "resources.undo": Line(WRITERS, owned=True),
    "screeners.new": Line(WRITERS, owned=True),
    "screeners.create": Line(WRITERS, owned=True),
    "screeners.edit": Line(WRITERS, owned=True),
    "screeners.save": Line(WRITERS, owned=True),
    "screeners.retire": Line(WRITERS, owned=True),
    "screeners.use": Line(WRITERS, owned=True),
    # courses: teams and seats for all who work; people for their own municipality; courses are the secretariat's
    "courses.index": Line(WORKERS),
    "participant_lists.index": Line(WORKERS),
    "participant_lists.export": Line(WORKERS),
    "courses.new": Line(ADMIN),
    "courses.create": Line(ADMIN),
    "courses.edit": Line(ADMIN),
    "courses.save": Line(ADMIN),
    "course_removal.remove_team": Line(ADMIN),
    "course_removal.restore_team": Line(ADMIN, post=(404,)),  # nothing was taken away
    "course_removal.remove_course": Line(ADMIN),
    "course_removal.restore_course": Line(ADMIN, post=(404,)),
    "course_links.calendar": Line(EVERYBODY, get=(404,)),
    "teams.calendar": Line(WORKERS),
    "teams.show": Line(WORKERS),
    "teams.sign_up": Line(WRITERS),
    "teams.write": Line(WRITERS),
    "team_edit.new_team": Line(ADMIN),
    "team_edit.create_team": Line(ADMIN),
    "team_edit.edit_team": Line(ADMIN),
    "team_edit.save_team": Line(ADMIN),
    "team_edit.new_day": Line(ADMIN),
    "team_edit.create_day": Line(ADMIN),
    "team_edit.edit_day": Line(ADMIN),
    "team_edit.save_day": Line(ADMIN),
    "team_edit.remove_day": Line(ADMIN),
    "participants.show": Line(WORKERS, owned=True),
    "participants.save": Line(WRITERS, owned=True),
    "participants.confirm": Line(WRITERS, owned=True),
    "participants.cancel": Line(WRITERS, owned=True),
    "participants.seat": Line(WRITERS, owned=True),
    "participants.move": Line(WRITERS, owned=True),
    "participants.undo": Line(WRITERS, owned=True),
    "participants.renew": Line(WRITERS, owned=True),
    "course_links.show": Line(EVERYBODY, get=(404,)),  # false tokens
    "course_links.answer": Line(EVERYBODY, post=(404,)),
    "course_links.invited": Line(EVERYBODY, get=(404,)),
    "course_links.sign_up": Line(EVERYBODY, post=(404,)),
    "attendance.show": Line(WRITERS),
    "attendance.save": Line(WRITERS),
    "attendance.printed": Line(WORKERS),
    "attendance.export": Line(WORKERS),
    "certificates.issue": Line(WRITERS, owned=True),
    "certificates.withdraw": Line(WRITERS, owned=True),
    "certificates.issue_all": Line(WRITERS),
    "certificates.write": Line(WRITERS),
    "certificates.as_pdf": Line(WORKERS, owned=True, get=(404,)),  # none is issued
    "certificates.all_as_pdf": Line(WORKERS, get=GOES_ON),
    "certificates.by_link": Line(EVERYBODY, get=(404,)),
    "seat_exchanges.offer": Line(WRITERS),
    "seat_exchanges.accept": Line(ADMIN + ", leader", owned=True, post=(303, 404)),  # offered to a third one
    "seat_exchanges.decline": Line(ADMIN + ", leader", owned=True, post=(303, 404)),
    "seat_exchanges.withdraw": Line(WRITERS, owned=True),
    "loans.index": Line(WORKERS),
    "loans.show": Line(WORKERS, owned=True),
    "loans.step": Line(WRITERS, owned=True),
    "loans.undo": Line(WRITERS, owned=True),
    "loans.offering": Line(WRITERS, owned=True),
    "loans.offer": Line(WRITERS, owned=True),
    "loans.requesting": Line(WRITERS, owned=True),
    "loans.ask": Line(WRITERS, owned=True),
    "pages.start": Line(SIGNED_IN, get=GOES_ON),
    "day.show": Line(WORKERS),
    # history
    "history.index": Line(WORKERS),
    # letters and the outbox; the world's has been sent, and one copy of it has failed
    "mailings.index": Line(WRITERS),
    "mailings.show": Line(WRITERS, owned=True),
    "mailings.progress": Line(WRITERS, owned=True),
    "mailings.edit": Line(WRITERS, owned=True, get=GOES_ON),
    "mailings.save": Line(WRITERS, owned=True, post=(409,)),
    "mailings.send": Line(WRITERS, owned=True),
    "mailings.drop": Line(WRITERS, owned=True),
    "mailings.send_again": Line(WRITERS, owned=True),
    "outbox.index": Line(WRITERS),
    "outbox.send": Line(WRITERS),
    "outbox.leave_out": Line(WRITERS, owned=True),
    "outbox.bring_back": Line(WRITERS, owned=True),
    "outbox.send_again": Line(WRITERS, owned=True),
    "outbox.settle": Line(WRITERS, owned=True),
    "outbox.unsettle": Line(WRITERS, owned=True),
    "subscriptions.show": Line(EVERYBODY, get=(404,)),  # a false token
    "subscriptions.leave": Line(EVERYBODY, post=(404,)),
    "subscriptions.come_back": Line(EVERYBODY, post=(404,)),
    # imports
    "imports.index": Line(WRITERS),
    "imports.upload": Line(WRITERS),
    "imports.show": Line(WRITERS, owned=True),
    "imports.progress": Line(WRITERS, owned=True),
    "imports.columns": Line(WRITERS, owned=True),
    "imports.choose": Line(WRITERS, owned=True),
    "imports.confirm": Line(WRITERS, owned=True),
    "imports.again": Line(WRITERS, owned=True),
    "imports.undo": Line(WRITERS, owned=True),
    "imports.drop": Line(WRITERS, owned=True),
    "imports.bad_rows": Line(WRITERS, owned=True),
    # administration
    "settings.index": Line(ADMIN),
    "settings.edit": Line(ADMIN),
    "settings.save": Line(ADMIN),
    "programmes.index": Line(ADMIN),
    "programmes.new": Line(ADMIN),
    "programmes.create": Line(ADMIN),
    "programmes.edit": Line(ADMIN),
    "programmes.save": Line(ADMIN),
    "programmes.undo": Line(ADMIN),
    "targets.edit": Line(ADMIN),
    "targets.save": Line(ADMIN),
    "targets.undo": Line(ADMIN),
    "hours.index": Line(ADMIN),
    "hours.edit": Line(ADMIN),
    "hours.save": Line(ADMIN),
    "hours.undo": Line(ADMIN),
    "criteria.index": Line(ADMIN),
    "criteria.new": Line(ADMIN),
    "criteria.create": Line(ADMIN),
    "criteria.edit": Line(ADMIN),
    "criteria.save": Line(ADMIN),
    "criteria.move_up": Line(ADMIN),
    "criteria.move_down": Line(ADMIN),
    "criteria.use": Line(ADMIN),
    "criteria.retire": Line(ADMIN),
    "criteria.delete": Line(ADMIN),
    "criteria.restore": Line(ADMIN, post=(404,)),
    "factors.index": Line(ADMIN),
    "factors.new": Line(ADMIN),
    "factors.create": Line(ADMIN),
    "factors.retire": Line(ADMIN),
    "factors.use": Line(ADMIN),
    "reminders.edit": Line(ADMIN),
    "reminders.save": Line(ADMIN),
    "themes.index": Line(ADMIN),
    "themes.edit": Line(ADMIN),
    "themes.save": Line(ADMIN),
    "meetings.index": Line(ADMIN),
    "meetings.new": Line(ADMIN),
    "meetings.create": Line(ADMIN),
    "meetings.edit": Line(ADMIN),
    "meetings.save": Line(ADMIN),
    "meetings.delete": Line(ADMIN),
    "meetings.restore": Line(ADMIN, post=(404,)),
    # users
    "users.index": Line(ADMIN),
    "users.new": Line(ADMIN),
    "users.invite": Line(ADMIN),
    "users.edit": Line(ADMIN),
    "users.save": Line(ADMIN),
    "users.invite_again": Line(ADMIN, post=(200,)),  # without mail the link is shown
}


def expected(line: Line, who: str, case: str, method: str) -> tuple[int, ...]:
    """The statuses a request may be answered with; the methods no route serves are 405 for everybody."""
    reads = method in ("GET", "HEAD")
    if line.assigned and who.startswith("screener"):
        return (404,)
    if not line.lets_in(who):
        if who == "anonymous":
            return (302,) if reads else (401,)
        return (403,)
    is_foreign = case in ("other", "mixed") and line.owned and who != "admin"
    if case == "missing" or is_foreign or (case == "mixed" and not line.joins):
        return (404,)
    return line.get if reads else line.post
