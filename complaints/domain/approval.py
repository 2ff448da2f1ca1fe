"""Whose word an amount needs: the sums that stand beside it, and the limits of a role.

The amount decides, not what the remedy is called. Nothing is stored here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from complaints.domain.config.authority import Authority

#: The states of an offer in which its amount counts as given: the customer has it in hand, or has
#: accepted it. What waits, was refused, rejected or replaced does not count.
GIVEN = ("open", "accepted")


class Bound(StrEnum):
    """What makes an amount need somebody else's word."""

    OFFER = "offer"
    COMPLAINT = "complaint"
    CUSTOMER = "customer"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Rejection:
    """An amount that somebody would not approve on the complaint."""

    amount: int
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands beside a new amount, in whole units, and what was rejected before.

    `on_complaint` counts every cycle of the complaint; `to_customer` counts all complaints of the
    customer within the days that the thresholds name.
    """

    on_complaint: int = 0
    to_customer: int = 0
    rejected: Sequence[Rejection] = ()


def room_of(authority: Authority, role: str, standing: Standing) -> int:
    """The highest amount that this role may still give by its own word; never negative."""
    return max(
        0,
        min(
            authority.limit_of(role),
            authority.limit_per_complaint(role) - standing.on_complaint,
            authority.limit_per_customer(role) - standing.to_customer,
        ),
    )


def bound_met(
    authority: Authority, role: str, person_id: int | None, amount: int, standing: Standing
) -> Bound | None:
    """Why this person may not give the amount by their own word; None when they may.

    What costs nothing needs nobody. What somebody else has rejected on this complaint, or more, is
    not given by asking a colleague with a higher limit.
    """
    if amount <= 0:
        return None
    if amount > authority.limit_of(role):
        return Bound.OFFER
    if standing.on_complaint + amount > authority.limit_per_complaint(role):
        return Bound.COMPLAINT
    if standing.to_customer + amount > authority.limit_per_customer(role):
        return Bound.CUSTOMER
    others = (each for each in standing.rejected if each.by_id != person_id)
    if any(amount >= each.amount for each in others):
        return Bound.REJECTED
    return None


def may_approve(authority: Authority, role: str, amount: int, standing: Standing) -> bool:
    """Whether this role's limits cover the amount with all that stands beside it."""
    return amount <= room_of(authority, role, standing)
