"""Starting the programme: what it refuses, who ends with whom, and where customers' links lead."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from complaints.cli import main
from complaints.commands.webserver import open_listener
from complaints.settings import links_lead_here, read_settings

ROOT = Path(__file__).resolve().parents[2]
PATIENT_SECONDS = 30


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("127.0.0.1", 8931, "http://127.0.0.1:8931"),
        ("0.0.0.0", 8000, "http://127.0.0.1:8000"),
        ("::1", 8080, "http://[::1]:8080"),
        ("keluhan.kantor.example", 80, "http://keluhan.kantor.example:80"),
    ],
)
def test_links_lead_to_where_the_web_process_listens(monkeypatch, host, port, address):
    monkeypatch.setenv("TANGGAP_BASE_URL", "")
    links_lead_here(host, port)
    assert read_settings().base_url == address


def test_an_address_that_was_set_stays(monkeypatch):
    monkeypatch.setenv("TANGGAP_BASE_URL", "https://keluhan.example")
    links_lead_here("127.0.0.1", 8931)
    assert os.environ["TANGGAP_BASE_URL"] == "https://keluhan.example"


def complaints(database, *words, wait=True):
    """The programme as a person starts it; its status and what it says on standard error."""
    process = subprocess.Popen(
        [sys.executable, "-m", "complaints", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database, "SECRET_KEY": "x" * 48},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if not wait:
        return process
    _, said = process.communicate(timeout=PATIENT_SECONDS)
    return process.returncode, said


@pytest.mark.parametrize("words", [("run",), ("web",), ("worker",)])
def test_nothing_starts_on_a_database_that_is_not_migrated(tmp_path, monkeypatch, words):
    monkeypatch.setenv("TANGGAP_BASE_URL", "http://127.0.0.1:8000")
    here = {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db", "SECRET_KEY": "x" * 48}
    answer = CliRunner(env=here).invoke(main, words)
    assert answer.exit_code == 2
    assert answer.output.startswith("The database is not migrated to this version; run `complai")


@pytest.mark.parametrize(
    "words",
    [
        ("web", "--port", "99999"),
        ("web", "--port", "0"),
        ("run", "--workers", "0"),
        ("run", "--workers", "-1"),
        ("demo", "--complaints", "-5"),
    ],
    ids=" ".join,
)
def test_numbers_that_make_no_sense_are_refused(words):
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == 2
    assert "is not in the range" in answer.output


def test_the_version_is_told():
    assert CliRunner().invoke(main, ["--version"]).output.startswith("Tanggap 0.")


def test_web_and_worker_live_and_die_together_on_a_port_of_their_own(tmp_path):
    database = f"sqlite:///{tmp_path}/tanggap.db"
    assert complaints(database, "init")[0] == 0
    with open_listener("127.0.0.1", 0) as probe:
        port = str(probe.getsockname()[1])
    first = complaints(database, "run", "--port", port, "--workers", "1", wait=False)
    try:
        while "Ctrl-C" not in first.stdout.readline():
            pass
        # The listener is open before anybody is behind it: nobody is turned away meanwhile.
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            assert answer.read().startswith(b"ready")
        status, said = complaints(database, "web", "--port", port)
        assert status == 2
        assert said.startswith(f"Port {port} on 127.0.0.1 cannot be used: address already in use.")
        first.send_signal(signal.SIGKILL)
        # Both pipes end when the last of the processes that hold them has ended.
        first.communicate(timeout=PATIENT_SECONDS)
        open_listener("127.0.0.1", int(port)).close()
    finally:
        first.kill()
        first.communicate()
