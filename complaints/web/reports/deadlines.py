"""The deadline report for management: one sentence, four figures, the trend, then where and why."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.documents.reporting.files import ReportForm, deadlines_file
from complaints.documents.reporting.paper import Made
from complaints.documents.reporting.pictures import ReportLine, draw_pictures
from complaints.documents.reporting.words import DIVISIONS, PARTS, PROMISE, ReportWords
from complaints.domain.improvement.acts import Subject
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.reports.balance import KEPT_DATED_BACK, RECEIVED, TAKEN_OVER
from complaints.queries.reports.counting import FIGURES
from complaints.queries.reports.drilldown import BALANCE
from complaints.queries.reports.figures import DIMENSIONS, Report, deadline_report
from complaints.queries.reports.handling import AgeLine
from complaints.queries.reports.outcomes.report import OUTCOME_PARTS
from complaints.queries.reports.period import LONGEST_DAYS, next_month
from complaints.queries.reports.rows import ReportRow
from complaints.queries.reports.undertaken import STANDS
from complaints.queries.reports.words import EXITS, STANDINGS
from complaints.rulebook import current_rules
from complaints.web.frame.files import asked_report_form, report_file
from complaints.web.frame.filters import figure_word, kind_word, label, scope_words
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang
from complaints.web.reports.periods import asked_days, usual_periods

blueprint = Blueprint("reports", __name__)

#: A table shows so many lines at first, those of which most is to be said.
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of the balance with the address of the list of its complaints."""

    words: str
    count: int
    link: str


@blueprint.get("/reports/deadlines")
@guarded(Permission.REPORTS)
def deadlines() -> str | Response:
    """The deadline report, as a page or with `format=csv`, `excel`, `xlsx` or `pdf` as a file."""
    rules = current_rules(db.session)
    now = clock.now()
    today = now.astimezone(rules.home_zone).date()
    from_on, to_on = asked_days(today)
    by = request.args.get("by") or "branch"
    with db.reports() as session:
        report = deadline_report(session, actor(), from_on, to_on, by, now=now, rules=rules)
    words = ReportWords(rules, gettext, lang())
    form = asked_report_form()
    if form is not None:
        made = Made(actor(), now)
        name = f"tanggap-{from_on}-{to_on}-{by}"
        return report_file(deadlines_file(report, form, made, words), form, name)
    months = [_line(report, "month", row) for row in report.months]
    rows = [_line(report, by, row) for row in report.rows]
    most = None if request.args.get("all") == "1" else MOST_LINES
    return render_template(
        "reports/deadlines.html",
        report=report,
        sentence=words.sentence(report, today),
        scope=scope_words(actor()),
        words=words,
        part_words={name: words.part(name) for name in PARTS},
        promise=gettext(PROMISE, zones=words.zones(report)),
        links=_links(report, None, None),
        months=months,
        rows=rows[:most],
        most=most,
        whole=_address({**_asked(from_on, to_on, by), "all": "1"}),
        pictures=draw_pictures(
            months,
            rows,
            by,
            rules.organisation.on_time_target,
            words,
            [(line, _age(line)) for line in report.ageing.lines],
        ),
        clocks=[_line(report, "clock", row) for row in report.clocks],
        places=[
            _place(report, name, count)
            for name, count in report.balance.places.items()
            if count or name != "no_promise"
        ],
        exceptions=[kind for kind in EXITS if report.exceptions.counts[kind]],
        standings=[(name, gettext(words)) for name, words in STANDINGS.items()],
        exits="/reports/exits?" + urlencode(_only_days(report)),
        part="/complaints?" + urlencode(_days(report)),
        taken_over=_place(report, TAKEN_OVER, report.balance.taken_over),
        owed={name: sum(getattr(each, name) for each in report.commitments) for name in STANDS},
        ages=[_age(line) for line in report.ageing.lines],
        all_ages=_age(report.ageing.whole),
        received=_place(report, RECEIVED, report.balance.received),
        dated_back=_place(report, KEPT_DATED_BACK, report.balance.kept_dated_back),
        by=by,
        raises=by if by in set(Subject) and actor().has(Permission.IMPROVE) else "",
        divisions=[(name, gettext(DIVISIONS[name])) for name in DIVISIONS if name in DIMENSIONS],
        files={
            form.value: _address({**_asked(from_on, to_on, by), "format": form.value})
            for form in ReportForm
        },
        periods=usual_periods(today, lambda first, last: _address(_asked(first, last, by))),
        further=[
            (gettext(name), "/reports/outcomes?" + urlencode({"part": part, **_only_days(report)}))
            for part, name in OUTCOME_PARTS.items()
        ],
    )


def _line(report: Report, by: str, row: ReportRow) -> ReportLine:
    words = kind_word(row.key) if by == "clock" else label(row)
    return ReportLine(row.key, words, row.figures, _links(report, by, row.key))


def _links(report: Report, by: str | None, key: str | None) -> dict[str, str]:
    """Figure → address of the list of complaints behind it."""
    from_on, to_on = report.from_on, report.to_on
    wanted: dict[str, str] = {}
    if by == "month" and key:
        month = date.fromisoformat(f"{key}-01")
        from_on = max(from_on, month)
        to_on = min(to_on, next_month(month) - timedelta(days=1))
    elif by:
        wanted[by] = key or "none"
    wanted |= {"status": "all", "from": from_on.isoformat(), "to": to_on.isoformat()}
    said = urlencode(wanted)
    return {figure: f"/complaints?figure={figure}&{said}" for figure in FIGURES}


def _age(line: AgeLine) -> str:
    """The list of what is open and so old; the oldest are asked for as far back as a list goes."""
    first = max(line.from_on, line.to_on - timedelta(days=LONGEST_DAYS))
    days = {"from": first.isoformat(), "to": line.to_on.isoformat()}
    return "/complaints?" + urlencode({"figure": "received", "status": "open", **days})


def _place(report: Report, name: str, count: int) -> PlaceLine:
    link = "/complaints?" + urlencode({"figure": BALANCE + name, **_days(report)})
    return PlaceLine(figure_word(BALANCE + name), count, link)


def _days(report: Report) -> dict[str, str]:
    """The period as the address of a list names it."""
    return {"status": "all", **_only_days(report)}


def _only_days(report: Report) -> dict[str, str]:
    return {"from": report.from_on.isoformat(), "to": report.to_on.isoformat()}


def _asked(from_on: date, to_on: date, by: str) -> dict[str, str]:
    return {"from": from_on.isoformat(), "to": to_on.isoformat(), "by": by}


def _address(query: dict[str, str]) -> str:
    return "/reports/deadlines?" + urlencode(query)
