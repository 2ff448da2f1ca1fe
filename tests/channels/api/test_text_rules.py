"""What is written down is held against what happened, by one call and by several alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.channels.api.conftest import COMPLAINT, Clock, Programs
from tests.office import Office

LONG = "Internet mati. Sejak kemarin sore. Anak tidak bisa sekolah. Tolong diperbaiki."
CAUSE = {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"}

#: Place on the road, who, noun, what is sent, the field refused.
REFUSED: list[tuple[str | None, str, str, dict[str, Any], str]] = [
    (None, "csr", "confirmation", {"summary": LONG, "answer": "yes"}, "summary"),
    (None, "csr", "apology", {"stage": "intake", "text": "Ini salah Ibu sendiri, maaf."}, "text"),
    (None, "csr", "apology", {"stage": "intake", "text": "Mohon maaf, {nama}."}, "text"),
    ("020-1.6", "csr", "parties", {"desk": True}, "teams"),
    ("020-1.6", "csr", "cause", {**CAUSE, "quote": "kabelnya berasap"}, "quote"),
    ("020-1.6", "csr", "plan", {"steps": [{"what": "Perbaiki"}]}, "steps"),
    ("confirmed", "csr", "apology", {"stage": "resolution", "text": "Baik, Bu."}, "text"),
    ("020-3.4", "csr", "thanks", {"text": "Maaf, Bu Siti."}, "text"),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("place", "who", "noun", "body", "field"), REFUSED)
def test_a_text_that_does_not_hold_is_refused_by_every_call(
    programs: Programs, office: Office, time: Clock, place, who, noun, body, field
):
    told = {**COMPLAINT, "story": LONG}
    number = programs.csr.post("/complaints", told).json["number"]
    if place:
        office.at = time.at
        office.walk(number, to=place)
        time.at = office.at
    before = programs.csr.get(f"/complaints/{number}").json["version"]
    alone = programs(who).record(number, noun, **body)
    several = programs(who).post(
        f"/complaints/{number}/actions",
        [{"noun": "note", "text": "Dicatat"}, {"noun": noun, **body}],
    )
    for answer in (alone, several):
        assert answer.status_code == 422, answer.json
        assert [each["field"] for each in answer.json["errors"]][-1] == field
    assert (several.json["index"], several.json["noun"]) == (1, noun)
    assert programs.csr.get(f"/complaints/{number}").json["version"] == before


def test_nobody_but_a_supervisor_leaves_out_a_unit_or_sets_another_priority(
    programs: Programs, office: Office, number: str, time: Clock
):
    office.at = time.at
    office.walk(number, to="020-1.6")
    time.at = office.at
    left_out = {"not_needed": ["TEKNIK"], "reason": "Modem dinyalakan kembali bersama pelanggan"}
    for noun, body in (
        ("parties", left_out),
        ("priority", {"override": "P4", "reason": "Bisa menunggu"}),
    ):
        assert programs.csr.record(number, noun, **body).status_code == 403
        assert programs("supervisor").record(number, noun, **body).status_code == 200


def test_what_was_said_all_the_same_is_kept(programs: Programs, office: Office, number: str):
    body = {"stage": "intake", "text": "Kami mohon maaf.", "anyway": "Tidak mau disapa"}
    assert programs.csr.record(number, "apology", **body).status_code == 200
    said = programs.csr.get(f"/complaints/{number}/history").json["items"]
    assert "Tidak mau disapa" in str(said)
