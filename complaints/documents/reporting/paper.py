"""The reports on A4: what the form `templates/documents/report.typ` is filled with.

Every figure of the page stands here as the page says it, with its meaning, the period, whose
complaints were counted, and who made it when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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
from complaints.queries.reports.rows import Figures
from complaints.queries.reports.words import EXITS, PAST_DUE, PLACES, STANDINGS

#: A table on paper has so many lines; it says how many more there are.
MOST_LINES = 200
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
    data = _frame(say(N_("Deadline report")), report.from_on, report.to_on, made, words)
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
    data["parts"] = list(_parts(report, by, months, rows, words))
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
    data = _frame(say(N_("Exceptions")), report.from_on, report.to_on, made, words)
    data["sentence"] = say(N_("Count: %(count)s")) % {"count": words.number(len(report.items))}
    data["definitions"] = [words.part("exceptions")[1]]
    kinds: dict[str, int] = {}
    for each in report.items:
        kinds[each.kind] = kinds.get(each.kind, 0) + 1
    if report.items:
        counted = [[codes.kind(kind), words.number(kinds[kind])] for kind in EXITS if kind in kinds]
        data["parts"] = [
            _table(say(N_("By kind")), "", [say(N_("Kind")), say(N_("Count"))], counted, words)
        ]
        items = [_exit_cells(each, words, codes) for each in report.items]
        heads = ("Complaint", "Time", "Kind", "By", "Reason", "Approved or signed by")
        one_by_one = _table(
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


def _frame(
    title: str, from_on: date, to_on: date, made: Made, words: ReportWords
) -> dict[str, Any]:
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


def _parts(
    report: Report,
    by: str,
    months: Sequence[ReportLine],
    rows: Sequence[ReportLine],
    words: ReportWords,
) -> Iterable[dict[str, Any]]:
    """The tables of the page in their order."""
    say = words.say
    if by != "month" and len(months) > 1:
        yield _lines("trend", say(N_("Month")), months, words)
    yield _lines("where", say(DIVISIONS[by]), rows, words, is_all=by != "clock")
    yield _balance(report, words)
    yield _first(report.total, words)
    yield _again(report.total, words)
    clocks = [ReportLine(row.key, words.label(row), row.figures) for row in report.clocks]
    yield _lines("clocks", say(N_("Deadline")), clocks, words, is_all=False)
    yield _exceptions(report, words)
    heads: Sequence[str] = ("Owner", "Kept", "Missed", "Dropped", "Still open")
    owners = [
        [words.label(each), *map(words.number, (each.kept, each.missed, each.dropped, each.open))]
        for each in report.commitments
    ]
    yield _part("commitments", heads, owners, words)
    yield _escalations(report, words)
    yield from _handling(report, words)
    contact = report.first_contact
    heads = ("First contact resolution", "Resolved at first contact", "Taken in conversation")
    row = [
        words.share(contact.resolved, contact.possible - contact.resolved),
        words.number(contact.resolved),
        words.number(contact.possible),
    ]
    yield _part("contact", heads, [row], words) | {"numbers_from": 0}
    yield _money(report, words)


def _lines(
    part: str,
    first: str,
    lines: Sequence[ReportLine],
    words: ReportWords,
    is_all: bool = True,
) -> dict[str, Any]:
    """Figures of lines, as the page has them in one grid."""
    say = words.say
    heads = [first, say(N_("On time"))]
    heads += [say(N_("Received"))] if is_all else []
    heads += [say(N_("Kept")), say(N_("Missed")), say(N_("Still open and late"))]
    heads += [say(N_("Dates moved")), say(N_("On time by the first date"))] if is_all else []
    table = []
    for line in lines:
        figures = line.figures
        share = words.share(figures.met, figures.breached) if figures.has_share else "–"
        cells = [line.words, share]
        cells += [words.number(figures.received)] if is_all else []
        cells += map(words.number, (figures.met, figures.breached, figures.late_open))
        if is_all:
            cells.append(words.number(figures.moved))
            cells.append(words.share(figures.first_kept, figures.first_missed))
        table.append(cells)
    return _table(*words.part(part), heads, table, words)


def _balance(report: Report, words: ReportWords) -> dict[str, Any]:
    balance, say = report.balance, words.say
    rows = [
        [say(PLACES[name]), words.number(count)]
        for name, count in balance.places.items()
        if count or name != "no_promise"
    ]
    found = _part("balance", ("Latest promise", "Complaints"), rows, words)
    found["foot"] = [
        [say(N_("Together: complaints received")), words.number(balance.received)],
    ]
    if balance.kept_dated_back:
        dated = say(N_("Of the kept: written down only after the deadline"))
        found["foot"].append([dated, words.number(balance.kept_dated_back)])
    if balance.taken_over:
        apart = say(N_("ended in another system before we took them over; not judged"))
        apart = f"{say(PLACES['taken_over'])}: {apart}"
        found["foot"].append([apart, words.number(balance.taken_over)])
    return found


def _first(total: Figures, words: ReportWords) -> dict[str, Any]:
    say = words.say
    rows = [
        [say(N_("the date told last")), *_decided(total.met, total.breached, words)],
        [say(N_("the date told first")), *_decided(total.first_kept, total.first_missed, words)],
    ]
    found = _part("first", ("Judged by", "Kept", "Missed", "On time"), rows, words)
    moved = say(N_("Promises due in the period whose date was moved later after it was told:"))
    found["note"] = f"{moved} {words.number(total.moved)}"
    return found


def _again(total: Figures, words: ReportWords) -> dict[str, Any]:
    rows = [_decided(total.again_kept, total.again_missed, words)]
    return _part("again", ("Kept", "Missed", "On time"), rows, words) | {"numbers_from": 0}


def _decided(kept: int, missed: int, words: ReportWords) -> list[str]:
    return [words.number(kept), words.number(missed), words.share(kept, missed)]


def _exceptions(report: Report, words: ReportWords) -> dict[str, Any]:
    """Kinds below one another, each with who took how many: sixteen columns are no table on A4."""
    say, found = words.say, report.exceptions
    rows = []
    for kind, name in EXITS.items():
        if not found.counts[kind]:
            continue
        people = [
            f"{say(N_('Customer')) if each.by_customer else each.name} "
            f"{words.number(each.counts[kind])}"
            for each in found.people
            if each.counts.get(kind)
        ]
        rows.append([say(name), words.number(found.counts[kind]), ", ".join(people)])
    made = _part("exceptions", ("Kind", "Count", "By"), rows, words)
    made |= {"widths": [56, 18, 0], "numbers_from": 1, "numbers_to": 2}
    notes = []
    past_due = found.counts[PAST_DUE]
    if past_due:
        notes.append(
            say(N_("%(name)s: a part of %(whole)s."))
            % {"name": say(EXITS[PAST_DUE]), "whole": say(EXITS["backdated"])}
        )
    if report.stopped.pauses:
        paused = say(N_("Time paused in all, of pauses that are over:"))
        notes.append(f"{paused} {words.duration(report.stopped.paused_seconds)}")
    withdrawn = [
        f"{say(name)} {words.number(report.stopped.withdrawals[stood])}"
        for stood, name in STANDINGS.items()
        if report.stopped.withdrawals[stood]
    ]
    if withdrawn:
        notes.append(say(N_("Withdrawals by how the promise stood:")) + " " + ", ".join(withdrawn))
    made["note"] = "\n".join(filter(None, [made["note"], *notes]))
    return made


def _escalations(report: Report, words: ReportWords) -> dict[str, Any]:
    heads = (
        *("Level", "Raised", "By hand", "Acknowledged", "Not acknowledged"),
        *("Median", "Nine in ten", "Longest", "Still waiting, longest"),
    )
    rows = [
        [
            words.say(N_("Level %(level)s")) % {"level": each.level},
            *map(words.number, (each.raised, each.by_hand, each.acknowledged, each.unanswered)),
            *map(
                words.duration,
                (
                    each.median_seconds,
                    each.p90_seconds,
                    each.longest_seconds,
                    each.waiting_seconds,
                ),
            ),
        ]
        for each in report.escalations
    ]
    return _part("escalations", heads, rows, words)


def _handling(report: Report, words: ReportWords) -> Iterable[dict[str, Any]]:
    say, handling, ageing = words.say, report.handling, report.ageing
    spans = (handling.median_seconds, handling.p90_seconds, handling.longest_seconds)
    row = [words.number(handling.closed), *map(words.duration, spans)]
    heads = ("Closed", "Median", "Nine in ten", "Longest")
    yield _part("handling", heads, [row], words) | {"numbers_from": 0}
    ages = []
    for age in ageing.lines:
        name = f"{age.from_days}–{age.to_days}"
        if age.to_days is None:
            name = say(N_("%(count)s and more")) % {"count": age.from_days}
        ages.append([name, words.number(age.open)])
    days = [say(N_("Days since receipt")), say(N_("Open complaints"))]
    open_ones = _table(say(N_("Open complaints by days since receipt")), "", days, ages, words)
    together = say(N_("Together"))
    if ageing.oldest_days is not None:
        oldest = say(N_("the oldest for %(days)s days")) % {"days": ageing.oldest_days}
        together += f", {oldest}"
    open_ones["foot"] = [[together, words.number(ageing.open)]]
    yield open_ones


def _money(report: Report, words: ReportWords) -> dict[str, Any]:
    def both(count: int, amount: int) -> str:
        return f"{words.number(count)}\n{words.money(amount)}" if count or amount else "0"

    rows = [
        [
            each.name,
            both(each.given, each.given_amount),
            both(each.agreed, each.agreed_amount),
            both(each.asked, each.asked_amount),
            both(each.approved, each.approved_amount),
            words.number(each.rejected),
        ]
        for each in report.money
    ]
    heads = (
        *("By", "Given", "Accepted by the customer", "Asked for"),
        *("Decided: approved", "Decided: rejected"),
    )
    return _part("money", heads, rows, words)


#: Heads of tables that are asked for by their English text.
_HEADS: Mapping[str, str] = {
    name: name
    for name in (
        *(N_("Owner"), N_("Kept"), N_("Missed"), N_("Dropped"), N_("Still open")),
        *(N_("Latest promise"), N_("Complaints"), N_("Judged by"), N_("On time")),
        *(N_("Kind"), N_("Count"), N_("By"), N_("Level"), N_("Raised"), N_("By hand")),
        *(N_("Acknowledged"), N_("Not acknowledged"), N_("Median"), N_("Nine in ten")),
        *(N_("Longest"), N_("Still waiting, longest"), N_("Closed")),
        *(N_("First contact resolution"), N_("Resolved at first contact")),
        *(N_("Taken in conversation"), N_("Given"), N_("Accepted by the customer")),
        *(N_("Asked for"), N_("Decided: approved"), N_("Decided: rejected")),
        *(N_("Complaint"), N_("Time"), N_("Reason"), N_("Approved or signed by")),
    )
}


def _part(
    part: str, heads: Sequence[str], rows: Sequence[Sequence[str]], words: ReportWords
) -> dict[str, Any]:
    return _table(*words.part(part), [words.say(_HEADS[each]) for each in heads], rows, words)


def _table(
    title: str,
    meaning: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    words: ReportWords,
    most: int = MOST_LINES,
) -> dict[str, Any]:
    """A table of the form: the first column is text, the others are numbers; empty says so.

    `widths` are millimetres, 0 for what is left; empty lets the form share the width out.
    """
    more = max(0, len(rows) - most)
    note = ""
    if more:
        note = words.say(N_("Lines not printed, in the workbook only: %(count)s")) % {
            "count": words.number(more)
        }
    if not rows:
        note = words.say(N_("None in this period."))
    return {
        "title": title,
        "meaning": meaning,
        "heads": list(heads),
        "rows": [list(row) for row in rows[:most]],
        "foot": [],
        "note": note,
        "widths": [],
        "numbers_from": 1,
        "numbers_to": len(heads),
    }
