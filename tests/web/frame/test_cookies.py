"""The session's cookie: sent when it changes or has aged, not with every answer."""

from datetime import datetime, timedelta

from flask import Flask

from complaints import clock
from complaints.web.frame.cookies import REFRESHED_AFTER_SECONDS


def cookies_of(answer) -> list[str]:
    return [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("tanggap=")]


def test_a_fresh_cookie_is_not_sent_again_and_an_aged_one_is(app: Flask, monkeypatch) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session.permanent = True
        session["language"] = "en"
    assert cookies_of(client.get("/login"))  # the token of its form is new
    assert cookies_of(client.get("/login")) == []
    later = datetime.now().astimezone() + timedelta(seconds=REFRESHED_AFTER_SECONDS + 5)
    monkeypatch.setattr(clock, "now", lambda: later)
    (sent,) = cookies_of(client.get("/login"))
    assert "Expires=" in sent
    assert "HttpOnly" in sent


def test_a_cookie_that_was_not_signed_here_is_empty(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("tanggap", "eyJsYW5ndWFnZSI6ImVuIn0.aaaa.bbbb")
    assert 'lang="id"' in client.get("/login").text


def test_what_a_script_sends_begins_no_session_that_ends_the_one_of_the_next_page(app: Flask):
    """A page is left, its session over; what it sends last is answered after the login page."""
    client, left = app.test_client(), app.test_client(use_cookies=False)
    sent = left.post("/complaints/new/draft", headers={"Sec-Fetch-Mode": "cors"})
    assert sent.status_code in (400, 401)
    assert cookies_of(sent) == []
    assert cookies_of(client.get("/login", headers={"Sec-Fetch-Mode": "navigate"}))
