"""Delivering what waits in the outbox: lease, send, mark — never in one transaction with sending.

One message is leased at a time, so that two workers never send the same one and a crash holds up
no other. Whether a message arrived whose hand-over ended without an answer nobody knows: it is sent
once more, under the same Message-ID, and then no more.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from complaints.domain.words.letter_state import LEAVING, MAY_HAVE_LEFT, tells_promise
from complaints.models import Complaint, OutboxMessage
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.enclosures import hold_back_hidden, read_enclosed
from complaints.outbox.mail.envelope import (
    ALONE,
    Enclosure,
    Place,
    Sender,
    put_in_envelope,
)
from complaints.outbox.mail.letters import LetterContext, write_letter
from complaints.outbox.mail.refusals import is_refused_for_good, is_refused_receiver, reason_of
from complaints.outbox.mail.transports import Transport, Unanswered, Unreachable
from complaints.outbox.on_the_way import (
    FILLED_LATE,
    Delivered,
    End,
    Fill,
    Leased,
    Tell,
    Undelivered,
)
from complaints.outbox.reminders import is_outdated
from complaints.outbox.threads import earlier_messages
from complaints.rows import Written, note_written, table_of
from complaints.rulebook import current_rules

#: How long a leased message belongs to its worker: longer than a batch goes on, and than the
#: slowest mail server may take for one message after that.
LEASE = timedelta(minutes=10)
PATIENCE_SECONDS = 60
#: Minutes until the next attempt, by how many there have been; the last one goes on. All of them
#: are four days, as mail servers are used to.
BACK_OFF_MINUTES = (1, 5, 15, 60, 120, 240)
MOST_ATTEMPTS = 30
#: How long to wait with the second copy of a message that may have arrived.
SECOND_COPY_MINUTES = 60
BATCH = 50
#: Kinds of letters that their receiver may decline; all others belong to a complaint of theirs.
MAY_BE_DECLINED = frozenset({"survey"})
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


def deliver_waiting(
    sessions: sessionmaker[Session],
    transport: Transport,
    settings: DeliverySettings,
    *,
    at: datetime,
    tell: Tell = lambda session, undelivered: None,
    limit: int = BATCH,
    is_stopping: Callable[[], bool] = lambda: False,
    keys: Collection[str] | None = None,
    fill: Fill | None = None,
) -> Delivered:
    """Deliver up to `limit` messages that may be tried at `at`, of all or of these keys only.

    With `fill` only those that are filled as they are sent, without it all others.

    When the way out is closed, the message waits another minute, and that counts as no attempt.
    """
    done = Delivered()
    context: LetterContext | None = None
    began = time.monotonic()
    end: End | None = None
    while True:
        # What became of one message is marked with the lease of the next.
        with sessions.begin() as session:
            if end is not None:
                _mark(session, end, at, tell)
            is_over = done.handled >= limit or done.is_closed or is_stopping()
            if is_over or time.monotonic() - began > PATIENCE_SECONDS:
                break
            message = _lease(session, at, keys, tell, _of_kind(fill is not None))
            if message is None:
                break
            context = context or LetterContext(
                current_rules(session), settings.base_url, reads_mail=bool(settings.mailbox)
            )
        end = deliver_one_message(transport, settings, context, message, at, fill)
        done.is_closed = end.is_closed
        done.has_answered |= end.has_answered
        done.sent += end.state == "sent"
        done.failed += end.state not in ("sent", "replaced") and not end.is_closed
        if not end.is_closed:
            lag = int((at - message.created_at).total_seconds())
            done.oldest_lag_seconds = max(done.oldest_lag_seconds, lag)
    transport.close()
    return done


def deliver_one_message(
    transport: Transport,
    settings: DeliverySettings,
    context: LetterContext,
    message: Leased,
    at: datetime,
    fill: Fill | None = None,
) -> End:
    """Write and send one leased message; what became of it is not marked yet."""
    enclosed: Sequence[Enclosure] = ()
    if fill is not None:
        try:
            filled = fill(message)
        except Exception as error:
            # Nothing goes out half; figures that cannot be read now are tried again later.
            later = at + _pause(message.attempts)
            state = "failed" if message.attempts + 1 >= MOST_ATTEMPTS else "queued"
            return End(message, state, message.attempts + 1, later, reason=reason_of(error))
        if filled is None:
            return End(message, "replaced", message.attempts, at)
        message, enclosed = replace(message, facts=filled.facts), filled.enclosed
    try:
        enclosed = [*enclosed, *read_enclosed(message.facts)]
        letter = write_letter(
            message.kind,
            message.facts,
            message.language,
            context,
            follow_link=settings.follow_link(message.complaint_id, message.nonce),
            takes_replies=message.is_to_customer,
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
            place=_place(settings, message),
            enclosed=enclosed,
        )
        if settings.dkim is not None:
            settings.dkim.sign(envelope)
        transport.send(envelope)
    except Unreachable as error:
        return End(message, "queued", message.attempts, at + _pause(0), None, str(error), True)
    except Exception as error:
        answered = isinstance(error, SMTPException | Unanswered)
        return replace(_end_of(message, error, at), has_answered=answered)
    return End(message, "sent", message.attempts + 1, sent_at=at, has_answered=True)


def _place(settings: DeliverySettings, message: Leased) -> Place:
    if message.complaint_id is None or not message.is_to_customer:
        return ALONE
    number = str(message.facts.get("number", ""))
    place = settings.place_of(message.complaint_id, number, message.earlier)
    if message.kind in MAY_BE_DECLINED:
        page = settings.follow_link(message.complaint_id, message.nonce)
        return replace(place, unsubscribe=f"{page}/no-surveys")
    return place


def is_anything_waiting(session: Session, at: datetime, *, is_filled_late: bool = False) -> bool:
    """Whether a message may be tried now, of those that are filled as they are sent or others."""
    query = select(OutboxMessage.id).where(_may_be_tried(at), _of_kind(is_filled_late))
    return session.scalar(query.limit(1)) is not None


def _of_kind(is_filled_late: bool) -> ColumnElement[bool]:
    """Which of the two deliveries a message leaves by."""
    late = OutboxMessage.kind.in_(sorted(FILLED_LATE))
    return late if is_filled_late else ~late


def _lease(
    session: Session,
    at: datetime,
    keys: Collection[str] | None,
    tell: Tell,
    is_ours: ColumnElement[bool],
) -> Leased | None:
    """Take the message that has waited longest and push its next try ahead, so that it is ours.

    One that was in hand when a worker died may have arrived: it is sent once more. When that
    happens a second time it is given up, so that nobody gets copy upon copy.
    """
    query = (
        select(OutboxMessage, Complaint.follow_nonce, Complaint.contact_email)
        .outerjoin(Complaint, Complaint.id == OutboxMessage.complaint_id)
        .where(_may_be_tried(at), is_ours)
        .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(of=OutboxMessage, skip_locked=True)
    )
    if keys is not None:
        query = query.where(OutboxMessage.key.in_(keys))
    while (found := session.execute(query).first()) is not None:
        row, nonce, address = found
        if is_outdated(session, row):
            # What it reminds of was settled while it waited.
            row.state = "replaced"
            session.flush()
            continue
        was_in_hand = row.last_error.startswith(LEAVING)
        is_second = MAY_HAVE_LEFT in row.last_error
        is_theirs = row.kind != "notice" and row.to_address.lower() == (address or "").lower()
        message = Leased(
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
            until=row.next_try_at if was_in_hand and is_second else at + LEASE,
            may_have_left=was_in_hand or is_second,
            is_to_customer=is_theirs,
            earlier=earlier_messages(session, row) if is_theirs else (),
        )
        if was_in_hand and is_second:
            _mark(session, _given_up(message, at, "Interrupted", is_unknown=True), at, tell)
            session.expire(row)
            continue
        held_back = hold_back_hidden(session, row)
        if held_back:
            message = replace(message, facts=row.facts)
            _tell(session, tell, message, "letter_file_held_back", at, held_back)
        row.next_try_at, row.last_error = message.until, _said(LEAVING, message.may_have_left)
        session.flush()
        return message
    return None


def _may_be_tried(at: datetime) -> Any:
    """Due, or further ahead than what it waits for explains: the clock was set back since."""
    next_try_at, tried, most = (
        OutboxMessage.next_try_at,
        OutboxMessage.attempts,
        len(BACK_OFF_MINUTES),
    )
    is_in_hand = OutboxMessage.last_error.startswith(LEAVING)
    is_second = OutboxMessage.last_error.contains(MAY_HAVE_LEFT)
    waits_longer = (
        and_(
            tried == n if n < most else tried >= most,
            next_try_at > at + _pause(max(0, n - 1)) + SLACK,
        )
        for n in range(most + 1)
    )
    second_copy = max(timedelta(minutes=SECOND_COPY_MINUTES), _pause(most))
    is_due = or_(
        next_try_at <= at,
        and_(is_in_hand, next_try_at > at + LEASE + SLACK),
        and_(is_second, ~is_in_hand, next_try_at > at + second_copy + SLACK),
        and_(~is_second, ~is_in_hand, or_(*waits_longer)),
    )
    return (OutboxMessage.state == "queued") & is_due


def _end_of(message: Leased, error: Exception, at: datetime) -> End:
    """What an error means for a message.

    1. no answer came to the whole of it: once more after an hour, then no more;
    2. refused for good, or no letter at all: no more;
    3. everything else: later, more and more rarely, for four days.
    """
    reason = reason_of(error)
    if isinstance(error, Unanswered):
        if message.may_have_left:
            return _given_up(message, at, reason, is_unknown=True)
        later = at + timedelta(minutes=SECOND_COPY_MINUTES)
        return End(message, "queued", message.attempts + 1, later, reason=reason, is_unknown=True)
    if is_refused_receiver(error):
        return _given_up(message, at, reason, state="bounced")
    if is_refused_for_good(error) or message.attempts + 1 >= MOST_ATTEMPTS:
        return _given_up(message, at, reason)
    later = at + _pause(message.attempts)
    return End(message, "queued", message.attempts + 1, later, reason=reason)


def _given_up(
    message: Leased, at: datetime, reason: str, state: str = "failed", is_unknown: bool = False
) -> End:
    return End(message, state, message.attempts + 1, at, reason=reason, is_unknown=is_unknown)


def _mark(session: Session, end: End, at: datetime, tell: Tell) -> None:
    """Write what became of a message, unless the lease ran out and somebody else took it.

    What was meant for a customer and did not go is told: at once where it holds a date that was
    promised, else when it is given up.
    """
    message = end.message
    said = "" if end.state == "sent" else _said(end.reason, message.may_have_left or end.is_unknown)
    values = {
        "message": message.id,
        "until": message.until,
        "new_state": end.state,
        "new_attempts": end.attempts,
        "new_next_try_at": end.next_try_at or message.until,
        "new_sent_at": end.sent_at,
        "new_last_error": said,
    }
    is_ours = getattr(session.execute(_MARK, values), "rowcount", 0)
    note_written(session, Written(OutboxMessage, ids=[message.id]))
    if not is_ours or end.state == "sent" or end.is_closed or message.kind == "notice":
        return
    if end.state != "queued":
        kind = "letter_uncertain" if end.is_unknown else "letter_lost"
    elif message.attempts == 0 and tells_promise(message.facts):
        kind = "letter_delayed"
    else:
        return
    _tell(session, tell, message, kind, at)


def _tell(
    session: Session,
    tell: Tell,
    message: Leased,
    kind: str,
    at: datetime,
    files: Sequence[str] = (),
) -> None:
    """Tell who has to know what became of a message about a complaint."""
    if message.complaint_id is not None:
        number = str(message.facts.get("number", ""))
        told = Undelivered(kind, message.id, message.complaint_id, message.key, number, at, files)
        tell(session, told)


def _said(reason: str, may_have_left: bool) -> str:
    return "; ".join(filter(None, (reason, MAY_HAVE_LEFT if may_have_left else "")))


def _pause(attempts: int) -> timedelta:
    return timedelta(minutes=BACK_OFF_MINUTES[min(attempts, len(BACK_OFF_MINUTES) - 1)])
