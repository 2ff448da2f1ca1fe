"""However many fetch the same message, and whenever they die: it is taken in once, or again."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from complaints.models import InboundMessage, InboundSource
from tests.at_once import at_once
from tests.channels.email.conftest import PostRoom
from tests.channels.email.test_files import PDF, TEXT, attached
from tests.mails import CUSTOMER, OURS, mail, multipart

pytestmark = pytest.mark.both_databases


def test_many_workers_at_once_take_a_message_in_once(post: PostRoom):
    found: list[str] = []
    held = threading.Lock()
    post.office.session.rollback()

    def fetch() -> None:
        from sqlalchemy.orm import sessionmaker

        from complaints.channels.email.intake import intake_message
        from complaints.channels.email.keep import Origin

        sessions = sessionmaker(post.office.engine, expire_on_commit=False)
        done = intake_message(
            sessions, mail(), origin=Origin(), office=post.settings, at=post.office.at
        )
        with held:
            found.append(done.action)

    at_once(6, fetch)
    assert sorted(found) == ["created", *["ignored"] * 5]
    assert len(post.complaints()) == len(post.rows()) == 1


def test_a_message_whose_transaction_breaks_off_is_taken_in_on_the_next_fetch(
    post: PostRoom, monkeypatch: pytest.MonkeyPatch
):
    # T30: nothing is marked done before it is.
    def broken(*given: object) -> None:
        raise OperationalError("statement", {}, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr("complaints.channels.email.take_in.settle", broken)
        with pytest.raises(OperationalError):
            post.take(mail())
    assert post.complaints() == post.rows() == []
    assert post.take(mail()).action == "created"
    assert len(post.complaints()) == 1


def test_what_a_step_refuses_leaves_nothing_half_written(
    post: PostRoom, monkeypatch: pytest.MonkeyPatch
):
    from complaints.domain.errors import Refused

    def refuse(*given: object) -> None:
        raise Refused("no")

    with monkeypatch.context() as patch:
        # The complaint is written by then.
        patch.setattr("complaints.channels.email.write_down.attach_files", refuse)
        done = post.take(mail())
    assert (done.action, done.reason) == ("quarantined", "refused")
    assert post.complaints() == []
    session = post.office.session
    assert session.query(InboundMessage).count() == session.query(InboundSource).count() == 1


@pytest.mark.parametrize("stale", ["took us for them", "took them for us"])
def test_a_message_read_by_rules_that_have_changed_is_read_again(
    post: PostRoom, monkeypatch: pytest.MonkeyPatch, stale: str
):
    """Which addresses are ours is known as it was read last; the transaction looks again."""
    told = {"took them for us": frozenset({CUSTOMER}), "took us for them": frozenset[str]()}
    monkeypatch.setattr(
        "complaints.channels.email.intake._own_last_read", lambda *given: told[stale]
    )
    if stale == "took us for them":
        done = post.take(multipart(TEXT, PDF, headers={"From": OURS}))
        assert (done.action, done.reason, attached(post.office)) == ("ignored", "own", [])
        return
    done = post.take(multipart(TEXT, PDF))
    assert done.action == "created"
    # Its files came along, though the first reading took it for ours and kept none.
    assert [each.complaint_id for each in attached(post.office)] == [done.complaint_id]


def test_a_message_of_the_same_name_waits_and_an_answer_finds_what_it_answers(post: PostRoom):
    first = post.take(mail(Message_ID="<satu@x.example>"))
    again = post.take(mail("Lain sekali.", Message_ID="<satu@x.example>"))
    assert (again.action, again.reason, again.proposal_id) == (
        "quarantined",
        "same_name",
        first.complaint_id,
    )
    answer = mail("Masih mati.", Message_ID="<dua@x.example>", In_Reply_To="<satu@x.example>")
    done = post.take(answer)
    assert (done.action, done.complaint_id) == ("appended", first.complaint_id)


def test_a_new_complaint_takes_no_more_statements_than_it_needs(post: PostRoom):
    post.take(mail(Message_ID="<satu@x.example>"))
    said: list[str] = []
    event.listen(
        post.office.engine, "before_cursor_execute", lambda *given: said.append(str(given[2]))
    )
    post.take(mail("Tagihan bulan ini dua kali.", Message_ID="<dua@x.example>"))
    assert len(said) <= 29
    # It is stored once, with what became of it.
    assert sum("INTO inbound_messages" in each for each in said) == 1
    assert not any(each.startswith("UPDATE inbound_messages") for each in said)
