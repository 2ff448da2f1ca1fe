"""What would be promised: priority, deadline and steps of a complaint that is not stored yet.

The complaint is built as receiving builds it, asked for its clocks, and thrown away.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from complaints.clocks.changes import Clocks
from complaints.domain.clauses import select_clauses
from complaints.domain.deadlines import OUTCOME_KINDS, Event
from complaints.domain.ledger import Terms
from complaints.domain.permissions import Actor
from complaints.domain.scripts import LANGUAGES
from complaints.people.customers import CustomerGiven, new_customer
from complaints.rulebook import RuleBook
from complaints.steps.case import Case
from complaints.steps.receive import ComplaintGiven, new_complaint
from complaints.web.complaint.forms.facts import proposed_steps


@dataclass(frozen=True, slots=True)
class Preview:
    """The provisional priority, the latest time that may be promised, and the steps proposed."""

    priority: str
    due_at: datetime | None
    branch_id: int
    steps: list[dict[str, str]]
    zone: ZoneInfo
    #: What the customer complains of, as the card says it; empty while no category is chosen.
    subject: str
    #: Years up to the deadline of which the calendar knows no holiday yet.
    years_unknown: str = ""


def preview(
    session: Session,
    rules: RuleBook,
    *,
    branch: str,
    channel: str,
    category: str | None,
    tier: str,
    needs: tuple[str, ...],
    product: str,
    received_at: datetime,
    by: Actor,
    now: datetime,
) -> Preview:
    """Say what receiving such a complaint would mean; unknown codes count as not given."""
    taxonomy = rules.taxonomy
    given = ComplaintGiven(
        customer=CustomerGiven(
            name="",
            tier=tier if tier in taxonomy.tiers else "",
            needs=tuple(each for each in needs if each in taxonomy.needs),
        ),
        channel=channel
        if channel in taxonomy.channels
        else next(code for code, each in taxonomy.channels.items() if not each.retired),
        story="",
        branch=branch,
        received_at=min(received_at, now),
        category=category if category in taxonomy.categories else None,
        product=product,
    )
    complaint = new_complaint(rules, given, new_customer(taxonomy, given.customer, now), by=by)
    case = Case(session, rules, complaint, by, now)
    calendar = rules.calendar_of(complaint.branch_id).value
    facts = Clocks(session, rules, complaint, by.id).facts()
    dues = [
        (terms.due_from(given.received_at), terms)
        for _, clause in select_clauses(rules.policies, facts, (Event.RECEIVED,))
        if clause.kind in OUTCOME_KINDS
        for terms in [Terms(clause, calendar)]
    ]
    due_at, governing = min(dues, key=lambda due: due[0], default=(None, None))
    unknown = governing.years_unknown(given.received_at, due_at) if governing and due_at else ()
    chosen = taxonomy.categories.get(complaint.category or "")
    return Preview(
        priority=complaint.priority,
        due_at=due_at,
        branch_id=complaint.branch_id,
        steps=proposed_steps(case, due_at, now),
        zone=calendar.tz,
        subject=chosen.spoken(LANGUAGES[0]) if chosen else "",
        years_unknown=", ".join(map(str, unknown)),
    )
