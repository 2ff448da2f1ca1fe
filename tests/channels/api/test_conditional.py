"""HTTP as programs expect it: tags that spare a second reading, OPTIONS that tells the truth."""

from __future__ import annotations

import json

import pytest

from complaints.actions.registry import ACTS
from complaints.models import Customer
from tests.channels.api.conftest import COMPLAINT, Programs
from tests.office import Office

pytestmark = pytest.mark.both_databases

READ = [
    "/complaints/{number}",
    "/complaints/{number}/history",
    "/complaints/{number}/deadlines",
    "/complaints/{number}/deadlines/why",
    "/complaints/{number}/evidence",
    "/complaints",
    "/codes",
    "/me",
    "/openapi.json",
]


@pytest.mark.parametrize("path", READ)
def test_what_has_not_changed_is_not_sent_again(programs: Programs, number: str, path: str):
    path = path.format(number=number)
    first = programs.csr.get(path)
    tag = first.headers["ETag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = programs.csr.get(path, headers={"If-None-Match": held})
        assert (again.status_code, again.get_data()) == (304, b"")
        assert again.headers["ETag"] == tag
        assert "Content-Type" not in again.headers
    other = programs.csr.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.json) == (200, first.json)


def test_a_change_of_the_complaint_changes_its_tag(programs: Programs, number: str):
    path = f"/complaints/{number}"
    held = {"If-None-Match": programs.csr.get(path).headers["ETag"]}
    programs.csr.record(number, "note", text="Sudah ditelepon")
    assert programs.csr.get(path, headers=held).status_code == 200


def test_a_change_of_the_customer_changes_the_tag_of_every_complaint_of_theirs(
    programs: Programs, office: Office, number: str
):
    path = f"/complaints/{number}"
    before = programs.csr.get(path)
    office.session.get_one(Customer, 1).phone = "628999"
    office.session.commit()
    after = programs.csr.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.json["version"] == before.json["version"]
    assert after.json["customer"]["phone"] == "628999"


def test_a_new_name_of_the_handler_changes_the_tag(programs: Programs, office: Office, number: str):
    path = f"/complaints/{number}"
    held = {"If-None-Match": programs.csr.get(path).headers["ETag"]}
    for reader in (programs.csr, programs.supervisor):
        assert reader.get(path, headers=held).status_code == 304
    office.session.merge(office.people["csr"]).name = "Rina Wijaya"
    office.session.commit()
    for reader in (programs.csr, programs.supervisor):
        read = reader.get(path, headers=held)
        assert (read.status_code, read.json["handler"]["name"]) == (200, "Rina Wijaya")


def test_the_tag_that_was_read_guards_a_recording(programs: Programs, number: str):
    match = {"If-Match": programs.csr.get(f"/complaints/{number}").headers["ETag"]}
    path = f"/complaints/{number}/note"
    recorded = programs.csr.post(path, {"text": "x"}, headers=match)
    assert recorded.status_code == 200
    assert programs.csr.post(path, {"text": "x"}, headers=match).status_code == 409
    match = {"If-Match": recorded.headers["ETag"]}
    assert programs.csr.post(path, {"text": "x"}, headers=match).status_code == 200


def test_the_tag_of_a_packed_answer_serves_as_well(programs: Programs, number: str):
    path, packed = f"/complaints/{number}", {"Accept-Encoding": "gzip"}
    tag = programs.csr.get(path, headers=packed).headers["ETag"]
    assert tag.startswith("W/")
    assert programs.csr.get(path, headers={"If-None-Match": tag}).status_code == 304
    body, match = {"text": "x"}, {"If-Match": tag}
    assert programs.csr.post(f"{path}/note", body, headers=match).status_code == 200
    assert programs.csr.post(f"{path}/note", body, headers=match).status_code == 409


def test_a_recording_is_answered_with_the_tag_that_reading_will_show(programs: Programs):
    recorded = programs.csr.post("/complaints", COMPLAINT)
    number = recorded.json["number"]
    path = f"/complaints/{number}"
    for who, noun, body in (
        ("csr", "attestation", {"listened": True}),
        ("supervisor", "confirmation", {"summary": "Internet mati", "answer": "yes"}),
        ("csr", "record", {"phone": "0813 2222 3333", "needs": ["lansia"]}),
        ("csr", "assignment", {"handler": "officer@tanggap.example"}),
        ("csr", "note", {"text": "Sudah ditelepon"}),
    ):
        held = {"If-None-Match": recorded.headers["ETag"]}
        assert programs.csr.get(path, headers=held).status_code == 304, noun
        recorded = programs(who).record(number, noun, **body)
        assert recorded.status_code == 200, recorded.json
        assert programs.csr.get(path, headers=held).status_code == 200, noun
    assert programs.csr.get(path).headers["ETag"] == recorded.headers["ETag"]


def test_who_may_not_read_learns_nothing_from_a_tag(programs: Programs, number: str):
    path = f"/complaints/{number}"
    held = {"If-None-Match": programs.csr.get(path).headers["ETag"]}
    assert programs("csr2").get(path, headers=held).status_code == 403
    assert programs.nobody.get(path, headers={"If-None-Match": "*"}).status_code == 401


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_a_mark_of_utf_8_before_the_body_is_no_mistake(programs: Programs, mark: bytes):
    data = mark + json.dumps(COMPLAINT).encode()
    sent = programs.csr.post("/complaints", data=data, content_type="application/json")
    assert sent.status_code == 201
    number = sent.json["number"]
    empty = programs.csr.post(
        f"/complaints/{number}/priority", data=mark, content_type="application/json"
    )
    assert empty.status_code == 409


OPTIONS = {
    "/complaints": {"GET", "HEAD", "POST", "OPTIONS"},
    "/complaints/{number}": {"GET", "HEAD", "OPTIONS"},
    "/complaints/{number}/history": {"GET", "HEAD", "OPTIONS"},
    "/complaints/{number}/deadlines/why": {"GET", "HEAD", "OPTIONS"},
    "/reports/deadlines": {"GET", "HEAD", "OPTIONS"},
    "/codes": {"GET", "HEAD", "OPTIONS"},
    **{f"/complaints/{{number}}/{noun}": {"POST", "OPTIONS"} for noun in ACTS},
    "/complaints/{number}/commitments": {"GET", "HEAD", "POST", "OPTIONS"},
}


def allowed(response) -> set[str]:
    return set(response.headers["Allow"].replace(" ", "").split(","))


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("path", OPTIONS)
def test_options_and_refusals_of_a_method_name_what_the_address_takes(
    programs: Programs, number: str, path: str
):
    address = path.format(number=number)
    asked = programs.nobody.call("OPTIONS", address)
    assert (asked.status_code, allowed(asked)) == (200, OPTIONS[path])
    refused = programs.csr.call("DELETE", address)
    assert (refused.status_code, allowed(refused)) == (405, OPTIONS[path])


def test_an_address_that_does_not_exist_has_no_options(programs: Programs, number: str):
    for path in (f"/complaints/{number}/sihir", "/nowhere", f"/complaints/{number}/history/x"):
        for method in ("OPTIONS", "GET", "POST", "DELETE"):
            assert programs.csr.call(method, path).status_code == 404, (method, path)
