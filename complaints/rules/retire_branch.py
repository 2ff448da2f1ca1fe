"""Retiring a branch: what hangs on it is given to others, and it takes nothing new, all at once.

What goes on there goes on to its end, with the people of the branch. They can be moved only once
nothing goes on: nobody else would see it.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid, Stale
from complaints.domain.permissions import Actor
from complaints.people.account_edits import edit_account
from complaints.queries.rules.branch_use import branch_use
from complaints.rulebook import BranchRule, RuleBook
from complaints.rules.edit import SOMEBODY_ELSE
from complaints.rules.in_force import bodies_in_force
from complaints.rules.parts import file_in_force, save_file


def retire_branch(
    session: Session,
    rules: RuleBook,
    branch: BranchRule,
    given: Mapping[str, str],
    base_id: int,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Give to others what the branch has to give, and mark it; the caller commits.

    Raises Invalid at the field that lacks an answer, or for people who are moved while something
    goes on in the branch, and Stale where somebody saved the organisation meanwhile.
    """
    newest = file_in_force(session, "organisation")
    if newest.id != base_id:
        raise Stale(SOMEBODY_ELSE)
    if branch.retired:
        raise Invalid(N_("This branch is not used any more already."))
    bodies = bodies_in_force(session)
    use = branch_use(session, branch.id, branch.code, bodies)
    if given["people"] and use.people:
        taker = _other(rules, branch, given["people"], "people")
        if use.goes_on:
            raise Invalid(
                N_(
                    "Nobody else would see what is not finished in this branch: %(count)s. Leave "
                    "its users there until it is."
                ),
                field="people",
                count=use.goes_on,
            )
        for user_id, _ in use.people:
            edit_account(session, rules, user_id, {"branch": taker.code}, by=by, at=at)
    if use.mailboxes:
        taker = _other(rules, branch, given["mailboxes"], "mailboxes")
        _give_mailboxes(session, branch, taker, by=by, at=at)
    body = deepcopy(dict(newest.body))
    if use.has_public_form:
        body["public_form"]["branch"] = _other(rules, branch, given["form"], "form").code
    for each in body["branch"]:
        if each["id"] == branch.code:
            each["retired"] = True
    save_file(session, "organisation", body, newest.id, by=by, at=at)


def _give_mailboxes(
    session: Session, branch: BranchRule, taker: BranchRule, *, by: Actor, at: datetime
) -> None:
    newest = file_in_force(session, "mailboxes")
    body = deepcopy(dict(newest.body))
    for each in body["mailbox"]:
        if each.get("branch") == branch.code:
            each["branch"] = taker.code
    save_file(session, "mailboxes", body, newest.id, by=by, at=at)


def _other(rules: RuleBook, branch: BranchRule, code: str, field: str) -> BranchRule:
    """The branch that takes over; Invalid where none is chosen, or one that takes nothing."""
    found = rules.branches_by_code.get(code)
    if found is None or found.retired or found.id == branch.id:
        raise Invalid(N_("Choose another branch that is in use."), field=field)
    return found
