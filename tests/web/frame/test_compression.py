"""What is sent as gzip, to whom, and what never is."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask, Response, jsonify, request, send_file, stream_with_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from complaints.web.frame import compression
from complaints.web.frame.compression import LEAST_BYTES

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
ROWS = [f"{number};Gangguan;Ditutup\n" for number in range(20_000)]


class Reading:
    """Rows of a cursor that must be closed by whoever reads them."""

    def __init__(self, rows: Iterator[str], closed: list[str]) -> None:
        self.rows, self.closed = rows, closed

    def __iter__(self) -> Iterator[str]:
        return self.rows

    def close(self) -> None:
        self.closed.append("rows")


def program(app: Flask, path: str, **headers: str) -> TestResponse:
    """The answer of the API to the supervisor's program."""
    headers["Authorization"] = "Bearer token of supervisor"
    return app.test_client().get(f"/api/v1{path}", headers=headers)


@pytest.fixture
def many(office):
    """So many complaints that a list of them is worth compressing."""
    numbers = [office.receive() for _ in range(5)]
    office.session.commit()
    return numbers


class TestApi:
    def test_a_list_is_smaller_and_the_same(self, app, many, at_desk):
        plain = program(app, "/complaints")
        packed = program(app, "/complaints", **GZIP)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert packed.content_length == len(packed.data) < len(plain.data) / 2
        assert "Content-Encoding" not in plain.headers
        assert plain.content_length == len(plain.data)
        for answer in (plain, packed):
            assert "Accept-Encoding" in answer.vary

    @pytest.mark.first_row_on_postgresql
    @pytest.mark.parametrize("accept", ["", "identity", "br", "gzip;q=0", "*;q=0"])
    def test_only_for_whoever_takes_it(self, app, many, at_desk, accept):
        answer = program(app, "/complaints", **{"Accept-Encoding": accept})
        assert "Content-Encoding" not in answer.headers
        assert answer.get_json()["items"]

    def test_a_short_answer_is_left_alone(self, app, at_desk):
        answer = program(app, "/complaints", **GZIP)
        assert len(answer.data) < LEAST_BYTES
        assert "Content-Encoding" not in answer.headers
        assert "Accept-Encoding" in answer.vary

    def test_the_tag_of_a_compressed_answer_still_guards_a_change(self, app, many, at_desk):
        path = f"/complaints/{many[0]}"
        plain = program(app, path).headers["ETag"]
        packed = program(app, path, **GZIP)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["ETag"] == f"W/{plain}"
        client, headers = app.test_client(), {"Authorization": "Bearer token of supervisor"}
        for status in (200, 409):
            answer = client.post(
                f"/api/v1{path}/note",
                json={"text": "Dicatat"},
                headers={**headers, "If-Match": packed.headers["ETag"]},
            )
            assert answer.status_code == status

    @pytest.mark.parametrize("path", ["/complaints", "/complaints/KLH-2026-000001"])
    def test_whoever_holds_a_compressed_answer_is_spared_the_next(self, app, many, at_desk, path):
        tag = program(app, path, **GZIP).headers["ETag"]
        assert tag.startswith("W/")
        for coding in (GZIP, {}):
            again = program(app, path, **coding, **{"If-None-Match": tag})
            assert (again.status_code, again.data) == (304, b"")
            assert "Accept-Encoding" in again.vary


