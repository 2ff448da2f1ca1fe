"""The work on one complaint — offers, answers, notes, parties, causes — in a single read.

Seven small tables of much the same shape would cost eight round trips a page.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from complaints.db import UTCDateTime
from complaints.models import (
    Answer,
    Cause,
    Escalation,
    Extension,
    Offer,
    Party,
    User,
)
from complaints.queries.complaint.activity_rows import (
    AnswerRow,
    CauseRow,
    EscalationRow,
    ExtensionRow,
    NoteRow,
    OfferRow,
    PartyRow,
)
from complaints.queries.complaint.notes import NotesAsked, newest_notes

_NO_TEXT = literal("", Text)
_NO_CODE = cast(null(), Text)
_NO_INT = cast(null(), Integer)
_NO_TIME = cast(null(), UTCDateTime)


class Activity(NamedTuple):
    """All work on one complaint, by kind in the order of ids; of the notes those asked for."""

    offers: list[OfferRow]
    answers: list[AnswerRow]
    notes: list[NoteRow]
    parties: list[PartyRow]
    causes: list[CauseRow]
    escalations: list[EscalationRow]
    extensions: list[ExtensionRow]


def read_activity(session: Session, complaint_id: int, notes: NotesAsked | None) -> Activity:
    """Everything that was worked on a complaint, with the notes asked for, in one query."""
    work = _work() if notes is None else _work(True, notes.is_internal, notes.limit)
    bound = notes.bound if notes is not None else {}
    rows = session.connection().execute(work, {"complaint_id": complaint_id, **bound}).all()
    found: dict[str, list[Any]] = {kind: [] for kind in _READ}
    for row in sorted(rows, key=lambda row: row.id):
        found[row.kind].append(_READ[row.kind](row))
    return Activity(*found.values())


def _offer(row: Row[Any]) -> OfferRow:
    return OfferRow(
        id=row.id,
        cycle=row.cycle,
        state=row.state,
        remedy=row.code,
        description=row.words,
        amount=row.number,
        alternative_to_id=row.ref,
        at=row.at,
        by=row.by,
        decided_at=row.until,
        decided_by=row.other,
        decision_reason=row.more,
    )


def _answer(row: Row[Any]) -> AnswerRow:
    return AnswerRow(row.id, row.state, row.code, row.words, row.ref, row.at, row.by)


def _note(row: Row[Any]) -> NoteRow:
    return NoteRow(row.id, row.state, row.code, row.words, row.at, row.by)


def _party(row: Row[Any]) -> PartyRow:
    return PartyRow(
        team_id=row.ref,
        answer=row.state,
        reason=row.words,
        answer_reason=row.more,
        sent_at=row.at,
        sent_by=row.by,
        answered_at=row.until,
        answered_by=row.other,
    )


def _cause(row: Row[Any]) -> CauseRow:
    return CauseRow(row.id, row.cycle, row.state, row.code, row.words, row.more, row.at, row.by)


def _escalation(row: Row[Any]) -> EscalationRow:
    return EscalationRow(
        reason=row.words,
        level=row.number,
        raised_at=row.at,
        raised_by=row.by,
        to=row.other,
        to_id=row.other_id,
        acknowledged_at=row.until,
    )


def _extension(row: Row[Any]) -> ExtensionRow:
    return ExtensionRow(
        answer=row.state,
        condition=row.code,
        reason=row.words,
        answer_reason=row.more,
        until=row.until,
        asked_at=row.at,
        asked_by=row.by,
        asked_by_id=row.by_id,
        answered_at=row.then,
        answered_by=row.other,
        is_beyond=bool(row.number),
    )


#: Kind → how its row is read, in the order of `Activity`.
_READ: dict[str, Callable[[Row[Any]], Any]] = {
    "offer": _offer,
    "answer": _answer,
    "note": _note,
    "party": _party,
    "cause": _cause,
    "escalation": _escalation,
    "extension": _extension,
}


#: Kind → its table, and under which name of the union each of its columns is read. The first has
#: all of them that have no default: it gives the union its types.
_TABLES: dict[str, tuple[Any, dict[str, Any]]] = {
    "offer": (
        Offer,
        {
            "cycle": Offer.cycle,
            "state": Offer.state,
            "code": Offer.remedy,
            "words": Offer.description,
            "more": Offer.decision_reason,
            "number": Offer.amount,
            "ref": Offer.alternative_to_id,
            "at": Offer.at,
            "until": Offer.decided_at,
            "by": Offer.by_id,
            "other": Offer.decided_by_id,
        },
    ),
    "answer": (
        Answer,
        {
            "state": Answer.answer,
            "code": Answer.method,
            "words": Answer.reason,
            "ref": Answer.offer_id,
            "at": Answer.at,
            "by": Answer.by_id,
        },
    ),
    "party": (
        Party,
        {
            "state": Party.answer,
            "words": Party.reason,
            "more": Party.answer_reason,
            "ref": Party.team_id,
            "at": Party.sent_at,
            "until": Party.answered_at,
            "by": Party.sent_by_id,
            "other": Party.answered_by_id,
        },
    ),
    "cause": (
        Cause,
        {
            "cycle": Cause.cycle,
            "state": Cause.stage,
            "code": Cause.code,
            "words": Cause.text,
            "more": Cause.quote,
            "at": Cause.at,
            "by": Cause.by_id,
        },
    ),
    "escalation": (
        Escalation,
        {
            "words": Escalation.reason,
            "number": Escalation.level,
            "at": Escalation.raised_at,
            "until": Escalation.acknowledged_at,
            "by": Escalation.raised_by_id,
            "other": Escalation.to_id,
        },
    ),
    "extension": (
        Extension,
        {
            "state": Extension.answer,
            "code": Extension.condition,
            "words": Extension.reason,
            "more": Extension.answer_reason,
            "number": cast(Extension.is_beyond, Integer),
            "at": Extension.asked_at,
            "until": Extension.until,
            "then": Extension.answered_at,
            "by": Extension.asked_by_id,
            "other": Extension.answered_by_id,
        },
    ),
}


@cache
def _work(
    with_notes: bool = False, is_internal: bool = False, limit: int | None = None
) -> Select[Any]:
    """Seven small tables in one read; the people's names are joined at the end.

    Made once for each kind of page: putting the union together costs more than running it. What
    the columns of the union hold differs by kind; the functions of `_READ` undo it.
    """
    parts = [_part(kind, table, **columns) for kind, (table, columns) in _TABLES.items()]
    if with_notes:
        parts.append(_notes(newest_notes(is_internal, limit).c))
    work = union_all(*parts).subquery("work")
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
            columns.then,
            by.name.label("by"),
            other.name.label("other"),
            columns.by_id,
            columns.other_id,
        )
        .outerjoin(by, by.id == columns.by_id)
        .outerjoin(other, other.id == columns.other_id)
    )


def _notes(newest: Any) -> Select[Any]:
    return _part(
        "note",
        newest,
        state=newest.direction,
        code=newest.method,
        words=newest.text,
        at=newest.at,
        by=newest.by_id,
    )


def _part(
    kind: str, table: Any, **columns: InstrumentedAttribute[Any] | ColumnElement[Any]
) -> Select[Any]:
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
        columns.get("then", _NO_TIME).label("then"),
        columns.get("by", _NO_INT).label("by_id"),
        columns.get("other", _NO_INT).label("other_id"),
    ).where(table.complaint_id == bindparam("complaint_id", type_=Integer))
