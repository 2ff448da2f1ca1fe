"""A dead worker cannot say so: the web processes do, once, and once more when it is back."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import sessionmaker

from complaints.models import OutboxMessage, Timer, User
from complaints.outbox.deliver import deliver_waiting
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder, Unreachable
from complaints.queries.mail_outage import mail_outage
from complaints.settings import read_settings
from complaints.worker import watch
from complaints.worker.watch import start_watch, watch_once
from tests.conftest import NOW
from tests.office import Office
from tests.signs import leave_sign

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OFFICE = DeliverySettings("https://keluhan.example", "a key for tests only, long enough")
DEAD = NOW + 3 * MINUTE


class Watchers:
    """Web processes that watch one office."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.sessions = sessionmaker(office.engine, expire_on_commit=False)

    def look(self, at: datetime) -> None:
        watch_once(self.sessions, Folder(self.folder), OFFICE, at)

    def sign(self, at: datetime) -> None:
        leave_sign(self.sessions, "fire", at)

    def letters(self) -> list[tuple[str, str, str]]:
        """Kind, receiver and state of every letter about the engine."""
        query = (
            select(OutboxMessage.kind, OutboxMessage.to_address, OutboxMessage.state)
            .where(OutboxMessage.kind.startswith("standstill"))
            .order_by(OutboxMessage.id)
        )
        found = [(kind, to.partition("@")[0], state) for kind, to, state in self._rows(query)]
        self.office.session.commit()
        return found

    def _rows(self, query):
        return self.office.session.execute(query).all()


@pytest.fixture
def watchers(office: Office, tmp_path: Path) -> Watchers:
    return Watchers(office, tmp_path / "mail")


def test_while_the_engine_runs_nobody_hears_anything(watchers: Watchers):
    watchers.sign(NOW)
    watchers.look(NOW + 2 * MINUTE)
    assert watchers.letters() == []


def test_the_administrators_get_one_letter_at_once(watchers: Watchers):
    watchers.sign(NOW)
    for minutes in range(3, 8):
        watchers.look(NOW + minutes * MINUTE)
    assert watchers.letters() == [("standstill", "admin", "sent")]
    (path,) = watchers.folder.glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == "Admin <admin@tanggap.example>"


def test_two_web_processes_write_one_letter(watchers: Watchers):
    watchers.sign(NOW)
    ready, mishaps = threading.Barrier(2), []

    def process() -> None:
        ready.wait()
        try:
            watchers.look(DEAD)
        except BaseException as error:
            mishaps.append(error)

    processes = [threading.Thread(target=process) for _ in range(2)]
    for each in processes:
        each.start()
    for each in processes:
        each.join(30)
    assert mishaps == []
    assert watchers.letters() == [("standstill", "admin", "sent")]
    assert len(list(watchers.folder.glob("*.eml"))) == 1


def test_when_it_runs_again_they_hear_once_as_well(watchers: Watchers):
    watchers.sign(NOW)
    watchers.look(DEAD)
    watchers.sign(NOW + 60 * MINUTE)
    watchers.look(NOW + 61 * MINUTE)
    watchers.look(NOW + 62 * MINUTE)
    # The all-clear is left to the worker, which lives.
    told = [("standstill", "admin", "sent"), ("standstill_over", "admin", "queued")]
    assert watchers.letters() == told
    at = NOW + 62 * MINUTE
    deliver_waiting(watchers.sessions, Folder(watchers.folder), OFFICE, at=at)
    assert {state for _, _, state in watchers.letters()} == {"sent"}


def test_the_next_standstill_is_told_again(watchers: Watchers):
    for hour in (0, 1):
        watchers.sign(NOW + hour * 60 * MINUTE)
        watchers.look(NOW + hour * 60 * MINUTE + SECOND)
        watchers.look(NOW + hour * 60 * MINUTE + 3 * MINUTE)
    assert [kind for kind, _, _ in watchers.letters()] == [
        "standstill",
        "standstill_over",
        "standstill",
    ]


