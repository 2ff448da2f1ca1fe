"""`complaints demo`: what somebody reads who starts it the first time, and again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from complaints.cli import main
from complaints.commands.serve import _greet
from complaints.settings import read_settings
from tests.seed.conftest import initialised_url

pytestmark = pytest.mark.both_databases

__all__ = ["initialised_url"]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def settings(initialised_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", initialised_url)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, long enough")


def demo() -> Result:
    result = CliRunner().invoke(main, ["demo", "--complaints", "1"])
    assert result.exit_code == 0, result.stderr
    return result


def test_it_says_that_it_takes_a_while_and_then_what_was_made():
    result = demo()
    assert "takes a minute" in result.stderr
    assert "users and" in result.stdout


def test_a_second_time_it_says_that_nothing_was_made():
    demo()
    assert demo().stdout == "Demo data is here already; nothing was made.\n"


@pytest.mark.parametrize(("level", "is_logged"), [("info", False), ("debug", True)])
def test_the_log_does_not_stand_between_what_it_says(
    initialised_url: str, level: str, is_logged: bool
):
    """As at a terminal, where standard error is read as well."""
    words = [sys.executable, "-m", "complaints", "demo", "--complaints", "1"]
    environment = {**os.environ, "DATABASE_URL": initialised_url, "LOG_LEVEL": level}
    ran = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("\n") == 1
    said = ran.stderr.splitlines()
    assert said[0] == "Looking for demo data; making it takes a minute or so."
    assert any("account_act" in line for line in said[1:]) is is_logged
    assert is_logged or len(said) == 1


def test_what_run_prints_sets_each_login_apart_from_its_seat(capsys: pytest.CaptureFixture[str]):
    demo()
    _greet(read_settings(), "127.0.0.1", 8000)
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if "@" in line]
    assert len(lines) > 7
    assert all(words[0].endswith("@tanggap.example") and len(words) > 1 for words in lines)
