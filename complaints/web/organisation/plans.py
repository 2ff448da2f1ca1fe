"""Changes planned for a date: listed, withdrawn, and put in force by whoever comes first."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.parts import FILES
from complaints.domain.parts.differences import differences
from complaints.domain.permissions import Permission
from complaints.domain.policies.three_way_merge import changed_parts, merge_edits
from complaints.extensions import db
from complaints.rulebook import current_rules, next_plan_at
from complaints.rules.in_force import bodies_in_force
from complaints.rules.planned import Plan, plans, put_in_force, withdraw_plan
from complaints.web.frame.errors import say_kept
from complaints.web.frame.guards import actor, guarded
from complaints.web.organisation.change_words import ChangeLine, change_lines, name_of

blueprint = Blueprint("plans", __name__, url_prefix="/admin/organisation/plans")


@blueprint.get("/")
@guarded(Permission.ADMINISTER)
def planned() -> str:
    """What is planned, and what each plan would change now."""
    rules, bodies = current_rules(db.session), bodies_in_force(db.session)
    found = [(each, _name(each), _lines(each, bodies)) for each in plans(db.session)]
    return render_template(
        "organisation/plans.html", plans=found, tz=rules.home_zone, say_kept=say_kept
    )


@blueprint.post("/withdrawal")
@guarded(Permission.ADMINISTER)
def withdraw() -> Response:
    """Let a planned change not come."""
    kind, code = request.form.get("kind", ""), request.form.get("code", "")
    withdraw_plan(db.session, kind, code, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("The planned change has been withdrawn."), "done")
    return redirect("/admin/organisation/plans/", 303)


def init_app(app: Flask) -> None:
    """Put in force what is due before anything else is done with a request."""
    app.before_request(_put_in_force)


def _put_in_force() -> None:
    # Asks nothing: when the next change is due every process knows with the rules.
    due, now = next_plan_at(db.engine), clock.now()
    if due is not None and due <= now:
        with Session(db.engine) as session, session.begin():
            put_in_force(session, now)


def _name(plan: Plan) -> str:
    """What the rule is called that changes; the lines of a file name their items themselves."""
    return "" if plan.kind in FILES else name_of(plan.body, plan.code)


def _lines(plan: Plan, bodies: Any) -> list[ChangeLine]:
    now = bodies.get(plan.kind, {}).get(plan.code, {})
    then = merge_edits(plan.before, now, plan.body)
    assert isinstance(then, dict)
    if plan.kind in FILES:
        found = differences(plan.kind, now, then)
        return change_lines(found, {**bodies, plan.kind: {plan.kind: then}})
    return [ChangeLine(each, "changed", ()) for each in changed_parts(now, then)]
