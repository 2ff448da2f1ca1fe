"""The versions of one file of the rules with what they say, newest first, by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import RuleVersion

#: So many stand on one page of the history.
ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One version, and what the one before it said; None of the first."""

    id: int
    number: int
    at: datetime
    by: str
    origin: str
    body: Mapping[str, Any]
    before: Mapping[str, Any] | None


def file_versions(session: Session, file: str, below: int | None = None) -> Sequence[FileVersion]:
    """ON_A_PAGE versions of a file, those below a number where one is given, and one more."""
    query = select(RuleVersion).where(RuleVersion.kind == file, RuleVersion.code == file)
    if below is not None:
        query = query.where(RuleVersion.version < below)
    rows = session.scalars(query.order_by(RuleVersion.id.desc()).limit(ON_A_PAGE + 2)).all()
    found = []
    for index, row in enumerate(rows):
        before = rows[index + 1].body if index + 1 < len(rows) else None
        if row.version > 1 and before is None:
            break
        found.append(
            FileVersion(
                row.id, row.version, row.loaded_at, row.loaded_by, row.origin, row.body, before
            )
        )
    return found
