"""Documents by program: what waits for them is told, and the moment they are complete is taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.channels.api.conftest import COMPLAINT, Clock, Programs
from tests.office import Office

OJK = "id-ojk-pojk22-2023"
WAITING = {"kind": "legal", "policy": OJK, "clause": "written", "starts": "documents_complete"}


@pytest.fixture
def letter(programs: Programs, office: Office) -> str:
    """A written complaint under the rules for banks."""
    office.switch_on(OJK)
    answered = programs.csr.post("/complaints", {**COMPLAINT, "channel": "email"})
    return str(answered.json["number"])


def test_a_clock_that_waits_is_told_apart_from_those_that_run(programs: Programs, letter: str):
    told = programs.csr.get(f"/complaints/{letter}/deadlines").json
    assert told["waiting"] == [WAITING]
    assert OJK not in {each["policy"] for each in told["items"]}
    assert programs.csr.get(f"/complaints/{letter}").json["documents_complete_at"] is None


def test_the_moment_starts_the_clock_and_stands_in_the_record(
    programs: Programs, letter: str, time: Clock
):
    moment, time.at = time.at + timedelta(hours=1), time.at + timedelta(hours=5)
    answered = programs.csr.record(letter, "documents", at=moment.isoformat(), note="KTP")
    assert answered.status_code == 200
    (limit,) = [each for each in answered.json["deadlines"] if each["policy"] == OJK]
    assert (limit["clause"], limit["started_at"]) == ("written", moment.isoformat())
    whole = programs.csr.get(f"/complaints/{letter}").json
    assert whole["documents_complete_at"] == moment.isoformat()
    entry = programs.csr.get(f"/complaints/{letter}/history").json["items"][-1]
    assert (entry["what"], entry["at"]) == ("complete_documents", moment.isoformat())
    assert entry["detail"] == {"note": "KTP", "recorded_at": time.at.isoformat()}
    assert programs.csr.get(f"/complaints/{letter}/deadlines").json["waiting"] == []


def test_a_moment_that_cannot_be_is_refused_beside_its_field(
    programs: Programs, letter: str, time: Clock
):
    for hours in (-1, 1):
        at = (time.at + timedelta(hours=hours)).isoformat()
        refused = programs.csr.record(letter, "documents", at=at)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "at")
    assert programs.csr.record(letter, "documents").status_code == 200
    assert programs.csr.record(letter, "documents").status_code == 409


def test_only_who_handles_the_complaint_records_it(programs: Programs, letter: str):
    for name in ("auditor", "manager", "csr2"):
        assert programs(name).record(letter, "documents").status_code == 403
    assert programs.officer.record(letter, "documents").status_code == 200
