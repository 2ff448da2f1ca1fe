"""Finding a customer at the desk: by the beginning of a name, by phone, e-mail or number.

Customers belong to no branch, so that nobody is written down twice; what is shown of them is as
little as it takes to recognise them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import Actor
from complaints.domain.words.folding import clean, fold
from complaints.domain.words.whole_number import whole_number
from complaints.models import Complaint, Customer
from complaints.models.customer import customer_with_any
from complaints.queries.scope import in_scope
from complaints.rulebook import current_rules

#: How many customers a look-up shows; whoever is not among them needs one more letter.
SHOWN = 6

#: Fewer characters find too many people.
SHORTEST = 2

#: Sorts behind every character that a name holds.
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class OpenComplaint:
    """An open complaint of a customer; `category` is a code."""

    number: str
    category: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Found:
    """A customer as the desk recognises them; contacts are masked."""

    id: int
    name: str
    salutation: str
    tier: str
    number: str | None
    phone: str
    email: str
    open: Sequence[OpenComplaint]
    open_elsewhere: int


@dataclass(frozen=True, slots=True)
class Contacts:
    """What tells a known customer from all others, and what decides how urgent they are."""

    id: int
    name: str
    number: str
    phone: str
    email: str
    tier: str
    needs: tuple[str, ...]


def look_up(session: Session, text: str, actor: Actor, *, phone: str | None) -> list[Found]:
    """Customers whose name, number, phone or e-mail begins with `text`, with their open complaints.

    `phone` is what a stored number begins with, where `text` can be the beginning of one.
    Complaints outside of the person's scope are only counted. At most three queries.
    """
    typed = clean(text)
    if len(typed) < SHORTEST:
        return []
    rows = _find(session, customer_with_any(*_matches(typed, phone)))
    if not rows and len(typed) > SHORTEST:
        # A second name; no index helps, so it is looked for only when nothing else was found.
        rows = _find(session, Customer.name_key.contains(f" {fold(typed)}", autoescape=True))
    seen, elsewhere = _open_complaints(session, [row.id for row in rows], actor)
    return [
        Found(
            id=row.id,
            name=row.name,
            salutation=row.salutation,
            tier=row.tier,
            number=row.number,
            phone=mask_phone(row.phone),
            email=mask_email(row.email),
            open=seen.get(row.id, ()),
            open_elsewhere=elsewhere.get(row.id, 0),
        )
        for row in rows
    ]


def find_contacts(session: Session, chosen: str) -> Contacts | None:
    """The contacts of a customer chosen from a look-up by id, or None when there is nobody."""
    customer_id = whole_number(chosen)
    if customer_id is None:
        return None
    row = session.execute(
        select(
            Customer.id,
            Customer.name,
            Customer.number,
            Customer.phone,
            Customer.email,
            Customer.tier,
            Customer.needs,
        ).where(Customer.id == customer_id)
    ).first()
    if row is None:
        return None
    return Contacts(
        id=row.id,
        name=row.name,
        number=row.number or "",
        phone=row.phone or "",
        email=row.email or "",
        tier=row.tier,
        needs=tuple(row.needs),
    )


def find_by_number(session: Session, number: str) -> int | None:
    """The id of the customer with this number, of a merged record the one that goes on."""
    standing = func.coalesce(Customer.merged_into_id, Customer.id)
    key = fold(number)[: Customer.number_key.type.length]
    return session.scalar(select(standing).where(Customer.number_key == key)) if key else None


def mask_phone(phone: str | None) -> str:
    """`62812•••678`: enough to recognise, too little to call."""
    if not phone:
        return ""
    return f"{phone[:5]}•••{phone[-3:]}" if len(phone) > 9 else f"•••{phone[-3:]}"


def mask_email(email: str | None) -> str:
    """`si•••@contoh.id`."""
    if not email:
        return ""
    name, _, host = email.partition("@")
    return f"{name[:2]}•••@{host}"


_Shown = aliased(Customer)


def _find(session: Session, matches: ColumnElement[bool]) -> Sequence[Any]:
    """The customers that match; of a record that was merged, the one that goes on."""
    query = (
        select(
            _Shown.id,
            _Shown.name,
            _Shown.salutation,
            _Shown.tier,
            _Shown.number,
            _Shown.phone,
            _Shown.email,
        )
        .select_from(Customer)
        .join(_Shown, _Shown.id == func.coalesce(Customer.merged_into_id, Customer.id))
        .where(
            matches,
            # Who has left no contact at all cannot be told from their namesakes.
            or_(
                Customer.number.is_not(None),
                Customer.phone.is_not(None),
                Customer.email.is_not(None),
            ),
        )
        .order_by(Customer.name_key, Customer.id)
        .limit(SHOWN)
    )
    # Two records of one customer may both match.
    return list({row.id: row for row in session.execute(query)}.values())


def _matches(typed: str, phone: str | None) -> list[ColumnElement[bool]]:
    folded = fold(typed)
    matches = [_begins(Customer.name_key, folded), _begins(Customer.number_key, folded)]
    if phone is not None:
        matches.append(_begins(Customer.phone, phone))
    if "@" in folded:
        matches.append(_begins(Customer.email, folded))
    return matches


def _begins(column: InstrumentedAttribute[Any], prefix: str) -> ColumnElement[bool]:
    """Begins with the prefix; the range lets the index narrow it down on either database."""
    return and_(
        column >= prefix, column < prefix + _LAST, column.startswith(prefix, autoescape=True)
    )


def _open_complaints(
    session: Session, customer_ids: Sequence[int], actor: Actor
) -> tuple[dict[int, list[OpenComplaint]], dict[int, int]]:
    seen: dict[int, list[OpenComplaint]] = {}
    elsewhere: dict[int, int] = {}
    if not customer_ids:
        return seen, elsewhere
    query = (
        select(
            Complaint.customer_id,
            Complaint.id,
            Complaint.year,
            Complaint.category,
            Complaint.status,
            in_scope(actor).label("is_seen"),
        )
        .where(
            Complaint.customer_id.in_(customer_ids),
            Complaint.status.in_([each.value for each in OPEN]),
        )
        .order_by(Complaint.id.desc())
        .limit(100)
    )
    numbers = current_rules(session).numbers
    for row in session.execute(query):
        if row.is_seen:
            number = numbers.write(row.year, row.id)
            seen.setdefault(row.customer_id, []).append(
                OpenComplaint(number, row.category, row.status)
            )
        else:
            elsewhere[row.customer_id] = elsewhere.get(row.customer_id, 0) + 1
    return seen, elsewhere
