"""What was undertaken for one complaint, with the dates in force and the names of people."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.commitments.rules import CommitmentState, state_of
from complaints.domain.taxonomy import HANDLER
from complaints.models.clocks import Deadline
from complaints.models.people import User
from complaints.models.shapes import ReadAs
from complaints.models.work import Commitment


class CommitmentRow(NamedTuple):
    """A commitment as pages and programs read it.

    `owner_name` is the person who answers for it. `due_at` is the date in force, `agreed_at` the
    one first agreed. `is_earlier` marks steps from before commitments were kept.
    `clock_state` is how its clock is stored; None where it has none.
    """

    id: int
    cycle: int
    kind: str
    revision: int
    position: int
    what: str
    owner: str
    owner_name: str | None
    owner_kind: str
    owner_id: int | None
    team_id: int | None
    offer_id: int | None
    due_at: datetime | None
    agreed_at: datetime | None
    follows_promise: bool
    at: datetime | None
    done_at: datetime | None
    done_by: str | None
    note: str
    reference: str
    dropped_at: datetime | None
    dropped_by: str | None
    drop_cause: str | None
    drop_reason: str
    is_earlier: bool
    clock_state: str | None

    @property
    def owned_by(self) -> str:
        """Whose it is: a unit's code, `customer`, a name, or the words as they were written."""
        return (self.owner_name or "") if self.owner == HANDLER else self.owner

    def state(self, at: datetime) -> CommitmentState:
        """How it stands at an instant."""
        return state_of(due_at=self.due_at, done_at=self.done_at, dropped_at=self.dropped_at, at=at)

    def was_late(self, at: datetime) -> bool:
        """Whether it is late, or was done after it was due."""
        settled_at = self.done_at or self.dropped_at or at
        return self.due_at is not None and settled_at > self.due_at


_OWNER, _DONE_BY, _DROPPED_BY = aliased(User), aliased(User), aliased(User)
_ROW = ReadAs(
    CommitmentRow,
    id=Commitment.id,
    cycle=Commitment.cycle,
    kind=Commitment.kind,
    revision=Commitment.revision,
    position=Commitment.position,
    what=Commitment.what,
    owner=Commitment.owner,
    owner_name=_OWNER.name.label("owner_name"),
    owner_kind=Commitment.owner_kind,
    owner_id=Commitment.owner_id,
    team_id=Commitment.team_id,
    offer_id=Commitment.offer_id,
    due_at=func.coalesce(Deadline.due_at, Commitment.due_at).label("in_force"),
    agreed_at=Commitment.due_at,
    follows_promise=Commitment.follows_promise,
    at=Commitment.at,
    done_at=Commitment.done_at,
    done_by=_DONE_BY.name.label("done_by"),
    note=Commitment.note,
    reference=Commitment.reference,
    dropped_at=Commitment.dropped_at,
    dropped_by=_DROPPED_BY.name.label("dropped_by"),
    drop_cause=Commitment.drop_cause,
    drop_reason=Commitment.drop_reason,
    is_earlier=Commitment.is_earlier,
    clock_state=Deadline.state,
)


_OF_COMPLAINT = (
    select(*_ROW.parts)
    .select_from(Commitment)
    .outerjoin(Deadline, Deadline.id == Commitment.deadline_id)
    .outerjoin(_OWNER, _OWNER.id == Commitment.owner_id)
    .outerjoin(_DONE_BY, _DONE_BY.id == Commitment.done_by_id)
    .outerjoin(_DROPPED_BY, _DROPPED_BY.id == Commitment.dropped_by_id)
    .where(Commitment.complaint_id == bindparam("complaint_id", type_=Integer))
    .order_by(Commitment.id)
)


def commitments_of(session: Session, complaint_id: int) -> list[CommitmentRow]:
    """All commitments of a complaint in the order they were made; one query."""
    return _ROW.values(session, _OF_COMPLAINT, {"complaint_id": complaint_id})
