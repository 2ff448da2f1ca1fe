"""What management reads first: a sentence, four figures, what is next, who waits, what changed.

Whoever has no work of their own on the desk finds it there; others have it as a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template
from flask_babel import gettext

from complaints import clock
from complaints.domain.permissions import Actor, Permission
from complaints.domain.reporting.forecast import Risk
from complaints.extensions import db
from complaints.formatting import say_percent
from complaints.queries.improvement.lists import actions_waiting
from complaints.queries.lists.board import read_board
from complaints.queries.management.home import Change, Changed, ManagementHome, management_home
from complaints.queries.reports.drilldown import DUE
from complaints.queries.reports.figures import Report
from complaints.queries.reports.rows import FEWEST_FOR_SHARE, Figures
from complaints.rulebook import RuleBook, current_rules
from complaints.web.desk.list_rows import lines
from complaints.web.frame.filters import (
    label,
    number,
    say_date_short,
    scope_words,
    share_words,
)
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang

blueprint = Blueprint("management", __name__)

#: Cards of a kind that are counted; of more it is said that there are.
MOST_WAITING = 12


@dataclass(frozen=True, slots=True)
class Said:
    """Some words, and the list that they open."""

    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the four figures: its value, what it is set against, and the lists behind it."""

    name: str
    value: Said
    share: float | None
    parts: Sequence[Said]
    against: Sequence[str]


@dataclass(frozen=True, slots=True)
class CauseLine:
    """A cause with its complaints and those promises of it that were missed."""

    words: str
    received: Said
    missed: Said


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kind of decision that waits for the reader, with how many."""

    words: str
    count: str
    href: str


@blueprint.get("/reports/overview")
@guarded(Permission.REPORTS)
def overview() -> str:
    """The page of its own, for those whose first page is their own work."""
    rules, now = current_rules(db.session), clock.now()
    return render_template("desk/management.html", **overview_shown(actor(), rules, now))


def is_for_management(me: Actor) -> bool:
    """Whether this is what somebody's first page shows: they read reports and handle nothing."""
    return me.has(Permission.REPORTS) and not me.has(Permission.HANDLE)


def overview_shown(me: Actor, rules: RuleBook, now: datetime) -> dict[str, Any]:
    """What the page shows."""
    with db.reports() as session:
        home = management_home(session, me, rules, now=now)
    report = home.report
    return {
        "home": home,
        "sentence": _sentence(home, rules.organisation.on_time_target) + scope_words(me),
        "tiles": _tiles(home, rules.organisation.on_time_target),
        "due_lines": list(
            zip(lines(home.due.first, rules), map(_risk, home.due.risks), strict=True)
        ),
        "forecast": _forecast(home),
        "due_list": _list(DUE, home.due.from_on, home.due.to_on),
        "deciding_on": _waiting(me, rules, now),
        "causes": [
            CauseLine(
                label(row),
                Said(
                    gettext("Complaints: %(count)s", count=number(row.figures.received)),
                    _behind(report, "received", cause=row.key),
                ),
                Said(
                    gettext("Missed: %(count)s", count=number(row.figures.breached)),
                    _behind(report, "breached", cause=row.key) if row.figures.breached else "",
                ),
            )
            for row in home.causes
        ],
        "without_cause": Said(
            number(home.without_cause), _behind(report, "received", cause="none")
        ),
        "changes": [_change(each, home) for each in home.changes],
        "improving": _improving(me, rules, now),
        "report_href": "/reports/deadlines?" + urlencode(_days(report)),
    }


def _forecast(home: ManagementHome) -> list[str]:
    """What is to be expected of the promises due soon, and of how many nothing can be said."""
    forecast = home.due.forecast
    said = []
    if forecast.risks:
        said.append(
            gettext(
                "By how long such complaints took, about %(missed)s of %(count)s will be late.",
                missed=number(round(forecast.missed)),
                count=number(len(forecast.risks)),
            )
        )
    if forecast.unknown:
        said.append(
            gettext(
                "Without a forecast, because too few complaints of their kind have been closed: "
                "%(count)s.",
                count=number(forecast.unknown),
            )
        )
    if forecast.left_out:
        said.append(
            gettext(
                "Only those due first were looked at; without a forecast are another %(count)s.",
                count=number(forecast.left_out),
            )
        )
    return said


def _risk(risk: Risk | None) -> str:
    """`Risk of being late 62%, by 214 closed ones`; never certain."""
    if risk is None:
        return ""
    share = min(max(round(risk.share * 100), 1), 99)
    return gettext(
        "Risk of being late: %(share)s%% (from %(count)s settled before)",
        share=share,
        count=number(risk.settled),
    )


def _tiles(home: ManagementHome, target: float | None) -> list[Tile]:
    report, total, before = home.report, home.report.total, home.compared.before.figures
    return [
        _share_tile(
            home, gettext("On time"), ("met", "breached"), total.met, total.breached, target
        ),
        _share_tile(
            home,
            gettext("On time by the first date"),
            ("first_kept", "first_missed"),
            total.first_kept,
            total.first_missed,
            target,
        ),
        Tile(
            gettext("Missed"),
            Said(number(total.breached), _behind(report, "breached") if total.breached else ""),
            None,
            [
                Said(
                    gettext("%(count)s still open", count=number(total.late_open)),
                    _behind(report, "late_open") if total.late_open else "",
                )
            ],
            [
                *([_most_missed(total, target)] if target is not None else []),
                gettext("Before: %(value)s", value=number(before.breached)),
            ],
        ),
        Tile(
            gettext("Received"),
            Said(number(total.received), _behind(report, "received") if total.received else ""),
            None,
            [],
            [
                gettext("Before: %(value)s", value=number(before.received)),
                gettext(
                    "Working days: %(now)s, before %(then)s",
                    now=home.compared.here.working_days,
                    then=home.compared.before.working_days,
                ),
            ],
        ),
    ]


