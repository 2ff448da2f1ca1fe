"""Logging in: who gets in, who is locked out, where it leads, and what it leaves in the browser."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from complaints import create_app
from complaints.commands.doctor import examine
from complaints.domain.accounts.login_delay import PATIENCE, WINDOW, ThrottleScope
from complaints.domain.errors import Refused
from complaints.extensions import db
from complaints.models import LoginAttempt, User
from complaints.people.account_upkeep import close_account
from complaints.people.accounts import set_password
from complaints.people.logins import KnownDevice, begin_login, finish_login
from complaints.people.passwords import Checked, _room, check_password, hash_password
from complaints.web.people import login
from tests.web.page import Visitor

pytestmark = pytest.mark.both_databases

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
    close_account(office.session, csr.id, by=office.actor("admin"), at=office.at)
    office.session.commit()
    visitor.get("/", status=302)
    log_in(visitor, status=422)


#: Failures that cost nothing, and those after which one person is locked out.
FREE, LOCKED = PATIENCE[ThrottleScope.PAIR].free, PATIENCE[ThrottleScope.PAIR].locks_at


def fail(visitor, times, wall, email="csr@tanggap.example"):
    """Fail so many times, with time enough between for every delay."""
    for _ in range(times):
        wall.at += timedelta(minutes=1)
        log_in(visitor, email, "wrong", status=422)


def elsewhere(app, address="198.51.100.7"):
    """A browser at another network address."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return Visitor(client)


def test_who_fails_often_waits_longer_each_time_and_is_told_how_long(visitor, csr, wall):
    fail(visitor, FREE, wall)
    asked = []
    for _ in range(LOCKED - FREE):
        page = log_in(visitor, status=429)
        asked.append(int(page.response.headers["Retry-After"]))
        assert f"Coba lagi dalam {asked[-1]} detik" in page.main
        assert "tidak diperiksa" in page.main
        assert page.one("#f-email")["value"] == "csr@tanggap.example"
        wall.at += timedelta(seconds=asked[-1] - 1)
        log_in(visitor, status=429)
        wall.at += timedelta(seconds=1)
        log_in(visitor, password="wrong", status=422)
    assert asked == [2, 4, 8, 16, 32]
    page = log_in(visitor, status=429)
    assert page.response.headers["Retry-After"] == "900"
    assert "Coba lagi dalam 15 menit" in page.main
    wall.at += WINDOW - timedelta(seconds=1)
    log_in(visitor, status=429)
    wall.at += timedelta(seconds=1)
    log_in(visitor)


def test_ten_wrong_passwords_at_one_address_leave_the_colleague_elsewhere_alone(
    app, visitor, csr, wall
):
    fail(visitor, LOCKED, wall)
    log_in(visitor, status=429)
    log_in(elsewhere(app))


def test_ten_slips_of_anybody_leave_the_office_behind_the_proxy_alone(app, office, csr, wall):
    set_password(office.people["supervisor"], PASSWORD)
    office.session.commit()
    fail(Visitor(app.test_client()), LOCKED, wall)
    for index in range(LOCKED):
        log_in(Visitor(app.test_client()), f"slip{index}@tanggap.example", "wrong", status=422)
    log_in(Visitor(app.test_client()), "supervisor@tanggap.example")


def test_a_known_device_passes_while_somebody_guesses_beside_it(app, visitor, csr, wall):
    log_in(visitor)
    visitor.submit(visitor.get("/"), "/logout")
    fail(Visitor(app.test_client()), LOCKED, wall)
    log_in(Visitor(app.test_client()), status=429)
    log_in(visitor)


def test_a_device_is_known_for_those_only_who_logged_in_there(app, office, csr, wall):
    set_password(office.people["supervisor"], PASSWORD)
    office.session.commit()
    shared = Visitor(app.test_client())
    log_in(shared)
    shared.submit(shared.get("/"), "/logout")
    fail(Visitor(app.test_client()), LOCKED, wall, "supervisor@tanggap.example")
    log_in(shared, "supervisor@tanggap.example", status=429)


