"""Who told two complaints: the same customer, another one, or whoever it may be."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from complaints.models import Complaint
from complaints.queries.complaint.same_customer import told_by_another, told_by_the_same
from tests.office import Office

PHONE, MAIL = "+6281111112222", "rahma@pelanggan.example"
OTHER_PHONE, OTHER_MAIL = "+6281333334444", "budi@pelanggan.example"


def asked(session: Session, rule, complaint: Complaint, other: Complaint) -> bool:
    answer = session.scalar(select(rule(complaint)).where(Complaint.id == other.id))
    assert answer is not None, "unknown is no answer"
    return bool(answer)


@pytest.mark.parametrize("record", ["one", "alike", "another"])
@pytest.mark.parametrize(
    ("one", "other", "is_shared"),
    [
        ((PHONE, MAIL), (PHONE, MAIL), True),
        ((PHONE, MAIL), (PHONE, OTHER_MAIL), True),
        ((PHONE, None), (PHONE, MAIL), True),
        ((None, MAIL), (PHONE, MAIL), True),
        ((PHONE, MAIL), (OTHER_PHONE, OTHER_MAIL), False),
        ((PHONE, None), (None, MAIL), False),
        ((PHONE, MAIL), (None, None), None),
        ((None, None), (PHONE, MAIL), None),
        ((None, None), (None, None), None),
    ],
)
def test_one_record_and_a_contact_in_common_are_sure_and_without_a_contact_there_is_doubt(
    office: Office, record, one, other, is_shared
):
    whos = [{"name": "Rahma", "phone": "0812 0000 0001", "email": ""}] * 2
    if record != "one":
        whos[1] = {"name": "Budi", "phone": "0812 0000 0002", "email": ""}
    ids = [office.complaint(office.receive(who=who)).id for who in whos]
    first, second = office.session.scalars(
        select(Complaint)
        .where(Complaint.id.in_(ids))
        .order_by(Complaint.id)
        .options(joinedload(Complaint.customer))
        .execution_options(populate_existing=True)
    )
    for complaint, (phone, email) in ((first, one), (second, other)):
        complaint.contact_phone, complaint.contact_email = phone, email
    if record == "alike":
        second.customer.phone = first.customer.phone
    office.session.flush()
    for each, seen in ((first, second), (second, first)):
        is_same = asked(office.session, told_by_the_same, each, seen)
        is_another = asked(office.session, told_by_another, each, seen)
        assert not (is_same and is_another)
        assert is_same == (record == "one" and is_shared is True)
        assert is_another == (record == "another" or is_shared is False)
