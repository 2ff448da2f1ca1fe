"""What chosen columns of a list show beside its lines: one statement for a page, only if chosen."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Complaint
from complaints.rows import among

#: The columns whose values no line of a list has.
BESIDE: Mapping[str, Any] = {"product": Complaint.product, "told_date": Complaint.promised_at}


def read_beside(
    session: Session, ids: Collection[int], columns: Collection[str]
) -> dict[int, dict[str, Any]]:
    """For each complaint the values of those of `columns` that are read beside the line."""
    asked = [name for name in BESIDE if name in columns]
    if not asked or not ids:
        return {}
    query = select(Complaint.id, *(BESIDE[name].label(name) for name in asked))
    rows = session.execute(query.where(among(session, Complaint.id, ids)))
    return {row.id: {name: getattr(row, name) for name in asked} for row in rows}
