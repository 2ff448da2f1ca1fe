"""Letters asked for by their kind: the act behind it is taken, with its rules and its proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.actions.letter_kinds import BELONGS_TO, COMPOSED
from complaints.actions.registry import ACTS
from complaints.steps.answer import take_answer
from tests.channels.api.conftest import COMPLAINT, Clock, Programs
from tests.channels.api.test_attachments import send
from tests.office import Office


def write(programs: Programs, number: str, by: str = "csr", key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return programs(by).post(f"/complaints/{number}/letters", body, headers=headers)


def letters(programs: Programs, number: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = programs.csr.get(f"/complaints/{number}/letters").json["items"]
    return items


def states(programs: Programs, number: str) -> dict[str, str]:
    items = programs.csr.get(f"/complaints/{number}/evidence").json["items"]
    return {item["criterion"]: item["state"] for item in items}


def test_a_message_is_sent_once_and_listed(programs: Programs, number: str):
    for _ in range(2):
        said = write(programs, number, key="m1", kind="message", text="Teknisi datang besok pagi")
        assert said.status_code == 200, said.json
    (letter,) = letters(programs, number)
    assert (letter["kind"], letter["state"], letter["method"]) == ("message", "queued", "email")


def test_a_letter_of_a_criterion_proves_it_as_its_act_does(programs: Programs, number: str):
    assert write(programs, number, kind="apology").status_code == 200
    (letter,) = letters(programs, number)
    assert (letter["kind"], letter["criteria"]) == ("apology", ["020-1.3"])
    assert states(programs, number)["020-1.3"] == "sending"
    summary = "Internet di rumah mati, layanan diharap pulih"
    assert write(programs, number, kind="confirmation", text=summary).status_code == 200
    assert states(programs, number)["020-1.2"] == "sending"


def test_the_second_apology_is_the_one_of_the_resolution(
    programs: Programs, number: str, office: Office, time: Clock
):
    office.walk(number, to="confirmed")
    time.at = office.at
    assert write(programs, number, kind="apology").status_code == 200
    assert letters(programs, number)[-1]["criteria"] == ["020-3.1"]


def test_the_leaflet_and_thanks_keep_their_order(
    programs: Programs, number: str, office: Office, time: Clock
):
    office.walk(number, to="020-3.3")
    time.at = office.at
    early = write(programs, number, kind="thanks", text="Terima kasih banyak, Bu Siti.")
    assert early.status_code == 409, early.json
    office.take(number, take_answer, answer="accepted")
    time.at = office.at
    assert write(programs, number, kind="thanks").status_code == 200
    assert write(programs, number, kind="standard-information").status_code == 200
    assert letters(programs, number)[-1]["criteria"][-1] == "020-3.7"
    assert states(programs, number)["020-3.7"] == "sending"


def test_a_discourteous_text_needs_its_reason_here_too(programs: Programs, number: str):
    blame = "Ini kesalahan Anda sendiri."
    refused = write(programs, number, kind="apology", text=blame)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "text")
    assert letters(programs, number) == []
    anyway = write(programs, number, kind="apology", text=blame, anyway="Diminta pelanggan begitu")
    assert anyway.status_code == 200, anyway.json


def test_on_paper_it_waits_to_be_printed(programs: Programs):
    customer = {**COMPLAINT["customer"], "email": ""}
    number = programs.csr.post("/complaints", {**COMPLAINT, "customer": customer}).json["number"]
    assert write(programs, number, kind="message", text="Teknisi datang besok").status_code == 200
    assert letters(programs, number)[0]["method"] == "letter"
    refused = write(programs, number, kind="message", text="Sekali lagi", method="email")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "method")


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("kind", BELONGS_TO)
def test_a_letter_that_comes_with_an_act_is_refused_by_naming_it(
    programs: Programs, number: str, kind: str
):
    assert BELONGS_TO[kind] in ACTS
    refused = write(programs, number, kind=kind, text="Kami tawarkan perbaikan")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "kind")
    assert f"…/{BELONGS_TO[kind]}." in refused.json["detail"]
    assert letters(programs, number) == []


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "puisi"}, "kind"),
        ({"kind": "message"}, "text"),
        ({"kind": "message", "text": "x", "anyway": "Tetap saja"}, "anyway"),
        ({"kind": "standard-information", "text": "Isi sendiri"}, "text"),
        ({"kind": "message", "text": "x", "method": "phone"}, "method"),
        ({"kind": "message", "text": "x", "version": 999}, None),
    ],
)
def test_what_makes_no_letter_is_named_by_its_field(programs: Programs, number: str, body, field):
    refused = write(programs, number, **body)
    assert refused.status_code == (422 if field else 409), refused.json
    if field:
        assert refused.json["errors"][0]["field"] == field
    assert letters(programs, number) == []


def test_who_may_not_take_the_act_writes_no_letter(programs: Programs, number: str):
    for by in ("manager", "auditor", "admin", "csr2"):
        assert write(programs, number, by=by, kind="message", text="Halo Bu").status_code == 403
    assert write(programs, number, by=None, kind="message", text="Halo Bu").status_code == 401
    assert letters(programs, number) == []


def test_every_composed_kind_is_an_act_that_takes_what_is_given_for_it():
    for kind, composed in COMPOSED.items():
        fields = ACTS[composed.noun].body.model_fields
        assert not composed.has_method or "method" in fields, kind
        wanted = {composed.text, *composed.takes, *composed.fixed} - {""}
        assert wanted <= set(fields), kind


@pytest.mark.parametrize("kind", ["acknowledgement", "question", "news"])
def test_a_message_goes_by_what_it_is_about(programs: Programs, number: str, kind: str):
    said = write(programs, number, kind=kind, text="Apakah lampu modem menyala?")
    assert said.status_code == 200, said.json
    (letter,) = letters(programs, number)
    assert letter["kind"] == {"news": "message"}.get(kind, kind)
    # A question asks; whoever lets the clocks wait for the answer pauses them.
    assert programs.csr.get(f"/complaints/{number}").json["waiting_customer"] is False


def test_an_offer_is_the_act_with_its_rules(
    programs: Programs, number: str, office: Office, time: Clock
):
    office.walk(number, to="020-3.2")
    time.at = office.at
    bare = write(programs, number, kind="offer", text="Kabel disambung hari ini")
    assert (bare.status_code, bare.json["errors"][0]["field"]) == (422, "remedy")
    offered = write(
        programs, number, kind="offer", text="Kabel disambung hari ini", remedy="PERBAIKAN"
    )
    assert offered.status_code == 200, offered.json
    assert letters(programs, number)[-1]["criteria"] == ["020-3.3"]
    early = write(programs, number, kind="reminder")
    assert (early.status_code, early.json["errors"][0]["field"]) == (422, "method")


def test_a_decision_needs_something_decided(
    programs: Programs, number: str, office: Office, time: Clock
):
    office.walk(number, to="020-3.2")
    time.at = office.at
    early = write(programs, number, kind="decision", text="Kami sudah memutuskan.")
    assert early.status_code == 409
    assert letters(programs, number)[-1]["kind"] != "decision"
    office.walk(number, after="020-3.2", to="020-3.3")
    time.at = office.at
    said = write(programs, number, kind="decision", text="Kami sudah memutuskan.")
    assert said.status_code == 200, said.json
    assert letters(programs, number)[-1]["kind"] == "decision"


def test_an_extension_is_asked_for_and_its_letter_leaves_when_it_is_approved(
    programs: Programs, number: str, office: Office, time: Clock
):
    office.walk(number, to="020-1.6")
    time.at = office.at
    before = len(letters(programs, number))
    until = (office.at + timedelta(days=8)).isoformat()
    asked = write(programs, number, kind="extension", text="Menunggu suku cadang", until=until)
    assert asked.status_code == 200, asked.json
    assert len(letters(programs, number)) == before
    approved = programs.supervisor.record(number, "extension/approval", answer="approved")
    assert approved.status_code == 200
    assert letters(programs, number)[-1]["kind"] == "extended"


def test_closing_is_the_act_with_its_gate(
    programs: Programs, number: str, office: Office, time: Clock
):
    early = write(programs, number, kind="closing")
    assert early.status_code == 409
    office.walk(number, to="kept")
    time.at = office.at
    assert write(programs, number, kind="closing").status_code == 200
    assert letters(programs, number)[-1]["kind"] == "closed"


@pytest.mark.parametrize(
    "text",
    [
        "Ini kesalahan Anda sendiri.",
        "Halo,\n\nYth. {nama_depan}, teknisi datang.",
        "Yth. {{ nama_depan }}, teknisi datang.",
    ],
)
def test_a_message_is_held_against_courtesy_and_leaves_with_no_gap(
    programs: Programs, number: str, text: str
):
    refused = write(programs, number, kind="news", text=text)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "text")
    if "nama" in text:
        line = 1 + text[: text.index("{")].count("\n")
        assert f"in line {line}" in refused.json["detail"]
        assert "{nama_depan}" in refused.json["detail"].replace("{{ ", "{").replace(" }}", "}")
    assert letters(programs, number) == []


def test_a_reason_carries_no_gap_into_a_letter(programs: Programs, number: str):
    text = "Mohon maaf, Ibu {nama_depan}."
    refused = write(programs, number, kind="apology", text=text, anyway="Nama menyusul nanti saja")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "text")


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("news", {"remedy": "PERBAIKAN"}),
        ("news", {"until": "2026-12-01T09:00:00+07:00"}),
        ("offer", {"outcome": "DITOLAK"}),
        ("closing", {"method": "email"}),
        ("extension", {"method": "letter"}),
        ("reminder", {"text": "Mohon jawab"}),
    ],
)
def test_a_field_of_another_kind_is_named(programs: Programs, number: str, kind: str, more):
    words = {} if kind in ("closing", "reminder") else {"text": "Kabar dari kami"}
    refused = write(programs, number, kind=kind, **words, **more)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, next(iter(more)))


@pytest.mark.parametrize("kind", ["question", "news", "message"])
def test_a_letter_that_only_announces_is_refused(programs: Programs, number: str, kind: str):
    said = write(programs, number, kind=kind, text="Mohon beri tahu kami hal berikut:\n")
    assert said.status_code == 422
    assert [each["field"] for each in said.json["errors"]] == ["text"]
    assert letters(programs, number) == []


def test_files_of_the_complaint_go_with_a_letter_and_are_listed_by_their_hash(
    programs: Programs, number: str
):
    kept = send(programs, number, shown_to_customer="true").json
    said = {"kind": "news", "text": "Ini fotonya.", "enclose": [kept["id"]]}
    assert write(programs, number, **said).status_code == 200
    (letter,) = letters(programs, number)
    assert letter["files"] == [{"id": kept["id"], "sha256": kept["sha256"], "held_back": False}]


@pytest.mark.parametrize("kind", [kind for kind in COMPOSED if not COMPOSED[kind].takes])
def test_other_letters_take_no_files(programs: Programs, number: str, kind: str):
    refused = write(programs, number, kind=kind, enclose=[1])
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json["errors"]] == ["enclose"]
