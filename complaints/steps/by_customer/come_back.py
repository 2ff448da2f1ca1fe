"""The customer comes back after the end: what becomes of that, and the complaint that goes on."""

from dataclasses import dataclass

from sqlalchemy import select

from complaints.domain.customer_page.coming_back import Ended, WayBack, way_back
from complaints.domain.history import GENESIS
from complaints.domain.lifecycle import Action
from complaints.models import Complaint
from complaints.people.customers import CustomerGiven
from complaints.people.signers import handler_of
from complaints.steps.advance import advance, begin
from complaints.steps.case import Case, open_beside
from complaints.steps.notify import letter_to_customer, tell_people
from complaints.steps.receive import ComplaintGiven, first_detail, new_complaint

#: By which way a complaint came that goes on from another one.
SOURCE = "portal"


@dataclass(frozen=True, slots=True)
class CameBack:
    """Where the customer's word is: the way it went, and the complaint that goes on with it."""

    way: WayBack
    case: Case


def way_of(case: Case) -> WayBack:
    """What becomes of the customer's word on this complaint now."""
    complaint, terms = case.complaint, case.rules.authority
    stands = Ended(
        complaint.status,
        complaint.closed_at,
        complaint.duplicate_of_id is not None,
        complaint.awaiting_delivery,
    )
    return way_back(
        stands,
        case.at,
        reopen_days=terms.portal.reopen_days,
        take_back_days=terms.withdrawal.take_back_days,
    )


def successor_of(case: Case) -> Case | None:
    """The complaint that goes on from this one already, locked; None where there is none."""
    query = (
        select(Complaint.id, Complaint.year)
        .where(Complaint.continues_id == case.complaint.id)
        .order_by(Complaint.id.desc())
        .limit(1)
    )
    row = case.session.execute(query).first()
    if row is None:
        return None
    return open_beside(case, case.rules.numbers.write(row.year, row.id), field="text")


def continue_complaint(
    case: Case, story: str, *, channel: str = "web", source: str = SOURCE
) -> Case:
    """A new complaint of the same customer that goes on from one whose time is over.

    `channel` and `source` say by which way they came back. The handler of the one before hears of
    it, and the customer by letter.
    """
    old, rules = case.complaint, case.rules
    channel = channel if channel in rules.taxonomy.channels else old.channel
    given = ComplaintGiven(
        customer=CustomerGiven(
            name=old.contact_name,
            salutation=old.contact_salutation,
            phone=old.contact_phone or "",
            email=old.contact_email or "",
        ),
        channel=channel,
        story=story,
        branch=rules.branches[old.branch_id].code,
        received_at=case.at,
        category=old.category,
        product=old.product,
        source=source,
    )
    complaint = new_complaint(rules, given, old.customer, by=case.by)
    complaint.contact_name, complaint.contact_salutation = old.contact_name, old.contact_salutation
    complaint.contact_phone, complaint.contact_email = old.contact_phone, old.contact_email
    complaint.handler_id = handler_of(old)
    complaint.continues_id = old.id
    complaint.cycle, complaint.history_seq, complaint.history_hash = 1, 0, GENESIS
    complaint.version = 1
    new = Case(case.session, rules, complaint, case.by, case.at, recorded_at=case.recorded_at)
    begin(new, {**first_detail(given), "continues": case.number})
    advance(case, Action.CONTINUE, detail={"into": new.number})
    facts = {"other": case.number, "text": story}
    tell_people(new, [complaint.handler_id], "customer_came_back", facts=facts)
    letter_to_customer(new, "continued", facts={"other": case.number}, or_paper=True)
    return new
