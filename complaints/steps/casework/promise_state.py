"""How a promise stood when a complaint was ended or opened again; kept among the exceptions."""

from collections.abc import Mapping

from sqlalchemy import select

from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState
from complaints.domain.evidence import EVERY_CRITERION
from complaints.domain.words.exits import ExitKind
from complaints.models import Complaint, Deadline, Exit, StepRecord
from complaints.queries.told_date import ended_after_told
from complaints.steps.case import Case
from complaints.steps.excuse import exit_columns


def promise_state(case: Case) -> str:
    """How the promise of this cycle stands now: missed, paused, running, kept or none.

    Where no clock runs for the customer, the date that was told binds. What another system had
    ended was never promised by us.
    """
    query = select(Deadline.state, Deadline.due_at, Deadline.breached_at).where(
        Deadline.complaint_id == case.complaint.id,
        Deadline.cycle == case.complaint.cycle,
        Deadline.kind.in_([each.value for each in OUTCOME_KINDS]),
    )
    rows = case.session.execute(query).all()
    if _was_ended_elsewhere(case):
        return "none"
    if not rows:
        return _state_without_clock(case)
    states = {row.state for row in rows}
    running = DeadlineState.RUNNING.value
    is_late = any(row.state == running and row.due_at < case.at for row in rows)
    if is_late or any(row.breached_at is not None for row in rows):
        return "missed"
    order: Mapping[str, str] = {
        DeadlineState.PAUSED.value: "paused",
        running: "running",
        DeadlineState.MET.value: "kept",
    }
    return next((said for state, said in order.items() if state in states), "none")


def keep_exception(case: Case, kind: ExitKind, reason: str, state: str, *, code: str = "") -> None:
    """Store a referral or a reopening among the exceptions, with what the promise stood at."""
    case.session.add(
        Exit(kind=kind.value, code=code, reason=reason, promise_state=state, **exit_columns(case))
    )


def _state_without_clock(case: Case) -> str:
    complaint = case.complaint
    if complaint.promised_at is None:
        return "none"
    if complaint.closed_at is None:
        return "missed" if complaint.promised_at < (case.recorded_at or case.at) else "running"
    case.session.flush()
    is_late = case.session.scalar(select(ended_after_told()).where(Complaint.id == complaint.id))
    return "missed" if is_late else "kept"


def _was_ended_elsewhere(case: Case) -> bool:
    complaint = case.complaint
    if complaint.external_id is None or complaint.cycle > 1:
        return False
    query = select(StepRecord.id).where(
        StepRecord.complaint_id == complaint.id, StepRecord.criterion == EVERY_CRITERION
    )
    return case.session.scalar(query.limit(1)) is not None
