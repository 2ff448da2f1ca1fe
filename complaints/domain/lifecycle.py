"""The complaint's life: which action may be taken in which status, and what follows.

One table, NEXT; the gates between the stages; nothing here stores anything.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from complaints.domain.errors import N_, GateRefused, Refused, counted
from complaints.domain.permissions import Permission


class Status(StrEnum):
    """Where a complaint stands; `waiting_customer` is a flag beside it."""

    RECEIVED = "received"
    REGISTERED = "registered"
    IN_HANDLING = "in_handling"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"


OPEN = (Status.RECEIVED, Status.REGISTERED, Status.IN_HANDLING, Status.OFFERED, Status.ACCEPTED)
ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.REFERRED)


class Action(StrEnum):
    """What people (and the clock) do with a complaint; the value stands in the history."""

    RECEIVE = "receive"
    ATTEST = "attest"
    CONFIRM = "confirm"
    APOLOGISE = "apologise"
    PROMISE = "promise"
    REGISTER = "register"
    INFORM = "inform"
    ANSWER_AS_PARTY = "answer_as_party"
    FIND_CAUSE = "find_cause"
    CONFIRM_CAUSE = "confirm_cause"
    NOTE_CONDITION = "note_condition"
    PRIORITISE = "prioritise"
    OVERRIDE_PRIORITY = "override_priority"
    PLAN = "plan"
    APOLOGISE_AGAIN = "apologise_again"
    EXPLAIN_CAUSE = "explain_cause"
    ASK_APPROVAL = "ask_approval"
    OFFER = "offer"
    APPROVE_OFFER = "approve_offer"
    REJECT_OFFER = "reject_offer"
    OFFER_NOTHING = "offer_nothing"
    REMIND = "remind"
    ASK_REMINDER = "ask_reminder"
    ACCEPT = "accept"
    REFUSE = "refuse"
    STAY_UNDECIDED = "stay_undecided"
    THANK = "thank"
    INFORM_STANDARD = "inform_standard"
    CLOSE = "close"
    REFER = "refer"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    RENAME = "rename"
    ADOPT = "adopt"
    REOPEN = "reopen"
    CONTINUE = "continue"
    FOLLOW_UP = "follow_up"
    RATE = "rate"
    CONSENT = "consent"
    ASK_RATING = "ask_rating"
    NOT_ASKED = "not_asked"
    DECLINE_SURVEYS = "decline_surveys"
    OBJECT = "object"
    ESCALATE = "escalate"
    ACKNOWLEDGE = "acknowledge"
    RETURN_ESCALATION = "return_escalation"
    ASSIGN = "assign"
    PAUSE = "pause"
    RESUME = "resume"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    COUNTERSIGN = "countersign"
    RETURN_EXITS = "return_exits"
    NOTE = "note"
    ATTEMPT = "attempt"
    MESSAGE = "message"
    ATTACH = "attach"
    HIDE_ATTACHMENT = "hide_attachment"
    SHOW_ATTACHMENT = "show_attachment"
    AMEND = "amend"
    STATE_FACTS = "state_facts"
    CHANGE_CUSTOMER = "change_customer"
    MERGE_CUSTOMERS = "merge_customers"
    UNMERGE_CUSTOMERS = "unmerge_customers"
    RENEW_LINK = "renew_link"
    SEND_LINK = "send_link"
    UNDERTAKE = "undertake"
    KEEP_COMMITMENT = "keep_commitment"
    DROP_COMMITMENT = "drop_commitment"
    MISS_DELIVERY = "miss_delivery"
    COMPLETE_DOCUMENTS = "complete_documents"
    PRINT_LETTER = "print_letter"
    NOTE_RETURN = "note_return"
    LINK = "link"
    SPLIT = "split"
    JOIN_INCIDENT = "join_incident"
    LEAVE_INCIDENT = "leave_incident"
    TELL_INCIDENT = "tell_incident"
    WARN = "warn"
    BREACH = "breach"
    RECALCULATE = "recalculation"
    ACKNOWLEDGEMENT_EXPIRED = "acknowledgement_expired"


def _stay(*statuses: Status) -> dict[Status, Status]:
    """The action is possible in these statuses and leaves the complaint where it stands."""
    return {status: status for status in statuses}


def _go(to: Status, *statuses: Status) -> dict[Status, Status]:
    """The action is possible in these statuses and moves the complaint on."""
    return dict.fromkeys(statuses, to)


_RECEIVED, _REGISTERED, _HANDLING, _OFFERED, _ACCEPTED = OPEN
_ALL_OPEN = _stay(*OPEN)
_ANY = _stay(*Status)
_FROM_REGISTERED = _stay(*OPEN[1:])
_FROM_HANDLING = _stay(*OPEN[2:])

#: status before → status after, for each action; an absent status means "not now".
NEXT: dict[Action, dict[Status, Status]] = {
    Action.RECEIVE: {},
    Action.ATTEST: _ALL_OPEN,
    Action.CONFIRM: _ALL_OPEN,
    Action.APOLOGISE: _ALL_OPEN,
    Action.PROMISE: _ALL_OPEN,
    Action.REGISTER: _go(_REGISTERED, _RECEIVED),
    Action.INFORM: _FROM_REGISTERED,
    Action.ANSWER_AS_PARTY: _FROM_REGISTERED,
    Action.FIND_CAUSE: _FROM_REGISTERED,
    Action.CONFIRM_CAUSE: _FROM_REGISTERED,
    Action.NOTE_CONDITION: _FROM_REGISTERED,
    Action.PRIORITISE: _FROM_REGISTERED,
    Action.OVERRIDE_PRIORITY: _FROM_REGISTERED,
    Action.PLAN: {_REGISTERED: _HANDLING, **_stay(_HANDLING, _OFFERED)},
    Action.APOLOGISE_AGAIN: _FROM_HANDLING,
    Action.EXPLAIN_CAUSE: _FROM_HANDLING,
    Action.ASK_APPROVAL: _stay(_HANDLING, _OFFERED),
    Action.OFFER: _go(_OFFERED, _HANDLING, _OFFERED),
    Action.APPROVE_OFFER: _go(_OFFERED, _HANDLING, _OFFERED),
    Action.REJECT_OFFER: _stay(_HANDLING, _OFFERED),
    Action.OFFER_NOTHING: _stay(_HANDLING, _OFFERED),
    Action.REMIND: _stay(_HANDLING, _OFFERED),
    Action.ASK_REMINDER: _stay(_HANDLING, _OFFERED),
    Action.ACCEPT: _go(_ACCEPTED, _OFFERED),
    Action.REFUSE: _go(_HANDLING, _OFFERED),
    Action.STAY_UNDECIDED: _stay(_HANDLING, _OFFERED),
    Action.THANK: _FROM_HANDLING,
    Action.INFORM_STANDARD: _FROM_HANDLING,
    Action.CLOSE: _go(Status.CLOSED, *OPEN[2:]),
    Action.REFER: _go(Status.REFERRED, *OPEN[2:]),
    Action.WITHDRAW: _go(Status.WITHDRAWN, *OPEN),
    # What the customer has accepted is delivered, not merged.
    Action.MERGE: _go(Status.CLOSED, *OPEN[:-1]),
    # Nobody gets round a deadline by calling a registered complaint something else.
    Action.RENAME: _go(Status.CLOSED, _RECEIVED),
    Action.ADOPT: _ALL_OPEN,
    Action.REOPEN: _go(_HANDLING, *ENDED),
    # What customers do after the end, on their own page.
    Action.CONTINUE: _stay(*ENDED),
    Action.FOLLOW_UP: _stay(Status.CLOSED),
    Action.RATE: _stay(Status.CLOSED, Status.REFERRED),
    **dict.fromkeys((Action.ASK_RATING, Action.NOT_ASKED), _stay(Status.CLOSED, Status.REFERRED)),
    **dict.fromkeys((Action.DECLINE_SURVEYS, Action.CONSENT), _ANY),
    Action.OBJECT: _ALL_OPEN,
    Action.ESCALATE: _ALL_OPEN,
    Action.ACKNOWLEDGE: _ANY,
    Action.RETURN_ESCALATION: _ALL_OPEN,
    Action.ASSIGN: _ALL_OPEN,
    Action.PAUSE: _ALL_OPEN,
    Action.RESUME: _ALL_OPEN,
    Action.ASK_EXTENSION: _ALL_OPEN,
    Action.DECIDE_EXTENSION: _ALL_OPEN,
    Action.COUNTERSIGN: _ALL_OPEN,
    Action.RETURN_EXITS: _ALL_OPEN,
    Action.NOTE: _ANY,
    Action.ATTEMPT: _ALL_OPEN,
    Action.MESSAGE: _ANY,
    Action.AMEND: _ALL_OPEN,
    Action.STATE_FACTS: _ALL_OPEN,
    **dict.fromkeys(
        (
            Action.CHANGE_CUSTOMER,
            Action.MERGE_CUSTOMERS,
            Action.UNMERGE_CUSTOMERS,
            Action.RENEW_LINK,
            Action.SEND_LINK,
            Action.ATTACH,
            Action.HIDE_ATTACHMENT,
            Action.SHOW_ATTACHMENT,
        ),
        _ANY,
    ),
    Action.UNDERTAKE: _ALL_OPEN,
    Action.MISS_DELIVERY: _go(_ACCEPTED, Status.CLOSED),
    **dict.fromkeys((Action.KEEP_COMMITMENT, Action.DROP_COMMITMENT), _stay(*OPEN, Status.CLOSED)),
    Action.COMPLETE_DOCUMENTS: _stay(*OPEN[:-1]),
    **dict.fromkeys((Action.PRINT_LETTER, Action.NOTE_RETURN, Action.LINK), _ANY),
    Action.SPLIT: _ALL_OPEN,
    Action.JOIN_INCIDENT: _ALL_OPEN,
    Action.LEAVE_INCIDENT: _ANY,
    Action.TELL_INCIDENT: _ALL_OPEN,
    Action.WARN: _ALL_OPEN,
    Action.BREACH: _ALL_OPEN,
    Action.ACKNOWLEDGEMENT_EXPIRED: _ALL_OPEN,
    Action.RECALCULATE: _ALL_OPEN,
}

_INTAKE = (Action.RECEIVE, Action.ATTEST, Action.CONFIRM, Action.APOLOGISE, Action.PROMISE)
PERMISSION_FOR: dict[Action, Permission] = {
    **dict.fromkeys(Action, Permission.HANDLE),
    **dict.fromkeys(
        (
            *_INTAKE,
            Action.REGISTER,
            Action.AMEND,
            Action.STATE_FACTS,
            Action.CHANGE_CUSTOMER,
        ),
        Permission.INTAKE,
    ),
    Action.MERGE_CUSTOMERS: Permission.MERGE_CUSTOMERS,
    Action.UNMERGE_CUSTOMERS: Permission.MERGE_CUSTOMERS,
    **dict.fromkeys(
        (
            Action.CLOSE,
            Action.REFER,
            Action.WITHDRAW,
            Action.MERGE,
            Action.RENAME,
            Action.REOPEN,
        ),
        Permission.CLOSE,
    ),
    **dict.fromkeys((Action.PAUSE, Action.RESUME), Permission.PAUSE),
    **dict.fromkeys(
        (Action.APPROVE_OFFER, Action.REJECT_OFFER, Action.DECIDE_EXTENSION), Permission.APPROVE
    ),
    **dict.fromkeys((Action.COUNTERSIGN, Action.RETURN_EXITS), Permission.COUNTERSIGN),
    Action.OVERRIDE_PRIORITY: Permission.OVERRIDE,
    Action.ASSIGN: Permission.ASSIGN,
    Action.ESCALATE: Permission.ESCALATE,
    **dict.fromkeys((Action.ACKNOWLEDGE, Action.RETURN_ESCALATION), Permission.ACKNOWLEDGE),
    **dict.fromkeys((Action.NOTE, Action.ATTACH), Permission.NOTE),
    **dict.fromkeys(
        (Action.LINK, Action.JOIN_INCIDENT, Action.LEAVE_INCIDENT, Action.TELL_INCIDENT),
        Permission.INCIDENT,
    ),
    Action.SPLIT: Permission.INTAKE,
    Action.RECALCULATE: Permission.ADMINISTER,
}


class Gate(StrEnum):
    """The three gates of unit 020; each opens on its element's criteria."""

    REGISTRATION = "registration"
    HANDLING = "handling"
    CLOSING = "closing"


