"""How far each mailbox has been read, and who hears that one cannot be read any more."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.permissions import Role
from complaints.models import Mailbox
from complaints.outbox.queue import notify
from complaints.people.staff import Staff
from complaints.queries.mail.mailboxes import SILENT_FOR
from complaints.rows import table_of
from complaints.rulebook import current_rules

#: So long a mailbox belongs to the worker that asked last; the next minute is anybody's.
_OURS_FOR = timedelta(seconds=45)
#: Two workers' clocks may differ by so much.
_SLACK = timedelta(minutes=1)


def claim_mailbox(session: Session, name: str, at: datetime) -> bool:
    """Take the mailbox for this minute; False while another worker has it."""
    take_turns(session, f"mailbox {name}")
    row = session.get(Mailbox, name)
    if row is None:
        session.add(Mailbox(name=name, last_uid=0, tried_at=at, failing_since=at))
        return True
    tried = row.tried_at
    if tried is not None and tried <= at + _SLACK and tried > at - _OURS_FOR:
        return False
    row.tried_at = at
    return True


def position_of(session: Session, name: str, uidvalidity: int) -> int:
    """The last UID that was taken; 0 where the server counts anew."""
    row = session.get(Mailbox, name)
    return row.last_uid if row is not None and row.uidvalidity == uidvalidity else 0


def note_taken(session: Session, name: str, uidvalidity: int, uid: int) -> None:
    """Note that everything up to this UID is taken; never goes back within one count."""
    table = table_of(Mailbox)
    is_ahead = or_(
        table.c.uidvalidity.is_(None), table.c.uidvalidity != uidvalidity, table.c.last_uid < uid
    )
    session.execute(
        update(table)
        .where(table.c.name == name, is_ahead)
        .values(uidvalidity=uidvalidity, last_uid=uid)
    )


def note_success(session: Session, name: str, at: datetime) -> None:
    """Note that the mailbox could be read to its end."""
    row = session.get(Mailbox, name)
    if row is not None:
        row.tried_at, row.succeeded_at = at, at
        row.last_error, row.failing_since, row.told_at = "", None, None


def note_failure(session: Session, name: str, error: str, at: datetime) -> None:
    """Note that it could not; after a quarter of an hour administrators hear, once an outage.

    They hear by notification, and by e-mail to their own addresses.
    """
    take_turns(session, f"mailbox {name}")
    row = session.get(Mailbox, name)
    if row is None:
        return
    row.last_error = error[:120]
    if row.failing_since is None or row.failing_since > at + _SLACK:
        row.failing_since = at
    if row.told_at is not None or at - row.failing_since < SILENT_FOR:
        return
    row.told_at = at
    facts = {
        "mailbox": name,
        "since": row.failing_since.isoformat(),
        "zone": current_rules(session).home_zone.key,
    }
    key = f"mailbox_silent:{name}:{int(row.failing_since.timestamp())}"[:140]
    admins = [
        each
        for each in Staff.read(session).by_id.values()
        if each.role == Role.ADMIN and each.is_active
    ]
    told = [(f"{key}:{each.id}", each, facts) for each in admins]
    notify(session, "mailbox_silent", told, complaint_id=None, at=at)
