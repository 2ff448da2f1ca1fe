"""All periodic work there is, in one table: how often, how long it may be silent, and its words.

The worker knows what each job does (`worker/schedule.py`); the page of the engine, the metrics and
the doctor read the rest here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.domain.errors import N_

#: Without a sign of life for so long, or with a timer overdue so long where there never was one,
#: nobody fires the timers.
STANDSTILL = timedelta(minutes=2)
#: A sign of life may lie so far ahead: clocks of two machines differ a little. One further ahead
#: was left before the clock was set back, and tells nothing of now.
AHEAD = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """One thing done again and again every so many seconds; a job without words is not shown.

    After `may_be_silent` without a sign of life something is wrong with it.
    """

    name: str
    seconds: int
    words: str = ""
    may_be_silent: timedelta = STANDSTILL


JOBS = (
    PeriodicJob("fire", 1, N_("Reminders, missed deadlines and escalations")),
    PeriodicJob("posts", 5, N_("Replies to public posts: reminders and escalations")),
    PeriodicJob("actions", 60, N_("Corrective actions that are late"), timedelta(minutes=5)),
    PeriodicJob("reviews", 300, N_("Management reviews that are due"), timedelta(minutes=20)),
    # A mail server that does not answer holds a round up for minutes.
    PeriodicJob("deliver", 1, N_("Sending emails"), timedelta(minutes=10)),
    PeriodicJob("webhooks", 1, N_("Calling webhooks")),
    # A round waits on the mail server for the better part of a minute; the first one of a mailbox
    # with many messages takes longer.
    PeriodicJob("mail", 60, N_("Fetching emails"), timedelta(minutes=10)),
    PeriodicJob("digest", 5, N_("One summary for each user after the worker had stopped")),
    # To read and set a report takes seconds, and there may be one for each manager.
    PeriodicJob("reports", 10, N_("Sending reports by email"), timedelta(minutes=10)),
    PeriodicJob("recalculation", 1, N_("Recalculating active deadlines after a rule change")),
    PeriodicJob("plans", 1, N_("Putting planned changes in force")),
    PeriodicJob("requests", 60, N_("Passing on requests of absentees"), timedelta(minutes=5)),
    PeriodicJob("offers", 60, N_("Reminding customers of offers"), timedelta(minutes=5)),
    PeriodicJob("surveys", 600, N_("Asking customers how it was"), timedelta(hours=1)),
    PeriodicJob("links", 5, N_("Sending lost links"), timedelta(minutes=5)),
    # A file of many rows is read in one round.
    PeriodicJob("imports", 2, N_("Importing files"), timedelta(hours=3)),
    PeriodicJob("incidents", 5, N_("Telling customers about incidents"), timedelta(minutes=5)),
    PeriodicJob("spikes", 600, N_("Looking for more complaints than usual"), timedelta(hours=1)),
    PeriodicJob("audit", 60, N_("Checking for missed jobs"), timedelta(minutes=5)),
    PeriodicJob("previews", 2, N_("Drawing previews of pictures"), timedelta(minutes=10)),
    PeriodicJob("files", 600, N_("Clearing away files that belong to nobody"), timedelta(hours=3)),
    PeriodicJob("sums", 10, N_("Keeping the sums of the reports"), timedelta(minutes=10)),
    PeriodicJob("sumcheck", 300, N_("Checking the sums of the reports"), timedelta(hours=1)),
    # A round takes minutes where there is much to learn from.
    PeriodicJob("learn", 3600, N_("Learning from closed complaints"), timedelta(hours=3)),
    PeriodicJob("forecast", 3600, N_("Estimating how long complaints last"), timedelta(hours=3)),
    PeriodicJob("absent", 60),
    PeriodicJob("count", 300),
    PeriodicJob("tidy", 3600, N_("Cleaning up"), timedelta(hours=3)),
    PeriodicJob("seal", 3600, N_("Sealing the history once a day"), timedelta(hours=3)),
    # What this tells is that a worker runs, and it is told by the number of workers.
    PeriodicJob("register", 15),
)
SHOWN_JOBS = tuple(job for job in JOBS if job.words)


def is_sign_of_life(seen: datetime | None, now: datetime, silent_for: timedelta) -> bool:
    """Whether something seen then is alive now: neither too long ago nor in the future.

    The one rule for the page, the metrics, the doctor, the watch and the probes.
    """
    return seen is not None and -AHEAD <= now - seen <= silent_for
