"""The same done to several complaints, each in a transaction of its own, with a result for each.

None holds up another: one that is refused is named with its reason, and what is done is done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from complaints.domain.errors import N_, Invalid, Refused, Stale

#: More than these are asked for in several goes.
MOST = 200


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of one complaint: done, nothing to do, or refused with the reason."""

    number: str
    is_done: bool = False
    refused: Refused | None = None

    @property
    def state(self) -> str:
        """`done`, `unchanged` or `refused`."""
        if self.refused is not None:
            return "refused"
        return "done" if self.is_done else "unchanged"


def take_each(
    session: Session, numbers: Sequence[str], take: Callable[[str], bool]
) -> list[RowResult]:
    """Take it for each number, once; `take` says whether there was anything to do.

    Raises Invalid for none, or more than MOST.
    """
    plain = list(dict.fromkeys(each.strip().upper() for each in numbers if each.strip()))
    if not plain:
        raise Invalid(N_("Choose at least one complaint."), field="numbers")
    if len(plain) > MOST:
        raise Invalid(N_("These are too many (at most %(most)d)."), field="numbers", most=MOST)
    return [_take(session, number, take) for number in plain]


def _take(session: Session, number: str, take: Callable[[str], bool]) -> RowResult:
    try:
        is_done = take(number)
        session.commit()
    except Refused as error:
        session.rollback()
        return RowResult(number[:40], refused=error)
    except (IntegrityError, StaleDataError):
        session.rollback()
        sentence = N_("Someone else recorded something at the same time. Try again.")
        return RowResult(number[:40], refused=Stale(sentence))
    return RowResult(number, is_done)
