"""Odd input at every door of the pages: a sentence or an empty page, never a crash.

Every page of the demonstration that somebody can reach is opened, and every field of its forms and
every word of its addresses is filled with what no person types on purpose. Usually each field gets
one oddity in turn; `make odd-input` tries all of them and prints what each door answered.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from flask import Flask, has_request_context, request
from flask.testing import FlaskClient
from flask_login import current_user
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.test import TestResponse

from complaints import clock
from complaints.models import Complaint, User
from complaints.signing import follow_token
from complaints.web.frame.incoming import Parameters
from tests.conftest import NOW
from tests.html_tree import Tag
from tests.soak import budget

#: What is sent, by the name under which the printed list speaks of it.
ODDITIES: dict[str, str | bytes] = {
    "NUL": "a\x00b",
    "half a character": b"a\xed\xa0\x80b",
    "no UTF-8": b"\xff\xfe",
    "over 64 bits": "9" * 40,
    "five thousand digits": "9" * 5_000,
    "over 32 bits": str(2**31),
    "below zero": "-1",
    "too long": "x" * 5_000,
    "no number": "NaN",
    "infinite": "1e400",
    "other digits": "١٢٣²",
    "invisible": "\u200b\u202e\u2028",
    "markup": "'\"<b>%s%(x)s{{7*7}}\\",
    "line ends": "a\r\nSet-Cookie: b=c",
    "year zero": "0000-00-00T25:61",
    "first year": "0001-01-01T00:00",
    "last year": "9999-12-31T23:59",
    "a field twice": "",  # what it is sent as stands in `Door.sent`
}
IS_WHOLE = bool(budget("ODD_INPUT", usual=0, long=1))
#: Who is there usually; every door of the others is one of theirs, but for what a role alone sees.
USUALLY = ("customer", "supervisor", "admin")
#: What would end the visit: leaving, and the account of whoever visits.
LEFT_ALONE = ("login.logout",)


@dataclass(frozen=True)
class Door:
    """Where something can be sent: who, how, and what stood in the form or the address."""

    who: str
    method: str
    path: str
    name: str
    fields: tuple[tuple[str, str], ...] = ()

    def sent(self, at: str, oddity: str) -> list[tuple[str, str | bytes]]:
        """What is sent when one field holds something odd."""
        value = ODDITIES[oddity]
        pairs = [
            (name, value if name == at and oddity != "a field twice" else each)
            for name, each in self.fields
        ]
        return [*pairs, *[pair for pair in pairs if pair[0] == at and oddity == "a field twice"]]


@dataclass
class Visit:
    """The pages that one person, or the customer, comes to; `doors` is what stood on them."""

    who: str
    client: FlaskClient
    addresses: MapAdapter
    doors: dict[tuple[object, ...], Door]
    opened: set[tuple[object, ...]] = field(default_factory=set)

    def walk(self, start: str) -> None:
        """Open every kind of page that links lead to, and note every form and address."""
        waiting, known = deque([start]), {start}
        while waiting:
            path = waiting.popleft()
            if not self._is_new(path):
                continue
            response = self.client.get(path, buffered=True)
            assert response.status_code < 500, f"{self.who} {path}: {response.status_code}"
            if response.mimetype != "text/html":
                continue
            soup = Tag.of(response.get_data(as_text=True))
            for form in soup.select("form[action]"):
                self._note_form(form)
            links = [str(a["href"]).partition("#")[0] for a in soup.select("a[href]")]
            links.append(response.headers.get("Location", ""))
            for link in links:
                if link.startswith("/") and link not in known:
                    known.add(link)
                    waiting.append(link)

    def _is_new(self, path: str) -> bool:
        parts = urlsplit(path)
        place = self._place(parts.path, "GET")
        if place is None:
            return False
        fields = tuple(parse_qsl(parts.query, keep_blank_values=True))
        self._note(place, Door(self.who, "GET", parts.path, str(place[0]), fields))
        if place in self.opened:
            return False
        self.opened.add(place)
        return True

    def _note_form(self, form: Tag) -> None:
        method, action = str(form.get("method", "get")).upper(), str(form["action"])
        place = self._place(urlsplit(action).path, method)
        if place is not None and method in ("GET", "POST"):
            self._note(place, Door(self.who, method, action, str(place[0]), tuple(_fields(form))))

    def _note(self, place: tuple[object, ...], door: Door) -> None:
        for name, _ in door.fields:
            if name != "csrf_token":
                self.doors.setdefault((*place, door.method, name), door)

    def _place(self, path: str, method: str) -> tuple[object, ...] | None:
        """The page an address leads to, apart from whose it is; None for what is no page."""
        try:
            endpoint, values = self.addresses.match(path, method=method)
        except (HTTPException, RequestRedirect):
            return None
        return None if endpoint in LEFT_ALONE else (endpoint, values.get("noun"))


def _fields(form: Tag) -> Iterator[tuple[str, str]]:
    for each in form.select("input[name], textarea[name], select[name], button[name]"):
        if each.name == "textarea":
            value = each.get_text()
        elif each.name == "select":
            chosen = each.select("option[selected]") or each.select("option")
            value = str(chosen[0].get("value", "")) if chosen else ""
        else:
            value = str(each.get("value", ""))
        yield str(each["name"]), value


@pytest.fixture
def clients(app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> dict[str, FlaskClient]:
    """A browser for one person of each role, and one for a customer."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    clients = {"customer": app.test_client()}
    with Session(engine) as session:
        for user in session.scalars(select(User).order_by(User.id)):
            if user.role not in clients and (IS_WHOLE or user.role in USUALLY):
                clients[user.role] = app.test_client()
                with clients[user.role].session_transaction() as browser:
                    browser["_user_id"] = f"{user.id}:{user.session_number}"
                    browser["_fresh"] = True
    return clients


