"""Changing what an account says of a person: name, address, role, branch, unit, line manager."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.contacts import normalise_email
from complaints.db import take_turns
from complaints.domain.accounts.acts import AccountAct
from complaints.domain.errors import N_, Invalid, Refused, Stale
from complaints.domain.permissions import LINE_MANAGERS, Actor, Role, superiors_of
from complaints.models import AccountEntry, User
from complaints.people.account_history import note_act
from complaints.people.account_upkeep import find_account, refuse_without_administrator
from complaints.people.accounts import check_name, find_superior, free_address, known_role
from complaints.people.staff import top_rung_is_empty
from complaints.queries.people.account_history import edits_since
from complaints.queries.people.accounts import Person, get_person
from complaints.queries.people.lines import line_managers, subordinates_of
from complaints.rulebook import RuleBook

FIELDS = ("name", "email", "role", "branch", "team", "supervisor")
#: So many of those who answer to somebody are named in a sentence.
MOST_NAMED = 5
#: What decides which complaints somebody sees and what they may do with them.
PLACING = frozenset({"role", "branch", "team"})


def edit_account(
    session: Session,
    rules: RuleBook,
    user_id: int,
    changes: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> tuple[User, frozenset[str]]:
    """Change an account; returns it and the names of what is different now.

    `changes` holds some of FIELDS; "" stands for head office, no unit, no line manager. What is as
    it was already is passed over. Nobody changes their own role, and the last administrator and the
    last one on the ladder's top stay.

    `seen` is the entry of the account's history up to which it was known to who fills in a whole
    form: only what they touched is set, and Stale raised where somebody changed it meanwhile.
    """
    take_turns(session, "accounts")
    user = find_account(session, user_id, by)
    session.refresh(user)
    was = said_by(rules, get_person(session, user.id))
    if seen is not None:
        changes = _touched(session, user, was, changes, seen)
    had_top = not top_rung_is_empty(session, rules.ladder)
    address, was_administrator = user.email, user.role == Role.ADMIN
    for field, value in changes.items():
        if value.strip() != was[field]:
            _set(session, rules, user, field, value.strip(), by)
    session.flush()
    now = said_by(rules, get_person(session, user.id))
    changed = {each: [was[each], now[each]] for each in FIELDS if was[each] != now[each]}
    if not changed:
        return user, frozenset()
    if was_administrator:
        refuse_without_administrator(session)
    if had_top and top_rung_is_empty(session, rules.ladder):
        raise Refused(
            N_(
                "Without this user the top step of the escalation ladder is "
                "empty. Add another user first."
            )
        )
    note_act(
        session,
        user,
        AccountAct.EDITED,
        by=by,
        at=at,
        detail={"changes": changed},
        also_to=address if "email" in changed else "",
    )
    return user, frozenset(changed)


def _set(session: Session, rules: RuleBook, user: User, field: str, value: str, by: Actor) -> None:
    match field:
        case "name":
            user.name = check_name(value)
        case "email":
            if normalise_email(value) != user.email:
                user.email = free_address(session, value)
        case "role":
            if user.id == by.id:
                raise Refused(
                    N_("You cannot change your own role. Ask another administrator."), field="role"
                )
            user.role = _role(session, user, value)
        case "branch":
            user.branch_id = rules.branch_in_use(value).id if value else None
        case "team":
            user.team_id = rules.team_by_code(value).id if value else None
        case "supervisor":
            user.supervisor_id = _superior(session, user, value) if value else None


def _role(session: Session, user: User, value: str) -> str:
    """A role there is, and one to which those who answer to the user may answer."""
    role = known_role(value)
    if role not in LINE_MANAGERS and (answering := subordinates_of(session, user.id)):
        raise Invalid(
            N_(
                "%(names)s answer to this user, and only supervisors and managers may be line "
                "managers. Give them another line manager first."
            ),
            field="role",
            names=", ".join(each.name for each in answering[:MOST_NAMED]),
        )
    return role


def _superior(session: Session, user: User, email: str) -> int:
    superior = find_superior(session, email)
    if superior.id == user.id or stands_above(session, user.id, superior.id):
        raise Invalid(
            N_("%(name)s answers to this user, so cannot be their line manager."),
            field="supervisor",
            name=superior.name,
        )
    return superior.id


def stands_above(session: Session, user_id: int, other_id: int) -> bool:
    """Whether a person is the line manager of another, or of whoever stands above that one."""
    return user_id in superiors_of(other_id, line_managers(session))


def said_by(rules: RuleBook, person: Person) -> dict[str, str]:
    """What an account says, by FIELDS, in the words it is given in."""
    return {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "branch": rules.branches[person.branch_id].code if person.branch_id else "",
        "team": rules.teams[person.team_id].code if person.team_id else "",
        "supervisor": person.supervisor_email or "",
    }


def touched_fields(
    said: Mapping[str, str], typed: Mapping[str, str], later: Sequence[AccountEntry]
) -> dict[str, str]:
    """What somebody changed on a form that was opened before the changes `later`, newest first.

    `said` is what the account says now.
    """
    shown = dict(said)
    for entry in later:
        shown |= {field: was for field, (was, _) in entry.detail["changes"].items()}
    return {name: value for name, value in typed.items() if value.strip() != shown[name]}


def _touched(
    session: Session, user: User, said: Mapping[str, str], typed: Mapping[str, str], seen: int
) -> Mapping[str, str]:
    later = edits_since(session, user.id, seen)
    touched = touched_fields(said, typed, later)
    if later and any(value.strip() != said[name] for name, value in touched.items()):
        raise Stale(N_("Someone else has changed this account since you opened the form."))
    return touched
