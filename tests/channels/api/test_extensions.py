"""More time by program: the rule's conditions are told, chosen, and stand in the reckoning."""

from __future__ import annotations

from datetime import timedelta

from tests.channels.api.conftest import COMPLAINT, Clock, Programs
from tests.office import Office

OJK = "id-ojk-pojk22-2023"
STUDY = {
    "label_id": "penelitian khusus atas dokumen yang diperlukan",
    "label_en": "special study of the documents needed",
}


def limit_of(programs: Programs, number: str) -> dict:  # type: ignore[type-arg]
    items = programs.csr.get(f"/complaints/{number}/deadlines/why").json["items"]
    (limit,) = [each for each in items if each["policy"]["code"] == OJK]
    return limit


def test_the_conditions_are_told_and_one_is_taken(programs: Programs, office: Office, time: Clock):
    office.switch_on(OJK)
    number = programs.csr.post("/complaints", {**COMPLAINT, "channel": "email"}).json["number"]
    programs.csr.record(number, "documents")
    allowed = limit_of(programs, number)["clause"]["extension"]
    assert (allowed["duration"], allowed["unit"], allowed["max_count"]) == (10, "working_day", 1)
    assert STUDY in allowed["conditions"]
    body = {"until": (time.at + timedelta(days=18)).isoformat(), "reason": "Menunggu arsip"}
    refused = programs.csr.record(number, "extension", **body)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "condition")
    taken = programs.csr.record(number, "extension", condition=STUDY["label_id"], **body)
    assert taken.status_code == 200
    decided = programs.supervisor.record(number, "extension/approval", answer="approved")
    assert decided.status_code == 200
    limit = limit_of(programs, number)
    (extended,) = [each for each in limit["changes"] if each["what"] == "extend"]
    assert extended["condition"] == STUDY
    assert (limit["governed_by"], limit["adds_up"]) == ("extension", True)


def test_our_own_promise_has_no_conditions(programs: Programs, number: str, time: Clock):
    items = programs.csr.get(f"/complaints/{number}/deadlines/why").json["items"]
    assert {each["clause"]["extension"] for each in items} == {None}
    body = {"until": (time.at + timedelta(days=9)).isoformat(), "reason": "Suku cadang"}
    refused = programs.csr.record(number, "extension", condition="kami sibuk", **body)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "condition")
    assert programs.csr.record(number, "extension", **body).status_code == 200
