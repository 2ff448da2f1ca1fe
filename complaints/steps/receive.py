"""Receive a complaint: from this moment it exists and its clocks run, however little is known."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, Invalid, Refused
from complaints.domain.history import GENESIS
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Actor, Permission, may_see, require
from complaints.domain.words.folding import clean
from complaints.models import Complaint, Customer
from complaints.people.customer_facts import note_facts
from complaints.people.customers import (
    CustomerGiven,
    await_turn,
    check_customer,
    check_length,
    contact_columns,
    fill_gaps,
    find_customer,
    new_customer,
    part_name,
)
from complaints.rulebook import RuleBook
from complaints.rulebook.in_use import require_in_use
from complaints.steps.advance import begin
from complaints.steps.case import Case
from complaints.steps.prioritise import provisional_priority

#: The longest story a person tells; more than this is a mistake, not a complaint.
MAX_STORY = 100_000
#: Characters that no screen, letter or spreadsheet can show and no customer typed; line ends and
#: tabs stay, and so do emoji, joiners and the marks of right-to-left writing.
CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")


@dataclass(frozen=True, slots=True)
class ComplaintGiven:
    """What is known at the first moment; only channel and story are sure."""

    customer: CustomerGiven
    channel: str
    story: str
    branch: str
    received_at: datetime
    category: str | None = None
    product: str = ""
    incident_at: datetime | None = None
    remedy_wanted: str = ""
    external_id: str | None = None
    source: str = "desk"
    #: Nobody has seen or heard who tells this: a record that fits is neither changed nor read from.
    is_unchecked: bool = False
    #: They have agreed that it is kept and used, in the words of the form.
    has_consented: bool = False
    #: Whose key handed it in as the customer's own.
    through: str = ""
    #: The number under which it came in before it was a complaint.
    came_as: str = ""


def receive_complaint(
    session: Session, rules: RuleBook, given: ComplaintGiven, *, by: Actor, at: datetime
) -> Case:
    """Record a complaint and start its clocks from the moment of receipt.

    The customer is found again by number, phone or e-mail. Whoever tells the number of somebody
    with another name and other contacts gets a record of their own, and the complaint keeps the
    number until it is said whose it is. What `is_unchecked` fills no gap of a record and takes no
    contact from it: who knows a name and a phone could otherwise lead its letters away, or learn
    where they go. Raises Forbidden when the person may
    not record complaints for that branch, Invalid for an unknown category, channel or branch, an
    empty or oversized story, a customer without a name or any contact, and times that lie in the
    future of `at`, and Refused when the source's own number is already there.
    """
    require(by, Permission.INTAKE)
    check_given(rules, given, at)
    given = replace(given, customer=part_name(rules.organisation.salutations, given.customer))
    require_in_use("channel", given.channel, rules.taxonomy.channels[given.channel])
    if given.category is not None:
        require_in_use("category", given.category, rules.taxonomy.categories[given.category])
    check_branch(rules, given.branch, by)
    if not (given.is_unchecked or given.through or given.came_as):
        # What customers send themselves, or said before as something else, is never turned away.
        rules.branch_in_use(given.branch)
    _refuse_second(session, rules, given)
    await_turn(session, given.customer)
    found = find_customer(session, given.customer)
    customer = found.customer
    if customer is None:
        customer = new_customer(rules.taxonomy, found.given, at)
    elif not given.is_unchecked:
        added = fill_gaps(customer, found.given)
        note_facts(session, customer, dict.fromkeys(added), by=by, at=at, source=given.source)
    complaint = new_complaint(rules, given, customer, by=by)
    if found.rival is not None:
        complaint.doubted_number = (
            clean(given.customer.number) or found.rival.number or found.rival.name[:40]
        )
    complaint.handler_id = by.id
    complaint.cycle, complaint.history_seq, complaint.history_hash = 1, 0, GENESIS
    complaint.version = 1
    case = Case(session, rules, complaint, by, at)
    begin(case, first_detail(given))
    return case


def new_complaint(
    rules: RuleBook,
    given: ComplaintGiven,
    customer: Customer,
    *,
    by: Actor,
    status: Status = Status.RECEIVED,
) -> Complaint:
    """A checked complaint with its provisional priority, without a handler; not yet stored."""
    branch = rules.branch_by_code(given.branch)
    zone = rules.calendar_of(branch.id).value.tz
    severity, priority, reason = provisional_priority(rules, given.category, customer)
    return Complaint(
        year=given.received_at.astimezone(zone).year,
        source=given.source,
        external_id=(given.external_id or "").strip() or None,
        branch_id=branch.id,
        customer=customer,
        **contact_columns(customer, given.customer, is_unchecked=given.is_unchecked),
        received_by_id=by.id,
        channel=given.channel,
        category=given.category,
        story=given.story,
        product=given.product.strip(),
        remedy_wanted=given.remedy_wanted.strip(),
        received_at=given.received_at,
        incident_at=given.incident_at,
        policy_codes=rules.policy_codes,
        status=status.value,
        severity=severity,
        priority=priority.value,
        priority_reason=reason,
        follow_nonce=secrets.token_hex(16),
    )


def check_branch(rules: RuleBook, code: str, by: Actor) -> None:
    """Raise Invalid for an unknown branch, Forbidden for one the person may not see."""
    if not may_see(by, rules.branch_by_code(code).id):
        raise Forbidden(N_("You record for your own branch only."))


def _refuse_second(session: Session, rules: RuleBook, given: ComplaintGiven) -> None:
    if not given.external_id:
        return
    query = select(Complaint).where(
        Complaint.source == given.source, Complaint.external_id == given.external_id
    )
    known = session.scalar(query)
    if known is not None:
        raise Refused(
            N_("This is already recorded as %(number)s."),
            field="external_id",
            number=rules.numbers.write(known.year, known.id),
        )


def check_given(rules: RuleBook, given: ComplaintGiven, at: datetime) -> None:
    """Raise Invalid for the first thing that cannot be recorded as given."""
    if not given.story.strip():
        raise Invalid(N_("Write down the customer's story first."), field="story")
    if len(given.story) > MAX_STORY:
        raise Invalid(
            N_("The story is too long (%(length)d characters; at most %(most)d). Shorten it."),
            field="story",
            length=len(given.story),
            most=MAX_STORY,
        )
    check_length("product", given.product, Complaint.product)
    check_length("external_id", given.external_id or "", Complaint.external_id)
    check_length("source", given.source, Complaint.source)
    if given.channel not in rules.taxonomy.channels:
        raise Invalid(N_("There is no channel %(code)s."), field="channel", code=given.channel[:40])
    check_category(rules, given.category)
    if given.received_at > at:
        raise Invalid(N_("The time of receipt cannot be in the future."), field="received_at")
    if given.incident_at is not None and given.incident_at > at:
        raise Invalid(N_("The time of the incident cannot be in the future."), field="incident_at")
    check_customer(rules, given.customer)


def check_category(rules: RuleBook, category: str | None) -> None:
    """Raise Invalid when a category is given that the taxonomy does not hold."""
    if category is not None and category not in rules.taxonomy.categories:
        raise Invalid(
            N_("There is no category %(code)s. Choose one from the list."),
            field="category",
            code=category[:40],
        )


def first_detail(given: ComplaintGiven) -> Mapping[str, Any]:
    """What the first history entry says beside the complaint itself."""
    return {
        "channel": given.channel,
        "category": given.category,
        "source": given.source,
        "external_id": given.external_id,
        **({"consent": True} if given.has_consented else {}),
        **({"through": given.through} if given.through else {}),
        **({"came_as": given.came_as} if given.came_as else {}),
    }
