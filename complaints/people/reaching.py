"""Whom a notice reaches: those it is for, their deputies, and in the end always somebody.

The ladder asks `Staff.recipients`; what is told by name comes through here, by the same people.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from complaints.domain.escalation import Target
from complaints.domain.permissions import Permission
from complaints.people.staff import Assignment, People, Person, Staff


@dataclass(slots=True)
class Reached:
    """Who hears; `instead_of` says by person whose place they take, `is_unowned` that nobody's.

    Whoever hears on their own account stands in no `instead_of`.
    """

    people: dict[int, Person] = field(default_factory=dict)
    instead_of: dict[int, str] = field(default_factory=dict)
    is_unowned: bool = False

    def add(self, person: Person, instead_of: str = "") -> None:
        """Let somebody hear; their own account counts more than anybody's place."""
        is_known = person.id in self.people
        self.people[person.id] = person
        if not instead_of:
            self.instead_of.pop(person.id, None)
        elif not is_known:
            self.instead_of[person.id] = instead_of

    def why(self, person: Person) -> dict[str, Any]:
        """The facts of a notice that say why this person hears of what is not theirs."""
        facts: dict[str, Any] = {}
        if person.id in self.instead_of:
            facts["instead_of"] = self.instead_of[person.id]
        if self.is_unowned:
            facts["unowned"] = True
        return facts


def reach(staff: Staff, user_ids: Iterable[int | None], place: Assignment) -> Reached:
    """The people with these ids and whoever stands in for them; None stands for nobody known.

    1. who has an account hears, away or not: it waits for them in their notifications;
    2. for whoever is away the deputy hears too, and with no deputy who stands next above;
    3. for a closed account who has the complaint instead, else who stands next above;
    4. where all of this is nobody, whoever has to give the complaint to somebody.
    """
    found, wanted = Reached(), [each for each in user_ids if each is not None]
    for person in (staff.by_id[each] for each in wanted if each in staff.by_id):
        if person.is_active:
            found.add(person)
        if not person.is_active or person.id in staff.away:
            for stand_in in stand_ins(staff, person, place):
                found.add(stand_in, person.name)
    if not found.people:
        found.is_unowned = True
        for stand_in in in_charge(staff, place):
            found.add(stand_in)
    return found


def stand_ins(staff: Staff, person: Person, place: Assignment) -> People:
    """Who acts for somebody who is away or has left: their deputy, else who is next above them."""
    deputies = staff.acting_for(person.id, place)
    if deputies:
        return deputies
    if person.id in (place.handler_id, place.received_by_id):
        return staff.recipients(Target.HANDLER, place) or in_charge(staff, place)
    return present_above(staff, person.id, place)


def in_charge(staff: Staff, place: Assignment) -> People:
    """Who has to see to a complaint that nobody has: its team's lead, the line, the last resort."""
    line = (Target.HANDLER, Target.TEAM_LEAD, Target.SUPERVISOR, Target.MANAGER)
    found = (staff.recipients(target, place) for target in line)
    return next((people for people in found if people), ()) or staff.last_resort(place)


def present_above(
    staff: Staff,
    user_id: int | None,
    place: Assignment,
    permission: Permission | None = None,
    without: Collection[int | None] = (),
) -> People:
    """The nearest above a person who is there, or whose deputy is, and may decide.

    Whoever is passed over for being away comes before nobody; after them the last resort, which
    may be an administrator. `without` are people it must not be. Superiors in a circle end at the
    circle.
    """

    def may(person: Person) -> bool:
        holds = permission is None or person.has(permission)
        return holds and person.id not in without

    line = staff.line_above(user_id, place.branch_id)
    return (
        _first(may, (staff.acting_for(each.id, place) for each in line))
        or _first(may, ((each,) for each in line))
        or _first(may, (staff.last_resort(place),))
        or tuple(each for each in staff.last_resort(place) if each.id not in without)
    )


def team_people(staff: Staff, team_id: int) -> list[Person]:
    """Everybody with an account in a team, away or not; its lead among them."""
    lead = staff.leads.get(team_id)
    return [
        each
        for each in staff.by_id.values()
        if each.is_active and (each.team_id == team_id or each.id == lead)
    ]


def _first(may: Callable[[Person], bool], lines: Iterable[People]) -> People:
    found = (tuple(each for each in people if may(each)) for people in lines)
    return next((people for people in found if people), ())
