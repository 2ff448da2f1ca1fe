"""How everybody takes a step, in this order: permission, guard, status, records, history, clocks.

Pages, the API, the import and the worker all come through here; nothing else assigns a status.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.clocks.changes import Clocks
from complaints.clocks.store import new_rows, number_new
from complaints.db import Base
from complaints.domain.deadlines import EVENT_OF, MET_BY, Event, Kind
from complaints.domain.evidence import (
    CRITERIA,
    EVERY_CRITERION,
    EvidenceItem,
    blocking,
    blocking_before_step,
    missing_for,
    passed_gates,
)
from complaints.domain.history import HistoryHead
from complaints.domain.lifecycle import (
    ENDED,
    GATE_OF,
    OPEN,
    PERMISSION_FOR,
    Action,
    Gate,
    Move,
    Status,
    gate_ahead,
    plan_move,
    refuse_too_early,
    status_behind,
)
from complaints.domain.permissions import SYSTEM, require
from complaints.domain.words.exits import Unable
from complaints.history import (
    append,
    head_columns,
    history_rows,
    note_for_webhooks,
    store_history,
)
from complaints.models import Complaint, Customer, Deadline, HistoryEntry, StepRecord
from complaints.queries.complaint.proofs import CaseFile, case_file, evidence_of, record_lacks
from complaints.rows import Row, attach_persistent, insert_together, reserve_all
from complaints.rulebook import RuleBook
from complaints.steps.case import Case
from complaints.steps.colleagues.follow import tell_followers
from complaints.steps.excuse import (
    Excused,
    keep_exit,
    require_excuse,
    require_signed,
    settle_signature,
)
from complaints.steps.order import confirmed_cause, require_order
from complaints.steps.write_letter import write_letters


@dataclass(frozen=True, slots=True)
class Proven:
    """What a step proves: a criterion, with the words used, or an honest reason why not.

    `part` is what a letter tells the customer of it, where the means is one that we write by.
    """

    criterion: str
    words: str = ""
    method: str = ""
    unable: Unable | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    part: Mapping[str, Any] | None = None


def advance(
    case: Case,
    action: Action,
    *,
    proven: Sequence[Proven] = (),
    detail: Mapping[str, Any] | None = None,
    met: Iterable[Kind] = (),
    events: Iterable[Event] = (),
    keep: Callable[[Clocks], None] | None = None,
    is_event: bool = True,
    guard: Callable[[], None] | None = None,
    back_to: Status | None = None,
) -> Move:
    """Take `action` on the case, or raise Refused with nothing changed.

    1. the role must hold the action's permission;
    2. the lifecycle must allow it, the gates before it must be open, and the step's own `guard`
       must let it through;
    3. the status moves, the letter, the records and one history entry are written, behind an
       entry for each deadline that is found missed only now; whatever completes element 2 begins
       the handling, and what takes the ground from an offer goes `back_to` it;
    4. clocks stop, start and are set; `met` and `events` add to what the action itself means,
       unless it is no such event this time, and `keep` does what else the step wants of them.
    """
    complaint = case.complaint
    require(case.by, PERMISSION_FOR[action])
    move = _planned(case, action)
    if move.gates:
        _require_open_gates(case, move)
    if guard is not None:
        guard()
    excused = _excused(case, proven)
    require_order(case, action, is_unable=any(each.unable is not None for each in proven))
    letters = write_letters(case, [each for each in proven if each.unable is None])
    own = EVENT_OF.get(action) if is_event else None
    work = _clock_work(case, move, set(met), {*events, *([own] if own else [])}, keep)
    if work is not None:
        _note_breaches(case, work)
    _keep_records(case, proven, letters, excused)
    if back_to is not None:
        move = replace(move, after=back_to)
    if _opens_handling(case, move):
        move = replace(move, after=Status.IN_HANDLING)
    complaint.status = move.after.value
    if move.after in ENDED and move.before not in ENDED:
        complaint.closed_at = case.at
    excuses = {each.criterion: each.reason.id for each in excused.values()}
    write_history(case, action, {**(detail or {}), "excused": excuses, **_status_detail(move)})
    if excused or (proven and complaint.signature_asked_at is not None):
        settle_signature(case)
    if work is not None:
        _keep_clocks(case, work)
    tell_followers(case, move)
    return move


def _planned(case: Case, action: Action) -> Move:
    """Where the action leads from here, by the lifecycle and by what is proven already."""
    complaint = case.complaint
    move = plan_move(Status(complaint.status), action)
    if action is Action.REOPEN:
        passed = passed_gates(
            evidence(case.session, case.rules, complaint), _was_handled(case.session, complaint)
        )
        return replace(move, after=status_behind(passed))
    if move.gates == (Gate.HANDLING,) and action is Action.PLAN:
        # The plan need not wait for the units; only the status does.
        return replace(move, after=move.before, gates=())
    return move


def _keep_records(
    case: Case,
    proven: Sequence[Proven],
    letters: Mapping[str, str],
    excused: Mapping[str, Excused],
) -> None:
    """Store a record of each criterion proven, with the cause that a resolving one rests on."""
    is_resolving = any(_is_resolving(each) for each in proven)
    cause = confirmed_cause(case) if is_resolving else None
    for each in proven:
        record = step_record(case, each, letters.get(each.criterion))
        record.cause_id = cause.id if cause else None
        case.session.add(record)
        case.records.append(record)
        if each.criterion in excused:
            keep_exit(case, excused[each.criterion], record)


def begin(case: Case, detail: Mapping[str, Any]) -> None:
    """Store a new complaint with its first history entry, its first clocks and a new customer."""
    require(case.by, PERMISSION_FOR[Action.RECEIVE])
    session, complaint, customer = case.session, case.complaint, case.complaint.customer
    clocks = Clocks(session, case.rules, complaint, case.by.id)
    clocks.start((Event.RECEIVED, Event.LAST_CONTACT), complaint.received_at)
    is_new_customer = customer not in session
    ids = reserve_all(
        session, {Customer: int(is_new_customer), Complaint: 1, Deadline: clocks.count}
    )
    if is_new_customer:
        customer.id = ids[Customer][0]
    complaint.id, complaint.customer_id = ids[Complaint][0], customer.id
    clocks.set_next_due()
    entry = next_history_entry(case, Action.RECEIVE, detail)
    new: list[Base] = [customer] if is_new_customer else []
    changes = clocks.changes()
    number_new(changes, ids[Deadline])
    insert_together(session, new, [complaint], history_rows([entry]), *new_rows(changes))
    note_for_webhooks(session, [entry])
    for row in (*new, complaint):
        attach_persistent(session, row)
    case.started = clocks.live


def write_history(case: Case, action: Action, detail: Mapping[str, Any]) -> None:
    """Append one entry to the complaint's history and store it."""
    case.taken, case.noted = action, detail
    store_history(case.session, [next_history_entry(case, action, detail)])


