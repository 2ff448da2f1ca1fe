"""Our own addresses are nobody's contact, by whichever way a complaint comes (T23)."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Invalid
from complaints.steps.amend import Amendment, amend_record
from complaints.takeover.validate import ForeignComplaint, ImportOptions, validate
from tests.office import Office, given


def ours(office: Office) -> list[str]:
    rules = office.rules
    office.session.commit()
    return [rules.organisation.email, *rules.mailboxes.addresses]


def told(email: str):
    return given(who={"email": email}, source="boston", external_id="1")


def test_the_desk_refuses_it(office: Office):
    for each in ours(office):
        with pytest.raises(Invalid) as refused:
            office.receive(who={"email": f" {each.upper()} "})
        assert refused.value.field == "customer.email"
        office.session.rollback()
    assert office.receive(who={"email": "siti@pelanggan.example"})


def test_a_correction_refuses_it(office: Office):
    number = office.receive()
    for each in ours(office):
        with pytest.raises(Invalid):
            office.take(number, amend_record, change=Amendment(email=each))
        office.session.rollback()


def test_an_import_refuses_it(office: Office):
    for each in ours(office):
        row = ForeignComplaint(told(each))
        with pytest.raises(Invalid):
            validate(office.rules, row, ImportOptions(), by=office.actor("admin"), at=office.at)
