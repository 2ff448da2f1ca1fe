"""Hand over what lies with somebody: complaints, commitments, requests, escalations, actions.

Whoever has left cannot finish it, so closing an account asks who does; what lies with nobody for
another reason is given away the same way, complaint by complaint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid, Refused, counted
from complaints.domain.permissions import PERMISSIONS, Actor, Permission, Role, require
from complaints.models import Complaint, User
from complaints.outbox.queue import notify
from complaints.people.account_edits import PLACING, edit_account
from complaints.people.account_upkeep import close_account
from complaints.people.colleagues import active_user
from complaints.people.reaching import in_charge
from complaints.people.staff import Person, Staff
from complaints.people.succession import Successors, hand_on_lines
from complaints.queries.people.lines import lines_of
from complaints.queries.people.open_work import WorkKind, open_actions, together, work_of
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook
from complaints.steps.case import WITH_CUSTOMER, Case
from complaints.steps.casework.empty_units import tell_of_empty_unit
from complaints.steps.casework.handing import Handing
from complaints.steps.improvement.hand_on import hand_on_actions
from complaints.steps.notify import assignment_of, tell_people

#: Where work goes that is given to nobody: it waits among what is in nobody's hands.
TRAY = "tray"
#: What somebody goes on with whose role, branch or unit has changed.
KEEP = "keep"

_CLOSED = {
    "id": "Akun %s dinonaktifkan; pekerjaannya dialihkan",
    "en": "The account of %s was deactivated and the work handed over",
}
_MOVED = {
    "id": "%s berpindah peran, cabang, atau unit; pekerjaannya diserahkan",
    "en": "%s has another role, branch or unit; the work was handed over",
}
#: kind of work → what somebody must hold to go on with it
_NEEDED = {
    WorkKind.COMPLAINT: Permission.HANDLE,
    WorkKind.COMMITMENT: Permission.HANDLE,
    WorkKind.REQUEST: Permission.APPROVE,
    WorkKind.ESCALATION: Permission.ACKNOWLEDGE,
}
_UNREACHABLE = {
    "id": "Penanggung jawab pekerjaan ini tidak bisa dihubungi lagi",
    "en": "Whoever had this work can no longer be reached",
}


@dataclass(frozen=True, slots=True)
class Closed:
    """Whose account was closed, on how many complaints work was handed over, and to whom."""

    user: User
    complaints: int
    to: str


def close_with_work(
    session: Session,
    rules: RuleBook,
    user_id: int,
    *,
    to: str = "",
    by: Actor,
    at: datetime,
    successors: Successors | None = None,
) -> Closed:
    """Close an account; what it has open goes to the colleague `to`, or with `TRAY` to nobody.

    `successors` take their places as line manager, lead and deputy; None leaves these as they are,
    so that whoever looks for them goes on to the next above. Raises Invalid without an answer while
    something is open, or when the colleague may not take it. All of it happens in the caller's
    transaction, with an entry on each complaint.
    """
    left = [each.id for each in lines_of(session, user_id, at).units]
    handed_on = {}
    if successors is not None:
        handed_on = hand_on_lines(session, rules, user_id, successors, by=by, at=at)
    user = close_account(session, user_id, by=by, at=at, detail=handed_on)
    session.flush()
    complaints, name = hand_over_work(session, rules, user, to=to, by=by, at=at)
    for team_id in {user.team_id, *left}:
        tell_of_empty_unit(session, rules, team_id, at=at)
    return Closed(user, complaints, name)


@dataclass(frozen=True, slots=True)
class Edited:
    """Whose account was changed, in what, on how many complaints work was handed over, to whom."""

    user: User
    changed: frozenset[str]
    complaints: int = 0
    to: str = ""


def edit_with_work(
    session: Session,
    rules: RuleBook,
    user_id: int,
    changes: Mapping[str, str],
    *,
    to: str = "",
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> Edited:
    """Change an account; with another role, branch or unit, say what becomes of the open work.

    `to` is a colleague, TRAY, or KEEP where the new role may go on with all of it. Raises Invalid
    without an answer while something is open, and Stale as `edit_account` does by `seen`.
    """
    known = session.get(User, user_id)
    left_id = known.team_id if known is not None else None
    user, changed = edit_account(session, rules, user_id, changes, by=by, at=at, seen=seen)
    if "team" in changed:
        tell_of_empty_unit(session, rules, left_id, at=at)
    if not changed & PLACING:
        return Edited(user, changed)
    if to.strip() == KEEP or to.strip().lower() == user.email:
        _require_may_go_on(session, user)
        return Edited(user, changed)
    count, name = hand_over_work(session, rules, user, to=to, by=by, at=at, why=_MOVED)
    return Edited(user, changed, count, name)


def _require_may_go_on(session: Session, user: User) -> None:
    """Raise Invalid unless they see every complaint with their work, and hold what it needs."""
    work, held = work_of(session, user.id), PERMISSIONS[Role(user.role)]
    seen = select(func.count()).where(Complaint.id.in_(work), in_scope(user.actor))
    may_all = all(_NEEDED[kind] in held for kind in together(work.values()))
    may_all &= Permission.NOTE in held or not open_actions(session, user.id)
    if not may_all or session.scalar(seen) != len(work):
        raise Invalid(
            N_(
                "With this role, branch and unit %(name)s cannot go on with all of the open work. "
                "Choose who takes it over, or let it wait to be given out."
            ),
            field="to",
            name=user.name,
        )


def hand_over_work(
    session: Session,
    rules: RuleBook,
    user: User,
    *,
    to: str,
    by: Actor,
    at: datetime,
    why: Mapping[str, str] = _CLOSED,
) -> tuple[int, str]:
    """Give all that this person has open to somebody; on how many complaints, and to whom.

    The name is empty where it waits to be given out. Requests for an approval are asked of whoever
    may decide them, and escalations go to who may acknowledge them: that counts for nobody else.
    Corrective actions go along; where nobody is named, to whoever raised them.
    """
    require(by, Permission.ADMINISTER)
    work = work_of(session, user.id)
    actions = open_actions(session, user.id)
    if not work and not actions:
        return 0, ""
    if not work and not to.strip():
        raise Invalid(
            N_(
                "%(name)s still has corrective actions to carry out. Choose who takes them over, "
                "or let them go to whoever raised them."
            ),
            field="to",
            name=user.name,
        )
    if not to.strip():
        raise Invalid(
            counted(
                len(work),
                N_(
                    "%(name)s still has open work on one complaint. Choose who takes it over, or "
                    "let it wait to be given out."
                ),
                N_(
                    "%(name)s still has open work on %(count)d complaints. Choose who takes it "
                    "over, or let it wait to be given out."
                ),
            ),
            field="to",
            name=user.name,
            count=len(work),
        )
    staff = Staff.read(session, at)
    person = None if to.strip() == TRAY else _taker(session, staff, to)
    reason = why[rules.organisation.language] % user.name
    handing = Handing(staff, {user.id: user.name}, person, reason)
    waiting: dict[int, list[str]] = {}
    given = 0
    query = WITH_CUSTOMER.where(Complaint.id.in_(work)).order_by(Complaint.id)
    query = query.with_for_update(of=(Complaint,)).execution_options(populate_existing=True)
    for complaint in session.scalars(query).all():
        case = Case(session, rules, complaint, by, max(at, complaint.received_at))
        if not handing.hand_over(case).is_given:
            continue
        given += 1
        hearers = [person] if person is not None else in_charge(staff, assignment_of(case))
        for each in hearers:
            waiting.setdefault(each.id, []).append(case.number)
    if actions:
        hand_on_actions(session, rules, user, person, staff, reason, by=by, at=at)
    kind = "work_to_give_out" if person is None else "work_handed_over"
    _tell(session, handing, kind, waiting, {"from": user.name, "by": by.name}, at)
    return given, person.name if person is not None else ""


def give_orphaned_work(case: Case, *, to: str) -> str:
    """Give what lies on this complaint with nobody who can be reached to a colleague.

    Returns their name, or "" where all of it went to others, who may do what they may not. Refused
    when somebody was quicker, so that nothing is left to give.
    """
    require(case.by, Permission.LEAD)
    staff = Staff.read(case.session, case.at)
    gone = {each.id: each.name for each in staff.by_id.values() if not each.is_active}
    reason = _UNREACHABLE[case.rules.organisation.language]
    person = _taker(case.session, staff, to)
    done = Handing(staff, gone, person, reason, takes_nobodys=True).hand_over(case)
    if not done.is_changed:
        raise Refused(
            N_(
                "Nothing was changed: somebody has taken this work by now, or nobody may decide on "
                "what waits here."
            )
        )
    if done.is_given:
        tell_people(case, [person.id], "assigned", facts={"reason": reason})
    return person.name if done.is_given else ""


def _taker(session: Session, staff: Staff, email: str) -> Person:
    found = active_user(session, email)
    person = staff.by_id.get(found.id) if found is not None else None
    acts = {Permission.HANDLE, Permission.ACKNOWLEDGE}
    if person is None or not acts & PERMISSIONS[Role(person.role)]:
        raise Invalid(
            N_("There is no user with this email address who handles complaints."), field="to"
        )
    return person


def _tell(
    session: Session,
    handing: Handing,
    kind: str,
    numbers_of: Mapping[int, Sequence[str]],
    facts: Mapping[str, Any],
    at: datetime,
) -> None:
    """One notice and one letter to each person, however many complaints they are about."""
    told = []
    for person_id, numbers in numbers_of.items():
        known = {**facts, "number": numbers[0], "count": len(numbers), "zone": "UTC"}
        key = f"{kind}:{min(handing.gone)}:{person_id}:{int(at.timestamp())}"
        told.append((key, handing.staff.by_id[person_id], known))
    notify(session, kind, told, complaint_id=None, at=at)
