"""The demonstration's staff: who they are, where they sit and whose supervisor is whose.

First names only, and common ones: nobody real is meant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import SYSTEM, Actor, Role
from complaints.models import Team, User
from complaints.people.accounts import add_user, set_password
from complaints.rulebook import RuleBook

PASSWORD = "tanggap-demo"
DOMAIN = "tanggap.example"
#: Everybody was here before the first complaint.
HIRED_BEFORE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of staff as written down here; `login` is what stands before the @."""

    login: str
    name: str
    role: Role
    branch: str | None = None
    team: str | None = None
    supervisor: str | None = None
    leads: bool = False

    @property
    def email(self) -> str:
        """The address the person logs in with."""
        return f"{self.login}@{DOMAIN}"


#: Superiors stand before those who report to them.
MEMBERS = (
    Member("manager", "Ratna", Role.MANAGER),
    Member("auditor", "Teguh", Role.AUDITOR),
    Member("admin", "Sari", Role.ADMIN),
    Member("supervisor", "Bambang", Role.SUPERVISOR, "JKT", supervisor="manager"),
    Member("supervisor.mks", "Hasnah", Role.SUPERVISOR, "MKS", supervisor="manager"),
    Member("supervisor.jyp", "Markus", Role.SUPERVISOR, "JYP", supervisor="manager"),
    Member("csr", "Rina", Role.CSR, "JKT", supervisor="supervisor"),
    Member("csr3", "Fajar", Role.CSR, "JKT", supervisor="supervisor"),
    Member("csr2", "Nurul", Role.CSR, "MKS", supervisor="supervisor.mks"),
    Member("csr4", "Yohana", Role.CSR, "JYP", supervisor="supervisor.jyp"),
    Member("lead.teknik", "Wawan", Role.OFFICER, None, "TEKNIK", "manager", leads=True),
    Member("lead.tagihan", "Endah", Role.OFFICER, None, "TAGIHAN", "manager", leads=True),
    Member("lead.pasang", "Slamet", Role.OFFICER, None, "PASANG", "manager", leads=True),
    Member("lead.retensi", "Indah", Role.OFFICER, None, "RETENSI", "manager", leads=True),
    Member("officer", "Hendra", Role.OFFICER, "JKT", "TEKNIK", "supervisor"),
    Member("officer2", "Syamsul", Role.OFFICER, "MKS", "TEKNIK", "supervisor.mks"),
    Member("officer.tagihan", "Mega", Role.OFFICER, "JKT", "TAGIHAN", "supervisor"),
    Member("officer.pasang", "Asep", Role.OFFICER, "JKT", "PASANG", "supervisor"),
    Member("officer.retensi", "Intan", Role.OFFICER, "JKT", "RETENSI", "supervisor"),
)
LOGINS = tuple(member.email for member in MEMBERS)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff on stage: what they were written as, and who they are to the rules."""

    member: Member
    actor: Actor

    @property
    def email(self) -> str:
        """The address of the account."""
        return self.member.email


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, found by the part they play."""

    by_login: Mapping[str, Colleague]

    def desk(self, branch: str, rng: Random) -> Colleague:
        """A CSR of the branch."""
        return rng.choice(self._with(Role.CSR, branch))

    def supervisor(self, branch: str) -> Colleague:
        """The branch's supervisor."""
        return self._with(Role.SUPERVISOR, branch)[0]

    @property
    def manager(self) -> Colleague:
        """Head office."""
        return self.by_login["manager"]

    def officer(self, team: str, branch: str) -> Colleague:
        """The team's officer in the branch, else the team's lead."""
        mine = [each for each in self.by_login.values() if each.member.team == team]
        near = [each for each in mine if each.member.branch == branch]
        return (near or [each for each in mine if each.member.leads])[0]

    def by_id(self, user_id: int | None) -> Colleague | None:
        """The colleague with this account, or None."""
        return next((c for c in self.by_login.values() if c.actor.id == user_id), None)

    def _with(self, role: Role, branch: str) -> Sequence[Colleague]:
        return [
            each
            for each in self.by_login.values()
            if each.member.role is role and each.member.branch == branch
        ]


#: The logins the greeting names, one for each kind of work and each unit.
_NAMED = (
    *("csr", "csr2", "officer", "officer.tagihan", "officer.pasang", "officer.retensi"),
    *("supervisor", "manager", "auditor", "admin"),
)


def demonstration_logins(session: Session) -> list[tuple[str, str]]:
    """(e-mail, role, unit, branch) to try things with; empty outside the demonstration."""
    known = set(session.scalars(select(User.email).where(User.email.in_(LOGINS))))
    return [
        (each.email, " ".join(filter(None, (each.role.value, each.team, each.branch))))
        for each in MEMBERS
        if each.login in _NAMED and each.email in known
    ]


def is_already_there(session: Session) -> bool:
    """Whether the demonstration's people have been made before.

    Raises Invalid when somebody else's accounts stand here: then this is no empty database.
    """
    known = set(session.scalars(select(User.email)))
    if known & set(LOGINS):
        return True
    if known:
        raise Invalid(
            N_(
                "This database already has users of its own; demo data is only "
                "created in an empty database."
            )
        )
    return False


def add_people(session: Session, rules: RuleBook, at: datetime) -> Cast:
    """Add everybody at that time with the demonstration's password, and name the teams' leads."""
    cast: dict[str, Colleague] = {}
    password_hash = ""
    for member in MEMBERS:
        user = add_user(
            session,
            rules,
            email=member.email,
            role=member.role.value,
            name=member.name,
            branch=member.branch,
            team=member.team,
            supervisor=f"{member.supervisor}@{DOMAIN}" if member.supervisor else None,
            by=SYSTEM,
            at=at,
        )
        if not password_hash:
            # Hashing is slow on purpose; one hash serves everybody here.
            set_password(user, PASSWORD)
            password_hash = user.password_hash
        user.password_hash = password_hash
        session.flush()
        if member.leads:
            team = session.scalars(select(Team).where(Team.code == member.team)).one()
            team.lead_id = user.id
        cast[member.login] = Colleague(member, user.actor)
    return Cast(cast)
