"""One mailbox is read to its end, message by message, and then waited on for more.

A message is taken in and its place noted in one transaction: whoever dies in between finds it again
on the next round. The connection is never older than a round, so that none dies in silence.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session, sessionmaker

from complaints.channels.email.imap import TROUBLES, Fetched, Folder, open_folder
from complaints.channels.email.intake import intake_message
from complaints.channels.email.keep import Origin
from complaints.domain.mail.imap_account import ImapAccount
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.people.mailbox_state import (
    claim_mailbox,
    note_failure,
    note_success,
    note_taken,
    position_of,
)

#: A round ends after so long, and the next one logs in anew.
ROUND_SECONDS = 50
#: How often a waiting round looks whether it has to end.
_LOOK_SECONDS = 1

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Round:
    """One round over one mailbox; `now` is the wall clock, `is_stopping` ends it early."""

    sessions: sessionmaker[Session]
    account: ImapAccount
    office: DeliverySettings
    now: Callable[[], datetime]
    is_stopping: Callable[[], bool]
    began: float

    def is_over(self) -> bool:
        """Whether the round has lasted long enough."""
        return self.is_stopping() or time.monotonic() - self.began >= ROUND_SECONDS


def read_mailbox(
    sessions: sessionmaker[Session],
    account: ImapAccount,
    office: DeliverySettings,
    *,
    now: Callable[[], datetime],
    is_stopping: Callable[[], bool] = lambda: False,
    waits: bool = True,
) -> int:
    """Read what is new, and wait for more until the round is over; returns how many came.

    Where the server cannot be reached that is noted, and nothing is raised. Errors of the database
    are raised; what was not taken in stays where it is. Another worker's mailbox is left alone.
    """
    with sessions.begin() as session:
        if not claim_mailbox(session, account.name, now()):
            return 0
    this = Round(sessions, account, office, now, is_stopping, time.monotonic())
    try:
        with open_folder(account) as folder:
            count = _read(this, folder)
            while waits and not this.is_over() and folder.can_wait():
                if folder.wait(_LOOK_SECONDS):
                    count += _read(this, folder)
            return count
    except TROUBLES as error:
        log.warning("mailbox not read", mailbox=account.host, error=type(error).__name__)
        with sessions.begin() as session:
            note_failure(session, account.name, type(error).__name__, now())
        return 0


def _read(this: Round, folder: Folder) -> int:
    """Take in everything new, in the order in which it came."""
    name = this.account.name
    with this.sessions() as session:
        last = position_of(session, name, folder.uidvalidity)
    count = 0
    for fetched in folder.fetch(folder.new_uids(last)):
        if this.is_stopping():
            return count
        _take(this, folder, fetched)
        count += 1
        if this.is_over():
            # The next round goes on behind it; the mailbox can be read.
            break
    with this.sessions.begin() as session:
        note_success(session, name, this.now())
    return count


def _take(this: Round, folder: Folder, fetched: Fetched) -> None:
    account, now = this.account, this.now()
    received = fetched.received_at
    origin = Origin(
        name=account.name,
        address=account.address,
        place=f"{folder.uidvalidity}:{fetched.uid}",
        received_at=received if received is None or received <= now + timedelta(days=1) else None,
        size=fetched.size,
    )
    intake_message(
        this.sessions,
        fetched.raw,
        origin=origin,
        office=this.office,
        at=now,
        also=lambda session: note_taken(session, account.name, folder.uidvalidity, fetched.uid),
    )
