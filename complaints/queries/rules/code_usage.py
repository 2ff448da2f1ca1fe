"""Who uses a code of the rules right now: open complaints, accounts, customers, saved views."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_
from complaints.models import (
    Branch,
    Cause,
    Commitment,
    Complaint,
    Customer,
    Offer,
    Party,
    SavedView,
    Team,
    User,
)
from complaints.queries.bounded import bounded_count
from complaints.queries.lists.filters import IS_OPEN

#: More than so many are not counted.
MOST = 1000

_OPEN = N_("Complaints not yet finished")
_ACCOUNTS = N_("Users")
_CUSTOMERS = N_("Customers")
_VIEWS = N_("Saved views that show only these")

Query = Select[Any]


def _open(where: ColumnElement[bool]) -> Query:
    return select(Complaint.id).where(IS_OPEN, where)


def _open_with(table: type[Any], where: ColumnElement[bool]) -> Query:
    rows = select(table.id).where(table.complaint_id == Complaint.id, where)
    return select(Complaint.id).where(IS_OPEN, rows.exists())


def _of_team(codes: Sequence[str]) -> list[tuple[str, Query]]:
    ids = select(Team.id).where(Team.code.in_(codes)).scalar_subquery()
    return [
        (_OPEN, _open(Complaint.team_id == ids)),
        (N_("Units that have a complaint’s record"), _open_with(Party, Party.team_id == ids)),
        (
            N_("Tasks of complaints not yet finished"),
            _open_with(Commitment, Commitment.team_id == ids),
        ),
        (_ACCOUNTS, select(User.id).where(User.team_id == ids, User.is_active)),
    ]


def _of_branch(codes: Sequence[str]) -> list[tuple[str, Query]]:
    ids = select(Branch.id).where(Branch.code.in_(codes)).scalar_subquery()
    return [
        (_OPEN, _open(Complaint.branch_id == ids)),
        (_ACCOUNTS, select(User.id).where(User.branch_id == ids, User.is_active)),
    ]


_USERS_OF: Mapping[str, Callable[[Sequence[str]], list[tuple[str, Query]]]] = {
    "category": lambda codes: [(_OPEN, _open(Complaint.category.in_(codes)))],
    "channel": lambda codes: [(_OPEN, _open(Complaint.channel.in_(codes)))],
    "product": lambda codes: [(_OPEN, _open(Complaint.product.in_(codes)))],
    "cause": lambda codes: [(_OPEN, _open_with(Cause, Cause.code.in_(codes)))],
    "remedy": lambda codes: [(_OPEN, _open_with(Offer, Offer.remedy.in_(codes)))],
    "tier": lambda codes: [(_CUSTOMERS, select(Customer.id).where(Customer.tier.in_(codes)))],
    "team": _of_team,
    "branch": _of_branch,
}


def _views_of(name: str, codes: Sequence[str]) -> Query:
    """Saved views that are narrowed to one of the codes: they show nothing new from then on."""
    return select(SavedView.id).where(SavedView.asked[name].as_string().in_(codes))


def who_uses(session: Session, name: str, codes: Sequence[str]) -> list[tuple[str, int]]:
    """What uses any of these codes of the list `name`, and how much of it, up to MOST and one."""
    asked = _USERS_OF.get(name)
    if asked is None or not codes:
        return []
    found = [*asked(codes), (_VIEWS, _views_of(name, codes))]
    counts = session.execute(select(*(bounded_count(query, MOST + 1) for _, query in found))).one()
    return [(words, count) for (words, _), count in zip(found, counts, strict=True) if count]
