"""Other people's messages, where they are at hand: each ends in an action, readable and in time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from complaints.channels.email.reading import read_mail
from complaints.queries.mail.words import ACTIONS, REASONS
from tests.channels.email.conftest import PostRoom
from tests.conftest import ROOT

CORPORA = ROOT.parent / "shared" / "data" / "email"
FILES = sorted(path for path in CORPORA.rglob("*") if path.is_file()) if CORPORA.is_dir() else []
#: Of the processor, which others may be busy with as well.
MOST_SECONDS = 1.0


@pytest.mark.skipif(not FILES, reason="the collections of messages are not at hand")
@pytest.mark.sqlite_is_enough
def test_every_message_ends_in_an_action_and_in_time(post: PostRoom):
    slow: list[tuple[float, Path]] = []
    for path in FILES:
        began = time.thread_time()
        done = post.take(path.read_bytes())
        took = time.thread_time() - began
        if took > MOST_SECONDS:
            slow.append((took, path))
        assert done.action in ACTIONS, path
        assert done.reason in REASONS, path
        assert done.reason not in ("failed_here", "refused"), path
    assert slow == []
    rows = post.rows()
    opened = [each for each in rows if each.action == "created"]
    assert opened
    # No machine's message opens a complaint or lies on one.
    machines = [each for each in rows if each.kind in ("bounce", "auto_reply", "list", "own")]
    assert len(machines) > 100
    assert [each for each in machines if each.complaint_id is not None] == []
    assert all(each.action != "created" for each in machines)


@pytest.mark.skipif(not FILES, reason="the collections of messages are not at hand")
def test_bounces_of_a_collection_of_bounces_are_known():
    folder = CORPORA / "sisimai_set-of-emails" / "maildir"
    files = [path for path in FILES if folder in path.parents]
    kinds = [read_mail(path.read_bytes(), ()).verdict.kind.value for path in files]
    assert "person" not in kinds
