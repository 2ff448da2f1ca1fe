"""The form of an authority as a table, CSV and workbook; what no record holds stays empty."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from complaints.documents.reporting.words import ReportWords
from complaints.documents.workbooks import Column, Sheet, write_workbook
from complaints.domain.config.regulator_forms import BALANCE
from complaints.domain.errors import N_
from complaints.formatting import say_date
from complaints.queries.regulators.report import Line, RegulatorReport
from complaints.queries.reports.table import Table

#: Division → words.
DIVISIONS: Mapping[str, str] = {
    "product": N_("Product"),
    "group": N_("Kind of problem"),
    "category": N_("Category"),
    "channel": N_("Channel"),
    "team": N_("Unit"),
}
#: Column → words.
COUNTED: Mapping[str, str] = {
    "open_at_start": N_("Open at the start"),
    "received": N_("Received"),
    "reopened": N_("Opened again"),
    "closed": N_("Closed"),
    "withdrawn": N_("Withdrawn"),
    "referred": N_("Referred elsewhere"),
    "duplicate": N_("Duplicate"),
    "open_at_end": N_("Open at the end"),
    "overdue_at_end": N_("Open at the end and past the limit"),
    "median_days": N_("Working days until closing, median"),
}
MEANINGS = (
    N_(
        "Counted are the complaints handled under this rule: open at the start + received + opened "
        "again = closed + withdrawn + referred elsewhere + duplicate + open at the end, in every "
        "line."
    ),
    N_(
        "A complaint belongs to the product, kind of problem, channel and unit that it has now. "
        "One that was closed and opened again in the same quarter counts once, as it stood at "
        "the end."
    ),
    N_("Working days are those after the day of receipt until the day of closing."),
)


def form_heads(report: RegulatorReport, words: ReportWords) -> dict[str, str]:
    """Column → its head, in the order of the file; `unknown/…` stay empty."""
    form, say = report.form, words.say
    heads = {name: say(DIVISIONS[name]) for name in form.divisions}
    heads |= {name: say(COUNTED[name]) for name in form.columns}
    heads |= {f"within_{band}": within(band, say) for band in form.bands}
    if form.bands:
        beyond = say(N_("Closed after more than %(days)s working days"))
        heads["within_more"] = beyond % {"days": form.bands[-1]}
    heads |= {f"unknown/{at}": each.label(words.lang) for at, each in enumerate(form.unknown)}
    return heads


def within(band: int, say: Any) -> str:
    """The head of a band."""
    words: str = say(N_("Closed within %(days)s working days")) % {"days": band}
    return words


def form_rows(report: RegulatorReport, words: ReportWords) -> list[dict[str, Any]]:
    """The lines and their total, what is known of each."""
    rows = [_row(report, each, words) for each in report.lines]
    first = report.form.divisions[0]
    return [*rows, {**_row(report, report.total, words), first: words.say(N_("Total"))}]


def form_table(report: RegulatorReport, words: ReportWords) -> Table:
    """The form as one table, its heads in the reader's language."""
    heads = form_heads(report, words)
    rows = [
        {words_: row.get(name) for name, words_ in heads.items()}
        for row in form_rows(report, words)
    ]
    return Table(list(heads.values()), rows, report.rules.home_zone)


def form_workbook(report: RegulatorReport, words: ReportWords) -> bytes:
    """The form as a workbook, with the balance and what is left empty said above it."""
    heads = form_heads(report, words)
    rows = form_rows(report, words)
    columns = [
        Column(name, head, 30 if place == 0 else 16)
        for place, (name, head) in enumerate(heads.items())
    ]
    below = words.say(N_("Rows: %(count)s")) % {"count": len(rows)}
    title = f"{report.form.authority} {report.quarter}"
    return write_workbook(
        [Sheet(title, columns, rows, form_notes(report, words), below)], report.rules.home_zone
    )


def form_notes(report: RegulatorReport, words: ReportWords) -> list[str]:
    """What has to be said with the form: days, due day, balance, what is empty, the source."""
    form, say = report.form, words.say
    quarter = report.quarter
    notes = [
        form.label(words.lang),
        words.days(quarter.from_on, quarter.to_on, is_short=True),
    ]
    if not report.is_over:
        still = say(N_("The quarter still runs; counted until %(at)s."))
        notes.append(still % {"at": words.instant(report.until)})
    if form.due_day:
        due = say_date(
            date(quarter.after.year, quarter.after.from_on.month, form.due_day), words.lang
        )
        notes.append(say(N_("To be sent by %(day)s.")) % {"day": due})
    notes.append(balance_said(report.total, words))
    notes += [say(each) for each in MEANINGS]
    if form.unknown:
        empty = ", ".join(each.label(words.lang) for each in form.unknown)
        notes.append(
            say(N_("Left empty, because it is not recorded: %(names)s.")) % {"names": empty}
        )
    notes.append(form.source(words.lang))
    return notes


def balance_said(line: Line, words: ReportWords) -> str:
    """`Belum selesai di awal 3 + diterima 5 = selesai 6 + belum selesai di akhir 2`."""
    sides = (
        " + ".join(
            f"{words.say(COUNTED[name])} {words.number(line.counts.get(name, 0))}" for name in side
        )
        for side in BALANCE
    )
    return " = ".join(sides)


def _row(report: RegulatorReport, line: Line, words: ReportWords) -> dict[str, Any]:
    form = report.form
    row: dict[str, Any] = {
        name: _label(report, name, key, words)
        for name, key in zip(form.divisions, line.key, strict=False)
    }
    row |= {name: line.value(name) for name in form.columns}
    row |= {f"within_{band}": line.value(f"within_{band}") for band in form.bands}
    if form.bands:
        row["within_more"] = line.value("within_more")
    return row


def _label(report: RegulatorReport, name: str, key: str, words: ReportWords) -> str:
    """The words of a code; what no list knows is shown as it is, nothing says so."""
    rules = report.rules
    known: Mapping[str, Any] = {
        "product": rules.organisation.products,
        "group": rules.taxonomy.groups,
        "category": rules.taxonomy.categories,
        "channel": rules.taxonomy.channels,
        "team": rules.teams_by_code,
    }[name]
    if not key:
        return words.say(N_("Not stated"))
    return words.label(known[key]) if key in known else key
