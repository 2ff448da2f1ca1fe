"""Odd input at every door of the API: a sentence as described, never a crash.

Every field of every body, every filter, header and place in an address that the description names
gets one oddity in turn; `make odd-input` sends all of them and prints what each was answered.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from copy import deepcopy
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from complaints.channels.api.openapi import describe
from tests.channels.api.conftest import COMPLAINT, Programs
from tests.channels.api.described import Json, resolved
from tests.channels.api.test_road import ROAD
from tests.soak import budget

pytestmark = pytest.mark.both_databases

IS_WHOLE = bool(budget("ODD_INPUT", usual=0, long=1))

#: What is sent in the place of a value, by the name under which the printed list speaks of it.
ODD_VALUES: dict[str, Any] = {
    "NUL": "a\x00b",
    "half a character": "a\ud800b",
    "over 64 bits": 10**40,
    "digits as text": "9" * 40,
    "over 32 bits": 2**31,
    "over 63 bits": 2**63,
    "below zero": -1,
    "a fraction": 0.1,
    "no number": float("nan"),
    "infinite": float("inf"),
    "too long": "x" * 120_000,
    "over a column": "x" * 300,
    "other digits": "١٢٣²",
    "invisible": "\u200b\u202e\u2028",
    "markup": "'\"<b>%s%(x)s{{7*7}}\\",
    "line ends": "a\r\nBcc: b@c.example",
    "year zero": "0000-00-00T25:61:00Z",
    "first year": "0001-01-01T00:00:00+14:00",
    "last year": "9999-12-31T23:59:59-14:00",
    "leap second": "2026-12-31T23:59:60Z",
    "nothing": None,
    "true": True,
    "empty text": "",
    "empty list": [],
    "empty object": {},
    "lists in lists": [[[[{"a": [{}]}]]]],
    "many": ["x"] * 5_000,
    "an object": {"$ne": "", "__proto__": {"x\x00": 1}},
}
ODD_WORDS: dict[str, bytes] = {
    name: (value if isinstance(value, str) else str(value)).encode("utf-8", "surrogatepass")
    for name, value in ODD_VALUES.items()
    if isinstance(value, str | int | float)
} | {"no UTF-8": b"\xff\xfe", "a long number": b"9" * 5_000, "hidden": b"..%2f..%00"}
#: Of headers; what ends a line never reaches us.
ODD_HEADERS = ("", " ", "*", '"', 'W/"', ",,,", "9" * 5_000, "\xff\xfe", "a" * 70_000, '"\x7f"')

Path = tuple[str | int, ...]


def fields_of(schema: Json, path: Path = ()) -> Iterator[Path]:
    """The way to every field that a body may have, in lists to their first item."""
    schema = resolved(schema)
    for each in [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]:
        yield from fields_of(each, path)
    for name, inner in schema.get("properties", {}).items():
        yield (*path, name)
        yield from fields_of(inner, (*path, name))
    if "items" in schema:
        yield (*path, 0)
        yield from fields_of(schema["items"], (*path, 0))


def with_field(body: Any, path: Path, value: Any) -> Any:
    """A body in which the field at the end of the path holds the value."""
    if not path:
        return value
    first, *rest = path
    if isinstance(first, int):
        items = list(body) if isinstance(body, list) and body else [{}]
        return [with_field(items[0], tuple(rest), value), *items[1:]]
    known = dict(body) if isinstance(body, dict) else {}
    return {**known, first: with_field(known.get(first), tuple(rest), value)}


def operations() -> Iterator[tuple[str, str, Json]]:
    """Method, path and description of each call."""
    for path, item in describe()["paths"].items():
        shared = item.get("parameters", [])
        for method, operation in item.items():
            if method != "parameters":
                parameters = [
                    resolved(each) for each in [*shared, *operation.get("parameters", [])]
                ]
                yield method.upper(), path, {**operation, "parameters": parameters}


class Sent:
    """Sends requests, and keeps what crashed and what was answered."""

    def __init__(self, programs: Programs) -> None:
        programs.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.programs = programs
        self.crashes: list[str] = []
        self.answers: dict[str, list[str]] = {}

    def call(self, where: str, oddity: str, method: str, path: str, **more: Any) -> None:
        for who in ("admin",) if "/webhooks" in path else ("csr", "supervisor"):
            response = self.programs(who).call(method, path, **more)
            self.answers.setdefault(where, []).append(f"{oddity} {response.status_code}")
            if response.status_code >= 500:
                self.crashes.append(f"{who} {where} {oddity}: {response.status_code}")

    def settle(self, capsys: pytest.CaptureFixture[str], least: int) -> None:
        if IS_WHOLE:
            with capsys.disabled():
                for where, said in sorted(self.answers.items()):
                    sys.stdout.write(f"{where}: {', '.join(dict.fromkeys(said))}\n")
        assert self.crashes == []
        assert len(self.answers) > least


@pytest.fixture
def sent(programs: Programs) -> Sent:
    return Sent(programs)


@pytest.fixture
def numbers(programs: Programs, number: str) -> list[str]:
    """A complaint just received, one in handling, and one that is closed."""
    found = [number]
    for end in ("in_handling", "closed"):
        made = str(programs.csr.post("/complaints", COMPLAINT).json["number"])
        for who, noun, body, status in ROAD:
            assert programs(who).record(made, noun, **body).status_code == 200, noun
            if status == end:
                break
        found.append(made)
    return found


def addressed(path: str, number: str) -> str:
    known = {"number": number, "id": "1", "customer": "CUST-1"}
    known |= {"webhook": "1", "channel": "whatsapp", "incident": "INS-2026-000001"}
    for name, value in known.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def turns(database_kind: str, names: dict[str, Any]) -> Iterator[list[str]]:
    """Which oddities a field gets: all of them, or the next one."""
    turn = cycle(list(names) if database_kind == "sqlite" else list(names)[::-1])
    while True:
        yield list(names) if IS_WHOLE else [next(turn)]


def test_whatever_a_body_holds_is_answered_with_a_sentence(
    sent: Sent, numbers: list[str], database_kind: str, capsys: pytest.CaptureFixture[str]
):
    turn, which = turns(database_kind, ODD_VALUES), cycle(numbers)
    for method, path, operation in operations():
        body = operation.get("requestBody")
        if body is None or "application/json" not in body["content"]:
            # Forms with files have tests of their own.
            continue
        content = body["content"]["application/json"]
        whole: list[Path] = [(), *dict.fromkeys(fields_of(content["schema"]))]
        for field in [*whole, ("no such\x00field\ud800",)]:
            where = f"{method} {path} {'.'.join(map(ascii, field))}"
            for oddity in next(turn):
                odd = with_field(deepcopy(content["example"]), field, ODD_VALUES[oddity])
                places = numbers if IS_WHOLE else [next(which)]
                for number in places if "{number}" in path else places[:1]:
                    more = {"data": json.dumps(odd), "content_type": "application/json"}
                    sent.call(where, oddity, method, addressed(path, number), **more)
    sent.settle(capsys, 250)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\xff\xfe{",
        b'{"a":',
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"9" * 5_000,
        b'{"text": "' + b"\\ud800" * 10 + b'"}',
        b'{"text": 1, "text": 2}',
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_what_is_no_body_is_answered_with_a_sentence(sent: Sent, number: str, raw: bytes, capsys):
    for path in ("/complaints", f"/complaints/{number}/note", f"/complaints/{number}/actions"):
        more = {"data": raw, "content_type": "application/json"}
        sent.call(f"POST {path}", "raw", "POST", path, **more)
    sent.settle(capsys, 2)


def test_whatever_a_filter_holds_is_answered_with_a_sentence(
    sent: Sent, numbers: list[str], database_kind: str, capsys: pytest.CaptureFixture[str]
):
    asked = {"from": "2026-11-01", "to": "2026-11-30"}
    turn = turns(database_kind, ODD_WORDS)
    for method, path, operation in operations():
        names = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
        for name in [*names, "no\x00thing"]:
            for oddity in next(turn) if method == "GET" else []:
                given = {**(asked if "from" in names else {}), name: ODD_WORDS[oddity]}
                place = f"{addressed(path, numbers[1])}?{urlencode(given)}"
                sent.call(f"GET {path} ?{name!r}", oddity, "GET", place)
    sent.settle(capsys, 25)


def test_whatever_an_address_holds_is_answered_with_a_sentence(
    sent: Sent, numbers: list[str], database_kind: str, capsys: pytest.CaptureFixture[str]
):
    turn = turns(database_kind, ODD_WORDS)
    for method, path, operation in operations():
        body = operation.get("requestBody")
        content = body["content"].get("application/json") if body else None
        more: Json = {"json": content["example"]} if content else {}
        for name in [each["name"] for each in operation["parameters"] if each["in"] == "path"]:
            for oddity in next(turn):
                odd = path.replace(f"{{{name}}}", quote(ODD_WORDS[oddity][:8_000], safe="") or "-")
                sent.call(
                    f"{method} {path} {name}", oddity, method, addressed(odd, numbers[1]), **more
                )
    sent.settle(capsys, 60)


def test_whatever_a_header_holds_is_answered_with_a_sentence(
    sent: Sent, numbers: list[str], capsys: pytest.CaptureFixture[str]
):
    note = {"json": {"text": "x"}}
    for value in ODD_HEADERS:
        for name in ("Idempotency-Key", "If-Match", "Accept-Language", "Content-Type"):
            path = f"/complaints/{numbers[1]}/note"
            sent.call(f"POST {name}", value[:9], "POST", path, headers={name: value}, **note)
        for name in ("If-None-Match", "Accept-Language", "Accept", "Range"):
            path = f"/complaints/{numbers[1]}"
            sent.call(f"GET {name}", value[:9], "GET", path, headers={name: value})
        for bearer in (value, f"Bearer {value}", f"Basic {value}"):
            headers = {"Authorization": bearer}
            response = sent.programs.app.test_client().get("/api/v1/me", headers=headers)
            assert response.status_code == 401, value[:9]
    sent.settle(capsys, 7)