def test_who_guesses_on_a_known_device_waits_too(visitor, csr, wall):
    log_in(visitor)
    visitor.submit(visitor.get("/"), "/logout")
    fail(visitor, LOCKED, wall)
    assert log_in(visitor, status=429).response.headers["Retry-After"] == "900"


def test_a_device_that_we_did_not_sign_is_unknown(app, visitor, csr, wall):
    fail(visitor, LOCKED, wall)
    for text in (f"abc.{csr.id}", f"abc.{csr.id}.c2lnbmVk", "x", ".."):
        forged = Visitor(app.test_client())
        forged.client.set_cookie("tanggap_device", text)
        log_in(forged, status=429)


def test_a_right_login_clears_the_failures(visitor, csr, wall):
    fail(visitor, FREE, wall)
    wall.at += timedelta(minutes=1)
    log_in(visitor)
    visitor.client.delete_cookie("tanggap_device")
    visitor.submit(visitor.get("/"), "/logout")
    fail(visitor, FREE - 1, wall)
    log_in(visitor)


def test_a_clock_set_back_keeps_nobody_waiting_longer(visitor, csr, wall):
    fail(visitor, LOCKED, wall)
    wall.at -= timedelta(hours=3)
    assert int(log_in(visitor, status=429).response.headers["Retry-After"]) <= 900


@pytest.mark.parametrize("scope", [ThrottleScope.ACCOUNT, ThrottleScope.ADDRESS])
def test_many_guesses_from_many_sides_are_slowed_and_lock_nobody_out(office, csr, scope):
    for index in range(PATIENCE[scope].free):
        other = (
            {"address": f"192.0.2.{index}"}
            if scope is ThrottleScope.ACCOUNT
            else {"email": f"x{index}"}
        )
        answer(office, come(office, **other))
    fresh = {"address": "198.51.100.7"} if scope is ThrottleScope.ACCOUNT else {}
    with pytest.raises(Refused, match="in 2 seconds"):
        come(office, **fresh)
    office.session.rollback()
    known = KnownDevice("abc", (csr.id,))
    assert answer(office, come(office, device=known, **fresh), is_right=True)
    assert PATIENCE[scope].delay_after(10**6) <= timedelta(minutes=1)


def test_the_addresses_of_one_ipv6_network_are_one(office, csr):
    for index in range(FREE):
        answer(office, come(office, address=f"2001:db8:1:2::{index}"))
    with pytest.raises(Refused):
        come(office, address="2001:db8:1:2:ffff::1")
    office.session.rollback()
    come(office, address="2001:db8:1:3::1")


def test_an_administrator_sees_who_has_to_wait_and_lets_them_try_again(visitor, at_desk, csr, wall):
    fail(visitor, LOCKED, wall)
    admin = at_desk("admin")
    assert "harus menunggu" in admin.get("/admin/").main
    page = admin.get(f"/admin/people/{csr.id}")
    assert "Dari 127.0.0.1: 10 kali gagal" in page.main
    page = admin.follow(admin.submit(page, f"/admin/people/{csr.id}/unlocking"))
    assert "sekarang dapat masuk lagi" in page.main
    assert "127.0.0.1" not in page.main
    log_in(visitor)


PROXY_PEERS = [
    # setting, whose address counts, how the doctor finds it
    ("", "127.0.0.1", "FAIL"),
    ("10.0.0.0/8", "127.0.0.1", "FAIL"),
    ("127.0.0.1", "203.0.113.9", "ok"),
    ("1", "203.0.113.9", "warn"),
]


@pytest.mark.parametrize(("trusted", "place", "found"), PROXY_PEERS)
def test_a_proxy_that_nobody_told_us_of_is_a_loud_warning(
    database_url, office, at_desk, app, csr, tmp_path, trusted, place, found, monkeypatch
):
    given = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": app.config["SECRET_KEY"],
        "TANGGAP_TRUSTED_PROXIES": trusted,
        "SMTP_URL": f"file://{tmp_path}",
    }
    said = []
    monkeypatch.setattr(login.log, "warning", lambda *words, **more: said.append(more))
    behind = create_app({"TESTING": True, **given})
    client = behind.test_client()
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    for _ in range(2):
        log_in(Visitor(client), password="wrong", status=422)
    with behind.app_context():
        db.engine.dispose()
    assert set(office.session.scalars(select(LoginAttempt.address))) == {place}
    office.session.commit()
    warned = [] if found != "FAIL" else [{"setting": "TANGGAP_TRUSTED_PROXIES"}]
    assert said == warned
    page = at_desk("admin").get("/admin/")
    assert ("TANGGAP_TRUSTED_PROXIES" in page.main) is bool(warned)
    (finding,) = (each for each in examine(given) if each.name == "proxy")
    assert finding.line.startswith(f"{found:4} proxy: ")
    assert finding.is_well is not bool(warned)


