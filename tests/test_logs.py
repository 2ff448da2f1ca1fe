"""Logs: JSON from everybody, and nobody's data in them, whatever the database or a library says."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import Engine, text

from complaints.commands import console
from tests.office import Office
from tests.steps.conftest import database_url, office

__all__ = ["database_url", "office"]

EVERY_KIND = """
import logging, sys, threading
import structlog
from complaints.logs import start_logs
start_logs("info")
structlog.get_logger().info("ours", count=1)
try:
    raise ValueError("siti@pelanggan.example")
except ValueError:
    logging.getLogger("waitress").exception("Exception while serving %s", "/portal/secret-key")
    structlog.get_logger().error("caught", exc_info=True)
def fail():
    raise KeyError("0812-secret")
thread = threading.Thread(target=fail); thread.start(); thread.join()
raise RuntimeError("Siti Aminah")
"""


def test_every_line_is_json_and_holds_no_word_of_an_error():
    done = subprocess.run(
        [sys.executable, "-c", EVERY_KIND],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    events = [line["event"] for line in lines]
    assert events == ["ours", "Exception while serving %s", "caught", *["uncaught error"] * 2]
    assert [line["level"] for line in lines] == ["info", *["error"] * 4]
    assert all("timestamp" in line for line in lines)
    assert lines[1]["where"].startswith("ValueError")
    for secret in ("siti@", "secret", "Aminah"):
        # The place is told by the lines of the programme, and this programme is a text.
        assert secret not in done.stderr


def clash(engine: Engine, email: str) -> None:
    """Two clerks add the same person at the same instant; the database stops the second one."""
    insert = text(
        "INSERT INTO users (name, email, role, language, is_active, password_hash, session_number) "
        "SELECT name, email, role, language, is_active, '', 1 FROM users WHERE email = :email"
    )
    with engine.begin() as connection:
        connection.execute(insert, {"email": email})


def test_a_command_that_meets_a_clash_says_its_code_and_nobodys_address(
    office: Office, capsys: pytest.CaptureFixture[str]
):
    address = office.session.scalar(text("SELECT email FROM users ORDER BY id LIMIT 1"))
    office.session.commit()
    with pytest.raises(SystemExit) as ended, console.one_clear_line():
        clash(office.engine, address)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert address.partition("@")[0] not in said
    assert len(said.splitlines()) == 1
    assert "clashes with another one" in said


def test_a_mistake_of_ours_is_told_by_its_place(capsys: pytest.CaptureFixture[str]):
    address = "@".join(("siti", "pelanggan.example"))
    with pytest.raises(SystemExit) as ended, console.one_clear_line():
        raise RuntimeError(address)
    said = capsys.readouterr().err
    assert ended.value.code == 70
    assert said.startswith("Something went wrong on our side: RuntimeError")
    assert address not in said
