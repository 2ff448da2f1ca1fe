"""The deadline report as a file: the same figures as on the page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from complaints.domain.csv_cells import CsvForm
from complaints.domain.errors import N_
from complaints.formatting import ENGLISH, INDONESIAN
from complaints.queries.reports.balance import KEPT_DATED_BACK, RECEIVED
from complaints.queries.reports.exceptions import BY_CUSTOMERS
from complaints.queries.reports.figures import SAID_OF_CLOCKS, Report, report_rows
from complaints.queries.reports.rows import Figures
from complaints.queries.reports.table import Table
from complaints.queries.reports.words import BY_CUSTOMER, EXITS, PAST_DUE, PLACES, STANDINGS

_PARTS = {
    RECEIVED: N_("Received"),
    "missed": N_("Missed"),
    KEPT_DATED_BACK: N_("Of the kept: written down only after the deadline"),
    "paused": N_("Time paused, in seconds"),
    "withdrawal": N_("Withdrawal"),
    "level": N_("Level %(level)s"),
    "contact": N_("First contact resolution"),
    "handling": N_("Handling time of complaints closed, in working seconds"),
    "open": N_("Open complaints by days since receipt"),
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """The report in the language of whoever reads it; `say` translates a text of the catalogue."""

    report: Report
    say: Callable[[str], str]
    lang: str = INDONESIAN

    def label(self, item: Any) -> str:
        """The words of anything that has them in both languages."""
        return str(item.label_en if self.lang == ENGLISH else item.label_id)


def report_csv(
    report: Report,
    say: Callable[[str], str],
    lang: str = INDONESIAN,
    form: CsvForm = CsvForm.PLAIN,
) -> str:
    """The report as CSV."""
    return report_table(report, say, lang).as_csv(form)


def report_table(report: Report, say: Callable[[str], str], lang: str = INDONESIAN) -> Table:
    """The report as one table: its lines, the total, then every other part, told by its key.

    The key of a part's line begins with the part, as in `balance/kept`; its number stands under
    `count`, and what a kind of clock was met or missed under the columns of the lines.
    """
    file = ReportFile(report, say, lang)
    columns = ["key", "label", *Figures().as_json(), "count"]
    lines = [
        {**line, "label": file.label(row)}
        for line, row in zip(report_rows(report.rows), report.rows, strict=True)
    ]
    total = {"key": "total", "label": "Total", **report.total.as_json()}
    return Table(columns, [*lines, total, *_other_parts(file)])


def _other_parts(file: ReportFile) -> Iterator[dict[str, Any]]:
    """What the report says beside its lines, a row each."""
    report, say = file.report, file.say
    yield {"key": "days", "label": f"{report.from_on} – {report.to_on}"}
    yield {"key": "zones", "label": ", ".join(report.zones)}
    words = {**_PARTS, **PLACES}
    for place, count in report.balance.as_json().items():
        yield {"key": f"balance/{place}", "label": say(words[place]), "count": count}
    for row in report.clocks:
        judged = {name: row.figures.as_json()[name] for name in SAID_OF_CLOCKS}
        yield {"key": f"clock/{row.key}", "label": file.label(row), **judged}
    for exit in report.exceptions.as_json():
        kind = exit["kind"]
        for name, part in ((kind, "count"), (PAST_DUE, "past_due")):
            if part == "count" or kind == "backdated":
                yield {"key": f"exception/{name}", "label": say(EXITS[name]), "count": exit[part]}
                for each in exit["people"]:
                    if each[part]:
                        key = f"exception/{name}/{each['key']}"
                        is_customers = each["key"] == BY_CUSTOMERS
                        label = say(BY_CUSTOMER) if is_customers else each["name"]
                        yield {"key": key, "label": label, "count": each[part]}
    stopped = report.stopped
    yield {
        "key": "paused/seconds",
        "label": say(words["paused"]),
        "count": stopped.paused_seconds,
    }
    for stood, count in stopped.withdrawals.items():
        label = f"{say(words['withdrawal'])}: {say(STANDINGS[stood])}"
        yield {"key": f"withdrawal/{stood}", "label": label, "count": count}
    for level in report.escalations:
        label = say(words["level"]) % {"level": level.level}
        for name, count in level.as_json().items():
            if name != "level":
                yield {"key": f"escalation/{level.level}/{name}", "label": label, "count": count}
    for name, count in report.first_contact.as_json().items():
        yield {"key": f"first_contact/{name}", "label": say(words["contact"]), "count": count}
    for name, value in report.handling.as_json().items():
        yield {"key": f"handling/{name}", "label": say(words["handling"]), "count": value}
    for age in report.ageing.lines:
        until = "" if age.to_days is None else age.to_days
        yield {
            "key": f"open/{age.from_days}-{until}",
            "label": say(words["open"]),
            "count": age.open,
        }
    if report.compared is not None:
        for part, stretch in (("period", report.compared.here), ("before", report.compared.before)):
            label = f"{stretch.from_on} – {stretch.to_on}"
            for name, value in stretch.as_json().items():
                if name not in ("from", "to"):
                    yield {"key": f"compared/{part}/{name}", "label": label, "count": value}
    for owner in report.commitments:
        for name in ("kept", "missed", "dropped", "open"):
            key = f"commitment/{name}/{owner.kind}/{owner.key}"
            yield {"key": key, "label": file.label(owner), "count": getattr(owner, name)}
    for line in report.money:
        for name, count in line.as_json().items():
            if name not in ("name", "email"):
                yield {"key": f"money/{name}/{line.email}", "label": line.name, "count": count}
