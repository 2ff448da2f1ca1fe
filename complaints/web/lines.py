"""A complaint's line in a list, in words: made once per row so that templates only print."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext

from complaints.domain.saying import say_duration_left, say_instant_short
from complaints.queries.standing import Standing
from complaints.queries.worklist import ListRow
from complaints.rulebook import RuleBook
from complaints.web.filters import due_icon, due_word, lang, status_word

LONGEST_SUMMARY = 100

#: Outcomes that the customer agreed with: the only green on the screen.
AGREED = frozenset({"SETUJU", "SETUJU_ALTERNATIF"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its words; `left` is empty when no clock runs."""

    row: ListRow
    subject: str
    summary: str
    status: str
    status_css: str
    due: str
    due_at: str
    left: str
    due_state: str
    due_icon: str
    branch: str
    team: str


def lines(rows: Iterable[ListRow], rules: RuleBook) -> list[Line]:
    """The rows in the language of this page, times in each branch's own zone."""
    language = lang()
    name = "label_en" if language == "en" else "label_id"
    categories = rules.taxonomy.categories
    zones = {code: rules.calendars[code].value.tz for code in rules.calendars}
    said: dict[str, str] = {}
    found = []
    for row in rows:
        branch = rules.branches[row.branch_id]
        team = rules.teams.get(row.team_id) if row.team_id is not None else None
        category = categories.get(row.category or "")
        if row.status not in said:
            said[row.status] = status_word(row.status)
        how = row.standing
        at = ""
        if row.next_due_at is not None:
            at = say_instant_short(row.next_due_at, zones[branch.calendar], language)
        found.append(
            Line(
                row=row,
                subject=getattr(category, name) if category else "",
                summary=shortened(row.summary),
                status=said[row.status],
                status_css="agreed" if row.outcome in AGREED else row.status,
                due=row.next_due_at.isoformat() if row.next_due_at else "",
                due_at=at,
                left=say_standing(how, language) if how else "",
                due_state="safe" if how and how.state == "met" else how.state if how else "",
                due_icon=due_icon("safe" if how.state == "met" else how.state) if how else "",
                branch=branch.code,
                team=getattr(team, name) if team else "",
            )
        )
    return found


def shortened(words: str) -> str:
    """The beginning of what the customer said, cut between words."""
    plain = " ".join(words.split())
    if len(plain) <= LONGEST_SUMMARY:
        return plain
    return plain[:LONGEST_SUMMARY].rpartition(" ")[0].rstrip(",.;") + "…"


def say_standing(how: Standing, language: str) -> str:
    """`3 jam kerja lagi`, `terlambat 2 jam kerja`, that the clock is paused, or was met."""
    if how.state == "paused":
        return due_word("paused").lower()
    if how.state == "met":
        return gettext("On time").lower()
    return say_duration_left(how.seconds, language, is_worktime=how.is_worktime)
