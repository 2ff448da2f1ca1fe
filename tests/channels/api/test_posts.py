"""Public posts by program: the same rules, answered as described."""

from __future__ import annotations

from typing import Any

from tests.channels.api.conftest import Programs
from tests.office import Office

LINK = "https://x.com/budi/status/1790000000000000001"
SEEN: dict[str, Any] = {
    "channel": "x",
    "link": LINK,
    "author": "@budi",
    "text": "Internet mati tiga hari, tidak ada yang menjawab!",
}
PATH = "/posts/PUB-2026-000001"


def take(office: Office, programs: Programs, name: str = "csr", **more: Any) -> Any:
    body = {**SEEN, "posted_at": office.at.isoformat(), **more}
    return programs(name).post("/posts", body)


def test_it_is_recorded_once_and_read_again(office: Office, programs: Programs):
    first = take(office, programs)
    again = take(office, programs, link=f"{LINK}?s=20")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == f"/api/v1{PATH}"
    assert again.json["number"] == first.json["number"]
    read = programs("csr").get(PATH).json
    assert (read["state"], read["text"], read["late_at"]) == ("open", SEEN["text"], None)
    items = programs("csr").get("/posts?channel=x&late=false").json["items"]
    assert [each["number"] for each in items] == [read["number"]]
    assert programs("csr").get("/posts?state=replied").json["items"] == []


def test_it_is_answered_set_aside_and_taken_up(office: Office, programs: Programs):
    take(office, programs)
    csr = programs("csr")
    aside = csr.post(f"{PATH}/set-aside", {"reason": "Bukan tentang layanan kami"})
    assert (aside.status_code, aside.json["state"]) == (200, "set_aside")
    assert csr.post(f"{PATH}/taking-up", {"reason": "Ini layanan kami"}).json["state"] == "open"
    assert csr.post(f"{PATH}/change", {"gone": True}).json["gone_at"]
    assert csr.post(f"{PATH}/note", {"text": "Sudah dua kali menulis"}).status_code == 200
    replied = csr.post(f"{PATH}/reply", {"text": "Mohon maaf atas gangguannya, Kak."})
    assert (replied.json["state"], replied.json["ended_by"]) == ("replied", "Csr")
    kinds = [each["what"] for each in replied.json["history"]]
    assert kinds == ["take", "set_aside", "take_up", "gone", "note", "reply"]


def test_it_becomes_a_complaint_whose_customer_no_reply_names(office: Office, programs: Programs):
    take(office, programs)
    customer = {"name": "Siti Aminah", "phone": "0812 3456 7890"}
    made = programs("csr").post(f"{PATH}/complaint", {"customer": customer})
    complaint = programs("csr").get(f"/complaints/{made.json['complaint']}").json
    assert (complaint["story"], complaint["channel"]) == (SEEN["text"], "x")
    told = programs("csr").post(f"{PATH}/reply", {"text": "Kami telepon ke 081234567890"})
    assert told.status_code == 422
    assert [each["field"] for each in told.json["errors"]] == ["text"]


def test_channels_say_whether_people_post_there(office: Office, programs: Programs):
    channels = programs("csr").get("/codes").json["channels"]
    hours = {each["code"]: each["reply_hours"] for each in channels}
    assert (hours["x"], hours["walk_in"]) == (4, 0)
