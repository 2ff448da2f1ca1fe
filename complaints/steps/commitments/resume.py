"""Go on with what was given up because a complaint ended, when it turns out not to have ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from complaints.clocks.changes import Clocks
from complaints.clocks.taking_up import take_up_commitments
from complaints.domain.clock_state import ClockState
from complaints.domain.commitments.rules import DropCause
from complaints.models import Commitment
from complaints.steps.case import Case
from complaints.steps.commitments.undertake import commitments_of, said_of

#: Nobody decided against the work; the complaint that it was for had ended.
_WITH_THE_COMPLAINT = (DropCause.WITHDRAWN, DropCause.DUPLICATE, DropCause.RENAMED)


@dataclass(slots=True)
class Resumption:
    """The commitments that are owed again, each by the date that it had.

    Call `start` with the clocks, within `advance`, and `store` behind it.
    """

    case: Case
    rows: Sequence[Commitment]
    _clocks: dict[int, ClockState] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, ended_at: datetime | None) -> "Resumption":
        """What was given up with the complaint at `ended_at`; nothing without it."""
        if ended_at is None:
            return cls(case, ())
        return cls(
            case,
            [
                each
                for each in commitments_of(case)
                if each.dropped_at == ended_at and each.drop_cause in _WITH_THE_COMPLAINT
            ],
        )

    def start(self, clocks: Clocks) -> None:
        """Let their clocks run on; what came due meanwhile is missed."""
        ids = [each.deadline_id for each in self.rows if each.deadline_id is not None]
        self._clocks = take_up_commitments(clocks, ids)

    def said(self) -> dict[str, Any]:
        """What the history says of it; empty for none."""
        return {"resumed": said_of(self.rows)} if self.rows else {}

    def store(self) -> None:
        """Note that they are owed again, in the cycle that has begun."""
        for each in self.rows:
            each.dropped_at = each.dropped_by_id = each.drop_cause = None
            each.cycle = self.case.complaint.cycle
            clock = self._clocks.get(each.deadline_id or 0)
            if clock is not None:
                each.deadline_id = clock.id
