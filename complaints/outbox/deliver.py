"""Delivering what waits in the outbox: lease, send, mark — three acts, never in one transaction.

A message is leased before it is sent, so that two workers never send the same one; a crash
between sending and marking repeats it at worst, under the same Message-ID.
"""

import smtplib
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from complaints.models import Complaint, OutboxMessage
from complaints.outbox.mail.envelope import Sender, put_in_envelope
from complaints.outbox.mail.letters import LetterContext, write_letter
from complaints.outbox.mail.transports import Transport, Unreachable
from complaints.outbox.queue import notice_row, queue_notices
from complaints.rows import table_of
from complaints.rulebook import current_rules
from complaints.signing import follow_token, message_name

#: How long a leased message belongs to its worker.
LEASE = timedelta(minutes=5)
#: A batch stops well before its lease ends, so that nobody else sends the rest meanwhile.
PATIENCE_SECONDS = 120
#: Minutes until the next attempt, by how many there have been; the last one goes on.
BACK_OFF_MINUTES = (1, 5, 15, 60)
MOST_ATTEMPTS = 8
BATCH = 50
#: Two workers' clocks may differ by so much before one takes the other's lease for a leftover of a
#: clock that was set back.
SLACK = timedelta(minutes=1)


_OUTBOX = table_of(OutboxMessage)
#: Made once: every message is marked on its own, and building the words would cost as much again.
_MARK = (
    update(_OUTBOX)
    .where(
        _OUTBOX.c.id == bindparam("message"),
        # What was replaced while it was leaving has left all the same.
        or_(
            _OUTBOX.c.state == "queued",
            and_(_OUTBOX.c.state == "replaced", bindparam("new_state") == "sent"),
        ),
        _OUTBOX.c.next_try_at == bindparam("until"),
    )
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("state", "attempts", "next_try_at", "sent_at", "last_error")
        }
    )
)


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """What delivery needs to know of this installation."""

    base_url: str
    secret_key: str

    def message_id(self, key: str) -> str:
        """The Message-ID of the outbox row with this key: always the same, guessed by nobody."""
        name = message_name(self.secret_key, key)
        return f"<{name}@{urlsplit(self.base_url).hostname or 'localhost'}>"

    def follow_link(self, complaint_id: int | None, nonce: str | None) -> str:
        """The customer's secret link; made for the letter and kept nowhere."""
        if complaint_id is None or not nonce:
            return f"{self.base_url}/portal/"
        return f"{self.base_url}/portal/{follow_token(self.secret_key, complaint_id, nonce)}"


@dataclass(frozen=True, slots=True)
class Leased:
    """An outbox row that is ours until `until`."""

    id: int
    key: str
    kind: str
    to_address: str
    language: str
    facts: dict[str, Any]
    attempts: int
    created_at: datetime
    complaint_id: int | None
    nonce: str | None
    until: datetime


@dataclass(slots=True)
class Delivered:
    """What a round of delivery did; `is_closed` when the transport cannot be used at present."""

    sent: int = 0
    failed: int = 0
    is_closed: bool = False
    oldest_lag_seconds: int = 0

    @property
    def handled(self) -> int:
        """Messages tried."""
        return self.sent + self.failed


def deliver_waiting(
    sessions: sessionmaker[Session],
    transport: Transport,
    settings: DeliverySettings,
    *,
    at: datetime,
    limit: int = BATCH,
    is_stopping: Callable[[], bool] = lambda: False,
    keys: Collection[str] | None = None,
) -> Delivered:
    """Deliver up to `limit` messages that may be tried at `at`, of all or of these keys only.

    When the way out is closed, the messages not yet tried wait another minute, and that counts
    as no attempt of theirs.
    """
    done = Delivered()
    with sessions.begin() as session:
        leased = _lease(session, at, limit, keys)
        context = LetterContext(current_rules(session), settings.base_url) if leased else None
    began = time.monotonic()
    for index, message in enumerate(leased):
        assert context is not None
        if is_stopping() or time.monotonic() - began > PATIENCE_SECONDS:
            _give_back(sessions, leased[index:], at)
            break
        try:
            is_sent = deliver_one_message(sessions, transport, settings, context, message, at)
        except Unreachable as error:
            done.is_closed = True
            _give_back(sessions, leased[index:], at + _pause(0), reason=str(error))
            break
        done.sent += is_sent
        done.failed += not is_sent
        lag = int((at - message.created_at).total_seconds())
        done.oldest_lag_seconds = max(done.oldest_lag_seconds, lag)
    transport.close()
    return done


def deliver_one_message(
    sessions: sessionmaker[Session],
    transport: Transport,
    settings: DeliverySettings,
    context: LetterContext,
    message: Leased,
    at: datetime,
) -> bool:
    """Write, send and mark one leased message; whether it went out. Raises Unreachable."""
    try:
        letter = write_letter(
            message.kind,
            message.facts,
            message.language,
            context,
            follow_link=settings.follow_link(message.complaint_id, message.nonce),
        )
        envelope = put_in_envelope(
            letter,
            to=message.to_address,
            name=str(message.facts.get("name", "")),
            sender=Sender(
                context.phrase(context.rules.letters.from_name, message.language),
                context.rules.organisation.email,
            ),
            message_id=settings.message_id(message.key),
            lang=message.language,
            at=message.created_at,
        )
        transport.send(envelope)
    except Unreachable:
        raise
    except Exception as error:
        _mark_failed(sessions, message, at, _reason(error), _is_refused_for_good(error))
        return False
    _mark(sessions, message, state="sent", sent_at=at, attempts=message.attempts + 1, last_error="")
    return True


