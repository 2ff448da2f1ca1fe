"""Commitments over the API: listed, added, done, dropped, alone and among several acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.channels.api.conftest import Programs
from tests.conftest import NOW
from tests.office import Office


@pytest.fixture
def number(office: Office, time) -> str:
    """A complaint that lacks nothing for closing but what was undertaken."""
    number = office.receive()
    office.walk(number, to="020-3.7")
    time.at = office.at
    return number


def items(programs: Programs, number: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = programs.csr.get(f"/complaints/{number}/commitments").json[
        "items"
    ]
    return found


def test_each_told_and_planned_step_is_listed_with_owner_date_and_state(
    programs: Programs, number: str
):
    step, plan = items(programs, number)[:2]
    assert (step["kind"], step["what"], step["owner"], step["state"]) == (
        "step",
        "Memeriksa jaringan",
        "Csr",
        "open",
    )
    assert (plan["kind"], plan["owner"], plan["owner_kind"]) == ("plan", "TEKNIK", "unit")
    assert step["due_at"] == step["agreed_at"] is not None
    assert NOW.isoformat() < step["made_at"] < step["due_at"]
    kinds = [each["kind"] for each in programs.csr.get(f"/complaints/{number}").json["deadlines"]]
    assert kinds.count("commitment") == 3


def test_what_is_past_its_date_is_late(programs: Programs, number: str, time):
    time.at = NOW + timedelta(days=30)
    assert {each["state"] for each in items(programs, number)} == {"late"}


def test_closing_names_what_is_open_and_passes_once_it_is_settled(programs: Programs, number: str):
    step, plan = items(programs, number)[:2]
    refused = programs.csr.record(number, "closure")
    assert refused.status_code == 409
    assert refused.json["commitments"] == [step["id"], plan["id"]]
    assert "Menyambung kabel" in refused.json["detail"]
    done = programs("officer").record(number, f"commitments/{plan['id']}/done", note="Tersambung")
    assert done.status_code == 200
    short = programs.csr.record(number, f"commitments/{step['id']}/drop", reason="-")
    assert short.status_code == 422
    dropped = programs.csr.record(number, f"commitments/{step['id']}/drop", reason="Tidak perlu")
    assert dropped.status_code == 200
    assert programs.csr.record(number, "closure").json["status"] == "closed"
    step, plan = items(programs, number)[:2]
    assert (step["state"], step["dropped_by"], step["drop_cause"], step["drop_reason"]) == (
        "dropped",
        "Csr",
        "by_hand",
        "Tidak perlu",
    )
    assert (plan["state"], plan["done_by"], plan["note"]) == ("done", "Joko", "Tersambung")


def test_one_thing_more_is_added(programs: Programs, number: str):
    added = programs.csr.record(
        number,
        "commitments",
        what="Membawa kuitansi",
        kind="document",
        due_at="2026-11-25T09:00:00+07:00",
    )
    assert added.status_code == 200
    last = items(programs, number)[-1]
    assert (last["kind"], last["owner"], last["state"]) == ("document", "customer", "open")


@pytest.mark.parametrize("noun", ["commitments/{id}/done", "commitments/done"])
def test_several_acts_tick_and_close_in_one_go(programs: Programs, number: str, noun: str):
    acts = []
    for each in items(programs, number):
        act: dict[str, Any] = {"noun": noun.format(id=each["id"]), "note": "Joko melapor selesai"}
        acts.append(act if "{" in noun else {**act, "id": each["id"]})
    sent = programs.csr.post(f"/complaints/{number}/actions", [*acts, {"noun": "closure"}])
    assert (sent.status_code, sent.json["status"]) == (200, "closed")


def test_several_acts_cannot_close_over_what_is_open(programs: Programs, number: str):
    first = items(programs, number)[0]["id"]
    acts = [{"noun": f"commitments/{first}/done"}, {"noun": "closure"}]
    sent = programs.csr.post(f"/complaints/{number}/actions", acts)
    assert (sent.status_code, sent.json["index"]) == (409, 1)
    assert {each["state"] for each in items(programs, number)} == {"open"}


def test_what_is_not_there_is_not_found_and_outsiders_learn_nothing(
    programs: Programs, number: str
):
    first = items(programs, number)[0]["id"]
    assert programs.csr.record(number, "commitments/99999/done").status_code == 404
    for who, status in (("csr2", 403), ("auditor", 403)):
        assert programs(who).record(number, f"commitments/{first}/done").status_code == status
    assert programs("csr2").get(f"/complaints/{number}/commitments").status_code == 403


@pytest.mark.both_databases
def test_done_twice_is_done_once(programs: Programs, number: str):
    first = items(programs, number)[0]["id"]
    versions = [
        programs.csr.record(number, f"commitments/{first}/done").json["version"] for _ in range(2)
    ]
    assert versions[0] == versions[1]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("is_batch", [False, True])
@pytest.mark.parametrize("what", ["done", "drop"])
@pytest.mark.parametrize("others", ["all", "ids", "id"])
def test_an_address_of_one_commitment_settles_no_other(
    programs: Programs, number: str, is_batch: bool, what: str, others: str
):
    first, second = (each["id"] for each in items(programs, number)[:2])
    more: dict[str, Any] = {"all": True} if others == "all" else {others: second}
    if others == "ids":
        more = {"ids": [first, second]}
    if what == "drop":
        more["reason"] = "Tidak perlu lagi"
    noun = f"commitments/{first}/{what}"
    if is_batch:
        sent = programs.csr.post(f"/complaints/{number}/actions", [{"noun": noun, **more}])
        assert (sent.json["index"], sent.json["noun"]) == (0, noun)
    else:
        sent = programs.csr.record(number, noun, **more)
    assert (sent.status_code, others in str(sent.json)) == (422, True)
    assert {each["state"] for each in items(programs, number)} == {"open"}


def test_what_is_wrong_with_a_commitment_is_not_told_to_outsiders(programs: Programs, number: str):
    first = items(programs, number)[0]["id"]
    acts = [{"noun": f"commitments/{first}/done", "all": True}]
    assert programs("csr2").post(f"/complaints/{number}/actions", acts).status_code == 403
