"""Incidents by the API: opened, linked, told, closed, each under the names of the contract."""

from __future__ import annotations

from typing import Any

import pytest

from tests.channels.api.conftest import COMPLAINT, Programs

WORDS = "Layanan di Jakarta terganggu karena kabel terputus."
INCIDENT = {"title": "Kabel terputus", "category": "GANGGUAN", "branch": "JKT", "words": WORDS}


def opened(programs: Programs, by: str = "supervisor", **more: Any) -> str:
    made = programs(by).post("/incidents", {**INCIDENT, **more})
    assert made.status_code == 201, made.text
    number = str(made.json["number"])
    assert made.headers["Location"] == f"/api/v1/incidents/{number}"
    return number


def received(programs: Programs, nth: int) -> str:
    customer = {"name": f"Pelanggan {nth}", "email": f"p{nth}@x.example"}
    made = programs.csr.post("/complaints", {**COMPLAINT, "customer": customer})
    return str(made.json["number"])


def test_opened_linked_told_and_closed(programs: Programs):
    number = opened(programs)
    numbers = [received(programs, nth) for nth in range(3)]
    linked = programs.csr.post(
        f"/incidents/{number}/complaints", {"numbers": [*numbers, "KLH-2026-999999"]}
    )
    assert (linked.status_code, linked.json["done"], linked.json["refused"]) == (200, 3, 1)
    assert "KLH-2026-999999" in linked.json["items"][-1]["detail"]
    for _ in range(2):
        told = programs.supervisor.post(f"/incidents/{number}/message", {"text": WORDS})
        assert told.status_code == 200
        assert told.json["told"]["states"] == {"told": 3}
    for each in numbers:
        letters = programs.csr.get(f"/complaints/{each}/letters").json["items"]
        assert [letter["kind"] for letter in letters] == ["incident"]
        history = programs.csr.get(f"/complaints/{each}/history").json["items"]
        assert [entry["what"] for entry in history][-2:] == ["join_incident", "tell_incident"]
        assert history[-1]["detail"]["incident"] == number
    whole = programs.csr.get(f"/incidents/{number}").json
    assert {each["told"] for each in whole["complaints"]} == {"told"}
    closed = programs.supervisor.post(f"/incidents/{number}/closure", {"text": "Pulih"})
    assert closed.json["closed_by"] == "Supervisor"
    assert programs.csr.get("/incidents").json["items"][0]["count"] == 3
    again = programs.supervisor.post(f"/incidents/{number}/message", {"text": "Kabar lain lagi"})
    assert again.status_code == 409


def test_the_same_key_opens_one(programs: Programs):
    first, second = (
        programs.supervisor.post("/incidents", INCIDENT, headers={"Idempotency-Key": "satu"})
        for _ in range(2)
    )
    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(programs.csr.get("/incidents").json["items"]) == 1


@pytest.mark.parametrize(("name", "status"), [("csr", 403), ("auditor", 403), ("supervisor", 200)])
def test_who_may_tell_words_of_their_own(programs: Programs, name: str, status: int):
    number = opened(programs)
    answer = programs(name).post(f"/incidents/{number}/message", {"text": "Kata-kata saya sendiri"})
    assert answer.status_code == status


def test_words_are_approved_by_a_supervisor(programs: Programs):
    number = opened(programs, by="csr")
    assert programs.csr.get(f"/incidents/{number}").json["approved_at"] is None
    assert programs.csr.post(f"/incidents/{number}/approval", {}).status_code == 403
    assert programs.supervisor.post(f"/incidents/{number}/approval", {}).status_code == 200
    assert programs.csr.post(f"/incidents/{number}/message", {}).status_code == 200


def test_an_incident_that_is_none_is_not_found(programs: Programs):
    for number in ("INS-2026-000009", "KLH-2026-000001", "x"):
        assert programs.supervisor.get(f"/incidents/{number}").status_code == 404
        answer = programs.supervisor.post(f"/incidents/{number}/message", {"text": WORDS})
        assert answer.status_code == 404


def test_several_at_once_are_answered_one_by_one(programs: Programs):
    numbers = [received(programs, nth) for nth in range(2)]
    sent = {
        "numbers": [*numbers, "KLH-2026-999999"],
        "noun": "note",
        "body": {"text": "Teknisi datang besok pagi"},
    }
    answer = programs.csr.post("/complaints/bulk", sent)
    assert [each["state"] for each in answer.json["items"]] == ["done", "done", "refused"]
    assert programs.csr.post("/complaints/bulk", {**sent, "noun": "closure"}).status_code == 422
