"""Messages handed in by messengers and telephone systems: once, by the right hands, to the right
complaint.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from complaints import clock
from complaints.domain.accounts.tokens import fingerprint
from complaints.domain.webhooks.secrets import InboundRule, check_secret, read_inbound
from complaints.models import (
    ApiToken,
    Attachment,
    ChannelMessage,
    Complaint,
    HistoryEntry,
    Note,
)
from complaints.steps.by_customer import by_messenger
from tests.channels.api.conftest import Caller, Clock, Programs
from tests.office import Office

SECRET = "whsec_" + base64.b64encode(b"a key of a messenger, 32 bytes!!").decode()
PATH = "/inbound/whatsapp"
STORY = "Internet di rumah mati sejak kemarin sore."
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def message(name: str = "m1", **more: Any) -> dict[str, Any]:
    return {"id": name, "from": "+62 812 3456 7890", "name": "Siti", "text": STORY, **more}


@pytest.fixture(autouse=True)
def _channels(app: Flask) -> None:
    object.__setattr__(
        app.config["SETTINGS"], "inbound", {"whatsapp": InboundRule("MKS", (SECRET,))}
    )


@pytest.fixture
def gateway(programs: Programs, office: Office) -> Caller:
    """A program whose key is good for handing in messages and nothing else."""
    token = office.session.scalars(
        select(ApiToken).where(ApiToken.token_hash == fingerprint("token of csr"))
    ).one()
    token.scope = "inbound"
    office.session.commit()
    return programs.csr


def signed(body: bytes, secret: str = SECRET, name: str = "msg_1", **more: str) -> dict[str, str]:
    stamp = more.get("stamp") or str(int(clock.now().timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{name}.{stamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": more.get("signature") or f"v1,{signature}",
    }


def hand_in(programs: Programs, body: bytes, headers: dict[str, str]) -> Any:
    return programs.nobody.post(
        PATH, data=body, headers={"Content-Type": "application/json", **headers}
    )


def complaints(office: Office) -> list[Complaint]:
    office.session.expire_all()
    return list(office.session.scalars(select(Complaint).order_by(Complaint.id)))


def test_a_first_message_is_a_new_complaint_of_which_nothing_is_proven(
    gateway: Caller, office: Office
):
    answer = gateway.post(PATH, message(at="2026-11-19T08:00:00+07:00"))
    assert answer.status_code == 200
    (complaint,) = complaints(office)
    assert answer.json == {"action": "created", "number": f"KLH-2026-{complaint.id:06}"}
    assert (complaint.channel, complaint.story) == ("whatsapp", STORY)
    assert complaint.contact_phone.endswith("6281234567890")
    assert complaint.source == "inbound:whatsapp"
    assert (complaint.handler_id, complaint.status) == (None, "received")
    states = office.evidence(answer.json["number"])
    assert not [each for each in states if each.state == "proven"]


def test_the_next_one_goes_to_the_complaint_that_is_open(gateway: Caller, office: Office):
    first = gateway.post(PATH, message("m1")).json
    second = gateway.post(PATH, message("m2", text="Sampai sekarang masih mati."))
    assert second.json == {"action": "appended", "number": first["number"]}
    (note,) = office.session.scalars(select(Note)).all()
    assert (note.direction, note.method, note.text) == (
        "in",
        "message",
        "Sampai sekarang masih mati.",
    )


def test_the_one_open_complaint_of_this_number_is_found_however_it_came(
    gateway: Caller, office: Office
):
    number = office.receive()
    phone = office.complaint(number).contact_phone
    office.session.commit()
    assert gateway.post(PATH, message(**{"from": phone})).json == {
        "action": "appended",
        "number": number,
    }


def test_of_two_open_ones_nobody_can_tell_which_is_meant(gateway: Caller, office: Office):
    numbers = [office.receive(), office.receive(story="Tagihan saya dua kali bulan ini.")]
    phone = office.complaint(numbers[0]).contact_phone
    office.session.commit()
    new = gateway.post(PATH, message("m1", **{"from": phone})).json
    assert new["action"] == "created"
    # What follows goes on with what the sender has begun, and begins nothing else.
    again = gateway.post(PATH, message("m2", **{"from": phone})).json
    assert again == {"action": "appended", "number": new["number"]}


def test_after_the_end_two_messages_at_once_open_it_once(
    programs: Programs, office: Office, time: Clock
):
    number = office.receive()
    sender = str(office.complaint(number).contact_phone)
    office.session.commit()
    body = json.dumps(message("m1", **{"from": sender})).encode()
    assert hand_in(programs, body, signed(body)).json["number"] == number
    office.walk(number)
    time.at = office.at + timedelta(days=2)
    begin, answers = threading.Barrier(2), []

    def send(name: str) -> None:
        again = json.dumps(message(name, text=f"Mati lagi, {name}", **{"from": sender})).encode()
        headers = signed(again)
        begin.wait()
        answers.append(hand_in(programs, again, headers).json)

    threads = [threading.Thread(target=send, args=(name,)) for name in ("m2", "m3")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [{"action": "appended", "number": number}] * 2
    office.session.expire_all()
    assert office.complaint(number).status == "in_handling"
    assert [each.what for each in office.history(number)].count("reopen") == 1
    assert sorted(note.text for note in office.rows(Note, number)) == [
        STORY,
        "Mati lagi, m2",
        "Mati lagi, m3",
    ]


def test_the_same_message_is_taken_in_once(gateway: Caller, office: Office):
    """T44."""
    first = gateway.post(PATH, message()).json
    gateway.post(PATH, message("m2"))
    again = gateway.post(PATH, message(text="Sesuatu yang lain."))
    assert (again.status_code, again.json) == (200, first)
    assert len(complaints(office)) == 1
    assert office.session.scalar(select(func.count()).select_from(Note)) == 1


def test_the_same_message_at_once_is_one_and_all_are_answered_alike(
    programs: Programs, office: Office
):
    """T44."""
    body = json.dumps(message()).encode()
    headers, answers = signed(body), []
    begin = threading.Barrier(6)

    def send() -> None:
        begin.wait()
        answers.append(hand_in(programs, body, headers))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {each.status_code for each in answers} == {200}
    assert len({each.json["number"] for each in answers}) == 1
    assert len(complaints(office)) == 1


def test_two_first_messages_of_one_sender_at_once_are_one_complaint(
    programs: Programs, office: Office
):
    begin, answers = threading.Barrier(4), []

    def send(name: str) -> None:
        body = json.dumps(message(name)).encode()
        headers = signed(body)
        begin.wait()
        answers.append(hand_in(programs, body, headers))

    threads = [threading.Thread(target=send, args=(f"m{n}",)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each.json["action"] for each in answers) == ["appended"] * 3 + ["created"]
    assert len(complaints(office)) == 1


def test_who_signs_is_the_channel_and_its_branch(programs: Programs, office: Office):
    body = json.dumps(message()).encode()
    assert hand_in(programs, body, signed(body)).status_code == 200
    (complaint,) = complaints(office)
    assert office.rules.branches[complaint.branch_id].code == "MKS"


OTHER = "whsec_" + base64.b64encode(b"another key of thirty-two bytes!").decode()


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-timestamp": "9" * 11},
        {"webhook-timestamp": "9" * 12},
        {"webhook-signature": "AAAA"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,====,=="},
        {"webhook-signature": "v1a,abc v2,def"},
        {"webhook-timestamp": "abc"},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "9" * 10},
        {"webhook-timestamp": "9" * 30},
        {"webhook-id": ""},
    ],
)
def test_what_is_no_signature_is_refused_and_nothing_breaks(
    programs: Programs, office: Office, change: dict[str, str]
):
    """T43."""
    body = json.dumps(message()).encode()
    refused = hand_in(programs, body, {**signed(body), **change})
    assert refused.status_code == 401
    assert complaints(office) == []


@pytest.mark.parametrize("left_out", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_header_that_is_missing(programs: Programs, left_out: str):
    """T43."""
    body = json.dumps(message()).encode()
    headers = {name: each for name, each in signed(body).items() if name != left_out}
    assert hand_in(programs, body, headers).status_code == 401


def test_another_secret_another_body_and_another_time_are_refused(programs: Programs):
    body = json.dumps(message()).encode()
    assert hand_in(programs, body, signed(body, OTHER)).status_code == 401
    assert hand_in(programs, body + b" ", signed(body)).status_code == 401
    late = str(int((clock.now() - timedelta(minutes=6)).timestamp()))
    assert hand_in(programs, body, signed(body, stamp=late)).status_code == 401
    several = signed(body, signature="v1,AAAA " + signed(body)["webhook-signature"])
    assert hand_in(programs, body, several).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"id": NaN}', b"null"])
def test_a_signed_body_that_cannot_be_read(programs: Programs, body: bytes):
    """T43."""
    assert hand_in(programs, body, signed(body)).status_code in (400, 401, 422)


def test_a_body_that_is_too_large(programs: Programs):
    """T43."""
    body = json.dumps(message(text="x" * (2 * 1024 * 1024 + 1))).encode()
    assert hand_in(programs, body, signed(body)).status_code == 413


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": "x" * 201},
        {"id": 7},
        {"from": "nobody"},
        {"from": ""},
        {"from": "\ud800"},
        {"text": ""},
        {"text": "x" * 100_001},
        {"at": "kemarin"},
        {"attachments": [{"name": "a.png", "data": "bukan base64!"}]},
        {"attachments": [{"name": "a.png"}]},
        {"attachments": [{"data": "AAAA"}] * 6},
        {"more": 1},
    ],
)
def test_what_cannot_be_used_is_said(gateway: Caller, office: Office, change: dict[str, Any]):
    refused = gateway.post(PATH, {**message(), **change})
    assert refused.status_code == 422
    assert complaints(office) == []


@pytest.mark.parametrize("text", ["a\u0000b mati", "mati \ud800 lagi"])
def test_odd_letters_do_no_harm(gateway: Caller, text: str):
    assert gateway.post(PATH, message(text=text)).status_code in (200, 422)


def test_a_picture_that_came_along_lies_with_the_complaint(gateway: Caller, office: Office):
    files = [{"name": "modem.png", "data": base64.b64encode(PNG).decode()}]
    number = gateway.post(PATH, message(attachments=files)).json["number"]
    (kept,) = office.session.scalars(select(Attachment)).all()
    assert (kept.name, kept.type, kept.size) == ("modem.png", "image/png", len(PNG))
    assert kept.complaint_id == office.complaint(number).id


def test_the_way_it_came_in_is_cut_to_the_room_there_is(
    gateway: Caller, office: Office, monkeypatch: pytest.MonkeyPatch
):
    """Codes of channels are the organisation's, and PostgreSQL cuts nothing by itself."""
    monkeypatch.setattr(by_messenger, "_source_of", lambda channel: f"inbound:{'x' * 80}")
    files = [{"name": "modem.png", "data": base64.b64encode(PNG).decode()}]
    number = gateway.post(PATH, message(attachments=files)).json["number"]
    (kept,) = office.session.scalars(select(Attachment)).all()
    assert (len(kept.source), len(office.complaint(number).source)) == (20, 60)


