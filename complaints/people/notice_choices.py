"""Choose how one's own notifications arrive, and which reports come by email."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid
from complaints.domain.notices.choices import Group, Way
from complaints.domain.notices.report_mail import Rhythm, Schedule, leaves_at
from complaints.domain.permissions import Actor, Permission, require
from complaints.models import NoticeChoice, ReportMail, User
from complaints.queries.people.report_mails import (
    is_working_day,
    is_written,
    reader_named,
    zones_of,
)
from complaints.queries.reports.figures import DIMENSIONS
from complaints.rulebook import RuleBook, current_rules


class ReportChoice(NamedTuple):
    """What comes in a rhythm: its day, what the lines are divided by, and whether the report on
    outcomes comes with it.
    """

    day: int | None
    division: str
    with_outcomes: bool = False


def choose_notices(session: Session, ways: Mapping[str, str], *, by: Actor) -> None:
    """Keep the person's choices in the place of those before; the caller commits."""
    chosen = {}
    for group in Group:
        way = ways.get(group.value, Way.EMAIL.value)
        if way not in set(Way):
            raise Invalid(N_("Choose one of the ways."), field=group.value)
        chosen[group] = Way(way)
    # Two tabs at once take turns.
    session.get(User, by.id, with_for_update={"key_share": True})
    session.execute(delete(NoticeChoice).where(NoticeChoice.user_id == by.id))
    session.add_all(
        NoticeChoice(user_id=by.id, topic=group.value, way=way.value)
        for group, way in chosen.items()
        if way is not Way.EMAIL
    )
    session.flush()


def choose_report_mails(
    session: Session,
    user_id: int,
    chosen: Mapping[Rhythm, ReportChoice],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what a reader gets in the place of before: rhythm → its choice.

    What stays as it was goes on where it was. Raises NotFound for a reader of somebody else, and
    Invalid for a day or a division that is none.
    """
    require(by, Permission.REPORTS)
    wanted = {rhythm: _read(rhythm, given) for rhythm, given in chosen.items()}
    reader = reader_named(session, by, user_id)
    # Two tabs at once take turns.
    session.get(User, reader.id, with_for_update={"key_share": True})
    kept = {
        row.rhythm: row
        for row in session.scalars(select(ReportMail).where(ReportMail.user_id == reader.id))
    }
    rules = current_rules(session)
    for rhythm, schedule in wanted.items():
        _, division, with_outcomes = chosen[rhythm]
        row = kept.pop(rhythm.value, None)
        if row is None:
            row = ReportMail(user_id=reader.id, rhythm=rhythm.value, chosen_by_id=by.id)
            _begin(session, row, schedule, rules, reader, at)
            session.add(row)
        elif row.day != schedule.day:
            _begin(session, row, schedule, rules, reader, at)
        told = (schedule.day, division, with_outcomes)
        if by.id is not None and (row.day, row.division, row.with_outcomes) != told:
            row.chosen_by_id = by.id
        row.day, row.division, row.with_outcomes = told
    ids = [row.id for row in kept.values()]
    session.execute(delete(ReportMail).where(ReportMail.id.in_(ids)))
    session.flush()


def _read(rhythm: Rhythm, given: ReportChoice) -> Schedule:
    if given.division not in DIMENSIONS:
        raise Invalid(N_("Choose one of the divisions."), field="division")
    return Schedule.of(rhythm, given.day)


def _begin(
    session: Session,
    row: ReportMail,
    schedule: Schedule,
    rules: RuleBook,
    reader: User,
    at: datetime,
) -> None:
    """Set when the first report leaves, and the day before what it covers.

    With another day a report goes on after the last one. A stretch that was written before, also
    of a choice given up meanwhile, is not written again.
    """
    tz = rules.own_calendar(reader.branch_id).tz
    is_open = partial(is_working_day, rules, reader.branch_id)
    today = at.astimezone(tz).date()
    first = schedule.next_after(today, is_open)
    covered = row.covered_to or schedule.before_first(today, first)
    while True:
        to_on = schedule.covers_to(first)
        if is_written(session, reader.id, row.rhythm, to_on):
            covered = max(covered, to_on)
        if to_on > covered:
            break
        first = schedule.next_after(first, is_open)
    row.covered_to, row.next_on = covered, first
    row.next_at = leaves_at(first, tz, to_on, zones_of(rules))
