"""Nothing twice: repeated calls, double clicks, two people at once, each on a real database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from werkzeug.test import TestResponse

from complaints.models import (
    Complaint,
    Customer,
    Deadline,
    HistoryEntry,
    Note,
    OneTimeKey,
    OutboxMessage,
    StepRecord,
    Timer,
)
from complaints.queries.complaint.seals.history import verify_history
from complaints.steps.receive import receive_complaint
from tests.channels.api.conftest import COMPLAINT, Programs
from tests.office import Office, given

pytestmark = pytest.mark.both_databases

KEY = {"Idempotency-Key": "kunci-1"}
TABLES = (Complaint, Customer, Deadline, HistoryEntry, OutboxMessage, StepRecord, Timer)


def at_once(count: int, call: Callable[[int], TestResponse]) -> list[TestResponse]:
    """The same call from several threads that start together."""
    start = Barrier(count)

    def run(index: int) -> TestResponse:
        start.wait()
        return call(index)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def counts(office: Office) -> list[int]:
    return [office.count(table) for table in TABLES]


def test_a_repeated_call_is_answered_the_same_and_done_once(programs: Programs, office: Office):
    first = programs.csr.post("/complaints", COMPLAINT, headers=KEY)
    made = counts(office)
    again = programs.csr.post("/complaints", COMPLAINT, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert [r.headers.get("Idempotent-Replayed") for r in (first, again)] == [None, "true"]
    assert [r.headers["Location"] for r in (first, again)] == [first.headers["Location"]] * 2
    assert [r.headers["ETag"] for r in (first, again)] == [first.headers["ETag"]] * 2
    assert counts(office) == made


def test_without_a_key_two_calls_are_two_complaints(programs: Programs, office: Office):
    for _ in range(2):
        programs.csr.post("/complaints", COMPLAINT)
    assert office.count(Complaint) == 2
    assert office.count(OneTimeKey) == 0


def test_a_key_is_good_for_one_body_only(programs: Programs, office: Office):
    programs.csr.post("/complaints", COMPLAINT, headers=KEY)
    other = programs.csr.post("/complaints", {**COMPLAINT, "story": "Lain"}, headers=KEY)
    assert (other.status_code, other.json["type"]) == (409, "urn:tanggap:problem:key-reused")
    assert office.count(Complaint) == 1


def test_a_key_is_good_for_one_act_only(programs: Programs, office: Office, number: str):
    assert programs.csr.record(number, "note", "k", text="Satu").status_code == 200
    assert programs.csr.record(number, "message", "k", text="Satu").status_code == 409
    second = programs.csr.post("/complaints", COMPLAINT).json["number"]
    assert programs.csr.record(second, "note", "k", text="Satu").status_code == 409
    assert office.count(Note) == 1


def test_a_key_belongs_to_a_person(programs: Programs, office: Office, number: str):
    for name in ("csr", "supervisor"):
        answer = programs(name).record(number, "note", "k", text="Satu")
        assert "Idempotent-Replayed" not in answer.headers
    assert office.count(Note) == 2


def test_the_order_of_fields_makes_no_other_body(programs: Programs, office: Office):
    programs.csr.post("/complaints", COMPLAINT, headers=KEY)
    turned = dict(reversed(COMPLAINT.items()))
    assert programs.csr.post("/complaints", turned, headers=KEY).status_code == 201
    assert office.count(Complaint) == 1


def test_a_refusal_leaves_the_key_free(programs: Programs, office: Office, number: str):
    assert programs.csr.record(number, "receipt", "k").status_code == 409
    assert office.count(OneTimeKey) == 0
    assert programs.csr.post("/complaints", {}, headers=KEY).status_code == 422
    assert programs.csr.post("/complaints", COMPLAINT, headers=KEY).status_code == 201


def test_a_repeated_noun_answers_as_it_did_then(programs: Programs, office: Office, number: str):
    first = programs.csr.record(number, "attestation", "k", listened=True)
    programs.csr.record(number, "note", text="Dan lagi")
    again = programs.csr.record(number, "attestation", "k", listened=True)
    assert first.json == again.json
    assert len(office.rows(StepRecord, number)) == 1


def test_a_key_too_long_is_refused(programs: Programs, number: str):
    assert programs.csr.record(number, "note", "k" * 256, text="x").status_code == 422
    assert programs.csr.record(number, "note", "k" * 255, text="x").status_code == 200


def test_the_same_complaint_sent_by_many_threads_is_recorded_once(
    programs: Programs, office: Office
):
    answers = at_once(6, lambda _: programs.csr.post("/complaints", COMPLAINT, headers=KEY))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["number"] for answer in answers}) == 1
    assert [office.count(table) for table in (Complaint, Customer, OneTimeKey)] == [1, 1, 1]
    assert office.count(HistoryEntry) == 1


def test_one_key_with_many_bodies_lets_one_through(programs: Programs, office: Office):
    def send(index: int) -> TestResponse:
        body = {**COMPLAINT, "story": f"Cerita {index}"}
        return programs.csr.post("/complaints", body, headers=KEY)

    statuses = sorted(answer.status_code for answer in at_once(5, send))
    assert statuses == [201, 409, 409, 409, 409]
    assert office.count(Complaint) == 1


def test_many_complaints_of_one_new_customer_make_one_customer(programs: Programs, office: Office):
    numbered: dict[str, Any] = {
        **COMPLAINT,
        "customer": {**COMPLAINT["customer"], "number": "C-77"},
    }
    answers = at_once(5, lambda _: programs.csr.post("/complaints", numbered))
    assert {answer.status_code for answer in answers} == {201}
    assert [office.count(table) for table in (Complaint, Customer)] == [5, 1]


def test_a_customer_recorded_meanwhile_by_somebody_else_is_found(
    programs: Programs, office: Office
):
    """The other transaction ends only when the program's waits for it."""
    numbered: dict[str, Any] = {
        **COMPLAINT,
        "customer": {**COMPLAINT["customer"], "number": "C-77"},
    }
    told = given(who={"number": "C-77"})
    with ThreadPoolExecutor(1) as pool:
        receive_complaint(office.session, office.rules, told, by=office.actor("csr"), at=office.at)
        answer = pool.submit(programs.csr.post, "/complaints", numbered)
        wait_until_somebody_waits(office.engine)
        office.session.commit()
        assert answer.result().status_code == 201
    assert [office.count(table) for table in (Complaint, Customer)] == [2, 1]


