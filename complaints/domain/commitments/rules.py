"""What was undertaken for a complaint: told and planned steps, promised documents, deliveries.

Each is a commitment with an owner and a due time. Here stands how one stands, which of them a
complaint may not be closed over, and what a new list of steps makes of the old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

#: What the clocks of commitments run under, in the place of a policy and one of its clauses.
CODE = "commitments"
#: A date of its own: the complaint's pauses do not move it.
OWN_DATE = "own_date"
#: No other date than the promise: it stands still and moves with it.
WITH_PROMISE = "with_promise"

#: How the customer stands as an owner.
CUSTOMER = "customer"


class CommitmentKind(StrEnum):
    """Where a commitment comes from; the comment says it as a sentence."""

    STEP = "step"  # a step that the customer was told (020-1.4)
    PLAN = "plan"  # a step of the handling plan (020-2.5)
    DOCUMENT = "document"  # what the customer will bring (020-1.6)
    DELIVERY = "delivery"  # the remedy that the customer accepted
    OBJECTION = "objection"  # a superior answers the objection of the customer
    CONFIRM = "confirm"  # the customer has to confirm a written summary (020-1.2)


class CommitmentState(StrEnum):
    """How a commitment stands; a late one is still open."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"
    DROPPED = "dropped"


class OwnerKind(StrEnum):
    """Who has to do it; nobody in the organisation answers for what the customer has to do."""

    PERSON = "person"
    UNIT = "unit"
    CUSTOMER = "customer"


class DropCause(StrEnum):
    """Why a commitment was given up; only what a person dropped brings a reason in words."""

    BY_HAND = "by_hand"
    REWRITTEN = "rewritten"
    WITHDRAWN = "withdrawn"
    EXCUSED = "excused"
    DUPLICATE = "duplicate"
    RENAMED = "renamed"


class Undertaken(Protocol):
    """A commitment as these rules read it."""

    @property
    def kind(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def follows_promise(self) -> bool: ...
    @property
    def done_at(self) -> datetime | None: ...
    @property
    def dropped_at(self) -> datetime | None: ...
    @property
    def is_earlier(self) -> bool: ...


U = TypeVar("U", bound=Undertaken)


def state_of(
    *,
    due_at: datetime | None,
    done_at: datetime | None,
    dropped_at: datetime | None,
    at: datetime,
) -> CommitmentState:
    """How a commitment stands at an instant; what is done in the due second itself is in time."""
    if done_at is not None:
        return CommitmentState.DONE
    if dropped_at is not None:
        return CommitmentState.DROPPED
    return CommitmentState.LATE if due_at is not None and due_at < at else CommitmentState.OPEN


def is_unsettled(each: Undertaken) -> bool:
    """Whether it is neither done nor dropped; steps from before these rules owe nothing."""
    return each.done_at is None and each.dropped_at is None and not each.is_earlier


def holding_up(commitments: Sequence[U], at: datetime) -> list[U]:
    """Those a complaint may not be closed over at this instant.

    Everything unsettled, except the delivery of a remedy that is dated later.
    """
    return [
        each
        for each in commitments
        if is_unsettled(each)
        and not (
            each.kind == CommitmentKind.DELIVERY and each.due_at is not None and each.due_at > at
        )
    ]


def same_work(one: str, other: str) -> bool:
    """Whether two commitments name the same work: a told step stands in the plan as well."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def together_with(each: U, commitments: Sequence[U]) -> list[U]:
    """The unsettled commitments that are settled with this one: itself, and its twin among steps.

    A step that was told to the customer and planned is one piece of work, ticked once.
    """
    steps = (CommitmentKind.STEP, CommitmentKind.PLAN)
    return [
        other
        for other in commitments
        if is_unsettled(other)
        and (
            other is each
            or (each.kind in steps and other.kind in steps and same_work(each.what, other.what))
        )
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step of a new list: what, whose, by when, and whether that is just the promised date.

    One that `is_far` lies beyond the limit of days, where a supervisor may set it.
    """

    what: str
    owner: str
    due_at: datetime
    follows_promise: bool
    is_far: bool = False


def goes_on(old: Undertaken, owner: str, new: Wanted) -> bool:
    """Whether a step of the new list is one of the old, unchanged or done already."""
    if old.dropped_at is not None or not same_work(old.what, new.what):
        return False
    if old.done_at is not None:
        return True
    both_follow = old.follows_promise and new.follows_promise
    is_same_date = both_follow or _to_the_minute(old.due_at) == _to_the_minute(new.due_at)
    return is_same_date and owner == new.owner


def _to_the_minute(at: datetime | None) -> datetime | None:
    """A date as forms show and send it back: they know no seconds."""
    return at.replace(second=0, microsecond=0) if at is not None else None
