"""Who may do what, and for which complaints: one enum, one map, read like a table.

The step asks here before anything is written; pages ask here to show or hide a button.
"""

from collections.abc import Iterable
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
    OVERRIDE = "override"  # may set a priority other than the computed one
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
}
_LEADING = {
    Permission.ACKNOWLEDGE,
    Permission.APPROVE,
    Permission.OVERRIDE,
    Permission.BOARD,
    Permission.REPORTS,
    Permission.AUDIT,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CSR: frozenset(_HANDLING | {Permission.INTAKE, Permission.CLOSE}),
    Role.OFFICER: frozenset(_HANDLING),
    Role.SUPERVISOR: frozenset(_HANDLING | _LEADING | {Permission.INTAKE, Permission.CLOSE}),
    Role.MANAGER: frozenset(_LEADING | {Permission.VIEW, Permission.ASSIGN, Permission.ESCALATE}),
    Role.AUDITOR: frozenset({Permission.VIEW, Permission.REPORTS, Permission.AUDIT}),
    Role.ADMIN: frozenset({Permission.VIEW, Permission.REPORTS, Permission.ADMINISTER}),
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


SYSTEM = Actor(id=None, name="Tanggap", role=Role.ADMIN, is_system=True)


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


def may_stand_in(deputy: Actor, absent: Actor) -> bool:
    """Whether the deputy sees anything of what the absent person answers for, and can act on it."""
    can_act = deputy.has(Permission.HANDLE) or deputy.has(Permission.ACKNOWLEDGE)
    sees = absent.branch_id is None or may_see(deputy, absent.branch_id, {absent.team_id})
    return can_act and sees


def require(actor: Actor, permission: Permission) -> None:
    """Raise Forbidden when the role does not hold the permission."""
    if not actor.has(permission):
        raise Forbidden(N_("Your role does not allow this. Ask your supervisor to do it."))
