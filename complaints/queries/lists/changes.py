"""What has changed since somebody last looked: the newest entries of histories and notices.

Every change of a complaint is an entry of its history, and whatever tells somebody something is a
notice; both are only ever appended, so that the newest ids say all that is new. Who has a complaint
open is no record: signs of it are told by their time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Integer,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from complaints.db import UTCDateTime
from complaints.models import Complaint, HistoryEntry, Notice, Presence

#: More than this at once, and everything may have changed.
MOST_CHANGES = 500


class Ends(NamedTuple):
    """The newest entry of all histories, and the newest notice."""

    history: int
    notice: int


class Change(NamedTuple):
    """An entry of a complaint's history, a notice of a person, or somebody at a complaint.

    The last is only a sign of the moment: its `id` is that of whoever is there.
    """

    is_notice: bool
    id: int
    complaint_id: int | None
    branch_id: int | None
    user_id: int | None
    is_here: bool = False


#: What a row is, as the statement numbers it.
_ENTRY, _NOTICE, _HERE = 0, 1, 2
_ENDS = select(
    select(func.max(HistoryEntry.id)).scalar_subquery().label("history"),
    select(func.max(Notice.id)).scalar_subquery().label("notice"),
)
#: PostgreSQL wants a type for what is not there.
_NOBODY = cast(null(), Integer)
_LATE = bindparam("late", type_=Integer, expanding=True)
_LATE_NOTICES = bindparam("late_notices", type_=Integer, expanding=True)


def read_ends(connection: Connection) -> Ends:
    """Where histories and notices end at this moment."""
    row = connection.execute(_ENDS).one()
    return Ends(row.history or 0, row.notice or 0)


def read_changes(
    connection: Connection,
    since: Ends,
    late: Collection[int],
    late_notices: Collection[int],
    *,
    here_after: datetime,
) -> Sequence[Change]:
    """What was appended since, MOST_CHANGES + 1 at most, and of what was numbered but not there.

    `late` are ids of histories, `late_notices` of notices, that a transaction still held. Who was
    seen at a complaint after `here_after` is told as well.
    """
    values: dict[str, Any] = {**since._asdict(), "here_after": here_after}
    if late or late_notices:
        values |= {"late": list(late), "late_notices": list(late_notices)}
        rows = connection.execute(_WITH_LATE, values).all()
    else:
        rows = connection.execute(_NEW, values).all()
    return [
        Change(kind == _NOTICE, number, complaint_id, branch_id, user_id, kind == _HERE)
        for kind, number, complaint_id, branch_id, user_id in rows
    ]


def _changes(*, with_late: bool) -> CompoundSelect[Any]:
    is_new = HistoryEntry.id > bindparam("history", type_=Integer)
    is_new_notice = Notice.id > bindparam("notice", type_=Integer)
    entries = (
        select(
            literal_column(str(_ENTRY)).label("kind"),
            HistoryEntry.id,
            HistoryEntry.complaint_id,
            Complaint.branch_id,
            _NOBODY.label("user_id"),
        )
        .join(Complaint, Complaint.id == HistoryEntry.complaint_id)
        .where(or_(is_new, HistoryEntry.id.in_(_LATE)) if with_late else is_new)
        .order_by(HistoryEntry.id)
        .limit(MOST_CHANGES + 1)
        .subquery()
    )
    notices = (
        select(
            literal_column(str(_NOTICE)).label("kind"),
            Notice.id,
            _NOBODY.label("complaint_id"),
            _NOBODY.label("branch_id"),
            Notice.user_id,
        )
        .where(or_(is_new_notice, Notice.id.in_(_LATE_NOTICES)) if with_late else is_new_notice)
        .order_by(Notice.id)
        .limit(MOST_CHANGES + 1)
        .subquery()
    )
    here = (
        select(
            literal_column(str(_HERE)).label("kind"),
            Presence.user_id.label("id"),
            Presence.complaint_id,
            _NOBODY.label("branch_id"),
            _NOBODY.label("user_id"),
        )
        .where(Presence.seen_at > bindparam("here_after", type_=UTCDateTime()))
        .limit(MOST_CHANGES + 1)
        .subquery()
    )
    return union_all(select(entries), select(notices), select(here))


_NEW, _WITH_LATE = _changes(with_late=False), _changes(with_late=True)
