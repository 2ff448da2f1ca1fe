"""Who stands on a rung of the ladder: the people of a complaint, its branch and head office.

Everybody is read once for a batch and then asked a thousand times. People who have left are
skipped, whoever is away is represented, and the top of the ladder is never silently empty.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from complaints.domain.escalation import Ladder, Target
from complaints.domain.permissions import PERMISSIONS, Actor, Permission, Role, may_see
from complaints.models import Absence, Team, User


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as the ladder needs to know them."""

    id: int
    name: str
    email: str
    role: str
    branch_id: int | None
    team_id: int | None
    supervisor_id: int | None
    language: str
    is_active: bool

    def has(self, permission: Permission) -> bool:
        """Whether the person's role holds the permission."""
        return permission in PERMISSIONS[Role(self.role)]

    def may_see(self, place: "Assignment") -> bool:
        """Whether a complaint standing there lies within the person's scope."""
        actor = Actor(self.id, self.name, Role(self.role), self.branch_id, self.team_id)
        return may_see(actor, place.branch_id, {place.team_id}, place.handler_id)


class Assignment(NamedTuple):
    """Where a complaint stands: the ids from which its people follow."""

    branch_id: int
    team_id: int | None
    handler_id: int | None
    received_by_id: int | None
    #: Who undertook the commitment that is asked about: a person, or a team.
    owner_id: int | None = None
    owner_team_id: int | None = None


People = tuple[Person, ...]


_PEOPLE = select(
    User.id,
    User.name,
    User.email,
    User.role,
    User.branch_id,
    User.team_id,
    User.supervisor_id,
    User.language,
    User.is_active,
).order_by(User.id)
_LEADS = select(Team.id, Team.lead_id)
_AT = bindparam("at", type_=Absence.until_at.type)
_ABSENT = (
    select(Absence.user_id, Absence.deputy_id)
    .where(Absence.until_at > _AT, Absence.from_at <= _AT)
    .order_by(Absence.id)
)


