"""What a command writes is sealed, however little of the programme it loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.commands.test_people import CSR, Run, database_url, office, run

pytestmark = pytest.mark.both_databases

__all__ = ["database_url", "office", "run"]


@pytest.mark.parametrize(
    "command",
    [
        ("token", "add", "--email", CSR),
        ("webhook", "add", "--url", "https://8.8.8.8/in"),
        ("user", "unlock", "--email", CSR),
    ],
)
def test_what_a_command_of_its_own_process_writes_is_sealed(run: Run, command: tuple[str, ...]):
    # In this process everything has been loaded already.
    made = [sys.executable, "-m", "complaints", *command]
    subprocess.run(made, check=True, capture_output=True, timeout=60)
    assert "bad" not in run("history", "verify").stdout.replace("bad: 0", "")
