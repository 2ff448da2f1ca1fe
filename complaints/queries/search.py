"""Finding complaints by what somebody types: a number, a phone, a name, words.

The only reading that differs by database: PostgreSQL's `tsvector`, SQLite's FTS5. What was typed
is cut into plain words first, so it can never be read as search syntax. Both answer newest first
and look no further than a page needs, so that a common word costs no more than a rare one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import TableClause

from complaints.models import Complaint, Customer
from complaints.queries.paging import LARGEST_ID

#: Words beyond these do not narrow the search any further.
MOST_WORDS = 6
#: A beginning shorter than this would fit half of all words.
SHORTEST_BEGINNING = 3
#: A name shared by more customers than this is searched among the newest of them.
MOST_CUSTOMERS = 400

_NUMBER = re.compile(r"(?:KLH[\s-]*)?(\d{4})[\s-]+0*(\d{1,12})", re.IGNORECASE | re.ASCII)
_BARE_ID = re.compile(r"#?\s*0*(\d{1,7})", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
_PHONE = re.compile(r"\+?[\d\s().-]{5,24}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, as far as it can be understood."""

    words: tuple[str, ...]
    phone: str | None
    email: str | None
    text: str


def read_query(typed: str) -> Asked:
    """Cut what was typed into words, and see whether it is a phone number or an address."""
    plain = typed.replace("\x00", " ").strip()[:200]
    words = tuple(word[:60] for word in _WORD.findall(plain.casefold())[:MOST_WORDS])
    digits = re.sub(r"[^0-9]", "", plain)
    phone = None
    if _PHONE.fullmatch(plain) and len(digits) >= 5:
        phone = "62" + digits[1:] if digits.startswith("0") else digits
    email = plain.lower() if "@" in plain and " " not in plain else None
    return Asked(words, phone, email, plain)


def read_number(typed: str) -> tuple[int | None, int] | None:
    """Year and id when a complaint's number was typed; the year may be left out."""
    plain = typed.strip()
    match = _NUMBER.fullmatch(plain)
    if match:
        return (int(match[1]), int(match[2])) if int(match[2]) <= LARGEST_ID else None
    match = _BARE_ID.fullmatch(plain)
    return (None, int(match[1])) if match else None


def found_ids(
    session: Session,
    typed: str,
    conditions: Sequence[ColumnElement[bool]],
    *,
    limit: int,
    is_upward: bool = False,
) -> list[Select[Any]]:
    """Selects of complaint ids, each with its newest (`is_upward`: oldest) `limit`; [] for nothing.

    They look at the complaint's own words, at who complains, and at the number.
    """
    asked = read_query(typed)
    if not asked.words:
        return []
    if session.get_bind().dialect.name == "postgresql":
        by_words = _words_postgresql(asked.words, conditions, is_upward)
        named = _named_postgresql(asked.words)
    else:
        by_words = _words_sqlite(asked.words, conditions, is_upward)
        named = _named_sqlite(asked.words)
    people = [_is_customer(asked), Customer.id.in_(named)]
    known = select(Customer.id).where(or_(*people))
    by_person = (
        select(Complaint.id)
        .where(Complaint.customer_id.in_(known), *conditions)
        .order_by(Complaint.id if is_upward else Complaint.id.desc())
    )
    parts = [by_words.limit(limit), by_person.limit(limit)]
    number = read_number(typed)
    if number is not None:
        year, complaint_id = number
        its_year = [] if year is None else [Complaint.year == year]
        parts.append(
            select(Complaint.id).where(Complaint.id == complaint_id, *its_year, *conditions)
        )
    return parts


def customer_condition(session: Session, typed: str) -> ColumnElement[bool] | None:
    """A condition on customers: number, phone, e-mail or the words of the name; None for nothing.

    Words count as beginnings, so the name is found while it is being typed.
    """
    asked = read_query(typed)
    if not asked.words:
        return None
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    named = (_named_postgresql if is_postgresql else _named_sqlite)(asked.words)
    return or_(_is_customer(asked), Customer.id.in_(named))


def _is_customer(asked: Asked) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [Customer.number == asked.text]
    if asked.phone:
        conditions.append(Customer.phone == asked.phone)
    if asked.email:
        conditions.append(Customer.email == asked.email)
    return or_(*conditions)


def _is_beginning(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING


# PostgreSQL

_complaints: Table = Complaint.__table__  # type: ignore[assignment]
_WORDS: ColumnElement[str] = column("words", _selectable=_complaints)
_NAME_WORDS: ColumnElement[str] = column("name_words", _selectable=Customer.__table__)


def _words_postgresql(
    words: Sequence[str], conditions: Sequence[ColumnElement[bool]], is_upward: bool
) -> Select[Any]:
    return (
        select(Complaint.id)
        .where(_WORDS.op("@@")(_tsquery(words)), *conditions)
        .order_by(Complaint.id if is_upward else Complaint.id.desc())
    )


def _named_postgresql(words: Sequence[str]) -> Select[Any]:
    return (
        select(Customer.id)
        .where(_NAME_WORDS.op("@@")(_tsquery(words)))
        .order_by(Customer.id.desc())
        .limit(MOST_CUSTOMERS)
    )


def _tsquery(words: Sequence[str]) -> ColumnElement[str]:
    typed = " & ".join(f"{word}:*" if _is_beginning(word) else word for word in words)
    return func.to_tsquery(literal_column("'simple'"), literal(typed))


# SQLite

_FOUND: TableClause = table("complaints_search", column("rowid", Integer))
_FOUND_NAMES: TableClause = table("customers_search", column("rowid", Integer))


def _words_sqlite(
    words: Sequence[str], conditions: Sequence[ColumnElement[bool]], is_upward: bool
) -> Select[Any]:
    # The index itself walks newest first; asking for complaints.id would sort all that it finds.
    rowid = _FOUND.c.rowid
    found = literal_column("complaints_search").op("MATCH")(literal(_fts(words)))
    query = select(rowid.label("id")).select_from(_FOUND)
    if any(each is not true() for each in conditions):
        query = query.join(Complaint, Complaint.id == rowid)
    return query.where(found, *conditions).order_by(rowid if is_upward else rowid.desc())


def _named_sqlite(words: Sequence[str]) -> Select[Any]:
    rowid = _FOUND_NAMES.c.rowid
    found = literal_column("customers_search").op("MATCH")(literal(_fts(words)))
    return select(rowid).where(found).order_by(rowid.desc()).limit(MOST_CUSTOMERS)


def _fts(words: Sequence[str]) -> str:
    return " ".join(f'"{word}"*' if _is_beginning(word) else f'"{word}"' for word in words)