class TestPages:
    @pytest.fixture
    def paths(self, office) -> list[str]:
        """Pages with forms, and words of a customer on them."""
        number = office.receive()
        office.session.commit()
        return ["/", "/complaints", f"/complaints/{number}", "/complaints/new"]

    @pytest.mark.parametrize("site", ["same-origin", "none"])
    def test_a_page_is_smaller_where_we_or_the_person_ask(self, at_desk, paths, site):
        client = at_desk("csr").client
        for path in paths:
            answer = client.get(path, headers={**GZIP, "Sec-Fetch-Site": site})
            assert answer.headers["Content-Encoding"] == "gzip"
            text = gzip.decompress(answer.data)
            assert text.rstrip().endswith(b"</html>")
            assert answer.content_length == len(answer.data) < len(text) / 2
            assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(answer.vary)

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "", None, "None", "other"])
    def test_never_where_another_site_may_be_asking(self, at_desk, paths, site):
        """A form token beside words of somebody else must not be weighed together: BREACH."""
        client = at_desk("csr").client
        told = {} if site is None else {"Sec-Fetch-Site": site}
        for path in paths:
            answer = client.get(path, headers={**GZIP, **told})
            assert answer.mimetype == "text/html"
            assert len(answer.data) > LEAST_BYTES
            assert "Content-Encoding" not in answer.headers
            assert "Sec-Fetch-Site" in answer.vary

    def test_never_behind_a_secret_link(self, app):
        headers = {**GZIP, "Sec-Fetch-Site": "none"}
        answer = app.test_client().get("/portal/service", headers=headers)
        assert len(answer.data) > LEAST_BYTES
        assert "Content-Encoding" not in answer.headers

    def test_a_report_as_a_file_is(self, many, at_desk):
        client = at_desk("manager").client
        path = "/reports/deadlines?format=csv&from=2024-01-01&to=2026-12-31&by=month"
        plain, packed = client.get(path), client.get(path, headers=GZIP)
        assert plain.mimetype == "text/csv"
        assert len(plain.data) > LEAST_BYTES
        assert gzip.decompress(packed.data) == plain.data


class TestStreams:
    @pytest.fixture
    def closed(self) -> list[str]:
        return []

    @pytest.fixture
    def client(self, closed: list[str]) -> FlaskClient:
        """An app with answers that ours does not give today."""
        app = Flask("streams")
        compression.init_app(app)

        @app.get("/rows")
        def rows() -> Response:
            def each() -> Iterator[str]:
                for row in ROWS:
                    assert request.path == "/rows"
                    yield row

            return Response(Reading(stream_with_context(each()), closed), mimetype="text/csv")

        @app.get("/file")
        def file() -> Response:
            content = BytesIO("".join(ROWS).encode())
            return send_file(content, mimetype="text/csv", conditional=True, etag="abc")

        @app.get("/packed")
        def packed() -> Response:
            content = gzip.compress("".join(ROWS).encode())
            return Response(content, mimetype="text/csv", headers={"Content-Encoding": "gzip"})

        @app.get("/same")
        def same() -> Response:
            response = jsonify(items=ROWS)
            response.set_etag("7")
            return response.make_conditional(request)  # type: ignore[return-value]

        return app.test_client()

    def test_rows_arrive_while_they_are_made(self, client, closed):
        answer = client.get("/rows", headers=GZIP, buffered=False)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.content_length is None
        unpacker, text = zlib.decompressobj(wbits=31), b""
        pieces = iter(answer.response)
        for piece in pieces:
            text += unpacker.decompress(piece)
            if text:
                break
        assert 0 < len(text) < len("".join(ROWS)) / 2
        assert closed == []
        text += b"".join(unpacker.decompress(piece) for piece in pieces) + unpacker.flush()
        assert text.decode() == "".join(ROWS)
        answer.close()
        assert closed == ["rows"]

    def test_whoever_hangs_up_ends_the_reading(self, client, closed):
        answer = client.get("/rows", headers=GZIP, buffered=False)
        next(iter(answer.response))
        answer.close()
        assert closed == ["rows"]

    def test_a_file_is_sent_whole(self, client):
        answer = client.get("/file", headers=GZIP)
        assert gzip.decompress(answer.data).decode() == "".join(ROWS)
        assert answer.headers["ETag"] == 'W/"abc"'
        assert answer.content_length is None

    def test_a_part_of_a_file_is_the_part_that_was_asked_for(self, client):
        answer = client.get("/file", headers={**GZIP, "Range": "bytes=0-9"})
        assert answer.status_code == 206
        assert answer.data.decode() == "".join(ROWS)[:10]

    def test_nothing_is_compressed_twice(self, client):
        answer = client.get("/packed", headers=GZIP)
        assert gzip.decompress(answer.data).decode() == "".join(ROWS)

    def test_what_has_not_changed_is_not_sent_again(self, client):
        tag = client.get("/same", headers=GZIP).headers["ETag"]
        answer = client.get("/same", headers={**GZIP, "If-None-Match": tag})
        assert answer.status_code == 304
        assert answer.data == b""

    def test_the_head_says_the_length_of_the_body(self, client):
        body, head = client.get("/same", headers=GZIP), client.head("/same", headers=GZIP)
        assert head.headers["Content-Length"] == body.headers["Content-Length"]
        assert head.headers["Content-Encoding"] == "gzip"
