"""Declining to be asked: by hand or by the mail program, never by opening a page."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.outbox.deliver import deliver_waiting
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.steps.letters.survey import ask_for_rating
from tests.office import Office
from tests.outbox.test_deliver import Hand


@pytest.fixture
def survey(app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> EmailMessage:
    """The letter that asks, as it left."""
    number = office.receive()
    office.walk(number)
    office.take(number, ask_for_rating)
    monkeypatch.setattr(clock, "now", lambda: office.at)
    hand = Hand()
    settings = DeliverySettings("https://keluhan.example", str(app.config["SECRET_KEY"]))
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    deliver_waiting(sessions, hand, settings, at=office.at)
    named = [each for each in hand.sent if each["List-Unsubscribe"]]
    # No other letter may be declined.
    assert len(hand.sent) > len(named) == 1
    return named[0]


def path_of(survey: EmailMessage) -> str:
    header = str(survey["List-Unsubscribe"])
    assert header.startswith("<https://keluhan.example/portal/")
    assert survey["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = header.strip("<>").removeprefix("https://keluhan.example")
    assert path in survey.get_body(("plain",)).get_content()
    assert path in survey.get_body(("html",)).get_content()
    assert header.encode("ascii") in survey.as_bytes()
    return path


def test_opening_the_page_changes_nothing(app: Flask, office: Office, survey: EmailMessage):
    (number,) = {f"KLH-2026-{1:06d}"}
    before = len(office.history(number))
    for _ in range(5):
        page = app.test_client().get(path_of(survey))
        assert (page.status_code, 'method="post"' in page.text) == (200, True)
        app.test_client().head(path_of(survey))
    assert len(office.history(number)) == before


def test_the_mail_program_declines_with_one_call(app: Flask, office: Office, survey: EmailMessage):
    for _ in range(2):
        done = app.test_client().post(path_of(survey), data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert "tidak akan ditanya lagi" in done.text
    said = [each.what for each in office.history("KLH-2026-000001")]
    assert said.count("decline_surveys") == 1


def test_a_link_of_nobody_declines_nothing(app: Flask, office: Office, survey: EmailMessage):
    path = path_of(survey).replace("/no-surveys", "x/no-surveys")
    assert app.test_client().get(path).status_code == 404
    assert app.test_client().post(path).status_code == 404
    assert "decline_surveys" not in [each.what for each in office.history("KLH-2026-000001")]
