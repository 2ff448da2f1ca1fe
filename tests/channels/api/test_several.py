"""Several acts in one call: all or nothing, the refused one named, once and on the version read."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.actions.recording import MOST_ACTS
from complaints.actions.registry import ACTS
from complaints.channels.api.openapi import describe
from complaints.models import HistoryEntry, Note, OneTimeKey, StepRecord
from tests.at_once import at_once
from tests.channels.api.conftest import Programs
from tests.office import Office

pytestmark = pytest.mark.both_databases

INTAKE: list[dict[str, Any]] = [
    {"noun": "attestation", "listened": True},
    {"noun": "confirmation", "summary": "Internet mati", "answer": "yes"},
    {"noun": "apology", "stage": "intake"},
    {"noun": "promise", "steps": [{"what": "Memeriksa jaringan"}]},
    {"noun": "receipt"},
]


def path(number: str) -> str:
    return f"/complaints/{number}/actions"


def test_the_whole_intake_in_one_call(programs: Programs, office: Office, number: str):
    answer = programs.csr.post(path(number), INTAKE)
    assert answer.status_code == 200, answer.json
    assert (answer.json["status"], answer.json["stage"]) == ("registered", "planning")
    assert answer.headers["ETag"] == programs.csr.get(f"/complaints/{number}").headers["ETag"]
    recorded = [each.what for each in office.history(number)]
    assert recorded == ["receive", "attest", "confirm", "apologise", "promise", "register"]


#: What is broken in the list → status, kind of problem, the act named, and the field.
BROKEN: list[tuple[list[Any], int, str, tuple[int, str] | None, str | None]] = [
    ([*INTAKE[:2], {"noun": "closure"}], 409, "gate", (2, "closure"), None),
    ([INTAKE[0], INTAKE[4]], 409, "gate", (1, "receipt"), None),
    ([INTAKE[0], {"noun": "resumption"}], 409, "refused", (1, "resumption"), None),
    ([INTAKE[0], {"noun": "note"}], 422, "invalid", (1, "note"), "text"),
    ([INTAKE[0], {"noun": "note", "txt": "x"}], 422, "invalid", (1, "note"), "txt"),
    ([INTAKE[0], {"noun": "sihir"}], 422, "invalid", (1, "sihir"), "noun"),
    ([INTAKE[0], {"text": "x"}], 422, "invalid", (1, ""), "noun"),
    ([INTAKE[0], ["note"]], 422, "invalid", (1, ""), None),
    (
        [INTAKE[0], {"noun": "offer/approval", "answer": "approved"}],
        403,
        "forbidden",
        (1, "offer/approval"),
        None,
    ),
    ([], 422, "invalid", None, None),
    ([INTAKE[0]] * (MOST_ACTS + 1), 422, "invalid", None, None),
    ({"noun": "note", "text": "x"}, 422, "invalid", None, None),  # type: ignore[list-item]
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("sent", "status", "kind", "named", "field"), BROKEN)
def test_a_refused_act_is_named_and_nothing_is_kept(
    programs: Programs, office: Office, number: str, sent, status, kind, named, field
):
    answer = programs.csr.post(path(number), sent, headers={"Idempotency-Key": "kunci"})
    assert answer.status_code == status, answer.json
    assert answer.json["type"] == f"urn:tanggap:problem:{kind}"
    if named is None:
        assert not {"index", "noun"} & set(answer.json)
    else:
        assert (answer.json["index"], answer.json["noun"]) == named
    if field:
        assert [each["field"] for each in answer.json["errors"]][-1] == field
    assert [office.count(table) for table in (HistoryEntry, StepRecord, OneTimeKey)] == [1, 0, 0]
    assert programs.csr.post(path(number), INTAKE).status_code == 200


def test_a_gate_names_what_is_missing_behind_the_acts_before_it(programs: Programs, number: str):
    sent = [*INTAKE[:3], INTAKE[4]]
    answer = programs.csr.post(path(number), sent)
    assert answer.json["missing"] == ["020-1.4", "020-1.5"]


def test_a_repetition_is_answered_the_same_and_done_once(programs: Programs, office, number: str):
    key = {"Idempotency-Key": "kunci"}
    first, again = (programs.csr.post(path(number), INTAKE, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    assert [each.headers.get("Idempotent-Replayed") for each in (first, again)] == [None, "true"]
    assert office.count(HistoryEntry) == 6
    other = programs.csr.post(path(number), INTAKE[:1], headers=key)
    assert (other.status_code, other.json["type"]) == (409, "urn:tanggap:problem:key-reused")


def test_the_same_acts_in_another_order_are_another_request(programs: Programs, number: str):
    key = {"Idempotency-Key": "kunci"}
    notes = [{"noun": "note", "text": "Satu"}, {"noun": "note", "text": "Dua"}]
    assert programs.csr.post(path(number), notes, headers=key).status_code == 200
    assert programs.csr.post(path(number), notes[::-1], headers=key).status_code == 409


def test_if_match_guards_all_acts_at_once(programs: Programs, office: Office, number: str):
    tag = programs.csr.get(f"/complaints/{number}").headers["ETag"]
    programs.csr.record(number, "note", text="Meanwhile")
    stale = programs.csr.post(path(number), INTAKE, headers={"If-Match": tag})
    assert (stale.status_code, stale.json["type"]) == (409, "urn:tanggap:problem:stale")
    assert office.count(StepRecord) == 0
    tag = programs.csr.get(f"/complaints/{number}").headers["ETag"]
    done = programs.csr.post(path(number), INTAKE, headers={"If-Match": tag})
    assert done.status_code == 200
    assert done.headers["ETag"] != tag
    broken = programs.csr.post(path(number), INTAKE, headers={"If-Match": '"abc"'})
    assert (broken.status_code, broken.json["index"]) == (422, 0)


def test_everybody_may_do_together_what_they_may_do_alone(programs: Programs, office, number: str):
    notes = [{"noun": "note", "text": "Satu"}, {"noun": "note", "text": "Dua"}]
    assert programs("admin").post(path(number), notes).status_code == 200
    assert programs("auditor").post(path(number), notes).status_code == 403
    assert programs("csr2").post(path(number), notes).status_code == 403
    assert programs.nobody.post(path(number), notes).status_code == 401
    assert programs.csr.post(path("KLH-2026-999999"), notes).status_code == 404
    assert office.count(Note) == 2


def test_two_programs_at_once_record_on_one_chain(programs: Programs, office: Office, number: str):
    statuses: list[int] = []

    def send() -> None:
        notes = [{"noun": "note", "text": f"Catatan {place}"} for place in range(3)]
        statuses.append(programs.csr.post(path(number), notes).status_code)

    at_once(4, send)
    assert statuses == [200] * 4
    assert [entry.seq for entry in office.history(number)] == list(range(1, 14))


def test_the_description_knows_every_noun_with_the_fields_of_its_body():
    schemas = describe()["components"]["schemas"]
    operation = describe()["paths"]["/complaints/{number}/actions"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    listed = schemas[body["$ref"].rpartition("/")[2]]
    assert (listed["minItems"], listed["maxItems"]) == (1, MOST_ACTS)
    nouns = listed["items"]["discriminator"]["mapping"]
    assert set(nouns) == set(ACTS)
    for noun, reference in nouns.items():
        fields = set(schemas[reference.rpartition("/")[2]]["properties"])
        taken = ACTS[noun].body.model_fields.items()
        assert fields == {"noun", *(field.alias or name for name, field in taken)}
