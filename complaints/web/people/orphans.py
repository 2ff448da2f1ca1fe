"""Work that lies with nobody who can be reached, and giving it to somebody."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import Invalid, Refused
from complaints.domain.permissions import Permission, Role
from complaints.extensions import db
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.people.accounts import active_people
from complaints.queries.people.open_work import Orphan, WorkKind, count_orphans, list_orphans
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.casework.approve import ask_anew
from complaints.steps.casework.hand_over import give_orphaned_work
from complaints.steps.casework.pause import open_now
from complaints.web.frame.choices import told_apart
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded
from complaints.web.people.work_words import takers, work_lines

blueprint = Blueprint("orphans", __name__, url_prefix="/orphans")

#: What a colleague can take over; a unit is answered for on the complaint itself.
_GIVEN = {WorkKind.COMPLAINT, WorkKind.COMMITMENT, WorkKind.ESCALATION}


@dataclass(frozen=True, slots=True)
class OrphanLine:
    """One complaint with what lies on it, in words; `is_given` where somebody can take it over.

    `is_asked` where an approval can be asked of somebody else; `units` are those without people.
    """

    number: str
    subject: str
    work: list[tuple[str, int]]
    people: str
    is_given: bool
    is_asked: bool
    units: str


@blueprint.get("")
@guarded(Permission.LEAD)
def orphans() -> str:
    """Everything within sight that nobody can be reached for."""
    return _page()


@blueprint.post("/<number>")
@guarded(Permission.LEAD)
def give(number: str) -> Response | tuple[str, int]:
    """Give what lies on one complaint to a colleague, or have its approval asked for anew."""
    if request.form.get("do") == "ask":
        return _ask(number)
    to = request.form.get("to", "").strip()[:254]
    try:
        case = open_now(db.session, number, by=actor(), at=clock.now())
        given = give_orphaned_work(case, to=to)
    except Invalid as error:
        db.session.rollback()
        return _page(number, to, say(error)), 422
    db.session.commit()
    said = (
        gettext("%(name)s has taken over the work on %(number)s.", name=given, number=case.number)
        if given
        else gettext("The work on %(number)s has gone to who may do it.", number=case.number)
    )
    flash(said, "done")
    return redirect("/orphans")


def _ask(number: str) -> Response | tuple[str, int]:
    """Ask whoever may decide on the offer that waits for somebody who has left."""
    try:
        case = open_now(db.session, number, by=actor(), at=clock.now())
        asked = ask_anew(case)
    except Refused as error:
        if error.status != 409:
            raise
        db.session.rollback()
        return _page(number, error=say(error), field="approval"), error.status
    db.session.commit()
    flash(gettext("%(name)s has been asked to decide.", name=asked), "done")
    return redirect("/orphans")


def _page(number: str = "", to: str = "", error: str = "", field: str = "to") -> str:
    rules = current_rules(db.session)
    rows = list_orphans(db.session, actor())
    return render_template(
        "people/orphans.html",
        lines=[_line(rules, each) for each in rows],
        total=count_orphans(db.session, actor()),
        takers=takers() if rows else [],
        most_choices=MOST_CHOICES,
        wrong={"number": number, "to": to, "error": error, "field": field},
        administrators=told_apart(rules, active_people(db.session, (Role.ADMIN,))),
        is_admin=actor().has(Permission.ADMINISTER),
        may_handle=actor().has(Permission.HANDLE),
    )


def _line(rules: RuleBook, orphan: Orphan) -> OrphanLine:
    category = rules.taxonomy.categories.get(orphan.category or "")
    subject = f"{orphan.customer} · {label(category)}" if category else orphan.customer
    return OrphanLine(
        number=rules.numbers.write(orphan.year, orphan.complaint_id),
        subject=subject,
        work=work_lines(orphan.kinds),
        people=", ".join(orphan.people),
        is_given=bool(_GIVEN & set(orphan.kinds)),
        is_asked=WorkKind.REQUEST in orphan.kinds,
        units=", ".join(label(rules.teams[each]) for each in orphan.units),
    )
