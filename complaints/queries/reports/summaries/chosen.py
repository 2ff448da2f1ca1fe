"""Some complaints in the place of a period: the queries of the report, asked of these alone."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from complaints.models import Complaint, Deadline
from complaints.rows import among_given

#: The parameter that holds the ids.
IDS = "chosen_ids"


class Chosen:
    """Complaints by their ids, which are given with each execution."""

    def __init__(self, on_postgresql: bool) -> None:
        """For statements to PostgreSQL or to SQLite."""
        self._on_postgresql = on_postgresql

    def holds(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Whether the row with this time belongs to one of them; for a query that joins them."""
        return column.is_not(None) & self.of(Complaint.id)

    def holds_due(self, table: type[Deadline]) -> ColumnElement[bool]:
        """Whether a deadline is one of theirs."""
        return self.of(table.complaint_id)

    def of(self, column: Any) -> ColumnElement[bool]:
        """Whether the id in the column is one of theirs."""
        found: ColumnElement[bool] = among_given(self._on_postgresql, column, IDS)
        return found
