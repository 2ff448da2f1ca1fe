"""How much waits for the decision of one person: what the board shows as theirs, as one number.

Of the person bound as `user_id`, for a query that reads their row of `users` along with it.
"""

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import PERMISSIONS, Permission
from complaints.domain.words.exits import ExitKind, ExitState
from complaints.models import Complaint, Escalation, Exit, Extension, Offer, User
from complaints.models.exits import HANDLED_BY
from complaints.queries.bounded import bounded_count

#: The frame of a page counts no further; whether 100 or 20,000 wait makes no difference to it.
MOST_WAITING = 100

_OPEN = [each.value for each in OPEN]
_IS_OPEN = Complaint.status.in_(_OPEN)
_ME: BindParameter[int] = bindparam("user_id")


def _holding(permission: Permission) -> ColumnElement[bool]:
    return User.role.in_([role.value for role, held in PERMISSIONS.items() if permission in held])


def made_exit(user_id: int | BindParameter[int] | None) -> ColumnElement[bool]:
    """Whether a step of the complaint that is not signed yet was excused by this person, or while
    they handled it."""
    made = select(Exit.id).where(
        Exit.complaint_id == Complaint.id,
        Exit.kind == ExitKind.UNABLE.value,
        Exit.state == ExitState.MADE.value,
        Exit.cycle == Complaint.cycle,
        or_(Exit.by_id == user_id, Exit.detail[HANDLED_BY].as_integer() == user_id),
    )
    return made.correlate(Complaint).exists()


def of_complaint(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the complaint of an escalation fulfils a condition, asked row by row.

    A join would tempt the planner to begin with all open complaints, and a count that ends early
    would end late.
    """
    found = select(literal(1)).where(Complaint.id == Escalation.complaint_id, condition)
    return found.correlate(Escalation).scalar_subquery().is_not(None)


#: As `scope.joined_in_scope`, for the person whose row is read.
_IN_SIGHT = or_(
    User.branch_id.is_(None),
    Complaint.branch_id + 0 == User.branch_id,
    Complaint.handler_id + 0 == _ME,
)

_ESCALATIONS = bounded_count(
    select(Escalation.complaint_id)
    .where(Escalation.to_id == _ME, Escalation.acknowledged_at.is_(None), of_complaint(_IS_OPEN))
    .distinct(),
    MOST_WAITING,
)

# Adding nothing to the number of the complaint keeps SQLite from beginning at all complaints.
_OFFERS = bounded_count(
    select(Offer.id)
    .join(Complaint, Complaint.id == Offer.complaint_id + 0)
    .where(
        Offer.state == literal_column("'waiting_approval'"),
        or_(Offer.approver_id == _ME, Offer.approver_id.is_(None)),
        func.coalesce(Offer.by_id, 0) != _ME,
        _IS_OPEN,
        and_(_IN_SIGHT, _holding(Permission.APPROVE)),
    )
    .correlate(User),
    MOST_WAITING,
)

_EXTENSIONS = bounded_count(
    select(Extension.id)
    .join(Complaint, Complaint.id == Extension.complaint_id + 0)
    .where(
        Extension.answer.is_(None),
        func.coalesce(Extension.asked_by_id, 0) != _ME,
        _IS_OPEN,
        and_(_IN_SIGHT, _holding(Permission.APPROVE)),
        or_(Extension.is_beyond.is_(False), _holding(Permission.EXTEND_FURTHER)),
    )
    .correlate(User),
    MOST_WAITING,
)

_SIGNATURES = bounded_count(
    select(Complaint.id)
    .where(
        Complaint.signature_asked_at.is_not(None),
        _IS_OPEN,
        func.coalesce(Complaint.handler_id, Complaint.received_by_id, 0) != _ME,
        ~made_exit(_ME),
        and_(_IN_SIGHT, _holding(Permission.COUNTERSIGN)),
    )
    .correlate(User),
    MOST_WAITING,
)

#: Escalations to acknowledge; offers and dates to approve, steps to sign: each up to MOST_WAITING.
TO_ACKNOWLEDGE: ColumnElement[int] = _ESCALATIONS
TO_DECIDE: ColumnElement[int] = _OFFERS + _EXTENSIONS + _SIGNATURES
