"""Who may read the figures for Prometheus: this machine, or whoever has the token."""

import dataclasses

import pytest
from flask import Flask

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
