"""Letters delivered long ago forget their words; that they went, to whom and when, stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import sessionmaker

from complaints.engine.fire import fire_due
from complaints.models import OutboxMessage
from complaints.outbox import purge
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder
from complaints.outbox.purge import KEPT, purge_letters
from complaints.settings import SettingsError, read_settings
from complaints.worker.sweeps import KEEP_LETTERS, WorkerContext, deliver_messages, tidy_up
from tests.conftest import NOW
from tests.office import Office

pytestmark = pytest.mark.both_databases

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def context(office: Office, tmp_path: Path) -> WorkerContext:
    return WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=DeliverySettings("https://keluhan.example", "a key for tests only, long enough"),
        transport=Folder(tmp_path / "mail"),
    )


@pytest.fixture
def letters(office: Office, context: WorkerContext) -> list[OutboxMessage]:
    """A receipt to the customer and a warning to the handler, delivered now."""
    number = office.receive()
    fire_due(office.session, office.rules, at=NOW + timedelta(minutes=15))
    office.session.commit()
    # A warning leaves while what it warns of is still to be done.
    deliver_messages(context, NOW + timedelta(minutes=16))
    office.walk(number, to="020-1.6")
    deliver_messages(context, NOW + DAY)
    office.session.execute(update(OutboxMessage).values(sent_at=NOW))
    office.session.commit()
    return stored(office)


def stored(office: Office) -> list[OutboxMessage]:
    query = select(OutboxMessage).order_by(OutboxMessage.id)
    rows = list(office.session.scalars(query.execution_options(populate_existing=True)))
    for row in rows:
        office.session.expunge(row)
    office.session.commit()
    return rows


def evidence(letter: OutboxMessage) -> tuple[Any, ...]:
    return (
        letter.key,
        letter.kind,
        letter.complaint_id,
        letter.to_address,
        letter.language,
        letter.created_at,
        letter.state,
        letter.attempts,
        letter.sent_at,
    )


def test_after_thirty_days_the_words_are_gone(
    office: Office, context: WorkerContext, letters: list[OutboxMessage]
):
    assert {letter.kind for letter in letters} == {"receipt", "notice"}
    assert "Siti Aminah" in str([letter.facts for letter in letters])
    tidy_up(context, NOW + KEEP_LETTERS)
    assert [letter.facts for letter in stored(office)] == [letter.facts for letter in letters]
    at = NOW + KEEP_LETTERS + SECOND
    assert tidy_up(context, at).handled == len(letters)
    after = stored(office)
    assert {letter.emptied_at for letter in after} == {at}
    assert all(letter.facts.keys() <= KEPT for letter in after)
    for word in ("Siti", "Csr", "KLH-"):
        assert word not in str([letter.facts for letter in after])


def test_whom_we_told_what_kind_of_thing_and_when_stays(
    office: Office, context: WorkerContext, letters: list[OutboxMessage]
):
    tidy_up(context, NOW + 31 * DAY)
    after = stored(office)
    assert [evidence(letter) for letter in after] == [evidence(letter) for letter in letters]
    (warning,) = [letter for letter in after if letter.kind == "notice"]
    assert (warning.facts["notice"], warning.facts["clock"]) == ("warn", "ack")
    assert "due_at" in warning.facts


def test_a_second_round_empties_nothing(
    office: Office, context: WorkerContext, letters: list[OutboxMessage]
):
    assert tidy_up(context, NOW + 31 * DAY).handled == len(letters)
    assert tidy_up(context, NOW + 32 * DAY).handled == 0
    assert {letter.emptied_at for letter in stored(office)} == {NOW + 31 * DAY}


@pytest.mark.parametrize("state", ["queued", "failed"])
def test_what_may_still_be_sent_keeps_its_words(
    office: Office, context: WorkerContext, letters: list[OutboxMessage], state: str
):
    office.session.execute(update(OutboxMessage).values(state=state, sent_at=None))
    office.session.commit()
    tidy_up(context, NOW + 400 * DAY)
    assert [letter.facts for letter in stored(office)] == [letter.facts for letter in letters]


def test_batch_after_batch_until_all_are_empty(
    office: Office,
    context: WorkerContext,
    letters: list[OutboxMessage],
    monkeypatch: pytest.MonkeyPatch,
):
    with context.sessions.begin() as session:
        before = NOW + SECOND
        assert purge_letters(session, sent_before=before, at=NOW + DAY, limit=1) == 1
    assert sum(letter.emptied_at is not None for letter in stored(office)) == 1
    monkeypatch.setattr(purge.purge_letters, "__kwdefaults__", {"limit": 1})
    assert tidy_up(context, NOW + 31 * DAY).handled == len(letters) - 1


def test_an_organisation_says_for_how_long(
    office: Office, context: WorkerContext, letters: list[OutboxMessage]
):
    context.keep_letters = timedelta(days=7)
    assert tidy_up(context, NOW + 7 * DAY).handled == 0
    assert tidy_up(context, NOW + 7 * DAY + SECOND).handled == len(letters)


def test_the_setting_has_a_default_and_refuses_nonsense():
    assert read_settings({"SECRET_KEY": "x"}).keep_letters == KEEP_LETTERS
    given = {"SECRET_KEY": "x", "TANGGAP_KEEP_LETTERS_DAYS": "365"}
    assert read_settings(given).keep_letters == timedelta(days=365)
    for wrong in ("-1", "a month", "99999999"):
        with pytest.raises(SettingsError, match="TANGGAP_KEEP_LETTERS_DAYS must be a whole number"):
            read_settings({**given, "TANGGAP_KEEP_LETTERS_DAYS": wrong})
