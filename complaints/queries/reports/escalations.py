"""Escalations of a period by the level called, and how long it took to acknowledge them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal, select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import Actor
from complaints.domain.reporting.spans import counted_span, rank_in
from complaints.models import Complaint, Escalation
from complaints.queries.kept import NOW, Kept
from complaints.queries.paging import at_most
from complaints.queries.reports.period import Period
from complaints.queries.scope import is_handled_by, joined_in_scope, sees_all
from complaints.rows import among_given, is_postgresql
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level of the ladder; the times are working seconds of the complaint's branch.

    `longest_seconds` is the slowest acknowledgement, `waiting_seconds` how long the oldest one has
    waited that nobody acknowledged and whose complaint is open.
    """

    level: int
    raised: int
    by_hand: int
    acknowledged: int
    median_seconds: int | None
    p90_seconds: int | None
    longest_seconds: int | None
    waiting_seconds: int | None

    @classmethod
    def of(
        cls, level: int, raised: int, by_hand: int, spans: Mapping[int, int], waiting: int | None
    ) -> "LevelLine":
        """The line of a level; `spans` is how often it took so long until somebody acknowledged."""
        return cls(
            level=level,
            raised=raised,
            by_hand=by_hand,
            acknowledged=sum(spans.values()),
            median_seconds=rank_in(spans, 0.5),
            p90_seconds=rank_in(spans, 0.9),
            longest_seconds=max(spans, default=None),
            waiting_seconds=waiting,
        )

    @property
    def unanswered(self) -> int:
        """Those that nobody has acknowledged."""
        return self.raised - self.acknowledged

    def as_json(self) -> dict[str, Any]:
        """The line as plain values."""
        return {
            "level": self.level,
            "raised": self.raised,
            "by_hand": self.by_hand,
            "acknowledged": self.acknowledged,
            "unanswered": self.unanswered,
            "median_seconds": self.median_seconds,
            "p90_seconds": self.p90_seconds,
            "longest_seconds": self.longest_seconds,
            "waiting_seconds": self.waiting_seconds,
        }


def read_escalations(
    session: Session, actor: Actor, period: Period, rules: RuleBook, now: datetime
) -> list[LevelLine]:
    """A line per level, the first one first; one query over those raised in the period."""
    query = (
        select(
            Escalation.level,
            Escalation.deadline_id,
            Escalation.raised_at,
            Escalation.acknowledged_at,
            Complaint.branch_id,
            Complaint.status,
        )
        .join(Complaint, Complaint.id == Escalation.complaint_id)
        .where(period.holds(Escalation.raised_at), joined_in_scope(actor))
    )
    raised: dict[int, list[Any]] = {}
    for row in session.execute(query):
        raised.setdefault(row.level, []).append(row)
    return [_line(level, rows, rules, now) for level, rows in sorted(raised.items())]


def nearest_rank(values: Sequence[int], share: float) -> int | None:
    """The smallest of the values that at least this share of them does not exceed."""
    return rank_in(Counter(values), share)


def _line(level: int, rows: Sequence[Any], rules: RuleBook, now: datetime) -> LevelLine:
    taken = [
        counted_span(_seconds(rules, row.branch_id, row.raised_at, row.acknowledged_at))
        for row in rows
        if row.acknowledged_at is not None
    ]
    waiting = [
        _seconds(rules, row.branch_id, row.raised_at, now)
        for row in rows
        if row.acknowledged_at is None and row.status in OPEN and row.raised_at <= now
    ]
    by_hand = sum(row.deadline_id is None for row in rows)
    return LevelLine.of(level, len(rows), by_hand, Counter(taken), max(waiting, default=None))


def longest_waiting(
    session: Session,
    actor: Actor,
    period: Period,
    levels: Sequence[int],
    rules: RuleBook,
    now: datetime,
) -> dict[int, int]:
    """How long the oldest escalation of each of these levels has waited, where one waits.

    One statement: of each level and calendar the oldest is read from the index of those that
    nobody acknowledged.
    """
    calendars: dict[str, list[int]] = {}
    for branch in rules.branches.values():
        calendars.setdefault(branch.calendar, []).append(branch.id)
    asked = [(level, branch_ids) for level in levels for branch_ids in calendars.values()]
    if not asked:
        return {}
    values: dict[str, Any] = {"now": now}
    for nth, (level, branch_ids) in enumerate(asked):
        begins, ends = period.span_of(branch_ids[0])
        values |= {f"level_{nth}": level, f"branch_ids_{nth}": branch_ids}
        values |= {f"begins_{nth}": begins, f"ends_{nth}": ends}
    sees_branches = tuple(sees_all(actor) or actor.branch_id in ids for _, ids in asked)
    (found,) = _OLDEST.rows(session, actor, is_postgresql(session), sees_branches, **values)
    longest: dict[int, int] = {}
    for (level, branch_ids), oldest in zip(asked, found, strict=True):
        if oldest is not None:
            waited = _seconds(rules, branch_ids[0], oldest, now)
            longest[level] = max(longest.get(level, 0), waited)
    return longest


def _oldest(
    actor: Actor, on_postgresql: bool, sees_branches: Sequence[bool]
) -> Select[*tuple[Any, ...]]:
    """The oldest that waits, once for each level and calendar that is given.

    What somebody handles in branches they do not see is little, and found by who handles it.
    """
    found = [
        (_walked if sees else _joined)(
            [
                among_given(on_postgresql, Complaint.branch_id, f"branch_ids_{nth}"),
                Complaint.status.in_([each.value for each in OPEN]),
                joined_in_scope(actor) if sees else is_handled_by(actor),
            ]
        )
        .where(
            Escalation.acknowledged_at.is_(None),
            Escalation.level == bindparam(f"level_{nth}"),
            Escalation.raised_at <= NOW,
            Escalation.raised_at >= bindparam(f"begins_{nth}"),
            Escalation.raised_at < bindparam(f"ends_{nth}"),
        )
        .order_by(Escalation.raised_at)
        .limit(at_most(1))
        .scalar_subquery()
        for nth, sees in enumerate(sees_branches)
    ]
    return select(*found)


_OLDEST = Kept(_oldest)


def _walked(wanted: Sequence[ColumnElement[bool]]) -> Select[datetime]:
    """Escalations whose complaints are looked at one by one, so that the first one ends it.

    As a join every open complaint of the branch might be gathered before the first is found.
    """
    one = select(literal(1)).where(Complaint.id == Escalation.complaint_id, *wanted)
    return select(Escalation.raised_at).where(
        one.correlate(Escalation).scalar_subquery().is_not(None)
    )


def _joined(wanted: Sequence[ColumnElement[bool]]) -> Select[datetime]:
    """Escalations of few complaints, which an index of these finds."""
    by_complaint = Complaint.id == Escalation.complaint_id
    return select(Escalation.raised_at).join(Complaint, by_complaint).where(*wanted)


def _seconds(rules: RuleBook, branch_id: int, since: datetime, until: datetime) -> int:
    return rules.calendar_of(branch_id).value.between(since, until)
