"""Two records of customers that were merged become two again, as long as nothing rests on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from complaints.clocks.unfounded import Brought, UnfoundedMiss, unfounded_misses
from complaints.domain.errors import N_, Refused
from complaints.domain.lifecycle import ENDED, PERMISSION_FOR, Action, Status
from complaints.domain.permissions import require
from complaints.domain.short_reason import require_reason
from complaints.models import Complaint, Customer, CustomerFact
from complaints.people.customer_facts import OWN, note_facts, note_merge
from complaints.queries.scope import in_scope, sees_all
from complaints.rows import Written, note_written
from complaints.steps.case import Case, count_from_now
from complaints.steps.casework.customer import (
    clocks_reason,
    filled,
    lock_both,
    lock_others,
    move,
    write_customer,
)
from complaints.steps.casework.escalation_end import tell_corrected

#: Where a contact comes from that stands again as it did before a merging.
_UNMERGING = "unmerging"


@dataclass(frozen=True, slots=True)
class Merging:
    """One record merged into another: which complaints moved, which stayed, what was filled in.

    `undo` is what stood in the record before and after, None of a merging that did not keep it.
    """

    fact_id: int
    by: str
    at: datetime
    gone_id: int
    moved: Sequence[int]
    own: Sequence[int]
    led: Sequence[int]
    undo: Mapping[str, Any] | None


def merge_to_undo(session: Session, customer_id: int) -> Merging | None:
    """The latest merging of another record into this one that stands; None where there is none."""
    query = select(CustomerFact).where(
        CustomerFact.customer_id == customer_id, CustomerFact.fact.in_(("merged", "unmerged"))
    )
    undone: set[int] = set()
    for each in session.scalars(query.order_by(CustomerFact.id.desc())):
        kept: Mapping[str, Any] = each.value or {}
        if kept.get("kept") != customer_id:
            continue
        gone_id = int(kept["gone"])
        if each.fact == "unmerged":
            undone.add(gone_id)
        elif gone_id in undone:
            undone.discard(gone_id)
        else:
            return Merging(
                fact_id=each.id,
                by=each.by_name,
                at=each.at,
                gone_id=gone_id,
                moved=kept["complaints"],
                own=kept.get("own", ()),
                led=kept.get("led", ()),
                undo=kept.get("undo"),
            )
    return None


def unmerge_customers(case: Case, *, reason: str) -> None:
    """Give back what the latest merging moved into the record of this complaint's customer.

    The other record gets its complaints and its numbers back, this one what stood in it before.
    Raises Refused where none of these complaints is in the person's sight, and where something
    since rests on the merged record: another merging, a complaint received or moved, a fact or
    contact that was changed. A contact that one complaint alone was given stays with it. What a
    deadline missed by nothing but the merging counts as missed no longer.
    """
    require(case.by, PERMISSION_FOR[Action.UNMERGE_CUSTOMERS])
    count_from_now(case)
    reason = require_reason(reason, N_("Enter how you know that they are two customers."))
    kept = case.complaint.customer
    merged = merge_to_undo(case.session, kept.id)
    if merged is None:
        raise Refused(N_("No record was merged into this customer's."))
    _require_seen(case, merged.moved)
    gone = case.session.get_one(Customer, merged.gone_id)
    lock_both(case, kept, gone, is_merged=True)
    moved = list(merged.moved)
    before = _require_free(case, merged)
    others = lock_others(case, kept.id, merged.at)
    back = [each for each in others if each.complaint.id in moved]
    had_needs = list(kept.needs)
    _restore(case, kept, before)
    gone.merged_into_id = None
    case.session.execute(
        update(Customer).where(Customer.id.in_(merged.led)).values(merged_into_id=gone.id)
    )
    note_written(case.session, Written(Customer, ids=merged.led))
    staying = [each for each in others if each not in back] if kept.needs != had_needs else []
    for each in (case, *back):
        if each.complaint.id in moved:
            move(each, gone)
    brought = Brought(clocks_reason(gone, kept), merged.at)
    for each in (*back, *staying):
        _write(each, kept, reason, brought)
    case.session.flush()
    statement = update(Complaint).where(Complaint.id.in_(moved)).values(customer_id=gone.id)
    ids = case.session.scalars(statement.returning(Complaint.id)).all()
    note_written(case.session, Written(Complaint, ids=ids))
    note_merge(case.session, kept, gone, moved, by=case.by, at=case.at, fact="unmerged")
    _write(case, kept, reason, brought, is_asked=True)


def _write(
    case: Case, kept: Customer, reason: str, brought: Brought, *, is_asked: bool = False
) -> None:
    """The entry of one complaint, and what the merging alone made it miss set right.

    One that has ended gets none unless it has to be set right, or it is the one `is_asked` on.
    """
    misses: Sequence[UnfoundedMiss] = ()
    if not case.complaint.priority_reason.get("override"):
        # Where a supervisor has set the priority since, the dates are theirs and not the merging's.
        misses = unfounded_misses(case.session, case.rules, case.complaint, brought, case.at)
    if Status(case.complaint.status) in ENDED and not misses and not is_asked:
        return
    after = case.complaint.customer
    write_customer(case, Action.UNMERGE_CUSTOMERS, kept, after, reason, misses)
    if misses:
        tell_corrected(case, [each.deadline_id for each in misses], brought.since, reason)


def _require_seen(case: Case, moved: Sequence[int]) -> None:
    """Refuse where this person sees none of the complaints that would go back."""
    if sees_all(case.by) or not moved:
        return
    query = select(Complaint.id).where(Complaint.id.in_(moved), in_scope(case.by))
    if case.session.scalar(query.limit(1)) is None:
        raise Refused(
            N_("You see none of the complaints that moved; ask a supervisor of their branch.")
        )


def _require_free(case: Case, merged: Merging) -> Mapping[str, Any]:
    """What stood in the record before; Refused with the first thing that rests on the merging."""
    kept_id, undo = case.complaint.customer_id, merged.undo
    if undo is None:
        raise Refused(
            N_("These records were merged before it was kept what stood in them; move complaints.")
        )
    query = select(Complaint.id).where(Complaint.customer_id == kept_id)
    now = case.session.scalars(query.order_by(Complaint.id)).all()
    away = [each for each in merged.moved if each not in now]
    since = [each for each in now if each not in (*merged.moved, *merged.own)]
    if away or since:
        raise Refused(
            N_(
                "Since the merging %(numbers)s came to the record or left it. Say there whose "
                "complaint it is instead."
            ),
            numbers=", ".join(numbers_of(case, [*away, *since])),
        )
    changed = case.session.scalars(
        select(CustomerFact)
        .where(
            CustomerFact.customer_id == kept_id,
            CustomerFact.id > merged.fact_id,
            CustomerFact.fact.not_in(("merged", "unmerged")),
            CustomerFact.source.not_in((_UNMERGING, OWN)),
        )
        .order_by(CustomerFact.id)
        .limit(1)
    ).first()
    stands = filled(case.complaint.customer)
    if changed is not None or any(stands[name] != was for name, was in undo["after"].items()):
        raise Refused(
            N_("Since the merging the record was changed by %(name)s. Move complaints instead."),
            name=changed.by_name if changed is not None else "–",
        )
    stood: Mapping[str, Any] = undo["before"]
    return stood


def numbers_of(case: Case, ids: Sequence[int]) -> list[str]:
    """The numbers of these complaints, the oldest first."""
    query = select(Complaint.id, Complaint.year).where(Complaint.id.in_(ids))
    rows = case.session.execute(query.order_by(Complaint.id)).all()
    return [case.rules.numbers.write(row.year, row.id) for row in rows]


def _restore(case: Case, kept: Customer, stood: Mapping[str, Any]) -> None:
    """Let the record hold again what stood in it, with a row for each contact that changes."""
    before = {}
    for name, kept_as in stood.items():
        value = datetime.fromisoformat(kept_as) if name == "created_at" else kept_as
        old = getattr(kept, name)
        if old != value:
            setattr(kept, name, value)
            if name in ("phone", "email", "salutation"):
                before[name] = old
    note_facts(case.session, kept, before, by=case.by, at=case.at, source=_UNMERGING)
