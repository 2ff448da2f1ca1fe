"""The tree of causes: the ten groups, their causes, complaints of a period, and what is done."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from complaints import clock
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.improvement.tree import cause_tree
from complaints.rulebook import current_rules
from complaints.web.frame.filters import scope_words
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.list_params import read_day
from complaints.web.improvement.words import STATES

blueprint = Blueprint("causes", __name__)


@blueprint.get("/reports/causes")
@guarded(Permission.REPORTS)
def causes() -> str:
    """What complaints of the period come from, why, and what is done against it."""
    rules, now = current_rules(db.session), clock.now()
    today = now.astimezone(rules.home_zone).date()
    to_on = read_day(request.args, "to") or today
    from_on = read_day(request.args, "from") or _three_months(to_on)
    with db.reports() as session:
        tree = cause_tree(session, actor(), rules, from_on, to_on, now=now)
    days = {"status": "all", "from": from_on.isoformat(), "to": to_on.isoformat()}

    def behind(figure: str, code: str) -> str:
        return "/complaints?" + urlencode({"figure": figure, "cause": code, **days})

    return render_template(
        "improvement/causes.html",
        tree=tree,
        from_on=from_on,
        to_on=to_on,
        now=now,
        scope=scope_words(actor()),
        behind=behind,
        states=STATES,
        may_raise=actor().has(Permission.IMPROVE),
    )


def _three_months(last: date) -> date:
    """The first of the month two months before."""
    month = last.year * 12 + last.month - 3
    return min(last, date(max(1900, month // 12), month % 12 + 1, 1))
