"""The organisation in place of the one that `config/` brings: its files, and its first people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.errors import N_, Invalid, NotFound
from complaints.domain.permissions import SYSTEM, Role
from complaints.models import User
from complaints.people.account_upkeep import new_password
from complaints.people.accounts import add_user
from complaints.people.first_start import end_setup, is_anybody_here
from complaints.rulebook import current_rules
from complaints.rules.check import check_rules
from complaints.rules.in_force import bodies_in_force
from complaints.rules.load import NewVersion, Origin, keep_rows_of, store_version
from complaints.rules.placeholders import without_contact

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FirstOrganisation:
    """What is asked at the first start of the organisation."""

    name: str
    address: str
    email: str
    contact_center: str
    social_handle: str
    service_hours: Mapping[str, str]
    language: str
    branch_code: str
    branch_name: str
    branch_address: str
    calendar: str
    policies: Sequence[str]


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """Somebody who works here; the administrator chose a password."""

    name: str
    email: str
    role: str
    password: str = ""


def found_organisation(
    session: Session,
    given: FirstOrganisation,
    people: Sequence[FirstPerson],
    *,
    at: datetime,
) -> tuple[User, Sequence[tuple[str, str, str]]]:
    """Take in the organisation and its people; the administrator, and the others' first passwords.

    `people` begin with the administrator. Nothing is kept where anything cannot be; NotFound where
    somebody has an account meanwhile.
    """
    take_turns(session, "setup")
    if is_anybody_here(session):
        raise NotFound(N_("There are accounts already; there is nothing to set up."))
    bodies = bodies_in_force(session)
    made = _files(bodies, given)
    check_rules({**bodies, **{file: {file: body} for file, body in made.items()}})
    for file, body in made.items():
        new = NewVersion(file, file, body, Origin.ADMIN)
        store_version(session, new, by=people[0].name, at=at)
        keep_rows_of(session, file, body)
    session.flush()
    rules = current_rules(session)
    added: list[User] = []
    passwords = []
    for place, each in enumerate(people):
        password = each.password or new_password()
        try:
            user = add_user(
                session,
                rules,
                email=each.email,
                name=each.name,
                role=each.role,
                branch=None if each.role in (Role.ADMIN, Role.MANAGER) else given.branch_code,
                password=password,
                must_change_password=not each.password,
                by=SYSTEM,
                at=at,
            )
        except Invalid as error:
            raise _of_person(error, place) from error
        added.append(user)
        if not each.password:
            passwords.append((user.name, user.email, password))
    end_setup(session)
    return added[0], passwords


def _of_person(error: Invalid, place: int) -> Invalid:
    if place == 0:
        return Invalid(error.sentence, field=f"admin_{error.field}", **error.params)
    return Invalid(
        N_("Line %(line)s of the users cannot be used: %(why)s"),
        field="people",
        line=place,
        why=error,
    )


def _files(
    bodies: Mapping[str, Mapping[str, Mapping[str, Any]]], given: FirstOrganisation
) -> dict[str, Body]:
    """The files that name the organisation, with everything of the demonstration's replaced."""
    before = bodies["organisation"]["organisation"]
    gone = {"contact_center_id", "contact_center_en", "branch", "policies", "demonstration"}
    organisation: Body = {name: each for name, each in before.items() if name not in gone}
    branch = {
        "id": given.branch_code,
        "label_id": given.branch_name,
        "label_en": given.branch_name,
        "calendar": given.calendar,
        "address": given.branch_address or given.address,
    }
    organisation |= {
        "demonstration": False,
        "name": given.name,
        "address": given.address,
        "email": given.email,
        "contact_center": given.contact_center,
        "social_handle": given.social_handle,
        "service_hours_id": given.service_hours["id"],
        "service_hours_en": given.service_hours["en"],
        "language": given.language,
        "branch": [branch],
        "policies": list(given.policies),
    }
    if "public_form" in organisation:
        form = {**organisation["public_form"], "branch": given.branch_code}
        organisation["public_form"] = form
    mailbox = {"address": given.email, "branch": given.branch_code, "language": given.language}
    mailboxes = {**bodies["mailboxes"]["mailboxes"], "mailbox": [mailbox]}
    made = {"organisation": organisation, "mailboxes": mailboxes}
    if not given.social_handle:
        for file in ("letters", "standard_information", "scripts"):
            made[file] = without_contact(bodies[file][file], "social_handle")
    return made
