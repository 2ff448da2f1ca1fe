"""How the mailboxes are doing that are read for mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Mailbox

#: Without success for so long something is wrong with a mailbox.
SILENT_FOR = timedelta(minutes=15)
#: A mailbox that nobody has asked for so long is read no more.
_FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MailboxLine:
    """A mailbox: when it was asked and read to its end last, and since when that fails."""

    name: str
    tried_at: datetime | None
    succeeded_at: datetime | None
    failing_since: datetime | None
    last_error: str

    def is_silent(self, now: datetime) -> bool:
        """Whether it has not been read for so long that somebody has to look."""
        return self.failing_since is not None and now - self.failing_since >= SILENT_FOR


def mailbox_lines(session: Session, now: datetime) -> Sequence[MailboxLine]:
    """The mailboxes that are read, by name."""
    query = select(
        Mailbox.name,
        Mailbox.tried_at,
        Mailbox.succeeded_at,
        Mailbox.failing_since,
        Mailbox.last_error,
    )
    query = query.where(Mailbox.tried_at > now - _FORGOTTEN).order_by(Mailbox.name)
    return [MailboxLine(*row) for row in session.execute(query)]


def silent_mailboxes(session: Session, now: datetime) -> list[MailboxLine]:
    """Those that cannot be read, and have not been for a quarter of an hour."""
    return [each for each in mailbox_lines(session, now) if each.is_silent(now)]
