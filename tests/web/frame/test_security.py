"""What every response carries, what no form may lack, and how refusals look."""

from __future__ import annotations

import pytest
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from complaints.domain.errors import GateRefused, Refused
from complaints.models import Note

PAGES = ["/", "/complaints", "/complaints/new", "/board", "/reports/deadlines", "/notices"]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("path", ["/login", "/nowhere", *PAGES])
def test_headers_stand_on_every_page(at_desk, path):
    response = at_desk("supervisor").client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert len(response.headers["X-Request-Id"]) == 16


def test_the_cookie_is_out_of_reach(at_desk):
    client = at_desk("csr").client
    page = client.get("/password")
    cookie = page.headers.get("Set-Cookie", "")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_the_cookie_travels_encrypted_where_the_site_does(database_url, tmp_path):
    from complaints import create_app

    app = create_app(
        {
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a key for tests only, long enough",
            "TANGGAP_BASE_URL": "https://keluhan.example",
            "SMTP_URL": f"file://{tmp_path}",
        }
    )
    assert app.config["SESSION_COOKIE_SECURE"]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "path", ["/login", "/logout", "/notices/read", "/password", "/complaints/new", "/language/en"]
)
def test_nothing_is_taken_without_a_token_of_ours(at_desk, path):
    at_desk("csr").post(path, {}, status=400)


