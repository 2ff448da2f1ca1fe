"""A office at work, and a caller for each of its people who speaks JSON with a token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from complaints import clock
from complaints.channels.call_limits import CallLimits
from tests.channels.api.described import check
from tests.databases import Databases
from tests.office import Office, staff
from tests.which_database import on_either

pytest_itemcollected = on_either("what a call answers and whom it lets do what")

PREFIX = "/api/v1"


@dataclass
class Caller:
    """One person's program; whatever it is answered must be as described."""

    app: Flask
    name: str | None
    language: str = "en"

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Accept-Language": self.language, **more.pop("headers", {})}
        if self.name is not None:
            headers["Authorization"] = f"Bearer token of {self.name}"
        response = self.app.test_client().open(
            PREFIX + path, method=method, headers=headers, **more
        )
        assert b"Traceback" not in response.get_data()
        check(method, path, response)
        return response

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        if "data" not in more:
            more["json"] = {} if body is None else body
        return self.call("POST", path, **more)

    def record(
        self, number: str, noun: str, /, key: str | None = None, **body: Any
    ) -> TestResponse:
        headers = {"Idempotency-Key": key} if key else {}
        return self.post(f"/complaints/{number}/{noun}", body, headers=headers)


@dataclass
class Programs:
    """The people of the organisation, each with a program of their own; `nobody` has no token."""

    app: Flask

    def __call__(self, name: str | None, language: str = "en") -> Caller:
        return Caller(self.app, name, language)

    @property
    def csr(self) -> Caller:
        return self("csr")

    @property
    def officer(self) -> Caller:
        return self("officer")

    @property
    def supervisor(self) -> Caller:
        return self("supervisor")

    @property
    def nobody(self) -> Caller:
        return self(None)


class Clock:
    """The time at the edge; it stands still unless a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database with the rules of config/ and everybody hired."""
    url = databases.fresh(staff)
    yield url
    databases.drop(url)


@pytest.fixture
def time(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What the edge reads when it asks for the time."""
    standing = Clock(now)
    monkeypatch.setattr(clock, "now", standing.now)
    return standing


@pytest.fixture
def programs(app: Flask, time: Clock) -> Programs:
    """Callers of the API."""
    # Some tests call more often than a program should; the limit has its own.
    app.extensions["calls of the API"] = CallLimits(0)
    return Programs(app)


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    """The same database from inside, to see what a call has left."""
    with Session(engine, expire_on_commit=False) as session:
        yield Office(engine, session)


COMPLAINT: dict[str, Any] = {
    "customer": {
        "name": "Siti Aminah",
        "salutation": "Ibu",
        "phone": "0812 3456 7890",
        "email": "siti@pelanggan.example",
    },
    "channel": "walk_in",
    "category": "GGN_MATI",
    "story": "Internet di rumah mati sejak kemarin sore.",
}


@pytest.fixture
def number(programs: Programs) -> str:
    """A complaint recorded by the CSR of Jakarta."""
    response = programs.csr.post("/complaints", COMPLAINT)
    assert response.status_code == 201, response.json
    return str(response.json["number"])
