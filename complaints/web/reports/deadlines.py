"""The deadline report for management: one sentence, four figures, the trend, then where and why."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.documents.reports import report_workbook
from complaints.domain.errors import N_
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.formatting import say_month, say_percent, zone_label
from complaints.queries.reports.balance import KEPT_DATED_BACK, RECEIVED, TAKEN_OVER
from complaints.queries.reports.counting import FIGURES
from complaints.queries.reports.drilldown import BALANCE
from complaints.queries.reports.export import report_csv
from complaints.queries.reports.figures import DIMENSIONS, Report, deadline_report
from complaints.queries.reports.handling import AgeLine
from complaints.queries.reports.period import LONGEST_DAYS, next_month
from complaints.queries.reports.rows import FEWEST_FOR_SHARE, ReportRow
from complaints.queries.reports.words import EXITS, STANDINGS
from complaints.rulebook import current_rules
from complaints.web.frame.files import FileForm, asked_form, file_answer
from complaints.web.frame.filters import figure_word, kind_word, label, scope_words, share_words
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.list_params import read_day
from complaints.web.frame.translations import lang
from complaints.web.reports.pictures import ReportLine, draw_pictures

blueprint = Blueprint("reports", __name__)

#: A table shows so many lines at first, those of which most is to be said.
MOST_LINES = 50
#: What the report can be divided by → words.
DIVISIONS = {
    "branch": N_("Branch"),
    "month": N_("Month"),
    "team": N_("Unit"),
    "category": N_("Category"),
    "priority": N_("Priority"),
    "channel": N_("Channel"),
    "handler": N_("Handler"),
    "cause": N_("Cause"),
    "tier": N_("Customer tier"),
    "need": N_("Special need"),
    "product": N_("Product"),
    "clock": N_("Deadline"),
}


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of the balance with the address of the list of its complaints."""

    words: str
    count: int
    link: str


@blueprint.get("/reports/deadlines")
@guarded(Permission.REPORTS)
def deadlines() -> str | Response:
    """The deadline report, as a page or with `format=csv`, `excel` or `xlsx` as a file."""
    rules = current_rules(db.session)
    now = clock.now()
    today = now.astimezone(next(iter(rules.calendars.values())).value.tz).date()
    from_on, to_on = _period(today)
    by = request.args.get("by") or "branch"
    with db.reports() as session:
        report = deadline_report(session, actor(), from_on, to_on, by, now=now, rules=rules)
    form = asked_form()
    if form is not None:
        name = f"tanggap-{from_on}-{to_on}-{by}.{form.ending}"
        return file_answer(_content(report, form), name)
    months = [_line(report, "month", row) for row in report.months]
    rows = [_line(report, by, row) for row in report.rows]
    most = None if request.args.get("all") == "1" else MOST_LINES
    return render_template(
        "reports/deadlines.html",
        report=report,
        sentence=_sentence(report, today),
        scope=scope_words(actor()),
        zones=_zones(report),
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
        ages=[_age(line) for line in report.ageing.lines],
        all_ages=_age(report.ageing.whole),
        received=_place(report, RECEIVED, report.balance.received),
        dated_back=_place(report, KEPT_DATED_BACK, report.balance.kept_dated_back),
        by=by,
        divisions=[(name, gettext(DIVISIONS[name])) for name in DIVISIONS if name in DIMENSIONS],
        files={
            form.value: _address({**_asked(from_on, to_on, by), "format": form.value})
            for form in FileForm
        },
        periods=_periods(today, by),
    )


def _content(report: Report, form: FileForm) -> str | bytes:
    if form is FileForm.XLSX:
        return report_workbook(report, gettext, lang())
    return report_csv(report, gettext, lang(), form.of_csv)


def _period(today: date) -> tuple[date, date]:
    """The days asked for; by default this month and the two before."""
    month = today.replace(day=1)
    first = read_day(request.args, "from") or _months_before(month, 2)
    return first, read_day(request.args, "to") or max(first, next_month(month) - timedelta(days=1))


def _months_before(month: date, count: int) -> date:
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def _periods(today: date, by: str) -> list[tuple[str, str, bool]]:
    """The periods everybody asks for: words, address, and whether it is shown now."""
    month = today.replace(day=1)
    last = _months_before(month, 1)
    wanted = [
        (gettext("This month"), month, next_month(month)),
        (gettext("Last month"), last, month),
        (gettext("Three months"), _months_before(month, 2), next_month(month)),
        (gettext("Twelve months"), _months_before(month, 11), next_month(month)),
    ]
    found = []
    for words, begin, end in wanted:
        to_on = end - timedelta(days=1)
        is_here = _period(today) == (begin, to_on)
        found.append((words, _address(_asked(begin, to_on, by)), is_here))
    return found


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
    return {figure: "/complaints?" + urlencode({"figure": figure, **wanted}) for figure in FIGURES}


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


def _sentence(report: Report, today: date) -> str:
    """How it went, in one sentence, with the last month decided and where most was missed.

    Only a whole month is set against the one before it.
    """
    language = lang()
    decided = [row for row in report.months if row.figures.on_time is not None]
    if not decided:
        return gettext("No promise fell due in this period.")
    last = decided[-1]
    figures = last.figures
    share = figures.on_time or 0.0
    first = date.fromisoformat(f"{last.key}-01")
    month, of = say_month(first, language), share_words(figures.met, figures.breached)
    is_over = next_month(first) <= min(report.to_on + timedelta(days=1), today)
    is_whole = is_over and report.from_on <= first
    said = (
        gettext("%(month)s: %(share)s on time", month=month, share=of)
        if is_whole
        else gettext("%(month)s so far: %(share)s on time", month=month, share=of)
    )
    previous = (first - timedelta(days=1)).replace(day=1)
    has_before = len(decided) > 1 and decided[-2].key == f"{previous:%Y-%m}"
    # Of a few cases more or less no trend is made.
    has_before = has_before and all(row.figures.decided >= FEWEST_FOR_SHARE for row in decided[-2:])
    if is_whole and has_before and report.from_on <= previous:
        before = decided[-2].figures.on_time or 0.0
        points = round((share - before) * 100, 1)
        amount = say_percent(abs(points) / 100, language).removesuffix("%")
        if points > 0:
            said += ", " + gettext("up %(points)s points", points=amount)
        elif points < 0:
            said += ", " + gettext("down %(points)s points", points=amount)
        else:
            said += ", " + gettext("as in the month before")
    worst = [label(row) for row in report.worst]
    if worst:
        said += "; " + gettext("missed most in this period: %(where)s", where=", ".join(worst))
    return said + "."


def _asked(from_on: date, to_on: date, by: str) -> dict[str, str]:
    return {"from": from_on.isoformat(), "to": to_on.isoformat(), "by": by}


def _zones(report: Report) -> str:
    """`WIB, WITA, WIT`: whose days were counted."""
    day = datetime.combine(report.to_on, time(12))
    local = sorted((day.replace(tzinfo=ZoneInfo(zone)) for zone in report.zones), reverse=True)
    return ", ".join(dict.fromkeys(zone_label(each) for each in local))


def _address(query: dict[str, str]) -> str:
    return "/reports/deadlines?" + urlencode(query)
