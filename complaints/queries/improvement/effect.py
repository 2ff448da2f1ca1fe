"""How many complaints of a kind came in before and after a corrective action was done.

Nothing is counted here: both windows are `received` of the deadline report for those days.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.improvement.acts import ActionAct, Subject
from complaints.domain.improvement.effect import Effect, Window, as_kept, evaluate, windows
from complaints.domain.permissions import reader_of
from complaints.models import CorrectiveAction, CorrectiveActionEntry
from complaints.queries.reports.figures import Report, received_rows
from complaints.rulebook import RuleBook


def read_effect(
    session: Session, rules: RuleBook, action: CorrectiveAction, *, now: datetime
) -> Effect | None:
    """Both windows and what may be said of them; None before it is done.

    Once somebody has verified it they are those of then, which its history keeps.
    The figures are those of the action's branch, of all of them where it has none, whoever reads.
    """
    if action.done_on is None:
        return None
    if action.ended_at is not None:
        return _kept_effect(session, action)
    today = now.astimezone(rules.own_calendar(action.branch_id).tz).date()
    before, after = windows(action.done_on, action.weeks)
    found = [_count(session, rules, action, days, now) for days in (before, after)]
    return evaluate(*found, today=today)


def _kept_effect(session: Session, action: CorrectiveAction) -> Effect | None:
    query = select(CorrectiveActionEntry.detail).where(
        CorrectiveActionEntry.action_id == action.id,
        CorrectiveActionEntry.what == ActionAct.VERIFY.value,
    )
    detail = session.scalars(query).first()
    return as_kept(detail["effect"]) if detail else None


def _count(
    session: Session,
    rules: RuleBook,
    action: CorrectiveAction,
    days: tuple[date, date],
    now: datetime,
) -> Window:
    reader = reader_of(action.branch_id)
    rows = received_rows(session, reader, *days, action.subject, now=now, rules=rules)
    codes = codes_of(rules, Subject(action.subject), action.code)
    cases = sum(row.figures.received for row in rows if row.key in codes)
    if action.subject == Subject.BRANCH:
        # Of the complaints of a branch all are of that branch: they are counted by the day.
        return Window(*days, cases, (days[1] - days[0]).days + 1)
    known = sum(row.figures.received for row in rows if row.key)
    return Window(*days, cases, known, sum(row.figures.received for row in rows if not row.key))


def without_line(report: Report) -> int:
    """How many of the complaints received stand in no line of the division yet."""
    return sum(row.figures.received for row in report.rows if not row.key)


def codes_of(rules: RuleBook, subject: Subject, code: str) -> frozenset[str]:
    """The codes that are counted for it: of a group of causes all that lie in it."""
    causes = rules.taxonomy.causes
    if subject is not Subject.CAUSE or code not in causes or causes[code].group != code:
        return frozenset({code})
    return frozenset(each.id for each in causes.values() if each.group == code)
