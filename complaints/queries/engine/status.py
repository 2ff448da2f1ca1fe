"""How the engine is doing: signs of life, how late timers fire, what waits, what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.jobs import AHEAD, SHOWN_JOBS, STANDSTILL, PeriodicJob, is_sign_of_life
from complaints.domain.latency_histogram import CORRECTED, count_of, quantile
from complaints.models import Complaint, Deadline, Heartbeat, OutboxMessage, Timer
from complaints.queries.engine.consistency_checks import count_up_to, failed_messages
from complaints.queries.engine.webhooks import webhook_health
from complaints.queries.kept import NOW
from complaints.queries.mail.mailboxes import MailboxLine, mailbox_lines, silent_mailboxes
from complaints.queries.mail_outage import MailOutage, mail_outage

#: A worker signs in every few seconds; one that has not for so long is gone.
WORKER_GONE = timedelta(minutes=1)
#: The rows of workers are told from those of jobs by how their names begin.
WORKER = "worker:"
_POST_SILENT = next(job.may_be_silent for job in SHOWN_JOBS if job.name == "deliver")
#: What a worker counts every few minutes, and what is said of it.
_TOTALS = {
    "deadlines_live": "Deadlines that still ran when a worker last counted them",
    "complaints": "Complaints recorded when a worker last counted them",
    "webhooks_on": "Webhooks switched on when a worker last counted them",
    "webhooks_failing": "Webhooks whose last call failed",
    "webhooks_switched_off": "Webhooks that the system switched off because they failed",
    "webhook_deliveries_waiting": "Deliveries that wait for their call, counted up to 1001",
}
#: What the check of the reports' sums keeps, and what is said of it.
_SUMS = {
    "compared": "Complaints whose facts were compared with a recomputation, so far",
    "differing": "Of those, how many differed, so far; they were computed again",
    "days": "Days whose report from the sums was compared with one from the rows, so far",
    "days_differing": "Days of the last round of checks whose reports differed",
}
_OLDEST_TIMER = select(func.min(Timer.fire_at))
#: What waits to be done, of timers and of messages; each is read from an index of what waits.
_WAITING = select(
    func.count().label("messages"),
    func.min(OutboxMessage.created_at).label("oldest_message"),
    select(func.count())
    .select_from(aliased(OutboxMessage, name="given_up"))
    .where(literal_column("given_up.state = 'failed'"))
    .scalar_subquery()
    .label("failed"),
    select(func.count()).where(Timer.fire_at <= NOW).scalar_subquery().label("timers"),
    _OLDEST_TIMER.scalar_subquery().label("oldest_timer"),
).where(OutboxMessage.state == literal_column("'queued'"))


@dataclass(frozen=True, slots=True)
class Standstill:
    """Nobody fires the timers, as far as one can tell since `since`.

    `ahead` is the last sign of life where it lies in the future: the clock was set back.
    """

    since: datetime
    ahead: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobLine:
    """A periodic job: when it last gave a sign of life, and whether that is recent enough."""

    name: str
    words: str
    at: datetime | None
    is_well: bool
    handled: int
    lag_seconds: int


@dataclass(frozen=True, slots=True)
class EngineView:
    """What the page of the engine shows; nobody's data is in it."""

    jobs: tuple[JobLine, ...]
    workers: int
    lags: Mapping[str, int]
    #: Kind of fault → how many, as the auditor last saw it; None before the first audit.
    findings: Mapping[str, int] | None
    audited_at: datetime | None
    standstill: Standstill | None
    timers_due: int
    post_waiting: int
    post_failed: int
    #: Since when nobody sends what waits; None while somebody does, or nothing waits for long.
    post_stopped_since: datetime | None
    mail_outage: MailOutage | None
    mailboxes: tuple[MailboxLine, ...]


def engine_view(session: Session, now: datetime) -> EngineView:
    """The engine's state for people."""
    beats = _beats(session)
    audit = beats.get("audit")
    return EngineView(
        jobs=tuple(_job(job, beats.get(job.name), now) for job in SHOWN_JOBS),
        workers=_workers_in(beats, now),
        lags=_lags_in(beats),
        findings=audit.lags if audit else None,
        audited_at=audit.at if audit else None,
        standstill=_standstill(beats, session.scalar(_OLDEST_TIMER), now),
        timers_due=count_up_to(session, select(Timer.id).where(Timer.fire_at <= now)),
        post_waiting=count_up_to(
            session, select(OutboxMessage.id).where(OutboxMessage.state == "queued")
        ),
        post_failed=failed_messages(session),
        post_stopped_since=find_post_standstill(session, now),
        mail_outage=mail_outage(session),
        mailboxes=tuple(mailbox_lines(session, now)),
    )


