"""What a process has seen lately and the operator has to mend."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Sighting

#: Seen by the web processes, who write it; see `people.sightings`.
UNTRUSTED_PROXY = "untrusted_proxy"
#: What has not been seen for so long has been mended.
_LATELY = timedelta(days=2)


def is_proxy_unknown(session: Session, now: datetime) -> bool:
    """Whether requests came lately that a proxy forwarded which is not known."""
    seen = session.scalar(select(Sighting.at).where(Sighting.name == UNTRUSTED_PROXY))
    return seen is not None and abs(now - seen) < _LATELY
