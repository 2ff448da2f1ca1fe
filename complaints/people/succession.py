"""Who takes the place of somebody who leaves: as line manager, as a unit's lead, as a deputy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor, Role, may_stand_in, sees_to_complaints
from complaints.models import Absence, User
from complaints.people.account_edits import edit_account, stands_above
from complaints.people.account_upkeep import find_account
from complaints.people.accounts import require_line_manager
from complaints.people.colleagues import active_user
from complaints.people.unit_leads import put_lead
from complaints.queries.people.lines import Named, lines_of
from complaints.rulebook import RuleBook

#: The answer that nobody does: the branch's own line, the unit's members, whoever stands above.
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Successors:
    """An e-mail address, NOBODY, or "" where nothing was said, for each of the three places."""

    superior: str = ""
    lead: str = ""
    deputy: str = ""


def hand_on_lines(
    session: Session,
    rules: RuleBook,
    user_id: int,
    successors: Successors,
    *,
    by: Actor,
    at: datetime,
) -> dict[str, Any]:
    """Give whoever answers to a person, the units they lead and the absences they cover to others.

    A new line manager who answered to that person answers to whoever stands above them. Call it
    before the account is closed. Returns what its history keeps of it. Raises Invalid at
    the field of the first place that nothing was said of, or whose successor cannot take it.
    """
    take_turns(session, "accounts")
    user = find_account(session, user_id, by)
    lines = lines_of(session, user.id, at)
    superior = _successor(
        session,
        user,
        successors.superior,
        "superior",
        lines.subordinates,
        N_("%(names)s answer to %(name)s. Choose their new line manager, or that they have none."),
    )
    if superior is not None:
        require_line_manager(superior, "superior")
    lead = _successor(
        session,
        user,
        successors.lead,
        "lead",
        lines.units,
        N_("%(name)s leads %(names)s. Choose who leads from now on, or that nobody does."),
    )
    deputy = _successor(
        session,
        user,
        successors.deputy,
        "deputy",
        lines.absences,
        N_("%(name)s is the deputy of %(names)s. Choose another deputy, or that there is none."),
    )
    if superior is not None and stands_above(session, user.id, superior.id):
        changes = {"supervisor": _above(session, user)}
        edit_account(session, rules, superior.id, changes, by=by, at=at)
    for each in lines.subordinates:
        if superior is None or each.id != superior.id:
            changes = {"supervisor": superior.email if superior is not None else ""}
            edit_account(session, rules, each.id, changes, by=by, at=at)
    for each in lines.units:
        put_lead(session, each.id, lead, by=by, at=at)
    for each in lines.absences:
        _stand_in(session, session.get_one(Absence, each.id), deputy)
    session.flush()
    return {
        field: {"of": [each.name for each in hanging], "to": taker.email if taker else ""}
        for field, hanging, taker in (
            ("superior", lines.subordinates, superior),
            ("lead", lines.units, lead),
            ("deputy", lines.absences, deputy),
        )
        if hanging
    }


def _successor(
    session: Session,
    leaving: User,
    said: str,
    field: str,
    hanging: Sequence[Named],
    question: str,
) -> User | None:
    """Who was named; None for nobody, and where nothing hangs on the place."""
    said = said.strip()
    if not hanging or said == NOBODY:
        return None
    if not said:
        names = ", ".join(dict.fromkeys(each.name for each in hanging))
        raise Invalid(question, field=field, name=leaving.name, names=names)
    found = active_user(session, said)
    if found is None or found.id == leaving.id or not sees_to_complaints(Role(found.role)):
        raise Invalid(
            N_("There is no other user with this email address who handles complaints."),
            field=field,
        )
    return found


def _above(session: Session, user: User) -> str:
    """The address of a person's line manager; "" where there is none with an active account."""
    superior = session.get(User, user.supervisor_id) if user.supervisor_id else None
    return superior.email if superior is not None and superior.is_active else ""


def _stand_in(session: Session, absence: Absence, deputy: User | None) -> None:
    absent = session.get_one(User, absence.user_id)
    if deputy is not None and not (
        deputy.id != absent.id and may_stand_in(deputy.actor, absent.actor)
    ):
        raise Invalid(
            N_("%(deputy)s cannot be the deputy of %(name)s. Choose someone else."),
            field="deputy",
            deputy=deputy.name,
            name=absent.name,
        )
    absence.deputy_id = deputy.id if deputy is not None else None
