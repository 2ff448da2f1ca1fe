"""A complaint's own contacts: no change of the shared record leads its letters or its link away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from complaints.domain.errors import Forbidden, Invalid
from complaints.models import Customer, CustomerFact
from complaints.queries.complaint.seals.history import verify_history
from complaints.signing import follow_token, opens
from complaints.steps.advance import mandatory_gaps
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.case import open_case
from complaints.steps.casework.contacts import renew_link
from complaints.steps.casework.converse import record_message
from tests.office import Office

OLD, NEW = "siti@pelanggan.example", "siti.baru@pelanggan.example"
KEY = "kunci"


def say(office: Office, number: str, by: str = "csr") -> str:
    """Write the customer; returns where the letter goes."""
    words = "Teknisi kami datang besok pagi."
    office.take(number, record_message, by=by, text=words, direction="out", method="email")
    return office.letters(number)[-1].to_address


def link_of(office: Office, number: str) -> tuple[str, int, str]:
    complaint = office.complaint(number)
    token = follow_token(KEY, complaint.id, complaint.follow_nonce)
    return token, complaint.id, complaint.follow_nonce


def test_another_branch_that_edits_the_shared_customer_redirects_no_letter(office: Office):
    number = office.receive(who={"number": "PLG-7"})
    elsewhere = office.receive(by="csr2", branch="MKS", who={"number": "PLG-7"})
    with pytest.raises(Forbidden):
        office.take(number, amend_record, by="csr2", change=Amendment(email=NEW))
    before = link_of(office, number)
    office.take(elsewhere, amend_record, by="csr2", change=Amendment(email=NEW))
    assert office.complaint(number).customer_id == office.complaint(elsewhere).customer_id
    assert say(office, number) == OLD
    assert link_of(office, number) == before
    assert say(office, elsewhere, by="csr2") == NEW


def test_an_address_that_is_replaced_hears_of_it_and_its_link_is_void(office: Office):
    number = office.receive()
    token, key, _ = link_of(office, number)
    office.take(number, amend_record, change=Amendment(email=NEW))
    changed = [(row.kind, row.to_address) for row in office.letters(number)]
    assert changed == [("address_changed", OLD), ("new_link", NEW)]
    assert not opens(KEY, token, key, office.complaint(number).follow_nonce)


def test_a_letter_that_still_waits_follows_the_address(office: Office):
    number = office.receive()
    say(office, number)
    office.take(number, amend_record, change=Amendment(email=NEW))
    first = office.letters(number)[0]
    assert (first.kind, first.state, first.to_address) == ("message", "queued", NEW)
    assert verify_history(office.session)["bad"] == []


def test_the_record_keeps_what_stood_there(office: Office):
    number = office.receive()
    office.take(number, amend_record, change=Amendment(name="Bu Siti Aminah Zahra", email=NEW))
    complaint = office.complaint(number)
    customer = office.session.get_one(Customer, complaint.customer_id)
    assert (complaint.contact_name, customer.name) == ("Siti Aminah Zahra", "Siti Aminah Zahra")
    assert customer.name_key == "siti aminah zahra"
    rows = office.session.scalars(select(CustomerFact).order_by(CustomerFact.id))
    kept = {row.fact: (row.before, row.value, row.by_name) for row in rows}
    by = office.people["csr"].name
    assert kept["email"] == (OLD, NEW, by)
    assert kept["name"] == ("Siti Aminah", "Siti Aminah Zahra", by)


def test_history_names_no_contact(office: Office):
    number = office.receive()
    office.take(number, amend_record, change=Amendment(name="Siti Zahra", email=NEW))
    entry = office.history(number)[-1]
    assert entry.detail["changed"] == ["email", "name"]
    assert not any(each in str(entry.detail) for each in ("Siti", OLD, NEW))


def test_only_the_complaint_changes_where_that_is_meant(office: Office):
    number = office.receive()
    office.take(number, amend_record, change=Amendment(email=NEW, in_record=False))
    customer = office.session.get_one(Customer, office.complaint(number).customer_id)
    assert (office.complaint(number).contact_email, customer.email) == (NEW, OLD)


def test_what_differs_from_the_record_stays_of_this_complaint(office: Office):
    number = office.receive()
    second = office.receive(who={"email": NEW})
    office.take(second, amend_record, change=Amendment(phone="0813 9999 0000"))
    customer = office.session.get_one(Customer, office.complaint(number).customer_id)
    # The phone was the same on both, so the record follows; the address told stays told.
    assert (customer.phone, customer.email) == ("6281399990000", OLD)
    assert office.complaint(second).contact_email == NEW
    assert office.complaint(number).contact_phone == "6281234567890"


WHY = "Pelanggan minta tidak dihubungi lewat email"


def clear(office: Office, number: str, *names: str, **more: Any) -> None:
    change = Amendment(cleared=names or ("email",), reason=WHY, **more)
    office.take(number, amend_record, change=change)


def test_an_address_is_cleared_with_a_reason(office: Office):
    number = office.receive()
    token, key, _ = link_of(office, number)
    say(office, number)
    for nothing in ("", "-"):
        with pytest.raises(Invalid) as refused:
            office.take(number, amend_record, change=Amendment(cleared=("email",), reason=nothing))
        assert refused.value.field == "reason"
        office.session.rollback()
    clear(office, number)
    complaint = office.complaint(number)
    customer = office.session.get_one(Customer, complaint.customer_id)
    assert (complaint.contact_email, customer.email) == (None, None)
    entry = office.history(number)[-1].detail
    assert (entry["changed"], entry["reason"]) == (["email"], WHY)
    (fact,) = office.session.scalars(select(CustomerFact).where(CustomerFact.fact == "email"))
    assert (fact.before, fact.value) == (OLD, None)
    # What waited is printed, the address before is told, and the new link is on paper.
    letters = [(row.kind, row.via, row.state, row.to_address) for row in office.letters(number)]
    assert letters == [
        ("message", "letter", "to_print", ""),
        ("address_changed", "email", "queued", OLD),
        ("new_link", "letter", "to_print", ""),
    ]
    assert not opens(KEY, token, key, complaint.follow_nonce)
    assert verify_history(office.session)["bad"] == []


def test_an_address_that_must_not_be_written_to_hears_nothing(office: Office):
    number = office.receive()
    clear(office, number, no_letter=True)
    assert OLD not in {row.to_address for row in office.letters(number)}
    assert office.history(number)[-1].detail["unwritten"] == 1


def test_what_keeps_nobody_from_a_letter_is_not_kept(office: Office):
    number = office.receive(who={"email": ""})
    office.take(number, amend_record, change=Amendment(email=NEW, no_letter=True))
    assert "unwritten" not in office.history(number)[-1].detail


@pytest.mark.parametrize("name", ["phone", "email"])
def test_a_contact_is_told_anew_or_taken_away_not_both(office: Office, name: str):
    number = office.receive()
    new = {"phone": "0813 9999 0000", "email": NEW}
    with pytest.raises(Invalid) as refused:
        clear(office, number, name, **{name: new[name]})
    assert refused.value.field == name


def test_what_only_the_complaint_had_is_kept_too(office: Office):
    office.receive()
    number = office.receive(who={"email": NEW})
    clear(office, number)
    customer = office.session.get_one(Customer, office.complaint(number).customer_id)
    assert (office.complaint(number).contact_email, customer.email) == (None, OLD)
    (fact,) = office.session.scalars(select(CustomerFact).where(CustomerFact.fact == "email"))
    assert (fact.before, fact.value, fact.source) == (NEW, None, "own")
    # An emptied box that was empty before takes nothing from the record.
    with pytest.raises(Invalid, match="Nothing was changed"):
        clear(office, number, in_record=True)


def test_whoever_has_no_contact_left_is_not_missing_one(office: Office):
    number = office.receive()
    clear(office, number, "phone", "email")
    customer = office.session.get_one(Customer, office.complaint(number).customer_id)
    assert (customer.phone, customer.no_contact_reason) == (None, WHY)
    assert "contact" not in record_gaps(office, number)


def record_gaps(office: Office, number: str) -> Sequence[str]:
    case = open_case(office.session, number, by=office.actor("csr"), at=office.at)
    found = mandatory_gaps(case)
    office.session.commit()
    return found


def test_a_link_is_renewed_by_hand(office: Office):
    number = office.receive()
    token, key, _ = link_of(office, number)
    office.take(number, renew_link)
    assert not opens(KEY, token, key, office.complaint(number).follow_nonce)
    assert [(row.kind, row.to_address) for row in office.letters(number)] == [("new_link", OLD)]
    entry = office.history(number)[-1]
    assert (entry.what, entry.by_name) == ("renew_link", office.people["csr"].name)
    assert office.complaint(number).follow_nonce not in str(entry.detail)


def test_without_an_address_the_new_link_waits_to_be_printed(office: Office):
    number = office.receive(who={"email": ""})
    office.take(number, renew_link)
    (letter,) = office.letters(number)
    assert (letter.kind, letter.state) == ("new_link", "to_print")


def test_nobody_of_another_branch_renews_a_link(office: Office):
    number = office.receive()
    before = link_of(office, number)
    with pytest.raises(Forbidden):
        office.take(number, renew_link, by="csr2")
    assert link_of(office, number) == before
    assert open_case(office.session, number, by=office.actor("csr"), at=office.at)
