"""`complaints intake`: what it prints for a message of a file or a pipe, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.test_people import Run, run
from tests.mails import bounce, mail
from tests.office import Office
from tests.steps.conftest import database_url, office

__all__ = ["database_url", "office", "run"]


def test_a_message_of_a_file_is_taken_in(run: Run, tmp_path: Path):
    (tmp_path / "surat.eml").write_bytes(mail())
    told = json.loads(run("intake", "surat.eml", "--json").stdout)
    assert told == {"action": "created", "number": "KLH-2026-000001", "reason": "new"}
    again = json.loads(run("intake", "surat.eml", "--json").stdout)
    assert again == {
        "action": "ignored",
        "number": "KLH-2026-000001",
        "reason": "already_taken",
    }


@pytest.mark.parametrize("given", [["-"], []])
def test_a_message_is_piped_in(run: Run, given: list[str]):
    assert json.loads(run("intake", "--json", *given, typed=mail()).stdout)["action"] == "created"


def test_what_waits_for_a_person_was_taken_in_all_the_same(run: Run):
    # A mail server that hands it on would send it back to the customer otherwise.
    told = json.loads(run("intake", "--json", typed=b"\xff\xfe" * 50).stdout)
    assert told == {"action": "quarantined", "number": None, "reason": "no_sender"}
    assert json.loads(run("intake", "--json", typed=bounce("<a@b.example>")).stdout) == {
        "action": "bounce",
        "number": None,
        "reason": "unmatched",
    }


def test_without_json_each_figure_has_its_line(run: Run):
    assert run("intake", typed=mail()).stdout.splitlines() == [
        "action: created",
        "number: KLH-2026-000001",
        "reason: new",
    ]


@pytest.mark.parametrize("given", ["tidak-ada.eml", "."])
def test_what_cannot_be_read_is_one_line(run: Run, given: str):
    told = run("intake", given, status=2)
    assert len(told.stderr.splitlines()) == 1


def test_nothing_is_no_message(run: Run, office: Office):
    told = run("intake", "--json", typed=b"\n\n", status=2)
    assert "nothing was there to read" in told.stderr
