"""Who may sign what was not done: the next superior, else any manager or administrator.

Whoever made one of the exits, or handles the complaint or did so then, never signs; whoever is away
is represented by a deputy who may sign, or passed over.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.domain.escalation import Target
from complaints.domain.permissions import Permission, Role
from complaints.models import Complaint, Exit
from complaints.models.exits import HANDLED_BY
from complaints.people.staff import Assignment, People, Person, Staff


@dataclass(frozen=True, slots=True)
class Signers:
    """Who is asked first, and everybody who may."""

    nearest: People
    all: People


def who_may_sign(
    session: Session, complaint: Complaint, makers: Collection[int | None], at: datetime
) -> Signers:
    """Who may sign the exits that `makers` made; with everybody away, those who are."""
    place = Assignment(
        complaint.branch_id, complaint.team_id, complaint.handler_id, complaint.received_by_id
    )
    excluded = {*makers, handler_of(complaint)}
    for staff in (Staff.read(session, at), Staff.read(session)):
        found = [
            tuple(each for each in people if _may_sign(each, place, excluded))
            for people in _line(staff, place)
        ]
        nearest = next((people for people in found if people), ())
        if nearest:
            everybody = dict.fromkeys(each for people in found for each in people)
            return Signers(nearest[:1] if nearest is found[0] else nearest, tuple(everybody))
    return Signers((), ())


def parties_to(exits: Iterable[Exit]) -> set[int | None]:
    """Who made these exits, and who handled the complaint when they were made."""
    return {each.by_id for each in exits} | {each.detail.get(HANDLED_BY) for each in exits}


def handler_of(complaint: Complaint) -> int | None:
    """Whose complaint it is: the handler's, else whoever received it."""
    return complaint.handler_id or complaint.received_by_id


def _line(staff: Staff, place: Assignment) -> list[People]:
    """The people asked in turn, the nearest superior first."""
    of_role = [
        tuple(
            person
            for each in staff.by_id.values()
            if each.role == role and (role != Role.SUPERVISOR or each.branch_id == place.branch_id)
            for person in staff.acting_for(each.id, place)
        )
        for role in (Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)
    ]
    return [
        staff.recipients(Target.SUPERVISOR, place),
        of_role[0],
        staff.recipients(Target.MANAGER, place),
        *of_role[1:],
    ]


def _may_sign(person: Person, place: Assignment, excluded: Collection[int | None]) -> bool:
    holds = person.has(Permission.COUNTERSIGN)
    return holds and person.id not in excluded and person.may_see(place)