def test_where_never_a_worker_ran_the_overdue_timer_tells_once(office: Office, watchers: Watchers):
    office.receive()
    first, second = sorted(office.session.scalars(select(Timer.id)))[:2]
    office.session.execute(update(Timer).where(Timer.id == first).values(fire_at=NOW))
    office.session.execute(update(Timer).where(Timer.id == second).values(fire_at=NOW + SECOND))
    office.session.commit()
    watchers.look(DEAD)
    # Somebody does what the first timer waited for; the standstill is the same.
    office.session.execute(update(Timer).where(Timer.id == first).values(fire_at=DEAD))
    office.session.commit()
    watchers.look(DEAD + MINUTE)
    assert watchers.letters() == [("standstill", "admin", "sent")]


def test_the_letter_does_not_wait_behind_other_post_and_touches_none(
    office: Office, watchers: Watchers
):
    number = office.receive()
    office.walk(number, to="020-1.6")
    watchers.sign(NOW)
    watchers.look(NOW + 90 * MINUTE)
    states = set(
        office.session.execute(select(OutboxMessage.kind, OutboxMessage.state).distinct()).all()
    )
    assert ("standstill", "sent") in states
    assert {state for kind, state in states if kind != "standstill"} == {"queued"}


def test_while_the_mail_server_is_away_the_letter_is_tried_again(
    watchers: Watchers, monkeypatch: pytest.MonkeyPatch
):
    def away(*_: object) -> None:
        raise Unreachable("away")

    watchers.sign(NOW)
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "send", away)
        watchers.look(DEAD)
    assert watchers.letters() == [("standstill", "admin", "queued")]
    watchers.look(DEAD + 2 * MINUTE)
    assert watchers.letters() == [("standstill", "admin", "sent")]


def test_that_mail_is_closed_as_well_is_noted_without_a_worker(
    office: Office, watchers: Watchers, monkeypatch: pytest.MonkeyPatch
):
    def away(*_: object) -> None:
        raise Unreachable("away")

    number = office.receive()
    office.walk(number, to="020-1.6")
    watchers.sign(NOW)
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "send", away)
        for minutes in range(3, 36, 2):
            watchers.look(NOW + minutes * MINUTE)
        outage = mail_outage(office.session)
        assert outage is not None
        assert outage.since == DEAD
        # Who wrote the receipt, with a date in it, hears at once; the administrator after a while.
        for name, kind in (("csr", "letter_held_up"), ("admin", "mail_closed")):
            assert [each.kind for each in office.notices(name)].count(kind) == 1
        office.session.commit()
    watchers.look(NOW + 37 * MINUTE)
    assert mail_outage(office.session) is None


def test_who_has_left_hears_nothing(office: Office, watchers: Watchers):
    office.session.execute(update(User).where(User.role == "admin").values(is_active=False))
    office.session.commit()
    watchers.sign(NOW)
    watchers.look(DEAD)
    assert watchers.letters() == []


def test_a_process_watches_until_it_ends(
    office: Office, watchers: Watchers, monkeypatch: pytest.MonkeyPatch
):
    looked = threading.Event()
    looks: list[datetime] = []

    def look(*given: object) -> None:
        looks.append(given[-1])
        if len(looks) == 1:
            raise RuntimeError("a mishap does not end the watch")
        looked.set()

    monkeypatch.setattr(watch, "watch_once", look)
    monkeypatch.setattr(watch, "WATCH_SECONDS", 0.01)
    settings = read_settings(
        {
            "DATABASE_URL": office.engine.url.render_as_string(hide_password=False),
            "SECRET_KEY": "a key for tests only, long enough",
            "SMTP_URL": f"file://{watchers.folder}",
        }
    )
    stop = start_watch(settings, office.engine)
    assert looked.wait(10)
    stop.set()
