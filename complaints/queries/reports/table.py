"""A report as rows of one table, whatever file it is then written into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from complaints.domain.csv_cells import UTC, CsvForm, write_csv


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are keys of the rows; instants of a file without zones are those of `zone`."""

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    zone: ZoneInfo = UTC

    def as_csv(self, form: CsvForm = CsvForm.PLAIN) -> str:
        """The table as CSV."""
        return write_csv(self.columns, self.rows, form, self.zone)
