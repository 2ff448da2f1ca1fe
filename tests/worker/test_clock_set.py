"""The machine's clock is set, back or forwards: the work goes on, and who watches is not misled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.actions.recording import record_given
from complaints.domain.jobs import AHEAD, STANDSTILL, is_sign_of_life
from complaints.models import Heartbeat, HistoryEntry, OutboxMessage
from complaints.outbox.deliver import deliver_waiting
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder
from complaints.queries.engine.status import (
    WORKER,
    engine_view,
    find_standstill,
    is_alive,
    read_metrics,
)
from complaints.settings import read_settings
from complaints.worker.schedule import run_worker
from complaints.worker.watch import watch_once
from tests.conftest import NOW
from tests.office import Office
from tests.signs import leave_sign

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
STEPS = [-HOUR, -10 * MINUTE, 10 * MINUTE, HOUR]
OFFICE = DeliverySettings("https://keluhan.example", "a key for tests only, long enough")


@contextmanager
def working(office: Office, folder: Path) -> Iterator[None]:
    """A worker at its work, as a process runs it."""
    settings = read_settings(
        {
            "DATABASE_URL": office.engine.url.render_as_string(hide_password=False),
            "SECRET_KEY": "a key for tests only, long enough",
            "SMTP_URL": f"file://{folder}",
        }
    )
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(settings, office.engine, stop))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(20)
        assert not worker.is_alive()


def comes_true(office: Office, what: Callable[[], bool], seconds: float = 8) -> bool:
    """Whether something becomes true within so many seconds of real time."""
    tick = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if what():
            return True
        tick.wait(0.1)
    return what()


def beats(office: Office) -> dict[str, datetime]:
    found = office.session.execute(select(Heartbeat.job, Heartbeat.at)).all()
    office.session.commit()
    return dict(found)  # type: ignore[arg-type]


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_the_jobs_beat_on_within_seconds_of_a_step(office: Office, tmp_path: Path, step: timedelta):
    quick = {"fire", "deliver", "recalculation"}
    with time_machine.travel(NOW, tick=True) as machine, working(office, tmp_path / "mail"):
        assert comes_true(office, lambda: quick <= set(beats(office)))
        machine.shift(step)

        def all_beat_again() -> bool:
            now, seen = clock.now(), beats(office)
            signed_in = [at for name, at in seen.items() if name.startswith(WORKER)]
            return all(abs(now - at) < 10 * SECOND for at in [*map(seen.get, quick), *signed_in])

        assert comes_true(office, all_beat_again)
        now, session = clock.now(), office.session
        seen = find_standstill(session, now), engine_view(session, now).workers
        # What we hold open, the worker waits for.
        session.commit()
    assert seen == (None, 1)


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [(-STANDSTILL - SECOND, False), (-STANDSTILL, True), (AHEAD, True), (AHEAD + SECOND, False)],
)
def test_a_sign_of_life_is_neither_old_nor_in_the_future(ahead: timedelta, expected: bool):
    assert is_sign_of_life(NOW + ahead, NOW, STANDSTILL) is expected
    assert not is_sign_of_life(None, NOW, STANDSTILL)


@pytest.mark.parametrize("back", [10 * MINUTE, HOUR], ids=str)
def test_a_beat_from_the_future_is_no_sign_of_life_anywhere(
    office: Office, tmp_path: Path, back: timedelta
):
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    for job in ("fire", "deliver", f"{WORKER}gone"):
        leave_sign(sessions, job, NOW + back)
    session = office.session
    standstill = find_standstill(session, NOW)
    assert standstill is not None
    assert standstill.ahead == NOW + back
    assert not is_alive(session, NOW)
    assert engine_view(session, NOW).workers == 0
    view = engine_view(session, NOW)
    assert {job.name for job in view.jobs if job.is_well} == set()
    state = {name: value for name, (_, value) in read_metrics(session, NOW).values.items()}
    assert (state["standstill"], state["workers"]) == (1, 0)
    _, ages = read_metrics(session, NOW).by_job["heartbeat_age_seconds"]
    assert ages["fire"] == back.total_seconds()
    session.commit()
    watch_once(sessions, Folder(tmp_path / "mail"), OFFICE, NOW)
    kinds = session.scalars(select(OutboxMessage.kind)).all()
    session.commit()
    assert kinds == ["standstill"]


@pytest.mark.parametrize("back", [10 * MINUTE, HOUR], ids=str)
def test_waiting_letters_go_on_after_a_step_back(office: Office, tmp_path: Path, back: timedelta):
    office.walk(office.receive(), to="020-1.6")
    waiting = office.session.scalar(
        select(func.count()).where(OutboxMessage.state == "queued", OutboxMessage.via == "email")
    )
    office.session.commit()
    assert waiting
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    written = office.session.scalar(select(func.max(OutboxMessage.created_at)))
    office.session.commit()
    assert written is not None
    first = office.session.scalar(select(func.min(OutboxMessage.created_at)))
    office.session.commit()
    done = deliver_waiting(sessions, Folder(tmp_path / "mail"), OFFICE, at=first - back)
    assert done.sent == waiting


@pytest.mark.parametrize("back", [SECOND, 10 * MINUTE, HOUR], ids=str)
def test_a_complaint_received_later_than_now_still_takes_notes(office: Office, back: timedelta):
    number = office.receive()
    now = NOW - back
    case = record_given(
        office.session,
        number,
        "note",
        {"text": "Pelanggan menelepon lagi siang ini."},
        by=office.actor("csr"),
        now=now,
    )
    office.session.commit()
    assert case.at == NOW
    entry = office.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert (entry.at, entry.recorded_at) == (NOW, None)
    office.session.commit()