@dataclass(frozen=True, slots=True)
class EngineMetrics:
    """What Prometheus is told: metric name → (what it says, value or job → value).

    Lags and ages in seconds; `lags` is the histogram as `domain.latency_histogram` keeps it.
    """

    values: Mapping[str, tuple[str, float]]
    by_job: Mapping[str, tuple[str, Mapping[str, float]]]
    lags: Mapping[str, int]


def count_totals(session: Session) -> dict[str, int]:
    """What is counted row by row: at a million complaints it takes a tenth of a second."""
    live = session.scalar(select(func.count()).where(Deadline.ended_at.is_(None))) or 0
    complaints = session.scalar(select(func.count()).select_from(Complaint)) or 0
    hooks = webhook_health(session)
    return {
        "deadlines_live": live,
        "complaints": complaints,
        "webhooks_on": hooks.on,
        "webhooks_failing": hooks.failing,
        "webhooks_switched_off": hooks.switched_off,
        "webhook_deliveries_waiting": hooks.waiting,
    }


def read_metrics(session: Session, now: datetime) -> EngineMetrics:
    """The engine's state for machines; the signs of life are read once."""
    beats = _beats(session)
    return EngineMetrics(_values(session, beats, now), _by_job(beats, now), _lags_in(beats))


def _values(
    session: Session, beats: Mapping[str, Heartbeat], now: datetime
) -> dict[str, tuple[str, float]]:
    waiting = session.connection().execute(_WAITING, {"now": now}).one()
    standstill = _standstill(beats, waiting.oldest_timer, now)
    outage = mail_outage(session)
    state = {
        "timer_lag_seconds": (
            "How late the oldest due timer is",
            seconds_since(waiting.oldest_timer, now),
        ),
        "timers_due": ("Timers that are due now", float(waiting.timers)),
        "outbox_waiting": ("Messages waiting to be sent", float(waiting.messages)),
        "outbox_failed": ("Messages given up", float(waiting.failed)),
        "outbox_lag_seconds": (
            "How old the oldest waiting message is",
            seconds_since(waiting.oldest_message, now),
        ),
        "mail_closed_seconds": (
            "For how long the mail server has not been reached, 0 while it is",
            seconds_since(outage.since if outage else None, now),
        ),
        "mailboxes_silent": (
            "Mailboxes that have not been read for a quarter of an hour",
            float(len(silent_mailboxes(session, now))),
        ),
        "workers": (
            "Workers that gave a sign of life lately",
            float(_workers_in(beats, now)),
        ),
        "standstill": ("1 while nobody fires the timers", float(standstill is not None)),
        "post_standstill": (
            "1 while messages wait and nobody sends them",
            float(_judge_post(_beat_of(beats, "deliver"), waiting.oldest_message, now) is not None),
        ),
    }
    if "audit" in beats:
        for fault, count in beats["audit"].lags.items():
            state[f"audit_{fault}"] = (f"Faults of kind {fault} in the last audit", float(count))
    if "sumcheck" in beats:
        for name, words in _SUMS.items():
            state[f"report_sums_{name}"] = (words, float(beats["sumcheck"].lags.get(name, 0)))
    if "count" in beats:
        for total, count in beats["count"].lags.items():
            state[total] = (_TOTALS[total], float(count))
    lags = _lags_in(beats)
    for share in (0.5, 0.99):
        bound = quantile(lags, share)
        if bound is not None:
            state[f"fire_lag_p{share * 100:.0f}_seconds"] = (
                f"Within how many seconds {share:.0%} of the firings came",
                float(bound),
            )
    state["fired_total"] = ("Deadlines fired since the first sign of life", float(count_of(lags)))
    state["corrected_total"] = (
        "Deadlines corrected because they differed from their ledgers",
        float(lags.get(CORRECTED, 0)),
    )
    return state