def is_anything_waiting(session: Session, at: datetime) -> bool:
    """Whether a message may be tried now."""
    return session.scalar(select(OutboxMessage.id).where(_may_be_tried(at)).limit(1)) is not None


def _lease(
    session: Session, at: datetime, limit: int, keys: Collection[str] | None = None
) -> list[Leased]:
    """Take the oldest messages and push their next try ahead, so that they are ours meanwhile."""
    query = (
        select(OutboxMessage, Complaint.follow_nonce)
        .outerjoin(Complaint, Complaint.id == OutboxMessage.complaint_id)
        .where(_may_be_tried(at))
        .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(of=OutboxMessage, skip_locked=True)
    )
    if keys is not None:
        query = query.where(OutboxMessage.key.in_(keys))
    until = at + LEASE
    leased = [
        Leased(
            row.id,
            row.key,
            row.kind,
            row.to_address,
            row.language,
            row.facts,
            row.attempts,
            row.created_at,
            row.complaint_id,
            nonce,
            until,
        )
        for row, nonce in session.execute(query)
    ]
    if leased:
        ids = [message.id for message in leased]
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(ids))
            # Without an error and with a try ahead it is leaving: its words are not changed now.
            .values(next_try_at=until, last_error="")
        )
    return leased


def _may_be_tried(at: datetime) -> Any:
    """Due, or further ahead than its attempts explain: the clock was set back since."""
    tried, most = OutboxMessage.attempts, len(BACK_OFF_MINUTES)
    ahead = (
        and_(
            tried == n if n < most else tried >= most,
            OutboxMessage.next_try_at > at + max(LEASE, _pause(n - 1) if n else LEASE) + SLACK,
        )
        for n in range(most + 1)
    )
    is_due = or_(OutboxMessage.next_try_at <= at, *ahead)
    return (OutboxMessage.state == "queued") & is_due


def _mark_failed(
    sessions: sessionmaker[Session],
    message: Leased,
    at: datetime,
    reason: str,
    is_refused: bool,
) -> None:
    """Try again later, more and more rarely; in the end give up and let the doctor tell.

    An address that the mail server refuses for good comes back at once. What was meant for a
    customer and is lost is told to whoever handles the complaint.
    """
    attempts = message.attempts + 1
    state = "failed" if attempts >= MOST_ATTEMPTS else "queued"
    if is_refused:
        state = "bounced"
    _mark(
        sessions,
        message,
        state=state,
        attempts=attempts,
        next_try_at=at + _pause(message.attempts),
        last_error=reason,
    )
    if state != "queued":
        _tell_handler(sessions, message, at)


def _give_back(
    sessions: sessionmaker[Session], messages: list[Leased], when: datetime, reason: str = ""
) -> None:
    """End the lease of messages that were not tried."""
    for message in messages:
        _mark(sessions, message, next_try_at=when, last_error=reason)


def _mark(
    sessions: sessionmaker[Session],
    message: Leased,
    *,
    state: str = "queued",
    attempts: int | None = None,
    next_try_at: datetime | None = None,
    sent_at: datetime | None = None,
    last_error: str = "",
) -> None:
    """Write what became of a message, unless the lease ran out and somebody else took it."""
    values = {
        "message": message.id,
        "until": message.until,
        "new_state": state,
        "new_attempts": message.attempts if attempts is None else attempts,
        "new_next_try_at": next_try_at or message.until,
        "new_sent_at": sent_at,
        "new_last_error": last_error,
    }
    with sessions.begin() as session:
        session.execute(_MARK, values)


def _tell_handler(sessions: sessionmaker[Session], message: Leased, at: datetime) -> None:
    """Notify the handler that the customer has not heard what was written to them."""
    if message.complaint_id is None or message.kind == "notice":
        return
    with sessions.begin() as session:
        handler_id = session.scalar(
            select(func.coalesce(Complaint.handler_id, Complaint.received_by_id)).where(
                Complaint.id == message.complaint_id
            )
        )
        if handler_id is None:
            return
        row = notice_row(
            "letter_lost",
            f"letter_lost:{message.id}:{int(at.timestamp())}",
            user_id=handler_id,
            complaint_id=message.complaint_id,
            facts={"number": str(message.facts.get("number", ""))},
            at=at,
        )
        queue_notices(session, [row])


def _is_refused_for_good(error: Exception) -> bool:
    """Whether the mail server said of every receiver that there will never be such an address."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    codes = [code for code, _ in error.recipients.values()]
    return bool(codes) and all(code >= 500 for code in codes)


def _pause(attempts: int) -> timedelta:
    return timedelta(minutes=BACK_OFF_MINUTES[min(attempts, len(BACK_OFF_MINUTES) - 1)])


def _reason(error: Exception) -> str:
    """The kind of error and the server's code; its words may hold an address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"SMTPRecipientsRefused {codes[0]}" if codes else "SMTPRecipientsRefused"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
