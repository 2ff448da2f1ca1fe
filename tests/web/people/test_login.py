"""The door: who gets in, how it is shut, where it leads, and what it leaves in the browser."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from complaints.domain.errors import Refused
from complaints.models import LoginAttempt, User
from complaints.people.account_upkeep import close_account
from complaints.people.accounts import (
    MOST_FAILURES,
    WINDOW,
    Checked,
    begin_login,
    check_password,
    finish_login,
    hash_password,
    set_password,
)
from complaints.web.people import login

PASSWORD = "kuda baterai staples"


@pytest.fixture
def csr(office):
    set_password(office.people["csr"], PASSWORD)
    office.session.commit()
    return office.people["csr"]


def log_in(visitor, email="csr@tanggap.example", password=PASSWORD, status=302, path="/login"):
    page = visitor.get(path)
    return visitor.submit(page, "/login", status=status, email=email, password=password)


def test_the_right_password_opens_the_desk(visitor, csr):
    desk = visitor.follow(log_in(visitor, " CSR@tanggap.example "))
    assert desk.h1 == "Beranda"
    assert "Csr" in desk.one("header.top").text


def test_who_is_logged_in_is_not_asked_again(visitor, csr):
    log_in(visitor)
    assert visitor.get("/login", status=302).response.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("csr@tanggap.example", "wrong"),
        ("nobody@tanggap.example", PASSWORD),
        ("supervisor@tanggap.example", ""),
        ("", ""),
    ],
)
def test_a_wrong_word_says_so_and_keeps_the_address(visitor, csr, email, password):
    page = log_in(visitor, email, password, status=422)
    assert "Email atau kata sandi salah" in page.main
    assert page.one("#f-email")["value"] == email
    assert not page.one("#f-password").get("value")
    assert visitor.get("/", status=302).response.headers["Location"].startswith("/login")


def test_whether_an_account_exists_cannot_be_told(visitor, csr):
    wrong = log_in(visitor, "csr@tanggap.example", "wrong", status=422)
    unknown = log_in(visitor, "nobody@tanggap.example", "wrong", status=422)
    assert wrong.main == unknown.main


def test_a_closed_account_stays_outside_and_is_put_out(visitor, office, csr):
    log_in(visitor)
    close_account(office.session, csr.id, by=office.actor("admin"))
    office.session.commit()
    visitor.get("/", status=302)
    log_in(visitor, status=422)


def test_too_many_failures_shut_the_door_for_a_while(visitor, csr, wall):
    for _ in range(MOST_FAILURES):
        log_in(visitor, password="wrong", status=422)
    page = log_in(visitor, status=429)
    assert "Terlalu banyak" in page.main
    assert page.response.headers["Retry-After"] == "900"
    assert page.one("#f-email")["value"] == "csr@tanggap.example"
    wall.at += WINDOW - timedelta(seconds=1)
    log_in(visitor, status=429)
    wall.at += timedelta(seconds=1)
    log_in(visitor)


def test_one_address_cannot_try_every_account(visitor, csr):
    for index in range(MOST_FAILURES):
        log_in(visitor, f"guess{index}@tanggap.example", "wrong", status=422)
    log_in(visitor, status=429)


def test_nobody_waits_for_the_database_while_a_password_is_checked(
    visitor, office, csr, monkeypatch
):
    def check_slowly(came, password):
        # Somebody else records something meanwhile, and would wait in vain for a lock of ours.
        with office.engine.begin() as connection:
            connection.execute(update(User).where(User.id == csr.id).values(name="Csr Baru"))
        return check_password(came, password)

    monkeypatch.setattr(login, "check_password", check_slowly)
    assert visitor.follow(log_in(visitor)).h1 == "Beranda"
    page = visitor.get("/password")
    new = {"old_password": PASSWORD, "new_password": "kalimat baru 2026"}
    visitor.submit(page, "/password", **new)


def come(office, email="csr@tanggap.example", address="192.0.2.1"):
    came = begin_login(office.session, email=email, address=address, at=office.at)
    office.session.commit()
    return came


def answer(office, came, is_right=False):
    user = finish_login(office.session, came, Checked(is_right), office.at)
    office.session.commit()
    return user


def test_of_many_who_try_at_once_none_learns_anything_once_the_door_is_shut(office, csr):
    knocks = [come(office) for _ in range(MOST_FAILURES + 1)]
    for came in knocks[:MOST_FAILURES]:
        assert answer(office, came) is None
    with pytest.raises(Refused, match="Too many"):
        answer(office, knocks[-1], is_right=True)
    office.session.rollback()
    with pytest.raises(Refused, match="Too many"):
        come(office)


def test_two_vain_tries_at_the_same_moment_both_count(office, csr):
    came = come(office)
    with Session(office.engine) as first:
        finish_login(first, came, Checked(False), office.at)
        second = threading.Thread(target=answer, args=(office, came))
        second.start()
        first.commit()
    second.join(timeout=60)
    assert not second.is_alive()
    with Session(office.engine) as after:
        assert set(after.scalars(select(LoginAttempt.failures))) == {2}


def test_a_password_changed_meanwhile_is_not_the_right_one_any_more(office, csr):
    came = come(office)
    set_password(csr, "kalimat baru 2026")
    office.session.commit()
    assert answer(office, came, is_right=True) is None


def test_a_password_is_hashed_as_strongly_as_the_field_asks(strong_passwords):
    kept = extract_parameters(hash_password(PASSWORD))
    # The least that OWASP advises: argon2id with 19 MiB of memory and two passes.
    assert kept.type is Type.ID
    assert kept.memory_cost >= 19 * 1024
    assert kept.time_cost >= 2


def test_a_password_kept_in_an_old_way_is_kept_anew(visitor, office, csr, strong_passwords):
    csr.password_hash = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    office.session.commit()
    log_in(visitor)
    office.session.refresh(csr)
    assert not strong_passwords.check_needs_rehash(csr.password_hash)


def test_the_door_of_staff_names_no_page_for_customers_as_long_as_there_is_none(visitor):
    page = visitor.get("/login")
    assert page.all("main a[href]") == []


def test_the_page_wanted_before_comes_after(visitor, csr):
    sent = visitor.get("/complaints?status=all&q=modem", status=302)
    page = log_in(visitor, path=sent.response.headers["Location"])
    assert page.response.headers["Location"] == "/complaints?status=all&q=modem"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n//evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "evil",
        "",
        "/" + "a" * 5000,
    ],
)
def test_nobody_is_led_elsewhere(visitor, csr, elsewhere):
    page = visitor.get("/login")
    answer = visitor.submit(
        page,
        "/login",
        email="csr@tanggap.example",
        password=PASSWORD,
        next=elsewhere,
    )
    assert answer.response.headers["Location"] == "/"


def test_a_session_from_before_the_login_does_not_live_on(app, visitor, csr):
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["language"] = "en"
    log_in(visitor)
    with visitor.client.session_transaction() as session:
        assert "planted" not in session
        assert session["language"] == "en"
        assert session.permanent


def test_logging_out_ends_the_session(visitor, csr):
    desk = visitor.follow(log_in(visitor))
    page = visitor.follow(visitor.submit(desk, "/logout"))
    assert page.h1 == "Masuk"
    assert "Anda sudah keluar" in page.main
    visitor.get("/", status=302)


def test_logging_out_by_a_link_is_not_possible(at_desk):
    at_desk("csr").get("/logout", status=405)


class TestOwnPassword:
    def test_a_new_password_ends_other_sessions_and_keeps_this_one(self, app, visitor, csr):
        log_in(visitor)
        from tests.web.page import Visitor

        other = Visitor(app.test_client())
        log_in(other)
        page = visitor.get("/password")
        answer = visitor.submit(
            page, "/password", old_password=PASSWORD, new_password="kalimat baru 2026"
        )
        assert "sudah diganti" in visitor.follow(answer).main
        other.get("/", status=302)
        log_in(other, status=422)
        log_in(other, password="kalimat baru 2026")

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            ("wrong", "kalimat baru 2026", "Kata sandi saat ini salah"),
            (PASSWORD, "pendek", "paling sedikit 10"),
        ],
    )
    def test_what_does_not_fit_is_said_beside_the_field(self, visitor, csr, old, new, sentence):
        log_in(visitor)
        page = visitor.get("/password")
        answer = visitor.submit(page, "/password", status=422, old_password=old, new_password=new)
        assert sentence.casefold() in answer.main.casefold()
        assert answer.all(".field-error")
