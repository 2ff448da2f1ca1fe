"""Who may do what, and for which complaints: one enum, one map, read like a table.

The step asks here before anything is written; pages ask here to show or hide a button.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from complaints.domain.errors import N_, Forbidden


class Role(StrEnum):
    """What a person does in the organisation."""

    CSR = "csr"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    """What can be allowed; the comment says it as a sentence."""

    VIEW = "view"  # may read complaints within the person's scope
    INTAKE = "intake"  # may record a complaint and the conversation that registers it
    HANDLE = "handle"  # may find the cause, plan, inform, offer and talk with the customer
    CLOSE = "close"  # may close, reopen or withdraw a complaint
    ASSIGN = "assign"  # may give a complaint to a handler or a team
    PAUSE = "pause"  # may pause and resume the clocks
    ESCALATE = "escalate"  # may escalate by hand
    ACKNOWLEDGE = "acknowledge"  # may acknowledge an escalation
    APPROVE = "approve"  # may approve extensions and offers within the role's limit
    EXTEND_FURTHER = "extend_further"  # may approve extensions beyond their limits
    COUNTERSIGN = "countersign"  # may sign what someone else could not do, or return it
    OVERRIDE = "override"  # may set a priority other than the computed one
    MERGE_CUSTOMERS = "merge_customers"  # may make two records of one customer one
    INCIDENT = "incident"  # may open incidents, link complaints, tell the approved words
    NOTE = "note"  # may write an internal note on a complaint
    BE_AWAY = "be_away"  # may note when they themselves are away
    LEAD = "lead"  # may note when somebody of their people is away
    OBSERVE = "observe"  # may record how somebody of their people keeps the standards of service
    IMPROVE = "improve"  # may raise corrective actions, change, verify and drop them
    REVIEW = "review"  # may draft and conclude management reviews
    BOARD = "board"  # may see the supervisors' board
    REPORTS = "reports"  # may read the deadline report
    AUDIT = "audit"  # may read the full history with its hashes
    ADMINISTER = "administer"  # may manage users, tokens and the organisation's rules


_HANDLING = {
    Permission.VIEW,
    Permission.HANDLE,
    Permission.PAUSE,
    Permission.ESCALATE,
    Permission.ASSIGN,
    Permission.INCIDENT,
    Permission.NOTE,
    Permission.BE_AWAY,
}
_LEADING = {
    Permission.INCIDENT,
    Permission.NOTE,
    Permission.BE_AWAY,
    Permission.ACKNOWLEDGE,
    Permission.APPROVE,
    Permission.COUNTERSIGN,
    Permission.OVERRIDE,
    Permission.LEAD,
    Permission.OBSERVE,
    Permission.IMPROVE,
    Permission.BOARD,
    Permission.REPORTS,
    Permission.AUDIT,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CSR: frozenset(_HANDLING | {Permission.INTAKE, Permission.CLOSE}),
    Role.OFFICER: frozenset(_HANDLING),
    Role.SUPERVISOR: frozenset(
        _HANDLING | _LEADING | {Permission.INTAKE, Permission.CLOSE, Permission.MERGE_CUSTOMERS}
    ),
    Role.MANAGER: frozenset(
        _LEADING
        | {
            Permission.VIEW,
            Permission.ASSIGN,
            Permission.ESCALATE,
            Permission.EXTEND_FURTHER,
            Permission.REVIEW,
        }
    ),
    Role.AUDITOR: frozenset({Permission.VIEW, Permission.REPORTS, Permission.AUDIT}),
    Role.ADMIN: frozenset(
        {
            Permission.VIEW,
            Permission.REPORTS,
            Permission.NOTE,
            Permission.BE_AWAY,
            Permission.LEAD,
            Permission.COUNTERSIGN,
            Permission.ADMINISTER,
        }
    ),
}

#: Whom somebody may answer to: escalations go to the line manager first, who has to answer them.
LINE_MANAGERS = tuple(role for role in Role if Permission.ACKNOWLEDGE in PERMISSIONS[role])

#: Who stands above whom in a branch, whatever the lines say.
_RANK = {
    Role.CSR: 0,
    Role.OFFICER: 0,
    Role.SUPERVISOR: 1,
    Role.MANAGER: 2,
    Role.AUDITOR: 2,
    Role.ADMIN: 3,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the system) behind a step, as the rules need to know them.

    `branch_id` None means head office: every branch, except for an officer, whose team bounds
    what they see.
    """

    id: int | None
    name: str
    role: Role
    branch_id: int | None = None
    team_id: int | None = None
    is_system: bool = False

    def has(self, permission: Permission) -> bool:
        """Whether the role holds the permission; the system holds all."""
        return self.is_system or permission in PERMISSIONS[self.role]


