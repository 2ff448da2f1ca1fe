"""Telling those whose turn it is, each in a transaction of its own."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from complaints.domain.incidents.rules import Telling
from complaints.domain.permissions import SYSTEM
from complaints.models import IncidentTelling
from complaints.queries.incidents.waiting import number_to_tell, waiting_tellings
from complaints.rulebook import current_rules
from complaints.steps.case import Case
from complaints.steps.casework.pause import open_now
from complaints.steps.incidents.tell_one import next_telling, note_failure, tell_one

#: So many are told before a page or a call is answered; the worker tells the rest.
AT_ONCE = 60

log = structlog.get_logger()


def tell_waiting(
    session: Session,
    *,
    at: datetime,
    limit: int = AT_ONCE,
    message_id: int | None = None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Mapping[str, int]:
    """Tell them one after the other and commit each; returns what it came to, by state.

    One that fails is tried again later and holds up nobody.
    """
    ids = waiting_tellings(session, now=at, limit=limit, message_id=message_id)
    session.rollback()
    done: Counter[str] = Counter()
    for telling_id in ids:
        if is_stopping():
            break
        try:
            state = _tell(session, telling_id, at)
            session.commit()
        except Exception as error:
            session.rollback()
            # The words of an error may hold a customer's name; its kind tells enough.
            log.warning("customer not told", telling=telling_id, error=type(error).__name__)
            _note_failure(session, telling_id, type(error).__name__, at)
            session.commit()
            done["failed"] += 1
        else:
            if state is not None:
                done[state.value] += 1
    return done


def _tell(session: Session, telling_id: int, at: datetime) -> Telling | None:
    telling = next_telling(session, telling_id)
    if telling is None:
        # Another process has told this one.
        return None
    return tell_one(_open(session, telling, at), telling)


def _note_failure(session: Session, telling_id: int, error: str, at: datetime) -> None:
    telling = next_telling(session, telling_id)
    if telling is not None:
        note_failure(_open(session, telling, at), telling, error)


def _open(session: Session, telling: IncidentTelling, at: datetime) -> Case:
    """The complaint, locked; who asked for it need not see each complaint."""
    number = number_to_tell(session, current_rules(session), telling.complaint_id)
    return open_now(session, number, by=SYSTEM, at=at)