def next_history_entry(case: Case, action: Action, detail: Mapping[str, Any]) -> Row:
    """The entry that follows in the history, not yet stored; the complaint counts it."""
    complaint, kept = case.complaint, dict(detail)
    if case.recorded_at is not None and case.recorded_at != case.at:
        kept["recorded_at"] = case.recorded_at.isoformat()
    if case.happened_at is not None:
        kept["happened_at"] = case.happened_at.isoformat()
    head = HistoryHead(complaint.history_seq, complaint.history_hash)
    row, head = append(head, complaint.id, action, by=case.by, at=case.at, detail=kept)
    for name, value in head_columns(head).items():
        setattr(complaint, name, value)
    return row


def step_record(case: Case, each: Proven, letter: str | None = None) -> StepRecord:
    """The record of a criterion, not yet stored; `letter` is the key of what carries its words."""
    is_every = each.criterion == EVERY_CRITERION
    return StepRecord(
        complaint_id=case.complaint.id,
        criterion=each.criterion,
        record="take-over" if is_every else CRITERIA[each.criterion].noun,
        cycle=case.complaint.cycle,
        at=case.at,
        by_id=case.by.id,
        by_name=case.by.name,
        method=each.method,
        words=each.words,
        is_unable=each.unable is not None,
        reason=each.unable.reason.strip() if each.unable else "",
        detail=dict(each.detail),
        letter_key=letter,
    )


def evidence(
    session: Session, rules: RuleBook, complaint: Complaint, file: CaseFile | None = None
) -> tuple[EvidenceItem, ...]:
    """The eighteen criteria of a complaint as they stand."""
    session.flush()
    return evidence_of(complaint, file or case_file(session, complaint.id), rules)


def mandatory_gaps(case: Case) -> tuple[str, ...]:
    """The mandatory fields of the written record that are still empty."""
    return record_lacks(case.rules, case.complaint, case.complaint.customer)


