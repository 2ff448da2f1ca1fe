"""`complaints user` and `complaints token`: what they do, print and refuse in one clear line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from complaints import clock
from complaints.cli import main
from complaints.domain.accounts.login_delay import PATIENCE, ThrottleScope
from complaints.models import User
from complaints.people.failed_logins import ThrottleKeys, note_failure
from complaints.people.passwords import check_password
from tests.conftest import NOW
from tests.office import PEOPLE, Office
from tests.steps.conftest import database_url, office

__all__ = ["database_url", "office"]

Run = Callable[..., Result]
CSR = "csr@tanggap.example"


@pytest.fixture
def run(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("user", "list")`: the command on the office's database."""
    office.session.commit()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setenv("DATABASE_URL", office.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, long enough")
    monkeypatch.chdir(tmp_path)

    def run(*given: str, typed: str | bytes | None = None, status: int = 0) -> Result:
        result = CliRunner().invoke(main, list(given), input=typed)
        assert result.exit_code == status, (result.stdout, result.stderr)
        assert "Traceback" not in result.output
        office.session.expire_all()
        return result

    return run


def account(office: Office, email: str = CSR) -> User:
    found = office.session.scalars(select(User).where(User.email == email)).one()
    office.session.commit()
    return found


def items(result: Result) -> list[dict[str, object]]:
    return json.loads(result.stdout)["items"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_a_password_is_taken_whole_but_for_the_end_of_its_line(run: Run, office: Office, ending):
    password = "  spasi di ujung "
    address = f"baru{len(ending)}@tanggap.example"
    add = ("user", "add", "--email", address, "--role", "csr", "--password-stdin")
    run(*add, typed=(password + ending).encode())
    kept = account(office, address)
    assert check_password(kept.password_hash, password).is_right
    assert not check_password(kept.password_hash, password.strip()).is_right
    assert not kept.must_change_password


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--email", "not an address"), "valid email address"),
        (("--email", "CSR@tanggap.example"), "already an account"),
        (("--email", "a@tanggap.example", "--supervisor", "who@x.id"), "line manager"),
        (("--email", "a@tanggap.example", "--branch", "XXX"), "no branch XXX"),
        (("--email", "a@tanggap.example", "--team", "XXX"), "no unit XXX"),
    ],
)
def test_who_cannot_be_added_is_one_clear_line(run: Run, more: tuple[str, ...], sentence: str):
    result = run("user", "add", "--role", "csr", *more, status=2)
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_everybody_is_listed(run: Run, office: Office):
    found = {each["email"]: each for each in items(run("user", "list", "--json"))}
    assert set(found) == {f"{name}@tanggap.example" for name in PEOPLE}
    assert found["officer@tanggap.example"] == {
        "email": "officer@tanggap.example",
        "name": "Joko",
        "role": "officer",
        "branch": "JKT",
        "team": "TEKNIK",
        "supervisor": "supervisor@tanggap.example",
        "active": True,
        "has_password": False,
        "locked_seconds": 0,
    }
    assert "manager@tanggap.example: Manager, manager, head office" in run("user", "list").stdout


def test_an_account_is_changed(run: Run, office: Office):
    change = ("--role", "officer", "--team", "TAGIHAN", "--branch", "", "--name", "Rina")
    done = json.loads(
        run("user", "edit", "--email", "CSR@Tanggap.example", *change, "--json").stdout
    )
    changed = ["branch", "name", "role", "team"]
    assert done == {"email": CSR, "changed": changed, "complaints": 0, "to": ""}
    assert (account(office).role, account(office).branch_id) == ("officer", None)
    assert "Nothing to change" in run("user", "edit", "--email", CSR, *change).stdout
    assert "no account" in run("user", "edit", "--email", "x@y.id", *change, status=2).stderr
    run("user", "edit", "--email", CSR, status=2)


def test_a_new_password_is_printed_once_or_read(run: Run, office: Office):
    shown = json.loads(run("user", "password", "--email", CSR, "--json").stdout)
    assert check_password(account(office).password_hash, shown["password"]).is_right
    assert account(office).must_change_password
    given = ("user", "password", "--email", CSR, "--password-stdin")
    assert "kalimat" not in run(*given, typed="kalimat baru 2026\n").output
    assert check_password(account(office).password_hash, "kalimat baru 2026").is_right
    assert "at least 10" in run(*given, typed="pendek\n", status=2).stderr
    assert "at least 10" in run(*given, typed="", status=2).stderr


def test_a_locked_account_is_shown_and_unlocked(run: Run, office: Office):
    throttle = ThrottleKeys.of_login(CSR, "192.0.2.1", None)
    for _ in range(PATIENCE[ThrottleScope.PAIR].locks_at):
        note_failure(office.session, throttle, NOW)
    office.session.commit()
    found = {each["email"]: each["locked_seconds"] for each in items(run("user", "list", "--json"))}
    assert {email for email, seconds in found.items() if seconds} == {CSR}
    assert found[CSR] == 900
    done = json.loads(run("user", "unlock", "--email", CSR, "--json").stdout)
    assert done == {"email": CSR, "failures": 10}
    assert not any(each["locked_seconds"] for each in items(run("user", "list", "--json")))


def test_a_key_is_made_listed_and_ended(run: Run, office: Office):
    made = run("token", "add", "--email", "Csr@tanggap.example", "--scope", "read", "--json")
    secret = json.loads(made.stdout)["token"]
    listed = run("token", "list", "--json")
    assert secret not in listed.stdout
    newest = items(listed)[0]
    assert (newest["email"], newest["scope"], newest["state"]) == (CSR, "read", "valid")
    assert newest["expires_at"] == "2027-11-19T02:15:00+00:00"
    run("token", "revoke", str(newest["id"]))
    assert items(run("token", "list", "--json"))[0]["state"] == "revoked"
    assert "does not exist" in run("token", "revoke", "999999", status=2).stderr
    for scope in ("everything", "READ"):
        refused = run("token", "add", "--email", CSR, "--scope", scope, status=2)
        assert "no scope" in refused.stderr
