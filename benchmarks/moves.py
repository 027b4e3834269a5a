"""Moving one candidate, beside a raw transaction that inserts one ledger row and updates the totals."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from benchmarks.data import TODAY, Instance
from benchmarks.report import Line, Report
from benchmarks.timing import series

_NOTE = "one transaction in raw SQL: the ledger row, four totals"
_DAY = dt.date.fromisoformat(TODAY)
_LEDGER = (
    "INSERT INTO ledger (kind, business_id, programme_id, municipality_code, from_code, to_code, happened_on,"
    " recorded_at) VALUES ('stage', ?, ?, ?, ?, ?, ?, ?)"
)
_PLACE = (
    "SELECT c.business_id, c.programme_id, b.municipality_code, c.stage FROM candidacy c"
    " JOIN business b ON b.id = c.business_id WHERE c.id = ?"
)
_TOTAL = (
    "INSERT INTO total (programme_id, grain, key, starts_on, municipality_code, delta) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (programme_id, grain, key, starts_on, municipality_code) DO UPDATE SET delta = delta + excluded.delta"
)
_PRAGMAS = ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-32000")


def _movable(instance: Instance) -> Iterator[int]:
    """Candidates at the first stages, each to be moved once."""
    from nbe.core.database import db
    from nbe.models import Candidacy
    from nbe.models.states import STAGES_IN_ORDER

    with instance.app.app_context():
        statement = sa.select(Candidacy.id).where(Candidacy.stage.in_(STAGES_IN_ORDER[:3])).order_by(Candidacy.id)
        ids = db.session.scalars(statement.limit(1000)).all()
        db.session.remove()
    return iter(ids)


class Mover:
    """Moves candidates of one service to their next stage."""

    def __init__(self, instance: Instance, ids: Iterator[int]) -> None:
        self.instance, self.ids = instance, ids

    def move(self) -> None:
        """What the service does with one move, through the commit."""
        from nbe.core.database import db, writing
        from nbe.models import Candidacy
        from nbe.models.states import STAGES_IN_ORDER
        from nbe.pipeline.actions import move_to_stage
        from nbe.pipeline.rules import Wish

        with self.instance.app.app_context(), writing():
            candidacy = db.session.get_one(Candidacy, next(self.ids))
            to = STAGES_IN_ORDER[candidacy.stage.position + 1]
            move_to_stage(candidacy, Wish(to, _DAY), user_id=None)
            db.session.commit()


class RawMover:
    """The floor: the same rows, written with the driver."""

    def __init__(self, instance: Instance, ids: Iterator[int]) -> None:
        self.ids = ids
        self.connection = sqlite3.connect(instance.path, isolation_level=None)
        for pragma in _PRAGMAS:
            self.connection.execute(f"PRAGMA {pragma}")

    def move(self) -> None:
        """One ledger row, and the totals of its day and week where it leaves and where it comes."""
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        business, programme, municipality, before = run(_PLACE, (next(self.ids),)).fetchone()
        day, week = _DAY.isoformat(), (_DAY - dt.timedelta(days=_DAY.weekday())).isoformat()
        run(_LEDGER, (business, programme, municipality, before, "suitable", day, f"{day} 10:00:00.000000"))
        for key, n in ((f"stage:{before}", -1), ("stage:suitable", 1)):
            run(_TOTAL, (programme, "D", key, day, municipality, n))
            run(_TOTAL, (programme, "W", key, week, municipality, n))
        run("COMMIT")


def measure(instances: Sequence[Instance], rounds: int, report: Report) -> None:
    """A move and its floor at every size, in turn."""
    calls = {}
    raws = []
    for instance in instances:
        ids = _movable(instance)
        raws.append(RawMover(instance, ids))
        calls[f"move {instance.size}"] = Mover(instance, ids).move
        calls[f"floor {instance.size}"] = raws[-1].move
    found = series(calls, rounds, warm_up=1)
    for raw in raws:
        raw.connection.close()
    for instance in instances:
        value, floor = found[f"move {instance.size}"], found[f"floor {instance.size}"]
        report.lines.append(Line("Move of one candidate", instance.size, value, floor, note=_NOTE))