def _by_job(
    beats: Mapping[str, Heartbeat], now: datetime
) -> dict[str, tuple[str, Mapping[str, float]]]:
    shown = {job.name: beats[job.name] for job in SHOWN_JOBS if job.name in beats}
    return {
        "heartbeat_age_seconds": (
            "How far from now the job finished; before or, by a clock set back, after",
            {name: abs((now - beat.at).total_seconds()) for name, beat in shown.items()},
        ),
        "job_lag_seconds": (
            "How late the oldest was of what the job handled last",
            {name: float(beat.lag_seconds) for name, beat in shown.items()},
        ),
        "job_handled": (
            "What the job handled between its last two signs of life",
            {name: float(beat.handled) for name, beat in shown.items()},
        ),
    }


def find_standstill(session: Session, now: datetime) -> Standstill | None:
    """Whether nobody fires the timers; one tiny query.

    A worker that gives signs of life while old timers are still due is catching up. Where there
    never was a sign, a timer long overdue tells.
    """
    beat = select(Heartbeat.at).where(Heartbeat.job == "fire").scalar_subquery()
    seen, due = session.execute(select(beat, _OLDEST_TIMER.scalar_subquery())).one()
    return _judge_standstill(seen, due, now)


def _standstill(
    beats: Mapping[str, Heartbeat], due: datetime | None, now: datetime
) -> Standstill | None:
    return _judge_standstill(_beat_of(beats, "fire"), due, now)


def _judge_standstill(
    seen: datetime | None, due: datetime | None, now: datetime
) -> Standstill | None:
    if seen is None:
        return Standstill(due) if due is not None and now - due > STANDSTILL else None
    if is_sign_of_life(seen, now, STANDSTILL):
        return None
    return Standstill(seen) if seen <= now else Standstill(min(due or now, now), ahead=seen)


def find_post_standstill(session: Session, now: datetime) -> datetime | None:
    """Since when nobody sends what waits: whoever does left no sign of life, for as long as a round
    may take, and something has waited for as long. None otherwise; one tiny query.
    """
    beat = select(Heartbeat.at).where(Heartbeat.job == "deliver").scalar_subquery()
    oldest = select(func.min(OutboxMessage.created_at)).where(
        OutboxMessage.state == literal_column("'queued'")
    )
    seen, written = session.execute(select(beat, oldest.scalar_subquery())).one()
    return _judge_post(seen, written, now)


def _judge_post(seen: datetime | None, written: datetime | None, now: datetime) -> datetime | None:
    if written is None or now - written <= _POST_SILENT or is_sign_of_life(seen, now, _POST_SILENT):
        return None
    return seen if seen is not None and seen <= now else written


def has_stopped(session: Session, now: datetime) -> bool:
    """Whether nobody fires the timers."""
    return find_standstill(session, now) is not None


def is_alive(session: Session, now: datetime) -> bool:
    """Whether the sweep of the deadlines gave a sign of life lately."""
    seen = session.scalar(select(Heartbeat.at).where(Heartbeat.job == "fire"))
    return is_sign_of_life(seen, now, STANDSTILL)


def seconds_since(then: datetime | None, now: datetime) -> float:
    """Whole seconds since an instant; 0 when there is none or it lies ahead."""
    return max(0.0, (now - then).total_seconds()) if then else 0.0


def _beats(session: Session) -> dict[str, Heartbeat]:
    """Every sign of life, of jobs and of workers, by its name."""
    beats = session.scalars(select(Heartbeat).execution_options(populate_existing=True))
    return {beat.job: beat for beat in beats}


def _beat_of(beats: Mapping[str, Heartbeat], job: str) -> datetime | None:
    return beats[job].at if job in beats else None


def _workers_in(beats: Mapping[str, Heartbeat], now: datetime) -> int:
    """How many workers have signed in lately."""
    return sum(
        name.startswith(WORKER) and now - WORKER_GONE <= beat.at <= now + AHEAD
        for name, beat in beats.items()
    )


def _lags_in(beats: Mapping[str, Heartbeat]) -> Mapping[str, int]:
    """The histogram of how late timers fired, as `domain.latency_histogram` keeps it."""
    return beats["fire"].lags if "fire" in beats else {}


def _job(job: PeriodicJob, beat: Heartbeat | None, now: datetime) -> JobLine:
    if beat is None:
        return JobLine(job.name, job.words, None, False, 0, 0)
    is_well = is_sign_of_life(beat.at, now, job.may_be_silent)
    return JobLine(job.name, job.words, beat.at, is_well, beat.handled, beat.lag_seconds)
