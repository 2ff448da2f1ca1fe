"""Who gets reports by email, and whose somebody may choose."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, NotFound
from complaints.domain.permissions import Actor, Permission, may_note_for, superiors_of
from complaints.models import OutboxMessage, ReportMail, User
from complaints.queries.people.lines import line_managers
from complaints.rulebook import RuleBook


class Reader(NamedTuple):
    """Somebody who may read reports."""

    id: int
    name: str


class MailRow(NamedTuple):
    """A report by email as it was chosen; `chosen_by` is None where it was the reader."""

    rhythm: str
    day: int
    division: str
    with_outcomes: bool
    next_at: datetime
    chosen_by: str | None


def may_get_reports(actor: Actor) -> bool:
    """Whether reports are for this person at all."""
    return actor.has(Permission.REPORTS)


def reader_named(session: Session, by: Actor, user_id: int) -> User:
    """The reader for whom somebody chooses: themselves, or one of their people.

    Raises NotFound for everybody else, so that nobody learns who there is.
    """
    user = session.get(User, user_id)
    if user is None or not user.is_active or not may_get_reports(user.actor):
        raise NotFound(_NOBODY)
    if user.id != by.id:
        above = superiors_of(user.id, line_managers(session))
        if not may_note_for(by, user.actor, above):
            raise NotFound(_NOBODY)
    return user


def readers_led(session: Session, by: Actor) -> Sequence[Reader]:
    """The people of whoever leads some who read reports, by name."""
    if not by.has(Permission.LEAD):
        return []
    superior = line_managers(session)
    query = select(User).where(User.is_active.is_(True)).order_by(User.name, User.id)
    return [
        Reader(user.id, user.name)
        for user in session.scalars(query)
        if may_get_reports(user.actor)
        and may_note_for(by, user.actor, superiors_of(user.id, superior))
    ]


def report_mails_of(session: Session, user_id: int) -> Mapping[str, MailRow]:
    """Rhythm → what a person gets."""
    query = (
        select(ReportMail, User.name)
        .join(User, User.id == ReportMail.chosen_by_id)
        .where(ReportMail.user_id == user_id)
    )
    return {
        row.rhythm: MailRow(
            row.rhythm,
            row.day,
            row.division,
            row.with_outcomes,
            row.next_at,
            None if row.chosen_by_id == user_id else name,
        )
        for row, name in session.execute(query)
    }


def report_key(user_id: int, rhythm: str, to_on: date) -> str:
    """The key of the letter with a reader's report to this day: it is written once, whatever
    becomes of their choices."""
    return f"report:{user_id}:{rhythm}:{to_on.isoformat()}"


def is_written(session: Session, user_id: int, rhythm: str, to_on: date) -> bool:
    """Whether a reader's report to this day has been written."""
    key = report_key(user_id, rhythm, to_on)
    return session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None


def zones_of(rules: RuleBook) -> Sequence[tzinfo]:
    """The zones of all branches, each once: a day is over when it is over in all of them."""
    return list({rules.calendar_of(each).value.tz for each in rules.branches})


def is_working_day(rules: RuleBook, branch_id: int | None, on: date) -> bool:
    """Whether the reader's branch opens on that day; of head office the first branch."""
    known = branch_id if branch_id in rules.branches else next(iter(rules.branches), None)
    return known is None or rules.calendar_of(known).value.opens_on(on)


_NOBODY = N_("This account is none of your staff who read reports.")
