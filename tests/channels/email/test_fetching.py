"""Mailboxes are read from a real server: each message once, whatever breaks and whoever dies."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from complaints.channels.email import fetching
from complaints.channels.email.fetching import read_mailbox
from complaints.domain.mail.imap_account import ImapAccount, read_imap_url, read_imap_urls
from complaints.domain.mail.message import MOST_BYTES
from complaints.models import Mailbox, OutboxMessage
from complaints.people.mailbox_state import claim_mailbox
from complaints.queries.mail.mailboxes import silent_mailboxes
from tests.at_once import at_once
from tests.channels.email.conftest import PostRoom
from tests.imap_server import Held, imap_server
from tests.mails import bounce, mail
from tests.office import Office
from tests.soak import IS_SOAK

pytestmark = pytest.mark.both_databases

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[Held]:
    with imap_server() as held:
        yield held


class Reader:
    """Reads the mailbox as the worker does, a minute later each time."""

    def __init__(self, post: PostRoom, server: Held) -> None:
        self.post, self.account = post, read_imap_url(server.url)
        self.at = post.office.at
        post.office.session.rollback()
        self.sessions = sessionmaker(post.office.engine, expire_on_commit=False)

    def read(self, *, waits: bool = False, **more: object) -> int:
        self.at += MINUTE
        return read_mailbox(
            self.sessions,
            self.account,
            self.post.settings,
            now=lambda: self.at,
            waits=waits,
            **more,
        )  # type: ignore[arg-type]

    def row(self) -> Mailbox:
        (row,) = self.post.all(select(Mailbox))
        return row


@pytest.fixture
def reader(post: PostRoom, server: Held) -> Reader:
    return Reader(post, server)


def numbered(count: int) -> bytes:
    return mail(f"Keluhan {count}", From=f"s{count}@x.example", Message_ID=f"<{count}@x.example>")


def test_what_is_in_a_mailbox_is_taken_in_once(post: PostRoom, server: Held, reader: Reader):
    for count in range(3):
        server.add(numbered(count))
    assert reader.read() == 3
    assert reader.read() == 0
    assert [each.action for each in post.rows()] == ["created"] * 3
    assert post.rows()[2].source == f"{reader.account.name}:1:3"
    assert reader.row().last_uid == 3
    # Nothing is marked there: no STORE, no SELECT that could.
    assert set(server.commands) <= {
        "CAPABILITY",
        "LOGIN",
        "EXAMINE",
        "UID SEARCH",
        "UID FETCH",
        "LOGOUT",
    }


def test_the_servers_time_is_when_it_came(post: PostRoom, server: Held, reader: Reader):
    # T29.
    came = post.office.at - timedelta(hours=5)
    server.add(mail(Date=""), came)
    reader.read()
    assert post.complaints()[0].received_at == came


def test_what_came_while_a_round_waits_is_taken_in_at_once(
    post: PostRoom, server: Held, reader: Reader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetching, "ROUND_SECONDS", 3)
    threading.Timer(0.5, lambda: server.add(numbered(1))).start()
    assert reader.read(waits=True) == 1
    assert "IDLE" in server.commands


def test_a_server_that_does_not_tell_is_asked_each_round(
    post: PostRoom, server: Held, reader: Reader
):
    server.idles = False
    server.add(numbered(1))
    assert reader.read(waits=True) == 1
    assert "IDLE" not in server.commands


def test_a_server_that_counts_anew_makes_nothing_twice(
    post: PostRoom, server: Held, reader: Reader
):
    # T30.
    for count in range(3):
        server.add(numbered(count))
    reader.read()
    letters = len(post.all(select(OutboxMessage)))
    server.uidvalidity = 4_000_000_000
    server.messages = {1: server.messages[2], 2: numbered(9)}
    assert reader.read() == 2
    assert len(post.complaints()) == 4
    assert len(post.all(select(OutboxMessage))) == letters + 2
    assert (reader.row().uidvalidity, reader.row().last_uid) == (4_000_000_000, 2)


def test_a_connection_that_breaks_off_goes_on_where_it_was(
    post: PostRoom, server: Held, reader: Reader
):
    for count in range(5):
        server.add(numbered(count))
    server.breaks_after = 2
    assert reader.read() == 0
    assert reader.row().last_uid == 2
    assert reader.row().last_error
    server.breaks_after = None
    assert reader.read() == 3
    assert len(post.complaints()) == 5
    assert reader.row().last_error == ""


def test_a_message_that_breaks_something_holds_up_no_other(
    post: PostRoom, server: Held, reader: Reader, monkeypatch: pytest.MonkeyPatch
):
    # T28.
    server.add(numbered(1))
    server.add(b"\xff\xfe" * 100)
    server.add(mail(b"x" * (MOST_BYTES + 10), Message_ID="<besar@x.example>"))
    server.add(bounce("<a@b.example>"))
    server.add(numbered(2))
    assert reader.read() == 5
    assert [each.reason for each in post.rows()] == [
        "new",
        "no_sender",
        "oversized",
        "unmatched",
        "new",
    ]
    # Of what is too large only the beginning was fetched.
    assert post.rows()[2].size > MOST_BYTES
    assert post.rows()[2].subject == "Internet mati"


def test_two_workers_share_a_mailbox(post: PostRoom, server: Held, reader: Reader):
    for count in range(8):
        server.add(numbered(count))
    at_once(3, reader.read)
    reader.read()
    assert len(post.complaints()) == len(post.rows()) == 8


def test_a_mailbox_is_one_workers_for_a_minute(post: PostRoom, reader: Reader):
    with reader.sessions.begin() as session:
        assert claim_mailbox(session, "a", post.office.at)
    with reader.sessions.begin() as session:
        assert not claim_mailbox(session, "a", post.office.at + timedelta(seconds=10))
    with reader.sessions.begin() as session:
        assert claim_mailbox(session, "a", post.office.at + timedelta(seconds=50))
    # The clock was set back by an hour: nobody waits until then.
    with reader.sessions.begin() as session:
        assert claim_mailbox(session, "a", post.office.at - timedelta(hours=1))


@pytest.mark.parametrize("refused", ["LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH"])
def test_a_mailbox_that_cannot_be_read_is_told_after_a_quarter_of_an_hour(
    post: PostRoom, office: Office, server: Held, reader: Reader, refused: str
):
    # T31.
    server.add(numbered(1))
    server.refuses = {refused}
    for _ in range(15):
        assert reader.read() == 0
    assert office.notices("admin") == []
    for _ in range(3):
        reader.read()
    (told,) = office.notices("admin")
    assert told.kind == "mailbox_silent"
    letters = [each.to_address for each in post.all(select(OutboxMessage))]
    assert letters == ["admin@tanggap.example"]
    with reader.sessions() as session:
        assert [each.name for each in silent_mailboxes(session, reader.at)] == [reader.account.name]
    server.refuses = set()
    assert reader.read() == 1
    with reader.sessions() as session:
        assert silent_mailboxes(session, reader.at) == []


def test_nobody_listening_is_noted_and_not_raised(post: PostRoom, reader: Reader):
    reader.account = read_imap_url("imap://a:b@127.0.0.1:1/INBOX#keluhan@x.example")
    assert reader.read() == 0
    assert reader.row().last_error == "ConnectionRefusedError"


def test_the_mailbox_that_a_message_came_to_says_its_branch(
    post: PostRoom, office: Office, server: Held, reader: Reader
):
    server.add(mail(To="orang@lain.example"))
    reader.read()
    assert office.rules.branches[post.complaints()[0].branch_id].code == "JKT"


MESSAGES, WORKERS = (2_000, 6) if IS_SOAK else (200, 3)


@pytest.mark.soak
@pytest.mark.first_row_on_postgresql
def test_many_messages_while_workers_die_at_random_become_one_item_each(
    post: PostRoom, server: Held, reader: Reader
):
    """Killed within a transaction, between two, and while the server speaks."""
    luck = random.Random(7)
    for count in range(MESSAGES):
        server.add(
            numbered(count) if count % 7 else bounce(f"<{count}@b.example>", subject=str(count))
        )
    # Reports of the same moment differ by their names.
    for uid, raw in server.messages.items():
        server.messages[uid] = raw.replace(b"pantul-failed", f"pantul-{uid}".encode())

    class Killed(BaseException):
        pass

    def dies() -> bool:
        if luck.random() < 0.02:
            raise Killed
        return False

    rounds = 0
    while reader_left(reader) and rounds < MESSAGES:
        rounds += 1
        server.breaks_after = luck.randrange(40) if rounds % 3 == 0 else None
        try:
            reader.read(is_stopping=dies)
        except Killed:
            continue
    server.breaks_after = None
    reader.read()
    rows = post.rows()
    assert len(rows) == MESSAGES
    assert len({each.message_mark for each in rows}) == MESSAGES
    complaints = [each for each in rows if each.action == "created"]
    assert len(complaints) == len(post.complaints()) == MESSAGES - -(-MESSAGES // 7)
    assert {each.action for each in rows} == {"created", "bounce"}


def reader_left(reader: Reader) -> bool:
    rows = reader.post.all(select(Mailbox))
    return not rows or rows[0].last_uid < MESSAGES


@pytest.mark.parametrize(
    ("url", "account"),
    [
        (
            "imaps://keluhan%40x.example:p%40ss@mail.example",
            ImapAccount("mail.example", 993, True, "keluhan@x.example", "p@ss", "INBOX",
                        "keluhan@x.example"),
        ),
        (
            "imap://budi:rahasia@127.0.0.1:1143/Keluhan%20Baru#Keluhan@x.example",
            ImapAccount("127.0.0.1", 1143, False, "budi", "rahasia", "Keluhan Baru",
                        "keluhan@x.example"),
        ),
    ],
)  # fmt: skip
def test_a_mailbox_is_read_from_its_address(url: str, account: ImapAccount):
    assert read_imap_url(url) == account
    assert account.password not in repr(account)
    assert account.password not in account.name


@pytest.mark.parametrize(
    "url", ["http://a:b@c", "imaps://host", "imaps://user@host", "imaps://a:b@host:x", "imaps://"]
)
def test_what_is_no_mailbox_is_one_sentence(url: str):
    with pytest.raises(ValueError, match=r"must|port"):
        read_imap_url(url)


def test_several_mailboxes_stand_behind_each_other():
    assert [each.user for each in read_imap_urls("imap://a:b@h imap://c:d@h")] == ["a", "c"]
    assert read_imap_urls("") == ()
    with pytest.raises(ValueError, match="twice"):
        read_imap_urls("imap://a:b@h imap://a:c@h")
