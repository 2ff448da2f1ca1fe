"""The notes of one complaint, read by page: what colleagues wrote, and the conversation."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Subquery, bindparam, select, text, tuple_
from sqlalchemy.orm import Session

from complaints.db import UTCDateTime
from complaints.domain.words.letter_state import IN_WRITING
from complaints.models import Note, User
from complaints.models.complaint import IS_CONVERSATION, IS_INTERNAL
from complaints.queries.bounded import bounded_count
from complaints.queries.complaint.activity_rows import NoteRow
from complaints.queries.paging import LARGEST_ID, at_most

#: Lines of the timeline shown at once; the page links to the older ones.
SHOWN = 50
#: Notes among colleagues are counted up to here, and one more where there are more.
MOST_COUNTED = 99
#: So many of the tries to reach the customer are shown, the last ones.
MOST_TRIES = 20

#: Later than any note.
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_PLACE = re.compile(r"(\d{1,11})-([0-3])-(\d{1,10})", re.ASCII)


class Place(NamedTuple):
    """Where a line stands among the others: by instant, then kind, then the id of its row."""

    at: datetime
    kind: int
    id: int

    def write(self) -> str:
        """As it stands in an address."""
        return f"{int(self.at.timestamp())}-{self.kind}-{self.id}"


#: The kinds of lines, in the order in which those of one instant stand.
STORY, RECORD, NOTE, ANSWER = range(4)


def read_place(text: str) -> Place | None:
    """The place in an address; None for what is none."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    at, kind, row_id = (int(each) for each in found.groups())
    return Place(datetime.fromtimestamp(at, UTC), kind, min(row_id, LARGEST_ID))


@dataclass(frozen=True, slots=True)
class NotesAsked:
    """The newest notes before a place, among colleagues or of the conversation; all without limit.

    One more than `limit` is read where there are more.
    """

    is_internal: bool = False
    before: Place | None = None
    limit: int | None = SHOWN

    @property
    def bound(self) -> dict[str, Any]:
        """What `newest_notes` takes."""
        if self.before is None:
            return {"before_at": _NEVER, "before_id": LARGEST_ID}
        last = {STORY: 0, RECORD: 0, NOTE: self.before.id, ANSWER: LARGEST_ID}
        return {"before_at": self.before.at, "before_id": last[self.before.kind]}


def newest_notes(is_internal: bool, limit: int | None) -> Subquery:
    """The notes to put into another query; takes `complaint_id`, `before_at` and `before_id`."""
    before = tuple_(
        bindparam("before_at", type_=UTCDateTime), bindparam("before_id", type_=Integer)
    )
    query = (
        select(Note)
        .where(
            Note.complaint_id == bindparam("complaint_id", type_=Integer),
            text(IS_INTERNAL if is_internal else IS_CONVERSATION),
            tuple_(Note.at, Note.id) < before,
        )
        .order_by(Note.at.desc(), Note.id.desc())
    )
    if limit is not None:
        query = query.limit(at_most(limit + 1))
    return query.subquery("newest")


def read_tries(session: Session, complaint_id: int, until: datetime) -> list[NoteRow]:
    """The last tries to reach the customer up to an instant, oldest first: in vain, or written."""
    in_vain = Note.direction == "attempt"
    written = (Note.direction == "out") & Note.method.in_(sorted(IN_WRITING))
    query = (
        select(Note.id, Note.direction, Note.method, Note.text, Note.at, User.name)
        .outerjoin(User, User.id == Note.by_id)
        .where(Note.complaint_id == complaint_id, text(IS_CONVERSATION), Note.at <= until)
        .where(in_vain | written)
        .order_by(Note.at.desc(), Note.id.desc())
        .limit(at_most(MOST_TRIES))
    )
    return [NoteRow(*row) for row in reversed(session.execute(query).all())]


def internal_counted(complaint_id: ColumnElement[int]) -> ColumnElement[int]:
    """How many notes colleagues wrote, up to one more than MOST_COUNTED, as part of a query."""
    query = select(Note.id).where(Note.complaint_id == complaint_id, text(IS_INTERNAL))
    return bounded_count(query, MOST_COUNTED + 1)
