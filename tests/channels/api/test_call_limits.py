"""How many calls a key may make in a minute: counted by key, told in headers, refused beyond."""

from __future__ import annotations

import multiprocessing

import pytest
from flask import Flask

from complaints.channels.call_limits import PLACES, CallLimits
from tests.channels.api.conftest import COMPLAINT, Programs


@pytest.fixture
def programs_with_three(app: Flask) -> Programs:
    app.extensions["calls of the API"] = CallLimits(3)
    return Programs(app)


def test_every_answer_tells_how_many_calls_are_left(programs_with_three: Programs):
    csr = programs_with_three.csr
    left = [csr.get("/me").headers["RateLimit"].partition(";t=")[0] for _ in range(3)]
    assert left == ['"key";r=2', '"key";r=1', '"key";r=0']
    assert csr.get("/me").headers["RateLimit-Policy"] == '"key";q=3;w=60'


def test_what_goes_beyond_is_refused_and_does_nothing(programs_with_three: Programs):
    csr = programs_with_three.csr
    for _ in range(3):
        csr.get("/me")
    refused = csr.post("/complaints", COMPLAINT)
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert refused.json["type"] == "urn:tanggap:problem:too-soon"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"key";r=0;t=')
    # Somebody else's key is not touched by it, and nothing was recorded.
    assert programs_with_three.supervisor.get("/complaints").json["items"] == []


def test_a_wrong_key_is_told_nothing_and_takes_no_room(programs_with_three: Programs):
    for _ in range(5):
        refused = programs_with_three.nobody.get("/me")
        assert refused.status_code == 401
        assert "RateLimit" not in refused.headers
    assert not any(programs_with_three.app.extensions["calls of the API"]._cells)


def test_no_limit_tells_nothing(app: Flask):
    app.extensions["calls of the API"] = CallLimits(0)
    answer = Programs(app).csr.get("/me")
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


def test_a_new_minute_begins_from_nothing():
    limits = CallLimits(2)
    assert [limits.take(7, 119.0).is_allowed for _ in range(3)] == [True, True, False]
    assert limits.take(7, 119.0).seconds == 1
    fresh = limits.take(7, 120.0)
    assert (fresh.is_allowed, fresh.remaining, fresh.seconds) == (True, 1, 60)


def test_keys_that_meet_in_a_place_are_counted_apart():
    limits = CallLimits(2)
    keys = [5, 5 + PLACES, 5 + 2 * PLACES, 6]
    for _ in range(2):
        assert all(limits.take(each, 0.0).is_allowed for each in keys)
    assert not any(limits.take(each, 0.0).is_allowed for each in keys)


def test_more_keys_than_there_is_room_for_are_let_through():
    limits = CallLimits(1)
    keys = [PLACES * n for n in range(1, 40)]
    assert all(limits.take(each, 0.0).is_allowed for each in keys)
    assert any(limits.take(each, 0.0).is_allowed for each in keys)


def _call(limits: CallLimits, times: int) -> None:
    for _ in range(times):
        limits.take(7, 0.0)


def test_processes_count_together():
    limits = CallLimits(100)
    fork = multiprocessing.get_context("fork")
    for _ in range(2):
        child = fork.Process(target=_call, args=(limits, 30))
        child.start()
        child.join()
    assert limits.take(7, 0.0).remaining == 39
