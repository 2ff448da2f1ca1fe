"""The files that somebody chose for a letter which waits for another person's word."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import Action
from complaints.models import HistoryEntry


def asked_with(
    session: Session, complaint_id: int, action: Action, *, offer: int | None = None
) -> Sequence[int]:
    """The ids of the files that were chosen as `action` asked for somebody's word.

    Its line of the history says which they were: the newest, since only one request waits at a
    time. Of an `offer`, whose request may be passed on without naming them again, the newest line
    about it that names files.
    """
    lines = session.scalars(
        select(HistoryEntry.detail)
        .where(HistoryEntry.complaint_id == complaint_id, HistoryEntry.what == action.value)
        .order_by(HistoryEntry.seq.desc())
    ).all()
    if offer is None:
        asked = lines[:1]
    else:
        asked = [each for each in lines if each.get("offer") == offer and each.get("files")]
    return (asked[0].get("files") or ()) if asked else ()
