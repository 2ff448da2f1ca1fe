"""Amounts of a period by staff member: given, asked for, approved for others, refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.queries.reports.approvals import approval_sums, given_sums
from complaints.queries.reports.period import Period


@dataclass(slots=True)
class MoneyLine:
    """What one of us did with amounts; sums are whole units.

    `given` counts the offers with an amount that stand, `agreed` those the customer accepted;
    `asked` the requests to somebody else, `approved` and `rejected` the decisions on such requests.
    """

    name: str
    email: str = ""
    given: int = 0
    given_amount: int = 0
    agreed: int = 0
    agreed_amount: int = 0
    asked: int = 0
    asked_amount: int = 0
    approved: int = 0
    approved_amount: int = 0
    rejected: int = 0

    def as_json(self) -> dict[str, Any]:
        """The line as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


def read_money(session: Session, actor: Actor, period: Period) -> Sequence[MoneyLine]:
    """A line for each of us, the largest amounts first; two queries."""
    lines: dict[int | None, MoneyLine] = {}

    def line(key: int | None, name: str | None, email: str | None) -> MoneyLine:
        return lines.setdefault(key, MoneyLine(name or "Tanggap", email or ""))

    for given in given_sums(session, actor, period):
        mine = line(given.person_id, given.person, given.email)
        mine.given += given.offers
        mine.given_amount += given.amount
        mine.agreed += given.agreed
        mine.agreed_amount += given.amount_agreed
    for request in approval_sums(session, actor, period):
        asker = line(request.asker_id, request.asker, request.asker_email)
        asker.asked += request.asked
        asker.asked_amount += request.amount_asked
        if request.approved or request.rejected:
            decider = line(request.decider_id, request.decider, request.decider_email)
            decider.approved += request.approved
            decider.approved_amount += request.amount_approved
            decider.rejected += request.rejected
    return sorted(lines.values(), key=lambda each: (-each.given_amount, each.name))
