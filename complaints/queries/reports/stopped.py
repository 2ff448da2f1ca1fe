"""Pauses and withdrawals of a period: how long was paused, and how promises stood at withdrawal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.domain.words.exits import ExitKind
from complaints.models import Complaint, Exit
from complaints.queries.reports.period import Period
from complaints.queries.scope import joined_in_scope

#: How a promise may have stood when its complaint was taken back.
STANDINGS = ("kept", "missed", "paused", "running", "none")
#: How a pause stands whose time is counted.
OVER = "over"


def stood() -> ColumnElement[str]:
    """How an exit stands in the figures: a pause ``over`` or not, the promise at a withdrawal."""
    is_pause = Exit.kind == ExitKind.PAUSE.value
    return case(
        (is_pause & Exit.ended_at.is_not(None), OVER),
        (is_pause, ""),
        (Exit.promise_state.in_(STANDINGS), Exit.promise_state),
        else_="none",
    )


@dataclass(frozen=True, slots=True)
class Stopped:
    """The working seconds of pauses that are over, and withdrawals by how the promise stood."""

    paused_seconds: int = 0
    pauses: int = 0
    withdrawals: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(STANDINGS, 0))

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {
            "pauses": self.pauses,
            "paused_seconds": self.paused_seconds,
            "withdrawals": dict(self.withdrawals),
        }


def read_stopped(session: Session, actor: Actor, period: Period) -> Stopped:
    """Count them; one query over the exits of the period."""
    query = (
        select(
            Exit.kind,
            stood().label("stood"),
            func.count().label("number"),
            func.sum(Exit.paused_seconds).label("seconds"),
        )
        .join(Complaint, Complaint.id == Exit.complaint_id)
        .where(
            period.holds(Exit.at),
            Exit.kind.in_([ExitKind.PAUSE.value, ExitKind.WITHDRAWAL.value]),
            joined_in_scope(actor),
        )
        .group_by(Exit.kind, "stood")
    )
    seconds = pauses = 0
    withdrawals = dict.fromkeys(STANDINGS, 0)
    for row in session.execute(query):
        if row.kind == ExitKind.PAUSE:
            pauses += row.number
            seconds += int(row.seconds or 0)
        else:
            withdrawals[row.stood] += row.number
    return Stopped(seconds, pauses, withdrawals)
