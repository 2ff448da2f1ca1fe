"""Taking in a message whatever happens: in a transaction of its own, and never lost in silence.

Used by the command and by the worker alike.
"""

from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from complaints.channels.email.arrival import Arrival
from complaints.channels.email.keep import Origin, Outcome, keep_raw, new_row
from complaints.channels.email.reading import read_mail
from complaints.channels.email.take_in import own_addresses, settle, take_in
from complaints.db import take_turns
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.queries.mail.belonging import find_taken
from complaints.rulebook import current_rules

log = structlog.get_logger()


def intake_message(
    sessions: sessionmaker[Session],
    raw: bytes,
    *,
    origin: Origin,
    office: DeliverySettings,
    at: datetime,
) -> Outcome:
    """Take in one message and commit.

    One on which something of ours breaks is kept for a person with its raw bytes, so that what is
    behind it goes on. Errors of the database are raised: the message stays where it is.
    """
    try:
        with sessions.begin() as session:
            outcome = take_in(session, raw, origin=origin, office=office, at=at)
    except (SQLAlchemyError, OSError):
        raise
    except Exception as error:
        # The words of an error may hold a customer's name; its kind tells enough.
        log.error("message not understood", error=type(error).__name__)
        with sessions.begin() as session:
            outcome = _keep_for_a_person(session, raw, origin, office, at)
    log.info("message taken in", action=outcome.action, reason=outcome.reason)
    return outcome


def _keep_for_a_person(
    session: Session, raw: bytes, origin: Origin, office: DeliverySettings, at: datetime
) -> Outcome:
    rules = current_rules(session)
    mail = read_mail(raw, own_addresses(rules, office))
    take_turns(session, f"mail {mail.fingerprint}")
    row = new_row(rules, mail, raw, origin, rules.mailboxes.of(mail.recipients, origin.address), at)
    arrival = Arrival(session, rules, office, mail, row, at)
    taken = find_taken(session, mail.fingerprint)
    if taken is not None:
        return Outcome("ignored", "already_taken", arrival.number_of(taken.complaint_id))
    session.add(row)
    keep_raw(session, row, raw)
    return settle(arrival, arrival.waits("failed_here"))
