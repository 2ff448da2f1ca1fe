"""The sweeps: fire what is due, deliver what waits, tidy up; each leaves a sign of life.

A sweep asks what is due and not done, never what time it is; a second one right after it changes
nothing. Any number of workers may run them at once.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import structlog
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from complaints.actions.drafts import KEEP_DRAFTS, purge_drafts
from complaints.db import begin_reading
from complaints.domain.latency_histogram import CORRECTED, add_lags
from complaints.domain.mail.imap_account import ImapAccount
from complaints.engine.empty_old_mail import empty_messages
from complaints.engine.expiries import is_any_expired
from complaints.engine.fire import Fired, fire_due
from complaints.models import Heartbeat, LoginAttempt, OneTimeKey, Timer
from complaints.outbox.deliver import deliver_waiting, is_anything_waiting
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.digest import is_digest_due, write_next_digest
from complaints.outbox.mail.transports import Transport
from complaints.outbox.on_the_way import Delivered
from complaints.outbox.purge import purge_letters
from complaints.outbox.webhooks.callers import Callers
from complaints.outbox.webhooks.purge import purge_webhook_log
from complaints.people.mail_outage import note_closed_way, note_open_way
from complaints.people.undelivered import tell_undelivered
from complaints.queries.engine.status import WORKER, count_totals
from complaints.queries.mail_outage import noted_outage
from complaints.rate_limits import forget_old_limits
from complaints.rulebook import current_rules
from complaints.steps.colleagues.be_here import forget_absent
from complaints.takeover.import_runs import empty_old

#: How long a form or a call may be repeated before its key is forgotten.
KEEP_KEYS = timedelta(days=7)
#: How long failed logins are remembered; far longer than a key stays locked.
KEEP_ATTEMPTS = timedelta(days=1)
#: How long the name of a worker that has gone is remembered.
KEEP_WORKERS = timedelta(days=1)
#: How long the facts of delivered letters are kept, unless the settings say otherwise.
KEEP_LETTERS = timedelta(days=30)
#: How long messages that were settled are kept as they came, unless the settings say otherwise.
KEEP_MAIL = timedelta(days=90)
#: How long it is kept what webhooks were told, unless the settings say otherwise.
KEEP_WEBHOOK_LOG = timedelta(days=30)
#: The longest round of a job that always finds more to do.
ROUND_SECONDS = 20
#: Signs of life are written this often while there is nothing to do.
BEAT_SECONDS = 10
#: A mail server that cannot be reached is called again after so long, not by every letter.
CLOSED_SECONDS = 60
#: The clock was set when it differs by more from what the monotonic clock says; times are whole
#: seconds here.
STEP_SECONDS = 3

log = structlog.get_logger()


@dataclass(slots=True)
class JobResult:
    """What a sweep has done: rows handled and how late the oldest of them was.

    `lags` says how often something was so many seconds late, `corrected` how many deadlines
    differed from their ledgers; `figures` are kept as they are, for jobs whose sign of life tells
    more than that.
    """

    handled: int = 0
    lag_seconds: int = 0
    lags: Counter[int] = field(default_factory=Counter)
    corrected: int = 0
    figures: dict[str, int] | None = None


@dataclass(slots=True)
class Pulse:
    """What a job has done since its last sign of life."""

    written: float = field(default=float("-inf"))
    at: datetime | None = None
    done: JobResult = field(default_factory=JobResult)


@dataclass(slots=True)
class WorkerContext:
    """What the jobs of one worker share, and the name it signs in by, which tells nothing else."""

    sessions: sessionmaker[Session]
    delivery: DeliverySettings
    transport: Transport
    is_stopping: Callable[[], bool] = lambda: False
    pulses: dict[str, Pulse] = field(default_factory=dict)
    name: str = field(default_factory=lambda: token_hex(4))
    keep_letters: timedelta = KEEP_LETTERS
    keep_mail: timedelta = KEEP_MAIL
    keep_webhook_log: timedelta = KEEP_WEBHOOK_LOG
    #: Who calls webhooks; None where nobody does.
    callers: Callers | None = None
    #: The folder of the daily seals; None where none are kept.
    seals: Path | None = None
    #: The mailboxes that are read for mail.
    mailboxes: Sequence[ImapAccount] = ()
    #: Sends reports beside the letters; None where the one for all does.
    report_transport: Transport | None = None
    #: Sessions on the database of reports; None where there is no other.
    report_sessions: sessionmaker[Session] | None = None
    #: As below, for reports.
    reports_open: float = float("-inf")
    #: By the monotonic clock: when a mail server that could not be reached is called again.
    way_opens: float = float("-inf")


def sweep_once(sessions: sessionmaker[Session], at: datetime) -> dict[str, Any]:
    """Fire everything due by `at`, until nothing is left: counts by kind, oldest lag.

    Where no worker runs, the digests are written here as well.
    """
    fired = fire_everything(sessions, at)
    write_digests(sessions, at)
    return {"fired": dict(fired.counts), "oldest_lag_seconds": fired.oldest_lag_seconds}


def fire_everything(
    sessions: sessionmaker[Session], at: datetime, is_stopping: Callable[[], bool] = lambda: False
) -> Fired:
    """Fire batch after batch, each in its own transaction, until nothing is due.

    What another worker or a person holds at the moment is left to the next sweep.
    """
    total = Fired()
    began = time.monotonic()
    while not is_stopping() and _is_anything_due(sessions, at):
        with sessions.begin() as session:
            fired = fire_due(session, current_rules(session), at=at)
        # A round goes by one time; what its later batches waited meanwhile is lateness too.
        waited = int(time.monotonic() - began)
        fired.lags = Counter({lag + waited: count for lag, count in fired.lags.items()})
        total.add(fired)
        if fired.handled == 0:
            break
    return total


def fire_timers(context: WorkerContext, at: datetime) -> JobResult:
    """The sweep of the deadlines."""
    fired = fire_everything(context.sessions, at, _is_round_over(context))
    for mishap in fired.mishaps:
        log.error("timer postponed", mishap=mishap)
    for difference in fired.corrected:
        log.error("deadline corrected by its ledger", difference=difference)
    if fired.handled:
        log.info("timers fired", lag_seconds=fired.oldest_lag_seconds, **fired.counts)
    return JobResult(fired.handled, fired.oldest_lag_seconds, fired.lags, len(fired.corrected))


def send_digests(context: WorkerContext, at: datetime) -> JobResult:
    """One letter to each person whose notices wait, once a standstill has been caught up."""
    return JobResult(write_digests(context.sessions, at, context.is_stopping))


def write_digests(
    sessions: sessionmaker[Session], at: datetime, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Write the digests that are due, each in its own transaction; returns how many people."""
    with reading(sessions) as session:
        if not is_digest_due(session, at):
            return 0
    written = 0
    while not is_stopping():
        with sessions.begin() as session:
            if not write_next_digest(session, at=at):
                break
        written += 1
    return written


