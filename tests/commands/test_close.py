"""`complaints user close`: what is open has to go somewhere."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from complaints.cli import main
from complaints.commands.doctor import examine
from complaints.models import User
from tests.office import Office
from tests.people.conftest import database_url, office

__all__ = ["database_url", "office"]

KEY = "a key for tests only, and a long one at that"


@pytest.fixture
def close(office: Office, database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SECRET_KEY", KEY)

    def close(*options: str) -> Result:
        return CliRunner().invoke(main, ["user", "close", *options])

    return close


def test_open_work_needs_an_answer_and_goes_where_it_says(office: Office, close):
    number = office.receive()
    refused = close("--email", "csr@tanggap.example")
    assert refused.exit_code == 2
    assert "still has open work on one complaint" in refused.output
    assert office.session.get_one(User, office.id_of("csr")).is_active
    office.session.rollback()
    supervisor = "supervisor@tanggap.example"
    done = close("--email", "CSR@tanggap.example", "--hand-over-to", supervisor, "--json")
    assert json.loads(done.output) == {
        "closed": "csr@tanggap.example",
        "complaints": 1,
        "to": "Supervisor",
    }
    assert office.complaint(number).handler_id == office.id_of("supervisor")


def test_the_places_of_whoever_leaves_need_an_answer_each(office: Office, close):
    who = ("--email", "supervisor@tanggap.example", "--json")
    refused = close(*who)
    assert refused.exit_code == 2
    assert "answer to Supervisor" in refused.output
    assert "Csr" in refused.output
    itself = close(*who, "--superior", "Supervisor@tanggap.example")
    assert "no other user with this email address" in itself.output
    assert close(*who, "--superior", "manager@tanggap.example").exit_code == 0
    office.session.expire_all()
    csr = office.session.get_one(User, office.id_of("csr"))
    assert csr.supervisor_id == office.id_of("manager")


def test_with_none_the_line_of_the_branch_goes_on(office: Office, close):
    done = close("--email", "supervisor@tanggap.example", "--superior", "none")
    assert done.exit_code == 0, done.output
    office.session.expire_all()
    assert office.session.get_one(User, office.id_of("csr")).supervisor_id is None


def test_the_tray_and_a_colleague_are_two_answers(office: Office, close):
    both = close("--email", "csr@tanggap.example", "--to-tray", "--hand-over-to", "x@x.example")
    assert both.exit_code == 2
    assert close("--email", "nobody@tanggap.example").exit_code == 2


def test_the_doctor_counts_what_lies_with_nobody(office: Office, database_url: str):
    office.receive()
    office.session.get_one(User, office.id_of("csr")).is_active = False
    office.session.commit()
    found = {each.name: each for each in examine({"DATABASE_URL": database_url, "SECRET_KEY": KEY})}
    assert not found["owners"].is_well
    assert found["owners"].what.startswith("work on 1 complaints")