GATE_OF: dict[Action, Gate] = {
    Action.REGISTER: Gate.REGISTRATION,
    Action.PLAN: Gate.HANDLING,
    Action.CLOSE: Gate.CLOSING,
    Action.REFER: Gate.CLOSING,
}

#: The gate a complaint in this status has still to pass, in order.
_AHEAD: dict[Status, tuple[Gate, ...]] = {
    Status.RECEIVED: (Gate.REGISTRATION, Gate.HANDLING, Gate.CLOSING),
    Status.REGISTERED: (Gate.HANDLING, Gate.CLOSING),
    Status.IN_HANDLING: (Gate.CLOSING,),
    Status.OFFERED: (Gate.CLOSING,),
    Status.ACCEPTED: (Gate.CLOSING,),
}


@dataclass(frozen=True, slots=True)
class Move:
    """What the rules say of an action: the status after it, and the gates it must find open."""

    action: Action
    before: Status
    after: Status
    gates: tuple[Gate, ...]


def gate_ahead(status: Status) -> Gate | None:
    """The next gate a complaint has to pass, or None when it has ended."""
    ahead = _AHEAD.get(status, ())
    return ahead[0] if ahead else None


def plan_move(status: Status, action: Action) -> Move:
    """Say what `action` does to a complaint in `status`.

    An action that comes too early is planned with the gates that stand before it, so that the
    refusal can name what is missing; one that can never follow raises Refused.
    """
    after = NEXT[action].get(status)
    if after is not None:
        own = GATE_OF.get(action)
        is_closed_before = own is not None and own in _AHEAD.get(status, ())
        return Move(action, status, after, (own,) if own and is_closed_before else ())
    if status in ENDED:
        raise Refused(
            N_("This complaint has ended. Reopen it with a reason before recording anything more.")
        )
    too_early = _gates_before(status, action)
    if too_early:
        return Move(action, status, status, too_early)
    raise Refused(_SENTENCE_FOR.get(action, N_("This step is not possible at this stage.")))


