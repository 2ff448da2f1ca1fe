"""Whose complaint it is: told with somebody else's number, moved, and two records merged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.models import Complaint, Customer, CustomerFact, User
from complaints.people.customer_facts import FactsGiven
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.lists.customers import look_up
from complaints.queries.lists.search import find_complaints
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.customer import Whose, change_customer, merge_customers
from complaints.steps.casework.state_facts import state_facts
from complaints.steps.casework.unmerge import unmerge_customers
from complaints.steps.close import withdraw_complaint
from tests.office import Office

ANI = {"name": "Ani", "salutation": "Ibu", "number": "PLG-9", "phone": "0811 1111 1111"}
ANI["email"] = "ani@pelanggan.example"
BUDI = {"name": "Budi Santoso", "salutation": "Bapak", "phone": "0822 2222 2222"}
BUDI["email"] = "budi@pelanggan.example"


def customer_of(office: Office, number: str) -> Customer:
    return office.session.get_one(Customer, office.complaint(number).customer_id)


def told(office: Office, who: dict[str, Any], **more: Any) -> str:
    return office.receive(who={**who, **more})


def test_somebody_with_anothers_number_is_not_filed_under_the_other(office: Office):
    hers = told(office, ANI)
    his = told(office, BUDI, number="plg-9")
    complaint, customer = office.complaint(his), customer_of(office, his)
    assert customer.id != office.complaint(hers).customer_id
    assert (customer.name, customer.number, customer.email) == ("Budi Santoso", None, BUDI["email"])
    assert (complaint.doubted_number, complaint.contact_email) == ("plg-9", BUDI["email"])
    assert customer_of(office, hers).email == ANI["email"]


def test_the_same_somebody_is_found_again(office: Office):
    told(office, ANI)
    first, second = told(office, BUDI, number="PLG-9"), told(office, BUDI, number="PLG-9")
    assert office.complaint(first).customer_id == office.complaint(second).customer_id


SAME = {
    "her whole name": {"name": "Ani Wulandari", "phone": "", "email": "baru@pelanggan.example"},
    "a new phone": {"phone": "0833 3333 3333"},
    "her husband on her phone": {"name": "Joko", "email": ""},
    "another name, her word for it": {**BUDI, "same_person": True},
}


@pytest.mark.parametrize("other", SAME.values(), ids=SAME)
def test_the_number_counts_where_name_or_contact_fits(office: Office, other):
    first = told(office, ANI)
    second = told(office, {**ANI, **other})
    assert office.complaint(second).customer_id == office.complaint(first).customer_id
    assert office.complaint(second).doubted_number is None


def test_what_was_told_today_is_kept_on_the_complaint(office: Office):
    told(office, ANI)
    number = told(office, ANI, name="Joko", salutation="Bapak", email="joko@pelanggan.example")
    complaint, customer = office.complaint(number), customer_of(office, number)
    assert (complaint.contact_name, complaint.contact_email) == ("Joko", "joko@pelanggan.example")
    assert (customer.name, customer.salutation, customer.email) == ("Ani", "Ibu", ANI["email"])


def test_a_relatives_contacts_fill_no_gap_of_the_shared_record(office: Office):
    told(office, {**ANI, "email": ""})
    joko = {**ANI, "name": "Joko", "email": "joko@pelanggan.example"}
    number = told(office, joko)
    assert office.complaint(number).contact_email == "joko@pelanggan.example"
    assert customer_of(office, number).email is None
    # Her own word, or somebody's that it is hers, does.
    told(office, {**ANI, "email": "ani@pelanggan.example"})
    assert customer_of(office, number).email == "ani@pelanggan.example"


def test_a_doubt_is_settled_either_way(office: Office):
    hers = told(office, ANI)
    his, again = told(office, BUDI, number="PLG-9"), told(office, BUDI, number="PLG-9")
    office.take(again, change_customer, whose=Whose(is_own=True))
    assert office.complaint(again).customer_id != office.complaint(hers).customer_id
    office.take(his, change_customer, whose=Whose(number=" plg-9 "))
    assert office.complaint(his).customer_id == office.complaint(hers).customer_id
    assert {office.complaint(each).doubted_number for each in (his, again)} == {None}
    # The letters go where they were told to go.
    assert office.complaint(his).contact_email == BUDI["email"]


def test_who_turned_out_to_be_the_customer_is_found_as_such_next_time(office: Office):
    hers = told(office, ANI)
    new_name = told(office, BUDI, number="PLG-9")
    office.take(new_name, change_customer, whose=Whose(number="PLG-9"))
    later = told(office, BUDI)
    assert office.complaint(later).customer_id == office.complaint(hers).customer_id


def test_a_complaint_moves_with_a_reason_and_priority_follows(office: Office):
    told(office, ANI, tier="VVIP")
    his = told(office, BUDI)
    before = office.complaint(his).priority
    with pytest.raises(Invalid):
        office.take(his, change_customer, whose=Whose(number="PLG-9"))
    why = "Budi bekerja untuk Ibu Ani"
    office.take(his, change_customer, whose=Whose(number="PLG-9"), reason=why)
    complaint, entry = office.complaint(his), office.history(his)[-1]
    assert customer_of(office, his).name == "Ani"
    assert complaint.priority < before
    assert (entry.what, entry.detail["now"], entry.detail["reason"]) == (
        "change_customer",
        "PLG-9",
        why,
    )


@pytest.mark.parametrize(
    ("step", "by"), [(change_customer, "csr"), (merge_customers, "supervisor")]
)
def test_where_nobody_is_named_that_is_asked_before_the_reason(office: Office, step, by: str):
    hers = told(office, ANI)
    with pytest.raises(Invalid) as refused:
        office.take(hers, step, by=by, whose=Whose(), reason="")
    assert refused.value.field == "number"


def test_a_complaint_gets_a_record_of_its_own(office: Office):
    first, second = told(office, ANI), told(office, ANI, name="Joko")
    whose = Whose(is_own=True)
    office.take(second, change_customer, whose=whose, reason="Suami, pelanggan sendiri")
    assert office.complaint(second).customer_id != office.complaint(first).customer_id
    assert customer_of(office, second).name == "Joko"


def test_nobody_moves_a_complaint_they_may_not_see(office: Office):
    told(office, ANI)
    his = told(office, BUDI)
    with pytest.raises(Forbidden):
        office.take(his, change_customer, by="csr2", whose=Whose(number="PLG-9"), reason="x y z")


@pytest.mark.both_databases
def test_two_records_become_one_and_both_numbers_find_it(office: Office):
    hers = told(office, ANI)
    twice = told(office, {"name": "Ani", "number": "PLG-10", "phone": "0844 4444 4444"})
    ended = told(office, {"name": "Ani", "number": "PLG-10", "phone": "0844 4444 4444"})
    office.walk(ended)
    why = "Nomor KTP keduanya sama"
    office.take(hers, merge_customers, by="supervisor", whose=Whose(complaint=twice), reason=why)
    owner = office.complaint(hers).customer_id
    assert {office.complaint(each).customer_id for each in (twice, ended)} == {owner}
    later = told(office, {"name": "Ani", "number": "PLG-10", "phone": "0844 4444 4444"})
    assert office.complaint(later).customer_id == owner
    for number in (hers, twice):
        entry = office.history(number)[-1]
        assert (entry.what, entry.detail["was"], entry.detail["now"]) == (
            "merge_customers",
            "PLG-10",
            "PLG-9",
        )
    facts = select(CustomerFact).where(CustomerFact.fact == "merged")
    kept = office.session.scalars(facts).all()
    ids = [office.complaint(each).id for each in (twice, ended)]
    assert [each.value["complaints"] for each in kept] == [ids, ids]
    # The ended one got no entry, but its record moved, and the seal says so.
    assert verify_history(office.session)["bad"] == []


def test_a_merged_record_is_found_as_the_one_that_goes_on(office: Office):
    hers = told(office, ANI)
    twice = told(office, {"name": "Ani", "number": "PLG-10", "phone": "0844 4444 4444"})
    office.take(
        hers, merge_customers, by="supervisor", whose=Whose(number="PLG-10"), reason="KTP sama"
    )
    found = look_up(office.session, "PLG-10", office.actor("csr"), phone=None)
    assert [each.number for each in found] == ["PLG-9"]
    ids = find_complaints(office.session, "PLG-10", (), limit=10)
    assert {office.complaint(each).id for each in (hers, twice)} == set(ids)


def test_who_was_merged_into_a_record_that_is_led_on_is_found_there(office: Office):
    hers, his = told(office, ANI), told(office, BUDI)
    other = {"name": "Budi S", "phone": "0877 7777 7777", "email": "b2@pelanggan.example"}
    twice = told(office, other)
    whose = Whose(complaint=twice)
    office.take(his, merge_customers, by="supervisor", whose=whose, reason="KTP sama")
    for number in (his, twice):
        office.take(number, change_customer, whose=Whose(number="PLG-9"), reason="Karyawan Ani")
    later = told(office, other)
    assert office.complaint(later).customer_id == office.complaint(hers).customer_id


def test_only_a_supervisor_merges(office: Office):
    hers, other = told(office, ANI), told(office, BUDI)
    with pytest.raises(Forbidden):
        office.take(hers, merge_customers, whose=Whose(complaint=other), reason="Orang yang sama")
    assert office.session.scalars(select(Complaint.customer_id).distinct()).all() != []
    assert office.complaint(hers).customer_id != office.complaint(other).customer_id


def test_nobody_merges_with_a_customer_of_whom_they_see_no_complaint(office: Office):
    hers = told(office, ANI)
    office.receive(by="csr2", branch="MKS", who={**BUDI, "number": "PLG-77"})
    with pytest.raises(Invalid):
        office.take(
            hers, merge_customers, by="supervisor", whose=Whose(number="PLG-77"), reason="Sama"
        )


# ------------------------------------------------------------------------------ undone again


def merged(office: Office) -> tuple[str, str]:
    """Hers, with a number, and his, whose record was merged into hers."""
    hers, his = told(office, ANI, email=""), told(office, BUDI, needs=("lansia",))
    who = {"by": "supervisor", "reason": "Nomor KTP keduanya sama"}
    office.take(his, merge_customers, whose=Whose(number="PLG-9"), **who)
    return hers, his


def part(office: Office, number: str, by: str = "supervisor") -> None:
    office.take(number, unmerge_customers, by=by, reason="Dua orang bernama sama")


def rows_of(office: Office, *ids: int) -> list[tuple[object, ...]]:
    found = [office.session.get_one(Customer, each) for each in ids]
    return [(each.number, each.name, each.phone, each.email, each.needs) for each in found]


@pytest.mark.parametrize("asked_on", ["hers", "his"])
def test_a_merging_is_undone_with_what_it_moved_and_filled(office: Office, asked_on: str):
    hers, his = told(office, ANI, email=""), told(office, BUDI, needs=("lansia",))
    ended = told(office, BUDI)
    office.take(ended, withdraw_complaint, reason="Sudah menyala lagi sendiri")
    ids = [office.complaint(each).customer_id for each in (hers, his)]
    priorities = [office.complaint(each).priority for each in (hers, his)]
    before = rows_of(office, *ids)
    why = "Nomor KTP keduanya sama"
    office.take(his, merge_customers, by="supervisor", whose=Whose(number="PLG-9"), reason=why)
    assert rows_of(office, ids[0]) != before[:1]
    part(office, {"hers": hers, "his": his}[asked_on])
    assert [office.complaint(each).customer_id for each in (hers, his, ended)] == [
        ids[0],
        ids[1],
        ids[1],
    ]
    assert rows_of(office, *ids) == before
    assert [office.complaint(each).priority for each in (hers, his)] == priorities
    assert office.session.get_one(Customer, ids[1]).merged_into_id is None
    for each in (hers, his):
        assert office.history(each)[-1].what == "unmerge_customers"
    facts = office.session.scalars(
        select(CustomerFact.fact).where(CustomerFact.customer_id == ids[1])
    )
    assert [each for each in facts if each.endswith("merged")] == ["merged", "unmerged"]
    assert verify_history(office.session)["bad"] == []
    with pytest.raises(Refused, match="No record was merged"):
        part(office, hers)


def test_since_when_a_customer_is_known_goes_back_as_well(office: Office):
    his = told(office, BUDI)
    office.at += timedelta(days=30)
    hers = told(office, ANI)
    since = [customer_of(office, each).created_at for each in (hers, his)]
    assert since[0] > since[1]
    who = {"by": "supervisor", "reason": "Nomor KTP keduanya sama"}
    office.take(his, merge_customers, whose=Whose(number="PLG-9"), **who)
    assert customer_of(office, hers).created_at == since[1]
    part(office, hers)
    assert [customer_of(office, each).created_at for each in (hers, his)] == since


def test_what_was_merged_again_is_undone_again(office: Office):
    hers, his = merged(office)
    part(office, hers)
    who = {"by": "supervisor", "reason": "Ternyata memang orang yang sama"}
    office.take(his, merge_customers, whose=Whose(number="PLG-9"), **who)
    part(office, hers)
    assert office.complaint(his).customer_id != office.complaint(hers).customer_id


RESTS = {
    "a complaint received since": lambda office, hers, his: told(office, ANI),
    "a complaint moved away": lambda office, hers, his: office.take(
        his, change_customer, whose=Whose(is_own=True), reason="Bukan dia"
    ),
    "a contact changed": lambda office, hers, his: office.take(
        hers, amend_record, change=Amendment(email="ani.baru@pelanggan.example", in_record=True)
    ),
    "a need changed": lambda office, hers, his: office.take(
        hers, amend_record, change=Amendment(needs=())
    ),
    "a fact stated": lambda office, hers, his: office.take(
        hers, state_facts, given=FactsGiven(arrears=50_000)
    ),
}


@pytest.mark.parametrize("rests", RESTS.values(), ids=RESTS)
def test_a_merging_on_which_something_rests_is_not_undone(office: Office, rests: Any):
    hers, his = merged(office)
    rests(office, hers, his)
    with pytest.raises(Refused, match="Since the merging"):
        part(office, hers)


def test_an_address_of_one_complaint_alone_stays_with_it_and_hinders_nothing(office: Office):
    hers, his = merged(office)
    for number, address in ((hers, "ani.kantor@x.example"), (his, "budi.kantor@x.example")):
        office.take(number, amend_record, change=Amendment(email=address, in_record=False))
    part(office, hers)
    assert office.complaint(hers).contact_email == "ani.kantor@x.example"
    assert office.complaint(his).contact_email == "budi.kantor@x.example"
    assert customer_of(office, hers).email is None
    assert customer_of(office, his).email == BUDI["email"]


def test_only_the_latest_of_two_mergings_is_undone_first(office: Office):
    hers, his = told(office, ANI, email=""), told(office, BUDI, email="")
    # Only the third one fills in an address, which undoing it takes away again.
    third = told(
        office, {"name": "Tono", "phone": "0844 4444 4444", "email": "t@pelanggan.example"}
    )
    who = {"by": "supervisor", "reason": "Nomor KTP keduanya sama"}
    for each in (his, third):
        office.take(each, merge_customers, whose=Whose(number="PLG-9"), **who)
    assert customer_of(office, hers).email == "t@pelanggan.example"
    part(office, hers)
    assert customer_of(office, hers).email is None
    assert office.complaint(third).customer_id != office.complaint(hers).customer_id
    assert office.complaint(his).customer_id == office.complaint(hers).customer_id
    part(office, hers)
    assert office.complaint(his).customer_id != office.complaint(hers).customer_id


def test_nobody_parts_what_moved_from_a_branch_that_they_do_not_see(office: Office):
    """As with the merging: one complaint of the other record has to be in their sight."""
    head = User(email="pusat@tanggap.example", name="Pusat", role="supervisor")
    office.session.add(head)
    office.session.commit()
    office.people["pusat"] = head
    hers = told(office, ANI)
    his = office.receive(by="csr2", branch="MKS", who={**BUDI, "number": "PLG-77"})
    who = {"by": "pusat", "reason": "Nomor KTP keduanya sama"}
    office.take(hers, merge_customers, whose=Whose(number="PLG-77"), **who)
    with pytest.raises(Refused, match="see none of the complaints"):
        part(office, hers)
    office.session.rollback()
    assert office.complaint(his).customer_id == office.complaint(hers).customer_id
    part(office, hers, by="pusat")
    assert office.complaint(his).customer_id != office.complaint(hers).customer_id


def test_only_a_supervisor_parts_records(office: Office):
    hers, _ = merged(office)
    with pytest.raises(Forbidden):
        part(office, hers, by="csr")