def wait_until_somebody_waits(engine: Engine) -> None:
    """Return when a transaction waits for another; SQLite cannot say, but lets one write only."""
    if engine.dialect.name == "sqlite":
        sleep(0.2)
        return
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(200):
        with engine.connect() as connection:
            if connection.scalar(waiting):
                return
        sleep(0.05)
    raise AssertionError("nobody waits")


def test_one_outside_number_is_recorded_once_however_many_send_it(
    programs: Programs, office: Office
):
    body = {**COMPLAINT, "external_id": "T-1"}
    answers = at_once(5, lambda _: programs.csr.post("/complaints", body))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert office.count(Complaint) == 1


def test_two_csrs_at_once_are_told_when_the_page_is_old(programs: Programs, office, number: str):
    seen = programs.csr.get(f"/complaints/{number}").json["version"]

    def confirm(index: int) -> TestResponse:
        words = {"summary": f"Ringkasan {index}", "answer": "yes", "version": seen}
        return programs("csr" if index % 2 else "supervisor").record(
            number, "confirmation", **words
        )

    answers = at_once(4, confirm)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    stale = next(answer for answer in answers if answer.status_code == 409)
    assert stale.json["type"] == "urn:tanggap:problem:stale"
    assert len(office.rows(StepRecord, number)) == 1


def test_many_notes_at_once_keep_one_chain(programs: Programs, office: Office, number: str):
    answers = at_once(6, lambda index: programs.csr.record(number, "note", text=f"Catatan {index}"))
    assert {answer.status_code for answer in answers} == {200}
    entries = office.history(number)
    assert [entry.seq for entry in entries] == list(range(1, 8))
    assert verify_history(office.session)["bad"] == []


def test_the_second_registration_of_a_double_click_is_refused(programs, office, number: str):
    for noun, body in (
        ("attestation", {"listened": True}),
        ("confirmation", {"summary": "Internet mati", "answer": "yes"}),
        ("apology", {"stage": "intake"}),
        ("promise", {"steps": [{"what": "Memeriksa"}]}),
    ):
        assert programs.csr.record(number, noun, **body).status_code == 200
    answers = at_once(3, lambda _: programs.csr.record(number, "receipt"))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    kinds = [letter.kind for letter in office.letters(number)]
    assert kinds == ["receipt"]


@pytest.mark.parametrize("header", ['"{}"', "{}", 'W/"{}"'])
def test_if_match_guards_like_the_version(programs: Programs, number: str, header: str):
    answer = programs.csr.get(f"/complaints/{number}").json
    match = {"If-Match": header.format(answer["version"])}
    path = f"/complaints/{number}/note"
    assert programs.csr.post(path, {"text": "x"}, headers=match).status_code == 200
    assert programs.csr.post(path, {"text": "x"}, headers=match).status_code == 409
    anything = {"If-Match": "*"}
    assert programs.csr.post(path, {"text": "x"}, headers=anything).status_code == 200


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("header", ['"abc"', '""', '"-"', '"-1"', "W/", '" "'])
def test_what_is_no_tag_of_ours_guards_by_refusing(programs: Programs, number: str, header: str):
    """A blank version would count as none, and the words of somebody else would be passed over."""
    broken = {"If-Match": header}
    refused = programs.csr.post(f"/complaints/{number}/note", {"text": "x"}, headers=broken)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "version")


@pytest.mark.parametrize("blank", [None, "", " "])
def test_if_match_guards_where_the_version_in_the_body_is_blank(
    programs: Programs, number: str, blank: str | None
):
    body, match = {"text": "x", "version": blank}, {"If-Match": '"99"'}
    alone = programs.csr.post(f"/complaints/{number}/note", body, headers=match)
    listed = [{"noun": "note", **body}]
    together = programs.csr.post(f"/complaints/{number}/actions", listed, headers=match)
    assert [each.status_code for each in (alone, together)] == [409, 409]


def test_keys_are_not_kept_as_they_were_sent(programs: Programs, office: Office):
    programs.csr.post("/complaints", COMPLAINT, headers=KEY)
    row = office.session.scalars(select(OneTimeKey)).one()
    assert "kunci" not in row.key
    assert row.complaint_id == 1
    assert row.result is not None
    assert "Siti" not in str(row.result)
