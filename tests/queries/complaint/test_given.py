"""The money ledger of a complaint: offered, approved, agreed, delivered."""

from __future__ import annotations

from datetime import timedelta

from complaints.models import Commitment
from complaints.queries.complaint.given import read_ledger
from complaints.steps.answer import take_answer
from complaints.steps.casework.approve import decide_offer
from complaints.steps.offer import offer_solution
from tests.office import Office

GIFT = {"remedy": "GOODWILL", "description": "Tanda perhatian"}


def test_an_amount_is_followed_from_the_request_to_its_delivery(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.2")
    office.take(number, offer_solution, amount=300_000, **GIFT)
    office.take(number, decide_offer, by="supervisor", answer="approved")
    office.take(number, take_answer, answer="accepted")
    complaint = office.open(number, "supervisor").complaint
    (before,) = read_ledger(
        office.session, office.rules.authority, complaint, now=office.at
    ).amounts
    assert (before.by, before.approver, before.decided_by) == ("Csr", "Supervisor", "Supervisor")
    assert (before.agreed_by, before.delivered_at) == ("Csr", None)
    office.session.query(Commitment).filter_by(kind="delivery").delete()
    office.session.add(
        Commitment(
            complaint_id=complaint.id,
            kind="delivery",
            position=1,
            what="Transfer",
            owner_kind="unit",
            offer_id=before.id,
            due_at=office.at + timedelta(days=3),
            done_at=office.at + timedelta(days=1),
            done_by_id=office.id_of("billing"),
            reference="TRF-778",
        )
    )
    office.session.flush()
    ledger = read_ledger(office.session, office.rules.authority, complaint, now=office.at)
    (after,) = ledger.amounts
    assert (after.delivered_by, after.reference) == ("Billing", "TRF-778")
    assert (ledger.on_complaint, ledger.agreed, ledger.delivered) == (300_000, 300_000, 300_000)
    office.session.rollback()
