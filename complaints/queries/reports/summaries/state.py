"""Whether the sums can be taken at their word: what changed since, and under which calendars."""

from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Integer, Select, bindparam, literal_column, select, union_all
from sqlalchemy.orm import Session

from complaints.models import ReportFacts, ReportState, StaleReport
from complaints.rows import among
from complaints.rulebook import RuleBook

#: Of more complaints that changed since, the report is counted from the rows themselves: that is
#: right as well, and sooner done.
MOST_STALE = 1_000
#: Before the mark of the calendars while all sums are made anew: only those of days are there.
BUILDING = "building "
#: Goes up whenever facts hold something else than before, so that an update makes them anew.
FORM = 5
#: The one row of the state.
ONLY = 1


def calendars_of(rules: RuleBook) -> str:
    """Which calendar each branch works by, as a mark: the sums are cut by its days and hours.

    What the sums consist of goes in as well: after an update that adds to it all are made anew.
    """
    versions = {each: rules.calendar_of(each).id for each in rules.branches}
    told = repr((FORM, sorted(versions.items())))
    return sha256(told.encode()).hexdigest()[:40]


def known_calendars(session: Session) -> str | None:
    """The mark under which the sums were computed; None before there are any."""
    found: str | None = session.connection().scalar(_KNOWN)
    return found


_KNOWN = select(ReportState.calendars).where(ReportState.id == ONLY)


def stale_ids(session: Session, now: datetime, limit: int = MOST_STALE + 1) -> list[int]:
    """Complaints whose facts do not tell how they stand at this moment, up to a limit."""
    found = session.connection().scalars(_STALE, {"now": now, "most": limit})
    return sorted(set(found))[:limit]


def _stale() -> Select[Any]:
    """What changed, and what counts otherwise because time went by (or was set back)."""
    now = bindparam("now", type_=ReportFacts.valid_until.type)
    most = bindparam("most", type_=Integer)
    arms = (
        select(StaleReport.complaint_id).distinct().limit(most),
        select(ReportFacts.complaint_id)
        .where(ReportFacts.valid_until.is_not(None), ReportFacts.valid_until < now)
        .limit(most),
        select(ReportFacts.complaint_id)
        .where(ReportFacts.valid_after.is_not(None), ReportFacts.valid_after >= now)
        .limit(most),
    )
    found = union_all(*(select(arm.subquery()) for arm in arms)).subquery("stale")
    return select(literal_column("complaint_id")).select_from(found)


_STALE = _stale()


def stored_bodies(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The facts that the cells hold of these complaints, as text."""
    query = select(ReportFacts.complaint_id, ReportFacts.body)
    found = session.execute(query.where(among(session, ReportFacts.complaint_id, list(ids))))
    return {row.complaint_id: row.body for row in found}


def fresh_bodies(session: Session, ids: Collection[int], now: datetime) -> dict[int, str]:
    """The facts of these complaints that ought to hold now; empty where there are none at all."""
    stale = select(StaleReport.complaint_id).where(
        among(session, StaleReport.complaint_id, list(ids))
    )
    known = set(ids) - set(session.scalars(stale))
    query = select(ReportFacts).where(among(session, ReportFacts.complaint_id, sorted(known)))
    found = dict.fromkeys(known, "")
    for row in session.scalars(query):
        if holds_at(row.valid_after, row.valid_until, now):
            found[row.complaint_id] = row.body
        else:
            del found[row.complaint_id]
    return found


def holds_at(after: datetime | None, until: datetime | None, now: datetime) -> bool:
    """Whether facts between these moments hold now."""
    return (after is None or after < now) and (until is None or now <= until)
