"""Links that somebody has asked for are sent where the number and the contact belong together."""

from datetime import datetime

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from complaints.domain.errors import Refused
from complaints.domain.permissions import CUSTOMER
from complaints.models import LinkRequest
from complaints.steps.by_customer.lost_link import send_link_again
from complaints.steps.casework.pause import open_now
from complaints.worker.sweeps import JobResult, WorkerContext, reading

#: So many are seen to in one round; the rest in the next.
MOST = 100

log = structlog.get_logger()


def send_lost_links(context: WorkerContext, at: datetime) -> JobResult:
    """See to each request in its own transaction, and forget it.

    One that fails is forgotten as well: whoever asked asks again.
    """
    done, failure = JobResult(), None
    with reading(context.sessions) as session:
        query = select(LinkRequest.id).order_by(LinkRequest.id).limit(MOST)
        waiting = session.scalars(query).all()
    for request_id in waiting:
        if context.is_stopping():
            break
        try:
            with context.sessions.begin() as session:
                done.handled += _see_to(session, request_id, at)
        except Exception as error:
            failure = error
            _forget(context, request_id)
    if failure is not None:
        raise failure
    return done


def _see_to(session: Session, request_id: int, at: datetime) -> int:
    query = select(LinkRequest).where(LinkRequest.id == request_id)
    request = session.scalar(query.with_for_update(skip_locked=True))
    if request is None:
        # Another worker has it.
        return 0
    number, contact = request.number, request.contact
    session.execute(delete(LinkRequest).where(LinkRequest.id == request_id))
    try:
        case = open_now(session, number, by=CUSTOMER, at=at)
    except Refused as refused:
        log.info("lost link not sent", reason=refused.kind)
        return 1
    if not send_link_again(case, contact):
        log.info("lost link not sent", reason="contact")
    return 1


def _forget(context: WorkerContext, request_id: int) -> None:
    with context.sessions.begin() as session:
        session.execute(delete(LinkRequest).where(LinkRequest.id == request_id))
