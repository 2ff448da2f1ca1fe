"""Who may read the figures for Prometheus: this machine, or whoever has the token."""

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.extensions import db
from tests.signs import leave_sign

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def status(app: Flask, token: str = "", **environment: str) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = app.test_client().get("/metrics", headers=headers, environ_overrides=environment)
    assert (b"tanggap_complaints 0.0" in answer.data) == (answer.status_code == 200)
    return answer.status_code


def test_without_a_token_only_this_machine_may_read(app):
    assert status(app) == 200
    assert status(app, **ELSEWHERE) == 404
    assert status(app, "guessed", **ELSEWHERE) == 404


@pytest.mark.parametrize(("token", "expected"), [("", 404), ("guessed", 404), ("agreed", 200)])
def test_where_there_is_a_token_it_opens_from_everywhere_and_nothing_else_does(
    app, token, expected
):
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(settings, metrics_token="agreed")
    assert status(app, token) == expected
    assert status(app, token, **ELSEWHERE) == expected


def test_whoever_asks_whether_we_are_ready_hears_whether_a_worker_runs(app):
    def said() -> str:
        return app.test_client().get("/readyz").text

    with app.app_context():
        sessions = sessionmaker(db.engine)
    now = clock.now()
    assert said() == "ready\n"
    for away in (timedelta(hours=1), -timedelta(hours=1)):
        leave_sign(sessions, "fire", now + away)
        assert said() == "ready; the deadline monitor is not active\n"
    leave_sign(sessions, "fire", now)
    assert said() == "ready\n"
