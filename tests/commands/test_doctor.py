"""What `complaints doctor` says of the engine, line by line."""

from __future__ import annotations

import json
import socket
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.cli import main
from complaints.commands.doctor import _links, examine
from complaints.commands.finding import Finding
from complaints.models import OutboxMessage, Timer, User
from complaints.settings import read_settings
from tests.conftest import NOW
from tests.office import Office
from tests.signs import leave_sign
from tests.steps.conftest import database_url, office

pytestmark = pytest.mark.both_databases

__all__ = ["database_url", "office"]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ask(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`ask(at)`: the doctor's findings by name."""

    def ask(at: datetime = NOW) -> dict[str, Finding]:
        monkeypatch.setattr(clock, "now", lambda: at)
        office.session.commit()
        settings = {
            "DATABASE_URL": office.engine.url.render_as_string(hide_password=False),
            "SECRET_KEY": "a key for tests only, long enough",
            "SMTP_URL": f"file://{tmp_path / 'mail'}",
        }
        return {each.name: each for each in examine(settings)}

    return ask


def test_a_house_at_work_is_well(office: Office, ask):
    office.receive()
    found = ask()
    assert [found[name].is_well for name in ("deadline monitor", "scheduled jobs", "post")] == [
        True
    ] * 3
    assert (
        found["deadline monitor"].what == "0 scheduled jobs due, 0 of them late, 0 workers active"
    )


@pytest.mark.parametrize(
    ("base", "mail", "warns"),
    [
        ("", "smtp://127.0.0.1:9", True),
        ("http://127.0.0.53:8000", "smtps://post.example", True),
        ("http://[::1]:8000", "smtp://post.example", True),
        ("http://0.0.0.0:8000", "smtp://post.example", True),
        ("http://LOCALHOST", "smtp://post.example", True),
        ("https://keluhan.example", "smtp://post.example", False),
        ("https://localhost.example", "smtp://post.example", False),
        ("http://10.0.0.5:8000", "smtp://post.example", False),
        ("", "file:///mail", False),
    ],
)
def test_links_that_open_nowhere_else_are_told(base: str, mail: str, warns: bool):
    settings = read_settings({"TANGGAP_BASE_URL": base, "SMTP_URL": mail, "SECRET_KEY": "x" * 40})
    found = _links(settings)
    assert (found.is_well, found.is_warning) == (True, warns)
    assert ("TANGGAP_BASE_URL" in found.what) is warns


def test_that_nobody_sends_what_waits_is_told(office: Office, ask):
    number = office.receive()
    office.walk(number, to="020-1.6")
    assert "nobody sends" not in ask(office.at + 9 * MINUTE)["post"].what
    found = ask(office.at + 11 * MINUTE)["post"]
    assert not found.is_well
    assert "; nobody sends them since 2026-11-19 " in found.what
    leave_sign(sessionmaker(office.engine), "deliver", office.at + 10 * MINUTE)
    assert "nobody sends" not in ask(office.at + 11 * MINUTE)["post"].what


def test_line_managers_who_answer_no_escalations_are_named(office: Office, ask):
    assert ask()["line managers"].line == (
        "ok   line managers: everybody's is a supervisor or a manager"
    )
    for name in ("csr", "csr2"):
        office.session.get_one(User, office.id_of(name)).supervisor_id = office.id_of("officer")
    found = ask()["line managers"]
    assert (found.is_well, found.is_warning) == (True, True)
    for name in ("csr", "csr2"):
        assert f"{name}@tanggap.example answers to officer@tanggap.example" in found.what
    office.session.get_one(User, office.id_of("csr2")).is_active = False
    assert "csr2@" not in ask()["line managers"].what


def test_without_a_worker_it_asks_for_one(office: Office, ask):
    office.receive()
    assert ask(NOW + 10 * MINUTE)["deadline monitor"].is_well
    found = ask(NOW + 40 * MINUTE)["deadline monitor"]
    assert not found.is_well
    assert found.what.endswith("is a worker running?")


def test_a_worker_that_lives_and_is_behind_is_told_apart(office: Office, ask):
    office.receive()
    leave_sign(sessionmaker(office.engine), "fire", NOW + 40 * MINUTE)
    found = ask(NOW + 40 * MINUTE)["deadline monitor"]
    assert (found.is_well, "working on them" in found.what) == (False, True)


def test_lost_timers_are_told_and_left_to_the_auditor(office: Office, ask):
    office.receive()
    office.session.execute(delete(Timer))
    office.session.commit()
    found = ask()["scheduled jobs"]
    assert (found.is_well, found.what.startswith("4 missing, 0 without")) == (False, True)
    assert office.count(Timer) == 0


def test_post_given_up_is_told(office: Office, ask):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.execute(update(OutboxMessage).values(state="failed"))
    office.session.commit()
    assert not ask()["post"].is_well


def test_a_sign_of_life_from_the_future_is_none(office: Office, ask):
    leave_sign(sessionmaker(office.engine), "fire", NOW + 60 * MINUTE)
    found = ask()["deadline monitor"]
    assert not found.is_well
    assert "lies in the future (2026-11-19 03:15:00 UTC)" in found.what
    assert "the clock was set back" in found.what
    leave_sign(sessionmaker(office.engine), "fire", NOW)
    assert ask()["deadline monitor"].is_well


# What stands outside the database


def outside(tmp_path: Path, **given: str) -> dict[str, Finding]:
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/none.db",
        "SECRET_KEY": "a key for tests only, and a long one at that",
        "SMTP_URL": f"file://{tmp_path / 'mail'}",
        **given,
    }
    return {each.name: each for each in examine(settings)}


