"""Taking in a message whatever happens: in a transaction of its own, and never lost in silence.

Used by the command and by the worker alike.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from complaints.channels.email.arrival import Incoming
from complaints.channels.email.files import MailFiles, keep_files
from complaints.channels.email.keep import Origin, Outcome
from complaints.channels.email.reading import read_mail
from complaints.channels.email.take_in import leave, take_in
from complaints.domain.errors import Refused
from complaints.domain.mail.headers import Sender
from complaints.domain.mail.kinds import Kind
from complaints.domain.mail.message import MOST_BYTES
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.queries.mail.belonging import find_taken
from complaints.rulebook import RuleBook, current_rules, last_read_rules

log = structlog.get_logger()


def intake_message(
    sessions: sessionmaker[Session],
    raw: bytes,
    *,
    origin: Origin,
    office: DeliverySettings,
    at: datetime,
    also: Callable[[Session], None] = lambda session: None,
) -> Outcome:
    """Take in one message and commit; `also` is done in the same transaction.

    One on which something of ours breaks, or which the database cannot hold, is kept for a person
    with its raw bytes, so that what is behind it goes on. Where the database itself does not work
    that is raised: the message stays where it is.
    """
    own, outcome = _own_last_read(sessions, office), None
    while outcome is None:
        incoming = _prepare(sessions, raw, own, origin, office)
        try:
            with sessions.begin() as session:
                read_with, own = own, own_addresses(current_rules(session), office)
                # Else the rules have changed since this process read them last.
                if own == read_with:
                    outcome = take_in(session, incoming, at=at)
                    also(session)
        except (OperationalError, InterfaceError, PoolTimeout, OSError):
            raise
        except Refused:
            outcome = _leave(sessions, incoming, "refused", at, also)
        except Exception as error:
            # The words of an error may hold a customer's name; its kind tells enough.
            log.error("message not understood", error=type(error).__name__)
            bare = replace(incoming.mail, text="", subject="", sender=Sender(), recipients=())
            outcome = _leave(sessions, replace(incoming, mail=bare), "failed_here", at, also)
    log.info("message taken in", action=outcome.action, reason=outcome.reason)
    return outcome


def own_addresses(rules: RuleBook, office: DeliverySettings) -> frozenset[str]:
    """The addresses from which only we write: a message from one of them is never a customer's."""
    ours = {rules.organisation.email.lower(), office.mailbox.lower(), *rules.mailboxes.addresses}
    return frozenset(ours - {""})


def _own_last_read(sessions: sessionmaker[Session], office: DeliverySettings) -> frozenset[str]:
    """The same by the rules that this process read last; whoever takes in looks again."""
    with sessions() as session:
        rules = last_read_rules(session.get_bind()) or current_rules(session)
    return own_addresses(rules, office)


def _prepare(
    sessions: sessionmaker[Session],
    raw: bytes,
    own: frozenset[str],
    origin: Origin,
    office: DeliverySettings,
) -> Incoming:
    """Read the message and keep the files of a new one, before and outside of its transaction."""
    mail = read_mail(raw, own)
    if origin.size is not None and origin.size > MOST_BYTES:
        mail = replace(mail, problem="oversized", text="", attachments=())
    files = MailFiles()
    if mail.attachments and mail.verdict.kind is Kind.PERSON and not mail.problem:
        with sessions() as session:
            is_new = find_taken(session, mail.fingerprint) is None
        files = keep_files(mail) if is_new else files
    return Incoming(raw, mail, origin, office, files)


def _leave(
    sessions: sessionmaker[Session],
    incoming: Incoming,
    reason: str,
    at: datetime,
    also: Callable[[Session], None],
) -> Outcome:
    with sessions.begin() as session:
        outcome = leave(session, incoming, reason, at=at)
        also(session)
    return outcome
