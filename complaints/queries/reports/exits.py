"""Every way round of a period, one row each: what was excused, paused, withdrawn or a duplicate.

The report of exits counts these rows; by what was recorded in the period, in the reader's area.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from complaints.domain.permissions import Actor
from complaints.models import Complaint, Exit, User
from complaints.queries.scope import joined_in_scope


class ExitRow(NamedTuple):
    """One way round; `state` is ``signed``, ``returned`` or empty where nobody answered.

    `paused_seconds` are working seconds of a pause that is over. One made under the rules of before
    this list `is_earlier`.
    """

    complaint_id: int
    year: int
    kind: str
    criterion: str
    code: str
    reason: str
    at: datetime
    recorded_at: datetime
    by_id: int | None
    by_name: str
    branch_id: int
    handler: str | None
    state: str
    answered_by: str
    answered_at: datetime | None
    until_at: datetime | None
    ended_at: datetime | None
    paused_seconds: int
    promise_state: str
    other_id: int | None
    is_earlier: bool


def list_exits(
    session: Session, actor: Actor, *, since: datetime, until: datetime
) -> list[ExitRow]:
    """The ways round that happened from `since` to before `until`, in order."""
    handler = aliased(User)
    query = (
        select(
            Exit.complaint_id,
            Complaint.year,
            Exit.kind,
            Exit.criterion,
            Exit.code,
            Exit.reason,
            Exit.at,
            Exit.recorded_at,
            Exit.by_id,
            Exit.by_name,
            Exit.branch_id,
            handler.name,
            Exit.state,
            Exit.answered_by_name,
            Exit.answered_at,
            Exit.until_at,
            Exit.ended_at,
            Exit.paused_seconds,
            Exit.promise_state,
            Exit.other_id,
            Exit.is_earlier,
        )
        .join(Complaint, Complaint.id == Exit.complaint_id)
        .outerjoin(handler, handler.id == Complaint.handler_id)
        .where(Exit.at >= since, Exit.at < until, joined_in_scope(actor))
        .order_by(Exit.at, Exit.id)
    )
    return [ExitRow._make(row) for row in session.execute(query)]