def test_the_warning_ends_with_the_first_login_through_a_proxy_that_is_known(
    database_url, at_desk, app, csr, tmp_path, office
):
    given = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": app.config["SECRET_KEY"],
        "SMTP_URL": f"file://{tmp_path}",
    }
    seen = []
    for trusted in ("10.0.0.1", "127.0.0.1"):
        behind = create_app({"TESTING": True, **given, "TANGGAP_TRUSTED_PROXIES": trusted})
        client = behind.test_client()
        client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
        log_in(Visitor(client), password="wrong", status=422)
        with behind.app_context():
            db.engine.dispose()
        seen.append("TANGGAP_TRUSTED_PROXIES" in at_desk("admin").get("/admin/").main)
    assert seen == [True, False]


def test_nobody_waits_for_the_database_while_a_password_is_checked(
    visitor, office, csr, monkeypatch
):
    def check_slowly(kept, password):
        # Somebody else records something meanwhile, and would wait in vain for a lock of ours.
        with office.engine.begin() as connection:
            connection.execute(update(User).where(User.id == csr.id).values(name="Csr Baru"))
        return check_password(kept, password)

    monkeypatch.setattr(login, "check_password", check_slowly)
    assert visitor.follow(log_in(visitor)).h1 == "Beranda"
    page = visitor.get("/password")
    new = {"old_password": PASSWORD, "new_password": "kalimat baru 2026"}
    visitor.submit(page, "/password", **new)


def come(office, email="csr@tanggap.example", address="192.0.2.1", device=None):
    came = begin_login(office.session, email=email, address=address, at=office.at, device=device)
    office.session.commit()
    return came


def answer(office, came, is_right=False):
    user = finish_login(office.session, came, Checked(is_right), office.at)
    office.session.commit()
    return user


def test_of_many_who_try_at_once_none_learns_anything_once_the_key_is_locked(office, csr):
    begun = [come(office) for _ in range(FREE + 1)]
    for came in begun[:FREE]:
        assert answer(office, came) is None
    with pytest.raises(Refused, match="Too many"):
        answer(office, begun[-1], is_right=True)
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
        assert list(after.scalars(select(LoginAttempt.failures))) == [2, 2, 2]


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


@pytest.mark.first_row_on_postgresql
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


def test_a_cookie_copied_before_the_logout_dies_with_it(app, visitor, csr):
    log_in(visitor)
    thief = Visitor(app.test_client())
    thief.client.set_cookie("tanggap", visitor.client.get_cookie("tanggap").value)
    thief.get("/")
    visitor.submit(visitor.get("/"), "/logout")
    thief.get("/", status=302)
    log_in(visitor)
    thief.get("/", status=302)


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "/\t/evil.example", "evil"])
def test_the_switch_of_languages_leads_nowhere_else(visitor, back):
    page = visitor.get("/login")
    answer = visitor.submit(page, "/language/en", back=back)
    assert answer.response.headers["Location"] == "/"


def test_too_many_passwords_at_once_are_told_so(visitor, csr, monkeypatch):
    monkeypatch.setattr("complaints.people.passwords.LONGEST_WAIT_SECONDS", 0.01)
    with _room, _room:
        page = log_in(visitor, status=503)
    assert "sedang masuk" in page.main
    assert page.response.headers["Retry-After"] == "5"
    log_in(visitor)


def test_logging_out_by_a_link_is_not_possible(at_desk):
    at_desk("csr").get("/logout", status=405)


class TestOwnPassword:
    def test_a_new_password_ends_other_sessions_and_keeps_this_one(self, app, visitor, csr):
        log_in(visitor)
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
