"""Who may read the figures for Prometheus, and what is said of a database in trouble."""

import dataclasses
from datetime import timedelta
from ipaddress import ip_network

import psycopg
import pytest
from flask import Flask
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.extensions import db
from complaints.trouble import Trouble
from complaints.web.monitoring import health
from tests.signs import leave_sign

pytestmark = pytest.mark.both_databases

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def status(app: Flask, token: str = "", **environment: str) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = app.test_client().get("/metrics", headers=headers, environ_overrides=environment)
    assert (b"tanggap_timers_due 0.0" in answer.data) == (answer.status_code == 200)
    return answer.status_code


def test_without_a_token_only_this_machine_may_read(app):
    assert status(app) == 200
    assert status(app, **ELSEWHERE) == 404
    assert status(app, "guessed", **ELSEWHERE) == 404


def test_the_kind_of_what_is_read_is_the_one_prometheus_knows(app):
    kind = app.test_client().get("/metrics").headers["Content-Type"]
    assert kind == CONTENT_TYPE_LATEST


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host"]
)
def test_what_a_proxy_on_this_machine_hands_on_may_not_read(app, header):
    answer = app.test_client().get("/metrics", headers={header: "198.51.100.1"})
    assert answer.status_code == 404


def test_a_proxy_that_says_nothing_of_itself_may_not_read(app):
    settings = app.config["SETTINGS"]
    assert app.test_client().get("/metrics", base_url="http://keluhan.example").status_code == 404
    public = dataclasses.replace(settings, base_url="https://keluhan.example")
    app.config["SETTINGS"] = public
    assert status(app) == 404
    app.config["SETTINGS"] = dataclasses.replace(settings, trusted_proxies=1)
    assert status(app) == 404
    peers = (ip_network("192.0.2.1"),)
    app.config["SETTINGS"] = dataclasses.replace(settings, trusted_peers=peers)
    assert status(app) == 404


def test_each_job_is_told_by_its_label(app):
    with app.app_context():
        leave_sign(sessionmaker(db.engine), "fire", clock.now())
    said = app.test_client().get("/metrics").text
    for name in ("heartbeat_age_seconds", "job_lag_seconds", "job_handled"):
        assert f'tanggap_{name}{{job="fire"}} ' in said


def test_signs_of_life_are_read_once(app, counted):
    with app.app_context():
        for job in ("fire", "audit"):
            leave_sign(sessionmaker(db.engine), job, clock.now())
    with counted() as queries:
        said = app.test_client().get("/metrics").text
    assert len([each for each in queries if "FROM heartbeats" in each]) == 1
    assert "tanggap_standstill 0.0" in said


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


def test_that_letters_wait_and_nobody_sends_them_is_said(app, office, at_desk, wall):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    with app.app_context():
        sessions = sessionmaker(db.engine)
    client, wall.at = app.test_client(), office.at + timedelta(minutes=9)
    leave_sign(sessions, "fire", wall.at)
    nobody = "messages wait and nobody sends them"
    warning = "Email menunggu dan tidak ada yang mengirimnya"
    assert client.get("/readyz").text == "ready\n"
    wall.at = office.at + timedelta(minutes=11)
    leave_sign(sessions, "fire", wall.at)
    assert client.get("/readyz").text == f"ready; {nobody}\n"
    assert "tanggap_post_standstill 1.0" in client.get("/metrics").text
    assert warning in at_desk("admin").get("/admin/engine").main
    leave_sign(sessions, "deliver", wall.at + timedelta(hours=1))
    assert nobody in client.get("/readyz").text
    leave_sign(sessions, "deliver", wall.at)
    assert client.get("/readyz").text == "ready\n"
    assert "tanggap_post_standstill 0.0" in client.get("/metrics").text
    assert warning not in at_desk("admin").get("/admin/engine").main


def ready(app: Flask) -> tuple[int, str]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.text


def test_ready_says_what_is_in_the_way_of_recording(app, monkeypatch):
    assert ready(app) == (200, "ready\n")
    for trouble, said in (
        (Trouble.READ_ONLY, "the database can only be read\n"),
        (Trouble.FULL, "the disk is full\n"),
    ):
        monkeypatch.setattr(health, "foreseen", lambda _, trouble=trouble: trouble)
        assert ready(app) == (503, said)


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("55P03", "Sistem sedang sibuk"),
        ("25006", "Saat ini tidak ada yang dapat dicatat"),
        ("53100", "Diska sistem penuh"),
    ],
)
def test_a_page_says_what_is_in_the_way(app, monkeypatch, state, heading):
    error = InternalError("SELECT", {}, psycopg.errors.lookup(state)("siti@example.id"))

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(health, "is_at_head", fail)
    status, page = ready(app)
    assert status == 503
    assert heading in page
    assert "siti" not in page
