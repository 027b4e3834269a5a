"""The pages of courses, those that only the secretariat opens and those of signed links among them."""

from __future__ import annotations

import re

import sqlalchemy as sa

from nbe.core.database import db
from nbe.courses.letters import link_of, team_link
from nbe.models import Participant


def course_places(code: int = 849) -> list[str]:
    """One of each kind, with the story's first person of a municipality."""
    person = db.session.scalars(sa.select(Participant).where(Participant.municipality_code == code)).first()
    assert person is not None
    team, day = person.team, person.team.days[0]
    course = f"/kurser/{team.course_id}"
    places = ["/kurser", "/kurser/nyt", f"{course}/rediger", f"{course}/hold/nyt", f"/kurser/dage/{day.id}"]
    places += [f"/kurser/hold/{team.id}{page}" for page in ("", "/rediger", "/dage/ny", "/liste")]
    places += [f"/kurser/dage/{day.id}/fremmoede", f"/kursister/{person.id}", "/deltager/falsk"]
    links = (link_of(person), team_link(team, code))
    return [*places, *(re.sub(r"^https?://[^/]+", "", link) for link in links)]