def test_a_key_for_messages_is_good_for_nothing_else(gateway: Caller):
    assert gateway.get("/complaints").status_code == 403
    assert gateway.get("/me").status_code == 403
    assert gateway.post("/complaints", {}).status_code == 403


@pytest.mark.parametrize("scope", ["read"])
def test_a_key_that_only_reads_hands_in_nothing(programs: Programs, office: Office, scope: str):
    token = office.session.scalars(
        select(ApiToken).where(ApiToken.token_hash == fingerprint("token of csr"))
    ).one()
    token.scope = scope
    office.session.commit()
    assert programs.csr.post(PATH, message()).status_code == 403


def test_who_may_not_record_complaints_hands_in_none(programs: Programs):
    assert programs("auditor").post(PATH, message()).status_code == 403
    assert programs.nobody.post(PATH, message()).status_code == 401
    assert programs.csr.post("/inbound/telepathy", message()).status_code == 404


def test_more_than_somebody_writes_is_put_off(
    gateway: Caller, office: Office, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(by_messenger, "MOST_MESSAGES", 2)
    for name in ("m1", "m2"):
        assert gateway.post(PATH, message(name)).status_code == 200
    refused = gateway.post(PATH, message("m3"))
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert gateway.post(PATH, message("m1")).status_code == 200
    assert office.session.scalar(select(func.count()).select_from(ChannelMessage)) == 2


@pytest.mark.parametrize(
    "text", ["rahasia", "v1,whsec_AAAA", "whsec_", "whsec_rahasia!", "whsec_QUJD", SECRET[6:]]
)
def test_a_secret_of_another_form_is_refused(text: str):
    """T42."""
    with pytest.raises(ValueError, match="base64"):
        check_secret(text)


def test_the_setting_names_channels_branches_and_secrets():
    read = read_inbound(f"whatsapp={SECRET}, call@MKS={SECRET},whatsapp={OTHER}")
    assert read == {
        "whatsapp": InboundRule("", (SECRET, OTHER)),
        "call": InboundRule("MKS", (SECRET,)),
    }
    for wrong in (SECRET, f"={SECRET}", "whatsapp", f"a={SECRET},a@MKS={SECRET}"):
        with pytest.raises(ValueError, match=r"secret|branch"):
            read_inbound(wrong)


def test_a_name_with_a_web_address_is_not_what_letters_begin_with(gateway: Caller, office: Office):
    gateway.post(PATH, {**message(), "name": "Hadiah di hadiah.example/ambil"})
    (complaint,) = complaints(office)
    assert complaint.contact_name == "+62 812 3456 7890"


def test_the_history_says_whose_key_put_words_into_the_customers_mouth(
    gateway: Caller, programs: Programs, office: Office
):
    """A colleague with a key could else write in the customer's name, and nobody would see it."""
    gateway.post(PATH, message("m1"))
    gateway.post(PATH, message("m2", text="Sudah beres, terima kasih."))
    signing = json.dumps(message("m3")).encode()
    assert hand_in(programs, signing, signed(signing)).status_code == 200
    (complaint,) = complaints(office)
    entries = office.session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.complaint_id == complaint.id)
        .where(HistoryEntry.what.in_(["receive", "message"]))
        .order_by(HistoryEntry.seq)
    ).all()
    name = office.people["csr"].name
    assert [each.detail.get("through") for each in entries] == [name, name, None]


def test_the_key_of_a_branch_reaches_no_complaint_of_another(gateway: Caller, office: Office):
    elsewhere = office.receive("csr2", branch="MKS")
    answer = gateway.post(PATH, message()).json
    assert answer["action"] == "created"
    assert answer["number"] != elsewhere
    # Nor by what the sender wrote last.
    again = gateway.post(PATH, message("m2", text="Masih mati sampai sekarang.")).json
    assert (again["action"], again["number"]) == ("appended", answer["number"])