@dataclass(slots=True)
class Staff:
    """All members of staff and who leads which team, as they were when the batch began.

    `away` names who is absent, with the deputy or None.
    """

    by_id: Mapping[int, Person]
    leads: Mapping[int, int | None]
    away: Mapping[int, int | None] = field(default_factory=dict)
    _known: dict[tuple[str, Assignment], People] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session, at: datetime | None = None) -> "Staff":
        """Read the staff and who of them is away at `at`, with three small queries.

        Without an instant nobody counts as away: the staff as such.
        """
        rows = session.execute(_PEOPLE)
        leads = session.execute(_LEADS)
        return cls(
            {row.id: Person(*row) for row in rows},
            {row.id: row.lead_id for row in leads},
            _away(session, at) if at is not None else {},
        )

    def recipients(self, target: str, place: Assignment) -> People:
        """The people whom a rung with this target reaches; empty when there is nobody."""
        key = (target, place)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(target, place)
        return found

    def acting_for(self, user_id: int | None, place: Assignment) -> People:
        """The person with this id, or who represents them there while they are away.

        Nobody when the account is closed, or when no deputy is there who may see the complaint.
        """
        seen: set[int] = set()
        while user_id is not None and user_id not in seen:
            person = self.by_id.get(user_id)
            if person is None or not person.is_active:
                return ()
            if seen and not person.may_see(place):
                return ()
            if user_id not in self.away:
                return (person,)
            seen.add(user_id)
            user_id = self.away[user_id]
        return ()

    def line_above(self, user_id: int | None, branch_id: int) -> list[Person]:
        """Everybody above a person, the nearest first, whoever is away.

        One's own superior, else whoever leads the branch, then head office. Closed accounts are
        passed over.
        """
        line: list[Person] = []
        seen = {user_id}
        person = self._anyone(user_id)
        while True:
            above = self._superior(person, branch_id, seen)
            if above is None:
                return line
            line.append(above)
            seen.add(above.id)
            person = above

    def last_resort(self, place: Assignment) -> People:
        """Whoever can still be told when nobody stands on the top rung.

        Managers of head office, else any manager, else the supervisors of the branch; when all of
        them are away without a deputy, they are told nevertheless. Where there is none of them,
        the administrators, who can hire somebody.
        """
        everybody = Staff(self.by_id, self.leads)
        return (
            self._last_resort(place)
            or everybody._last_resort(place)
            or self._with_role(place, Role.ADMIN)
            or everybody._with_role(place, Role.ADMIN)
        )

    def _superior(
        self, person: Person | None, branch_id: int, seen: Collection[int | None]
    ) -> Person | None:
        own = self._anyone(person.supervisor_id) if person else None
        if own is not None and own.is_active and own.id not in seen:
            return own
        lowest = 0
        if person is not None and person.role == Role.SUPERVISOR:
            lowest = 1
        if person is not None and person.role == Role.MANAGER:
            lowest = 2 if person.branch_id is not None else 3
        line = ((Role.SUPERVISOR, branch_id), (Role.MANAGER, branch_id), (Role.MANAGER, None))
        for role, branch in line[lowest:]:
            for each in self.by_id.values():
                fits = each.role == role and each.branch_id == branch and each.is_active
                if fits and each.id not in seen:
                    return each
        return None

    def _last_resort(self, place: Assignment) -> People:
        managers = self._with_role(place, Role.MANAGER)
        return (
            tuple(person for person in managers if person.branch_id is None)
            or managers
            or self._with_role(place, Role.SUPERVISOR, place.branch_id)
        )

    def _find(self, target: str, place: Assignment) -> People:
        match target:
            case Target.OWNER:
                return self._owner(place)
            case Target.HANDLER:
                return self._handler(place)
            case Target.SUPERVISOR:
                return self._supervisor(place)
            case Target.MANAGER:
                return self._manager(place)
            case Target.TEAM_LEAD:
                return self._team(place)
            case Target.HEAD_OFFICE:
                return self._with_role(place, Role.MANAGER, None)
        role = target.removeprefix("role:")
        return self._with_role(place, role, place.branch_id) or self._with_role(place, role, None)

    def _owner(self, place: Assignment) -> People:
        """Who undertook it, or their team's lead; else the handler."""
        return (
            self.acting_for(place.owner_id, place)
            or self._team(place._replace(team_id=place.owner_team_id))
            or self._handler(place)
        )

    def _handler(self, place: Assignment) -> People:
        """The handler, else who received it, else who has to give it to somebody."""
        return (
            self.acting_for(place.handler_id, place)
            or self.acting_for(place.received_by_id, place)
            or self._supervisor(place)
        )

    def _supervisor(self, place: Assignment) -> People:
        """The handler's own supervisor, else the first one of the branch."""
        handler = self._anyone(place.handler_id) or self._anyone(place.received_by_id)
        own = self.acting_for(handler.supervisor_id, place) if handler else ()
        others = self._with_role(place, Role.SUPERVISOR, place.branch_id)
        return own or tuple(each for each in others if each != handler)[:1]

    def _manager(self, place: Assignment) -> People:
        """The supervisor's own superior, else the managers of the branch, else head office's.

        The line goes by the supervisors themselves, whoever represents them today.
        """
        line = Staff(self.by_id, self.leads)._supervisor(place)
        above = (self.acting_for(each.supervisor_id, place) for each in line)
        return (
            next((people for people in above if people), ())
            or self._with_role(place, Role.MANAGER, place.branch_id)
            or self._with_role(place, Role.MANAGER, None)
        )

    def _team(self, place: Assignment) -> People:
        """The team's lead, else its members."""
        if place.team_id is None:
            return ()
        return self.acting_for(self.leads.get(place.team_id), place) or self._all(
            place, (each for each in self.by_id.values() if each.team_id == place.team_id)
        )

    def _with_role(self, place: Assignment, role: str, *branch: int | None) -> People:
        """People with a role; of one branch (None is head office) when it is given."""
        return self._all(
            place,
            (
                person
                for person in self.by_id.values()
                if person.role == role and (not branch or person.branch_id == branch[0])
            ),
        )

    def _all(self, place: Assignment, people: Iterable[Person]) -> People:
        """Those of them who are there, and the deputies of the others; each once."""
        found = (each for person in people for each in self.acting_for(person.id, place))
        return tuple(dict.fromkeys(found))

    def _anyone(self, user_id: int | None) -> Person | None:
        return self.by_id.get(user_id) if user_id is not None else None


def _away(session: Session, at: datetime) -> dict[int, int | None]:
    """Who is absent at that instant, with the deputy of the absence noted last."""
    rows = session.execute(_ABSENT, {"at": at})
    return {row.user_id: row.deputy_id for row in rows}


def top_rung_is_empty(session: Session, ladder: Ladder, without: int | None = None) -> bool:
    """Whether nobody with an open account could ever stand on the ladder's top rung.

    `without` is left out, as when an account is about to be closed. Absences do not count: they
    end. A rung whose people depend on the complaint is judged by who could stand there at all.
    """
    query = select(User.role, User.branch_id, User.team_id).where(User.is_active.is_(True))
    if without is not None:
        query = query.where(User.id != without)
    people = session.execute(query).all()
    target = ladder.top.target
    match target:
        case Target.HEAD_OFFICE:
            return not any(each.role == Role.MANAGER and each.branch_id is None for each in people)
        case Target.MANAGER:
            return not any(each.role == Role.MANAGER for each in people)
        case Target.SUPERVISOR:
            return not any(each.role == Role.SUPERVISOR for each in people)
        case Target.TEAM_LEAD:
            return not any(each.team_id is not None for each in people)
        case Target.HANDLER | Target.OWNER:
            return not people
    return not any(each.role == target.removeprefix("role:") for each in people)
