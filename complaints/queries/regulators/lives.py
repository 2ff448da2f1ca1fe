"""When complaints were open, from receipt on: what was ended and opened again counts as it was.

What a complaint belongs to (product, category, channel, unit) is what stands on it now.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import ENDED, OPEN, Status
from complaints.domain.permissions import Actor
from complaints.models import Complaint, HistoryEntry
from complaints.queries.reports.period import Period, midnight
from complaints.queries.scope import in_scope

_OPEN, _ENDED = {each.value for each in OPEN}, {each.value for each in ENDED}
_KNOWN = {each.value for each in Status}
#: So many histories are read at once.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a complaint was open; `end` None while it is, `status` how it ended."""

    begin: datetime
    end: datetime | None
    status: str = ""

    def reaches(self, at: datetime) -> bool:
        """Whether the complaint was open right before this moment, so that what is open at the end
        of a quarter is what is open at the start of the next."""
        return self.begin < at and (self.end is None or self.end >= at)


@dataclass(frozen=True, slots=True)
class Life:
    """A complaint with the stretches in which it was open, oldest first."""

    row: Any
    stretches: Sequence[Stretch]

    def is_open_before(self, at: datetime) -> bool:
        """Whether it was open right before this moment."""
        return any(each.reaches(at) for each in self.stretches)

    def was_open(self, begin: datetime, end: datetime) -> bool:
        """Whether it was open at any moment from `begin` until before `end`."""
        return any(
            each.begin < end and (each.end is None or each.end >= begin) for each in self.stretches
        )

    def ended_before(self, end: datetime) -> Stretch | None:
        """The last stretch that ended before this moment."""
        over = [each for each in self.stretches if each.end is not None and each.end < end]
        return over[-1] if over else None


def lives_in(session: Session, actor: Actor, period: Period, policy: str) -> Iterator[Life]:
    """The complaints under a policy that may have been open in a period, within the scope.

    What turned out to be no complaint is none here either.
    """
    begin = min(midnight(period.from_on, zone.tz) for zone in period.zones)
    query = (
        select(
            Complaint.id,
            Complaint.branch_id,
            Complaint.product,
            Complaint.category,
            Complaint.channel,
            Complaint.team_id,
            Complaint.received_at,
            Complaint.closed_at,
            Complaint.status,
            Complaint.cycle,
            Complaint.duplicate_of_id,
            Complaint.policy_codes,
        )
        .where(
            Complaint.received_at < period.ends_at(),
            Complaint.contact_id.is_(None),
            or_(
                Complaint.status.in_(sorted(_OPEN)),
                Complaint.closed_at >= begin,
                Complaint.cycle > 1,
            ),
            in_scope(actor),
        )
        .order_by(Complaint.id)
    )
    rows = [row for row in session.execute(query) if policy in (row.policy_codes or ())]
    told = [row.id for row in rows if not _is_plain(row)]
    known = _read_histories(session, told)
    for row in rows:
        yield Life(row, _plain(row) if _is_plain(row) else _from_history(row, known[row.id]))


def _is_plain(row: Any) -> bool:
    """Whether receipt and end say all: it was never opened again."""
    return row.cycle == 1 and (row.status in _ENDED) == (row.closed_at is not None)


def _plain(row: Any) -> list[Stretch]:
    return [Stretch(row.received_at, row.closed_at, row.status if row.closed_at else "")]


def _read_histories(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Complaint → its changes of status, in their order."""
    found: dict[int, list[Any]] = defaultdict(list)
    for first in range(0, len(ids), _CHUNK):
        query = (
            select(HistoryEntry.complaint_id, HistoryEntry.at, HistoryEntry.detail)
            .where(HistoryEntry.complaint_id.in_(ids[first : first + _CHUNK]))
            .order_by(HistoryEntry.complaint_id, HistoryEntry.seq)
        )
        for row in session.execute(query):
            before, after = (row.detail.get(name) for name in ("from", "to"))
            if before in _KNOWN and after in _KNOWN:
                found[row.complaint_id].append((row.at, before, after))
    return found


def _from_history(row: Any, changes: Sequence[Any]) -> list[Stretch]:
    stretches, begin = [], row.received_at
    for at, before, after in changes:
        if before in _OPEN and after in _ENDED and begin is not None:
            stretches.append(Stretch(begin, max(at, begin), after))
            begin = None
        elif before in _ENDED and after in _OPEN:
            begin = at
    if begin is not None and row.status in _OPEN:
        stretches.append(Stretch(begin, None))
    return stretches
