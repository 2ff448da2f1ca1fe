"""Webhooks by the API: added, changed, renewed, tried out, their logs read, sent again."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.outbox.webhooks import lookup
from tests.channels.api.conftest import COMPLAINT, Programs
from tests.office import PEOPLE

URL = "https://hooks.example.com/in"


@pytest.fixture(autouse=True)
def _public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "ask_name_server", lambda host, port: ["8.8.8.8"])


def added(programs: Programs, **more: Any) -> dict[str, Any]:
    made = programs("admin").post("/webhooks", {"url": URL, **more})
    assert made.status_code == 201
    told: dict[str, Any] = made.json
    assert made.headers["Location"] == f"/api/v1/webhooks/{told['id']}"
    return told


def test_an_endpoint_is_added_and_its_secret_answered_once(programs: Programs):
    made = added(programs, events=["complaint.close", "complaint.receive"])
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    # In the order of the list of events, whatever the order they were sent in.
    assert set(made["events"]) == {"complaint.receive", "complaint.close"}
    listed = programs("admin").get("/webhooks")
    assert listed.json["items"] == [made]
    assert secret not in listed.text
    assert programs("admin").get(f"/webhooks/{made['id']}").json == made


def test_what_happens_stands_in_its_log_and_is_sent_again(programs: Programs):
    hook = added(programs)["id"]
    number = programs.csr.post("/complaints", COMPLAINT).json["number"]
    page = programs("admin").get(f"/webhooks/{hook}/deliveries").json
    (delivery,) = page["items"]
    assert (delivery["type"], delivery["number"], delivery["state"]) == (
        "complaint.receive",
        number,
        "queued",
    )
    again = programs("admin").post(f"/webhooks/{hook}/deliveries/{delivery['id']}/replay")
    assert again.json["event"] == delivery["event"]
    assert again.json["replayed_by"] == "Admin"
    assert programs("admin").get(f"/webhooks/{hook}").json["waiting"] == 1


def test_the_log_is_read_page_by_page(programs: Programs):
    hook = added(programs)["id"]
    for _ in range(5):
        assert programs("admin").post(f"/webhooks/{hook}/test").status_code == 200
    seen, cursor = [], ""
    while True:
        path = f"/webhooks/{hook}/deliveries?limit=2{cursor and f'&cursor={cursor}'}"
        page = programs("admin").get(path).json
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == [5, 4, 3, 2, 1]
    bad = programs("admin").get(f"/webhooks/{hook}/deliveries?cursor=nonsense")
    assert bad.status_code == 422


def test_it_is_changed_switched_off_and_on_and_renewed(programs: Programs):
    made = added(programs)
    path, admin = f"/webhooks/{made['id']}", programs("admin")
    changed = admin.call("PATCH", path, json={"events": ["complaint.close"]})
    assert (changed.json["events"], changed.json["url"]) == (["complaint.close"], URL)
    off = admin.call("PATCH", path, json={"active": False}).json
    assert (off["active"], off["off_because"]) == (False, "hand")
    assert admin.post(f"{path}/test").status_code == 409
    assert admin.call("PATCH", path, json={"active": True}).json["active"]
    renewed = admin.post(f"{path}/rotation").json
    assert renewed["secret"] != made["secret"]
    assert renewed["old_secret_until"] is not None


@pytest.mark.parametrize("name", [each for each in PEOPLE if each != "admin"])
def test_nobody_but_an_administrator_hears_of_them(programs: Programs, name: str):
    hook = added(programs)["id"]
    for method, path in (
        ("GET", "/webhooks"),
        ("POST", "/webhooks"),
        ("GET", f"/webhooks/{hook}"),
        ("PATCH", f"/webhooks/{hook}"),
        ("POST", f"/webhooks/{hook}/rotation"),
        ("POST", f"/webhooks/{hook}/test"),
        ("GET", f"/webhooks/{hook}/deliveries"),
        ("POST", f"/webhooks/{hook}/deliveries/1/replay"),
    ):
        sent = {} if method == "GET" else {"json": {"url": URL}}
        assert programs(name).call(method, path, **sent).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": ""},
        {"url": "https://10.0.0.1/"},
        {"url": "http://hooks.example.com/"},
        {"url": URL, "events": ["complaint.nothing"]},
        {"url": URL, "events": "complaint.close"},
        {"url": URL, "secret": "rahasia"},
        {"url": "https://hooks.example.com/\u0000"},
        {"url": "https://hooks.example.com/\ud800"},
        {"url": "https://" + "x" * 600},
    ],
)
def test_what_cannot_be_called_is_refused(programs: Programs, body: dict[str, Any]):
    """T42: a secret is made here, and none is taken from anybody."""
    if body.get("url") == "https://10.0.0.1/":
        pytest.MonkeyPatch().setattr(lookup, "ask_name_server", lambda host, port: [host])
    assert programs("admin").post("/webhooks", body).status_code == 422
    assert programs("admin").get("/webhooks").json["items"] == []


@pytest.mark.parametrize("key", ["0", "7", "2147483648", "99999999999999999999"])
def test_one_that_is_not_there(programs: Programs, key: str):
    admin = programs("admin")
    for method, path in (
        ("GET", f"/webhooks/{key}"),
        ("POST", f"/webhooks/{key}/test"),
        ("POST", f"/webhooks/{key}/rotation"),
        ("GET", f"/webhooks/{key}/deliveries"),
        ("POST", f"/webhooks/{key}/deliveries/{key}/replay"),
    ):
        assert (
            admin.call(method, path, **({} if method == "GET" else {"json": {}})).status_code == 404
        )
    hook = added(programs)["id"]
    path = f"/webhooks/{hook}/deliveries/{key}/replay"
    assert admin.post(path).status_code == 404
