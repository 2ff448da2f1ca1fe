"""The deadline report as the tables that a management review keeps; nothing is counted here."""

from collections.abc import Iterator, Sequence
from datetime import date

from complaints.domain.errors import N_
from complaints.formatting import ENGLISH, INDONESIAN, say_date_short
from complaints.queries.reports.figures import Report
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section
from complaints.queries.reports.rows import Figures, ReportRow
from complaints.queries.reports.words import EXITS, PAST_DUE, PLACES

_COLUMNS = (
    Column("received", N_("Received")),
    Column("on_time", N_("On time"), Kind.SHARE),
    Column("count", N_("Kept")),
    Column("missed", N_("Missed")),
    Column("late_open", N_("Still open and late")),
    Column("moved", N_("Dates moved")),
)
_JUDGED = (
    Column("count", N_("Kept")),
    Column("missed", N_("Missed")),
    Column("on_time", N_("On time"), Kind.SHARE),
)


def promise_sections(report: Report, *, of_all: bool) -> Iterator[Section]:
    """Promises by category and, of all branches, by branch; how they are judged; and exceptions."""
    yield _divided(
        "categories", N_("Complaints and promises by category"), N_("Category"), report.rows, report
    )
    if of_all and len(report.branches) > 1:
        yield _divided(
            "branches",
            N_("Complaints and promises by branch"),
            N_("Branch"),
            report.branches,
            report,
        )
    yield _judged(report)
    if report.compared is not None:
        yield _compared(report)
    yield _balance(report)
    yield _handling(report)
    yield _exceptions(report)


def _divided(
    key: str, title: str, first: str, rows: Sequence[ReportRow], report: Report
) -> Section:
    return Section(
        key,
        title,
        N_(
            "Received: complaints that came in during the period. Kept and missed: promises told "
            "to the customer that fell due in it. On time = kept ÷ (kept + missed)."
        ),
        first,
        _COLUMNS,
        [
            _promises(each.key, each.figures, label_id=each.label_id, label_en=each.label_en)
            for each in rows
        ],
        _promises("total", report.total, name=N_("Total")),
    )


def _promises(
    key: str, figures: Figures, *, name: str = "", label_id: str = "", label_en: str = ""
) -> Line:
    values = {
        "received": figures.received,
        "on_time": figures.as_json()["on_time"],
        "count": figures.met,
        "missed": figures.breached,
        "late_open": figures.late_open,
        "moved": figures.moved,
    }
    return Line(key, values, name, label_id, label_en, sample=figures.decided)


def _judged(report: Report) -> Section:
    total = report.total
    found = (
        ("last", N_("By the date told last"), total.met, total.breached, "on_time"),
        (
            "first",
            N_("By the date told first"),
            total.first_kept,
            total.first_missed,
            "first_on_time",
        ),
        ("again", N_("After a reopening"), total.again_kept, total.again_missed, "again_on_time"),
    )
    shares = total.as_json()
    lines = [
        Line(
            key,
            {"count": kept, "missed": missed, "on_time": shares[share]},
            name,
            sample=kept + missed,
        )
        for key, name, kept, missed, share in found
    ]
    return Section(
        "judged",
        N_("Promises by the first and by the last date"),
        N_(
            "The same promises judged by the date told to the customer first and last. Of a "
            "complaint that was opened again, kept promises count in the last line only."
        ),
        N_("Judged by"),
        _JUDGED,
        lines,
    )


def _days(from_on: date, to_on: date, lang: str) -> str:
    return f"{say_date_short(from_on, lang)} – {say_date_short(to_on, lang)}"


def _compared(report: Report) -> Section:
    assert report.compared is not None
    lines = [
        _promises(
            key,
            each.figures,
            label_id=_days(each.from_on, each.to_on, INDONESIAN),
            label_en=_days(each.from_on, each.to_on, ENGLISH),
        )
        for key, each in (("here", report.compared.here), ("before", report.compared.before))
    ]
    return Section(
        "compared",
        N_("The period and the one before"),
        N_("As many days before the period, counted alike."),
        N_("Period"),
        _COLUMNS,
        lines,
    )


def _balance(report: Report) -> Section:
    balance = report.balance
    lines = [Line(key, {"count": count}, PLACES[key]) for key, count in balance.places.items()]
    return Section(
        "balance",
        N_("What became of the complaints received in the period"),
        N_("Each complaint received once, by its latest promise."),
        N_("Latest promise"),
        [Column("count", N_("Complaints"))],
        lines,
        Line("total", {"count": balance.received}, N_("Total: complaints received")),
    )


def _handling(report: Report) -> Section:
    handling = report.handling
    values = {
        "count": handling.closed,
        "median_seconds": handling.median_seconds,
        "p90_seconds": handling.p90_seconds,
        "longest_seconds": handling.longest_seconds,
    }
    return Section(
        "handling",
        N_("Handling time"),
        N_("Working time from receipt to closing, of the complaints closed in the period."),
        N_("Complaints"),
        [
            Column("count", N_("Closed")),
            Column("median_seconds", N_("Median"), Kind.TIME),
            Column("p90_seconds", N_("Nine in ten"), Kind.TIME),
            Column("longest_seconds", N_("Longest"), Kind.TIME),
        ],
        [Line("closed", values, N_("Closed in the period"), sample=handling.closed)],
    )


def _exceptions(report: Report) -> Section:
    counts = report.exceptions.counts
    lines = [
        Line(kind, {"count": counts[kind]}, name)
        for kind, name in EXITS.items()
        if counts[kind] and kind != PAST_DUE
    ]
    return Section(
        "exceptions",
        N_("Exceptions"),
        N_("Dates moved, deadlines paused, steps left out and entries dated back in the period."),
        N_("Kind"),
        [Column("count", N_("Count"))],
        lines,
    )
