"""A further complaint of the same customer, made of one that is here already."""

from collections.abc import Mapping
from typing import Any

from complaints.domain.history import GENESIS
from complaints.models import Complaint
from complaints.people.customers import CustomerGiven
from complaints.steps.advance import begin
from complaints.steps.case import Case
from complaints.steps.receive import ComplaintGiven, first_detail, new_complaint


def contact_of(complaint: Complaint, **more: Any) -> CustomerGiven:
    """Who complained and how to reach them, as if they had told it again."""
    return CustomerGiven(
        name=complaint.contact_name,
        salutation=complaint.contact_salutation,
        phone=complaint.contact_phone or "",
        email=complaint.contact_email or "",
        **more,
    )


def open_another(
    case: Case,
    given: ComplaintGiven,
    *,
    handler_id: int | None,
    continues_id: int | None = None,
    detail: Mapping[str, Any],
) -> Case:
    """Begin it with the contact of the one before, letter for letter; `detail` goes into its first
    entry besides."""
    old = case.complaint
    complaint = new_complaint(case.rules, given, old.customer, by=case.by)
    complaint.contact_name, complaint.contact_salutation = old.contact_name, old.contact_salutation
    complaint.contact_phone, complaint.contact_email = old.contact_phone, old.contact_email
    complaint.handler_id, complaint.continues_id = handler_id, continues_id
    complaint.cycle, complaint.history_seq, complaint.history_hash = 1, 0, GENESIS
    complaint.version = 1
    new = Case(case.session, case.rules, complaint, case.by, case.at, recorded_at=case.recorded_at)
    begin(new, {**first_detail(given), **detail})
    return new
