"""The tables of the deadline report on A4, in their order, and the form of each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from complaints.documents.reporting.pictures import ReportLine
from complaints.documents.reporting.words import (
    DIVISIONS,
    ReportWords,
)
from complaints.domain.errors import N_
from complaints.queries.reports.figures import Report
from complaints.queries.reports.rows import Figures
from complaints.queries.reports.words import EXITS, PAST_DUE, PLACES, STANDINGS

#: A table on paper has so many lines; it says how many more there are.
MOST_LINES = 200
#: Head → millimetres: its longest word is wider than a ninth of the page; 0 is what is left.
ESCALATION_HEADS: Mapping[str, int] = {
    "Level": 0,
    "Raised": 17,
    "By hand": 15,
    "Acknowledged": 25,
    "Not acknowledged": 25,
    "Median": 18,
    "Nine in ten": 18,
    "Longest": 18,
    "Still waiting, longest": 20,
}


def parts_of(
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
    yield as_part("commitments", heads, owners, words)
    yield _escalations(report, words)
    yield from _handling(report, words)
    contact = report.first_contact
    heads = ("First contact resolution", "Resolved at first contact", "Taken in conversation")
    row = [
        words.share(contact.resolved, contact.possible - contact.resolved),
        words.number(contact.resolved),
        words.number(contact.possible),
    ]
    yield as_part("contact", heads, [row], words) | {"numbers_from": 0}
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
    return as_table(*words.part(part), heads, table, words)


def _balance(report: Report, words: ReportWords) -> dict[str, Any]:
    balance, say = report.balance, words.say
    rows = [
        [say(PLACES[name]), words.number(count)]
        for name, count in balance.places.items()
        if count or name != "no_promise"
    ]
    found = as_part("balance", ("Latest promise", "Complaints"), rows, words)
    found["foot"] = [
        [say(N_("Total: complaints received")), words.number(balance.received)],
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
    found = as_part("first", ("Judged by", "Kept", "Missed", "On time"), rows, words)
    moved = say(N_("Promises due in the period whose date was moved later after it was told:"))
    found["note"] = f"{moved} {words.number(total.moved)}"
    return found


def _again(total: Figures, words: ReportWords) -> dict[str, Any]:
    rows = [_decided(total.again_kept, total.again_missed, words)]
    return as_part("again", ("Kept", "Missed", "On time"), rows, words) | {"numbers_from": 0}


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
    made = as_part("exceptions", ("Kind", "Count", "By"), rows, words)
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
    found = as_part("escalations", list(ESCALATION_HEADS), rows, words)
    return found | {"widths": list(ESCALATION_HEADS.values())}


def _handling(report: Report, words: ReportWords) -> Iterable[dict[str, Any]]:
    say, handling, ageing = words.say, report.handling, report.ageing
    spans = (handling.median_seconds, handling.p90_seconds, handling.longest_seconds)
    row = [words.number(handling.closed), *map(words.duration, spans)]
    heads = ("Closed", "Median", "Nine in ten", "Longest")
    yield as_part("handling", heads, [row], words) | {"numbers_from": 0}
    ages = []
    for age in ageing.lines:
        name = f"{age.from_days}–{age.to_days}"
        if age.to_days is None:
            name = say(N_("%(count)s and more")) % {"count": age.from_days}
        ages.append([name, words.number(age.open)])
    days = [say(N_("Days since receipt")), say(N_("Open complaints"))]
    open_ones = as_table(say(N_("Open complaints by days since receipt")), "", days, ages, words)
    together = say(N_("Total"))
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
    return as_part("money", heads, rows, words)


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


def as_part(
    part: str, heads: Sequence[str], rows: Sequence[Sequence[str]], words: ReportWords
) -> dict[str, Any]:
    return as_table(*words.part(part), [words.say(_HEADS[each]) for each in heads], rows, words)


def as_table(
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
        note = words.say(N_("Nothing in this period."))
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
