"""Finding complaints, and contacts that are none, by what somebody types: a number, a phone, words.

The only reading that differs by database: PostgreSQL's `tsvector`, SQLite's FTS5. What was typed
is cut into plain words first (`domain/searching`), so it can never be read as search syntax. Both
answer newest first and look no further than a page needs, so that a common word costs no more than
a rare one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import TableClause

from complaints.contacts import COUNTRY_CODE, normalise_email, normalise_phone
from complaints.domain.searching import Group, Spellings, Term, Typed, is_rare, read_typed
from complaints.domain.words.folding import fold
from complaints.models import Complaint, Customer, OtherContact
from complaints.models.customer import customer_with_any
from complaints.queries.paging import at_most
from complaints.rows import is_postgresql
from complaints.rulebook import current_rules

#: So many customers are looked for, the newest; what a complaint's own words say of its customer,
#: the name and the last digits of the phone, is found of all.
MOST_CUSTOMERS = 150
#: So many of the newest complaints are looked through one by one before the index is asked.
WINDOW = 2000
#: So many where those hold words too common for the index and too rare to fill the page.
WIDE_WINDOW = 20_000
#: The index of words has so many of the last digits of a telephone number.
LAST_DIGITS = 4

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Searched:
    """A table whose words are searched: its id, its `tsvector`, and its index of SQLite."""

    id: Any
    words: ColumnElement[str]
    found: TableClause


def _searched(mapped: type[Complaint | OtherContact], words: str) -> Searched:
    name = mapped.__tablename__
    return Searched(
        mapped.id,
        column(words, _selectable=mapped.__table__),
        table(f"{name}_search", column("rowid", Integer)),
    )


COMPLAINTS = _searched(Complaint, "words")
#: No complaints: their own text is a column `words`.
CONTACTS = _searched(OtherContact, "search_words")

#: The words of a name, as the index of this database is asked for them.
_TYPED: BindParameter[str] = bindparam("typed", type_=String)


def read_query(typed: str, session: Session | None = None) -> Typed:
    """What was typed, as far as it can be understood, with the organisation's other spellings."""
    if session is None:
        return read_typed(typed, country=COUNTRY_CODE)
    synonyms = current_rules(session).synonyms
    return read_typed(typed, Spellings(synonyms.spellings, synonyms.written), COUNTRY_CODE)


def find_complaints(
    session: Session,
    typed: str,
    conditions: Conditions,
    *,
    limit: int,
    is_upward: bool = False,
) -> list[int]:
    """Ids of the newest (`is_upward`: oldest) complaints found, falling; at most six queries.

    What is found has the words, or is a complaint of somebody found, or has the number typed.
    """
    asked = read_query(typed, session)
    if not asked.words:
        return []
    found = find_words(session, asked.groups, conditions, limit=limit, is_upward=is_upward)
    wanted = _told_contacts(session, asked)
    customers = find_customers(session, typed)
    if customers:
        wanted.append(Complaint.customer_id.in_(customers))
    numbers = current_rules(session).numbers
    number = numbers.recognise(typed) or numbers.find(asked.text)
    if number is not None:
        year, complaint_id = number
        of_year = Complaint.year == year if year is not None else literal_column("1=1")
        wanted.append((Complaint.id == complaint_id) & of_year)
    for condition in wanted:
        query = select(Complaint.id).where(condition, *conditions).limit(limit)
        found += session.scalars(query.order_by(_sorting(is_upward)))
    return sorted(set(found), reverse=not is_upward)[:limit]


def find_words(
    session: Session,
    groups: Sequence[Group],
    conditions: Conditions,
    *,
    limit: int,
    is_upward: bool = False,
    of: Searched = COMPLAINTS,
) -> list[int]:
    """Ids of the newest (`is_upward`: oldest) complaints whose words fit every group."""
    if not groups:
        return []
    find = _words_postgresql if is_postgresql(session) else _words_sqlite
    return find(session, groups, conditions, limit, is_upward, of)


