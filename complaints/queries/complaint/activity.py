"""The work on one complaint — offers, answers, notes, parties, causes, steps — in a single read.

Eight small tables of much the same shape would cost eight round trips a page.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, Text, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from complaints.db import UTCDateTime
from complaints.models import (
    Answer,
    Cause,
    Escalation,
    Extension,
    Note,
    Offer,
    Party,
    PlannedStep,
    User,
)

_NO_TEXT = literal("", Text)
_NO_CODE = cast(null(), Text)
_NO_INT = cast(null(), Integer)
_NO_TIME = cast(null(), UTCDateTime)


class Paper(NamedTuple):
    """One row of the work on a complaint, of any kind, with the names of its people.

    What the columns mean depends on `kind`: see `_papers`.
    """

    kind: str
    id: int
    cycle: int
    state: str | None
    code: str | None
    words: str
    more: str
    number: int | None
    ref: int | None
    at: datetime
    until: datetime | None
    by: str | None
    other: str | None
    by_id: int | None
    other_id: int | None

    # What the rules of evidence ask of offers, parties and causes under these names.
    @property
    def answer(self) -> str | None:
        """A party's answer."""
        return self.state

    @property
    def stage(self) -> str | None:
        """A cause's stage."""
        return self.state

    @property
    def remedy(self) -> str:
        """The code of an offer's remedy."""
        return self.code or ""

    @property
    def amount(self) -> int:
        """An offer's amount in rupiah."""
        return self.number or 0

    @property
    def description(self) -> str:
        """What is offered, in words."""
        return self.words


def _papers() -> Select[Any]:
    """Eight small tables in one read, as `Paper`s; the people's names are joined at the end."""
    work = union_all(
        # First the one whose columns are all there: it gives the union its types.
        _part(
            "offer",
            Offer,
            cycle=Offer.cycle,
            state=Offer.state,
            code=Offer.remedy,
            words=Offer.description,
            more=Offer.decision_reason,
            number=Offer.amount,
            ref=Offer.alternative_to_id,
            at=Offer.at,
            until=Offer.decided_at,
            by=Offer.by_id,
            other=Offer.decided_by_id,
        ),
        _part(
            "answer",
            Answer,
            state=Answer.answer,
            code=Answer.method,
            words=Answer.reason,
            ref=Answer.offer_id,
            at=Answer.at,
            by=Answer.by_id,
        ),
        _part(
            "note",
            Note,
            state=Note.direction,
            code=Note.method,
            words=Note.text,
            at=Note.at,
            by=Note.by_id,
        ),
        _part(
            "party",
            Party,
            state=Party.answer,
            words=Party.reason,
            more=Party.answer_reason,
            ref=Party.team_id,
            at=Party.sent_at,
            until=Party.answered_at,
            by=Party.sent_by_id,
            other=Party.answered_by_id,
        ),
        _part(
            "cause",
            Cause,
            cycle=Cause.cycle,
            state=Cause.stage,
            code=Cause.code,
            words=Cause.text,
            more=Cause.quote,
            at=Cause.at,
            by=Cause.by_id,
        ),
        _part(
            "step",
            PlannedStep,
            state=PlannedStep.purpose,
            words=PlannedStep.what,
            more=PlannedStep.owner,
            number=PlannedStep.revision,
            ref=PlannedStep.position,
            until=PlannedStep.due_at,
        ),
        _part(
            "escalation",
            Escalation,
            words=Escalation.reason,
            number=Escalation.level,
            at=Escalation.raised_at,
            until=Escalation.acknowledged_at,
            by=Escalation.raised_by_id,
            other=Escalation.to_id,
        ),
        _part(
            "extension",
            Extension,
            state=Extension.answer,
            code=Extension.condition,
            words=Extension.reason,
            more=Extension.answer_reason,
            at=Extension.asked_at,
            until=Extension.until,
            by=Extension.asked_by_id,
            other=Extension.answered_by_id,
        ),
    ).subquery("work")
    by, other = aliased(User), aliased(User)
    columns = work.c
    return (
        select(
            columns.kind,
            columns.id,
            columns.cycle,
            columns.state,
            columns.code,
            columns.words,
            columns.more,
            columns.number,
            columns.ref,
            columns.at,
            columns.until,
            by.name,
            other.name,
            columns.by_id,
            columns.other_id,
        )
        .outerjoin(by, by.id == columns.by_id)
        .outerjoin(other, other.id == columns.other_id)
    )


def _part(kind: str, table: Any, **columns: InstrumentedAttribute[Any]) -> Select[Any]:
    """One table of the union; what it does not have stays empty in the right type."""
    return select(
        literal(kind, Text).label("kind"),
        table.id.label("id"),
        columns.get("cycle", literal(1, Integer)).label("cycle"),
        columns.get("state", _NO_CODE).label("state"),
        columns.get("code", _NO_CODE).label("code"),
        columns.get("words", _NO_TEXT).label("words"),
        columns.get("more", _NO_TEXT).label("more"),
        columns.get("number", _NO_INT).label("number"),
        columns.get("ref", _NO_INT).label("ref"),
        columns.get("at", _NO_TIME).label("at"),
        columns.get("until", _NO_TIME).label("until"),
        columns.get("by", _NO_INT).label("by_id"),
        columns.get("other", _NO_INT).label("other_id"),
    ).where(table.complaint_id == bindparam("complaint_id", type_=Integer))


#: Takes `complaint_id`. Made once: putting the union together costs more than running it.
PAPERS = _papers()
