"""Complaints that have to do with each other, two matters in a story, words on a duplicate."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.permissions import CUSTOMER
from complaints.models import ComplaintLink, Note
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.incidents.linked import linked_to
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import open_case
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.linking.link import link_complaints
from complaints.steps.linking.split import split_complaint
from tests.office import Office

STORY = "Internet mati sejak Senin. Selain itu tagihan bulan ini ditagih dua kali."
SECOND = "tagihan bulan ini ditagih dua kali"
NEIGHBOUR = {"name": "Orang Lain", "phone": "0811 111 2222", "email": "orang@lain.example"}


def test_both_tell_of_a_link_and_neither_customer_hears(office: Office):
    first, second = office.receive(), office.receive(who=NEIGHBOUR)
    for _ in range(2):
        office.take(first, link_complaints, to=second.lower(), reason="Satu kunjungan teknisi")
    assert office.count(ComplaintLink) == 1
    for one, other in ((first, second), (second, first)):
        said = [row.detail["to"] for row in office.history(one) if row.what == "link"]
        assert said == [other]
        assert [each.kind for each in office.letters(one)] == []
        found = linked_to(
            office.session, office.rules, office.actor("csr"), office.complaint(one).id
        )
        assert [(each.number, each.kind, each.is_seen) for each in found.others] == [
            (other, "related", True)
        ]
    assert verify_history(office.session)["bad"] == []


@pytest.mark.parametrize("to", ["KLH-2026-999999", "x", ""])
def test_what_is_no_complaint_cannot_be_linked(office: Office, to: str):
    number = office.receive()
    for other in (to, number):
        with pytest.raises(Invalid):
            office.take(number, link_complaints, to=other)


def test_a_second_matter_goes_on_by_itself_from_the_same_receipt(office: Office):
    number = office.receive(story=STORY)
    office.at = office.at.replace(hour=office.at.hour + 3)
    office.take(number, split_complaint, words=SECOND, category="TAG_GANDA")
    second = f"KLH-2026-{office.complaint(number).id + 1:06d}"
    new, old = office.complaint(second), office.complaint(number)
    assert (new.story, new.category, new.status) == (SECOND, "TAG_GANDA", "received")
    assert (new.received_at, new.customer_id) == (old.received_at, old.customer_id)
    assert new.story in old.story
    clocks = {each.started_at for each in office.clocks(second).values()}
    assert clocks == {old.received_at}
    (letter,) = (each for each in office.letters(second) if each.kind == "split")
    assert letter.facts["other"] == number
    assert [row.what for row in office.history(second)] == ["receive", "link"]
    assert verify_history(office.session)["bad"] == []


@pytest.mark.parametrize("words", ["Ini tidak pernah dikatakan", STORY, STORY[:-1].upper(), " "])
def test_only_the_customers_words_about_the_second_are_split_off(office: Office, words: str):
    number = office.receive(story=STORY)
    with pytest.raises(Invalid):
        office.take(number, split_complaint, words=words)


def test_a_second_matter_is_split_off_once(office: Office):
    number = office.receive(story=STORY)
    office.take(number, split_complaint, words=SECOND)
    with pytest.raises(Invalid, match="split off already") as refused:
        office.take(number, split_complaint, words=f"{SECOND.upper()}.")
    assert refused.value.params["other"].endswith(f"{office.complaint(number).id + 1:06d}")
    assert office.count(ComplaintLink) == 1


def test_what_the_customer_says_on_a_duplicate_reaches_who_handles_it(office: Office):
    """B merged into A, then A into C: words on B are read on C."""
    numbers = [office.receive() for _ in range(3)]
    for each in numbers:
        office.walk(each, to="020-1.6")
    c, a, b = numbers
    office.take(b, merge_complaint, into=a)
    office.take(a, merge_complaint, into=c)
    case = open_case(office.session, b, by=CUSTOMER, at=office.at)
    write_message(case, text="Masih mati juga sampai hari ini")
    office.session.commit()
    assert [each.text for each in office.rows(Note, c) if each.direction == "in"] == [
        "Masih mati juga sampai hari ini"
    ]
    assert [each for each in office.rows(Note, b) if each.direction == "in"] == []
    assert "customer_wrote" in [each.kind for each in office.notices("csr")]
    with pytest.raises(Invalid):
        office.take(c, merge_complaint, into=b)
