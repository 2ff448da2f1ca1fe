"""However many fetch the same message, and whenever they die: it is taken in once, or again."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import OperationalError

from complaints.models import InboundMessage, InboundSource
from tests.at_once import at_once
from tests.channels.email.conftest import PostRoom
from tests.mails import mail

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
