"""The desk, where each person sees what to do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask_babel import gettext
from flask_login import current_user

from complaints import clock
from complaints.domain.permissions import Actor, Permission, Role
from complaints.extensions import db
from complaints.queries.customer_page.view import awaited_of
from complaints.queries.improvement.lists import own_actions
from complaints.queries.lists.board import read_board
from complaints.queries.lists.commitments import own_commitments
from complaints.queries.lists.first_complaint import is_any_complaint
from complaints.queries.lists.held import read_held
from complaints.queries.lists.notifications import list_notices, waiting_for_team
from complaints.queries.lists.own_queue import own_work
from complaints.queries.lists.worklist import list_complaints, list_untaken
from complaints.rulebook import RuleBook, current_rules
from complaints.web.complaint.forms.open_form import new_key
from complaints.web.desk.drafts import drafts_on_desk
from complaints.web.desk.list_rows import DisplayRow, lines
from complaints.web.desk.management import is_for_management, overview_shown
from complaints.web.desk.notifications import notice_lines
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded, planned_once
from complaints.web.frame.layout import up_to_99

blueprint = Blueprint("desk", __name__)

#: What a person can have in sight at once.
ON_DESK = 50
#: Complaints that nobody has, on the desk of those who take them.
OF_UNTAKEN = 5
#: Escalations that are looked at for the five of them on the desk.
OF_BOARD = 12


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """Complaints on the desk that belong together by when they fall due: late, today or next."""

    key: str
    name: str
    lines: list[DisplayRow]


@blueprint.get("/")
@guarded(Permission.VIEW)
@planned_once()
def desk() -> str:
    """What this person has to do now, the most urgent first."""
    me, now, session = actor(), clock.now(), db.session
    rules = current_rules(db.session)
    filters = own_work(me, rules)
    page = None
    if filters is not None:
        page = list_complaints(session, me, filters, now=now, limit=ON_DESK, rules=rules)
    own = lines(page.items, rules) if page else []
    first = _first(own)
    groups = _groups([each for each in own if each is not first], rules, now)
    waiting = waiting_for_team(session, me.team_id) if me.team_id is not None else ()
    board = None
    if me.role is Role.SUPERVISOR:
        board = read_board(session, rules, me, now=now, most=OF_BOARD, own_only=True)
    escalated = board.own_escalations if board else ()
    untaken = _untaken(me, rules, now)
    return render_template(
        "desk/desk.html",
        me=me,
        is_handling=filters is not None,
        is_team=filters is not None and filters.team is not None,
        team=filters.team if filters else None,
        lead=_summary(_groups(own, rules, now), filters is not None, bool(escalated)),
        escalated=escalated,
        deciding=[*board.own_approvals, *board.own_signatures] if board else (),
        held=read_held(session, rules, me, now=now, own_only=True)
        if me.has(Permission.ACKNOWLEDGE)
        else (),
        commitments=own_commitments(session, me, now=now) if me.has(Permission.HANDLE) else (),
        actions=own_actions(session, rules, me) if me.has(Permission.NOTE) else (),
        now=now,
        key=new_key,
        groups=groups,
        first=first,
        awaited=_awaited(first, rules) if first and first.row.waiting_customer else "",
        has_more=bool(page and page.next),
        waiting=waiting,
        untaken=untaken,
        is_new_here=not (own or untaken or escalated) and not is_any_complaint(session),
        **drafts_on_desk(me, rules, now),
        notices=notice_lines(list_notices(session, me, limit=5, unread_only=True).items, rules),
        rules=rules,
        **(overview_shown(me, rules, now) if is_for_management(me) else {"home": None}),
    )


def _untaken(me: Actor, rules: RuleBook, now: datetime) -> list[DisplayRow]:
    """What came in and lies with nobody, most urgent first, for those who take complaints."""
    if not me.has(Permission.INTAKE):
        return []
    return lines(list_untaken(db.session, me, now=now, limit=OF_UNTAKEN, rules=rules), rules)


def _first(own: Sequence[DisplayRow]) -> DisplayRow | None:
    """What to go on with: the most urgent that waits for us, else one that waits for a customer."""
    ours = (each for each in own if not each.row.waiting_customer or each.due_state == "late")
    return next(ours, own[0] if own else None)


def _awaited(line: DisplayRow, rules: RuleBook) -> str:
    """What a paused complaint is waiting for."""
    code, words = awaited_of(db.session, line.row.id)
    awaited = rules.exits.awaited.get(code or "")
    return label(awaited) if awaited else words


def _groups(own: list[DisplayRow], rules: RuleBook, now: datetime) -> list[WorkGroup]:
    """Late, due today (on the branch's own date), and the rest."""
    late, today, later = [], [], []
    branches = {line.row.branch_id for line in own}
    zones = {each: rules.calendar_of(each).value.tz for each in branches}
    dates = {zone: now.astimezone(zone).date() for zone in set(zones.values())}
    for line in own:
        row = line.row
        zone = zones[row.branch_id]
        if line.due_state == "late":
            late.append(line)
        elif (
            row.next_due_at is not None
            and line.due_state != "paused"
            and row.next_due_at.astimezone(zone).date() == dates[zone]
        ):
            today.append(line)
        else:
            later.append(line)
    groups = (
        WorkGroup("late", gettext("Late"), late),
        WorkGroup("today", gettext("Due today"), today),
        WorkGroup("next", gettext("Next"), later),
    )
    return [group for group in groups if group.lines]


def _summary(groups: list[WorkGroup], is_handling: bool, is_escalated: bool) -> str:
    """The day in one sentence."""
    if is_escalated and not groups:
        waiting = up_to_99(current_user.counts.escalations)
        return gettext("Escalations awaiting you: %(count)s", count=waiting)
    if not is_handling:
        return gettext("What management should look at first.")
    if not groups:
        return gettext("Nothing is due. A good moment to call a customer back.")
    count = {group.key: len(group.lines) for group in groups}
    return gettext(
        "Late: %(late)s · due today: %(today)s · later: %(next)s",
        late=count.get("late", 0),
        today=count.get("today", 0),
        next=count.get("next", 0),
    )
