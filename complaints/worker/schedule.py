"""The worker: runs what `domain/jobs.py` lists by the clock.

APScheduler only keeps the beat: deadlines live in our database, so any number of workers may run
and none of them knows of the others.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.db import make_engine
from complaints.domain.jobs import JOBS
from complaints.files.in_use import use_files
from complaints.outbox.mail.transports import transport_for
from complaints.outbox.webhooks.callers import Callers
from complaints.outbox.webhooks.endpoints import WebhookSettings
from complaints.settings import Settings
from complaints.signing import use_history_keys
from complaints.worker.audit import audit
from complaints.worker.day_seals import seal_the_day
from complaints.worker.files import draw_previews, sweep_files
from complaints.worker.forecast import estimate_risks
from complaints.worker.imports import take_over_files
from complaints.worker.incidents import raise_alarms, tell_customers
from complaints.worker.learning import learn_categories
from complaints.worker.lost_links import send_lost_links
from complaints.worker.mail import fetch_mail
from complaints.worker.offers import remind_of_offers
from complaints.worker.pace import keep_pace
from complaints.worker.plans import put_plans_in_force
from complaints.worker.recalculations import recalculate_clocks
from complaints.worker.reminders import fire_actions, fire_posts, fire_reviews
from complaints.worker.report_mails import send_reports
from complaints.worker.requests import pass_requests_on
from complaints.worker.sending import delivery_of
from complaints.worker.sums import check_sums, keep_sums
from complaints.worker.surveys import ask_customers
from complaints.worker.sweeps import (
    JobResult,
    WorkerContext,
    count_all,
    deliver_messages,
    fire_timers,
    forget_gone,
    record_heartbeat,
    register_worker,
    send_digests,
    tidy_up,
)
from complaints.worker.webhooks import call_webhooks

log = structlog.get_logger()


#: What a job does, with what it needs and at what time.
Work = Callable[[WorkerContext, datetime], JobResult]
#: Job of the table in `domain/jobs.py` → what it does.
WORK: Mapping[str, Work] = {
    "fire": fire_timers,
    "posts": fire_posts,
    "actions": fire_actions,
    "reviews": fire_reviews,
    "deliver": deliver_messages,
    "webhooks": call_webhooks,
    "digest": send_digests,
    "reports": send_reports,
    "mail": fetch_mail,
    "recalculation": recalculate_clocks,
    "plans": put_plans_in_force,
    "requests": pass_requests_on,
    "offers": remind_of_offers,
    "surveys": ask_customers,
    "links": send_lost_links,
    "imports": take_over_files,
    "incidents": tell_customers,
    "spikes": raise_alarms,
    "audit": audit,
    "previews": draw_previews,
    "files": sweep_files,
    "sums": keep_sums,
    "sumcheck": check_sums,
    "learn": learn_categories,
    "forecast": estimate_risks,
    "count": count_all,
    "absent": forget_gone,
    "tidy": tidy_up,
    "seal": seal_the_day,
    "register": register_worker,
}


def run_worker(settings: Settings, engine: Engine, stop: threading.Event) -> None:
    """Run every job at its pace until `stop` is set; what is under way ends in good order."""
    use_history_keys(settings.history_keys)
    use_files(settings.files)
    copy = make_engine(settings.reports_database_url) if settings.reports_database_url else None
    context = WorkerContext(
        sessions=sessionmaker(engine, expire_on_commit=False),
        delivery=delivery_of(settings),
        transport=transport_for(settings.smtp_url),
        # A connection is one thread's; reports leave beside the letters.
        report_transport=transport_for(settings.smtp_url),
        report_sessions=sessionmaker(copy, expire_on_commit=False) if copy else None,
        is_stopping=stop.is_set,
        keep_letters=settings.keep_letters,
        keep_mail=settings.keep_mail,
        keep_webhook_log=settings.keep_webhook_log,
        callers=Callers(WebhookSettings(settings.secret_key, settings.webhook_hosts)),
        seals=settings.seals_folder,
        mailboxes=settings.mailboxes,
    )
    # A sweep that takes longer than its second is no news; the next one simply comes later.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(JOBS))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in JOBS:
        trigger = IntervalTrigger(seconds=job.seconds, timezone=UTC)
        given = (context, job.name, WORK[job.name])
        scheduler.add_job(run_job, trigger, given, id=job.name, next_run_time=clock.now())
    scheduler.start()
    log.info("worker started", jobs=[job.name for job in JOBS])
    keep_pace(scheduler, stop)
    scheduler.shutdown(wait=True)
    if context.callers is not None:
        context.callers.close()
    if copy is not None:
        copy.dispose()
    log.info("worker stopped")


def run_job(context: WorkerContext, name: str, work: Work) -> None:
    """Do a job once and leave a sign of life; a failure is logged and tried again next time."""
    try:
        done = work(context, clock.now())
        record_heartbeat(context, name, done, clock.now())
    except Exception as error:
        # The words of an error may hold a customer's name; its kind tells enough.
        log.error("job failed", job=name, error=type(error).__name__)
