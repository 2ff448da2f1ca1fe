"""The sweeps of the worker: what they count, forget and leave behind; run twice, change nothing."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.commands.verify import verify_all
from complaints.domain.jobs import JOBS
from complaints.engine.fire import fire_due
from complaints.models import (
    Deadline,
    Heartbeat,
    LoginAttempt,
    OneTimeKey,
    OutboxMessage,
    RateLimit,
)
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder
from complaints.queries.engine.status import WORKER, read_metrics
from complaints.settings import read_settings
from complaints.worker import schedule, sweeps
from complaints.worker.schedule import WORK, run_job, run_worker
from complaints.worker.sweeps import (
    KEEP_ATTEMPTS,
    KEEP_KEYS,
    JobResult,
    WorkerContext,
    count_all,
    deliver_messages,
    fire_timers,
    record_heartbeat,
    send_digests,
    sweep_once,
    tidy_up,
)
from tests.conftest import NOW
from tests.office import Office

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LATER = NOW + timedelta(days=40)


@pytest.fixture
def context(office: Office, tmp_path: Path) -> WorkerContext:
    return WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=DeliverySettings("https://keluhan.example", "a key for tests only, long enough"),
        transport=Folder(tmp_path / "mail"),
    )


def hearts(office: Office) -> dict[str, tuple[datetime, int, int]]:
    rows = office.session.scalars(select(Heartbeat).execution_options(populate_existing=True))
    found = {
        row.job: (row.at, row.lag_seconds, row.handled)
        for row in rows
        if not row.job.startswith(WORKER)
    }
    office.session.commit()
    return found


# Once, by hand


def test_a_sweep_says_what_it_fired_and_how_late(office: Office, context: WorkerContext):
    office.receive()
    late = timedelta(minutes=45, seconds=7)
    assert sweep_once(context.sessions, NOW + late) == {
        "fired": {"breach": 1, "escalate": 1},
        "oldest_lag_seconds": 30 * 60 + 7,
    }
    assert sweep_once(context.sessions, NOW + late) == {"fired": {}, "oldest_lag_seconds": 0}


def test_a_sweep_with_nothing_to_do_needs_no_rules(bare_database_url: str):
    from complaints.db import make_engine

    engine = make_engine(bare_database_url)
    assert sweep_once(sessionmaker(engine), NOW)["fired"] == {}
    engine.dispose()


def test_a_sweep_goes_on_until_nothing_is_left(
    office: Office, context: WorkerContext, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sweeps, "fire_due", partial(fire_due, limit=2))
    for _ in range(3):
        office.receive()
    fired = sweep_once(context.sessions, LATER)["fired"]
    assert fired == {"breach": 12, "escalate": 36}
    assert office.overdue(LATER) == 0


def test_an_idle_pass_leaves_the_write_lock_alone(office: Office, context: WorkerContext):
    """On SQLite a desk may be writing while the worker looks whether anything is due."""
    office.receive()
    with context.sessions() as desk:
        desk.execute(update(Deadline).values(fired=0))
        assert sweep_once(context.sessions, NOW)["fired"] == {}
        assert deliver_messages(context, NOW - MINUTE).handled == 0
        desk.rollback()


# As jobs


def test_each_job_twice_does_nothing_the_second_time(office: Office, context: WorkerContext):
    number = office.receive()
    office.walk(number, to="020-1.6")
    assert fire_timers(context, LATER).handled > 0
    assert fire_timers(context, LATER).handled == 0
    assert send_digests(context, LATER).handled > 0
    assert send_digests(context, LATER).handled == 0
    waiting = office.count(OutboxMessage)
    assert deliver_messages(context, LATER).handled == waiting
    assert deliver_messages(context, LATER).handled == 0


def test_old_keys_failed_logins_and_counts_are_forgotten(office: Office, context: WorkerContext):
    second = timedelta(seconds=1)
    user = office.id_of("csr")
    for name, at in (("old", NOW - KEEP_KEYS - second), ("kept", NOW - KEEP_KEYS)):
        office.session.add(OneTimeKey(key=name, user_id=user, action="x", created_at=at))
    for name, at in (("old", NOW - KEEP_ATTEMPTS - second), ("kept", NOW - KEEP_ATTEMPTS)):
        office.session.add(LoginAttempt(throttle_key=name, last_at=at, failures=3))
    for name, at in (("old", NOW), ("kept", NOW + second)):
        office.session.add(RateLimit(key=name, used=1, resets_at=at))
    office.session.commit()
    assert tidy_up(context, NOW).handled == 3
    assert office.session.scalars(select(RateLimit.key)).all() == ["kept"]
    assert office.session.scalars(select(OneTimeKey.key)).all() == ["kept"]
    assert office.session.scalars(select(LoginAttempt.throttle_key)).all() == ["kept"]
    office.session.commit()
    assert tidy_up(context, NOW).handled == 0


def test_a_job_leaves_a_sign_of_life_even_when_idle(office: Office, context: WorkerContext):
    record_heartbeat(context, "fire", JobResult(), NOW)
    assert hearts(office) == {"fire": (NOW, 0, 0)}


def test_idle_signs_of_life_are_rare_and_busy_ones_are_not(office: Office, context: WorkerContext):
    record_heartbeat(context, "fire", JobResult(), NOW)
    record_heartbeat(context, "fire", JobResult(0, 0), NOW + SECOND)
    assert hearts(office)["fire"][0] == NOW
    record_heartbeat(context, "fire", JobResult(3, 12), NOW + 2 * MINUTE)
    record_heartbeat(context, "fire", JobResult(2, 40), NOW + 3 * MINUTE)
    assert hearts(office) == {"fire": (NOW + 3 * MINUTE, 40, 2)}


def test_a_failing_job_is_logged_without_words_and_comes_again(
    office: Office, context: WorkerContext, monkeypatch: pytest.MonkeyPatch
):
    said: list[dict[str, object]] = []
    log = SimpleNamespace(error=lambda event, **more: said.append(more))
    monkeypatch.setattr(schedule, "log", log)

    def fail(_: WorkerContext, __: datetime) -> JobResult:
        raise ValueError("Siti Aminah, 0812 3456 7890")

    run_job(context, "fail", fail)
    assert said == [{"job": "fail", "error": "ValueError"}]
    assert hearts(office) == {}


def test_there_is_one_table_of_periodic_work():
    assert {job.name: job.seconds for job in JOBS} == {
        "fire": 1,
        "digest": 5,
        "deliver": 1,
        "reports": 10,
        "mail": 60,
        "webhooks": 1,
        "recalculation": 1,
        "requests": 60,
        "offers": 60,
        "surveys": 600,
        "links": 5,
        "plans": 1,
        "imports": 2,
        "incidents": 5,
        "spikes": 600,
        "posts": 5,
        "actions": 60,
        "reviews": 300,
        "learn": 3600,
        "forecast": 3600,
        "audit": 60,
        "previews": 2,
        "files": 600,
        "sums": 10,
        "sumcheck": 300,
        "absent": 60,
        "count": 300,
        "register": 15,
        "tidy": 3600,
        "seal": 3600,
    }
    assert set(WORK) == {job.name for job in JOBS}


def test_totals_are_what_a_worker_counted_last(office: Office, context: WorkerContext):
    def totals() -> dict[str, float]:
        values = read_metrics(office.session, clock.now()).values
        office.session.commit()
        wanted = ("deadlines_live", "complaints")
        return {name: values[name][1] for name in wanted if name in values}

    office.receive()
    live = office.session.query(Deadline).filter_by(ended_at=None).count()
    office.session.commit()
    assert totals() == {}
    run_job(context, "count", count_all)
    assert live > 0
    assert totals() == {"deadlines_live": live, "complaints": 1}
    office.receive()
    office.session.commit()
    assert totals() == {"deadlines_live": live, "complaints": 1}


def test_a_worker_fires_delivers_and_stops_when_asked(office: Office, tmp_path: Path):
    long_ago = clock.now() - timedelta(days=40)
    office.receive(at=long_ago)
    settings = read_settings(
        {
            "DATABASE_URL": office.engine.url.render_as_string(hide_password=False),
            "SECRET_KEY": "a key for tests only, long enough",
            "SMTP_URL": f"file://{tmp_path / 'post'}",
            "TANGGAP_SEALS": tmp_path / "seals",
        }
    )
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(settings, office.engine, stop))
    worker.start()
    tick = threading.Event()
    try:
        for _ in range(200):
            if (
                len(hearts(office)) == len(JOBS)
                and office.overdue(clock.now()) == 0
                and is_post_empty(office)
            ):
                break
            tick.wait(0.05)
    finally:
        stop.set()
        worker.join(10)
    assert not worker.is_alive()
    assert office.overdue(clock.now()) == 0
    assert is_post_empty(office)
    assert len(list((tmp_path / "post").glob("*.eml"))) == office.count(OutboxMessage) > 0
    assert set(hearts(office)) == {job.name for job in JOBS}
    sessions = sessionmaker(office.engine)
    assert verify_all(sessions, None, tmp_path / "seals")["sealed_on"] == f"{clock.now():%Y-%m-%d}"


def is_post_empty(office: Office) -> bool:
    found = office.session.scalars(select(OutboxMessage.state).distinct()).all()
    office.session.commit()
    return list(found) == ["sent"]
