"""Columns that a query reads as one plain value, by the names of its fields.

`select(CLOCK, Complaint.year)` gives rows of a ClockState and a year; no caller counts columns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row, Select
from sqlalchemy.orm import Bundle, Session

from complaints.domain.clock_state import ClockState
from complaints.domain.history import HistoryHead
from complaints.models.clocks import Deadline
from complaints.models.complaint import Complaint
from complaints.models.customer import Customer

T = TypeVar("T")


class ReadAs(Bundle[T]):
    """The columns of one dataclass or named tuple, each under the name of its field."""

    inherit_cache = True

    def __init__(self, shape: type[T], **columns: Any) -> None:
        """Put the columns in the order of the fields; KeyError when a field has none."""
        names = _names(shape)
        if set(names) != set(columns):
            raise KeyError(f"{shape.__name__} has the fields {', '.join(names)}")
        #: The columns one by one, for a statement whose rows `values` reads.
        self.parts = tuple(columns[name] for name in names)
        super().__init__(shape.__name__, *self.parts)
        self._shape = shape

    def values(self, session: Session, query: Select[Any], asked: Mapping[str, Any]) -> list[T]:
        """What a statement of `parts` finds, past the mapper, which takes twice as long."""
        session.flush()
        return list(starmap(self._shape, session.connection().execute(query, asked)))

    def create_row_processor(
        self,
        query: Select[Any],
        procs: Sequence[Callable[[Row[Any]], Any]],
        labels: Sequence[str],
    ) -> Callable[[Row[Any]], T]:
        """Make the values; SQLAlchemy calls this once a query."""
        shape = self._shape

        def read(row: Row[Any]) -> T:
            return shape(*[proc(row) for proc in procs])

        return read


def _names(shape: type[Any]) -> tuple[str, ...]:
    if is_dataclass(shape):
        return tuple(field.name for field in fields(shape))
    names: tuple[str, ...] = shape._fields
    return names


class Facts(NamedTuple):
    """What a policy may select a complaint by."""

    category: str | None
    priority: str
    tier: str
    channel: str
    branch_id: int
    product: str
    received_at: datetime


CLOCK = ReadAs(ClockState, **{name: getattr(Deadline, name) for name in _names(ClockState)})
HEAD = ReadAs(HistoryHead, seq=Complaint.history_seq, hash=Complaint.history_hash)
FACTS = ReadAs(
    Facts,
    category=Complaint.category,
    priority=Complaint.priority,
    tier=Customer.tier,
    channel=Complaint.channel,
    branch_id=Complaint.branch_id,
    product=Complaint.product,
    received_at=Complaint.received_at,
)
