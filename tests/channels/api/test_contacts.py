"""What is no complaint, by program: the same rules, answered as described."""

from __future__ import annotations

from typing import Any

from tests.channels.api.conftest import Programs
from tests.channels.api.test_attachments import send_form
from tests.office import Office
from tests.steps.files.pictures import PHOTO

TOLD: dict[str, Any] = {
    "kind": "PERMINTAAN",
    "channel": "call",
    "words": "Minta pindah alamat pemasangan ke Depok",
    "customer": {"name": "Siti Aminah", "phone": "0812 3456 7890"},
}


def take(programs: Programs, name: str = "csr", key: str = "", **more: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return programs(name).post("/contacts", {**TOLD, **more}, headers=headers)


def test_it_is_recorded_once_and_read_again(office: Office, programs: Programs):
    first, again = take(programs, key="k1"), take(programs, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Location"] == "/api/v1/contacts/KTK-2026-000001"
    read = programs("csr").get("/contacts/KTK-2026-000001").json
    assert (read["kind"], read["state"], read["words"]) == ("PERMINTAAN", "open", TOLD["words"])
    assert [each["what"] for each in read["history"]] == ["take"]
    assert len(programs("csr").get("/contacts").json["items"]) == 1


def test_a_unit_does_it(office: Office, programs: Programs):
    take(programs)
    path = "/contacts/KTK-2026-000001"
    assert programs("csr").post(f"{path}/handover", {"team": "TEKNIK"}).json["team"] == "TEKNIK"
    assert programs("csr").post(f"{path}/note", {"text": "Ditelepon dua kali"}).status_code == 200
    done = programs("officer").post(f"{path}/end", {"words": "Sudah dipindahkan hari ini"})
    assert (done.json["state"], done.json["ended_by"]) == ("ended", "Joko")
    assert programs("csr").post(f"{path}/end", {"words": "Sudah dipindahkan"}).status_code == 409


def test_it_becomes_a_complaint(office: Office, programs: Programs):
    received = take(programs).json["received_at"]
    path = "/contacts/KTK-2026-000001"
    reason = {"reason": "Pelanggan sudah dua kali meminta", "category": "GGN_MATI"}
    made = programs("csr").post(f"{path}/complaint", reason).json
    complaint = programs("csr").get(f"/complaints/{made['complaint']}").json
    assert (complaint["story"], complaint["received_at"]) == (TOLD["words"], received)


def test_a_complaint_that_is_none_is_renamed_by_its_noun(office: Office, programs: Programs):
    number = office.receive()
    reason = "Pelanggan hanya menanyakan jam buka"
    done = programs("csr").record(number, "not-a-complaint", kind="INFORMASI", reason=reason)
    assert (done.status_code, done.json["status"]) == (200, "closed")
    read = programs("csr").get("/contacts/KTK-2026-000001").json
    assert (read["first_complaint"], read["reason"]) == (number, reason)
    balance = programs("supervisor").get("/reports/deadlines?from=2026-11-19&to=2026-11-19").json
    assert balance["balance"]["renamed"] == 1


def test_what_is_wrong_is_named(office: Office, programs: Programs):
    assert take(programs, kind="").status_code == 422
    assert take(programs, customer={}).json["errors"]
    assert take(programs, "csr2", branch="JKT").status_code == 403
    assert take(programs, "officer").status_code == 403
    assert take(programs, "manager").status_code in (403, 422)
    take(programs)
    assert programs("csr2").get("/contacts/KTK-2026-000001").status_code == 403
    assert programs("csr").get("/contacts/KTK-2026-000077").status_code == 404
    assert programs("csr").get("/contacts?kind=XX").status_code == 422
    assert programs("csr").get("/contacts?cursor=x").status_code == 422
    assert programs("csr").get("/contacts?state=gone").status_code == 422
    assert programs("csr2").get("/contacts").json["items"] == []


def test_codes_tell_the_kinds(office: Office, programs: Programs):
    codes = programs("csr").get("/codes").json["not_complaints"]
    ends = {each["code"]: each["ending"] for each in codes}
    assert ends == {
        "INFORMASI": "answered",
        "PERMINTAAN": "done",
        "SARAN": "noted",
        "PUJIAN": "passed_on",
        "ASPIRASI": "noted",
    }


def test_a_file_is_sent_once_listed_and_goes_along(office: Office, programs: Programs):
    take(programs)
    path = "/contacts/KTK-2026-000001"
    first, again = (send(programs, path, key="f1") for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    assert first.headers["Location"] == f"/api/v1{path}/files/{first.json['id']}"
    assert programs("csr").get(path).json["files"] == [first.json]
    got = programs("csr").get(f"{path}/files/{first.json['id']}")
    assert (got.data, got.mimetype) == (PHOTO, "application/octet-stream")
    assert programs("csr2").get(f"{path}/files/{first.json['id']}").status_code == 403
    reason = {"reason": "Pelanggan sudah dua kali meminta"}
    made = programs("csr").post(f"{path}/complaint", reason).json
    (kept,) = programs("csr").get(f"/complaints/{made['complaint']}/attachments").json["items"]
    assert kept["sha256"] == first.json["sha256"]
    assert send(programs, path, given=b"", name="").status_code == 422


def send(programs: Programs, path: str, given: bytes = PHOTO, **more: str) -> Any:
    return send_form(programs, f"{path}/files", given=given, **more)


def test_they_are_found_by_what_is_typed(office: Office, programs: Programs):
    take(programs)
    for typed, count in (("depok", 1), ("0812 3456 7890", 1), ("makassar", 0)):
        assert len(programs("csr").get(f"/contacts?q={typed}").json["items"]) == count
    assert programs("csr").get(f"/contacts?q={'a' * 201}").status_code == 422
