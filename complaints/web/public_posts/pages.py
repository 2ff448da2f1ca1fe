"""The list of public posts with the figures by channel."""

from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from complaints import clock
from complaints.domain.permissions import Permission
from complaints.domain.public_posts.acts import PostState
from complaints.extensions import db
from complaints.queries.due_status import DueStatus, due_status_of
from complaints.queries.public_posts.figures import post_figures
from complaints.queries.public_posts.lists import PostLine, PostsAsked, list_posts
from complaints.queries.reports.period import Period, next_month
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.choices import branch_choices
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.list_params import read_day
from complaints.web.public_posts.words import STATES

blueprint = Blueprint("public_posts", __name__, url_prefix="/posts")

PAGE = 25
_FLAGS = {"yes": True, "no": False}


@blueprint.get("")
@guarded(Permission.VIEW)
def posts() -> str:
    """What waits for a reply, the longest overdue first; what ended is a filter away."""
    rules, now = current_rules(db.session), clock.now()
    given = {
        name: request.args.get(name, "").strip()[:40]
        for name in ("state", "channel", "branch", "late", "complaint")
    }
    days = {"from": read_day(request.args, "from"), "to": read_day(request.args, "to")}
    period = _period(rules, days["from"], days["to"])
    asked = PostsAsked(
        state=given["state"] if given["state"] in STATES else PostState.OPEN.value,
        channel=given["channel"] or None,
        branch_id=rules.branch_by_code(given["branch"]).id if given["branch"] else None,
        is_late=_FLAGS.get(given["late"]),
        is_complaint=_FLAGS.get(given["complaint"]),
        period=period if any(days.values()) else None,
    )
    after = request.args.get("after", "")[:40]
    page = list_posts(db.session, rules, actor(), asked, at=now, limit=PAGE, after=after)
    kept = {name: value for name, value in given.items() if value}
    kept |= {name: day.isoformat() for name, day in days.items() if day is not None}
    channels = rules.taxonomy.channels.values()
    return render_template(
        "public_posts/list.html",
        lines=page.items,
        due={each.id: _due(rules, each) for each in page.items},
        figures=post_figures(db.session, actor(), period, now),
        rules=rules,
        asked=asked,
        states=STATES,
        channels=[(each.id, label(each)) for each in channels if each.reply_hours],
        branches=branch_choices(rules) if actor().branch_id is None else [],
        kept=kept,
        from_on=period.from_on,
        to_on=period.to_on,
        newer=f"/posts?{urlencode(kept)}" if after else None,
        older=f"/posts?{urlencode({**kept, 'after': page.more})}" if page.more else None,
    )


def _due(rules: RuleBook, line: PostLine) -> DueStatus | None:
    """How an open post stands, as the list of complaints says it; None for one that ended."""
    if line.state != PostState.OPEN:
        return None
    calendar = rules.calendar_of(line.branch_id).value
    return due_status_of(calendar, line.posted_at, line.due_at, None, clock.now())


def _period(rules: RuleBook, from_on: date | None, to_on: date | None) -> Period:
    today = clock.now().astimezone(rules.home_zone).date()
    first = from_on or (to_on or today).replace(day=1)
    last = to_on or next_month(first.replace(day=1)) - timedelta(days=1)
    return Period.of(first, last, rules)
