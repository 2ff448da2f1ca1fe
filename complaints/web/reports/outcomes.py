"""What became of complaints, time per step, causes, arrivals: a part is read when opened."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.documents.reporting.files import ReportForm, outcomes_file
from complaints.documents.reporting.outcome_pictures import draw_outcomes
from complaints.documents.reporting.outcomes import (
    cell_said,
    division_said,
    line_said,
    outcomes_title,
)
from complaints.documents.reporting.paper import Made
from complaints.documents.reporting.words import DIVISIONS, PROMISE_DAYS, ReportWords
from complaints.domain.errors import N_
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.reports.outcomes.report import (
    OUTCOME_PARTS,
    divisions_of,
    outcome_report,
)
from complaints.queries.reports.outcomes.sections import Line, OutcomeReport
from complaints.rulebook import current_rules
from complaints.web.frame.files import asked_report_form, report_file
from complaints.web.frame.filters import scope_words
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang
from complaints.web.reports.periods import asked_days, usual_periods

blueprint = Blueprint("outcomes", __name__)

#: What the report is called that nothing divides.
NOT_DIVIDED = N_("Not grouped")
#: So many lines of a division stand below a line on the page; all of them in the files.
MOST_PIECES = 50


@blueprint.get("/reports/outcomes")
@guarded(Permission.REPORTS)
def outcomes() -> str | Response:
    """One part of the report as a page, or with `format=` as a file."""
    rules, now = current_rules(db.session), clock.now()
    today = now.astimezone(rules.home_zone).date()
    from_on, to_on = asked_days(today)
    part = request.args.get("part", "")[:40] or next(iter(OUTCOME_PARTS))
    by = request.args.get("by", "")[:40] or None
    with db.reports() as session:
        report = outcome_report(session, actor(), from_on, to_on, part, by, now=now, rules=rules)
    words, form = ReportWords(rules, gettext, lang()), asked_report_form()
    if form is not None:
        content = outcomes_file(report, form, Made(actor(), now), words)
        name = f"tanggap-{part}-{from_on}-{to_on}"
        return report_file(content, form, f"{name}-{by}" if by else name)

    def link(line: Line, column: str) -> str:
        return _behind(report, line, column)

    return render_template(
        "reports/outcomes.html",
        report=report,
        title=outcomes_title(report, words),
        days=words.days(from_on, to_on, is_short=True),
        scope=scope_words(actor()),
        pictures=draw_outcomes(report, words, link),
        link=link,
        said=lambda column, line: cell_said(column, line, words),
        called=lambda line: line_said(line, words),
        most=MOST_PIECES,
        zones=gettext(PROMISE_DAYS, zones=words.zones(report)),
        division=gettext(DIVISIONS[by]) if by else "",
        divided=division_said(by, words) if by else "",
        parts=[
            (gettext(name), _address(from_on, to_on, each, by), each == part)
            for each, name in OUTCOME_PARTS.items()
        ],
        divisions=[
            (gettext(DIVISIONS[each] if each else NOT_DIVIDED), href, each == by)
            for each in (None, *divisions_of(part))
            for href in (_address(from_on, to_on, part, each),)
        ],
        files={
            each.value: _address(from_on, to_on, part, by, format=each.value) for each in ReportForm
        },
        deadlines="/reports/deadlines?"
        + urlencode({"from": from_on.isoformat(), "to": to_on.isoformat()}),
        periods=usual_periods(today, lambda first, last: _address(first, last, part, by)),
    )


def _behind(report: OutcomeReport, line: Line, column: str) -> str:
    """The list behind a number; empty where it has none, or is nought."""
    figure = line.behind.get(column)
    if figure is None or not line.values.get(column):
        return ""
    days = {"from": report.from_on.isoformat(), "to": report.to_on.isoformat()}
    return "/complaints?" + urlencode({"figure": figure, "status": "all", **days, **line.asked})


def _address(from_on: date, to_on: date, part: str, by: str | None, **more: str) -> str:
    asked = {"part": part, "from": from_on.isoformat(), "to": to_on.isoformat()}
    if by in divisions_of(part):
        asked["by"] = str(by)
    return "/reports/outcomes?" + urlencode({**asked, **more})
