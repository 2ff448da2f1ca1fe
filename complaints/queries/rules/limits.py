"""What other limits of authority would have meant for the offers of the last months."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from complaints.domain.config.authority import Authority
from complaints.models import Offer, User

#: How far back the look goes.
DAYS = 90


class Effect(NamedTuple):
    """Of the offers with an amount that a role made: those above its limit then and now."""

    role: str
    offers: int
    above_before: int
    above_after: int


def effect_of_limits(
    session: Session, before: Authority, after: Authority, *, now: datetime
) -> Sequence[Effect]:
    """By role, how many single offers of the last DAYS days would have needed approval.

    Sums are left out: whether they are exceeded depends on what would have been offered instead.
    """
    made = (
        select(User.role, Offer.amount)
        .join(User, User.id == Offer.by_id)
        .where(Offer.amount > 0, Offer.at >= now - timedelta(days=DAYS))
        .subquery()
    )
    roles = [*dict.fromkeys((*before.limits, *after.limits))]
    query = (
        select(
            made.c.role,
            func.count().label("offers"),
            func.sum(_above(made, before, roles)).label("before"),
            func.sum(_above(made, after, roles)).label("after"),
        )
        .where(made.c.role.in_(roles))
        .group_by(made.c.role)
    )
    found = {row.role: Effect(*row) for row in session.execute(query)}
    return [found.get(role) or Effect(role, 0, 0, 0) for role in roles]


def _above(made, authority: Authority, roles: Sequence[str]):  # type: ignore[no-untyped-def]
    limits = case({role: authority.limit_of(role) for role in roles}, value=made.c.role, else_=0)
    return case((made.c.amount > limits, 1), else_=0)
