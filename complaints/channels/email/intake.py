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
from complaints.channels.email.take_in import arrive, settle, take_in
from complaints.domain.mail.headers import Sender
from complaints.domain.mail.kinds import Kind
from complaints.domain.mail.message import MOST_BYTES
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.queries.mail.belonging import find_taken
from complaints.rulebook import RuleBook, current_rules

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
    with sessions() as session:
        own = own_addresses(current_rules(session), office)
        mail = read_mail(raw, own)
        if origin.size is not None and origin.size > MOST_BYTES:
            mail = replace(mail, problem="oversized", text="", attachments=())
        brings_files = bool(mail.attachments) and mail.verdict.kind is Kind.PERSON
        is_kept = brings_files and find_taken(session, mail.fingerprint) is None
    files = keep_files(mail) if is_kept and not mail.problem else MailFiles()
    incoming = Incoming(raw, mail, origin, office, files)
    try:
        with sessions.begin() as session:
            outcome = take_in(session, incoming, at=at)
            also(session)
    except (OperationalError, InterfaceError, PoolTimeout, OSError):
        raise
    except Exception as error:
        # The words of an error may hold a customer's name; its kind tells enough.
        log.error("message not understood", error=type(error).__name__)
        with sessions.begin() as session:
            outcome = _keep_for_a_person(session, incoming, at)
            also(session)
    log.info("message taken in", action=outcome.action, reason=outcome.reason)
    return outcome


def own_addresses(rules: RuleBook, office: DeliverySettings) -> frozenset[str]:
    """The addresses from which only we write: a message from one of them is never a customer's."""
    ours = {rules.organisation.email.lower(), office.mailbox.lower(), *rules.mailboxes.addresses}
    return frozenset(ours - {""})


def _keep_for_a_person(session: Session, incoming: Incoming, at: datetime) -> Outcome:
    """Keep a message with nothing of it but its raw bytes, whatever it was that broke."""
    mail = replace(incoming.mail, text="", subject="", sender=Sender(), recipients=())
    arrival, taken = arrive(session, replace(incoming, mail=mail), at)
    return taken or settle(arrival, arrival.waits("failed_here"))
