"""A conversation from one page: several acts, all or nothing, and all that is wrong at once.

Recording itself is `record_several`; here is only what a refusal of it leaves to be said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.actions.recording import ActGiven, record_several
from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.permissions import Actor


@dataclass(frozen=True, slots=True)
class Problem:
    """What one act of several is refused for; `index` is its place among all that were sent."""

    index: int
    error: Refused


def find_problems(
    session: Session,
    number: str,
    acts: Sequence[ActGiven],
    first: Refused,
    *,
    by: Actor,
    now: datetime,
) -> list[Problem]:
    """Everything for which these acts would be refused; empty where it is not about one of them.

    `first` is what `record_several` raised, after which the session was rolled back. The acts that
    are left are tried without it, and so on; each try is taken back, so nothing is recorded. What
    is refused only because an earlier one is (a gate, a step that comes too early) is left out.
    """
    if first.index is None:
        return []
    found = [Problem(first.index, first)]
    left = [(place, act) for place, act in enumerate(acts) if place != first.index]
    while left:
        error = _try(session, number, [act for _, act in left], by=by, now=now)
        if error is None or error.index is None:
            break
        place, _ = left.pop(error.index)
        if isinstance(error, (Invalid, Forbidden)):
            found.append(Problem(place, error))
    return sorted(found, key=lambda each: each.index)


def _try(
    session: Session, number: str, acts: Sequence[ActGiven], *, by: Actor, now: datetime
) -> Refused | None:
    """What the acts would be refused for; nothing of the try stays."""
    try:
        record_several(session, number, acts, by=by, now=now)
    except Refused as error:
        return error
    finally:
        session.rollback()
    return None
