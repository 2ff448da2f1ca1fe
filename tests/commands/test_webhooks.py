"""`complaints webhook`: endpoints added and listed at the terminal."""

from __future__ import annotations

import json

import pytest

from complaints.outbox.webhooks import lookup
from tests.commands.test_people import Run, database_url, office, run

__all__ = ["database_url", "office", "run"]

URL = "https://hooks.example.com/in"


@pytest.fixture(autouse=True)
def _public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "ask_name_server", lambda host, port: ["8.8.8.8"])


def test_an_endpoint_is_added_and_listed(run: Run):
    add = ("webhook", "add", "--url", URL, "--event", "complaint.close")
    made = json.loads(run(*add, "--json").stdout)
    assert made == {
        "id": 1,
        "url": URL,
        "events": ["complaint.close"],
        "secret": made["secret"],
    }
    assert made["secret"].startswith("whsec_")
    assert run("webhook", "add", "--url", URL).stdout.startswith("whsec_")
    items = json.loads(run("webhook", "list", "--json").stdout)["items"]
    assert [(each["id"], each["events"], each["active"]) for each in items] == [
        (2, [], True),
        (1, ["complaint.close"], True),
    ]
    assert "all events, on, waiting 0" in run("webhook", "list").stdout


@pytest.mark.parametrize(
    "more",
    [("--url", "http://hooks.example.com/"), ("--url", URL, "--event", "complaint.nothing")],
)
def test_what_cannot_be_added_is_one_clear_line(run: Run, more: tuple[str, ...]):
    refused = run("webhook", "add", *more, status=2)
    assert refused.stderr.count("\n") == 1