def test_a_mail_server_without_an_address_or_an_answer_is_told(tmp_path: Path):
    nowhere = outside(tmp_path, SMTP_URL="smtp://post.invalid:2525")["mail"]
    assert (nowhere.is_well, "no address of that name" in nowhere.what) == (False, True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        there = outside(tmp_path, SMTP_URL=f"smtp://127.0.0.1:{port}")["mail"]
    assert (there.is_well, there.what) == (
        True,
        f"smtp through 127.0.0.1, port {port}, which is 127.0.0.1",
    )
    gone = outside(tmp_path, SMTP_URL=f"smtp://127.0.0.1:{port}")["mail"]
    assert (gone.is_well, "takes no connection" in gone.what) == (False, True)


@pytest.mark.parametrize(
    ("key", "is_well"), [("ab" * 24, False), ("k7Fq-29xLmPz_wR4tVbN8sYc3hJd6gAe", True)]
)
def test_the_secret_key_is_weighed_and_never_shown(tmp_path: Path, key: str, is_well: bool):
    found = outside(tmp_path, SECRET_KEY=key)
    assert found["secret key"].is_well is is_well
    assert all(key not in each.what for each in found.values())


def test_the_doctor_speaks_json(tmp_path: Path):
    given = {"DATABASE_URL": f"sqlite:///{tmp_path}/none.db", "SECRET_KEY": "k7Fq-29xLmPz_wR4" * 2}
    given["TANGGAP_TRUSTED_PROXIES"] = "1"
    done = CliRunner().invoke(main, ["doctor", "--json"], env=given)
    assert done.exit_code == 1
    findings = json.loads(done.stdout)["findings"]
    assert {key: value for key, value in findings[-1].items() if key != "what"} == {
        "name": "database",
        "ok": False,
        "warning": False,
    }
    told = {True: "ok", False: "FAIL"}
    lines = [
        f"{told[each['ok']] if not each['warning'] else 'warn':4} {each['name']}: {each['what']}"
        for each in findings
    ]
    assert CliRunner().invoke(main, ["doctor"], env=given).stdout.splitlines() == lines


def test_where_answers_go_and_what_signs_mail_is_told(tmp_path: Path):
    found = outside(tmp_path)
    assert found["answers by mail"].what == "letters name no address for them"
    assert found["mail signature"].is_well
    dkim = {"DKIM_DOMAIN": "tanggap.example", "DKIM_SELECTOR": "surat"}
    found = outside(
        tmp_path,
        TANGGAP_REPLY_ADDRESS="keluhan@tanggap.example",
        DKIM_KEY_FILE=str(tmp_path / "none.pem"),
        **dkim,
    )
    assert (
        found["answers by mail"].what == "letters ask for them at keluhan+<token>@tanggap.example"
    )
    assert not found["mail signature"].is_well
    assert "cannot be read" in found["mail signature"].what