def missing_now(items: Iterable[EvidenceItem], status: Status) -> tuple[str, ...]:
    """What is missing for the next gate of a complaint in this status; empty once it has ended."""
    gate = gate_ahead(status)
    return missing_for((gate,), items) if gate else ()


def _require_open_gates(case: Case, move: Move) -> None:
    items = evidence(case.session, case.rules, case.complaint)
    own = GATE_OF.get(move.action)
    if own is not None and move.gates == (own,):
        is_complete = own is not Gate.REGISTRATION or not mandatory_gaps(case)
        missing = blocking_before_step(own, items, is_complete)
    else:
        missing = blocking(move.gates, items)
    if missing:
        because = {item.criterion: item.because for item in missing if item.because}
        raise refuse_too_early(tuple(item.criterion for item in missing), because)
    if Gate.CLOSING in move.gates:
        require_signed(case)


def _is_resolving(each: Proven) -> bool:
    return each.criterion in CRITERIA and CRITERIA[each.criterion].element == 3


def _opens_handling(case: Case, move: Move) -> bool:
    """Whether a registered complaint has all of element 2, now that this act is recorded."""
    if move.before is not Status.REGISTERED or move.after is not Status.REGISTERED:
        return False
    plans = select(StepRecord.id).where(
        StepRecord.complaint_id == case.complaint.id,
        StepRecord.criterion == "020-2.5",
    )
    if move.action is not Action.PLAN and case.session.scalar(plans.limit(1)) is None:
        return False
    return not missing_for((Gate.HANDLING,), evidence(case.session, case.rules, case.complaint))


def _was_handled(session: Session, complaint: Complaint) -> bool:
    """Whether the complaint has been in handling before, as its history tells."""
    details = select(HistoryEntry.detail).where(HistoryEntry.complaint_id == complaint.id)
    handled = [each.value for each in OPEN[2:]]
    return any(
        detail.get("from") in handled or detail.get("to") in handled
        for detail in session.scalars(details)
    )


def _excused(case: Case, proven: Sequence[Proven]) -> dict[str, Excused]:
    """What is said not to be possible, each for a reason that its criterion allows."""
    excused: dict[str, Excused] = {}
    for each in proven:
        if each.unable is not None:
            said = [other.sentence for other in excused.values()]
            excused[each.criterion] = require_excuse(case, each.criterion, each.unable, said)
    return excused


def _status_detail(move: Move) -> dict[str, str]:
    if move.before is move.after:
        return {}
    return {"from": move.before.value, "to": move.after.value}


@dataclass(frozen=True, slots=True)
class _ClockWork:
    """What an action does to the clocks, with the live ones read."""

    clocks: Clocks
    met: set[Kind]
    events: set[Event]
    keep: Callable[[Clocks], None] | None
    has_ended: bool
    goes_on: bool


def _clock_work(
    case: Case,
    move: Move,
    met: set[Kind],
    events: set[Event],
    keep: Callable[[Clocks], None] | None,
) -> _ClockWork | None:
    """The work there is for the clocks, or None; the clocks are read only where there is some."""
    met.update(MET_BY.get(move.action, ()))
    if Event.LAST_CONTACT in events:
        met.add(Kind.PROGRESS)
    has_ended = move.after in ENDED and move.before not in ENDED
    if not (met or events or keep or has_ended):
        return None
    clocks = Clocks.of(case.session, case.rules, case.complaint, case.by.id)
    return _ClockWork(clocks, met, events, keep, has_ended, move.after not in ENDED)


def _note_breaches(case: Case, work: _ClockWork) -> None:
    """Write down what was missed before this act and has not been swept: the sweep's own words.

    What counts is the moment of writing, as for the sweep: an act that is dated back keeps no
    deadline that had passed by then. Nobody is told of it; whoever acts on the complaint has it
    before them.
    """
    kinds = None if work.has_ended or work.keep else work.met
    for deadline in work.clocks.note_breaches(case.recorded_at or case.at, kinds):
        noticed = Case(case.session, case.rules, case.complaint, SYSTEM, deadline.due_at)
        detail = {
            "deadline": deadline.id,
            "kind": deadline.kind,
            "due_at": deadline.due_at.isoformat(),
        }
        write_history(noticed, Action.BREACH, detail)


def _keep_clocks(case: Case, work: _ClockWork) -> None:
    clocks = work.clocks
    clocks.meet(work.met, case.at)
    if work.has_ended:
        clocks.cancel(case.at)
    elif work.events and work.goes_on:
        clocks.start(work.events, case.at)
    if work.keep:
        work.keep(clocks)
    clocks.settle()
