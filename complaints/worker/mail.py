"""Mail that comes in: each mailbox of the settings is read once a minute, and waited on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from complaints import clock
from complaints.channels.email.fetching import read_mailbox
from complaints.worker.sweeps import JobResult, WorkerContext

#: So many mailboxes are read at once; each waits on a connection of its own.
MOST_AT_ONCE = 8


def fetch_mail(context: WorkerContext, at: datetime) -> JobResult:
    """Read every mailbox; one that fails holds up no other, and the job fails when all are done."""
    accounts = context.mailboxes
    if not accounts:
        return JobResult()
    with ThreadPoolExecutor(min(MOST_AT_ONCE, len(accounts))) as pool:
        reading = [
            pool.submit(
                read_mailbox,
                context.sessions,
                account,
                context.delivery,
                now=clock.now,
                is_stopping=context.is_stopping,
                # With more mailboxes than threads each gets its turn instead.
                waits=len(accounts) <= MOST_AT_ONCE,
            )
            for account in accounts
        ]
    return JobResult(sum(each.result() for each in reading))
