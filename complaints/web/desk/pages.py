"""The desk, where each person sees what to do now, and the list of all complaints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import N_
from complaints.domain.permissions import Actor, Permission, Role
from complaints.extensions import db
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.customer_page.view import awaited_of
from complaints.queries.lists.board import read_board
from complaints.queries.lists.commitments import own_commitments
from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.first_complaint import is_any_complaint
from complaints.queries.lists.held import read_held
from complaints.queries.lists.notifications import list_notices, waiting_for_team
from complaints.queries.lists.own_queue import own_work
from complaints.queries.lists.worklist import find_number, list_complaints, list_untaken
from complaints.queries.people.accounts import handlers_to_choose, named
from complaints.queries.reports.drilldown import count_behind, list_behind
from complaints.rulebook import RuleBook, current_rules
from complaints.web.complaint.forms.open_form import new_key
from complaints.web.desk.drafts import drafts_on_desk
from complaints.web.desk.list_rows import DisplayRow, lines
from complaints.web.desk.notifications import notice_lines
from complaints.web.frame.choices import choice, person_given, told_apart
from complaints.web.frame.filters import choose, label, options_of, scope_words
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.layout import up_to_99
from complaints.web.frame.list_params import read_filters
from complaints.web.frame.translations import lang, translated
from complaints.web.frame.words import PRIORITIES, STATUSES

blueprint = Blueprint("desk", __name__)

#: What a person can have in sight at once.
ON_DESK = 50
#: Complaints that nobody has, on the desk of those who take them.
OF_UNTAKEN = 5
#: Escalations that are looked at for the five of them on the desk.
OF_BOARD = 12
PAGE = 50
#: The filter that names somebody.
HANDLER = "handler"

#: The views everybody uses, as a row of links: words → filters.
VIEWS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (N_("All open"), {}),
    (N_("Late"), {"overdue": "1"}),
    (N_("Assigned to me"), {"handler": "me"}),
    (N_("Unassigned"), {"handler": "none"}),
    (N_("Finished"), {"status": "ended"}),
)


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """Complaints on the desk that belong together by when they fall due: late, today or next."""

    key: str
    name: str
    lines: list[DisplayRow]


@blueprint.get("/")
@guarded(Permission.VIEW)
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
    )


@blueprint.get("/complaints")
@guarded(Permission.VIEW)
def complaints() -> Response | str:
    """The list of complaints; a number typed into the search box opens its complaint at once."""
    me, session = actor(), db.session
    typed = request.args.get("q", "").strip()
    if typed and request.args.get("cursor") is None:
        number = find_number(session, me, typed)
        if number is not None:
            return redirect(f"/complaints/{number}")
    if request.args.get(f"{HANDLER}.email"):
        # Beside a list too long to show; the addresses of this page know one handler only.
        asked = {name: value for name, value in _asked().items() if name != f"{HANDLER}.email"}
        return redirect(_address({**asked, HANDLER: person_given(request.args, HANDLER)}))
    rules = current_rules(db.session)
    filters = read_filters(request.args, is_search=bool(typed))
    handlers = told_apart(rules, handlers_to_choose(session, me))
    now, cursor = clock.now(), request.args.get("cursor") or None
    behind = None
    if filters.figure:
        page = list_behind(session, me, filters, rules, now=now, limit=PAGE, cursor=cursor)
        behind = count_behind(session, me, filters, rules, now=now)
    else:
        page = list_complaints(
            session, me, filters, now=now, limit=PAGE, cursor=cursor, rules=rules
        )
    return render_template(
        "desk/list.html",
        lines=lines(page.items, rules),
        is_near=page.is_near,
        filters=filters,
        views=[(translated(words), _address(view), _is_view(view)) for words, view in VIEWS],
        choices=_choices(rules, handlers, filters),
        too_many_handlers=handlers if len(handlers) > MOST_CHOICES else [],
        newer=_address({**_asked(), "cursor": page.previous}) if page.previous else None,
        older=_address({**_asked(), "cursor": page.next}) if page.next else None,
        shows_branch=me.branch_id is None or me.role is Role.OFFICER,
        behind=behind,
        scope=scope_words(me),
        line=_line_words(filters, rules),
        has_filters=bool(set(_asked()) - {"q"}),
        is_narrowed=bool(set(_asked()) - {"q"}) and _asked() not in [view for _, view in VIEWS],
    )


def _line_words(filters: ListFilters, rules: RuleBook) -> str:
    """Whose line of the report the figure stands in, in words; a person is called by name."""
    key = filters.line or ""
    if key.isdecimal():
        return gettext("Level %(level)s", level=key)
    if key in rules.teams_by_code:
        return label(rules.teams_by_code[key])
    words = {"customer": gettext("Customer"), "none": gettext("None yet")}
    people = dict(told_apart(rules, named(db.session, [key]))) if "@" in key else {}
    return words.get(key) or people.get(key, key)


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


def _choices(
    rules: RuleBook, handlers: Sequence[tuple[str, str]], filters: ListFilters
) -> dict[str, Markup]:
    """The options of each filter, what is asked for being chosen.

    Of too many handlers only the one that is chosen: the others are typed.
    """
    people = [("me", gettext("Me")), ("none", gettext("Unassigned"))]
    chosen_one = filters.handler or ""
    if len(handlers) <= MOST_CHOICES:
        people += handlers
    elif chosen_one and chosen_one not in dict(people):
        people.append((chosen_one, dict(handlers).get(chosen_one, chosen_one)))
    options = {**_fixed_options(rules, lang()), "handler": _kept_options(tuple(people))}
    chosen = {name: getattr(filters, name) or "" for name in options}
    chosen["status"] = filters.status or "all"
    return {name: choose(text, chosen[name]) for name, text in options.items()}


#: The same people stand in the lists of all who see alike.
_kept_options = lru_cache(maxsize=64)(options_of)

_options: dict[tuple[int, str], dict[str, Markup]] = {}


def _fixed_options(rules: RuleBook, language: str) -> dict[str, Markup]:
    """The options that only the rules and the language decide; kept, as every list shows them."""
    key = (rules.latest_id, language)
    kept = _options.get(key)
    if kept is None:
        if len(_options) > 8:
            _options.clear()
        kept = _options[key] = {
            "status": options_of(
                [
                    ("open", gettext("All open")),
                    *((code, gettext(words)) for code, (words, _) in STATUSES.items()),
                    ("ended", gettext("All finished")),
                    ("all", gettext("All")),
                ]
            ),
            "team": options_of((team.code, choice(team)) for team in rules.teams.values()),
            "branch": options_of((each.code, each.name) for each in rules.branches.values()),
            "priority": options_of(
                (code, f"{code} {gettext(words)}") for code, (words, _) in PRIORITIES.items()
            ),
            "category": Markup("").join(
                Markup('<optgroup label="{}">{}</optgroup>').format(
                    group.label(language),
                    options_of((each.id, choice(each)) for each in group.categories),
                )
                for group in rules.taxonomy.groups.values()
            ),
            "channel": options_of(
                (each.id, choice(each)) for each in rules.taxonomy.channels.values()
            ),
        }
    return kept


def _asked() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if value and name != "cursor"}


def _address(wanted: Mapping[str, str | None]) -> str:
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"/complaints?{query}" if query else "/complaints"


def _is_view(view: Mapping[str, str]) -> bool:
    asked: dict[str, str] = g.setdefault("asked", _asked())
    return asked == dict(view)
