"""What was observed of the standards of service: of oneself, of one's people, and as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.errors import N_, Forbidden, NotFound
from complaints.domain.permissions import (
    PERMISSIONS,
    Actor,
    Permission,
    may_observe,
    superiors_of,
)
from complaints.models import Complaint, Observation, User
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.paging import at_most
from complaints.queries.people.lines import line_managers
from complaints.rulebook import RuleBook

#: Observations of a person on one page.
PAGE = 25
_HANDLING = [role.value for role, held in PERMISSIONS.items() if Permission.HANDLE in held]
_Correction, _Later = aliased(Observation), aliased(Observation)


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """One observation; `number` is the complaint's it was made on, `corrected_by` a later row."""

    id: int
    standard: str
    score: int
    words: str
    at: datetime
    by: str
    by_id: int
    follow_up_on: date | None
    number: str | None
    corrects_id: int | None
    corrected_by: int | None


@dataclass(frozen=True, slots=True)
class Observed:
    """Somebody whom one may observe: how often they were, when last, and what is to be followed."""

    id: int
    name: str
    role: str
    count: int
    latest: datetime | None
    follow_up_on: date | None


def person_observed(session: Session, leader: Actor, user_id: int) -> User:
    """Somebody whom this person may observe; raises NotFound and Forbidden."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(N_("This user does not exist."))
    superior = line_managers(session)
    if not may_observe(leader, user.actor, superiors_of(user.id, superior)):
        raise Forbidden(
            N_("Only supervisors of the branch and managers record and read these observations.")
        )
    return user


def people_observed(session: Session, leader: Actor, *, today: date) -> Sequence[Observed]:
    """The people whom this person may observe, by name, MOST_CHOICES at most."""
    users = session.scalars(
        select(User)
        .where(User.is_active.is_(True), User.role.in_(_HANDLING))
        .order_by(User.name, User.id)
    ).all()
    superior = line_managers(session)
    mine = [
        user for user in users if may_observe(leader, user.actor, superiors_of(user.id, superior))
    ][:MOST_CHOICES]
    counts: dict[int, Any] = {
        row.person_id: row
        for row in session.execute(
            select(
                Observation.person_id,
                func.count().label("many"),
                func.max(Observation.at).label("latest"),
                func.min(Observation.follow_up_on)
                .filter(Observation.follow_up_on >= today)
                .label("follow_up_on"),
            )
            .where(Observation.person_id.in_([each.id for each in mine]), _stands())
            .group_by(Observation.person_id)
        )
    }
    return [_observed(user, counts.get(user.id)) for user in mine]


def _observed(user: User, row: Row[Any] | None) -> Observed:
    if row is None:
        return Observed(user.id, user.name, user.role, 0, None, None)
    return Observed(user.id, user.name, user.role, row.many, row.latest, row.follow_up_on)


def list_observations(
    session: Session, rules: RuleBook, person_id: int, *, before: int | None = None
) -> Sequence[ObservationRow]:
    """What was observed of a person, newest first, PAGE + 1 at most; corrected ones as well."""
    query = _ROWS.where(Observation.person_id == person_id)
    if before is not None:
        query = query.where(Observation.id < before)
    query = query.order_by(Observation.id.desc()).limit(at_most(PAGE + 1))
    return [_row(row, rules) for row in session.execute(query)]


def observations_between(
    session: Session, rules: RuleBook, person_id: int, since: datetime, until: datetime
) -> Sequence[ObservationRow]:
    """What stands of a person's observations in a period, in order: evidence of competence.

    What was corrected is left out; its correction takes its place, dated when it was said.
    """
    query = _ROWS.where(
        Observation.person_id == person_id,
        Observation.at >= since,
        Observation.at < until,
        _stands(),
    )
    return [_row(row, rules) for row in session.execute(query.order_by(Observation.id))]


_ROWS: Any = (
    select(
        Observation.id,
        Observation.standard,
        Observation.score,
        Observation.words,
        Observation.at,
        Observation.by_name,
        Observation.by_id,
        Observation.follow_up_on,
        Observation.corrects_id,
        Complaint.id.label("about"),
        Complaint.year,
        _Correction.id.label("corrected_by"),
    )
    .outerjoin(Complaint, Complaint.id == Observation.about_id)
    .outerjoin(_Correction, _Correction.corrects_id == Observation.id)
)


def _stands() -> ColumnElement[bool]:
    """Whether nobody has said it anew."""
    return ~select(_Later.id).where(_Later.corrects_id == Observation.id).exists()


def _row(row: Row[Any], rules: RuleBook) -> ObservationRow:
    return ObservationRow(
        id=row.id,
        standard=row.standard,
        score=row.score,
        words=row.words,
        at=row.at,
        by=row.by_name,
        by_id=row.by_id,
        follow_up_on=row.follow_up_on,
        number=rules.numbers.write(row.year, row.about) if row.about else None,
        corrects_id=row.corrects_id,
        corrected_by=row.corrected_by,
    )