class TestOldPage:
    def test_what_was_typed_is_kept_and_can_be_sent_again(self, office, at_desk):
        number = office.receive()
        office.session.commit()
        csr = at_desk("csr")
        action = f"/complaints/{number}/note"
        words = "Pelanggan akan datang lagi besok <pagi>"
        page = csr.post(action, {"text": words, "csrf_token": "old"}, status=400)
        assert "terbuka terlalu lama" in page.main
        assert words in page.main
        csr.submit(page, action, status=303)
        assert [note.text for note in office.rows(Note, number)] == [words]

    def test_no_password_stands_on_the_page(self, at_desk):
        csr = at_desk("csr")
        page = csr.post(
            "/password", {"old_password": "geheim eins", "new_password": "x"}, status=400
        )
        assert "geheim" not in page.text_body

    def test_a_form_from_elsewhere_is_not_offered(self, at_desk):
        response = at_desk("csr").client.post(
            "/notices/read",
            data={"upto": "please click again"},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert response.status_code == 400
        assert b"please click again" not in response.data

    def test_nobody_is_offered_anything(self, visitor):
        page = visitor.post("/notices/read", {"upto": "a long time ago"}, status=400)
        assert "a long time ago" not in page.text_body

    @pytest.mark.parametrize(
        ("ending", "status"), [("the cookie ran out", 400), ("it was ended elsewhere", 401)]
    )
    def test_words_outlive_the_session(self, office, at_desk, ending, status):
        number = office.receive()
        office.session.commit()
        csr = at_desk("csr")
        action = f"/complaints/{number}/note"
        token = csr.get("/password").form("/password").select_one("[name=csrf_token]")["value"]
        if ending == "the cookie ran out":
            csr.client.delete_cookie(csr.client.application.config["SESSION_COOKIE_NAME"])
        else:
            office.people["csr"].session_number += 1
            office.session.commit()
        typed = {"text": "Pelanggan datang lagi", "csrf_token": token}
        page = csr.post(action, typed, status=status, **{"Sec-Fetch-Site": "same-origin"})
        assert "Sesi Anda sudah berakhir" in page.main
        assert page.all("main a[href='/login'][target=_blank]")
        csr = at_desk("csr")
        csr.submit(csr.submit(page, action, status=400), action, status=303)
        assert [note.text for note in office.rows(Note, number)] == ["Pelanggan datang lagi"]


class TestRefusals:
    def test_an_unknown_address_is_calm(self, at_desk, visitor):
        for who in (at_desk("csr"), visitor):
            page = who.get("/nowhere", status=404)
            assert page.h1 == "Halaman tidak ditemukan"
            assert page.all("main a[href]")

    def test_in_english_too(self, at_desk):
        page = at_desk("csr", "en").get("/nowhere", status=404)
        assert page.h1 == "Page not found"

    def test_a_wrong_method_names_the_right_one(self, at_desk):
        page = at_desk("csr").get("/notices/read", status=405)
        assert "POST" in page.response.headers["Allow"]

    def test_another_branchs_complaint_is_refused_in_words(self, office, at_desk):
        number = office.receive()
        office.session.commit()
        page = at_desk("csr2").get(f"/complaints/{number}", status=403)
        assert page.h1 == "Anda tidak memiliki akses ke halaman ini"
        assert "Siti" not in page.text_body

    @pytest.mark.parametrize(
        "typed", ["KLH-2026-999999", "KLH-2026-99999999999999", "nonsense", "%00"]
    )
    def test_an_unknown_complaint_is_not_found(self, at_desk, typed):
        at_desk("csr").get(f"/complaints/{typed}", status=404)

    def test_a_gate_names_what_is_missing(self, app, at_desk):
        @app.get("/refused")
        def refuse():
            raise GateRefused(
                "Not possible yet: %(count)d required steps are still to do.",
                ("020-1.3",),
                count=1,
            )

        page = at_desk("csr").get("/refused", status=409)
        assert page.words("main li") == ["permohonan maaf belum disampaikan"]

    def test_what_a_step_refuses_is_shown_with_its_values(self, app, at_desk):
        @app.get("/refused")
        def refuse():
            raise Refused("There is no unit %(code)s.", code="<b>XYZ</b>")

        page = at_desk("csr").get("/refused", status=409)
        assert "<b>XYZ</b>" in page.main

    def test_too_large_is_said_in_words(self, app, at_desk):
        @app.get("/large")
        def large():
            raise RequestEntityTooLarge

        assert "2048 kB" in at_desk("csr").get("/large", status=413).main

    def test_a_large_form_is_refused_before_it_is_read(self, at_desk):
        csr = at_desk("csr")
        response = csr.client.post("/complaints/new", data={"story": "x" * 3_000_000})
        assert response.status_code == 413

    def test_a_mistake_of_ours_shows_a_code_and_nothing_else(self, app, at_desk):
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.testing = False

        @app.get("/broken")
        def broken():
            raise RuntimeError("the secret cause")

        for who in ("csr", "auditor"):
            page = at_desk(who).get("/broken", status=500)
            assert "secret cause" not in page.text_body
            assert page.response.headers["X-Request-Id"] in page.main

    def test_a_database_that_is_away_is_a_calm_page(self, app, visitor, monkeypatch):
        from sqlalchemy.exc import OperationalError

        from complaints.web.people import login

        def away(*_, **__):
            raise OperationalError("SELECT 1", {}, Exception("gone"))

        monkeypatch.setattr(login, "check_login", away)
        page = visitor.get("/login")
        answer = visitor.submit(page, "/login", status=503, email="a@b.c", password="x" * 10)
        assert answer.response.headers["Retry-After"] == "5"
        assert "SELECT" not in answer.text_body

    def test_even_when_nobody_can_be_looked_up(self, app, at_desk, monkeypatch):
        from sqlalchemy.exc import OperationalError

        from complaints.extensions import login_manager

        def away(_):
            raise OperationalError("SELECT 1", {}, Exception("gone"))

        csr = at_desk("csr", "en")
        monkeypatch.setattr(login_manager, "_user_callback", away)
        assert csr.get("/", status=503).h1 == "The system is busy at this moment"


class TestLanguage:
    def test_the_switch_stays_and_comes_back(self, office, at_desk):
        csr = at_desk("csr")
        page = csr.get("/complaints?status=all")
        english = csr.follow(csr.submit(page, "/language/en"))
        assert english.h1 == "Complaints"
        assert english.path == "/complaints?status=all"
        office.session.refresh(office.people["csr"])
        assert office.people["csr"].language == "en"

    def test_the_browser_decides_before_anybody_chose(self, visitor):
        assert visitor.get("/login", **{"Accept-Language": "en-GB"}).h1 == "Log in"
        assert visitor.get("/login", **{"Accept-Language": "fr"}).h1 == "Masuk"

    @pytest.mark.first_row_on_postgresql
    @pytest.mark.parametrize(
        "name", ["csr", "supervisor", "manager", "auditor", "officer", "admin"]
    )
    @pytest.mark.parametrize("language", ["id", "en"])
    def test_every_page_of_the_frame_in_both_languages(self, office, at_desk, name, language):
        office.walk(office.receive(), to="020-2.5")
        person = at_desk(name, language)
        home = person.get("/")
        for href in {str(a["href"]) for a in home.all("header a[href^='/']")} - {"/complaints/new"}:
            person.get(href)


@pytest.mark.parametrize(
    ("path", "most"),
    [("/login", 16), (f"/portal/{'x' * 40}", 768), ("/complaints/new", 2048)],
)
def test_a_form_takes_what_pages_of_its_kind_need(app, path, most):
    with app.test_request_context(path):
        app.preprocess_request()
        assert request.max_content_length == most * 1024


def test_a_form_that_is_too_large_is_told_how_much_fits(app):
    client = app.test_client()
    for size, is_refused in ((16_000, False), (16_385, True)):
        answer = client.post("/login", data={"email": "x" * size})
        assert (answer.status_code == 413) is is_refused
    assert "16 kB" in answer.text
