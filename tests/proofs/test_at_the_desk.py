"""Honest work passes as it is: at the desk in one conversation, and over several days."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from complaints.models import Commitment, Complaint, Deadline
from tests.conftest import NOW
from tests.proofs.doors import DOORS, batch, call, days, page
from tests.proofs.endings import MORE_TIME
from tests.proofs.rows import Act, Places, Way
from tests.proofs.test_import import bring

#: A complaint that the desk settles itself: no unit is named for it, and nobody is waited for.
AT_THE_DESK: tuple[Act, ...] = (
    ("csr", "attestation", {"listened": True}),
    (
        "csr",
        "confirmation",
        {"summary": "Menunggu dua jam di loket, ingin dilayani lebih cepat", "answer": "yes"},
    ),
    ("csr", "apology", {"stage": "intake"}),
    ("csr", "promise", {"steps": [{"what": "Membuka loket kedua sekarang juga"}]}),
    ("csr", "receipt", {}),
    ("csr", "parties", {"desk": True}),
    (
        "csr",
        "cause",
        {"stage": "preliminary", "code": "MANUSIA_JUMLAH", "text": "Hanya satu loket dibuka"},
    ),
    ("csr", "condition", {"none": True}),
    ("csr", "priority", {}),
    ("csr", "plan", {"steps": [{"what": "Membuka loket kedua sampai antrean habis"}]}),
    (
        "csr",
        "cause",
        {"stage": "confirmed", "code": "MANUSIA_JUMLAH", "text": "Hanya satu loket dibuka"},
    ),
    ("csr", "apology", {"stage": "resolution"}),
    (
        "csr",
        "cause-explanation",
        {"text": "Pagi ini hanya satu loket yang dibuka", "view": "agrees"},
    ),
    ("csr", "offer", {"remedy": "PENJELASAN", "description": "Dilayani di loket kedua sekarang"}),
    ("csr", "answer", {"answer": "accepted"}),
    ("csr", "thanks", {}),
    ("csr", "standard-information", {"all": True}),
    ("csr", "commitments/done", {"all": True, "note": "Loket kedua sudah dibuka"}),
    ("csr", "closure", {}),
)
TAKEN = Way("at the desk", "taken", "", {}, told={"category": "PTG_ANTRE"})


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_one_person_settles_a_small_complaint_in_one_conversation(places: Places, door):
    counter, office = places.counter, places.office
    number = places.fresh(TAKEN)
    if door is batch:
        acts = [{"noun": noun, **body} for _, noun, body in AT_THE_DESK]
        assert counter.send("csr", f"/complaints/{number}/actions", acts).status == 200
    else:
        for by, noun, body in AT_THE_DESK:
            counter.at += timedelta(minutes=1)
            outcome = door(counter, by, number, noun, body)
            assert outcome.status in (200, 201), (noun, outcome.said)
    complaint = office.complaint(number)
    assert (complaint.status, complaint.is_first_contact) == ("closed", True)
    assert {*office.states(number).values()} == {"proven", "not_needed"}
    assert places.counted(number) == []


@pytest.mark.parametrize("door", [call, page], ids=lambda door: door.__name__)
def test_a_delivery_dated_later_closes_as_waiting_for_it(places: Places, door):
    counter, office = places.counter, places.office
    later = ("csr", "answer", {"answer": "accepted", "deliver_by": days(3)})
    way = Way("closing", "delivery", "", {}, place="020-3.3", before=(later,))
    number = places.fresh(way)
    office.at = counter.at
    office.walk(number, after="020-3.4", to="020-3.7")
    counter.at = office.at
    rows = office.rows(Commitment, number)
    undelivered = [each.id for each in rows if each.kind == "delivery"]
    done = [each.id for each in rows if each.id not in undelivered]
    assert door(counter, "csr", number, "closure", {}).status == 409
    reported = {"done": done, "note": "Joko melapor selesai"}
    assert door(counter, "csr", number, "closure", reported).status == 200
    complaint: Complaint = office.complaint(number)
    assert (complaint.status, complaint.awaiting_delivery) == ("closed", True)
    (owed,) = (each for each in office.rows(Deadline, number) if each.ended_at is None)
    assert owed.kind == "commitment"


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_first_date_told_stays_beside_the_later_one(places: Places, door):
    asked: Act = ("csr", "extension", MORE_TIME)
    number = places.fresh(Way("extension", "", "", {}, place="020-1.6", before=(asked,)))
    first = places.office.complaint(number).promised_at
    body = {"answer": "approved"}
    assert door(places.counter, "supervisor", number, "extension/approval", body).status == 200
    complaint = places.office.complaint(number)
    assert complaint.first_told_at == first
    assert complaint.promised_at > first


#: Received when nobody is there: the law counts from the next working day, the desk at once.
WHEN = datetime.fromisoformat("2026-11-14T10:00:00+07:00")


def test_working_days_are_counted_alike_by_every_way_in(places: Places, tmp_path: Path):
    counter, office = places.counter, places.office
    told = {
        "customer": {"name": "Siti Aminah", "salutation": "Ibu", "phone": "0813 7777 0001"},
        "channel": "walk_in",
        "category": "GGN_MATI",
        "story": "Internet di rumah mati sejak pagi.",
        "received_at": WHEN.isoformat(),
    }
    office.session.commit()
    office.at = counter.at = NOW
    answer = counter.app.test_client().post(
        "/api/v1/complaints", json=told, headers={"Authorization": "Bearer token of csr"}
    )
    assert answer.status_code == 201, answer.text
    by_call = answer.json["number"]
    inside = office.receive(at=NOW, received_at=WHEN, who={"phone": "0813 7777 0002"})
    row = f"w,{WHEN:%Y-%m-%d %H:%M},,received,,Internet mati,"
    (by_file,) = bring(places, tmp_path, row)
    due = {
        number: {(each.kind, each.due_at) for each in office.rows(Deadline, number)}
        for number in (by_call, inside, by_file)
    }
    assert due[by_call] == due[inside] == due[by_file]
    assert due[by_call]
