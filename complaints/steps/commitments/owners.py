"""Whose a commitment is: a unit, a colleague or the customer, by the words that name them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from complaints.domain.commitments.rules import CUSTOMER, OwnerKind
from complaints.domain.lifecycle import PERMISSION_FOR, Action
from complaints.domain.permissions import PERMISSIONS
from complaints.domain.taxonomy import HANDLER
from complaints.models import User
from complaints.steps.case import Case

#: Whose role lets them note that it was done.
_MAY_TICK = [
    role.value
    for role, held in PERMISSIONS.items()
    if PERMISSION_FOR[Action.KEEP_COMMITMENT] in held
]

#: How the customer is named as an owner, in either language.
_THE_CUSTOMER = ("pelanggan", CUSTOMER)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has to do it; `name` is a person's, a unit's code, HANDLER, or the words as written."""

    kind: OwnerKind
    name: str
    user_id: int | None = None
    team_id: int | None = None


def find_owners(case: Case, written: Sequence[str]) -> list[Owner]:
    """The owner behind each of these words, in their order, with one query at most.

    Nobody named is whoever handles the complaint. Words that name nobody here, or somebody whose
    role could not tick it, stay as written, and whoever undertakes it in their name answers for it:
    a commitment without an owner is none.
    """
    units = {
        name.casefold(): team
        for team in case.rules.teams.values()
        for name in (team.code, team.label_id, team.label_en)
    }
    names = {each.strip().casefold() for each in written} - {"", HANDLER, *units, *_THE_CUSTOMER}
    answering = _answering(case)
    people = _people(case, names, answering)
    found = []
    for each in written:
        name = each.strip()
        known = units.get(name.casefold())
        person = people.get(name.casefold())
        if known is not None:
            found.append(Owner(OwnerKind.UNIT, known.code, team_id=known.id))
        elif name.casefold() in _THE_CUSTOMER:
            found.append(Owner(OwnerKind.CUSTOMER, CUSTOMER))
        elif person is not None:
            found.append(Owner(OwnerKind.PERSON, person.name, person.id))
        else:
            found.append(Owner(OwnerKind.PERSON, name or HANDLER, answering))
    return found


def _answering(case: Case) -> int | None:
    """Who answers for what nobody is named for."""
    return case.complaint.handler_id or case.by.id or case.complaint.received_by_id


def _people(case: Case, names: set[str], answering: int | None) -> dict[str, User]:
    """Name or address in small letters → the colleague; of namesakes the one at this branch."""
    if not names:
        return {}
    query = select(User).where(
        User.is_active.is_(True),
        User.role.in_(_MAY_TICK),
        or_(User.branch_id == case.complaint.branch_id, User.branch_id.is_(None)),
        or_(func.lower(User.name).in_(names), func.lower(User.email).in_(names)),
    )
    here = case.complaint.branch_id
    found: dict[str, User] = {}
    # Whoever answers comes last and so goes first, before the people of the branch.
    for user in sorted(
        case.session.scalars(query), key=lambda each: (each.id == answering, each.branch_id == here)
    ):
        found[user.name.casefold()] = found[user.email.casefold()] = user
    return found
