"""The worker's pace goes on when the machine's clock is set: forwards or back, by hand or by NTP.

APScheduler notes when each job comes next by the wall clock. Set back by an hour, that moment lies
an hour and a second ahead, and nothing would run until then.
"""

import threading
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.base import BaseScheduler

from complaints import clock
from complaints.domain.jobs import JOBS

#: How often the pace is looked at; waiting goes by the monotonic clock, which nobody sets.
LOOK_SECONDS = 1
#: A job may lie so much further ahead than its pace says, for fractions of seconds.
SLACK = timedelta(seconds=1)

log = structlog.get_logger()


def keep_pace(scheduler: BaseScheduler, stop: threading.Event) -> None:
    """Wait until `stop` is set, and meanwhile let no job wait longer than its pace says."""
    while not stop.wait(LOOK_SECONDS):
        hurried = hurry(scheduler, clock.now())
        if hurried:
            log.warning("the machine's clock was set back", jobs=hurried)


def hurry(scheduler: BaseScheduler, now: datetime) -> list[str]:
    """Run at once what lies further ahead than one round of it takes; returns which jobs."""
    paces = {job.name: timedelta(seconds=job.seconds) for job in JOBS}
    hurried = []
    for job in scheduler.get_jobs():
        if job.next_run_time is not None and job.next_run_time - now > paces[job.id] + SLACK:
            job.modify(next_run_time=now)
            hurried.append(job.id)
    return hurried
