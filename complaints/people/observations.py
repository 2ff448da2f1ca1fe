"""Record how somebody keeps a standard of service; what was wrong is said anew, never changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid, Stale
from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.words.length import require_at_most
from complaints.domain.words.substance import require_substance
from complaints.models import Observation
from complaints.outbox.queue import notify
from complaints.queries.lists.worklist import find_number
from complaints.queries.people.observations import person_observed
from complaints.rulebook import current_rules

#: From "not yet" to "exemplary".
SCORES = range(1, 5)
#: So many characters say what was seen and agreed.
LONGEST = 2_000
#: A follow-up farther away than this was mistyped.
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ObservationGiven:
    """What was observed; `number` is of the complaint, `corrects` the row that this says anew."""

    standard: str
    score: int | None
    words: str
    follow_up_on: date | None = None
    number: str = ""
    corrects: int | None = None


def record_observation(
    session: Session,
    person_id: int,
    given: ObservationGiven,
    *,
    by: Actor,
    at: datetime,
    today: date,
) -> Observation:
    """Record it and tell the person; the caller commits.

    Raises Forbidden for whoever may not observe this person, Invalid for what cannot be recorded,
    and Stale where the row to correct has been corrected already.
    """
    require(by, Permission.OBSERVE)
    person = person_observed(session, by, person_id)
    rules = current_rules(session)
    known = {each.id for each in rules.scripts.standards}
    if given.standard not in known:
        raise Invalid(N_("Choose the standard that you observed."), field="standard")
    if given.score not in SCORES:
        raise Invalid(N_("Choose how well the standard was kept."), field="score")
    words = require_substance(
        given.words, N_("Write what you saw and what you agreed on."), field="words"
    )
    require_at_most(words, LONGEST, field="words")
    if given.follow_up_on is not None and not today <= given.follow_up_on <= today + FARTHEST:
        raise Invalid(
            N_("The date to follow up must lie ahead, within a year."), field="follow_up_on"
        )
    row = Observation(
        person_id=person.id,
        by_id=by.id,
        by_name=by.name,
        at=at,
        about_id=_complaint(session, by, given.number),
        standard=given.standard,
        score=given.score,
        words=words,
        follow_up_on=given.follow_up_on,
        corrects_id=_corrected(session, person.id, given.corrects),
    )
    session.add(row)
    session.flush()
    facts = {"by": by.name}
    notify(session, "observed", [(f"observed:{row.id}", person, facts)], complaint_id=None, at=at)
    return row


def _complaint(session: Session, by: Actor, typed: str) -> int | None:
    """The complaint it was observed on, where one is named that the observer may see."""
    if not typed.strip():
        return None
    number = find_number(session, by, typed)
    read = current_rules(session).numbers.read(number) if number else None
    if read is None:
        raise Invalid(
            N_("There is no complaint %(number)s that you may see."),
            field="number",
            number=typed.strip()[:40],
        )
    return read[1]


def _corrected(session: Session, person_id: int, corrects: int | None) -> int | None:
    """The row to be said anew: of the same person, and not said anew before."""
    if corrects is None:
        return None
    earlier = session.scalar(
        select(Observation).where(Observation.id == corrects).with_for_update(key_share=True)
    )
    if earlier is None or earlier.person_id != person_id:
        raise Invalid(N_("There is no such observation to correct."), field="corrects")
    later = select(Observation.by_name).where(Observation.corrects_id == corrects)
    name = session.scalar(later)
    if name is not None:
        raise Stale(N_("%(name)s has already corrected this observation."), name=name)
    return corrects
