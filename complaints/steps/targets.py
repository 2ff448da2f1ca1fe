"""Who stands on a rung of the ladder: the people of a complaint, its branch and head office.

Everybody is read once for a batch and then asked a thousand times. People who have left are
skipped, and the top of the ladder is never silently empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.escalation import Target
from complaints.domain.permissions import Role
from complaints.models import Team, User


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a complaint stands: the ids from which its people follow."""

    branch_id: int
    team_id: int | None
    handler_id: int | None
    received_by_id: int | None


People = tuple[Person, ...]


@dataclass(slots=True)
class Staff:
    """All members of staff and who leads which team, as they were when the batch began."""

    by_id: Mapping[int, Person]
    leads: Mapping[int, int | None]
    _known: dict[tuple[str, Place], People] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session) -> "Staff":
        """Read the staff with two small queries."""
        columns = (
            User.id,
            User.name,
            User.email,
            User.role,
            User.branch_id,
            User.team_id,
            User.supervisor_id,
            User.language,
            User.is_active,
        )
        rows = session.execute(select(*columns).order_by(User.id))
        leads = session.execute(select(Team.id, Team.lead_id))
        return cls({row.id: Person(*row) for row in rows}, {row.id: row.lead_id for row in leads})

    def standing_on(self, target: str, place: Place) -> People:
        """The people whom a rung with this target reaches; empty when there is nobody."""
        key = (target, place)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(target, place)
        return found

    def last_resort(self, place: Place) -> People:
        """Whoever can still be told when nobody stands on the top rung.

        Managers of head office, else any manager, else the supervisors of the branch.
        """
        managers = self._with_role(Role.MANAGER)
        return (
            tuple(person for person in managers if person.branch_id is None)
            or managers
            or self._with_role(Role.SUPERVISOR, place.branch_id)
        )

    def _find(self, target: str, place: Place) -> People:
        match target:
            case Target.HANDLER:
                return self._handler(place)
            case Target.SUPERVISOR:
                return self._supervisor(place)
            case Target.MANAGER:
                return self._manager(place)
            case Target.TEAM_LEAD:
                return self._team(place.team_id)
            case Target.HEAD_OFFICE:
                return self._with_role(Role.MANAGER, None)
        role = target.removeprefix("role:")
        return self._with_role(role, place.branch_id) or self._with_role(role, None)

    def _handler(self, place: Place) -> People:
        """The handler, else who received it, else who has to give it to somebody."""
        return (
            self._active(place.handler_id)
            or self._active(place.received_by_id)
            or self._supervisor(place)
        )

    def _supervisor(self, place: Place) -> People:
        """The handler's own supervisor, else the first one of the branch."""
        handler = self._anyone(place.handler_id) or self._anyone(place.received_by_id)
        own = self._active(handler.supervisor_id) if handler else ()
        others = self._with_role(Role.SUPERVISOR, place.branch_id)
        return own or tuple(each for each in others if each != handler)[:1]

    def _manager(self, place: Place) -> People:
        """The supervisor's own superior, else the managers of the branch, else head office's."""
        above = (self._active(each.supervisor_id) for each in self._supervisor(place))
        return (
            next((people for people in above if people), ())
            or self._with_role(Role.MANAGER, place.branch_id)
            or self._with_role(Role.MANAGER, None)
        )

    def _team(self, team_id: int | None) -> People:
        """The team's lead, else its members."""
        if team_id is None:
            return ()
        return self._active(self.leads.get(team_id)) or self._all(
            person for person in self.by_id.values() if person.team_id == team_id
        )

    def _with_role(self, role: str, *branch: int | None) -> People:
        """Active people with a role; of one branch (None is head office) when it is given."""
        return self._all(
            person
            for person in self.by_id.values()
            if person.role == role and (not branch or person.branch_id == branch[0])
        )

    def _anyone(self, user_id: int | None) -> Person | None:
        return self.by_id.get(user_id) if user_id is not None else None

    def _active(self, user_id: int | None) -> People:
        person = self._anyone(user_id)
        return (person,) if person is not None and person.is_active else ()

    @staticmethod
    def _all(people: Iterable[Person]) -> People:
        return tuple(person for person in people if person.is_active)
