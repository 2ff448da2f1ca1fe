"""Who may approve an amount: the sums beside it, the line of superiors, their deputies (020-3.3).

Asked before anything is offered, so that a form can say beforehand whose word will be needed.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from complaints.domain.approval import Bound, Standing, bound_met, may_approve, room_of
from complaints.domain.errors import N_, Invalid, Stale
from complaints.domain.permissions import Permission
from complaints.formatting import money_labels
from complaints.models import Offer
from complaints.people.staff import Assignment, Person, Staff
from complaints.queries.complaint.given import customer_since, standing_of
from complaints.queries.complaint.same_customer import who_receives
from complaints.steps.case import Case


@dataclass(frozen=True, slots=True)
class Request:
    """That an amount needs somebody else's word: why, and whose."""

    bound: Bound
    approver: Person


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would happen to an amount: `own` may be given at once, more by whose word up to what."""

    own: int
    above: Sequence[tuple[Person, int]]
    beside: Standing

    def approver_of(self, amount: int) -> Person | None:
        """Who would be asked; None within one's own limits, and where nobody may approve it."""
        if amount <= self.own:
            return None
        return next((person for person, most in self.above if amount <= most), None)

    @property
    def most(self) -> int:
        """The highest amount that anybody may approve."""
        return max((most for _, most in self.above), default=self.own)


class Approvers:
    """Whoever may approve an amount that this person asks for on this complaint.

    A deputy decides within the deputy's own limits: to stand in for somebody lends no authority
    over money.
    """

    def __init__(
        self, case: Case, beside: Standing, asker_id: int | None, barred: Collection[int | None]
    ) -> None:
        complaint = case.complaint
        self.authority, self.beside = case.rules.authority, beside
        staff = Staff.read(case.session, recorded_at(case))
        place = Assignment(
            complaint.branch_id, complaint.team_id, complaint.handler_id, complaint.received_by_id
        )
        line = staff.line_above(asker_id, complaint.branch_id)
        there = [each for person in line for each in staff.acting_for(person.id, place)]
        # Most of a house may approve nothing; who may is asked about each amount.
        decide = [
            each
            for each in staff.by_id.values()
            if each.has(Permission.APPROVE)
            and each.is_active
            and each.id not in barred
            and each.may_see(place)
        ]
        limit = self.authority.limit_of
        others = sorted(decide, key=lambda each: (limit(each.role), each.id))
        present = [each for each in others if each.id not in staff.away]
        may = {each.id for each in decide}
        near = (*there, *present, *line)
        self.candidates = (*(each for each in near if each.id in may), *others)

    def find(self, amount: int) -> Person | None:
        """The nearest superior of the asker whose limits cover the amount, or their deputy.

        1. up the asker's line, and for whoever is away the deputy, if the deputy's limits cover it;
        2. else anybody who is there, may see the complaint and whose limits cover it;
        3. else the nearest of the line although away: they decide when they are back.
        """
        return next((each for each in self.candidates if self._may(each, amount)), None)

    def bands(self, own: int) -> Iterator[tuple[Person, int]]:
        """Who would be asked above `own`, each with the highest amount they may approve."""
        reached = own
        while True:
            person = self.find(reached + 1)
            if person is None:
                return
            reached = room_of(self.authority, person.role, self.beside)
            yield person, reached

    def _may(self, person: Person, amount: int) -> bool:
        return may_approve(self.authority, person.role, amount, self.beside)


def recorded_at(case: Case) -> datetime:
    """The moment of writing, by which sums and absences go, whatever time a body names."""
    return case.recorded_at or case.at


def lock_customer(case: Case) -> None:
    """Wait until nobody else is giving this customer anything, so that two cannot slip under."""
    query = who_receives(case.complaint).with_for_update(key_share=True)
    case.session.execute(query).all()


def standing(case: Case, without: Collection[int] = ()) -> Standing:
    """What stands beside a new amount on this complaint, read now."""
    case.session.flush()
    since = customer_since(case.rules.authority, recorded_at(case))
    return standing_of(case.session, case.complaint, since=since, without=without)


def request_for(
    case: Case, amount: int, beside: Standing, offers: Sequence[Offer]
) -> Request | None:
    """Whom the amount has to be asked of, or None when it is within one's own limits.

    Raises Invalid when nobody's limits cover it.
    """
    bound = bound_met(case.rules.authority, case.by.role, case.by.id, amount, beside)
    if bound is None:
        return None
    approver = _approvers(case, beside, offers).find(amount)
    if approver is None:
        raise Invalid(
            N_(
                "Nobody may approve %(amount)s here: with what was given before, it exceeds "
                "every limit. Offer less, or have the limits changed first."
            ),
            field="amount",
            amount=money_labels(amount, case.rules.organisation.currency),
        )
    return Request(bound, approver)


def foresee(case: Case) -> Outlook:
    """What this person may offer here by their own word, and whom they would ask for more."""
    offers = offers_of(case)
    beside = standing(case, [each.id for each in offers if each.state == "open"])
    own = room_of(case.rules.authority, case.by.role, beside)
    rejected = (each.amount - 1 for each in beside.rejected if each.by_id != case.by.id)
    own = min(own, *rejected, own)
    return Outlook(own, list(_approvers(case, beside, offers).bands(own)), beside)


def askers(offers: Sequence[Offer]) -> set[int]:
    """Who has asked for an approval among these offers; none of them decides on any of them."""
    return {each.by_id for each in offers if each.approver_id is not None and each.by_id}


def offers_of(case: Case) -> list[Offer]:
    """The offers of the current cycle in the order they were made."""
    query = (
        select(Offer)
        .where(Offer.complaint_id == case.complaint.id, Offer.cycle == case.complaint.cycle)
        .order_by(Offer.id)
    )
    return list(case.session.scalars(query))


def require_read(case: Case, offer: Offer, earlier: Sequence[Offer]) -> None:
    """Raise Stale where this person may be speaking of another offer than the one there is now.

    `earlier` are those that it took the place of, of which they may have heard. Who made the offer
    knows it, and so does who names the version of the complaint that they read.
    """
    if not earlier or case.has_read or offer.by_id == case.by.id:
        return
    raise Stale(
        N_(
            "This offer has taken the place of an earlier one: it is now “%(description)s” "
            "(%(amount)s). Read the complaint again, then send this once more with the `version` "
            "that you read, or its ETag as If-Match."
        ),
        field="version",
        description=offer.description,
        amount=money_labels(offer.amount, case.rules.organisation.currency),
    )


def _approvers(case: Case, beside: Standing, offers: Sequence[Offer]) -> Approvers:
    return Approvers(case, beside, case.by.id, {case.by.id, *askers(offers)})
