"""Facts of a customer by their number: what a customer system tells, and what it is answered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.channels.api.conftest import COMPLAINT, Caller, Programs

PATH = "/customers/PLG-7/facts"
FACTS = {
    "tier": "BISNIS",
    "since": "2019-03-01",
    "products": ["INTERNET_RUMAH", "Telepon kantor"],
    "arrears": 250_000,
    "notes": "Dua cabang",
}


@pytest.fixture(autouse=True)
def known(programs: Programs) -> None:
    customer = {**COMPLAINT["customer"], "number": "PLG-7"}
    assert programs.csr.post("/complaints", {**COMPLAINT, "customer": customer}).status_code == 201


def put(caller: Caller, body: Any, path: str = PATH) -> Any:
    return caller.call("PUT", path, json=body)


def test_facts_are_stated_and_read_again(programs: Programs):
    said = put(programs.csr, FACTS)
    assert said.status_code == 200, said.json
    assert {key: said.json[key] for key in FACTS} == FACTS
    read = programs.supervisor.get(PATH)
    assert read.json == said.json
    assert [(each["fact"], each["source"]) for each in read.json["history"]] == [
        ("notes", "api"),
        ("arrears", "api"),
        ("products", "api"),
        ("since", "api"),
        ("tier", "api"),
    ]
    assert read.json["history"][1]["before"] is None
    again = put(programs.csr, FACTS)
    assert (again.status_code, again.json) == (200, said.json)
    assert put(programs.csr, {}).json == said.json
    emptied = put(programs.csr, {"notes": "", "unknown": ["since"]})
    assert (emptied.status_code, emptied.json["since"]) == (200, None)


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"tier": "RAJA"}, "tier", "no customer type RAJA"),
        ({"since": "kemarin"}, "since", "not a date"),
        ({"since": "2099-01-01"}, "since", "still ahead"),
        ({"products": ["x"] * 21}, "products", "at most 20"),
        ({"products": ["x" * 121]}, "products.0", "at most 120"),
        ({"arrears": -1}, "arrears", "too small"),
        ({"arrears": 10**12}, "arrears", "too large"),
        ({"arrears": 1.5}, "arrears", "whole number"),
        ({"notes": "x" * 501}, "notes", "at most 500"),
        ({"unknown": ["tier"]}, "unknown.0", "since, arrears, notes"),
        ({"mood": "marah"}, "mood", "no field mood"),
    ],
)
def test_what_cannot_be_used_is_named_by_its_field(programs: Programs, body, field, words):
    response = put(programs.csr, body)
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    (error,) = response.json["errors"]
    assert error["field"] == field
    assert words in error["detail"]
    assert programs.csr.get(PATH).json["history"] == []


def test_who_sees_no_complaint_of_the_customer_is_told_that_there_is_none(programs: Programs):
    for caller, path in ((programs("csr2"), PATH), (programs.csr, "/customers/PLG-8/facts")):
        assert put(caller, FACTS, path).status_code == 404
        assert caller.get(path).status_code == 404
    for name in ("officer", "manager", "auditor", "admin"):
        assert put(programs(name), FACTS).status_code == 403
    assert put(programs.nobody, FACTS).status_code == 401
    assert programs("auditor").get(PATH).status_code == 200


def test_facts_are_stated_on_a_complaint_and_in_a_batch(programs: Programs, number: str):
    assert programs.csr.record(number, "facts", arrears=0).status_code == 200
    acts = [{"noun": "facts", "since": "2020-02-02"}, {"noun": "note", "text": "Dicatat"}]
    assert programs.csr.post(f"/complaints/{number}/actions", acts).status_code == 200
    whats = [
        each["what"] for each in programs.csr.get(f"/complaints/{number}/history").json["items"]
    ]
    assert whats[-3:] == ["state_facts", "state_facts", "note"]
