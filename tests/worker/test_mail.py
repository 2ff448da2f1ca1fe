"""The worker reads the mailboxes of the settings, and what is wrong with one is seen."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import sessionmaker

from complaints.commands.doctor_mail import examine_mailboxes
from complaints.domain.mail.imap_account import read_imap_url
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.people.mailbox_state import claim_mailbox, note_failure
from complaints.queries.engine.status import read_metrics
from complaints.settings import read_settings
from complaints.worker.mail import fetch_mail
from complaints.worker.sweeps import WorkerContext
from tests.channels.email.conftest import PostRoom, post
from tests.imap_server import imap_server
from tests.mails import mail
from tests.office import Office
from tests.outbox.test_deliver import Hand
from tests.steps.conftest import database_url
from tests.web.conftest import at_desk, office, wall

__all__ = ["at_desk", "database_url", "office", "post", "wall"]

OFFICE = DeliverySettings("https://keluhan.example", "a key for tests only, long enough")


def context_of(office: Office, *urls: str) -> WorkerContext:
    office.session.rollback()
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    return WorkerContext(sessions, OFFICE, Hand(), mailboxes=[read_imap_url(each) for each in urls])


def test_without_a_mailbox_nothing_is_read(office: Office):
    assert fetch_mail(context_of(office), office.at).handled == 0


def test_every_mailbox_is_read_and_one_that_fails_holds_up_no_other(
    office: Office, post: PostRoom, monkeypatch
):
    monkeypatch.setattr("complaints.channels.email.fetching.ROUND_SECONDS", 0)
    with imap_server() as first, imap_server() as second:
        first.add(mail())
        second.add(mail("Lain", Message_ID="<dua@x.example>"))
        context = context_of(office, first.url, "imap://a:b@127.0.0.1:1", second.url)
        assert fetch_mail(context, office.at).handled == 2
    assert len(post.complaints()) == 2


def test_a_worker_that_stops_waits_on_no_server(office: Office):
    with imap_server() as server:
        context = context_of(office, server.url)
        context.is_stopping = lambda: True
        assert fetch_mail(context, office.at).handled == 0


def test_a_silent_mailbox_stands_where_people_and_programs_look(
    office: Office, at_desk, wall, client
):
    # T31.
    sessions = sessionmaker(office.engine)
    with sessions.begin() as session:
        claim_mailbox(session, "layanan@surat.example", office.at)
        note_failure(session, "layanan@surat.example", "TimeoutError", office.at)
    for minutes, is_silent in ((10, False), (16, True)):
        wall.at = office.at + timedelta(minutes=minutes)
        page = at_desk("admin", "en").get("/admin/engine").main
        assert ("cannot be read" in page) is is_silent
        assert "layanan@surat.example" in page
        assert ("a mailbox cannot be read" in client.get("/readyz").text) is is_silent
        with sessions() as session:
            values = read_metrics(session, wall.at).values
        assert values["mailboxes_silent"][1] == float(is_silent)


def test_the_doctor_tries_each_mailbox():
    with imap_server() as server:
        url = server.url
        settings = read_settings({"IMAP_URL": f"{url} {url.replace('rahasia', 'salah')}2"})
        found = list(examine_mailboxes(settings))
    assert [each[0] for each in found] == [True, False]
    assert "tells of new mail by itself" in found[0][2]
    assert "MailboxLoginError" in found[1][2]
    assert not any("rahasia" in each[2] or "salah" in each[2] for each in found)


def test_the_doctor_warns_where_letters_ask_for_answers_that_nobody_reads():
    ((is_well, is_warning, what),) = examine_mailboxes(read_settings())
    assert (is_well, is_warning) == (True, False)
    asked = read_settings({"TANGGAP_REPLY_ADDRESS": "keluhan@tanggap.example"})
    ((is_well, is_warning, what),) = examine_mailboxes(asked)
    assert (is_well, is_warning) == (True, True)
    assert "keluhan@tanggap.example" in what
