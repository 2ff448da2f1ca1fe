"""Complaints like one at hand: the same customer, place or words, and what became of each.

A guess with its reasons, within the reader's scope. It decides nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.domain.searching.read import words_in
from complaints.domain.searching.telling import any_of, at_least_two, named_places, telling_words
from complaints.models import Cause, Complaint, Customer, Offer
from complaints.queries.complaint.same_customer import same_customer
from complaints.queries.lists.search import find_words
from complaints.queries.scope import in_scope, sees_all
from complaints.rulebook import RuleBook

#: So many are shown, and so many of each kind are looked at.
SHOWN, LOOKED_AT = 8, 30
#: Why a complaint is like another, and what each reason counts.
SAME_CUSTOMER, SAME_PLACE, SAME_WORDS = "same_customer", "same_place", "same_words"
_COUNTS = {SAME_CUSTOMER: 2.0, SAME_PLACE: 1.5, SAME_WORDS: 1.0}
#: Of the same category, and with a cause or remedy that may help to decide.
_SAME_CATEGORY, _HAS_ANSWER = 1.0, 0.5
_READ = 2_000


@dataclass(frozen=True, slots=True)
class Similar:
    """A complaint like the one at hand; codes are the organisation's.

    `words` are what both stories share, `cause` and `remedy` what was found and accepted, with
    their words; empty where nothing was.
    """

    number: str
    status: str
    category: str | None
    received_at: datetime
    closed_at: datetime | None
    outcome: str | None
    summary: str
    because: tuple[str, ...]
    words: tuple[str, ...]
    cause: str = ""
    cause_text: str = ""
    remedy: str = ""
    remedy_text: str = ""


@dataclass(slots=True)
class _Candidate:
    because: set[str] = field(default_factory=set)
    words: tuple[str, ...] = ()
    score: float = 0.0


def similar_to(
    session: Session, rules: RuleBook, complaint: Complaint, actor: Actor
) -> list[Similar]:
    """The complaints most like this one that the person may see; at most nine queries."""
    book = rules.synonyms
    # Only the beginning of a text is read: the summary goes first, a long story would hide it.
    told = f"{complaint.summary} {complaint.story}"
    untold = words_in(complaint.contact_name) | book.common
    words = telling_words(told, book.weights, book.spellings, untold)
    places = named_places(told)
    conditions: list[ColumnElement[bool]] = [Complaint.id != complaint.id]
    if not sees_all(actor):
        conditions.append(in_scope(actor))
    found: dict[int, _Candidate] = {}
    for because, ids in (
        (SAME_CUSTOMER, _of_customer(session, complaint, conditions)),
        (SAME_WORDS, find_words(session, at_least_two(words), conditions, limit=LOOKED_AT)),
        (SAME_PLACE, find_words(session, any_of(places), conditions, limit=LOOKED_AT)),
    ):
        for each in ids:
            found.setdefault(each, _Candidate()).because.add(because)
    if not found:
        return []
    rows = {row.id: row for row in session.execute(_ROWS.where(Complaint.id.in_(found)))}
    causes, remedies = _causes(session, found), _remedies(session, found)
    for key, row in rows.items():
        one = found[key]
        has = words_in(f"{row.story} {row.summary}")
        one.words = tuple(each for each in (*words, *places) if each in has)
        one.score = sum(_COUNTS[each] for each in one.because) + len(one.words) / 10
        one.score += _SAME_CATEGORY * (row.category == complaint.category)
        one.score += _HAS_ANSWER * (key in causes or key in remedies)
    best = sorted(rows, key=lambda key: (-found[key].score, -key))[:SHOWN]
    return [_similar(rules, rows[key], found[key], causes, remedies) for key in best]


_ROWS = select(
    Complaint.id,
    Complaint.year,
    Complaint.status,
    Complaint.category,
    Complaint.received_at,
    Complaint.closed_at,
    Complaint.outcome,
    Complaint.summary,
    func.substr(Complaint.story, 1, _READ).label("story"),
)


def _of_customer(
    session: Session, complaint: Complaint, conditions: Sequence[ColumnElement[bool]]
) -> list[int]:
    customer = session.get_one(Customer, complaint.customer_id)
    of_same = Complaint.customer_id.in_(same_customer(customer))
    query = select(Complaint.id).where(of_same, *conditions)
    return list(session.scalars(query.order_by(Complaint.id.desc()).limit(LOOKED_AT)))


def _causes(session: Session, ids: Collection[int]) -> Mapping[int, Any]:
    """The cause confirmed last, by complaint."""
    query = select(Cause.complaint_id, Cause.code, Cause.text).where(
        Cause.complaint_id.in_(ids), Cause.stage == "confirmed"
    )
    return {row.complaint_id: row for row in session.execute(query.order_by(Cause.id))}


def _remedies(session: Session, ids: Collection[int]) -> Mapping[int, Any]:
    """The remedy accepted last, by complaint."""
    query = select(Offer.complaint_id, Offer.remedy, Offer.description).where(
        Offer.complaint_id.in_(ids), Offer.state == "accepted"
    )
    return {row.complaint_id: row for row in session.execute(query.order_by(Offer.id))}


def _similar(
    rules: RuleBook,
    row: Row[Any],
    one: _Candidate,
    causes: Mapping[int, Any],
    remedies: Mapping[int, Any],
) -> Similar:
    cause, remedy = causes.get(row.id), remedies.get(row.id)
    return Similar(
        number=rules.numbers.write(row.year, row.id),
        status=row.status,
        category=row.category,
        received_at=row.received_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        summary=row.summary or row.story[:160],
        because=tuple(each for each in _COUNTS if each in one.because),
        words=one.words,
        cause=cause.code if cause else "",
        cause_text=cause.text if cause else "",
        remedy=remedy.remedy if remedy else "",
        remedy_text=remedy.description if remedy else "",
    )
