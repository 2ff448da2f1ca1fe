"""What is known of the customer is shown and kept (020-2.3); a correction moves the priority."""

from __future__ import annotations

from datetime import timedelta

from complaints.models import StepRecord
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.note_condition import note_condition
from complaints.steps.prioritise import override_priority
from tests.conftest import NOW
from tests.office import Office

OTHER = {"name": "Budi", "phone": "0813 1111 2222", "email": ""}


def snapshot(office: Office, number: str) -> dict[str, object]:
    office.walk(number, to="020-1.6")
    office.take(number, note_condition, none=True)
    kept: dict[str, object] = office.rows(StepRecord, number)[-1].detail["snapshot"]
    return kept


def test_what_is_known_of_the_customer_is_kept(office: Office):
    long_ago, lately = NOW - timedelta(days=60), NOW - timedelta(days=2)
    office.receive(at=long_ago, received_at=long_ago, product="TV_KABEL")
    office.receive(at=lately, received_at=lately, category="TAG_GANDA")
    number = office.receive(product="INTERNET_RUMAH")
    kept = snapshot(office, number)
    assert kept == {
        "tier": "REGULER",
        "needs": [],
        "language": "id",
        "known_since": long_ago.isoformat(),
        "since": None,
        "contract": [],
        "arrears": None,
        "notes": "",
        "as_of": {},
        "products": ["INTERNET_RUMAH", "TV_KABEL"],
        "open_complaints": 2,
        "earlier_complaints": 0,
        "complaints_30_days": 1,
        "complaints_90_days": 2,
        "same_matter": 1,
        "around": 0,
    }


def test_others_who_complain_of_the_same_today_look_like_an_incident(office: Office):
    office.receive(who=OTHER)
    office.receive(who={**OTHER, "phone": "0813 3333 4444"}, category="TAG_GANDA")
    long_ago = NOW - timedelta(days=2)
    office.receive(who={**OTHER, "phone": "0813 5555 6666"}, at=long_ago, received_at=long_ago)
    assert snapshot(office, office.receive())["around"] == 1


def test_nothing_earlier_is_said_of_people_who_cannot_be_told_apart(office: Office):
    nobody = {"name": "X", "phone": "", "email": "", "no_contact_reason": "Tidak mau"}
    office.receive(who=nobody)
    kept = snapshot(office, office.receive(who=nobody))
    assert (kept["open_complaints"], kept["same_matter"]) == (0, 0)


def test_a_corrected_category_lets_the_matrix_decide_again(office: Office):
    number = office.receive(category="PTG_ANTRE")
    office.walk(number, to="020-2.4", skip={"asked", "020-2.1"})
    assert office.complaint(number).priority == "P4"
    complaint = office.take(number, amend_record, change=Amendment(category="GGN_KABEL"))
    assert (complaint.priority, complaint.severity) == ("P1", 4)
    record = office.rows(StepRecord, number)[-1]
    assert (record.criterion, record.words) == ("020-2.4", "P1")


def test_what_a_supervisor_has_set_survives_a_correction(office: Office):
    number = office.receive(category="PTG_ANTRE")
    office.walk(number, to="020-2.4", skip={"asked", "020-2.1"})
    words = {"priority": "P2", "reason": "Pelanggan lanjut usia"}
    office.take(number, override_priority, by="supervisor", **words)
    complaint = office.take(number, amend_record, change=Amendment(category="GGN_MATI"))
    assert complaint.priority == "P2"
