"""The reports on A4: what the form `templates/documents/report.typ` is filled with.

Every figure of the page stands here as the page says it, with its meaning, the period, whose
complaints were counted, and who made it when.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from complaints.documents.reporting.paper_parts import as_table, parts_of
from complaints.documents.reporting.pictures import ReportLine, draw_pictures
from complaints.documents.reporting.words import (
    DIVISIONS,
    PROMISE,
    ReportWords,
    scope_said,
)
from complaints.documents.typesetting import set_pdf
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.formatting import say_instant_short
from complaints.queries.reports.exceptions import ExceptionRow
from complaints.queries.reports.exit_report import ExitReport, Words
from complaints.queries.reports.figures import Report
from complaints.queries.reports.words import EXITS

#: So many exceptions one by one make some hundred pages.
MOST_EXCEPTIONS = 3_000


@dataclass(frozen=True, slots=True)
class Made:
    """For whom a report was made, and when."""

    by: Actor
    at: datetime


def deadlines_pdf(report: Report, made: Made, words: ReportWords) -> bytes:
    """The deadline report as a PDF."""
    return set_pdf("report", deadlines_data(report, made, words))


def exits_pdf(report: ExitReport, made: Made, words: ReportWords, codes: Words) -> bytes:
    """The exceptions as a PDF; raises Invalid where they are too many to be read on paper."""
    return set_pdf("report", exits_data(report, made, words, codes))


def deadlines_data(report: Report, made: Made, words: ReportWords) -> dict[str, Any]:
    """What the form is filled with for the deadline report."""
    say, total = words.say, report.total
    today = made.at.astimezone(words.rules.home_zone).date()
    by = report.by or "branch"
    divided = report.rows if report.by else report.branches
    rows = [ReportLine(row.key, words.label(row), row.figures) for row in divided]
    months = [ReportLine(row.key, words.label(row), row.figures) for row in report.months]
    target = words.rules.organisation.on_time_target
    data = frame(say(N_("Deadline report")), report.from_on, report.to_on, made, words)
    data["head"].insert(1, [say(N_("Group by")), say(DIVISIONS[by])])
    data["head"].insert(2, [say(N_("Time zones of the days")), words.zones(report)])
    data["sentence"] = words.sentence(report, today)
    data["compared"] = words.compared(report)
    data["figures"] = [
        [say(N_("On time")), words.share(total.met, total.breached)],
        [say(N_("Received")), words.number(total.received)],
        [say(N_("Kept")), words.number(total.met)],
        [say(N_("Missed")), words.number(total.breached)],
        [say(N_("Of which still open")), words.number(total.late_open)],
    ]
    ages = [(line, "") for line in report.ageing.lines]
    data["pictures"] = [
        {"heading": each.heading, "meaning": each.meaning, "svg": each.picture.on_paper()}
        for each in draw_pictures(months, rows, by, target, words, ages)
    ]
    data["parts"] = list(parts_of(report, by, months, rows, words))
    data["definitions"] = [say(PROMISE) % {"zones": words.zones(report)}]
    return data


def exits_data(report: ExitReport, made: Made, words: ReportWords, codes: Words) -> dict[str, Any]:
    """What the form is filled with for the exceptions."""
    if len(report.items) > MOST_EXCEPTIONS:
        raise Invalid(
            N_("These are too many to print. Choose a shorter period, or the workbook."),
            field="from",
        )
    say = words.say
    data = frame(say(N_("Exceptions")), report.from_on, report.to_on, made, words)
    data["sentence"] = say(N_("Count: %(count)s")) % {"count": words.number(len(report.items))}
    data["definitions"] = [words.part("exceptions")[1]]
    kinds: dict[str, int] = {}
    for each in report.items:
        kinds[each.kind] = kinds.get(each.kind, 0) + 1
    if report.items:
        counted = [[codes.kind(kind), words.number(kinds[kind])] for kind in EXITS if kind in kinds]
        data["parts"] = [
            as_table(say(N_("By kind")), "", [say(N_("Kind")), say(N_("Count"))], counted, words)
        ]
        items = [_exit_cells(each, words, codes) for each in report.items]
        heads = ("Complaint", "Time", "Kind", "By", "Reason", "Approved or signed by")
        one_by_one = as_table(
            say(N_("One by one")), "", [say(each) for each in heads], items, words, MOST_EXCEPTIONS
        )
        one_by_one |= {"widths": [29, 23, 32, 20, 0, 24], "numbers_from": len(heads)}
        data["parts"].append(one_by_one)
    return data


def _exit_cells(each: ExceptionRow, words: ReportWords, codes: Words) -> list[str]:
    zone = words.rules.calendar_of(each.branch_id).value.tz
    kind = [codes.kind(each.kind)]
    if each.criterion:
        kind.append(f"{codes.criterion(each.criterion)} ({each.criterion.removeprefix('020-')})")
    if each.past_due_at:
        past = words.say(N_("past the deadline %(clock)s, %(due)s"))
        due = say_instant_short(each.past_due_at, zone, words.lang)
        kind.append(past % {"clock": codes.clock(each.past_kind or ""), "due": due})
    if each.amount:
        kind.append(words.money(each.amount))
    signed = each.signed_by or "–"
    if each.returned_by:
        signed = words.say(N_("returned by %(name)s")) % {"name": each.returned_by}
    reason = [codes.code(each.kind, each.code) if each.code else "", each.reason]
    return [
        words.rules.numbers.write(each.year, each.complaint_id),
        say_instant_short(each.at, zone, words.lang),
        "\n".join(kind),
        codes.customer() if each.by_customer else each.by or "Tanggap",
        "\n".join(filter(None, reason)) or "–",
        signed,
    ]


def frame(title: str, from_on: date, to_on: date, made: Made, words: ReportWords) -> dict[str, Any]:
    """What every report has: the organisation, the period, whose complaints, by whom and when."""
    say = words.say
    scope = scope_said(made.by, say) or say(N_("all complaints"))
    days = words.days(from_on, to_on)
    return {
        "lang": words.lang,
        "organisation": words.rules.organisation.name,
        "title": title,
        "subject": f"{title}, {words.days(from_on, to_on, is_short=True)}",
        "page_of": say(N_("Page {page} of {pages}")),
        "head": [
            [say(N_("Period")), days],
            [say(N_("Scope")), scope],
            [say(N_("Made")), _made(made, words)],
        ],
        "sentence": "",
        "compared": "",
        "figures": [],
        "pictures": [],
        "parts": [],
        "meanings": say(N_("What the figures mean")),
        "definitions": [],
    }


def _made(made: Made, words: ReportWords) -> str:
    at = words.instant(made.at)
    if made.by.is_system:
        return at
    return words.say(N_("%(at)s, for %(name)s")) % {"at": at, "name": made.by.name}
