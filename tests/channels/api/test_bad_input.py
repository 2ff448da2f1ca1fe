"""What should not have been sent: each gets one clear sentence and leaves nothing behind."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from complaints.models import Complaint, Customer, HistoryEntry
from tests.channels.api.conftest import COMPLAINT, Clock, Programs
from tests.office import Office

SITI = COMPLAINT["customer"]


def complaint(**more: Any) -> dict[str, Any]:
    return {**COMPLAINT, **more}


def customer(**more: Any) -> dict[str, Any]:
    return {**COMPLAINT, "customer": {**SITI, **more}}


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({}, "customer", "required"),
    ({"customer": SITI, "story": "x"}, "channel", "required"),
    ({"customer": SITI, "channel": "walk_in"}, "story", "required"),
    (complaint(story=" \n\t "), "story", "required"),
    (complaint(story=7), "story", "Text is expected"),
    (complaint(story="a\x00b"), "story", "cannot be stored"),
    (complaint(story="\ud83d"), "story", "cannot be stored"),
    (complaint(story="x" * 1_000_000), "story", "at most 100000"),
    (complaint(category="TIDAK_ADA"), "category", "no category TIDAK_ADA"),
    (complaint(channel="merpati"), "channel", "no channel merpati"),
    (complaint(branch="XYZ"), "branch", "no branch XYZ"),
    (complaint(received_at="2026-11-19T02:15:01Z"), "received_at", "future"),
    (complaint(incident_at="2027-01-01T00:00:00+07:00"), "incident_at", "future"),
    (complaint(received_at="2026-11-19T09:00:00"), "received_at", "offset"),
    (complaint(received_at="kemarin"), "received_at", "not a date"),
    (complaint(received_at=1_700_000_000), "received_at", "not a date"),
    (complaint(received_at="0001-01-01T00:00:00+14:00"), "received_at", "too far"),
    (complaint(priority="P1"), "priority", "no field priority"),
    (complaint(status="closed"), "status", "no field status"),
    (complaint(customer="Siti"), "customer", "JSON object"),
    (customer(name=None), "customer.name", "required"),
    (customer(name="x" * 201), "customer.name", "at most 200"),
    (customer(phone="", email=""), "customer.contact", "at least one"),
    (customer(phone="12"), "customer.phone", "valid phone number"),
    (customer(phone="6,28123E+12"), "customer.phone", "last digits are lost"),
    *(
        (customer(email=each), "customer.email", "valid email address")
        for each in ('o"brien@contoh.id', "a@contoh.id.", "bu(di)@contoh.id", "siti-é@contoh.id")
    ),
    (customer(email="siti@"), "customer.email", "valid email address"),
    (customer(email="a@b.cc\nBcc: x@y.zz"), "customer.email", "valid email address"),
    (customer(email="Layanan@tanggap.example"), "customer.email", "our own"),
    (customer(tier="EMAS"), "customer.tier", "no customer type"),
    (customer(needs=["terbang"]), "customer.needs", "no special need"),
    (customer(needs="lansia"), "customer.needs", "A list"),
    (customer(language="fr"), "customer.language", "id, en"),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("body", "field", "sentence"), BAD)
def test_a_bad_complaint_is_named_by_its_field(programs, office: Office, body, field, sentence):
    response = programs.csr.post(
        "/complaints", data=json.dumps(body), content_type="application/json"
    )
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    errors = {error["field"]: error["detail"] for error in response.json["errors"]}
    assert field in errors, errors
    assert sentence in errors[field]
    assert len(response.get_data()) < 2_000
    assert [office.count(table) for table in (Complaint, Customer, HistoryEntry)] == [0, 0, 0]


def test_several_mistakes_are_named_together(programs: Programs):
    response = programs.csr.post("/complaints", {"story": 1, "x": 2})
    assert {error["field"] for error in response.json["errors"]} == {
        "customer",
        "channel",
        "story",
        "x",
    }
    assert response.json["detail"] == "4 fields need correcting."


# noun, body, field, sentence
BAD_NOUNS: list[tuple[str, dict[str, Any], str, str]] = [
    ("attestation", {"listened": "mungkin"}, "listened", "True or false"),
    ("attestation", {"listened": True, "at": "2026-11-19T02:15:01Z"}, "at", "future"),
    ("attestation", {"listened": True, "at": "2026-11-18T00:00:00Z"}, "at", "before"),
    ("attestation", {"unable": "tidak bisa"}, "unable", "JSON object"),
    ("attestation", {"unable": {}}, "unable.reason", "required"),
    ("attestation", {"unable": {"reason": "-"}}, "unable.reason", "few words"),
    ("promise", {"unable": {"reason": "Pelanggan terburu-buru"}}, "unable", "cannot be skipped"),
    ("note", {"text": "x", "unable": {"reason": "Belum sempat"}}, "unable", "no field unable"),
    ("attestation", {"listened": True, "method": "pigeon"}, "method", "spoken, phone, email"),
    ("confirmation", {"summary": "Internet mati"}, "answer", "agreed or corrected"),
    ("confirmation", {"summary": "x" * 20_001, "answer": "yes"}, "summary", "at most 20000"),
    ("apology", {}, "stage", "required"),
    ("apology", {"stage": "nanti"}, "stage", "intake, resolution"),
    ("promise", {"steps": "x"}, "steps", "A list"),
    ("promise", {"steps": [{"owner": "x"}]}, "steps.0.what", "required"),
    ("promise", {"steps": [{"what": "x"}] * 51}, "steps", "at most 50"),
    ("promise", {"steps": [{"what": "Cek"}], "due_at": "2027-11-19T00:00:00Z"}, "due_at", "policy"),
    (
        "promise",
        {"steps": [{"what": "Cek"}], "due_at": "2026-11-18T00:00:00Z"},
        "due_at",
        "in the future",
    ),
    ("priority", {"override": "P9", "reason": "Pelanggan lansia"}, "override", "P1, P2, P3, P4"),
    ("offer", {"remedy": "MAAF", "description": "x", "amount": 1.5}, "amount", "whole number"),
    ("offer", {"remedy": "MAAF", "description": "x", "amount": True}, "amount", "whole number"),
    ("offer", {"remedy": "MAAF", "description": "x", "amount": -1}, "amount", "too small"),
    ("offer", {"remedy": "MAAF", "description": "x", "amount": 10**12}, "amount", "too large"),
    ("pause", {"reason": "Foto"}, "until", "required"),
    (
        "pause",
        {"reason": "Tunggu foto", "until": "2027-11-19T00:00:00Z"},
        "until",
        "30 days from now",
    ),
    ("note", {}, "text", "required"),
    ("note", {"text": "x", "surprise": 1}, "surprise", "no field surprise"),
    ("note", {"text": "x", "version": 0}, "version", "too small"),
    ("message", {"text": "x", "direction": "up"}, "direction", "in, out"),
    ("assignment", {"handler": "x@y.zz"}, "handler", "no user with this email address"),
    ("record", {}, "", ""),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("noun", "body", "field", "sentence"), BAD_NOUNS)
def test_a_bad_noun_is_named_by_its_field(
    programs, office: Office, number: str, noun, body, field, sentence
):
    before = len(office.history(number))
    response = programs.csr.record(number, noun, **body)
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    if field:
        errors = {error["field"]: error["detail"] for error in response.json["errors"]}
        assert field in errors, errors
        assert sentence in errors[field]
    assert len(office.history(number)) == before


def test_a_closed_complaint_takes_no_more_steps(programs: Programs, office: Office, number: str):
    programs.csr.record(number, "withdrawal", reason="Pelanggan mencabut", method="signature")
    before = len(office.history(number))
    for noun, body in (
        ("attestation", {"listened": True}),
        ("attestation", {}),
        ("parties", {"teams": ["TEKNIK"]}),
        ("offer", {"remedy": "MAAF", "description": "x"}),
        ("extension", {"until": "2026-12-01T00:00:00Z", "reason": "Suku cadang"}),
        ("pause", {"until": "2026-11-21T00:00:00Z", "reason": "Tunggu foto"}),
        ("closure", {}),
        ("withdrawal", {"reason": "Sekali lagi", "method": "signature"}),
        ("assignment", {"team": "TEKNIK"}),
    ):
        response = programs.csr.record(number, noun, **body)
        assert response.status_code == 409, noun
        assert "has ended" in response.json["detail"], noun
    assert len(office.history(number)) == before
    assert programs.csr.record(number, "note", text="Masih boleh dicatat").status_code == 200


def test_a_gate_names_what_is_missing_and_says_it_in_words(programs: Programs, number: str):
    response = programs.csr.record(number, "receipt")
    assert response.status_code == 409
    assert response.json["type"] == "urn:tanggap:problem:gate"
    assert response.json["missing"] == ["020-1.1", "020-1.2", "020-1.3", "020-1.4", "020-1.5"]
    assert "5 required steps are still to do" in response.json["detail"]
    assert "020-1.2 the complaint has not been read back to the customer" in response.json["detail"]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "path",
    [
        "/complaints/KLH-2026-999999",
        "/complaints/KLH-1999-000001",
        "/complaints/abc",
        "/complaints/KLH-2026-999999%00",
        "/complaints/" + "9" * 3000,
        "/nowhere",
        "/",
        "",
        "/complaints/",
        "/complaints/KLH-2026-000001/whatever",
    ],
)
def test_what_does_not_exist_is_a_problem_document(programs: Programs, number: str, path: str):
    response = programs.csr.get(path)
    assert response.status_code in (404, 405)
    assert response.mimetype == "application/problem+json"
    assert response.json["status"] == response.status_code
    unknown = programs.csr.post(f"{path or '/x'}/note", {"text": "x"})
    assert unknown.status_code in (404, 405)


def test_an_unknown_noun_is_not_found(programs: Programs, number: str):
    response = programs.csr.record(number, "sihir")
    assert response.status_code == 404
    assert "sihir" in response.json["detail"]


def test_a_wrong_method_names_the_right_ones(programs: Programs, number: str):
    response = programs.csr.call("DELETE", "/complaints")
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert {"GET", "POST"} <= set(response.headers["Allow"].replace(" ", "").split(","))
    assert programs.csr.call("PUT", f"/complaints/{number}").status_code == 405


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('"x"', "application/json", 400),
        ("null", "application/json", 400),
        ('{"story": NaN}', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"a":' * 50_000, "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        ("1" * 10_000, "application/json", 400),
        ("story=x", "application/x-www-form-urlencoded", 415),
        ("<a/>", "text/xml", 415),
        ("{}", "", 415),
        ("x" * (2 * 1024 * 1024 + 1), "application/json", 413),
    ],
)
def test_what_is_no_json_object_is_refused(programs: Programs, data, content_type, status):
    response = programs.csr.post("/complaints", data=data, content_type=content_type)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert response.json["status"] == status


def test_no_body_at_all_is_an_empty_one(programs: Programs, number: str):
    response = programs.csr.call("POST", f"/complaints/{number}/priority")
    assert response.status_code == 409
    assert response.json["missing"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Mati 😡 👨‍👩‍👧", "Mati 😡 👨‍👩‍👧"),
        ("مرحبا \u202eterbalik\u202c \u2067ya\u2069", "مرحبا \u202eterbalik\u202c \u2067ya\u2069"),
        ("satu\r\ndua\rtiga\ttab", "satu\ndua\ntiga\ttab"),
        ("bunyi\x07 dan\x1b[31m warna\x7f", "bunyi dan[31m warna"),
        ("  <script>alert(1)</script> ", "<script>alert(1)</script>"),
        ("x" * 100_000, "x" * 100_000),
    ],
)
def test_a_story_is_kept_as_it_was_told(programs: Programs, sent: str, kept: str):
    number = programs.csr.post("/complaints", complaint(story=sent)).json["number"]
    assert programs.csr.get(f"/complaints/{number}").json["story"] == kept


def test_blanks_are_no_answers(programs: Programs):
    body = complaint(category="", product="  ", received_at="", branch=None)
    response = programs.csr.post("/complaints", body)
    assert response.status_code == 201
    assert programs.csr.get(f"/complaints/{response.json['number']}").json["category"] is None


def test_somebody_of_head_office_has_to_name_the_branch(programs: Programs, office: Office):
    office.session.merge(office.people["csr"]).branch_id = None
    office.session.commit()
    response = programs.csr.post("/complaints", COMPLAINT)
    assert (response.status_code, response.json["errors"][0]["field"]) == (422, "branch")
    assert programs.csr.post("/complaints", complaint(branch="MKS")).status_code == 201


def test_a_complaint_recorded_late_keeps_the_time_it_came_in(programs: Programs, time: Clock):
    earlier = time.at - timedelta(days=2)
    answer = programs.csr.post("/complaints", complaint(received_at=earlier.isoformat())).json
    resolve = next(each for each in answer["deadlines"] if each["kind"] == "resolve")
    assert resolve["started_at"] == earlier.isoformat()


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Not found"),
        ("en-GB,id;q=0.5", "Not found"),
        ("id;q=0.5,en-US;q=0.8", "Not found"),
        ("fr,en;q=0.1", "Not found"),
        ("id", "Tidak ditemukan"),
        ("id-ID,en;q=0.9", "Tidak ditemukan"),
        # The person behind the token speaks Indonesian.
        ("", "Tidak ditemukan"),
        ("fr", "Tidak ditemukan"),
        ("*", "Tidak ditemukan"),
    ],
)
def test_refusals_speak_the_callers_language(programs: Programs, language: str, title):
    response = programs("csr", language).get("/complaints/KLH-2026-999999")
    assert response.json["title"] == title
    assert "KLH-2026-999999" in response.json["detail"]


def test_a_mistake_of_ours_is_no_traceback(programs: Programs, number: str, monkeypatch, capsys):
    def burst(*_: object, **__: object) -> None:
        raise RuntimeError(f"duplicate key: {SITI['name']}")

    monkeypatch.setattr("complaints.channels.api.routes.history_of", burst)
    response = programs.csr.get(f"/complaints/{number}/history")
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert "Siti" not in response.get_data(as_text=True)
    assert "Siti" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (OperationalError("x", {}, Exception("database is locked")), 503, "http-503"),
        (StaleDataError("x"), 409, "stale"),
        (IntegrityError("x", {}, Exception("unique")), 500, "http-500"),
    ],
)
def test_trouble_in_the_database_is_told_calmly(
    programs: Programs, office: Office, number: str, monkeypatch, error, status, kind
):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("complaints.channels.api.routes.record_given", fail)
    response = programs.csr.record(number, "note", text="x")
    assert (response.status_code, response.json["type"]) == (status, f"urn:tanggap:problem:{kind}")
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert len(office.history(number)) == 1
