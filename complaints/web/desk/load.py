"""How much lies with whom, in words: the handlers of a supervisor's branch, and who is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.queries.people.accounts import Named
from complaints.queries.people.load import Load, load_of_handlers
from complaints.rulebook import RuleBook
from complaints.web.frame.choices import told_apart
from complaints.web.frame.filters import label


@dataclass(frozen=True, slots=True)
class LoadLine:
    """One handler: what lies with them, and the working time they have left today."""

    load: Load
    name: str
    unit: str
    tz: ZoneInfo
    #: Seconds of working time until tonight in which they are there.
    seconds_left: int
    is_away: bool


def load_lines(session: Session, rules: RuleBook, me: Actor, now: datetime) -> Sequence[LoadLine]:
    """The handlers whom this person leads, the most late first, then the most due, then by name."""
    zone = rules.own_calendar(me.branch_id).tz
    tonight = _midnight(now, zone)
    found = load_of_handlers(session, me, now=now, tonight=tonight)
    names = dict(told_apart(rules, [Named(e.email, e.name, e.branch_id, e.team_id) for e in found]))
    said = [_line(each, names[each.email], rules, now) for each in found]
    return sorted(said, key=lambda each: (-each.load.late, -each.load.due, each.name.casefold()))


def _line(load: Load, name: str, rules: RuleBook, now: datetime) -> LoadLine:
    team = rules.teams.get(load.team_id or 0)
    calendar = rules.own_calendar(load.branch_id)
    tonight = _midnight(now, calendar.tz)
    left = calendar.between(now, tonight)
    is_away = load.away_from is not None and load.away_from <= now
    if load.away_from is not None and load.away_until is not None:
        gone_from, back = max(load.away_from, now), min(load.away_until, tonight)
        left -= calendar.between(gone_from, back) if back > gone_from else 0
    return LoadLine(load, name, label(team) if team else "", calendar.tz, left, is_away)


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of today as the branch's clock has it."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), zone)
