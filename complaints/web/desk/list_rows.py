"""A complaint's line in a list, in words: made once per row so that templates only print."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup

from complaints.formatting import say_instant_short
from complaints.queries.due_status import DueStatus
from complaints.queries.lists.worklist import ListRow
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import due_left
from complaints.web.frame.translations import lang, translated
from complaints.web.frame.words import DUE_STATES, PRIORITIES, STATUSES

LONGEST_SUMMARY = 100


class DisplayRow(NamedTuple):
    """One line with its words, in the order in which the table unpacks it."""

    number: str
    priority: str
    priority_icon: Markup
    customer: str
    subject: str
    summary: str
    due_state: str
    due_icon: Markup | str
    left: str
    due: str
    due_at: str
    status: str
    status_css: str
    level: int
    handler: str | None
    team: str
    branch: str
    #: By which way it came, as long as nobody has it.
    came: str
    row: ListRow


def lines(rows: Iterable[ListRow], rules: RuleBook) -> list[DisplayRow]:
    """The rows in the language of this page, times in each branch's own zone."""
    language = lang()
    name = "label_en" if language == "en" else "label_id"
    draw: Callable[[str], Markup] = current_app.jinja_env.globals["icon"]  # type: ignore[assignment]
    zones = {code: calendar.value.tz for code, calendar in rules.calendars.items()}
    statuses = {code: translated(words) for code, (words, _) in STATUSES.items()}
    priorities = {
        code: (f"{code} {translated(words)}", draw(icon))
        for code, (words, icon) in PRIORITIES.items()
    }
    states = {code: draw(icon) for code, (_, icon) in DUE_STATES.items()}
    categories = {code: getattr(each, name) for code, each in rules.taxonomy.categories.items()}
    channels = {code: getattr(each, name) for code, each in rules.taxonomy.channels.items()}
    teams = {team_id: getattr(team, name) for team_id, team in rules.teams.items()}
    # What the customer agreed with is the only green on the screen.
    agreed = {code for code, each in rules.taxonomy.outcomes.items() if each.agreed}
    awaiting = gettext("Agreed, awaiting delivery")
    found = []
    for row in rows:
        branch = rules.branches[row.branch_id]
        how, due_at = row.standing, row.next_due_at
        is_paused = how is not None and how.state == "paused"
        if how is not None and is_paused:
            due_at = how.until
        at = say_instant_short(due_at, zones[branch.calendar], language) if due_at else ""
        if at and how is not None and how.years_unknown:
            at = f"{at} ({say_years_unknown(how)})"
        state = "" if how is None else "safe" if how.state == "met" else how.state
        priority, drawing = priorities[row.priority]
        found.append(
            DisplayRow(
                number=row.number,
                priority=priority,
                priority_icon=drawing,
                customer=row.customer,
                subject=categories.get(row.category or "", ""),
                summary=shortened(row.summary),
                due_state=state,
                due_icon=states.get(state, ""),
                left=due_left(how) if how else "",
                due=written(due_at) if due_at else "",
                due_at=gettext("until %(day)s", day=at) if at and is_paused else at,
                status=awaiting if row.awaiting_delivery else statuses[row.status],
                status_css="agreed" if row.outcome in agreed else row.status,
                level=row.escalation_level,
                handler=row.handler,
                team=teams.get(row.team_id, "") if row.team_id is not None else "",
                branch=branch.name,
                came=channels.get(row.channel, "") if row.is_untouched else "",
                row=row,
            )
        )
    return found


def written(at: datetime) -> str:
    """An instant in UTC for programs, as short as it can be: a list has many of them."""
    precision = "seconds" if at.second else "minutes"
    return at.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def shortened(words: str) -> str:
    """The beginning of what the customer said, cut between words."""
    plain = " ".join(words.split())
    if len(plain) <= LONGEST_SUMMARY:
        return plain
    return plain[:LONGEST_SUMMARY].rpartition(" ")[0].rstrip(",.;") + "…"


def say_years_unknown(how: DueStatus) -> str:
    """`libur 2028 belum diketahui`, so that a due time which may be too early says so."""
    years = ", ".join(map(str, how.years_unknown))
    return gettext("no holidays known for %(years)s", years=years)
