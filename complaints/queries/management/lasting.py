"""How long promises lasted from each step to their settlement, for the curves of the forecast."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.deadlines import DeadlineState
from complaints.domain.lifecycle import Status
from complaints.domain.reporting.forecast import Seen, curve_keys, looked_at
from complaints.models import Complaint, Deadline, HistoryEntry
from complaints.queries.reports.balance import was_ended_elsewhere
from complaints.queries.reports.counting import is_outcome
from complaints.rows import among
from complaints.rulebook import RuleBook

#: What is older says little of today; and so many promises are looked at, the newest.
BACK, MOST = timedelta(days=365), 20_000
_AT_A_TIME = 500
#: Ended without a settlement: how long it would have lasted nobody knows.
_GIVEN_UP = (Status.WITHDRAWN.value, Status.REFERRED.value)


def how_long_they_lasted(
    session: Session, rules: RuleBook, *, now: datetime
) -> dict[str, list[tuple[int, bool]]]:
    """Group → working seconds from entering its step, and whether the promise was settled then.

    A promise is seen in each step that it went through. One that still waits, was withdrawn, passed
    on or given up is seen as long as it waited.
    """
    groups: dict[str, list[Seen]] = defaultdict(list)
    for rows in _promises(session, now):
        entered = steps_entered(session, {row.complaint_id for row in rows}, now)
        for row in rows:
            # Of a branch that is gone no calendar is known.
            if row.branch_id not in rules.branches:
                continue
            calendar = rules.calendar_of(row.branch_id).value
            ended = row.ended_at if row.ended_at is not None and row.ended_at <= now else None
            is_settled = ended is not None and _was_settled(row)
            until = ended or now
            team = rules.teams.get(row.team_id)
            for step, at in _steps_of(row.started_at, until, entered.get(row.complaint_id, ())):
                lasted = calendar.between(at, until)
                for key in curve_keys(step, row.category, team.code if team else None):
                    groups[key].append(Seen(row.started_at, lasted, is_settled))
    return {key: looked_at(seen, now) for key, seen in groups.items()}


def steps_entered(
    session: Session, complaint_ids: Collection[int], now: datetime
) -> Mapping[int, Sequence[tuple[datetime, str]]]:
    """When each complaint came into each status, the earliest first; one query."""
    status = HistoryEntry.detail["to"].as_string()
    query = (
        select(HistoryEntry.complaint_id, HistoryEntry.at, status.label("status"))
        .where(
            among(session, HistoryEntry.complaint_id, sorted(complaint_ids)),
            status.is_not(None),
            HistoryEntry.at <= now,
        )
        .order_by(HistoryEntry.complaint_id, HistoryEntry.at, HistoryEntry.seq)
    )
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for row in session.execute(query):
        if row.status in set(Status):
            found[row.complaint_id].append((row.at, row.status))
    return found


def _promises(session: Session, now: datetime) -> Any:
    """The promises of a year, some at a time, the newest first."""
    below, left = 2**31 - 1, MOST
    while left > 0:
        rows = session.execute(
            select(
                Deadline.id,
                Deadline.complaint_id,
                Deadline.started_at,
                Deadline.ended_at,
                Deadline.state,
                Complaint.branch_id,
                Complaint.category,
                Complaint.team_id,
                Complaint.status,
                Complaint.cycle,
                Deadline.cycle.label("own_cycle"),
                Complaint.duplicate_of_id,
                Complaint.contact_id,
            )
            .join(Complaint, Complaint.id == Deadline.complaint_id)
            .where(
                Deadline.id < below,
                Deadline.started_at >= now - BACK,
                Deadline.started_at <= now,
                is_outcome(),
                ~was_ended_elsewhere(),
            )
            .order_by(Deadline.id.desc())
            .limit(min(_AT_A_TIME, left))
        ).all()
        if rows:
            yield rows
        if len(rows) < _AT_A_TIME:
            return
        below, left = rows[-1].id, left - len(rows)


def _was_settled(row: Any) -> bool:
    """Whether the end of a promise was its settlement, in time or late."""
    if row.state not in (DeadlineState.MET.value, DeadlineState.BREACHED.value):
        return False
    if row.state == DeadlineState.MET.value or row.own_cycle != row.cycle:
        return True
    goes_on = row.duplicate_of_id is not None or row.contact_id is not None
    return row.status not in _GIVEN_UP and not goes_on


def _steps_of(
    started_at: datetime, until: datetime, entered: Sequence[tuple[datetime, str]]
) -> list[tuple[str, datetime]]:
    """The steps between the start of a promise and its end, each with when it was entered first."""
    before = [status for at, status in entered if at <= started_at]
    found = {before[-1] if before else Status.RECEIVED.value: started_at}
    for at, status in entered:
        if started_at < at < until:
            found.setdefault(status, at)
    return list(found.items())
