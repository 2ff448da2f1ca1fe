"""The whole road by program: a CSR, an officer and a supervisor, from the story to the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.domain.evidence import CRITERIA
from tests.channels.api.conftest import COMPLAINT, Clock, Programs
from tests.office import Office

# who, noun, body, status afterwards
ROAD: list[tuple[str, str, dict[str, Any], str]] = [
    ("csr", "attestation", {"listened": True}, "received"),
    ("csr", "confirmation", {"summary": "Internet mati", "answer": "yes"}, "received"),
    ("csr", "apology", {"stage": "intake"}, "received"),
    ("csr", "promise", {"steps": [{"what": "Memeriksa jaringan"}]}, "received"),
    ("csr", "receipt", {}, "registered"),
    ("csr", "parties", {"teams": ["TEKNIK"]}, "registered"),
    ("officer", "parties/acceptance", {"team": "TEKNIK", "answer": "accepted"}, "registered"),
    (
        "officer",
        "cause",
        {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus", "quote": "mati"},
        "registered",
    ),
    ("csr", "condition", {"relevant": ["Lansia di rumah"]}, "registered"),
    ("csr", "priority", {}, "registered"),
    ("supervisor", "priority", {"override": "P1", "reason": "Pelanggan lansia"}, "registered"),
    ("csr", "plan", {"steps": [{"what": "Menyambung kabel", "owner": "TEKNIK"}]}, "in_handling"),
    (
        "officer",
        "cause",
        {"stage": "confirmed", "code": "JARINGAN", "text": "Kabel terputus galian"},
        "in_handling",
    ),
    ("csr", "apology", {"stage": "resolution"}, "in_handling"),
    ("csr", "cause-explanation", {"text": "Kabel putus", "view": "agrees"}, "in_handling"),
    (
        "csr",
        "offer",
        {"remedy": "RESTITUSI", "description": "Potongan tagihan", "amount": 200_000},
        "in_handling",
    ),
    ("supervisor", "offer/approval", {"answer": "approved"}, "offered"),
    ("csr", "answer", {"answer": "refused", "reason": "Kurang"}, "in_handling"),
    ("csr", "offer", {"remedy": "PERBAIKAN", "description": "Sambung hari ini"}, "offered"),
    ("csr", "answer", {"answer": "accepted"}, "accepted"),
    ("csr", "thanks", {"method": "phone"}, "accepted"),
    ("csr", "standard-information", {"all": True}, "accepted"),
    ("officer", "commitments/done", {"all": True, "note": "Tersambung"}, "accepted"),
    ("csr", "closure", {}, "closed"),
]
STAGE = {
    "received": "intake",
    "registered": "planning",
    "in_handling": "resolution",
    "offered": "resolution",
    "accepted": "resolution",
    "closed": "ended",
}


def test_the_whole_road(programs: Programs, time: Clock):
    created = programs.csr.post("/complaints", COMPLAINT)
    assert created.status_code == 201
    answer = created.json
    assert answer["number"] == "KLH-2026-000001"
    assert created.headers["Location"] == "/api/v1/complaints/KLH-2026-000001"
    assert answer["missing"] == [key for key in CRITERIA if key.startswith("020-1")]
    assert {each["kind"] for each in answer["deadlines"]} == {"ack", "plan", "progress", "resolve"}
    versions = [answer["version"]]
    for who, noun, body, status in ROAD:
        time.at += timedelta(minutes=5)
        response = programs(who).record(answer["number"], noun, **body)
        assert response.status_code == 200, (noun, response.json)
        answer = response.json
        assert (answer["status"], answer["stage"]) == (status, STAGE[status]), noun
        versions.append(answer["version"])
        assert set(answer) == {
            "number",
            "status",
            "stage",
            "waiting_customer",
            "missing",
            "priority",
            "deadlines",
            "version",
        }
    assert answer["missing"] == []
    assert versions == sorted(set(versions))
    assert {each["state"] for each in answer["deadlines"]} <= {"met", "cancelled"}


@pytest.fixture
def walked(programs: Programs, time: Clock) -> str:
    """A complaint at the end of the road."""
    number = programs.csr.post("/complaints", COMPLAINT).json["number"]
    for who, noun, body, _ in ROAD:
        time.at += timedelta(minutes=5)
        assert programs(who).record(number, noun, **body).status_code == 200, noun
    return str(number)


def test_one_complaint_as_it_stands(programs: Programs, walked: str):
    response = programs.csr.get(f"/complaints/{walked}")
    answer = response.json
    assert response.status_code == 200
    assert response.headers["ETag"].startswith(f'"{answer["version"]}-')
    assert answer["customer"] == {
        "name": "Siti Aminah",
        "salutation": "Ibu",
        "phone": "6281234567890",
        "email": "siti@pelanggan.example",
        "number": None,
        "tier": "REGULER",
        "needs": [],
        "language": "id",
    }
    assert (answer["branch"], answer["team"], answer["handler"]) == (
        "JKT",
        "TEKNIK",
        {"email": "csr@tanggap.example", "name": "Csr"},
    )
    assert (answer["outcome"], answer["priority"]) == ("SETUJU_ALTERNATIF", "P1")
    assert answer["priority_reason"]["override_reason"] == "Pelanggan lansia"
    assert answer["received_at"] == "2026-11-19T02:15:00+00:00"


def test_the_evidence_is_the_eighteen_criteria(programs: Programs, walked: str):
    items = programs.csr.get(f"/complaints/{walked}/evidence").json["items"]
    # How the plan differs from the procedure of its category, and no other criterion.
    differing = {item["criterion"]: item["deviations"] for item in items if item["deviations"]}
    assert list(differing) == ["020-2.5"]
    assert set(differing["020-2.5"]) == {"procedure", "left_out", "added"}
    assert all(differing["020-2.5"].values())
    assert [item["criterion"] for item in items] == list(CRITERIA)
    assert {item["state"] for item in items} == {"proven"}
    by_key = {item["criterion"]: item for item in items}
    assert by_key["020-1.2"]["words"] == "Internet mati"
    assert (by_key["020-1.2"]["by"], by_key["020-1.2"]["record"]) == ("Csr", "confirmation")
    assert by_key["020-3.6"]["method"] == "phone"


def test_the_deadlines_with_their_policy(programs: Programs, walked: str):
    items = programs.csr.get(f"/complaints/{walked}/deadlines").json["items"]
    resolve = next(item for item in items if item["kind"] == "resolve")
    assert resolve["policy"] == "id-default-front-desk"
    assert resolve["told_at"] is not None
    assert resolve["state"] == "met"
    assert {"kind", "started_at", "due_at", "told_at", "state", "policy"} <= set(resolve)


def test_the_history_in_order(programs: Programs, walked: str):
    items = programs.csr.get(f"/complaints/{walked}/history").json["items"]
    assert [item["seq"] for item in items] == list(range(1, len(ROAD) + 2))
    assert items[0]["what"] == "receive"
    assert items[-1]["what"] == "close"
    assert items[-1]["detail"]["to"] == "closed"
    assert {"what", "at", "by", "detail"} <= set(items[0])


def test_the_history_by_page(programs: Programs, walked: str):
    path = f"/complaints/{walked}/history"
    whole = programs.csr.get(path).json
    assert whole["next"] is None
    pages, cursor = [], ""
    while cursor is not None:
        page = programs.csr.get(f"{path}?limit=4{cursor and '&cursor=' + cursor}").json
        pages.append(page["items"])
        cursor = page["next"]
    assert [each for page in pages for each in page] == whole["items"]
    assert {len(page) for page in pages[:-1]} == {4}
    assert 1 <= len(pages[-1]) <= 4
    rest = programs.csr.get(f"{path}?cursor=4").json
    assert rest == {"items": whole["items"][4:], "next": None}


@pytest.mark.parametrize("asked", ["limit=0", "limit=201", "cursor=x", "cursor=-1", "most=3"])
def test_a_page_of_the_history_that_cannot_be(programs: Programs, walked: str, asked: str):
    response = programs.csr.get(f"/complaints/{walked}/history?{asked}")
    assert response.status_code == 422
    assert response.json["errors"]


def test_what_is_told_later_says_when_it_was_recorded(programs: Programs, number: str, time: Clock):
    happened = time.at + timedelta(minutes=2)
    time.at += timedelta(hours=1)
    told = {"listened": True, "at": happened.isoformat()}
    assert programs.csr.record(number, "attestation", **told).status_code == 200
    entry = programs.csr.get(f"/complaints/{number}/history").json["items"][-1]
    assert entry["at"] == happened.isoformat()
    assert entry["detail"] == {"recorded_at": time.at.isoformat()}


@pytest.mark.parametrize(
    ("who", "noun", "body"),
    [
        ("csr", "note", {"text": "Sudah ditelepon"}),
        ("csr", "message", {"text": "Halo", "direction": "out", "method": "email"}),
        ("csr", "message", {"text": "Halo juga", "direction": "in"}),
        ("csr", "assignment", {"handler": "officer@tanggap.example"}),
        ("csr", "assignment", {"team": "TAGIHAN", "reason": "Soal tagihan"}),
        ("csr", "record", {"product": "INTERNET_RUMAH", "salutation": "Bu"}),
        ("csr", "withdrawal", {"reason": "Pelanggan mencabut", "method": "signature"}),
        ("csr", "pause", {"reason": "Tunggu foto", "until": "2026-11-21T09:00:00+07:00"}),
        ("csr", "extension", {"reason": "Suku cadang", "until": "2026-12-01T09:00:00+07:00"}),
        ("csr", "escalation", {"reason": "Sangat marah"}),
    ],
)
def test_the_nouns_beside_the_road(programs: Programs, number: str, who, noun, body):
    response = programs(who).record(number, noun, **body)
    assert response.status_code == 200, response.json
    assert response.json["number"] == number


def test_nouns_that_answer_another(programs: Programs, number: str):
    until = "2026-12-01T09:00:00+07:00"
    assert programs.csr.record(number, "extension", reason="Suku cadang", until=until).json
    decided = programs.supervisor.record(number, "extension/approval", answer="approved")
    resolve = next(d for d in decided.json["deadlines"] if d["kind"] == "resolve")
    assert resolve["due_at"] == resolve["told_at"] == "2026-12-01T02:00:00+00:00"
    # Nobody had told a date before the extension did; from now on this is the first.
    assert resolve["first_told_at"] == "2026-12-01T02:00:00+00:00"
    programs.csr.record(number, "escalation", reason="Sangat marah")
    assert programs.supervisor.record(number, "acknowledgement").status_code == 200
    later = "2026-11-21T09:00:00+07:00"
    paused = programs.csr.record(number, "pause", reason="Tunggu foto", until=later).json
    assert paused["waiting_customer"] is True
    assert programs.csr.record(number, "resumption").json["waiting_customer"] is False
    programs.csr.record(number, "withdrawal", reason="Pelanggan mencabut", method="signature")
    reopened = programs.csr.record(number, "reopening", reason="Ternyata tetap mengeluh")
    assert reopened.json["status"] == "received"


def test_whoever_acknowledges_second_hears_who_was_first(programs: Programs, number: str):
    programs.csr.record(number, "escalation", reason="Sangat marah")
    first = programs.supervisor.record(number, "acknowledgement")
    assert (first.status_code, first.json.get("said")) == (200, None)
    version = first.json["version"]
    for language, sentence in (
        ("en", "Supervisor has already acknowledged this escalation and is seeing to it."),
        ("id", "Supervisor sudah menindaklanjuti eskalasi ini."),
    ):
        second = programs("manager", language).record(number, "acknowledgement")
        assert second.status_code == 200
        assert second.json["said"] == sentence
        assert second.json["version"] == version


def unable(reason: str, **more: str) -> dict[str, dict[str, str]]:
    return {"unable": {"reason": reason, **more}}


def test_what_cannot_be_done_is_said_for_a_reason_of_the_list_and_signed(
    programs: Programs, number: str
):
    csr = programs.csr
    refused = csr.record(number, "confirmation", **unable("Kucing lewat di depan"))
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "unable.code"
    assert "customer left" in refused.json["detail"]
    for noun, more, body in (
        ("attestation", {}, unable("Pelanggan menutup telepon saat bercerita")),
        ("confirmation", {}, unable("Sudah pergi sebelum dibacakan ulang")),
        ("apology", {"stage": "intake"}, unable("Tidak mau mendengar basa-basi")),
    ):
        response = csr.record(number, noun, **more, **body)
        assert response.status_code == 200, (noun, response.json)
    for noun in ("priority", "promise", "thanks"):
        assert csr.record(number, noun, **unable("Pelanggan sedang sibuk")).status_code in (
            409,
            422,
        )
    items = csr.get(f"/complaints/{number}/evidence").json["items"]
    assert [item["state"] for item in items[:3]] == ["unable"] * 3
    assert csr.record(number, "countersignature", answer="signed").status_code == 403
    signed = programs.supervisor.record(number, "countersignature", answer="signed")
    assert signed.status_code == 200, signed.json
    again = programs.supervisor.record(number, "countersignature", answer="signed")
    assert again.status_code == 409


def test_a_duplicate_and_its_original_name_each_other(
    programs: Programs, office: Office, number: str
):
    csr, other = programs.csr, office.receive()
    nowhere = csr.record(number, "merge", into="KLH-2026-000999")
    assert (nowhere.status_code, nowhere.json["errors"][0]["field"]) == (422, "into")
    note = {"noun": "note", "text": "Satu gangguan"}
    acts = [note, {"noun": "merge", "into": number}]
    refused = csr.post(f"/complaints/{number}/actions", acts)
    assert (refused.status_code, refused.json["index"]) == (422, 1)
    merged = csr.post(f"/complaints/{number}/actions", [note, {"noun": "merge", "into": other}])
    assert merged.status_code == 200, merged.json
    assert merged.json["status"] == "closed"
    duplicate, original = (csr.get(f"/complaints/{each}").json for each in (number, other))
    assert (duplicate["duplicate_of"], duplicate["outcome"]) == (other, "GANDA")
    assert (original["duplicate_of"], original["duplicates"]) == (None, [number])
    balance = programs.supervisor.get("/reports/deadlines?from=2026-11-01&to=2026-11-30").json
    assert balance["balance"]["duplicate"] == 1
