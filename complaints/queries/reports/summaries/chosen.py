"""Some complaints in the place of a period: the queries of the report, asked of these alone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaints.models import Complaint, Deadline
from complaints.rows import among


class Chosen:
    """Complaints by their ids, whatever happened to them at whatever time."""

    def __init__(self, session: Session, ids: Sequence[int]) -> None:
        """Choose them."""
        self._session, self.ids = session, ids

    def holds(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Whether the row with this time belongs to one of them; for a query that joins them."""
        return column.is_not(None) & self.of(Complaint.id)

    def holds_due(self, table: type[Deadline]) -> ColumnElement[bool]:
        """Whether a deadline is one of theirs."""
        return self.of(table.complaint_id)

    def of(self, column: Any) -> ColumnElement[bool]:
        """Whether the id in the column is one of theirs."""
        return among(self._session, column, self.ids)
