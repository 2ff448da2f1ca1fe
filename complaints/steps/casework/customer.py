"""Whose complaint it is: moved to another customer's record, and two records of one person merged.

The complaint keeps the name and contacts told of it, so that its letters go where they went. What
hangs on the customer, type and needs, decides anew on priority and deadlines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from complaints.clocks.changes import Clocks
from complaints.clocks.unfounded import UnfoundedMiss, withdraw_misses
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import ENDED, OPEN, PERMISSION_FOR, Action, Status
from complaints.domain.permissions import require
from complaints.domain.short_reason import require_reason
from complaints.models import Complaint, Customer, Deadline
from complaints.people.customer_facts import note_merge
from complaints.people.customers import (
    CustomerGiven,
    await_turn,
    lock_customer,
    new_customer,
    number_key_of,
)
from complaints.queries.scope import in_scope, sees_all
from complaints.rows import Written, note_written
from complaints.steps.advance import advance
from complaints.steps.case import WITH_CUSTOMER, Case, count_from_now, open_beside
from complaints.steps.casework.customer_weight import CustomerWeight, note_lighter, note_slower
from complaints.steps.linking.another import contact_of
from complaints.steps.prioritise import follow_customer


@dataclass(frozen=True, slots=True)
class Whose:
    """A customer as somebody names them: by number, by a complaint of theirs, or as a new one."""

    number: str = ""
    complaint: str = ""
    is_own: bool = False


def change_customer(case: Case, whose: Whose, *, reason: str = "") -> None:
    """Move the complaint to the record of the customer it belongs to.

    Where the number told was in doubt this settles it; otherwise a reason is needed. Raises Invalid
    when nobody is named, or when it is theirs already.
    """
    count_from_now(case)
    complaint, before = case.complaint, case.complaint.customer
    is_doubted = complaint.doubted_number is not None
    after = None if whose.is_own else _find(case, whose)
    if after is before:
        raise Invalid(N_("The complaint is this customer's already."), field="number")
    if not is_doubted:
        reason = require_reason(reason, N_("Enter why the complaint belongs to someone else."))
    if after is None:
        after = before if is_doubted else _of_their_own(case)
    lock_both(case, before, after)
    complaint.doubted_number = None
    move(case, after)
    write_customer(case, Action.CHANGE_CUSTOMER, before, after, reason)
    if after is not before and before.number is None and not _complaints_of(case, before):
        # Nobody else is meant by what was told here: whoever calls with it again is the other.
        _lead_on(case, before, after, [complaint.id])


def merge_customers(case: Case, whose: Whose, *, reason: str) -> None:
    """Make the records of this complaint's customer and of another one record.

    The one with a number goes on, else the one of this complaint. All complaints of the other move
    to it, each open one with an entry of its own, and so have those that were its own where it
    learns of a need; the number of the other finds it as well.
    """
    require(case.by, PERMISSION_FOR[Action.MERGE_CUSTOMERS])
    count_from_now(case)
    own, other = case.complaint.customer, _find(case, whose)
    if other is own:
        raise Invalid(N_("The complaint is this customer's already."), field="number")
    reason = require_reason(reason, N_("Enter how you know that both are the same customer."))
    _require_seen(case, other)
    lock_both(case, own, other)
    kept, gone = (other, own) if other.number and not own.number else (own, other)
    moving = lock_others(case, gone.id)
    needs_more = bool(set(gone.needs) - set(kept.needs))
    staying = lock_others(case, kept.id) if needs_more else []
    moved, staying_ids = _complaints_of(case, gone), _complaints_of(case, kept)
    before = filled(kept)
    _fill(kept, gone)
    undo = {"before": before, "after": filled(kept)}
    _lead_on(case, gone, kept, moved, own=staying_ids, undo=undo)
    for each in moving:
        move(each, kept)
    for each in (*moving, *staying):
        write_customer(each, Action.MERGE_CUSTOMERS, gone, kept, reason)
    if case.complaint.customer is gone:
        move(case, kept)
    case.session.flush()
    statement = update(Complaint).where(Complaint.customer_id == gone.id)
    statement = statement.values(customer_id=kept.id)
    ids = case.session.scalars(statement.returning(Complaint.id)).all()
    note_written(case.session, Written(Complaint, ids=ids))
    write_customer(case, Action.MERGE_CUSTOMERS, gone, kept, reason)


def called(customer: Customer) -> str:
    """A customer in a history that holds no personal data: their number, else that of the row."""
    return customer.number or f"#{customer.id}"


def _find(case: Case, whose: Whose) -> Customer:
    if whose.complaint.strip():
        return open_beside(case, whose.complaint, field="complaint").complaint.customer
    key = number_key_of(whose.number)
    if key is None:
        raise Invalid(
            N_("Enter the customer number, or the number of another complaint of theirs."),
            field="number",
        )
    found = case.session.scalar(select(Customer).where(Customer.number_key == key))
    if found is None:
        raise Invalid(
            N_("There is no customer with number %(number)s."),
            field="number",
            number=whose.number.strip(),
        )
    if found.merged_into_id is not None:
        return case.session.get_one(Customer, found.merged_into_id)
    return found


def lock_both(case: Case, own: Customer, other: Customer, *, is_merged: bool = False) -> None:
    """Lock both records, read anew, and let no intake find them meanwhile.

    Raises Refused when one of them was merged a moment ago; with `is_merged` when `other` is not
    merged into `own`.
    """
    await_turn(case.session, _as_told(own), _as_told(other))
    for key in sorted((own.id, other.id)):
        into = lock_customer(case.session, key).merged_into_id
        if into != (own.id if is_merged and key == other.id else None):
            raise Refused(N_("Somebody has merged this customer a moment ago. Look again."))


def _lead_on(case: Case, gone: Customer, kept: Customer, moved: Sequence[int], **more: Any) -> None:
    """Whoever finds a record that is no more, or one merged into it earlier, finds the other.

    `more` is what undoing it would need.
    """
    gone.merged_into_id = kept.id
    statement = update(Customer).where(Customer.merged_into_id == gone.id)
    statement = statement.values(merged_into_id=kept.id).returning(Customer.id)
    led = case.session.scalars(statement).all()
    note_written(case.session, Written(Customer, ids=led))
    more = {**more, "led": list(led)} if more else {}
    note_merge(case.session, kept, gone, moved, by=case.by, at=case.at, **more)


def _of_their_own(case: Case) -> Customer:
    """A new record with what was told of this complaint."""
    if len(_complaints_of(case, case.complaint.customer)) < 2:
        raise Invalid(
            N_("This customer has no other complaint, so the record is theirs alone already."),
            field="is_own",
        )
    complaint = case.complaint
    given = contact_of(complaint, language=complaint.customer.language)
    customer = new_customer(case.rules.taxonomy, given, case.at)
    case.session.add(customer)
    case.session.flush()
    return customer


def _require_seen(case: Case, customer: Customer) -> None:
    """Raise Invalid where this person sees no complaint of the customer."""
    if sees_all(case.by):
        return
    query = select(Complaint.id).where(Complaint.customer_id == customer.id, in_scope(case.by))
    if case.session.scalar(query.limit(1)) is None:
        raise Invalid(
            N_("There is no customer %(number)s with a complaint that you may see."),
            field="number",
            number=called(customer),
        )


def _complaints_of(case: Case, customer: Customer) -> Sequence[int]:
    case.session.flush()
    query = select(Complaint.id).where(Complaint.customer_id == customer.id)
    return case.session.scalars(query.order_by(Complaint.id)).all()


def lock_others(case: Case, customer_id: int, missed_since: datetime | None = None) -> list[Case]:
    """Open complaints of a customer beside this one, locked; Refused while one is worked on.

    With `missed_since` also those that have ended and missed a deadline since. Waiting for each
    other would never end, so this one does not wait.
    """
    is_wanted: ColumnElement[bool] = Complaint.status.in_([each.value for each in OPEN])
    if missed_since is not None:
        has_missed = select(Deadline.id).where(
            Deadline.complaint_id == Complaint.id, Deadline.breached_at >= missed_since
        )
        is_wanted |= has_missed.exists()
    others = (Complaint.customer_id == customer_id, Complaint.id != case.complaint.id)
    wanted = case.session.scalars(select(Complaint.id).where(*others, is_wanted)).all()
    query = WITH_CUSTOMER.where(Complaint.id.in_(wanted)).order_by(Complaint.id)
    locked = query.with_for_update(of=(Complaint,), skip_locked=True, key_share=True)
    rows = case.session.scalars(locked.execution_options(populate_existing=True)).all()
    if len(rows) < len(wanted):
        raise Refused(
            N_("Somebody is recording something on another complaint of this customer. Try again.")
        )
    now = case.recorded_at or case.at
    return [Case(case.session, case.rules, row, case.by, max(now, row.received_at)) for row in rows]


def move(case: Case, customer: Customer) -> None:
    complaint, weighed = case.complaint, CustomerWeight.of(case.complaint.customer)
    complaint.customer = customer
    complaint.customer_id = customer.id
    if Status(complaint.status) not in ENDED:
        note_lighter(case, weighed)


def write_customer(
    case: Case,
    action: Action,
    before: Customer,
    after: Customer,
    reason: str,
    misses: Sequence[UnfoundedMiss] = (),
) -> None:
    """One entry in the complaint's history; an open one gets its priority and clocks anew.

    `misses` do not hold any more, with what they did to the priority.
    """
    complaint = case.complaint
    is_open = Status(complaint.status) not in ENDED
    priority = complaint.priority
    case.session.flush()
    proven = follow_customer(case, [each.deadline_id for each in misses]) if is_open else []
    if is_open:
        note_slower(case, priority)
    detail: dict[str, Any] = {"was": called(before), "now": called(after), "reason": reason}
    if misses:
        detail["misses"] = len(misses)
    if complaint.priority != priority:
        detail |= {"priority": complaint.priority, "priority_before": priority}

    def keep(clocks: Clocks) -> None:
        withdraw_misses(clocks, misses, case.at, reason)
        if is_open:
            clocks.recompute(case.at, clocks_reason(before, after))

    advance(
        case,
        action,
        proven=proven,
        detail=detail,
        keep=keep if is_open or misses else None,
    )


def clocks_reason(before: Customer, after: Customer) -> str:
    """Why clocks are counted anew, as their ledgers keep it."""
    return f"customer {called(before)} -> {called(after)}"


def _as_told(customer: Customer) -> CustomerGiven:
    """What an intake would tell of this customer, so that it waits for the merging."""
    return CustomerGiven(
        name=customer.name,
        number=customer.number or "",
        phone=f"+{customer.phone}" if customer.phone else "",
        email=customer.email or "",
        known_id=customer.id,
    )


#: What a merging may fill in the record that goes on.
_FILLED = ("phone", "email", "salutation", "needs", "products")


def filled(customer: Customer) -> dict[str, Any]:
    """What a merging may fill in or set back, as it stands, in plain values."""
    found = {name: getattr(customer, name) for name in _FILLED}
    return {**found, "created_at": customer.created_at.isoformat()}


def _fill(kept: Customer, gone: Customer) -> None:
    """What only the other record knew stands in the one that goes on."""
    kept.phone = kept.phone or gone.phone
    kept.email = kept.email or gone.email
    kept.salutation = kept.salutation or gone.salutation
    kept.needs = sorted({*kept.needs, *gone.needs})
    kept.products = list(dict.fromkeys([*kept.products, *gone.products]))
    kept.created_at = min(kept.created_at, gone.created_at)
