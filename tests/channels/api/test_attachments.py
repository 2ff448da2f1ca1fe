"""Files over the API: sent once, listed, handed out as bytes, and who opened them."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from complaints.domain.attachments import FileLimits
from complaints.files.in_use import FileSettings, file_settings, use_files
from complaints.files.store import OBJECTS, open_store
from complaints.models import Attachment, AttachmentView, HistoryEntry
from tests.channels.api.conftest import Programs
from tests.office import Office
from tests.steps.files.pictures import PHOTO

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1">'


def send(
    programs: Programs, number: str, given: bytes = PHOTO, by: str = "csr", **more: Any
) -> Any:
    return send_form(programs, f"/complaints/{number}/attachments", given, by, **more)


def send_form(
    programs: Programs, path: str, given: bytes = PHOTO, by: str = "csr", **more: Any
) -> Any:
    """Send one file as a form to an address."""
    name = more.pop("name", "foto.jpg")
    headers = {"Idempotency-Key": more.pop("key")} if "key" in more else {}
    data = {"file": FileStorage(BytesIO(given), name, content_type=more.pop("type", None)), **more}
    # Else the client spools what is large and leaves it open.
    boundary, body = encode_multipart(data)
    return programs(by).post(
        path,
        data=body,
        headers=headers,
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def test_a_file_is_sent_listed_and_handed_out(programs: Programs, office: Office, number: str):
    sent = send(programs, number, kind="bill")
    assert sent.status_code == 201
    body = sent.json
    assert {key: body[key] for key in ("name", "type", "size", "kind", "by")} == {
        "name": "foto.jpg",
        "type": "image/jpeg",
        "size": len(PHOTO),
        "kind": "bill",
        "by": "Csr",
    }
    assert body["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert sent.headers["Location"] == f"/api/v1/complaints/{number}/attachments/{body['id']}"
    listed = programs("csr").get(f"/complaints/{number}/attachments")
    assert listed.json["items"] == [body]
    got = programs("csr").get(f"/complaints/{number}/attachments/{body['id']}")
    assert (got.status_code, got.data) == (200, PHOTO)
    assert got.headers["Content-Length"] == str(len(PHOTO))
    assert office.history(number)[-1].what == "attach"


def test_the_same_key_is_one_file(programs: Programs, office: Office, number: str):
    first, second = (send(programs, number, key="satu") for _ in range(2))
    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert office.count(Attachment) == 1
    other = send(programs, number, key="satu", given=b"lain sekali")
    assert other.status_code == 409


def test_known_bytes_give_no_sign_that_they_were_known(programs: Programs, number: str):
    """T12: the answer to bytes that another complaint has is the answer to new ones."""
    first, second = send(programs, number).json, send(programs, number).json
    assert first.keys() == second.keys()
    assert {**first, "id": 0, "at": 0} == {**second, "id": 0, "at": 0}


@pytest.mark.parametrize(
    ("name", "type_"), [("foto.svg", "image/svg+xml"), ("foto.png", "image/png")]
)
def test_nothing_is_handed_out_as_something_that_runs(
    programs: Programs, number: str, name: str, type_: str
):
    """T10 and T11: by the bytes, as a download, under a policy that lets nothing happen."""
    sent = send(programs, number, SVG, name=name, type=type_).json
    assert sent["type"] == "image/svg+xml"
    got = programs("csr").get(f"/complaints/{number}/attachments/{sent['id']}")
    assert got.mimetype == "application/octet-stream"
    assert got.headers["Content-Disposition"].startswith("attachment; filename=")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    policy = {
        words[0]: words[1:]
        for words in map(str.split, got.headers["Content-Security-Policy"].split(";"))
    }
    assert policy == {"default-src": ["'none'"], "sandbox": []}
    assert got.headers["Cache-Control"].startswith("private, max-age=")


def test_a_heic_keeps_its_name_and_its_bytes(programs: Programs, number: str):
    """T17"""
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\1\2\3" * 50
    sent = send(programs, number, heic, name="IMG_0042.HEIC", type="application/octet-stream").json
    assert (sent["name"], sent["type"], sent["kind"]) == ("IMG_0042.HEIC", "image/heic", "photo")
    got = programs("csr").get(f"/complaints/{number}/attachments/{sent['id']}")
    assert got.data == heic
    assert "IMG_0042.HEIC" in got.headers["Content-Disposition"]


def test_who_opened_it_is_noted_once(programs: Programs, office: Office, number: str):
    sent = send(programs, number).json
    path = f"/complaints/{number}/attachments/{sent['id']}"
    for name in ("csr", "csr", "supervisor"):
        assert programs(name).get(path).status_code == 200
    office.session.rollback()
    seen = select(AttachmentView.user_id).order_by(AttachmentView.id)
    assert list(office.session.scalars(seen)) == [office.id_of("csr"), office.id_of("supervisor")]


def test_the_file_of_another_complaint_is_not_found(
    programs: Programs, office: Office, number: str
):
    other = office.receive(by="csr2", branch="MKS", story="Modem saya rusak sejak kemarin.")
    theirs = send(programs, other, by="csr2").json
    assert programs("csr").get(f"/complaints/{other}/attachments/{theirs['id']}").status_code == 403
    got = programs("csr").get(f"/complaints/{number}/attachments/{theirs['id']}")
    assert got.status_code == 404
    assert programs("csr").get(f"/complaints/{number}/attachments/999999").status_code == 404


@pytest.mark.parametrize(("by", "status"), [("csr2", 403), ("auditor", 403), ("admin", 201)])
def test_who_may_not_attach_leaves_no_bytes_behind(
    programs: Programs, number: str, by: str, status: int
):
    assert send(programs, number, by=by).status_code == status
    with open_store() as store:
        assert bool(store.fs.exists(f"{store.root}/{OBJECTS}")) == (status == 201)


def test_a_file_too_large_is_a_problem_of_413(programs: Programs, office: Office, number: str):
    most = file_settings().limits.most_bytes
    refused = send(programs, number, b"x" * (most + 1))
    assert (refused.status_code, refused.mimetype) == (413, "application/problem+json")
    assert refused.json["type"] == "urn:tanggap:problem:too-large"
    assert refused.json["errors"][0]["field"] == "file"
    assert "10 MB" in refused.json["detail"]
    assert office.count(Attachment) == 0


def test_a_form_larger_than_all_files_may_be_is_refused_unread(programs: Programs, number: str):
    use_files(FileSettings("memory://small", FileLimits(most_bytes_at_once=1024 * 1024)))
    assert send(programs, number, b"x" * 1024 * 1024).status_code == 201
    refused = send(programs, number, b"x" * 3 * 1024 * 1024)
    assert refused.status_code == 413
    assert "at most 3 MB" in refused.json["detail"]


def test_only_forms_with_files_may_be_that_large(programs: Programs, number: str):
    large = {"text": "x" * (3 * 1024 * 1024)}
    assert programs("csr").record(number, "note", **large).status_code == 413
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(b"x" * 3 * 1024 * 1024), "a")})
    form = programs("csr").post(
        f"/complaints/{number}/note",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert form.status_code == 413


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "file"),
        ({"file": (BytesIO(b""), "")}, "file"),
        ({"file": (BytesIO(b""), "kosong.pdf")}, "file"),
        ({"file": [(BytesIO(b"a"), "a.txt"), (BytesIO(b"b"), "b.txt")]}, "file"),
        ({"file": (BytesIO(b"a"), "a.txt"), "kind": "nota"}, "kind"),
        ({"file": (BytesIO(b"a"), "a.txt"), "shown_to_customer": "ya"}, "shown_to_customer"),
    ],
)
def test_what_is_no_file_is_a_sentence_with_its_field(
    programs: Programs, office: Office, number: str, data: dict[str, Any], field: str
):
    refused = programs("csr").post(
        f"/complaints/{number}/attachments", data=data, content_type="multipart/form-data"
    )
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert [each["field"] for each in refused.json["errors"]] == [field]
    assert office.count(Attachment) == 0


@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/json", "a/b"])
def test_a_body_that_is_no_form_is_refused(programs: Programs, number: str, content_type: str):
    refused = programs("csr").post(
        f"/complaints/{number}/attachments", data=b"\0\xff--", content_type=content_type
    )
    assert refused.status_code == 422


def test_a_file_that_the_store_lost_is_a_sentence(programs: Programs, number: str):
    sent = send(programs, number).json
    with open_store() as store:
        store.fs.rm(store.path(OBJECTS, sent["sha256"]))
    got = programs("csr").get(f"/complaints/{number}/attachments/{sent['id']}")
    assert (got.status_code, got.mimetype) == (404, "application/problem+json")
    assert "lost this file" in got.json["detail"] or "hilang" in got.json["detail"]


def test_hiding_a_file_over_the_api(programs: Programs, office: Office, number: str):
    sent = send(programs, number, shown_to_customer="true").json
    assert sent["shown_to_customer"] is True
    hidden = programs("csr").record(
        number, "attachments/hiding", attachment=sent["id"], reason="Milik pelanggan lain"
    )
    assert hidden.status_code == 200
    (item,) = programs("csr").get(f"/complaints/{number}/attachments").json["items"]
    assert item["shown_to_customer"] is False
    whats = select(HistoryEntry.what).order_by(HistoryEntry.seq.desc()).limit(1)
    assert office.session.scalar(whats) == "hide_attachment"


def test_the_list_costs_the_same_for_many(programs: Programs, office: Office, number: str):
    for _ in range(3):
        send(programs, number)
    office.session.rollback()
    assert office.session.scalar(select(func.count(Attachment.id))) == 3
    assert len(programs("csr").get(f"/complaints/{number}/attachments").json["items"]) == 3
