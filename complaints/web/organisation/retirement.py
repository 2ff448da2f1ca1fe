"""Retiring a branch: what becomes of what hangs on it is asked, and then done all at once.

What goes on there goes on to its end, with the people of the branch; the links of its customers
work as before. People can be moved only once nothing goes on: nobody else would see it.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.rules.branch_use import BranchUse, branch_use
from complaints.queries.rules.code_usage import MOST
from complaints.rulebook import BranchRule, RuleBook, current_rules
from complaints.rules.in_force import bodies_in_force
from complaints.rules.parts import file_in_force
from complaints.rules.retire_branch import retire_branch
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
        retire_branch(db.session, rules, branch, given, edited(form), by=actor(), at=clock.now())
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
