"""How often somebody is answered by itself: two programs that answer each other come to an end."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from complaints.domain.mail.headers import Sender
from complaints.rate_limits import may_take

#: So many of our letters that say a complaint is here go within an hour to one address, and to all
#: addresses of one domain: behind a domain may stand a program with many names.
TO_AN_ADDRESS, TO_A_DOMAIN = 3, 30
_HOUR = timedelta(hours=1)

log = structlog.get_logger()


def may_answer(session: Session, sender: Sender, at: datetime) -> bool:
    """Whether this sender is answered once more; nobody is while that cannot be counted."""
    try:
        # Nothing of the session's own stands in it, so it need not remember where it was.
        with session.connection().begin_nested():
            kinds = (
                (f"mail:address:{sender.address}", TO_AN_ADDRESS),
                (f"mail:domain:{sender.domain}", TO_A_DOMAIN),
            )
            return all(
                may_take(session, key, limit=limit, per=_HOUR, now=at) for key, limit in kinds
            )
    except SQLAlchemyError as error:
        log.error("answers not counted", error=type(error).__name__)
        return False
