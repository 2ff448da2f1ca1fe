"""Set the priority (020-2.4) by the published matrix, or override it as a supervisor."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from complaints.domain.deadlines import OUTCOME_KINDS, Kind
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action, Status
from complaints.domain.priority import ComputedPriority, Priority, Raise, compute_priority
from complaints.domain.short_reason import require_reason
from complaints.models import Complaint, Customer, Deadline
from complaints.rulebook import RuleBook
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case


def provisional_priority(
    rules: RuleBook, category: str | None, customer: Customer
) -> tuple[int, Priority, dict[str, Any]]:
    """Severity, priority and reason as far as can be said at receipt; confirmed by 020-2.4."""
    severity = _severity(rules, category)
    taxonomy = rules.taxonomy
    raises = [Raise.VULNERABLE_CUSTOMER] if taxonomy.is_vulnerable(customer.needs) else []
    weight = taxonomy.tiers[customer.tier].weight
    computed = compute_priority(rules.matrix, severity, weight, raises)
    return severity, computed.priority, {**_reason(computed), "provisional": True}


def compute_for(case: Case, apart_from: Collection[int] = ()) -> ComputedPriority:
    """What the matrix says of this complaint now, with every raise that applies.

    `apart_from` are deadlines whose miss does not hold.
    """
    complaint = case.complaint
    customer = complaint.customer
    raises: set[Raise] = set()
    if case.rules.taxonomy.is_vulnerable(customer.needs):
        raises.add(Raise.VULNERABLE_CUSTOMER)
    category = case.rules.taxonomy.categories.get(complaint.category or "")
    if category is not None and category.repeats:
        raises.add(Raise.REPEAT_FAULT)
    if _earlier_on_same_matter(case) >= 2:
        raises.add(Raise.THIRD_CONTACT)
    if _has_missed_deadline(case, apart_from):
        raises.add(Raise.MISSED_DEADLINE)
    weight = case.rules.taxonomy.tiers[customer.tier].weight
    severity = _severity(case.rules, complaint.category)
    return compute_priority(case.rules.matrix, severity, weight, raises)


def set_priority(case: Case) -> None:
    """Compute the priority from the matrix, store its reason, and count the clocks anew.

    Raises Invalid while the category is unknown: the type of complaint decides.
    """
    if case.complaint.category is None:
        raise Invalid(
            N_("Choose the category first; the priority follows from it."), field="category"
        )
    computed = compute_for(case)
    _apply(case, Action.PRIORITISE, computed.priority, _reason(computed), computed.severity)


def follow_customer(case: Case, apart_from: Collection[int] = ()) -> list[Proven]:
    """Let the priority follow the record after it or its customer changed; what to record of it.

    Before 020-2.4 it is the provisional one. `apart_from` are deadlines whose miss does not hold.
    """
    complaint = case.complaint
    is_provisional = complaint.status == Status.RECEIVED or bool(
        complaint.priority_reason.get("provisional")
    )
    if not is_provisional:
        return recompute_priority(case, apart_from)
    severity, priority, reason = provisional_priority(
        case.rules, complaint.category, complaint.customer
    )
    complaint.severity = severity
    complaint.priority = priority.value
    complaint.priority_reason = reason
    return []


def recompute_priority(case: Case, apart_from: Collection[int] = ()) -> list[Proven]:
    """Let the matrix decide again after the record was corrected; what there is to record of it.

    What a supervisor has set stays, unless the matter is graver now than the one they judged and
    the matrix asks for more: then their word was not about this. Nothing is recorded where neither
    the priority nor what it rests on has changed.
    """
    complaint = case.complaint
    before, computed = complaint.priority_reason, compute_for(case, apart_from)
    reason = _reason(computed)
    if before.get("override"):
        is_graver = computed.severity > before.get("severity", computed.severity)
        if not is_graver or computed.priority.value >= complaint.priority:
            return []
        # Whose word it was stays to be read beside the new one.
        reason["override_before"] = f"{before['override']}, {before.get('override_by', '')}"
    is_same = complaint.priority == computed.priority.value and all(
        before.get(name) == reason[name] for name in ("severity", "base", "raises")
    )
    complaint.priority = computed.priority.value
    complaint.priority_reason = reason
    complaint.severity = computed.severity
    return [] if is_same else [Proven("020-2.4", words=computed.priority.value, detail=reason)]


def override_priority(case: Case, *, priority: str, reason: str) -> None:
    """Set another priority than the computed one; supervisors only, with a reason."""
    if priority not in set(Priority):
        raise Invalid(N_("Choose a priority from P1 to P4."), field="override")
    reason = require_reason(reason, N_("Enter why the computed priority does not fit."))
    computed = compute_for(case)
    why = {
        **_reason(computed),
        "computed": computed.priority.value,
        "override": priority,
        "override_reason": reason,
        "override_by": case.by.name,
    }
    _apply(case, Action.OVERRIDE_PRIORITY, Priority(priority), why, computed.severity)


def _apply(
    case: Case, action: Action, priority: Priority, reason: dict[str, Any], severity: int
) -> None:
    complaint = case.complaint
    before = complaint.priority
    complaint.priority = priority.value
    complaint.priority_reason = reason
    complaint.severity = severity
    advance(
        case,
        action,
        proven=[Proven("020-2.4", words=priority.value, detail=reason)],
        detail={"priority": priority.value, "before": before, "reason": reason},
        keep=lambda clocks: clocks.recompute(case.at, f"priority {before} -> {priority.value}"),
    )


def _severity(rules: RuleBook, category: str | None) -> int:
    known = rules.taxonomy.categories.get(category or "")
    return known.severity if known else rules.taxonomy.unknown_severity


def _reason(computed: ComputedPriority) -> dict[str, Any]:
    return {
        "severity": computed.severity,
        "tier_weight": computed.tier_weight,
        "base": computed.base.value,
        "raises": [each.value for each in computed.raises],
        "matrix": computed.matrix_version,
    }


def _earlier_on_same_matter(case: Case) -> int:
    """How often this customer complained of the same category before.

    Nobody knows whether customers without any contact are the same person; an import even keeps
    all of them in one row.
    """
    complaint, customer = case.complaint, case.complaint.customer
    if not (customer.number or customer.phone or customer.email):
        return 0
    query = select(func.count()).where(
        Complaint.customer_id == complaint.customer_id,
        Complaint.category == complaint.category,
        Complaint.id < complaint.id,
    )
    return case.session.scalar(query) or 0


def _has_missed_deadline(case: Case, apart_from: Collection[int]) -> bool:
    """Whether the customer has already been let down; our internal clocks do not count."""
    query = select(Deadline.id).where(
        Deadline.complaint_id == case.complaint.id,
        Deadline.breached_at.is_not(None),
        Deadline.kind.in_([Kind.PROGRESS, *OUTCOME_KINDS]),
        Deadline.id.not_in(apart_from),
    )
    return case.session.scalar(query.limit(1)) is not None
