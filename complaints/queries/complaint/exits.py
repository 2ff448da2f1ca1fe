"""What the rules on exits ask of one complaint: what stands, what was tried, what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import Action
from complaints.domain.words.exits import (
    AttemptMade,
    ExitKind,
    ExitState,
    StandingExit,
    exits_to_sign,
)
from complaints.domain.words.letter_state import IN_WRITING, LETTER_STATES, LetterState
from complaints.models import Complaint, Exit, HistoryEntry, OutboxMessage, StepRecord

#: The states of a letter that has left; see `queries.complaint.proofs`.
LEFT = [state for state, standing in LETTER_STATES.items() if standing is LetterState.LEFT]


@dataclass(frozen=True, slots=True)
class ContactMade:
    """A try to reach the customer, or something sent to them; `at` is when it was written down."""

    what: str
    at: datetime
    is_written: bool


def exits_of(session: Session, complaint_id: int) -> Sequence[Exit]:
    """Every exception of a complaint, in order."""
    query = select(Exit).where(Exit.complaint_id == complaint_id).order_by(Exit.id)
    return session.scalars(query).all()


def standing_exits(session: Session, complaint_id: int) -> list[tuple[Exit, StandingExit]]:
    """The exits that stand for their criterion in their cycle, nothing having come after them.

    What was excused before there were reasons is not among them.
    """
    made = [
        each
        for each in exits_of(session, complaint_id)
        if each.kind == ExitKind.UNABLE and not each.is_earlier
    ]
    if not made:
        return []
    # A letter takes the place of an exit once it has left, and not when it comes back.
    latest = (
        select(func.max(StepRecord.id))
        .outerjoin(OutboxMessage, OutboxMessage.key == StepRecord.letter_key)
        .where(
            StepRecord.complaint_id == complaint_id,
            or_(StepRecord.letter_key.is_(None), OutboxMessage.state.in_(LEFT)),
        )
        .group_by(StepRecord.criterion, StepRecord.cycle)
    )
    last = set(session.scalars(latest))
    return [
        (each, StandingExit(each.id, each.criterion, each.by_id, each.state == ExitState.SIGNED))
        for each in made
        if each.record_id in last
    ]


def exits_waiting(session: Session, complaint_id: int, sign_from: int) -> list[Exit]:
    """The exits that somebody has to sign before the complaint is closed, in order."""
    standing = standing_exits(session, complaint_id)
    ids = {each.id for each in exits_to_sign([pair for _, pair in standing], sign_from)}
    return [made for made, _ in standing if made.id in ids]


def contacts_of(session: Session, complaint_id: int) -> list[ContactMade]:
    """The tries to reach the customer in the present cycle, since they last wrote, in order."""
    begun = (
        select(func.coalesce(func.max(HistoryEntry.seq), 0))
        .where(HistoryEntry.complaint_id == complaint_id, HistoryEntry.what == Action.REOPEN.value)
        .scalar_subquery()
    )
    wanted = (Action.ATTEMPT, Action.MESSAGE)
    query = (
        select(HistoryEntry.what, HistoryEntry.at, HistoryEntry.detail)
        .where(
            HistoryEntry.complaint_id == complaint_id,
            HistoryEntry.seq > begun,
            HistoryEntry.what.in_([each.value for each in wanted]),
        )
        .order_by(HistoryEntry.seq)
    )
    found: list[ContactMade] = []
    for what, at, detail in session.execute(query):
        if what == Action.MESSAGE and detail.get("direction") != "out":
            # Whoever writes is reachable.
            found.clear()
            continue
        recorded = detail.get("recorded_at")
        moment = datetime.fromisoformat(recorded) if recorded else at
        found.append(ContactMade(what, moment, detail.get("method") in IN_WRITING))
    return found


def attempts_among(
    contacts: Sequence[ContactMade], zone: tzinfo, apart: timedelta
) -> list[AttemptMade]:
    """Those that count as tries: calls and visits in vain, and whatever was sent in writing.

    Written down less than `apart` after the one before, a try is the same one once more.
    """
    counted: list[datetime] = []
    for each in contacts:
        is_try = each.what == Action.ATTEMPT or (each.what == Action.MESSAGE and each.is_written)
        if is_try and (not counted or each.at >= counted[-1] + apart):
            counted.append(each.at)
    return [AttemptMade(at.astimezone(zone).date()) for at in counted]


def earlier_sentences(session: Session, complaint: Complaint, criterion: str) -> Sequence[str]:
    """What was written for other criteria of the complaint."""
    query = select(Exit.reason).where(
        Exit.complaint_id == complaint.id,
        Exit.kind == ExitKind.UNABLE.value,
        Exit.criterion != criterion,
    )
    return session.scalars(query).all()