def _told_contacts(session: Session, asked: Typed) -> list[ColumnElement[bool]]:
    """What was told of one complaint only, beside its customer's record: phone and e-mail."""
    wanted: list[ColumnElement[bool]] = []
    if asked.digits and (phone := normalise_phone(asked.text)):
        wanted.append(Complaint.contact_phone == phone)
    if asked.digits and len(asked.digits) > LAST_DIGITS:
        last = (Term((asked.digits[-LAST_DIGITS:],)),)
        is_end = Complaint.contact_phone.like(f"%{asked.digits}")
        wanted.append(and_(_has_words(session, (last,)), is_end))
    email = normalise_email(asked.text) if "@" in asked.text else None
    if email:
        wanted.append(Complaint.contact_email == email)
    return wanted


def _has_words(session: Session, groups: Sequence[Group]) -> ColumnElement[bool]:
    if is_postgresql(session):
        return COMPLAINTS.words.op("@@")(_tsquery(literal(_tsquery_text(groups))))
    index = COMPLAINTS.found
    return Complaint.id.in_(select(index.c.rowid).select_from(index).where(_matches(index, groups)))


def find_customers(session: Session, typed: str, limit: int = MOST_CUSTOMERS) -> list[int]:
    """Ids of customers by number, phone, e-mail or the words of the name, newest first.

    Of a record that was merged the one that goes on is found. The last word counts as a beginning,
    so a name is found while it is being typed, and any part of a number as a part of a phone.
    """
    asked = read_query(typed, session)
    if not asked.words:
        return []
    on_postgresql = is_postgresql(session)
    email = normalise_email(asked.text) if "@" in asked.text else None
    query = _customers_query(on_postgresql, bool(email), limit)
    values = {
        "number": asked.text,
        "number_key": fold(asked.text),
        "email": email,
        "typed": (_tsquery_text if on_postgresql else _fts)(asked.of_customer),
    }
    rows = session.connection().execute(query, values)
    found = sorted(rows, key=lambda row: (row.rank, -row.id))
    return list(dict.fromkeys(row.id for row in found))[:limit]


def find_named(session: Session, term: Term, limit: int) -> list[int]:
    """Ids of the newest customers whose record has a word or its beginning."""
    on_postgresql = is_postgresql(session)
    query = _named_postgresql(limit) if on_postgresql else _named_sqlite(limit)
    asked = (_tsquery_text if on_postgresql else _fts)(((term,),))
    return [row.id for row in session.connection().execute(query, {"typed": asked})]


@lru_cache(maxsize=32)
def _customers_query(on_postgresql: bool, has_email: bool, limit: int) -> Select[Any]:
    """Customers by what was typed, put together once for all who type alike."""
    exact = [
        Customer.number == bindparam("number"),
        Customer.number_key == bindparam("number_key"),
        *([Customer.email == bindparam("email")] if has_email else []),
    ]
    known = select(Customer.id, literal_column("1", Integer).label("rank")).where(
        customer_with_any(*exact)
    )
    named = _named_postgresql(limit) if on_postgresql else _named_sqlite(limit)
    both = [each.subquery() for each in (known.limit(at_most(limit)), named)]
    either = union_all(*(select(each) for each in both)).subquery()
    standing = func.coalesce(Customer.merged_into_id, Customer.id).label("id")
    return select(standing, either.c.rank).join(Customer, Customer.id == either.c.id)


def _sorting(is_upward: bool, of: Searched = COMPLAINTS) -> ColumnElement[int]:
    found: ColumnElement[int] = of.id.asc() if is_upward else of.id.desc()
    return found


# PostgreSQL

_NAME_WORDS: ColumnElement[str] = column("name_words", _selectable=Customer.__table__)