def deliver_messages(context: WorkerContext, at: datetime) -> JobResult:
    """Deliver messages as long as something waits and the transport works."""
    done = JobResult()
    is_over = _is_round_over(context)
    while not is_over() and time.monotonic() >= context.way_opens:
        with reading(context.sessions) as session:
            if not is_anything_waiting(session, at):
                break
        delivered = deliver_waiting(
            context.sessions,
            context.transport,
            context.delivery,
            at=at,
            tell=tell_undelivered,
            is_stopping=context.is_stopping,
        )
        done.handled += delivered.handled
        done.lag_seconds = max(done.lag_seconds, delivered.oldest_lag_seconds)
        if delivered.has_answered or delivered.is_closed:
            note_way_out(context.sessions, delivered, at)
        if delivered.is_closed:
            context.way_opens = time.monotonic() + CLOSED_SECONDS
        if delivered.failed or delivered.is_closed:
            log.warning(
                "post not delivered", messages=delivered.failed, is_closed=delivered.is_closed
            )
        if delivered.handled == 0:
            break
    return done


def note_way_out(sessions: sessionmaker[Session], delivered: Delivered, at: datetime) -> None:
    """Note whether mail leaves at all, as far as this round tells, and tell who has to know."""
    if delivered.has_answered:
        with reading(sessions) as session:
            was_closed = noted_outage(session) is not None
        if was_closed:
            with sessions.begin() as session:
                note_open_way(session)
            log.info("mail leaves again")
    if delivered.is_closed:
        with sessions.begin() as session:
            note_closed_way(session, at)


def tidy_up(context: WorkerContext, at: datetime) -> JobResult:
    """Forget keys, failed logins, counts, workers, old drafts and words that are done with."""
    with context.sessions.begin() as session:
        keys = session.execute(delete(OneTimeKey).where(OneTimeKey.created_at < at - KEEP_KEYS))
        tries = session.execute(
            delete(LoginAttempt).where(LoginAttempt.last_at < at - KEEP_ATTEMPTS)
        )
        session.execute(
            delete(Heartbeat).where(
                Heartbeat.job.startswith(WORKER), Heartbeat.at < at - KEEP_WORKERS
            )
        )
        limits = forget_old_limits(session, at) + empty_old(session, at)
        drafts = purge_drafts(session, saved_before=at - KEEP_DRAFTS)
        forgotten = getattr(keys, "rowcount", 0) + getattr(tries, "rowcount", 0)
        done = JobResult(forgotten + limits + drafts)
    is_over = _is_round_over(context)
    while not is_over():
        with context.sessions.begin() as session:
            emptied = purge_letters(session, sent_before=at - context.keep_letters, at=at)
        done.handled += emptied
        if not emptied:
            break
    while not is_over():
        with context.sessions.begin() as session:
            emptied = empty_messages(session, settled_before=at - context.keep_mail, at=at)
        done.handled += emptied
        if not emptied:
            break
    while not is_over():
        with context.sessions.begin() as session:
            before = at - context.keep_webhook_log
            forgotten = purge_webhook_log(session, created_before=before)
        done.handled += forgotten
        if not forgotten:
            break
    return done


