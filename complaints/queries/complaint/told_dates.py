"""The dates a customer was told, from the first to the last, with the reason of each change.

They are read from what was recorded when they were told: the records of 020-1.5 and the extensions
that were approved. The first stays the first, whatever came later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Extension, StepRecord, User
from complaints.queries.complaint.activity_rows import ExtensionRow
from complaints.queries.complaint.proofs import Record

_TOLD = "020-1.5"


@dataclass(frozen=True, slots=True)
class ToldDate:
    """A date as it was told: when, by whom (who approved the extension), in which cycle.

    `how` is `first`, `changed` (told again with another date), `extended` or `reopened` (the first
    date of a later cycle). Only an extension has a reason.
    """

    told_at: datetime
    at: datetime
    by: str | None
    cycle: int
    how: str = "changed"
    reason: str = ""


def told_dates(records: Iterable[Record], extensions: Iterable[ExtensionRow]) -> Sequence[ToldDate]:
    """Every date told, in order; one that was told again unchanged stands once."""
    found = [
        ToldDate(datetime.fromisoformat(each.detail["due_at"]), each.at, each.by_name, each.cycle)
        for each in records
        if each.criterion == _TOLD and not each.is_unable and "due_at" in each.detail
    ]
    found += [
        ToldDate(each.until, each.answered_at, each.answered_by, 0, "extended", each.reason)
        for each in extensions
        if each.answer == "approved" and each.answered_at is not None
    ]
    told: list[ToldDate] = []
    for each in sorted(found, key=lambda each: each.at):
        before = told[-1] if told else None
        placed = _placed(each, before)
        if before is None or (before.told_at, before.cycle) != (placed.told_at, placed.cycle):
            told.append(placed)
    return told


def _placed(each: ToldDate, before: ToldDate | None) -> ToldDate:
    """The date with its cycle and what it was to the one before; extensions stay in a cycle."""
    if before is None:
        return replace(each, how="first", cycle=each.cycle or 1)
    if not each.cycle:
        return replace(each, cycle=before.cycle)
    return replace(each, how="reopened") if each.cycle != before.cycle else each


def read_told_dates(session: Session, complaint_id: int) -> Sequence[ToldDate]:
    """The same for a reader who has nothing of the complaint before them (two queries)."""
    records = session.scalars(
        select(StepRecord)
        .where(StepRecord.complaint_id == complaint_id, StepRecord.criterion == _TOLD)
        .order_by(StepRecord.id)
    ).all()
    query = (
        select(Extension, User.name)
        .outerjoin(User, User.id == Extension.answered_by_id)
        .where(Extension.complaint_id == complaint_id, Extension.answer == "approved")
        .order_by(Extension.id)
    )
    extensions = [
        ExtensionRow(
            answer=row.answer,
            condition=row.condition,
            reason=row.reason,
            answer_reason=row.answer_reason,
            until=row.until,
            asked_at=row.asked_at,
            asked_by=None,
            asked_by_id=row.asked_by_id,
            answered_at=row.answered_at,
            answered_by=name,
        )
        for row, name in session.execute(query)
    ]
    return told_dates(records, extensions)
