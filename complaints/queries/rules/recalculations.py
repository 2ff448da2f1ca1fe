"""Recalculations as their pages show them: how far each is, and what it has done so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, NotFound
from complaints.domain.policies.whatif import RuleKind
from complaints.models import RecalculationJob


@dataclass(frozen=True, slots=True)
class JobView:
    """A recalculation: `done` of `total` complaints, its clocks; `waits_until` after an error."""

    id: int
    kind: RuleKind
    code: str
    by: str
    booked_at: datetime
    done: int
    total: int
    clocks: int
    moved: int
    started: int
    ended: int
    waits_until: datetime | None
    is_done: bool


def get_job(session: Session, order_id: int) -> JobView:
    """A recalculation by its id; raises NotFound."""
    order = session.get(RecalculationJob, order_id)
    if order is None:
        raise NotFound(N_("There is no such recalculation."))
    return _view(order)


def jobs_under_way(session: Session) -> Sequence[JobView]:
    """The recalculations that have not ended, the oldest first."""
    query = (
        select(RecalculationJob)
        .where(RecalculationJob.ended_at.is_(None))
        .order_by(RecalculationJob.id)
    )
    return [_view(order) for order in session.scalars(query)]


def _view(order: RecalculationJob) -> JobView:
    return JobView(
        id=order.id,
        kind=RuleKind(order.kind),
        code=order.code,
        by=order.by_name,
        booked_at=order.booked_at,
        # Complaints that came in between are counted too; nobody is shown more than all.
        done=min(order.done, order.total),
        total=order.total,
        clocks=order.clocks,
        moved=order.moved,
        started=order.started,
        ended=order.ended,
        waits_until=order.try_at if order.attempts and order.ended_at is None else None,
        is_done=order.ended_at is not None,
    )
