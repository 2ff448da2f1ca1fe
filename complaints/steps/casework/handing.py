"""Work going from those who cannot be reached to somebody, on one locked complaint at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from complaints.domain.commitments.rules import OwnerKind, is_unsettled
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import OPEN, Action
from complaints.domain.permissions import SYSTEM, Permission
from complaints.domain.taxonomy import HANDLER
from complaints.models import Commitment, Escalation, Offer
from complaints.people.reaching import present_above, team_people
from complaints.people.staff import Person, Staff
from complaints.steps.advance import write_history
from complaints.steps.case import Case
from complaints.steps.casework.approve import ask_somebody_else, tell_that_nobody_may_approve
from complaints.steps.commitments.undertake import commitments_of
from complaints.steps.notify import assignment_of, tell_people


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Whether anything moved on a complaint, and whether to the one whom it was to go to."""

    is_changed: bool
    is_given: bool


@dataclass(slots=True)
class Handing:
    """Work going from the people in `gone` (id → name) to somebody, or into the tray.

    With `takes_nobodys` what lies with nobody at all, or with a unit without people, goes the same
    way.
    """

    staff: Staff
    gone: Mapping[int, str]
    to: Person | None
    reason: str
    takes_nobodys: bool = False

    def hand_over(self, case: Case) -> HandedOver:
        """Do it on one locked complaint, with an entry in its history."""
        complaint = case.complaint
        is_open = complaint.status in OPEN
        detail: dict[str, Any] = {}
        whose: set[int | None] = set()
        if is_open and self._has_nobody(case):
            whose.add(complaint.handler_id)
            complaint.handler_id = self._handler(case)
            detail["handler"] = self.to.email if self.to is not None else None
            detail["is_nobodys"] = self.to is None
        steps = self._commitments(case, whose)
        called = self._escalations(case) if is_open else []
        whose |= {each.to_id for each in called}
        if steps:
            detail["commitments"] = steps
        if called:
            detail["escalations"] = [each.id for each in called]
        if detail:
            names = sorted(name for each, name in self.gone.items() if each in whose)
            write_history(case, Action.ASSIGN, {**detail, "from": names, "reason": self.reason})
            self._pass_on(case, called)
        taken = [each for each in called if each.to_id == (self.to.id if self.to else None)]
        asking = Case(case.session, case.rules, complaint, SYSTEM, case.at)
        is_asked = False
        if is_open and self._asks_the_gone(case):
            is_asked = ask_somebody_else(asking)
            if not is_asked:
                tell_that_nobody_may_approve(asking)
        case.session.flush()
        return HandedOver(bool(detail) or is_asked, bool({*detail} - {"escalations"} or taken))

    def _has_nobody(self, case: Case) -> bool:
        complaint = case.complaint
        if complaint.handler_id in self.gone:
            return True
        if not self.takes_nobodys or complaint.handler_id is not None:
            return False
        is_received = complaint.received_by_id is not None
        return not is_received or complaint.received_by_id in self.gone

    def _handler(self, case: Case) -> int | None:
        """Who handles it from now on; Invalid when that person may not."""
        if self.to is None:
            return None
        if not self.to.has(Permission.HANDLE) or not self.to.may_see(assignment_of(case)):
            raise Invalid(
                N_(
                    "%(name)s may not handle %(number)s. Choose somebody who handles complaints of "
                    "that branch, or let the work wait to be given out."
                ),
                field="to",
                name=self.to.name,
                number=case.number,
            )
        return self.to.id

    def _commitments(self, case: Case, whose: set[int | None]) -> list[int]:
        """What is still owed goes to the same person, in the tray to whoever will handle it."""
        moved = []
        for each in commitments_of(case):
            if not is_unsettled(each) or not self._is_adrift(each):
                continue
            whose.add(each.owner_id)
            each.owner_id = self.to.id if self.to is not None else case.complaint.handler_id
            if each.owner_kind == OwnerKind.PERSON and each.owner != HANDLER:
                each.owner = self.to.name if self.to is not None else HANDLER
            moved.append(each.id)
        return moved

    def _is_adrift(self, each: Commitment) -> bool:
        """Whether it is theirs, or a unit's in which nobody is left."""
        if each.owner_id is not None or each.team_id is None:
            return each.owner_id in self.gone
        return self.takes_nobodys and not team_people(self.staff, each.team_id)

    def _escalations(self, case: Case) -> list[Escalation]:
        """Those that wait for these people; what they have acknowledged holds nobody back."""
        query = select(Escalation).where(Escalation.complaint_id == case.complaint.id)
        waiting = []
        for each in case.session.scalars(query.order_by(Escalation.id)):
            is_theirs = each.to_id in self.gone or (self.takes_nobodys and each.to_id is None)
            if each.acknowledged_at is None and is_theirs:
                waiting.append(each)
            elif each.acknowledged_by_id in self.gone and each.ack_expires_at is not None:
                each.ack_expires_at = min(each.ack_expires_at, case.at)
        return waiting

    def _pass_on(self, case: Case, called: Sequence[Escalation]) -> None:
        """Put escalations before the colleague who may acknowledge them, else who stands above."""
        place = assignment_of(case)
        may = self.to is not None and (
            self.to.has(Permission.ACKNOWLEDGE) and self.to.may_see(place)
        )
        for each in called:
            below = each.to_id if each.to_id is not None else case.complaint.handler_id
            above = present_above(self.staff, below, place, Permission.ACKNOWLEDGE)
            taker = self.to if may else next(iter(above), None)
            each.to_id = taker.id if taker is not None else None
        if called:
            # Several may be called at once, on different clocks; whoever takes them hears once.
            top = max(called, key=lambda each: each.level)
            facts = {"reason": top.reason or self.reason, "level": top.level}
            tell_people(case, [each.to_id for each in called], "escalation", facts=facts)

    def _asks_the_gone(self, case: Case) -> bool:
        query = select(Offer.id).where(
            Offer.complaint_id == case.complaint.id,
            Offer.cycle == case.complaint.cycle,
            Offer.state == "waiting_approval",
            Offer.approver_id.in_(self.gone),
        )
        return case.session.scalar(query.limit(1)) is not None