def _share_tile(
    home: ManagementHome,
    name: str,
    figures: tuple[str, str],
    kept: int,
    missed: int,
    target: float | None,
) -> Tile:
    report, before = home.report, home.compared.before.figures
    then = share_words(getattr(before, figures[0]), getattr(before, figures[1]))
    share = kept / (kept + missed) if kept + missed >= FEWEST_FOR_SHARE else None
    against = [gettext("Before: %(value)s", value=then)]
    if target is not None:
        against.insert(0, _against_target(share, target))
    return Tile(
        name,
        Said(share_words(kept, missed)),
        share,
        [
            Said(words, _behind(report, figure) if count else "")
            for words, figure, count in (
                (gettext("%(count)s kept", count=number(kept)), figures[0], kept),
                (gettext("Missed: %(count)s", count=number(missed)), figures[1], missed),
            )
        ],
        against,
    )


def _against_target(share: float | None, target: float) -> str:
    aim = say_percent(target, lang())
    if share is None:
        return gettext("Target %(target)s", target=aim)
    if share >= target:
        return gettext("Target %(target)s: reached", target=aim)
    return gettext(
        "Target %(target)s: %(points)s points short", target=aim, points=_points(target - share)
    )


def _most_missed(total: Figures, target: float) -> str:
    """How many of so many promises may be missed if the target is to be reached."""
    # A share of 95 per cent of 100 is 5, not 4.99… promises.
    most = floor(round(total.decided * (1 - target), 6))
    return gettext("The target allows %(count)s", count=number(most))


def _points(part: float) -> str:
    return say_percent(abs(part), lang()).removesuffix("%")


def _sentence(home: ManagementHome, target: float | None) -> str:
    """How it went in the four weeks, against target and before, and where most was missed."""
    here, before = home.compared.here, home.compared.before
    total = home.report.total
    days = f"{say_date_short(here.from_on)} – {say_date_short(here.to_on)}"
    if not total.decided:
        return gettext("No promise fell due from %(days)s.", days=days)
    said = gettext(
        "%(days)s: %(share)s of the promises on time",
        days=days,
        share=share_words(total.met, total.breached),
    )
    share = total.on_time or 0.0
    if total.decided >= FEWEST_FOR_SHARE and target is not None:
        said += ", " + (
            gettext("target reached") if share >= target else gettext("below the target")
        )
    if home.compared.points is not None and before.figures.on_time is not None:
        points = share - before.figures.on_time
        amount = _points(points)
        if home.compared.points > 0:
            said += ", " + gettext("up %(points)s points", points=amount)
        elif home.compared.points < 0:
            said += ", " + gettext("down %(points)s points", points=amount)
        else:
            said += ", " + gettext("as before")
    worst = [label(row) for row in home.report.worst]
    if worst:
        said += "; " + gettext("missed most: %(where)s", where=", ".join(worst))
    return said + "."


def _change(change: Change, home: ManagementHome) -> Said:
    row, now = change.row, change.row.figures
    asked = {change.division: row.key or "none"}
    words = label(row)
    if change.figure is Changed.ON_TIME:
        said = gettext(
            "%(line)s: %(now)s on time, before %(then)s",
            line=words,
            now=share_words(now.met, now.breached),
            then=share_words(change.before.met, change.before.breached),
        )
        return Said(said, _behind(home.report, "breached" if now.breached else "met", **asked))
    said = gettext(
        "%(line)s: %(now)s complaints received, before %(then)s",
        line=words,
        now=number(now.received),
        then=number(change.before.received),
    )
    return Said(said, _behind(home.report, "received", **asked))


def _waiting(me: Actor, rules: RuleBook, now: datetime) -> list[Waiting]:
    """What only this person can decide, each with its place on the board."""
    if not me.has(Permission.BOARD):
        return []
    board = read_board(db.session, rules, me, now=now, most=MOST_WAITING, own_only=True)
    wanted: list[tuple[str, Sequence[Any], str]] = [
        (gettext("Escalations awaiting you"), board.own_escalations, "mine"),
        (gettext("Awaiting your approval"), board.own_approvals, "approvals"),
        (gettext("Awaiting your signature"), board.own_signatures, "signatures"),
    ]
    return [
        Waiting(words, _up_to(len(cards)), f"/board#{anchor}")
        for words, cards, anchor in wanted
        if cards
    ]


def _improving(me: Actor, rules: RuleBook, now: datetime) -> list[Waiting]:
    """Corrective actions that are late, and those that can be verified now."""
    found = actions_waiting(db.session, rules, me, now)
    wanted = [
        (gettext("Late corrective actions"), found.late, "late=yes"),
        (gettext("Corrective actions that can be verified now"), found.ripe, "state=done&ripe=yes"),
    ]
    return [
        Waiting(words, number(count), f"/corrective-actions?{asked}")
        for words, count, asked in wanted
        if count
    ]


def _up_to(count: int) -> str:
    return f"{MOST_WAITING}+" if count >= MOST_WAITING else str(count)


def _days(report: Report) -> dict[str, str]:
    return {"from": report.from_on.isoformat(), "to": report.to_on.isoformat()}


def _behind(report: Report, figure: str, **asked: str) -> str:
    """The list behind a figure of the report."""
    return _list(figure, report.from_on, report.to_on, **asked)


def _list(figure: str, from_on: Any, to_on: Any, **asked: str) -> str:
    days = {"status": "all", "from": from_on.isoformat(), "to": to_on.isoformat()}
    return "/complaints?" + urlencode({"figure": figure, **asked, **days})
