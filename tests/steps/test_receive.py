"""Receiving: what is kept of the first words, who is the same customer, what cannot be recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.contacts import normalise_phone
from complaints.domain.errors import Invalid, Refused
from complaints.models import Complaint, Customer, HistoryEntry, Timer
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.receive import MAX_STORY
from complaints.takeover.match_customers import CustomerMatcher
from tests.conftest import NOW
from tests.office import STORY, Office, given

pytestmark = pytest.mark.both_databases

BAD: list[tuple[dict[str, Any], str]] = [
    ({"story": "   "}, "story"),
    ({"story": "x" * (MAX_STORY + 1)}, "story"),
    ({"channel": "pigeon"}, "channel"),
    ({"category": "NO"}, "category"),
    ({"branch": "XYZ"}, "branch"),
    ({"received_at": NOW + timedelta(seconds=1)}, "received_at"),
    ({"incident_at": NOW + timedelta(seconds=1)}, "incident_at"),
    ({"product": "x" * 121}, "product"),
    ({"who": {"name": " "}}, "customer.name"),
    ({"who": {"name": "x" * 201}}, "customer.name"),
    ({"who": {"phone": "12"}}, "customer.phone"),
    ({"who": {"phone": "tidak ada"}}, "customer.phone"),
    ({"who": {"phone": "6,28123E+12"}}, "customer.phone"),
    ({"who": {"name": "\u200b\u00a0"}}, "customer.name"),
    ({"who": {"email": "siti"}}, "customer.email"),
    ({"who": {"email": "a..b@contoh.id"}}, "customer.email"),
    ({"who": {"email": "a@b.cc, d@e.ff"}}, "customer.email"),
    ({"who": {"phone": "", "email": ""}}, "customer.contact"),
    ({"who": {"tier": "NO"}}, "customer.tier"),
    ({"who": {"needs": ("terbang",)}}, "customer.needs"),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("told", "field"), BAD)
def test_what_cannot_be_recorded_is_named_and_leaves_nothing(office: Office, told, field):
    with pytest.raises(Invalid) as refusal:
        office.receive(at=NOW, **told)
    office.session.rollback()
    assert refusal.value.field == field
    assert [office.count(table) for table in (Complaint, Customer, HistoryEntry, Timer)] == [0] * 4


def test_a_complaint_exists_from_the_first_moment(office: Office):
    number = office.receive(category=None)
    complaint = office.complaint(number)
    assert number == "KLH-2026-000001"
    assert (complaint.status, complaint.story, complaint.priority) == ("received", STORY, "P3")
    assert complaint.priority_reason["provisional"] is True
    assert complaint.handler_id == complaint.received_by_id == office.id_of("csr")
    assert [entry.what for entry in office.history(number)] == ["receive"]
    assert len(complaint.follow_nonce) == 32


@pytest.mark.parametrize(
    "story",
    [
        "Mati lampu 😡😡 👨‍👩‍👧‍👦",
        "مرحبا — שלום — \u202eterbalik\u202c",
        "Baris satu\nBaris dua\tdengan tab",
        "'; DROP TABLE complaints; --",
        "<script>alert(1)</script> {{ 7*7 }} %s %(name)s",
        "x" * MAX_STORY,
    ],
)
def test_the_story_is_kept_to_the_letter(office: Office, story: str):
    number = office.receive(story=story)
    office.session.expire_all()
    assert office.complaint(number).story == story


def test_the_year_in_the_number_is_the_branchs_own(office: Office):
    new_year = NOW.replace(year=2026, month=12, day=31, hour=17, minute=30)
    number = office.receive(at=new_year, received_at=new_year)
    assert number.startswith("KLH-2027-")


@pytest.mark.parametrize(
    ("again", "is_same"),
    [
        ({}, True),
        ({"name": "SITI  AMINAH".replace("  ", " ")}, True),
        ({"email": ""}, True),
        ({"phone": "+62 812-3456-7890", "email": ""}, True),
        ({"phone": ""}, True),
        ({"phone": "", "email": "SITI@Pelanggan.example"}, True),
        ({"name": "Ani"}, False),
        ({"phone": "0899", "email": "lain@pelanggan.example"}, False),
        ({"phone": "08999999", "email": "lain@pelanggan.example"}, False),
    ],
)
def test_a_customer_is_known_again_by_name_and_contact(office: Office, again, is_same: bool):
    if again.get("phone") == "0899":
        again = {**again, "phone": "089999"}
    first = office.complaint(office.receive()).customer_id
    second = office.complaint(office.receive(who=again)).customer_id
    assert (first == second) is is_same


def test_a_form_of_address_typed_before_the_name_becomes_the_salutation(office: Office):
    number = office.receive(who={"name": "Bu Rahma", "salutation": ""})
    customer = office.session.get_one(Customer, office.complaint(number).customer_id)
    assert (customer.salutation, customer.name, customer.name_key) == ("Ibu", "Rahma", "rahma")
    again = office.receive(who={"name": "Rahma", "salutation": ""})
    assert office.complaint(again).customer_id == customer.id


def test_a_customer_number_leads_whatever_the_name(office: Office):
    first = office.complaint(office.receive(who={"number": "C-1"})).customer_id
    again = {"name": "S. Aminah", "number": "C-1", "phone": "", "email": ""}
    assert office.complaint(office.receive(who=again)).customer_id == first
    other = office.complaint(office.receive(who={"number": "C-2"})).customer_id
    assert other != first


def test_what_is_told_today_fills_gaps_and_replaces_nothing(office: Office):
    office.receive(who={"email": "", "needs": ("lansia",)})
    number = office.receive(who={"number": "C-9", "needs": ("hamil",), "salutation": "Bu"})
    customer = office.session.get_one(Customer, office.complaint(number).customer_id)
    assert customer.email == "siti@pelanggan.example"
    assert (customer.number, customer.phone) == ("C-9", "6281234567890")
    assert sorted(customer.needs) == ["hamil", "lansia"]
    assert customer.salutation == "Bu"


def test_somebody_without_any_contact_may_complain_too(office: Office):
    number = office.receive(
        who={"phone": "", "email": "", "no_contact_reason": "Tidak punya telepon"}
    )
    assert office.complaint(number).status == "received"


def test_the_same_outside_number_is_recorded_once(office: Office):
    number = office.receive(external_id="T-1", source="api")
    with pytest.raises(Refused, match=number):
        office.receive(external_id="T-1", source="api")
    office.session.rollback()
    office.receive(external_id="T-1", source="import")
    assert office.count(Complaint) == 2


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0812 3456 789", "628123456789"),
        ("+62 (812) 345-6789", "628123456789"),
        ("62812345678", "62812345678"),
        ("+1 212 555 0100", "12125550100"),
        ("021-5550-100", "62215550100"),
        ("147", None),
        ("", None),
        ("٠٨١٢٣٤٥٦", None),
        ("9" * 19, None),
    ],
)
def test_phone_numbers_are_stored_one_way(typed: str, stored: str | None):
    assert normalise_phone(typed) == stored


def test_an_amendment_keeps_what_stood_there_and_hides_contacts(office: Office):
    number = office.receive(product="TV")
    change = Amendment(product="INTERNET_RUMAH", phone="0811 111 111", salutation="Bu")
    office.take(number, amend_record, change=change)
    complaint = office.complaint(number)
    assert complaint.product == "INTERNET_RUMAH"
    entry = office.history(number)[-1]
    assert entry.detail["changed"] == ["phone", "product", "salutation"]
    assert entry.detail["before"] == {"phone": "", "product": "TV", "salutation": "Ibu"}
    assert complaint.story == STORY


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Amendment(), None),
        (Amendment(category="GGN_MATI"), None),
        (Amendment(category="NO"), "category"),
        (Amendment(phone="x"), "phone"),
        (Amendment(email="x"), "email"),
        (Amendment(needs=("terbang",)), "needs"),
        (Amendment(incident_at=NOW + timedelta(days=9)), "incident_at"),
    ],
)
def test_an_amendment_that_is_none_is_refused(office: Office, change: Amendment, field: str | None):
    number = office.receive()
    with pytest.raises(Invalid) as refusal:
        office.take(number, amend_record, change=change)
    assert refusal.value.field == field


#: Two spellings of one person with one telephone, by the desk, a program or a file.
SPELLINGS = [
    ({"name": "Budi Santoso"}, {"name": "Budi  Santoso"}),
    ({"name": "Budi Santoso"}, {"name": "Budi\u00a0Santoso"}),
    ({"name": "Andr\u00e9"}, {"name": "Andre\u0301"}),
    ({"name": "Ma'ruf"}, {"name": "Ma\u2019ruf"}),
    ({"name": "Siti\u200b Aminah"}, {"name": "Siti Aminah"}),
    ({"name": "Ani", "number": "PLG-9"}, {"name": "Ani", "number": "plg-9 "}),
    ({"name": "Ani", "phone": "0812-3450-0001"}, {"name": "Ani", "phone": "+62 (0)812-3450-0001"}),
    ({"name": "Ani", "phone": "0812-3450-0001"}, {"name": "ANI", "phone": "0062 812 3450 0001"}),
]


@pytest.mark.parametrize(("first", "again"), SPELLINGS)
@pytest.mark.parametrize("source", ["desk", "file"])
def test_one_person_in_two_spellings_is_one_customer(office: Office, first, again, source: str):
    known = office.complaint(office.receive(who={"email": "", **first})).customer_id
    told = given(who={"email": "", **again}, external_id="T-9", source="lama")
    if source == "file":
        matcher = CustomerMatcher(office.session, office.rules.taxonomy, [told.customer])
        assert matcher.find_or_add(told.customer, NOW)[0].id == known
    else:
        second = office.receive(who={"email": "", **again})
        assert office.complaint(second).customer_id == known


def test_a_name_is_kept_as_it_was_told(office: Office):
    number = office.receive(who={"name": "Siti\u200b  Ma\u2019ruf\u00a0", "number": " Plg-9"})
    customer = office.session.get_one(Customer, office.complaint(number).customer_id)
    assert (customer.name, customer.name_key) == ("Siti Ma\u2019ruf", "siti ma'ruf")
    assert (customer.number, customer.number_key) == ("Plg-9", "plg-9")
