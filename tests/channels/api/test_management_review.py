"""Management reviews by program: the same rules and figures, answered as described."""

from __future__ import annotations

from typing import Any

from complaints.domain.management_review.acts import INPUTS
from tests.channels.api.conftest import Programs
from tests.documents.pdf_text import close, text_of
from tests.office import Office

PATH = "/management-reviews/RTM-2026-000001"
DAYS = {"from": "2026-11-01", "to": "2026-11-18"}
WHOLE: dict[str, Any] = {
    "held_on": "2026-11-19",
    "next_on": "2027-02-18",
    "chaired_by": "Ratna, Direktur Layanan",
    "participants": ["Ratna, Direktur Layanan", "Budi, Penyelia"],
    "minutes": {
        **dict.fromkeys(INPUTS, "Tidak ada yang perlu dilaporkan"),
        "process": "Balasan pertama pada hari yang sama",
    },
}
ACTION = {
    "subject": "cause",
    "code": "JARINGAN_KABEL",
    "what": "Periksa kabel setiap bulan",
    "why": "Kabel tua sering putus",
    "owner": "csr@tanggap.example",
    "due_on": "2026-11-27",
}


def test_it_is_drafted_agreed_concluded_and_corrected(office: Office, programs: Programs):
    office.receive(at=office.at.replace(day=16))
    manager = programs("manager")
    made = manager.post("/management-reviews", DAYS)
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1{PATH}"
    raised = manager.post("/corrective-actions", {**ACTION, "review": "rtm-2026-000001"})
    assert raised.json["history"][0]["detail"]["review"] == "RTM-2026-000001"
    changed = manager.post(f"{PATH}/change", {**WHOLE, "seen": 2})
    assert changed.json["history_seq"] == 3
    assert manager.post(f"{PATH}/conclusion", {"seen": 2}).status_code == 409
    done = manager.post(f"{PATH}/conclusion", {})
    assert (done.json["state"], done.json["ended_by"]) == ("concluded", "Manager")
    assert [each["number"] for each in done.json["agreed"]] == ["TPB-2026-000001"]
    assert manager.post(f"{PATH}/change", {"chaired_by": "Orang lain"}).status_code == 409
    manager.post(f"{PATH}/correction", {"text": "Budi tidak hadir, yang hadir adalah Sari"})
    read = programs("auditor").get(PATH).json
    kinds = [each["what"] for each in read["history"]]
    assert kinds == ["draft", "link", "change", "conclude", "correct"]
    listed = programs("auditor").get("/management-reviews?state=concluded").json["items"]
    assert [each["number"] for each in listed] == [read["number"]]


def test_its_figures_are_those_of_the_report_call(office: Office, programs: Programs):
    office.receive(at=office.at.replace(day=16))
    manager = programs("manager")
    made = manager.post("/management-reviews", DAYS).json["figures"]
    asked = "from=2026-11-01&to=2026-11-18"
    assert made["deadlines"] == manager.get(f"/reports/deadlines?{asked}&by=category").json
    sections = {each["key"]: each for each in made["sections"]}
    for part in ("results", "steps", "causes", "satisfaction"):
        for section in manager.get(f"/reports/outcomes?{asked}&part={part}").json["sections"]:
            mine = sections[section["key"]]
            assert [(each["key"], each["values"]) for each in mine["lines"]] == [
                (each["key"], each["values"]) for each in section["lines"]
            ]


def test_the_pdf_says_the_same_and_nothing_is_read_beyond_ones_branch(
    office: Office, programs: Programs
):
    manager = programs("manager")
    manager.post("/management-reviews", {**DAYS, "branch": "JKT"})
    paper = programs("supervisor").get(f"{PATH}?format=pdf&lang=id")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert close("Tinjauan manajemen RTM-2026-000001") in text_of(paper.data)
    manager.post("/management-reviews", DAYS)
    elsewhere = programs("supervisor").get("/management-reviews/RTM-2026-000002")
    assert elsewhere.status_code == 403
    assert programs("csr").get(PATH).status_code == 403
    assert programs("supervisor").post("/management-reviews", DAYS).status_code == 403


def test_a_draft_is_renewed_and_dropped_and_a_period_has_to_be_over(
    office: Office, programs: Programs
):
    manager = programs("manager")
    ahead = manager.post("/management-reviews", {**DAYS, "to": "2026-11-30"})
    assert ahead.status_code == 422
    manager.post("/management-reviews", DAYS)
    office.receive(at=office.at.replace(day=16))
    assert manager.get(PATH).json["figures"]["deadlines"]["total"]["received"] == 0
    again = manager.post(f"{PATH}/figures", {})
    assert again.json["figures"]["deadlines"]["total"]["received"] == 1
    dropped = manager.post(f"{PATH}/drop", {"reason": "Rapat digabung dengan tinjauan lain"})
    assert dropped.json["state"] == "dropped"


def test_a_key_drafts_once(office: Office, programs: Programs):
    manager = programs("manager")
    for _ in range(2):
        manager.post("/management-reviews", DAYS, headers={"Idempotency-Key": "k1"})
    assert len(manager.get("/management-reviews").json["items"]) == 1


def test_what_cannot_be_is_refused_by_the_draft(office: Office, programs: Programs):
    manager = programs("manager")
    manager.post("/management-reviews", DAYS)
    for sent in ({"minutes": {"weather": "Hujan deras sekali"}}, {"participants": ["x" * 121]}):
        assert manager.post(f"{PATH}/change", sent).status_code == 422
    raised = manager.post("/corrective-actions", {**ACTION, "review": "RTM-2026-000099"})
    assert raised.status_code == 422
    assert manager.get("/corrective-actions").json["items"] == []
