"""Stylesheets, scripts and drawings: small on the wire, kept for ever, guarded like every page."""

from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from complaints import create_app
from complaints.places import PACKED, STATIC
from complaints.web.frame.static_files import address_of
from tests.html_tree import Tag

MARKED = re.compile(r"^/static/[\w/.-]+\.[0-9a-f]{12}\.\w+$")
FILES = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.*"))


def get(client: FlaskClient, address: str, accept: str | None = None) -> TestResponse:
    """The whole answer, its file closed."""
    headers = {"Accept-Encoding": accept} if accept else {}
    return client.get(address, headers=headers, buffered=True)


class TestPages:
    def test_pages_name_their_files_by_content(self, visitor):
        page = Tag.of(visitor.get("/login").response.data)
        named = [each["href"] for each in page.select("link[rel=stylesheet], link[rel=icon]")]
        named += [each["src"] for each in page.select("script[src]")]
        named += [each["href"].partition("#")[0] for each in page.select("use")]
        assert len(named) >= 5
        assert [address for address in named if not MARKED.match(address)] == []

    def test_pictures_inside_the_stylesheet_are_found(self, client):
        sheet = get(client, address_of("vendor/tabler.min.css")).get_data(as_text=True)
        pictures = re.findall(r'url\("([^"]+)"\)', sheet)
        assert pictures
        for name in pictures:
            answer = get(client, f"/static/vendor/{name}")
            assert answer.mimetype == "image/svg+xml"
            assert "immutable" in answer.headers["Cache-Control"]


class TestCompression:
    def test_every_file_has_its_packed_form(self, client):
        for name in FILES:
            whole = (STATIC / name).read_bytes()
            address = address_of(name)
            assert MARKED.match(address)
            plain = get(client, address, "identity")
            assert plain.data == whole
            assert "Content-Encoding" not in plain.headers
            # A photograph is as small as it gets.
            if len(whole) > 1000 and not name.endswith(".webp"):
                packed = get(client, address, "gzip")
                assert packed.headers["Content-Encoding"] == "gzip"
                assert gzip.decompress(packed.data) == whole
                assert packed.content_length == len(packed.data) < len(whole) * 0.6
                assert packed.headers["Vary"] == "Accept-Encoding"

    def test_the_icons_are_small_on_the_wire(self, client):
        address = address_of("vendor/icons.svg")
        whole = len(get(client, address).data)
        assert len(get(client, address, "gzip").data) < whole / 6
        brotli = get(client, address, "gzip, deflate, br")
        assert brotli.headers["Content-Encoding"] == "br"
        assert len(brotli.data) < whole / 7

    def test_a_coding_that_is_refused_is_not_sent(self, client):
        address = address_of("vendor/icons.svg")
        answer = get(client, address, "gzip;q=0, br;q=0")
        assert "Content-Encoding" not in answer.headers


class TestCaching:
    def test_a_file_named_by_its_content_is_kept_for_ever(self, client):
        answer = get(client, address_of("css/tanggap.css"))
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.mimetype == "text/css"

    def test_a_plain_name_is_asked_for_again(self, client):
        answer = get(client, "/static/css/tanggap.css")
        assert answer.data == (STATIC / "css/tanggap.css").read_bytes()
        assert answer.headers["Cache-Control"] == "max-age=0, public"
        seen = {"If-None-Match": answer.headers["ETag"]}
        again = client.get("/static/css/tanggap.css", headers=seen)
        assert again.status_code == 304

    def test_a_page_of_another_version_gets_what_is_there_and_keeps_nothing(self, client):
        answer = get(client, "/static/css/tanggap.0123456789ab.css")
        assert answer.data == (STATIC / "css/tanggap.css").read_bytes()
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.first_row_on_postgresql
    @pytest.mark.parametrize(
        "path",
        [
            "css/nothing.css",
            "css/nothing.0123456789ab.css",
            "../wsgi.py",
            "..%2fwsgi.py",
            "../wsgi.0123456789ab.py",
            "css",
        ],
    )
    def test_nothing_else_is_there(self, client, path):
        assert get(client, f"/static/{path}").status_code == 404

    def test_a_changed_file_is_not_served_under_the_old_name(self, tmp_path):
        static, packed = tmp_path / "static", tmp_path / "packed"
        static.mkdir()
        packed.mkdir()
        (static / "a.css").write_text("a{top:0}")
        assert address_of("a.css", static, packed) == "/static/a.css"
        # The first twelve digits of md5("a{top:0}").
        (packed / "a.ce1cf8e33395.css").write_text("a{top:0}")
        address_of.cache_clear()
        assert address_of("a.css", static, packed) == "/static/a.ce1cf8e33395.css"
        (static / "a.css").write_text("a{top:1px}")
        address_of.cache_clear()
        assert address_of("a.css", static, packed) == "/static/a.css"


class TestHeaders:
    @pytest.mark.parametrize("name", ["css/tanggap.css", "vendor/icons.svg"])
    def test_files_are_guarded_like_pages(self, client, name):
        file, page = get(client, address_of(name)), get(client, "/nowhere")
        for header in (
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Referrer-Policy",
            "Permissions-Policy",
            "Cross-Origin-Opener-Policy",
        ):
            assert file.headers[header] == page.headers[header]
        assert "Set-Cookie" not in file.headers
        assert "Access-Control-Allow-Origin" not in file.headers
        assert "Strict-Transport-Security" not in file.headers

    def test_an_encrypted_site_says_so_with_every_file(self, tmp_path):
        app = create_app(
            {
                "DATABASE_URL": f"sqlite:///{tmp_path}/none.db",
                "SECRET_KEY": "a key for tests only, long enough",
                "TANGGAP_BASE_URL": "https://keluhan.example",
                "SMTP_URL": f"file://{tmp_path}",
            }
        )
        answer = get(app.test_client(), address_of("css/tanggap.css"))
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"

    def test_files_are_read_and_not_written(self, client):
        assert client.post(address_of("css/tanggap.css")).status_code == 405


def test_what_is_packed_is_what_there_is():
    """Nothing of an older version is left for somebody to ask for."""
    files = {path.name for path in PACKED.rglob("*.*") if path.suffix not in {".gz", ".br"}}
    named = {address_of(name).rpartition("/")[2] for name in FILES}
    assert files - {".stamp"} == named