@pytest.fixture
def filters(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], Door]:
    """Page and filter that it reads, also one that stands in no link → the door it was read at.

    Filled while pages are opened.
    """
    found: dict[tuple[str, str], Door] = {}

    def noting(read: Callable[..., Any]) -> Callable[..., Any]:
        def note(self: Parameters, name: str, *args: Any, **more: Any) -> Any:
            if has_request_context() and request.method == "GET" and request.endpoint:
                who = getattr(current_user, "role", "customer")
                door = Door(who, "GET", request.path, request.endpoint, ((name, "1"),))
                found.setdefault((request.endpoint, name), door)
            return read(self, name, *args, **more)

        return note

    for name in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(Parameters, name, noting(getattr(Parameters, name)))
    return found


@pytest.fixture
def doors(
    app: Flask,
    engine: Engine,
    clients: dict[str, FlaskClient],
    filters: dict[tuple[str, str], Door],
) -> list[tuple[str, Door]]:
    """Every field and filter, and the door that it stands at."""
    doors: dict[tuple[object, ...], Door] = {}
    addresses = app.url_map.bind("localhost")
    with Session(engine) as session:
        complaints = session.execute(
            select(Complaint.id, Complaint.follow_nonce, Complaint.status).order_by(Complaint.id)
        ).all()
    by_status = {status: (number, nonce) for number, nonce, status in complaints}
    for who, client in clients.items():
        visit = Visit(who, client, addresses, doors)
        starts = ["/"] if who != "customer" else ["/login"]
        if who == "customer":
            key = app.config["SECRET_KEY"]
            starts += [f"/portal/{follow_token(key, *each)}" for each in by_status.values()]
        for start in starts:
            visit.opened.clear()
            visit.walk(start)
    shown = {(key[0], key[-1]) for key in doors if key[-2] == "GET"}
    found = [(str(key[-1]), door) for key, door in doors.items()]
    return found + [(key[1], door) for key, door in filters.items() if key not in shown]


def once_each(doors: list[tuple[str, Door]]) -> list[tuple[str, Door]]:
    """Each name of a field at one of its doors: most pages read their fields the same way."""
    return list({(door.method, at): (at, door) for at, door in doors}.values())


def send(client: FlaskClient, door: Door, at: str, oddity: str) -> TestResponse:
    """The answer to what the door's form sends with one field odd."""
    text = urlencode(door.sent(at, oddity))
    if door.method == "GET":
        return client.get(f"{door.path}?{text}")
    kind = "application/x-www-form-urlencoded"
    return client.post(door.path, data=text, content_type=kind)


def test_whatever_a_field_holds_is_answered_with_a_page(clients, doors, database_kind, capsys):
    turn = cycle(list(ODDITIES) if database_kind == "sqlite" else list(ODDITIES)[::-1])
    crashes, answers = [], []
    for at, door in doors if IS_WHOLE else once_each(doors):
        tried = list(ODDITIES) if IS_WHOLE else [next(turn)]
        said = []
        for oddity in tried:
            status = send(clients[door.who], door, at, oddity).status_code
            said.append(f"{oddity} {status}")
            if status >= 500:
                crashes.append(f"{door.method} {door.path} {at} {oddity}: {status}")
        answers.append(f"{door.method} {door.name} {at}: {', '.join(said)}")
    if IS_WHOLE:
        with capsys.disabled():
            sys.stdout.write("\n".join(sorted(answers)) + "\n")
    assert crashes == []
    assert len(answers) > 150


def test_whatever_an_address_holds_is_answered_with_a_page(app, clients):
    crashes = []
    for rule in app.url_map.iter_rules():
        for argument in rule.arguments:
            for oddity, value in ODDITIES.items():
                path = re.sub(
                    r"<(?:\w+:)?(\w+)>",
                    lambda found: quote(value, safe="") if found[1] == argument else "1",  # noqa: B023
                    rule.rule,
                )
                for method in (rule.methods or set()) & {"GET", "POST"}:
                    status = clients["admin"].open(path, method=method).status_code
                    if status >= 500:
                        crashes.append(f"{method} {rule.rule} {argument} {oddity}: {status}")
    assert crashes == []
