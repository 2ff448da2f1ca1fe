"""State what is known of the customer: type, contract, products, arrears (020-2.3).

The type decides on priority and deadlines, so a change of it is followed on every open complaint of
the customer, with an entry in the history of each; nothing moves in silence.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid, NotFound
from complaints.domain.lifecycle import OPEN, PERMISSION_FOR, Action
from complaints.domain.permissions import Actor, require
from complaints.models import Complaint, Customer
from complaints.people.customer_facts import FactsGiven, check_facts, keep_facts
from complaints.people.customers import lock_customer
from complaints.queries.scope import in_scope, sees_all
from complaints.rulebook import RuleBook
from complaints.steps.advance import advance
from complaints.steps.case import WITH_CUSTOMER, Case
from complaints.steps.casework.customer import lock_others
from complaints.steps.casework.customer_weight import CustomerWeight, note_lighter
from complaints.steps.prioritise import follow_customer


def state_facts(case: Case, given: FactsGiven, *, source: str = "complaint") -> None:
    """Set the facts of the customer of this complaint; Invalid when none of them is new."""
    check_facts(case.rules.taxonomy, given, _today(case))
    is_other_tier = given.tier not in (None, case.complaint.customer.tier)
    others = lock_others(case, case.complaint.customer_id) if is_other_tier else []
    customer = lock_customer(case.session, case.complaint.customer_id)
    now = case.recorded_at or case.at
    before = keep_facts(case.session, customer, given, by=case.by, at=now, source=source)
    if not before:
        raise Invalid(N_("Nothing was changed."))
    _follow(case, customer, before)
    for other in others:
        _follow(other, customer, {"tier": before["tier"]})


def state_facts_of(
    session: Session, rules: RuleBook, number: str, given: FactsGiven, *, by: Actor, at: datetime
) -> Customer:
    """The same by the customer's number, whether or not something is open; saying it twice is well.

    Raises NotFound where the person sees no complaint of such a customer.
    """
    require(by, PERMISSION_FOR[Action.STATE_FACTS])
    known = find_customer_of(session, number, by)
    check_facts(rules.taxonomy, given, at.astimezone(rules.home_zone).date())
    # In the order of their numbers, so that two who change the same customer wait in turn.
    query = WITH_CUSTOMER.where(
        Complaint.customer_id == known.id, Complaint.status.in_([each.value for each in OPEN])
    )
    query = query.order_by(Complaint.id).execution_options(populate_existing=True)
    is_other_tier = given.tier not in (None, known.tier)
    rows = session.scalars(query.with_for_update(of=(Complaint,))).all() if is_other_tier else ()
    customer = lock_customer(session, known.id)
    before = keep_facts(session, customer, given, by=by, at=at, source="api")
    if "tier" in before:
        for row in rows:
            case = Case(session, rules, row, by, max(at, row.received_at))
            _follow(case, customer, {"tier": before["tier"]})
    return customer


def find_customer_of(session: Session, number: str, by: Actor) -> Customer:
    """The customer of this number, where the person sees a complaint of theirs; else NotFound."""
    query = select(Customer).where(Customer.number == number.strip()[:40])
    if not sees_all(by):
        theirs = select(Complaint.id).where(Complaint.customer_id == Customer.id, in_scope(by))
        query = query.where(theirs.exists())
    customer = session.scalar(query)
    if customer is None:
        raise NotFound(
            N_("There is no customer %(number)s with a complaint that you may see."),
            number=number[:40],
        )
    return customer


def _follow(case: Case, customer: Customer, before: dict[str, Any]) -> None:
    """Write into the complaint's history what changed; with the type, priority and clocks follow.

    Amounts and notes stay with the customer; that they changed is enough here.
    """
    was, now = before.get("tier"), customer.tier
    priority = case.complaint.priority
    proven = follow_customer(case) if was is not None else []
    detail: dict[str, Any] = {"changed": sorted(before)}
    if was is not None:
        tiers = case.rules.taxonomy.tiers
        names = (tiers[was].label_id if was in tiers else was, tiers[now].label_id)
        detail |= {"was": names[0], "tier": names[1]}
        note_lighter(case, CustomerWeight(was, tuple(customer.needs)))
    if case.complaint.priority != priority:
        detail |= {"priority": case.complaint.priority, "priority_before": priority}
    advance(
        case,
        Action.STATE_FACTS,
        proven=proven,
        detail=detail,
        keep=(lambda clocks: clocks.recompute(case.at, f"tier {was} -> {now}")) if was else None,
    )


def _today(case: Case) -> date:
    return case.at.astimezone(case.rules.calendar_of(case.complaint.branch_id).value.tz).date()