#: A customer on their own page: the secret link says for which complaint.
CUSTOMER = Actor(id=None, name="Pelanggan", role=Role.ADMIN, is_system=True)

SYSTEM = Actor(id=None, name="Tanggap", role=Role.ADMIN, is_system=True)


def reader_of(branch_id: int | None) -> Actor:
    """Nobody in particular, who reads the figures of a branch, of all of them for None."""
    return Actor(None, "", Role.MANAGER, branch_id=branch_id)


def may_see(
    actor: Actor,
    branch_id: int | None,
    team_ids: Iterable[int | None] = (),
    handler_id: int | None = None,
) -> bool:
    """Whether a complaint of that branch, teams and handler lies within the person's scope."""
    if actor.is_system:
        return True
    if not actor.has(Permission.VIEW):
        return False
    if actor.role is Role.OFFICER and actor.team_id is not None and actor.team_id in team_ids:
        return True
    if handler_id is not None and handler_id == actor.id:
        return True
    if actor.branch_id is None:
        return actor.role is not Role.OFFICER
    return branch_id == actor.branch_id


def sees_to_complaints(role: Role) -> bool:
    """Whether such people work on complaints or answer for them: nobody else leads a unit."""
    return bool({Permission.HANDLE, Permission.ACKNOWLEDGE} & PERMISSIONS[role])


def may_stand_in(deputy: Actor, absent: Actor) -> bool:
    """Whether the deputy sees anything of what the absent person answers for, and can act on it."""
    sees = absent.branch_id is None or may_see(deputy, absent.branch_id, {absent.team_id})
    return sees_to_complaints(deputy.role) and sees


def superiors_of(person_id: int, superior: Mapping[int, int | None]) -> frozenset[int]:
    """Everybody above a person in their line; `superior` is person → who they answer to."""
    found: set[int] = set()
    above = superior.get(person_id)
    while above is not None and above not in found:
        found.add(above)
        above = superior.get(above)
    return frozenset(found)


def may_note_for(leader: Actor, person: Actor, superiors: Collection[int]) -> bool:
    """Whether somebody may note when another is away: one's line, or one's branch and lower rank.

    `superiors` is everybody above the other in their line.
    """
    if not leader.has(Permission.LEAD) or leader.id == person.id:
        return False
    covers = leader.branch_id is None or leader.branch_id == person.branch_id
    return leader.id in superiors or (covers and _RANK[person.role] < _RANK[leader.role])


def may_observe(leader: Actor, person: Actor, superiors: Collection[int]) -> bool:
    """Whether somebody may observe how another serves customers, and read what others observed.

    Of one's line, or of one's branch and lower rank, and only of people who handle complaints.
    """
    return (
        leader.has(Permission.OBSERVE)
        and person.has(Permission.HANDLE)
        and may_note_for(leader, person, superiors)
    )


def may_lead_action(actor: Actor, branch_id: int | None) -> bool:
    """Whether somebody may raise, change, verify and drop corrective actions of that branch.

    Those of all branches (None) are head office's.
    """
    is_theirs = actor.branch_id is None or branch_id == actor.branch_id
    return actor.is_system or (actor.has(Permission.IMPROVE) and is_theirs)


def may_lead_review(actor: Actor, branch_id: int | None) -> bool:
    """Whether somebody may draft and conclude management reviews of that branch.

    Those of all branches (None) are head office's.
    """
    return actor.has(Permission.REVIEW) and _reads_branch(actor, branch_id)


def may_read_review(actor: Actor, branch_id: int | None) -> bool:
    """Whether somebody may read a review of that branch: its figures are those of the reports."""
    return actor.has(Permission.REPORTS) and _reads_branch(actor, branch_id)


def _reads_branch(actor: Actor, branch_id: int | None) -> bool:
    return actor.branch_id is None or branch_id == actor.branch_id


def require(actor: Actor, permission: Permission) -> None:
    """Raise Forbidden when the role does not hold the permission."""
    if not actor.has(permission):
        raise Forbidden(N_("Your role does not allow this. Ask your supervisor to do it."))
