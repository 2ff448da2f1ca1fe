"""Letters by program: what was written, where it stands, printed and come back; never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.channels.api.conftest import Clock, Programs
from tests.channels.api.test_road import ROAD
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver

OFFER = {"remedy": "PERBAIKAN", "description": "Kabel disambung hari ini"}


def walk(programs: Programs, time: Clock, number: str, before: str) -> None:
    """The road up to, and without, the first act with this noun in element 3."""
    for who, noun, body, status in ROAD:
        if noun == before and status not in ("received", "registered"):
            return
        time.at += timedelta(minutes=5)
        assert programs(who).record(number, noun, **body).status_code == 200, noun


def evidence(programs: Programs, number: str, key: str) -> dict[str, Any]:
    items = programs.csr.get(f"/complaints/{number}/evidence").json["items"]
    return next(item for item in items if item["criterion"] == key)


def letters(programs: Programs, number: str) -> list[dict[str, Any]]:
    found = programs.csr.get(f"/complaints/{number}/letters").json["items"]
    return [each for each in found if each["criteria"]]


def test_an_offer_by_email_is_sending_then_proven(
    programs: Programs, office: Office, time: Clock, number: str
):
    walk(programs, time, number, "offer")
    answer = programs.csr.record(number, "offer", method="email", **OFFER)
    assert answer.status_code == 200
    assert "020-3.3" in answer.json["missing"]
    item = evidence(programs, number, "020-3.3")
    assert (item["state"], item["method"]) == ("sending", "email")
    assert item["why"].startswith("the offer letter has not been sent yet")
    (letter,) = letters(programs, number)
    assert letter == {
        "id": letter["id"],
        "kind": "offer",
        "method": "email",
        "state": "queued",
        "at": letter["at"],
        "criteria": ["020-3.3"],
        "files": [],
    }
    deliver(office, Hand(), time.at)
    item = evidence(programs, number, "020-3.3")
    assert (item["state"], item["why"]) == ("proven", None)
    assert letters(programs, number)[0]["state"] == "sent"


def test_the_same_call_under_one_key_writes_one_letter(
    programs: Programs, time: Clock, number: str
):
    walk(programs, time, number, "offer")
    for _ in range(3):
        answer = programs.csr.record(number, "offer", key="einmal", method="email", **OFFER)
        assert answer.status_code == 200
    assert len(letters(programs, number)) == 1
    assert programs.csr.record(number, "offer", method="email", **OFFER).status_code == 200
    assert len(letters(programs, number)) == 1


def test_acts_sent_together_write_one_letter_of_several_parts(
    programs: Programs, office: Office, time: Clock, number: str
):
    walk(programs, time, number, "apology")
    acts = [
        {"noun": "apology", "stage": "resolution", "method": "email"},
        {"noun": "cause-explanation", "text": "Kabel putus", "method": "email"},
        {"noun": "offer", "method": "email", **OFFER},
    ]
    answer = programs.csr.post(f"/complaints/{number}/actions", acts)
    assert answer.status_code == 200, answer.json
    (letter,) = letters(programs, number)
    assert letter["criteria"] == ["020-3.1", "020-3.2", "020-3.3"]
    hand = Hand()
    deliver(office, hand, time.at)
    text = hand.sent[-1].get_body(("plain",)).get_content()
    assert "Kabel putus" in text
    assert "Kabel disambung hari ini" in text
    for key in letter["criteria"]:
        assert evidence(programs, number, key)["state"] == "proven"


def test_what_is_sent_by_email_happens_now_whatever_time_is_told(
    programs: Programs, time: Clock, number: str
):
    walk(programs, time, number, "offer")
    told = (time.at - timedelta(minutes=20)).isoformat()
    time.at += timedelta(hours=2)
    answer = programs.csr.record(number, "offer", at=told, method="email", **OFFER)
    assert answer.status_code == 200
    item = evidence(programs, number, "020-3.3")
    assert item["at"] == time.at.isoformat()


def test_closing_is_refused_while_a_letter_is_on_its_way(
    programs: Programs, office: Office, time: Clock, number: str
):
    walk(programs, time, number, "standard-information")
    sent = programs.csr.record(number, "standard-information", all=True, method="email")
    assert sent.status_code == 200
    kept = programs.officer.record(number, "commitments/done", all=True, note="Tersambung")
    assert kept.status_code == 200
    refused = programs("csr", "id").record(number, "closure")
    assert refused.status_code == 409
    assert refused.json["missing"] == ["020-3.7"]
    assert "surat berisi standar layanan belum terkirim" in refused.json["detail"]
    deliver(office, Hand(), time.at)
    assert programs.csr.record(number, "closure").status_code == 200


def test_a_printed_letter_and_one_that_came_back(programs: Programs, time: Clock, number: str):
    walk(programs, time, number, "offer")
    programs.csr.record(number, "offer", method="letter", **OFFER)
    (letter,) = letters(programs, number)
    assert (letter["state"], letter["method"]) == ("queued", "letter")
    printed = programs.csr.record(number, "letters/printing", letter=letter["id"])
    assert printed.status_code == 200
    assert letters(programs, number)[0]["state"] == "printed"
    assert evidence(programs, number, "020-3.3")["state"] == "proven"
    back = programs.csr.record(
        number, "letters/return", letter=letter["id"], reason="Pindah alamat"
    )
    assert back.status_code == 200
    assert letters(programs, number)[0]["state"] == "bounced"
    item = evidence(programs, number, "020-3.3")
    assert item["state"] == "missing"
    assert item["why"].startswith("the offer letter came back")


def test_without_an_address_the_refusal_names_the_field_and_the_way_forward(
    programs: Programs, time: Clock
):
    told = {
        "customer": {"name": "Budi", "phone": "0812 1111 2222"},
        "channel": "walk_in",
        "category": "GGN_MATI",
        "story": "Internet mati.",
    }
    number = programs.csr.post("/complaints", told).json["number"]
    refused = programs("csr", "en").record(number, "apology", stage="intake", method="email")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "method"
    assert "choose a letter, the phone or face to face" in refused.json["detail"]


def test_a_summary_by_email_awaits_the_customers_own_answer(
    programs: Programs, office: Office, time: Clock, number: str
):
    said = {"summary": "Internet mati sejak kemarin sore", "answer": "yes"}
    assert programs.csr.record(number, "confirmation", method="email", **said).status_code == 200
    assert evidence(programs, number, "020-1.2")["state"] == "sending"
    deliver(office, Hand(), time.at)
    item = evidence(programs, number, "020-1.2")
    assert item["state"] == "awaiting"
    assert "has not confirmed" in item["why"]
    follow_ups = programs.csr.get(f"/complaints/{number}/commitments").json["items"]
    assert [(each["kind"], each["state"]) for each in follow_ups] == [("confirm", "open")]
    time.at += timedelta(minutes=5)
    assert programs.csr.record(number, "confirmation", method="phone", **said).status_code == 200
    assert evidence(programs, number, "020-1.2")["state"] == "proven"
    follow_ups = programs.csr.get(f"/complaints/{number}/commitments").json["items"]
    assert [each["state"] for each in follow_ups] == ["done"]
