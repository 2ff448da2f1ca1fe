"""The pages of the webhooks: added, read, tried out, renewed, switched off, sent again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from complaints.domain.webhooks.addresses import read_allowed
from complaints.models import Webhook
from complaints.outbox.webhooks import lookup
from complaints.outbox.webhooks.deliver import deliver_to
from complaints.outbox.webhooks.endpoints import WebhookSettings
from tests.conftest import NOW
from tests.office import Office
from tests.outbox.webhooks.endpoint import listening
from tests.web.page import Page, Visitor

At = Callable[..., Visitor]
URL = "https://hooks.example.com/in"


@pytest.fixture(autouse=True)
def _public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "ask_name_server", lambda host, port: ["8.8.8.8"])


def added(admin: Visitor, **more: str) -> Page:
    page = admin.get("/admin/webhooks")
    return admin.submit(page, "/admin/webhooks", 200, **{"url": URL, **more})


@pytest.mark.parametrize("language", ["id", "en"])
def test_one_is_added_and_its_secret_shown_once(at_desk: At, language: str):
    admin = at_desk("admin", language)
    shown = added(admin, events="complaint.close\n complaint.receive")
    secret = shown.one(".secret code").get_text()
    assert secret.startswith("whsec_")
    page = admin.get("/admin/webhooks")
    assert URL in page.text
    assert secret not in page.text
    one = admin.get("/admin/webhooks/1")
    assert secret not in one.text
    assert one.one("textarea[name=events]").get_text().split() == [
        "complaint.receive",
        "complaint.close",
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "http://hooks.example.com/"}, "url"),
        ({"url": "https://me:secret@hooks.example.com/"}, "url"),
        ({"url": "x" * 900}, "url"),
        ({"events": "complaint.nothing"}, "events"),
        ({"events": "\ud800".encode("utf-16", "surrogatepass").decode("latin-1")}, "events"),
    ],
)
def test_what_cannot_be_called_is_said_at_the_field(at_desk: At, given: dict[str, str], field: str):
    admin = at_desk("admin")
    page = admin.get("/admin/webhooks")
    refused = admin.submit(page, "/admin/webhooks", 422, **{"url": URL, **given})
    assert refused.one(f"#f-{field}")["aria-invalid"] == "true"
    assert not admin.get("/admin/webhooks").all(".rows")


def test_an_internal_address_is_refused_when_added_changed_and_tried(
    at_desk: At, monkeypatch: pytest.MonkeyPatch
):
    """T37."""
    admin = at_desk("admin")
    added(admin)
    monkeypatch.setattr(lookup, "ask_name_server", lambda host, port: ["127.0.0.1"])
    page = admin.get("/admin/webhooks/1")
    refused = admin.submit(page, "/admin/webhooks/1", 422, url="https://other.example.com/")
    assert "127.0.0.1" not in refused.text
    refused = admin.submit(page, "/admin/webhooks/1/test", 422)
    assert "hooks.example.com" in refused.one(".said-stop").get_text()
    new = admin.get("/admin/webhooks")
    admin.submit(new, "/admin/webhooks", 422, url="https://other.example.com/")


def test_its_log_tells_what_came_of_each_call_and_sends_again(at_desk: At, office: Office):
    admin = at_desk("admin")
    with listening(statuses=[404], text=b"<script>nothing here</script>") as endpoint:
        added(admin)
        webhook = office.session.scalars(select(Webhook)).one()
        webhook.url = endpoint.url
        office.session.commit()
        number = office.receive()
        settings = WebhookSettings("k" * 40, read_allowed("127.0.0.1"))
        sessions = sessionmaker(office.engine, expire_on_commit=False)
        lookup_of = lookup.ask_name_server
        lookup.ask_name_server = lambda host, port: [host]
        try:
            deliver_to(sessions, settings, 1, now=lambda: NOW)
        finally:
            lookup.ask_name_server = lookup_of
    page = admin.get("/admin/webhooks/1")
    row = page.one(".rows tbody tr").get_text(" ", strip=True)
    assert "404" in row
    assert number in row
    assert "<script>nothing here</script>" in row
    assert not page.all(".rows script")
    office.session.expire_all()
    done = admin.follow(admin.submit(page, "/admin/webhooks/1/deliveries/1/replay"))
    assert "Admin" in done.one(".rows tbody tr").get_text()


def test_it_is_switched_off_on_and_given_a_new_secret(at_desk: At):
    admin = at_desk("admin")
    first = added(admin).one(".secret code").get_text()
    page = admin.get("/admin/webhooks/1")
    second = admin.submit(page, "/admin/webhooks/1/rotation", 200).one(".secret code").get_text()
    assert second != first
    off = admin.follow(admin.submit(page, "/admin/webhooks/1/state"))
    assert not off.all('form[action$="/test"]')
    on = admin.follow(admin.submit(off, "/admin/webhooks/1/state"))
    admin.follow(admin.submit(on, "/admin/webhooks/1/test"))


def test_the_log_goes_page_by_page(at_desk: At):
    admin = at_desk("admin")
    added(admin)
    page = admin.get("/admin/webhooks/1")
    for _ in range(32):
        admin.submit(page, "/admin/webhooks/1/test")
    first = admin.get("/admin/webhooks/1")
    older = admin.get(str(first.one('.pager a[rel="next"]')["href"]))
    assert (len(first.all(".rows tbody tr")), len(older.all(".rows tbody tr"))) == (30, 2)
    assert older.one('.pager a[rel="prev"]')["href"] == "/admin/webhooks/1"
    admin.get("/admin/webhooks/1?cursor=nonsense", status=422)