def forget_gone(context: WorkerContext, at: datetime) -> JobResult:
    """Forget who was at a complaint and is not any more: nobody is to read it later."""
    with context.sessions.begin() as session:
        return JobResult(forget_absent(session, at))


def count_all(context: WorkerContext, at: datetime) -> JobResult:
    """Count for the metrics what no reading of them should count anew; kept in the sign of life."""
    with reading(context.sessions) as session:
        return JobResult(figures=count_totals(session))


def register_worker(context: WorkerContext, at: datetime) -> JobResult:
    """Say that this worker is there, so that one can count them."""
    with context.sessions.begin() as session:
        _keep_heartbeat(session, f"{WORKER}{context.name}", {"at": at})
    return JobResult()


def record_heartbeat(context: WorkerContext, job: str, done: JobResult, at: datetime) -> None:
    """Leave a sign of life: every ten seconds, at once when something was done or the clock set.

    `handled` and the lag speak of the time since the sign before.
    """
    pulse = context.pulses.setdefault(job, Pulse())
    pulse.done.handled += done.handled
    pulse.done.lag_seconds = max(pulse.done.lag_seconds, done.lag_seconds)
    pulse.done.lags += done.lags
    pulse.done.corrected += done.corrected
    now = time.monotonic()
    is_idle = not done.handled and done.figures is None
    if is_idle and now - pulse.written < BEAT_SECONDS and not _is_clock_set(pulse, at, now):
        return
    values = {
        "at": at,
        "lag_seconds": pulse.done.lag_seconds,
        "handled": pulse.done.handled,
    }
    if done.figures is not None:
        values["lags"] = done.figures
    with context.sessions.begin() as session:
        _keep_heartbeat(session, job, values)
        if pulse.done.lags or pulse.done.corrected:
            _count_up(session, job, pulse.done)
    context.pulses[job] = Pulse(now, at)


def _is_clock_set(pulse: Pulse, at: datetime, now: float) -> bool:
    """Whether the wall clock has gone another way than the monotonic one since the last sign."""
    if pulse.at is None:
        return False
    return abs((at - pulse.at).total_seconds() - (now - pulse.written)) > STEP_SECONDS


def _keep_heartbeat(session: Session, job: str, values: dict[str, Any]) -> None:
    statement = update(Heartbeat).where(Heartbeat.job == job).values(**values)
    if getattr(session.execute(statement), "rowcount", 0):
        return
    try:
        with session.begin_nested():
            session.execute(insert(Heartbeat).values(job=job, **values))
    except IntegrityError:
        # Another worker was the first a moment ago.
        session.execute(statement)


def _count_up(session: Session, job: str, done: JobResult) -> None:
    """Add to the job's histogram; writing the row has locked it against other workers."""
    kept = session.scalar(select(Heartbeat.lags).where(Heartbeat.job == job)) or {}
    lags = add_lags(kept, done.lags)
    if done.corrected:
        lags[CORRECTED] = lags.get(CORRECTED, 0) + done.corrected
    session.execute(update(Heartbeat).where(Heartbeat.job == job).values(lags=lags))


def _is_round_over(context: WorkerContext) -> Callable[[], bool]:
    """Whether to stop: when asked to, or because the time the round goes by has grown old.

    Leases are counted from that time; the next round comes a second later with a new one.
    """
    began = time.monotonic()
    return lambda: context.is_stopping() or time.monotonic() - began > ROUND_SECONDS


def _is_anything_due(sessions: sessionmaker[Session], at: datetime) -> bool:
    """Look without taking SQLite's write lock, which an idle pass would take every second."""
    query = select(Timer.id).where(Timer.fire_at <= at).limit(1)
    with reading(sessions) as session:
        return session.scalar(query) is not None or is_any_expired(session, at)


@contextmanager
def reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that only reads, and leaves SQLite's write lock alone."""
    with sessions() as session:
        begin_reading(session)
        yield session
