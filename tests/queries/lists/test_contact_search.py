"""Finding what is no complaint: by words, name, phone, address and number, within one's scope."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.people.customers import CustomerGiven
from complaints.queries.lists.search import read_query
from complaints.queries.other_contacts.lists import Asked, list_contacts
from complaints.queries.other_contacts.search import find_contact_number
from complaints.steps.other_contacts.end import hand_over
from tests.office import Office
from tests.queries.lists.test_search import SYNTAX
from tests.steps.other_contacts.test_other_contacts import act, take

SITI = CustomerGiven(name="Siti Aminah", phone="0812 3456 7890", email="siti.aminah@x.example")
BUDI = CustomerGiven(name="Budi Santoso", phone="", email="budi@y.example", number="PLG-0042")
RAHAYU = CustomerGiven(name="Siti Rahayu", phone="0813 1111 2222")


@pytest.fixture
def contacts(office: Office) -> dict[str, str]:
    """Three contacts that have little in common, one of them another branch's."""
    found = {
        "hours": take(
            office, words="Jam berapa loketnya buka? Sudah café itu tutup", customer=SITI
        ),
        "bill": take(office, words="Minta salinan tagihan Rp1.250.000", customer=BUDI),
        "tower": take(
            office, by="csr2", branch="MKS", words="Kapan menara di loket baru?", customer=RAHAYU
        ),
    }
    reference = {"team": "TEKNIK", "reference": "WO/2026/7781"}
    act(office, found["bill"], lambda case: hand_over(case, **reference))
    return found


def found(office: Office, typed: str, name: str = "csr", **more: object) -> list[str]:
    asked = Asked(q=typed, **more)  # type: ignore[arg-type]
    actor = office.actor(name)
    page = list_contacts(office.session, office.rules, actor, asked, limit=10)
    office.session.commit()
    return [row.number for row in page.items]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("loket", ["hours"]),
        ("LOKET buka", ["hours"]),
        ("loket buk", ["hours"]),
        # Only the last word may be a beginning.
        ("lok buka", []),
        ("cafe", ["hours"]),
        ("loket tagihan", []),
        ("siti", ["hours"]),
        ("aminah sit", ["hours"]),
        ("santo", ["bill"]),
        ("0812 3456 7890", ["hours"]),
        ("+62 812-3456-7890", ["hours"]),
        ("081234567890", ["hours"]),
        ("7890", ["hours"]),
        ("34567", ["hours"]),
        ("siti.aminah", ["hours"]),
        ("SITI.aminah@X.example", ["hours"]),
        ("budi@y.example", ["bill"]),
        ("PLG-0042", ["bill"]),
        ("WO/2026/7781", ["bill"]),
        ("1.250.000", ["bill"]),
        ("Rp 1.250.000", ["bill"]),
        ("%", []),
        ("😀", []),
        ("menara", []),
        ("0813 1111 2222", []),
    ],
)
def test_what_is_typed_finds_what_is_meant(
    office: Office, contacts: dict[str, str], typed: str, keys: list[str]
):
    assert found(office, typed) == [contacts[key] for key in keys]


def test_the_newest_comes_first_and_everybody_finds_what_they_see(
    office: Office, contacts: dict[str, str]
):
    assert found(office, "siti", "manager") == [contacts["tower"], contacts["hours"]]
    assert found(office, "menara", "csr2") == [contacts["tower"]]
    assert found(office, "tagihan", "officer") == [contacts["bill"]]


def test_it_can_be_narrowed_and_paged(office: Office, contacts: dict[str, str]):
    assert found(office, "siti", "manager", branch_id=office.rules.branch_by_code("MKS").id) == [
        contacts["tower"]
    ]
    actor, asked = office.actor("manager"), Asked(q="siti")
    first = list_contacts(office.session, office.rules, actor, asked, limit=1)
    assert [each.number for each in first.items] == [contacts["tower"]]
    then = list_contacts(office.session, office.rules, actor, asked, limit=1, before=first.older)
    assert ([each.number for each in then.items], then.older) == ([contacts["hours"]], None)


def test_its_number_is_found_and_opens_it(office: Office, contacts: dict[str, str]):
    number = contacts["bill"]
    assert found(office, number) == [number]
    assert found(office, f"tolong cari {number}") == [number]
    actor = office.actor("csr")
    for typed in (number, number.lower(), number.replace("-", " ")):
        assert find_contact_number(office.session, actor, typed) == number
    for typed in (contacts["tower"], "KTK-2025-000001", "2", "KLH-2026-000001", ""):
        assert find_contact_number(office.session, actor, typed) is None


@pytest.mark.parametrize("typed", SYNTAX)
def test_no_syntax_is_ever_read(office: Office, contacts: dict[str, str], typed: str):
    typed = typed.replace("modem", "loket").replace("rusak", "buka")
    words = set(read_query(typed).words)
    plain = words <= {"loket", "buka"}
    assert found(office, typed) == ([contacts["hours"]] if plain and words else [])


def test_whatever_is_typed_is_answered(office: Office, contacts: dict[str, str]):
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=60))
    def check(typed: str) -> None:
        found(office, typed)

    check()


def test_what_is_common_is_found_among_many(office: Office, contacts: dict[str, str]):
    for _ in range(12):
        take(office, words="Jam berapa loket buka?", customer=SITI)
    assert len(found(office, "loket")) == 10
    assert found(office, "tagihan loket") == []
