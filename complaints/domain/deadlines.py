"""The kinds of clock a complaint has, and the events that start, meet and pause them."""

from collections.abc import Sequence
from enum import StrEnum

from complaints.domain.lifecycle import OPEN, Action, Status


class Kind(StrEnum):
    """What a clock measures; `customer` clocks are other people's, shown but not enforced.

    `commitment` clocks run to an agreed date; no rule starts one.
    """

    ACK = "ack"
    INTERNAL_ACCEPT = "internal_accept"
    PLAN = "plan"
    PROGRESS = "progress"
    RESOLVE = "resolve"
    LEGAL = "legal"
    CUSTOMER = "customer"
    COMMITMENT = "commitment"


class DeadlineState(StrEnum):
    """The five states of a deadline; a breach stays a breach."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What our records can say has happened; clocks start at these."""

    RECEIVED = "received"
    DOCUMENTS_COMPLETE = "documents_complete"
    REGISTERED = "registered"
    ROUTED = "routed"
    LAST_CONTACT = "last_contact"
    SOLUTION_ACCEPTED = "solution_accepted"
    REOPENED = "reopened"


#: These happen once in a cycle at a moment that is kept, so that a clock asked for later can still
#: start where it should have.
LASTING_EVENTS = (Event.RECEIVED, Event.DOCUMENTS_COMPLETE)

#: The customer waits for these; the promised date is told on the earliest of them.
OUTCOME_KINDS = (Kind.RESOLVE, Kind.LEGAL)

#: A pause never stops the acknowledgement clock. What somebody undertook is not undone by waiting
#: for the customer, unless its date is just the promised one (`Clocks.pause`).
PAUSABLE = frozenset(Kind) - {Kind.ACK, Kind.CUSTOMER, Kind.COMMITMENT}

_OUR_WORD: Sequence[Action] = (
    Action.REGISTER,
    Action.EXPLAIN_CAUSE,
    Action.OFFER,
    Action.APPROVE_OFFER,
)

#: The event an action is, where it is one. Outgoing messages count as contact too; the message
#: step says so itself because an incoming one does not.
EVENT_OF: dict[Action, Event] = {
    Action.RECEIVE: Event.RECEIVED,
    Action.INFORM: Event.ROUTED,
    Action.REOPEN: Event.REOPENED,
    Action.ACCEPT: Event.SOLUTION_ACCEPTED,
    **dict.fromkeys(_OUR_WORD, Event.LAST_CONTACT),
}

#: The kinds of clock an action stops as met (or late). Acceptance by the parties stops theirs
#: only when the last one accepted, so its step says so itself.
MET_BY: dict[Action, tuple[Kind, ...]] = {
    Action.REGISTER: (Kind.ACK,),
    Action.PLAN: (Kind.PLAN,),
    Action.ACCEPT: OUTCOME_KINDS,
    Action.CLOSE: (Kind.ACK, Kind.INTERNAL_ACCEPT, Kind.PLAN, *OUTCOME_KINDS),
    Action.REFER: (Kind.ACK, Kind.INTERNAL_ACCEPT, Kind.PLAN, *OUTCOME_KINDS),
}


#: The kinds of clock that are met once, and how far a complaint may have come that still owes them.
OWED_IN: dict[Kind, tuple[Status, ...]] = {
    Kind.ACK: OPEN[:1],
    Kind.PLAN: OPEN[:2],
    Kind.RESOLVE: OPEN[:4],
    Kind.LEGAL: OPEN[:4],
}
