"""Files that were handed in to be taken over, newest first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from complaints.models import ImportRun

#: So many are listed.
MOST = 20


def latest_runs(session: Session) -> Sequence[ImportRun]:
    """The last files, without what they hold."""
    query = (
        select(ImportRun)
        .options(defer(ImportRun.content), defer(ImportRun.rejects), defer(ImportRun.map))
        .order_by(ImportRun.id.desc())
        .limit(MOST)
    )
    return session.scalars(query).all()


def map_of_such_file(session: Session, header: Sequence[str]) -> dict[str, Any]:
    """The map of the last file with these columns, to be proposed again; empty for a new kind."""
    query = select(ImportRun.map).order_by(ImportRun.id.desc()).limit(MOST)
    for given in session.scalars(query):
        if given and list(given.get("header", ())) == list(header):
            return dict(given)
    return {}