def _words_postgresql(
    session: Session,
    groups: Sequence[Group],
    conditions: Conditions,
    limit: int,
    is_upward: bool,
    of: Searched,
) -> list[int]:
    """Look through the newest complaints in sight first, and ask the index only for the rest.

    The planner cannot know how common the beginning of a word is, or how often two words stand
    together. Common ones fill the page from the newest complaints, or from ten times as many where
    what those hold suggests so; those that do not are rare enough for the index, as is any long
    number.
    """
    found: list[int] = []
    if not any(map(is_rare, groups)):
        near = _near(groups, conditions, limit, is_upward, WINDOW, of)
        found = list(session.connection().scalars(near))
    if found and len(found) < limit and len(found) * WIDE_WINDOW >= 2 * limit * WINDOW:
        wider = _near(groups, conditions, limit, is_upward, WIDE_WINDOW, of)
        found = list(session.connection().scalars(wider))
    if len(found) >= limit:
        return found
    has_words = of.words.op("@@")(_tsquery(literal(_tsquery_text(groups))))
    # Narrowed and sorted only after all were found: the planner would walk the table, or gather a
    # whole branch, beside the few that the index of words gives.
    every = (
        select(of.id)
        .where(has_words)
        .cte("found")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    query = select(every.c.id).join(of.id.table, of.id == every.c.id).where(*conditions)
    # Adding nothing makes it another order than that of the table, which would be walked for it.
    sorting = every.c.id + literal_column("0", Integer)
    query = query.order_by(sorting.asc() if is_upward else sorting.desc()).limit(at_most(limit))
    return list(session.connection().scalars(query))


def _near(
    groups: Sequence[Group],
    conditions: Conditions,
    limit: int,
    is_upward: bool,
    most: int,
    of: Searched,
) -> Select[Any]:
    """The first found among the `most` newest complaints (`is_upward`: oldest) in sight."""
    window = (
        select(of.id, of.words.label("words"))
        .where(*conditions)
        .order_by(_sorting(is_upward, of))
        .limit(at_most(most))
        .subquery()
    )
    return (
        select(window.c.id)
        .where(window.c.words.op("@@")(_tsquery(literal(_tsquery_text(groups)))))
        .order_by(window.c.id.asc() if is_upward else window.c.id.desc())
        .limit(at_most(limit))
    )


def _named_postgresql(limit: int) -> Select[Any]:
    some = (
        select(Customer.id)
        .where(_NAME_WORDS.op("@@")(_tsquery(_TYPED)))
        .limit(at_most(4 * MOST_CUSTOMERS))
        .cte("named")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    query = select(some.c.id, literal_column("2", Integer).label("rank"))
    return query.order_by(some.c.id.desc()).limit(at_most(limit))


def _tsquery_text(groups: Sequence[Group]) -> str:
    return " & ".join(f"({' | '.join(map(_lexemes, group))})" for group in groups)


def _lexemes(term: Term) -> str:
    side_by_side = " <-> ".join(term.words)
    return f"{side_by_side}:*" if term.is_beginning else f"({side_by_side})"


def _tsquery(typed: ColumnElement[str]) -> ColumnElement[str]:
    # As a query of its own it is read once; in a plan for any words it would be for every row.
    return select(func.to_tsquery(literal_column("'simple'"), typed)).scalar_subquery()


# SQLite

_FOUND_NAMES: TableClause = table("customers_search", column("rowid", Integer))


def _words_sqlite(
    session: Session,
    groups: Sequence[Group],
    conditions: Conditions,
    limit: int,
    is_upward: bool,
    of: Searched,
) -> list[int]:
    # The index itself walks newest first; asking for complaints.id would sort all that it finds.
    rowid = of.found.c.rowid
    query = select(rowid).select_from(of.found).where(_matches(of.found, groups))
    if conditions:
        query = query.join(of.id.table, of.id == rowid).where(*conditions)
    query = query.order_by(rowid.asc() if is_upward else rowid.desc()).limit(limit)
    return list(session.scalars(query))


def _matches(index: TableClause, groups: Sequence[Group]) -> ColumnElement[bool]:
    return literal_column(index.name).op("MATCH")(literal(_fts(groups)))


def _named_sqlite(limit: int) -> Select[Any]:
    rowid = _FOUND_NAMES.c.rowid
    found = literal_column("customers_search").op("MATCH")(_TYPED)
    query = select(rowid.label("id"), literal_column("2", Integer).label("rank")).where(found)
    return query.order_by(rowid.desc()).limit(limit)


def _fts(groups: Sequence[Group]) -> str:
    return " AND ".join(f"({' OR '.join(map(_phrase, group))})" for group in groups)


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + ("*" if term.is_beginning else "")