def status_behind(passed: Collection[Gate]) -> Status:
    """Where a reopened complaint goes on: behind the last gate it had gone through.

    One that was withdrawn at intake is at intake again; reopening is no way round a gate.
    """
    if Gate.REGISTRATION not in passed:
        return Status.RECEIVED
    return Status.IN_HANDLING if Gate.HANDLING in passed else Status.REGISTERED


def refuse_too_early(
    missing: tuple[str, ...], because: Mapping[str, Any] | None = None
) -> GateRefused:
    """The refusal of an action whose gate is not open, naming the missing criteria."""
    return GateRefused(
        counted(
            len(missing),
            N_("Not possible yet: one required step is still to do."),
            N_("Not possible yet: %(count)d required steps are still to do."),
        ),
        missing,
        because,
        count=len(missing),
    )


_STAGE = {status: stage for stage, status in enumerate(OPEN)}


def _gates_before(status: Status, action: Action) -> tuple[Gate, ...]:
    """The gates between `status` and the earliest status in which `action` is possible."""
    possible = [_STAGE[each] for each in NEXT[action] if each in _STAGE]
    if not possible or min(possible) <= _STAGE[status]:
        return ()
    gates = _AHEAD[status][: max(1, min(possible) - _STAGE[status])]
    closing = GATE_OF.get(action)
    wanted: list[Gate] = [gate for gate in gates if gate is not Gate.CLOSING]
    if closing is Gate.CLOSING:
        wanted.append(Gate.CLOSING)
    return tuple(wanted)


_SENTENCE_FOR: dict[Action, str] = {
    Action.REGISTER: N_("This complaint is already registered."),
    Action.OFFER: N_("The customer has accepted a solution; another offer is not needed."),
    Action.REMIND: N_("There is no open offer to remind the customer of."),
    Action.ACCEPT: N_("There is no open offer to answer. Offer a solution first."),
    Action.REFUSE: N_("There is no open offer to answer. Offer a solution first."),
    Action.MERGE: N_(
        "The customer has accepted a solution here. Deliver it and close this complaint; close the "
        "other one as its duplicate."
    ),
    Action.RENAME: N_(
        "This complaint is registered, and its customer has a receipt for it. Handle it, or record "
        "that the customer withdraws it."
    ),
    Action.REOPEN: N_("This complaint is still open; it need not be reopened."),
}


#: Longer than this no conversation lasts.
ONE_CONVERSATION = timedelta(hours=2)


def is_one_conversation(received_at: datetime, closed_at: datetime, tz: tzinfo) -> bool:
    """Whether both lie within one conversation: two hours at most, on the same local day."""
    same_day = received_at.astimezone(tz).date() == closed_at.astimezone(tz).date()
    return same_day and closed_at - received_at <= ONE_CONVERSATION
