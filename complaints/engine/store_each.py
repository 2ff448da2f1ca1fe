"""Storing what a batch amounts to: all at once, and complaint by complaint when that fails."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from complaints.engine.expiries import Expired, store_expired
from complaints.engine.outcome import Outcome
from complaints.engine.postpone import Failed, FailedExpiries, reraise_if_db_down
from complaints.engine.store import store_batch


def store_outcomes(
    session: Session, outcomes: Sequence[Outcome], failed: Failed
) -> Sequence[Outcome]:
    """Store the outcomes; returns those that could be, and adds the others to `failed`."""
    try:
        with session.begin_nested():
            store_batch(session, outcomes)
        return outcomes
    except StatementError as error:
        reraise_if_db_down(error)
    stored: list[Outcome] = []
    in_order = sorted(outcomes, key=lambda out: out.complaint.id)
    for _, group in groupby(in_order, key=lambda out: out.complaint.id):
        together = list(group)
        try:
            with session.begin_nested():
                store_batch(session, together)
            stored += together
        except StatementError as error:
            failed += [(out.due, reraise_if_db_down(error)) for out in together]
    return stored


def store_expiries(
    session: Session, expired: Sequence[Expired], at: datetime, failed: FailedExpiries
) -> Sequence[Expired]:
    """Store the expiries; returns those that could be, and adds the others to `failed`."""
    if not expired:
        return ()
    try:
        with session.begin_nested():
            store_expired(session, expired, at)
        return expired
    except StatementError as error:
        reraise_if_db_down(error)
        if len(expired) == 1:
            failed.append((expired[0], error))
            return ()
    stored: list[Expired] = []
    for one in expired:
        stored += store_expiries(session, [one], at, failed)
    return stored
