"""How a complaint looks as JSON: the short answer to a recording, the whole, its lists.

Instants are ISO 8601 in UTC. `stage` names the element of the unit that is still open: `intake`
until the complaint is registered, `planning` until it is in handling, then `resolution`, `ended`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast, overload

from complaints.channels.api.after_end.schemas import AfterEndAnswer
from complaints.channels.api.code_schemas import Me
from complaints.channels.api.conditional import digest
from complaints.channels.api.due_schemas import Deadline as DeadlineAnswer
from complaints.channels.api.due_schemas import WaitingClock
from complaints.channels.api.problems import say, translate
from complaints.channels.api.schemas import (
    CommitmentAnswer,
    CustomerAnswer,
    Deviations,
    EvidenceAnswer,
    Handler,
    HistoryItem,
    LetterAnswer,
    ListLine,
    NextDue,
    PriorityReason,
    Recorded,
)
from complaints.channels.api.schemas import Complaint as ComplaintAnswer
from complaints.domain.clauses import Clause, Policy
from complaints.domain.clock_state import ClockState
from complaints.domain.evidence import CRITERIA, EvidenceItem, say_lacking
from complaints.domain.lifecycle import Gate, Status, gate_ahead
from complaints.models import Complaint as ComplaintRow
from complaints.models import Customer, HistoryEntry
from complaints.queries.complaint.commitments import CommitmentRow
from complaints.queries.complaint.duplicates import read_duplicates
from complaints.queries.complaint.letters import CustomerLetter
from complaints.queries.complaint.proofs import CaseFile, Record
from complaints.queries.lists.worklist import ListRow
from complaints.queries.paused_until import paused_until
from complaints.queries.people.tokens import Holder
from complaints.rulebook import RuleBook
from complaints.steps.advance import missing_now
from complaints.steps.case import Case

_STAGES = {
    Gate.REGISTRATION: "intake",
    Gate.HANDLING: "planning",
    Gate.CLOSING: "resolution",
    None: "ended",
}


def short_answer(
    case: Case, items: Sequence[EvidenceItem], deadlines: Iterable[ClockState]
) -> Recorded:
    """What every recording is answered with; `said` tells that there was nothing left to do."""
    complaint = case.complaint
    status = Status(complaint.status)
    waits = complaint.waiting_customer
    until = paused_until(case.session, complaint.id) if waits else None
    answer: Recorded = {
        "number": case.number,
        "status": complaint.status,
        "stage": stage_of(status),
        "waiting_customer": complaint.waiting_customer,
        "missing": list(missing_now(items, status)),
        "priority": complaint.priority,
        "deadlines": [deadline_answer(each, until, case.rules) for each in deadlines],
        "version": complaint.version,
    }
    if case.said is not None:
        answer["said"] = say(case.said)
    return answer


def whole_answer(
    case: Case, recorded: Recorded, handler: Handler | None, after: AfterEndAnswer
) -> ComplaintAnswer:
    """One complaint with its customer; `recorded` is its short answer."""
    complaint, rules = case.complaint, case.rules
    team = rules.teams.get(complaint.team_id or 0)
    duplicates = read_duplicates(case.session, rules, complaint)
    return {
        **recorded,
        "channel": complaint.channel,
        "branch": rules.branches[complaint.branch_id].code,
        "team": team.code if team else None,
        "handler": handler,
        "category": complaint.category,
        "story": complaint.story,
        "summary": complaint.summary,
        "product": complaint.product,
        "remedy_wanted": complaint.remedy_wanted,
        "received_at": stamp(complaint.received_at),
        "incident_at": stamp(complaint.incident_at),
        "documents_complete_at": stamp(complaint.documents_complete_at),
        "promised_at": stamp(complaint.promised_at),
        "first_told_at": stamp(complaint.first_told_at),
        "closed_at": stamp(complaint.closed_at),
        **_next_due(complaint, recorded["deadlines"]),
        "outcome": complaint.outcome,
        "duplicate_of": duplicates.original,
        "duplicates": list(duplicates.repeated_by),
        **after,
        "severity": complaint.severity,
        "priority_reason": cast(PriorityReason, complaint.priority_reason),
        "awaiting_delivery": complaint.awaiting_delivery,
        "escalation_level": complaint.escalation_level,
        "cycle": complaint.cycle,
        "source": complaint.source,
        "external_id": complaint.external_id,
        "customer": customer_answer(complaint.customer),
        "contact": {
            "name": complaint.contact_name,
            "salutation": complaint.contact_salutation,
            "phone": complaint.contact_phone,
            "email": complaint.contact_email,
            "doubted_number": complaint.doubted_number,
        },
    }


def _next_due(complaint: ComplaintRow, deadlines: Iterable[DeadlineAnswer]) -> NextDue:
    """What is due next; nothing while that clock is paused."""
    due_at = stamp(complaint.next_due_at)
    runs = any(each["due_at"] == due_at for each in deadlines)
    return {
        "next_due_at": due_at if runs else None,
        "next_due_kind": complaint.next_due_kind if runs else None,
    }


def customer_answer(customer: Customer) -> CustomerAnswer:
    """The customer as the record has them."""
    return {
        "name": customer.name,
        "salutation": customer.salutation,
        "phone": customer.phone,
        "email": customer.email,
        "number": customer.number,
        "tier": customer.tier,
        "needs": list(customer.needs),
        "language": customer.language,
    }


def complaint_tag(body: Recorded, customer: CustomerAnswer, handler: Handler | None) -> str:
    """What stands for one complaint as it is now: its version and a digest of what that leaves out.

    The customer's telephone may change through another complaint, and the handler's name through
    the accounts; neither moves the version.
    """
    return f"{body['version']}-{digest([body, customer, handler])}"


def line_answer(row: ListRow, rules: RuleBook) -> ListLine:
    """One complaint in a list."""
    team = rules.teams.get(row.team_id or 0)
    stands = row.standing
    return {
        "number": row.number,
        "status": row.status,
        "stage": stage_of(Status(row.status)),
        "waiting_customer": row.waiting_customer,
        "priority": row.priority,
        "customer": row.customer,
        "category": row.category,
        "summary": row.summary,
        "channel": row.channel,
        "branch": rules.branches[row.branch_id].code,
        "team": team.code if team else None,
        "handler": row.handler,
        "received_at": stamp(row.received_at),
        "closed_at": stamp(row.closed_at),
        "outcome": row.outcome,
        "escalation_level": row.escalation_level,
        "next_due_at": stamp(None if stands and stands.state == "paused" else row.next_due_at),
        "next_due_kind": row.next_due_kind,
        "standing": {
            "state": stands.state,
            "seconds": stands.seconds,
            "paused_until": stamp(stands.until),
            "years_without_holidays": list(stands.years_unknown),
        }
        if stands
        else None,
    }


def deadline_answer(
    deadline: ClockState, until: datetime | None, rules: RuleBook
) -> DeadlineAnswer:
    """One clock; `policy` and `clause` name what sets it.

    A paused one has no due time: it follows from the end of the pause, which is `until` at the
    latest.
    """
    is_paused = deadline.is_paused
    return {
        "kind": deadline.kind,
        "started_at": stamp(deadline.started_at),
        "due_at": None if is_paused else stamp(deadline.due_at),
        "paused_until": stamp(until) if is_paused else None,
        "years_without_holidays": [] if is_paused else rules.years_unknown(deadline),
        "told_at": stamp(deadline.told_at),
        "first_told_at": stamp(deadline.first_told_at),
        "state": deadline.state,
        "ended_at": stamp(deadline.ended_at),
        "breached_at": stamp(deadline.breached_at),
        "policy": deadline.policy,
        "clause": deadline.clause,
        "cycle": deadline.cycle,
    }


def waiting_answer(policy: Policy, clause: Clause) -> WaitingClock:
    """A clock that has not started, and the event that it waits for."""
    return {
        "kind": clause.kind.value,
        "policy": policy.code,
        "clause": clause.id,
        "starts": clause.start,
    }


def history_answer(entry: HistoryEntry) -> HistoryItem:
    """One line of the history with the hash that seals it."""
    return {
        "seq": entry.seq,
        "what": entry.what,
        "at": stamp(entry.at),
        "by": entry.by_name,
        "detail": entry.detail,
        "hash": entry.hash,
    }


def evidence_answer(item: EvidenceItem, file: CaseFile) -> EvidenceAnswer:
    """One criterion with the words (or the reason) of the record that stands for it."""
    record = _record_of(item, file.records)
    return {
        "criterion": item.criterion,
        "state": item.state.value,
        "at": stamp(item.at),
        "by": item.by,
        "record": item.record,
        "noun": CRITERIA[item.criterion].noun,
        "method": record.method if record else None,
        "heard_by": (record.detail.get("heard_by") or None) if record else None,
        "copied_by": (record.detail.get("copied_by") or None) if record else None,
        "words": record.words if record else None,
        "reason": record.reason if record else None,
        "deviations": _deviations(record) if record else None,
        "earlier_rules": item.is_by_earlier_rules,
        "why": say_lacking(item.criterion, item.because, translate) if item.because else None,
    }


def _deviations(record: Record) -> Deviations | None:
    """How a plan differs from the procedure of its category; None for any other record."""
    if "procedure" not in record.detail:
        return None
    return {
        "procedure": str(record.detail["procedure"]),
        "left_out": record.detail.get("left_out", ""),
        "added": record.detail.get("added", ""),
    }


def letter_answer(letter: CustomerLetter) -> LetterAnswer:
    """One letter to the customer and where it stands."""
    return {
        "id": letter.id,
        "kind": letter.kind,
        "method": letter.via,
        "state": letter.state,
        "at": stamp(letter.at),
        "criteria": list(letter.parts),
        "files": [
            {"id": each.file, "sha256": each.sha256, "held_back": each.held_back}
            for each in letter.files
        ],
    }


def commitment_answer(row: CommitmentRow, now: datetime) -> CommitmentAnswer:
    """One commitment as it stands; `owner` is a unit's code, a name, or `customer`."""
    return {
        "id": row.id,
        "kind": row.kind,
        "what": row.what,
        "owner": row.owned_by,
        "owner_kind": row.owner_kind,
        "made_at": stamp(row.at),
        "due_at": stamp(row.due_at),
        "agreed_at": stamp(row.agreed_at),
        "state": row.state(now).value,
        "was_late": row.was_late(now),
        "done_at": stamp(row.done_at),
        "done_by": row.done_by,
        "note": row.note,
        "reference": row.reference,
        "dropped_at": stamp(row.dropped_at),
        "dropped_by": row.dropped_by,
        "drop_cause": row.drop_cause,
        "drop_reason": row.drop_reason,
        "cycle": row.cycle,
        "earlier_rules": row.is_earlier,
    }


def me_answer(holder: Holder, rules: RuleBook) -> Me:
    """Who a token belongs to and what it may do."""
    actor = holder.actor
    branch, team = rules.branches.get(actor.branch_id or 0), rules.teams.get(actor.team_id or 0)
    return {
        "email": holder.email,
        "name": actor.name,
        "role": actor.role.value,
        "branch": branch.code if branch else None,
        "team": team.code if team else None,
        "language": holder.language,
        "scopes": ["read"] if holder.reads_only else ["read", "write"],
    }


def stage_of(status: Status) -> str:
    """Which element of the unit is still open."""
    return _STAGES[gate_ahead(status)]


@overload
def stamp(at: datetime) -> str: ...
@overload
def stamp(at: datetime | None) -> str | None: ...
def stamp(at: datetime | None) -> str | None:
    """An instant as text."""
    return at.isoformat() if at else None


def _record_of(item: EvidenceItem, records: Iterable[Record]) -> Record | None:
    return next((row for row in records if row.id == item.record_id), None)
