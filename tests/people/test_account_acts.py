"""Nobody becomes somebody unseen: every act on an account leaves an entry, a log line, a letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import sessionmaker

from complaints.commands.verify import verify_all
from complaints.domain.accounts.acts import act_hash
from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.permissions import SYSTEM, Permission
from complaints.models import AccountEntry, ApiToken, OutboxMessage, User
from complaints.people import account_history
from complaints.people.account_edits import edit_account
from complaints.people.account_upkeep import (
    change_password,
    close_account,
    reopen_account,
    reset_password,
    revoke_token,
    unlock_account,
)
from complaints.people.accounts import add_token, add_user, check_name
from complaints.people.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD, hash_password
from complaints.queries.people.account_history import check_accounts
from complaints.signing import HistoryKey, history_key
from complaints.worker.day_seals import write_seals
from tests.office import PEOPLE, Office

pytestmark = pytest.mark.both_databases

PASSWORD = "kuda baterai staples"


def admin(office: Office) -> dict[str, object]:
    return {"by": office.actor("admin"), "at": office.at}


def entries(office: Office, name: str = "csr") -> list[str]:
    query = select(AccountEntry.what).where(AccountEntry.user_id == office.id_of(name))
    return list(office.session.scalars(query.order_by(AccountEntry.seq)))


def checked(office: Office) -> dict[str, Any]:
    """What verifying finds where no entry is from before there was a key."""
    return check_accounts(office.session, 0)


def letters(office: Office) -> list[tuple[str, str]]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "account").order_by(OutboxMessage.id)
    return [(row.to_address, row.facts["act"]) for row in office.session.scalars(query)]


def edit(office: Office, whose: str = "csr", by: str = "admin", **changes: str) -> frozenset[str]:
    who = {"by": office.actor(by), "at": office.at}
    return edit_account(office.session, office.rules, office.id_of(whose), changes, **who)[1]


def do_everything(office: Office) -> None:
    session, csr, by = office.session, office.id_of("csr"), admin(office)
    edit(office, role="officer", team="TAGIHAN")
    add_token(session, email="csr@tanggap.example", scope="read", **by)
    revoke_token(session, session.scalar(select(ApiToken.id).order_by(ApiToken.id.desc())), **by)
    reset_password(session, csr, **by)
    change_password(session, session.get(User, csr), hash_password(PASSWORD), office.at)
    unlock_account(session, csr, **by)
    close_account(session, csr, **by)
    reopen_account(session, csr, **by)
    session.commit()


def test_every_act_is_an_entry_and_a_line_in_the_log_without_a_name(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    said = []
    monkeypatch.setattr(account_history.log, "info", lambda event, **more: said.append(more))
    do_everything(office)
    acts = [
        *("edited", "token_added", "token_revoked", "password_reset", "password_changed"),
        *("unlocked", "closed", "reopened"),
    ]
    assert entries(office) == acts
    assert [each["act"] for each in said] == acts
    assert {each["account"] for each in said} == {office.id_of("csr")}
    assert not any(
        isinstance(value, str) and "@" in value for each in said for value in each.values()
    )
    assert checked(office) == {"checked": len(acts), "old": 0, "bad": []}


def test_the_person_is_written_to_where_somebody_could_act_in_their_name(office: Office):
    do_everything(office)
    to = "csr@tanggap.example"
    acts = ["edited", "token_added", "password_reset", "reopened"]
    assert letters(office) == [(to, act) for act in acts]


def test_a_new_address_is_told_to_the_old_one_too(office: Office):
    assert edit(office, email="Rina@Tanggap.example") == {"email"}
    assert letters(office) == [
        ("rina@tanggap.example", "edited"),
        ("csr@tanggap.example", "edited"),
    ]


@pytest.mark.parametrize(
    ("tamper", "why"),
    [
        ("UPDATE account_history SET by_name = 'Csr' WHERE what = 'password_reset'", "changed"),
        ("UPDATE account_history SET detail = '{}' WHERE what = 'edited'", "changed"),
        ("DELETE FROM account_history WHERE what = 'password_reset'", "missing"),
        ("DELETE FROM account_history WHERE what = 'reopened'", "end is missing"),
        ("DELETE FROM account_history", "end is missing"),
    ],
)
def test_a_history_that_was_tampered_with_shows_it(office: Office, tamper: str, why: str):
    do_everything(office)
    office.session.execute(text(tamper))
    bad = checked(office)["bad"]
    assert {each[0] for each in bad} == {office.id_of("csr")}
    assert any(why in each[2] for each in bad)


@pytest.mark.parametrize(
    ("tamper", "what"),
    [
        ("role = 'admin'", "role is admin; by the history it is officer"),
        ("email = 'x@y.example'", "email is x@y.example; by the history it is r@t.example"),
        ("is_active = false", "is_active is False; by the history it is True"),
    ],
)
def test_an_account_that_says_something_else_than_its_history_is_named(
    office: Office, tamper: str, what: str
):
    do_everything(office)
    edit(office, email="r@t.example")
    assert checked(office)["bad"] == []
    office.session.execute(text(f"UPDATE users SET {tamper} WHERE id = {office.id_of('csr')}"))
    assert [each[2] for each in checked(office)["bad"]] == [what]


def rewrite(office: Office, key: HistoryKey | None) -> None:
    """Make the whole history of an account anew, as somebody with the database but no key can."""
    end = ""
    query = select(AccountEntry).where(AccountEntry.user_id == office.id_of("csr"))
    for entry in office.session.scalars(query.order_by(AccountEntry.seq)).all():
        said = {name: getattr(entry, name) for name in ("user_id", "seq", "what", "at", "detail")}
        entry.by_id, entry.by_name = office.id_of("csr2"), "Csr2"
        entry.prev_hash, entry.key_id = end, key and key.id
        by = {"by_id": entry.by_id, "by_name": entry.by_name}
        entry.hash = end = act_hash(key and key.key, end, **said, **by)
    office.people["csr"].history_hash = end
    office.session.flush()


def test_a_history_that_was_made_anew_without_the_key_shows_it(office: Office):
    do_everything(office)
    rewrite(office, None)
    assert {each[2] for each in checked(office)["bad"]} == {"it is not signed"}
    rewrite(office, HistoryKey.made_of("another key, of somebody else's making"))
    assert all("a key that is not set here" in each[2] for each in checked(office)["bad"])
    rewrite(office, HistoryKey(history_key().id, b"guessed"))
    assert {each[2] for each in checked(office)["bad"]} == {"it was changed"}
    assert len(checked(office)["bad"]) == len(entries(office))


def test_entries_from_before_there_was_a_key_are_counted_as_old(office: Office):
    do_everything(office)
    rewrite(office, None)
    old = len(entries(office))
    assert check_accounts(office.session, None) == {"checked": old, "old": old, "bad": []}
    unlock_account(office.session, office.id_of("csr"), **admin(office))
    found = check_accounts(office.session, None)
    assert found == {"checked": old + 1, "old": old, "bad": []}
    office.session.execute(text("UPDATE account_history SET by_name = 'X' WHERE seq = 1"))
    assert check_accounts(office.session, None)["bad"][0][1:] == (1, "it was changed")


def test_verifying_the_history_names_the_account(office: Office, engine: Engine, tmp_path: Path):
    do_everything(office)
    sessions = sessionmaker(engine)
    assert verify_all(sessions, None, tmp_path)["bad"] == []
    assert verify_all(sessions, None, tmp_path)["checked"] == len(entries(office))
    office.session.execute(text("UPDATE account_history SET by_name = 'X' WHERE seq = 1"))
    office.session.commit()
    (bad,) = verify_all(sessions, None, tmp_path)["bad"]
    assert (bad["record"], bad["what"], bad["table"]) == (
        "account_history csr@tanggap.example 1",
        "it was changed",
        "account_history",
    )


@pytest.mark.parametrize("cut_behind", [0, 3])
def test_a_cut_that_the_account_fits_shows_against_the_daily_file(
    office: Office, engine: Engine, tmp_path: Path, cut_behind: int
):
    do_everything(office)
    sessions = sessionmaker(engine)
    assert write_seals(sessions, tmp_path, office.at) == 1
    assert write_seals(sessions, tmp_path, office.at) == 0
    unlock_account(office.session, office.id_of("csr"), **admin(office))
    office.session.commit()
    assert verify_all(sessions, None, tmp_path)["bad"] == []
    query = select(AccountEntry.hash).where(AccountEntry.seq == cut_behind)
    end = {"seq": cut_behind, "hash": office.session.scalar(query) or ""}
    office.session.execute(text("DELETE FROM account_history WHERE seq > :seq"), end)
    office.session.execute(
        text("UPDATE users SET history_seq = :seq, history_hash = :hash WHERE id = :id"),
        {**end, "id": office.id_of("csr")},
    )
    office.session.commit()
    (bad,) = verify_all(sessions, None, tmp_path)["bad"]
    assert bad["record"] == "account_history csr@tanggap.example 8"
    assert "not the history that was sealed" in bad["what"]


@pytest.mark.parametrize("end", [close_account, reset_password])
def test_keys_die_with_the_account_and_with_its_password(office: Office, end):
    before = office.people["csr"].session_number
    end(office.session, office.id_of("csr"), **admin(office))
    query = select(ApiToken).where(ApiToken.revoked_at.is_(None))
    assert office.id_of("csr") not in {each.user_id for each in office.session.scalars(query)}
    assert office.count(ApiToken) == len(PEOPLE)
    assert office.session.get(User, office.id_of("csr")).session_number == before + 1


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "admin"])
def test_only_administrators_touch_accounts(office: Office, name: str):
    session, csr, who = office.session, office.id_of("csr"), {"by": office.actor(name)}
    at = {"at": office.at}
    for act in (close_account, reopen_account, reset_password, unlock_account):
        with pytest.raises(Forbidden):
            act(session, csr, **who, **at)
    with pytest.raises(Forbidden):
        edit(office, by=name, role="admin")
    with pytest.raises(Forbidden):
        revoke_token(session, 1, **who, **at)
    with pytest.raises(Forbidden):
        add_token(session, email="admin@tanggap.example", scope="", **who, **at)
    with pytest.raises(Forbidden):
        add_user(session, office.rules, email="x@y.id", role="admin", **who, **at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "no address"}, "email"),
        ({"email": "OFFICER@tanggap.example"}, "email"),
        ({"role": "king"}, "role"),
        ({"branch": "XXX"}, "branch"),
        ({"team": "XXX"}, "team"),
        ({"supervisor": "nobody@tanggap.example"}, "supervisor"),
        ({"supervisor": "csr@tanggap.example"}, "supervisor"),
        ({"supervisor": "officer@tanggap.example"}, "supervisor"),
        ({"supervisor": "auditor@tanggap.example"}, "supervisor"),
        ({"supervisor": "admin@tanggap.example"}, "supervisor"),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(office: Office, changes, field: str):
    with pytest.raises(Invalid) as refused:
        edit(office, **changes)
    assert refused.value.field == field


def test_a_line_manager_is_found_in_any_case_and_makes_no_circle(office: Office):
    assert edit(office, supervisor=" Manager@Tanggap.EXAMPLE ") == {"supervisor"}
    with pytest.raises(Invalid, match="answers to this user"):
        edit(office, "manager", supervisor="supervisor@tanggap.example")
    office.session.rollback()
    made = add_user(
        office.session,
        office.rules,
        email="Dewi@tanggap.example",
        role="csr",
        supervisor="SUPERVISOR@tanggap.example",
        **admin(office),
    )
    assert made.supervisor_id == office.id_of("supervisor")
    with pytest.raises(Invalid, match="to be the line manager"):
        add_user(
            office.session,
            office.rules,
            email="budi@tanggap.example",
            role="csr",
            supervisor="unknown@tanggap.example",
            **admin(office),
        )


def test_whoever_has_people_stays_somebody_they_may_answer_to(office: Office):
    with pytest.raises(Invalid, match="Billing, Csr, Joko answer to this user") as refused:
        edit(office, "supervisor", role="csr")
    assert refused.value.field == "role"
    office.session.rollback()
    assert edit(office, "supervisor", role="manager") == {"role"}


def test_a_line_that_stands_from_before_hinders_no_other_change(office: Office):
    office.session.get_one(User, office.id_of("csr")).supervisor_id = office.id_of("officer")
    office.session.commit()
    kept = {"name": "Rina", "supervisor": "officer@tanggap.example"}
    assert edit(office, **kept) == {"name"}
    assert edit(office, "officer", name="Joko Susilo") == {"name"}


def test_what_is_so_already_is_no_change(office: Office):
    assert edit(office, name="Csr", email="CSR@tanggap.example", branch="JKT", team="") == set()
    assert entries(office) == []


def test_the_last_administrator_and_the_top_of_the_ladder_stay(office: Office):
    with pytest.raises(Refused, match="own role"):
        edit(office, "admin", role="csr")
    edit(office, "supervisor", supervisor="")
    with pytest.raises(Refused, match="top step"):
        edit(office, "manager", role="csr")


def test_where_there_is_no_administrator_yet_others_can_be_changed(office: Office):
    """Before the first one nobody is told that they are the last."""
    office.session.get_one(User, office.id_of("admin")).is_active = False
    office.session.commit()
    rules, changes = office.rules, {"name": "Rini"}
    _, changed = edit_account(
        office.session, rules, office.id_of("csr"), changes, by=SYSTEM, at=office.at
    )
    assert changed == {"name"}


@pytest.mark.parametrize("scope", ["write all", "admin", "READ", "read;write"])
def test_an_unknown_scope_is_refused(office: Office, scope: str):
    with pytest.raises(Invalid, match="no scope"):
        add_token(office.session, email="csr@tanggap.example", scope=scope, **admin(office))


@pytest.mark.parametrize("length", [SHORTEST_PASSWORD - 1, LONGEST_PASSWORD + 1])
def test_one_rule_of_length_holds_for_every_password(office: Office, length: int):
    with pytest.raises(Invalid, match="password"):
        hash_password("x" * length)


def test_auditors_hold_no_permission_that_writes():
    from complaints.domain.permissions import PERMISSIONS, Role

    reading = {Permission.VIEW, Permission.REPORTS, Permission.AUDIT}
    assert PERMISSIONS[Role.AUDITOR] == reading


def test_a_name_is_what_can_be_seen_of_it():
    assert check_name(" Rina\u200b  Sari ") == "Rina Sari"
    with pytest.raises(Invalid):
        check_name("\u200b\u2060")
