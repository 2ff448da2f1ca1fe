"""Whether there has ever been a complaint: until then a desk says how to begin."""

from typing import Any
from weakref import WeakSet

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Complaint

#: The databases of which it is known, so that nobody asks again: no complaint is ever deleted.
_begun: WeakSet[Any] = WeakSet()


def is_any_complaint(session: Session) -> bool:
    """Whether any complaint is on record, of whatever branch."""
    engine = session.get_bind()
    if engine not in _begun and session.scalar(select(Complaint.id).limit(1)) is not None:
        _begun.add(engine)
    return engine in _begun
