"""The supervisors' board: one card per thing that waits for a decision, and what to look after.

What waits for a decision is the first view; what is late, about to be, with nobody or paused, and
how much lies with whom, are the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import gettext
from flask_login import current_user

from complaints import clock
from complaints.domain.errors import N_
from complaints.domain.permissions import Actor, Permission
from complaints.extensions import db
from complaints.outbox.mail.rule_changes import say_rule_change
from complaints.queries.lists.board import MOST_CARDS, read_board
from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.held import read_held
from complaints.queries.lists.supervised import Watch, WatchRow, count_watched, watched
from complaints.queries.reports.drilldown import count_behind
from complaints.rulebook import RuleBook, current_rules
from complaints.web.desk.list_rows import DisplayRow, lines, say_years_unknown
from complaints.web.desk.load import load_lines
from complaints.web.frame.guards import actor, guarded, planned_once
from complaints.web.frame.layout import up_to_99
from complaints.web.frame.translations import lang, translated

blueprint = Blueprint("board", __name__)

#: Cards of a pile until somebody asks for more.
AT_FIRST = 12
#: Low ratings of so many days are looked after.
RATING_DAYS = 90
DECIDE, TEAM = "decide", "team"
#: The views of the board → what each is called.
VIEWS: Mapping[str, str] = {
    DECIDE: N_("To decide"),
    Watch.SOON: N_("About to be late"),
    Watch.LATE: N_("Late"),
    Watch.UNASSIGNED: N_("Unassigned"),
    Watch.PAUSED: N_("Paused"),
    TEAM: N_("Workload"),
}


@dataclass(frozen=True, slots=True)
class Pile:
    """Cards under one heading: those shown, and how many there are; `12+` of more."""

    cards: Sequence[Any]
    count: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class WatchCard:
    """A complaint to look after: its line in words, and what of it that shows."""

    line: DisplayRow
    row: WatchRow


@blueprint.get("/board")
@guarded(Permission.BOARD)
@planned_once()
def board() -> str:
    """What waits for this person or in their branch, as cards."""
    return render_template("desk/board.html", **board_shown())


def board_shown() -> dict[str, Any]:
    """What the view that is asked for shows."""
    rules, me, now = current_rules(db.session), actor(), clock.now()
    asked = request.args.get("view", "")
    view = asked if asked in VIEWS else DECIDE
    most = MOST_CARDS if request.args.get("all") else AT_FIRST
    # A deadline is about to be missed when it falls within the next working day.
    horizon = rules.own_calendar(me.branch_id).add_working_days(now, 1)
    shown: dict[str, Any] = {}
    if view == DECIDE:
        shown["piles"] = _piles(rules, me, now, most)
        shown["low_ratings"] = _low_ratings(rules, me, now)
    elif view == TEAM:
        shown["load"] = load_lines(db.session, rules, me, now)
    else:
        shown["watched"] = _watched(rules, me, Watch(view), now, horizon, most)
    return {
        "view": view,
        "views": _views(me, now, horizon),
        "shows_all": most == MOST_CARDS,
        "rules": rules,
        "me": me,
        "my_email": str(current_user.email),
        "say_rule_change": lambda reason: say_rule_change(rules, reason, lang(), gettext),
        "say_years_unknown": say_years_unknown,
        **shown,
    }


def _low_ratings(rules: RuleBook, me: Actor, now: datetime) -> tuple[int, str]:
    """How many low ratings wait for a note on what was done, and the address of their list."""
    today = now.astimezone(rules.home_zone).date()
    first, last = today - timedelta(days=RATING_DAYS), today + timedelta(days=1)
    wanted = ListFilters(figure="low_rating", line="waiting", from_on=first, to_on=last)
    asked = {"figure": wanted.figure, "line": wanted.line, "status": "all"}
    days = {"from": first.isoformat(), "to": last.isoformat()}
    count = count_behind(db.session, me, wanted, rules, now=now)
    return count, "/complaints?" + urlencode({**asked, **days})


def _piles(rules: RuleBook, me: Actor, now: datetime, most: int) -> dict[str, Pile]:
    cards = read_board(db.session, rules, me, now=now, most=most)
    own = cards.own_escalations
    approving = cards.own_approvals
    return {
        "mine": _pile(own, most, cards.is_cut and len(own) == len(cards.escalations)),
        "approvals": _pile(approving, most),
        "signatures": _pile(cards.own_signatures, most),
        "held": _pile(read_held(db.session, rules, me, now=now), most),
        "approvals_others": _pile(
            [each for each in cards.approvals if each not in approving], most
        ),
        "signatures_others": _pile([each for each in cards.signatures if each.is_own], most),
        "others": _pile(
            [each for each in cards.escalations if not each.is_mine], most, cards.is_cut
        ),
    }


def _watched(
    rules: RuleBook, me: Actor, watch: Watch, now: datetime, horizon: datetime, most: int
) -> Pile:
    rows: Sequence[WatchRow] = watched(
        db.session, me, watch, rules, now=now, horizon=horizon, most=most
    )
    said = lines((each.line for each in rows), rules)
    cards = [WatchCard(line, row) for line, row in zip(said, rows, strict=True)]
    return _pile(cards, most)


def _views(me: Actor, now: datetime, horizon: datetime) -> list[tuple[str, str, str]]:
    """Each view with its words and its count; of decisions and handlers the header or none says."""
    counts = count_watched(db.session, me, now=now, horizon=horizon)
    return [
        (view, translated(words), up_to_99(counts[Watch(view)]) if view in counts else "")
        for view, words in VIEWS.items()
    ]


def _pile(cards: Sequence[Any], most: int, is_cut: bool = False) -> Pile:
    """The first cards of a pile; `is_cut` when not all of it was read."""
    may_be_more = is_cut or len(cards) >= MOST_CARDS
    count = f"{len(cards)}+" if may_be_more else str(len(cards))
    return Pile(cards[:most], count, may_be_more or len(cards) > most)
