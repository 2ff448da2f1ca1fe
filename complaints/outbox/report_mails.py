"""Reports that are due become letters, one for each reader and rhythm however long nothing ran.

The letter holds whose and which days it is about, and no figure: what it says and encloses is read
when it is sent, with the rights that its reader has then.
"""

from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from complaints.domain.notices.report_mail import Schedule, leaves_at
from complaints.models import ReportMail, User
from complaints.outbox.queue import letter_row, queue_letters
from complaints.queries.people.report_mails import (
    is_working_day,
    is_written,
    may_get_reports,
    report_key,
    zones_of,
)
from complaints.queries.reports.period import LONGEST_DAYS
from complaints.rulebook import current_rules

#: The kind of letter, a folder in `templates/letters`.
REPORT = "report"
#: So much later a report is tried that could not be written.
PUT_OFF = timedelta(hours=1)

log = structlog.get_logger()


def is_report_due(session: Session, at: datetime) -> bool:
    """Whether a report is to be written."""
    query = select(ReportMail.id).where(ReportMail.next_at <= at).limit(1)
    return session.scalar(query) is not None


def write_next_report(session: Session, *, at: datetime) -> bool:
    """Write one letter that is due, and when the next leaves; False when none is. The caller
    commits.

    The row is locked, so that two workers never write the same one. Whoever may not read reports
    any more gets none, and is not asked again. One that cannot be written is put off, so that the
    others do not wait for it.
    """
    query = (
        select(ReportMail)
        .where(ReportMail.next_at <= at)
        .order_by(ReportMail.next_at, ReportMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    row = session.scalar(query)
    if row is None:
        return False
    row_id = row.id
    reader = session.get_one(User, row.user_id)
    if not reader.is_active or not may_get_reports(reader.actor):
        session.execute(delete(ReportMail).where(ReportMail.id == row_id))
        return True
    try:
        with session.begin_nested():
            _write(session, row, reader, at)
    except Exception as error:
        log.error("report not written", row=row_id, error=type(error).__name__)
        later = update(ReportMail).where(ReportMail.id == row_id).values(next_at=at + PUT_OFF)
        session.execute(later)
    return True


def _write(session: Session, row: ReportMail, reader: User, at: datetime) -> None:
    rules, schedule = current_rules(session), Schedule.of(row.rhythm, row.day)
    tz = rules.own_calendar(reader.branch_id).tz
    is_open = partial(is_working_day, rules, reader.branch_id)
    on = row.next_on
    while True:
        after = schedule.next_after(on, is_open)
        leaves = leaves_at(after, tz, schedule.covers_to(after), zones_of(rules))
        if leaves > at:
            break
        # Nothing ran on that day: its report is this one, over the days of both.
        on = after
    to_on = schedule.covers_to(on)
    from_on = max(row.covered_to + timedelta(days=1), to_on - timedelta(days=LONGEST_DAYS - 1))
    row.next_on, row.next_at = after, leaves
    if from_on > to_on or is_written(session, reader.id, row.rhythm, to_on):
        return
    row.covered_to = to_on
    letter = letter_row(
        REPORT,
        report_key(reader.id, row.rhythm, to_on),
        to=reader.email,
        language=reader.language,
        complaint_id=None,
        facts={
            "name": reader.name,
            "reader": reader.id,
            "rhythm": row.rhythm,
            "from_on": from_on.isoformat(),
            "to_on": to_on.isoformat(),
            "division": row.division,
            "with_outcomes": row.with_outcomes,
            "chosen_by": _chosen_by(session, row),
        },
        at=at,
    )
    queue_letters(session, [letter])
    session.flush()


def _chosen_by(session: Session, row: ReportMail) -> str:
    """Who chose it, where it was not the reader."""
    if row.chosen_by_id == row.user_id:
        return ""
    return session.get_one(User, row.chosen_by_id).name
