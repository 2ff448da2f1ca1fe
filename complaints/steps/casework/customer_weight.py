"""What a customer's type and needs weigh for the priority, and that somebody made it less.

An open complaint that counts for less afterwards is kept among the exceptions, whatever the act:
the type or the needs corrected, the complaint moved to another customer, two records merged. One
that had ended meanwhile is kept among them when it is opened again.
"""

from dataclasses import dataclass

from sqlalchemy import select

from complaints.domain.priority import Raise
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.words.exits import ExitKind
from complaints.models import Customer, Exit
from complaints.steps.case import Case
from complaints.steps.excuse import exit_columns
from complaints.steps.prioritise import compute_for

#: What raises a priority for whose complaint it is.
_OF_CUSTOMER = {Raise.VULNERABLE_CUSTOMER.value, Raise.THIRD_CONTACT.value}


@dataclass(frozen=True, slots=True)
class CustomerWeight:
    """What decides of a customer: the code of the type, and the codes of the needs."""

    tier: str
    needs: tuple[str, ...] = ()

    @classmethod
    def of(cls, customer: Customer) -> "CustomerWeight":
        """As the record says now."""
        return cls(customer.tier, tuple(customer.needs))


def note_lighter(case: Case, before: CustomerWeight) -> None:
    """Keep an exception where the customer of this complaint weighs less now than `before`.

    It says from what to what: the types, the needs that raise a priority, or both.
    """
    taxonomy, now = case.rules.taxonomy, CustomerWeight.of(case.complaint.customer)
    changes = []
    if _tier_weight(taxonomy, now.tier) < _tier_weight(taxonomy, before.tier):
        changes.append(f"{_tier_name(taxonomy, before.tier)} → {_tier_name(taxonomy, now.tier)}")
    if taxonomy.is_vulnerable(before.needs) and not taxonomy.is_vulnerable(now.needs):
        lost = [taxonomy.needs[need] for need in before.needs if taxonomy.is_vulnerable((need,))]
        changes.append(f"{', '.join(each.label_id for each in lost)} → –")
    if changes:
        _keep(case, "; ".join(changes))


def note_lighter_since(case: Case) -> None:
    """Keep one where a complaint that is opened again is by now of a customer who weighs less.

    What its priority rests on tells what they weighed. Nothing is counted while a complaint has
    ended, as it waits for nothing then; the priority set next would be lower in silence.
    """
    complaint, customer, taxonomy = case.complaint, case.complaint.customer, case.rules.taxonomy
    rested = complaint.priority_reason
    if rested.get("override"):
        # It rests on a supervisor's word.
        return
    weight = _tier_weight(taxonomy, customer.tier)
    is_lighter = weight < rested.get("tier_weight", weight)
    computed = compute_for(case)
    lost = {*rested.get("raises", ())} - {each.value for each in computed.raises}
    changes = []
    if (is_lighter or lost & _OF_CUSTOMER) and computed.priority > complaint.priority:
        changes.append(f"{complaint.priority} → {computed.priority}")
    if is_lighter:
        changes.append(f"→ {_tier_name(taxonomy, customer.tier)}")
    if changes:
        _keep(case, "; ".join(changes))


def note_slower(case: Case, priority: str) -> None:
    """Keep one where another customer lowered the priority in any other way, once.

    Customers who complained of the same matter twice before, for instance, go first.
    """
    complaint = case.complaint
    if complaint.priority <= priority:
        return
    query = select(Exit.id).where(
        Exit.complaint_id == complaint.id,
        Exit.kind == ExitKind.TIER.value,
        Exit.at == case.at,
    )
    if case.session.scalar(query.limit(1)) is None:
        _keep(case, f"{priority} → {complaint.priority}")


def _keep(case: Case, words: str) -> None:
    case.session.add(Exit(kind=ExitKind.TIER.value, reason=words, **exit_columns(case)))


def _tier_weight(taxonomy: Taxonomy, tier: str) -> int:
    known = taxonomy.tiers.get(tier)
    return known.weight if known else 0


def _tier_name(taxonomy: Taxonomy, tier: str) -> str:
    known = taxonomy.tiers.get(tier)
    return known.label_id if known else tier
