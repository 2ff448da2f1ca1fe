"""Retiring a branch: what becomes of what hangs on it is asked, and then done all at once.

What goes on there goes on to its end, with the people of the branch; the links of its customers
work as before. People can be moved only once nothing goes on: nobody else would see it.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import N_, Invalid, NotFound, Refused, Stale
from complaints.domain.permissions import Actor, Permission
from complaints.extensions import db
from complaints.people.account_edits import edit_account
from complaints.queries.rules.branch_use import BranchUse, branch_use
from complaints.queries.rules.code_usage import MOST
from complaints.rulebook import BranchRule, RuleBook, current_rules
from complaints.rules.edit import SOMEBODY_ELSE
from complaints.rules.in_force import bodies_in_force
from complaints.rules.parts import file_in_force, save_file
from complaints.web.frame.errors import say
from complaints.web.frame.guards import actor, guarded
from complaints.web.rules.whatif import edited

blueprint = Blueprint("retirement", __name__, url_prefix="/admin/organisation/branches/retirement")

#: What is asked, by the name of its field.
FIELDS = ("people", "mailboxes", "form")


@blueprint.get("/")
@guarded(Permission.ADMINISTER)
def ask() -> str:
    """What still hangs on the branch, and what is to become of it."""
    rules = current_rules(db.session)
    return _page(rules, _branch(rules, request.args))


@blueprint.post("/")
@guarded(Permission.ADMINISTER)
def retire() -> Response | tuple[str, int]:
    """Retire the branch, all of it or nothing."""
    rules, form = current_rules(db.session), request.form
    branch = _branch(rules, form)
    given = {name: form.get(name, "").strip()[:60] for name in FIELDS}
    try:
        retire_branch(rules, branch, given, edited(form), by=actor(), at=clock.now())
        db.session.commit()
    except Refused as error:
        if error.status not in (409, 422):
            raise
        db.session.rollback()
        rules = current_rules(db.session)
        shown = _page(rules, branch, given, [(error.field or "", say(error))])
        return shown, error.status
    flash(gettext("%(name)s takes nothing new any more.", name=branch.name), "done")
    return redirect("/admin/organisation/branches/", 303)


def retire_branch(
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
    session = db.session
    newest = file_in_force(session, "organisation")
    if newest.id != base_id:
        raise Stale(SOMEBODY_ELSE)
    bodies = bodies_in_force(session)
    use = branch_use(session, branch.id, branch.code, bodies)
    if given["people"] and use.people:
        taker = _other(rules, branch, given["people"], "people")
        if use.goes_on:
            raise Invalid(
                N_(
                    "Nobody else would see what is not finished in this branch: %(count)s. Leave "
                    "its people there until it is."
                ),
                field="people",
                count=use.goes_on,
            )
        for user_id, _ in use.people:
            edit_account(session, rules, user_id, {"branch": taker.code}, by=by, at=at)
    if use.mailboxes:
        taker = _other(rules, branch, given["mailboxes"], "mailboxes")
        _give_mailboxes(branch, taker, by=by, at=at)
    body = deepcopy(dict(newest.body))
    if use.has_public_form:
        body["public_form"]["branch"] = _other(rules, branch, given["form"], "form").code
    for each in body["branch"]:
        if each["id"] == branch.code:
            each["retired"] = True
    save_file(session, "organisation", body, newest.id, by=by, at=at)


def _give_mailboxes(branch: BranchRule, taker: BranchRule, *, by: Actor, at: datetime) -> None:
    newest = file_in_force(db.session, "mailboxes")
    body = deepcopy(dict(newest.body))
    for each in body["mailbox"]:
        if each.get("branch") == branch.code:
            each["branch"] = taker.code
    save_file(db.session, "mailboxes", body, newest.id, by=by, at=at)


def _other(rules: RuleBook, branch: BranchRule, code: str, field: str) -> BranchRule:
    """The branch that takes over; Invalid where none is chosen, or one that takes nothing."""
    found = rules.branches_by_code.get(code)
    if found is None or found.retired or found.id == branch.id:
        raise Invalid(N_("Choose another branch that is in use."), field=field)
    return found


def _branch(rules: RuleBook, given: Mapping[str, str]) -> BranchRule:
    branch = rules.branches_by_code.get(given.get("key", ""))
    if branch is None:
        raise NotFound(N_("There is no such item."))
    return branch


def _page(
    rules: RuleBook,
    branch: BranchRule,
    given: Mapping[str, str] | None = None,
    errors: list[tuple[str, str]] | None = None,
) -> str:
    # Before the body, so that what is saved between the two is asked about.
    base_id = file_in_force(db.session, "organisation").id
    use: BranchUse = branch_use(db.session, branch.id, branch.code, bodies_in_force(db.session))
    others: list[tuple[str, Any]] = [
        (each.code, each.name) for each in rules.branches_in_use if each.id != branch.id
    ]
    return render_template(
        "organisation/retirement.html",
        branch=branch,
        use=use,
        most=MOST,
        others=others,
        given=given or {},
        errors=errors or [],
        wrong=dict(errors or ()),
        base_id=base_id,
    )
