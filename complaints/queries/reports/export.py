"""The deadline report as a file: the same figures as on the page."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from complaints.domain.csv_cells import guard
from complaints.queries.reports.figures import OF_CLOCKS, Report, report_rows
from complaints.queries.reports.rows import Figures

#: Place of the balance → its words.
_PLACES = {
    "received": "Keluhan diterima",
    "kept": "Ditepati",
    "missed_settled": "Lewat tenggat, sudah selesai",
    "missed_open": "Lewat tenggat, belum selesai",
    "running": "Berjalan",
    "paused": "Dijeda",
    "withdrawn": "Dicabut",
    "referred": "Dialihkan ke lembaga lain",
    "duplicate": "Ganda",
    "no_promise": "Selesai tanpa janji",
    "missed": "Lewat tenggat",
    "taken_over": "Diambil alih, sudah selesai",
}


#: Way round → its words.
_WAYS = {
    "extension": "Perpanjangan",
    "pause": "Jeda",
    "withdrawal": "Pencabutan",
    "duplicate": "Keluhan ganda",
    "unable": "Langkah yang tidak dapat dilakukan",
    "override": "Prioritas diubah",
    "left_out": "Unit tidak dilibatkan",
    "backdated": "Dicatat dengan waktu mundur",
    "approval": "Keputusan atas penawaran",
    "drop": "Tugas dibatalkan",
    "courtesy": "Teks dikirim walau kurang santun",
}


def report_csv(report: Report) -> str:
    """The report as CSV: its lines, the total, then every other part, told by its key.

    The key of a part's line begins with the part, as in `balance/kept`; its number stands under
    `count`, and what a kind of clock was met or missed under the columns of the lines.
    """
    out = io.StringIO()
    columns = ["key", "label", *Figures().as_json(), "count"]
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    total = {"key": "total", "label": "Total", **report.total.as_json()}
    for row in [*report_rows(report.rows), total, *_other_parts(report)]:
        writer.writerow({k: guard(v) if isinstance(v, str) else v for k, v in row.items()})
    return out.getvalue()


def _other_parts(report: Report) -> Iterator[dict[str, Any]]:
    """What the report says beside its lines, a row each."""
    for place, count in report.balance.as_json().items():
        yield {"key": f"balance/{place}", "label": _PLACES[place], "count": count}
    for row in report.clocks:
        judged = {name: row.figures.as_json()[name] for name in OF_CLOCKS}
        yield {"key": f"clock/{row.key}", "label": row.label_id, **judged}
    for way in report.ways_round.as_json():
        label = _WAYS[way["kind"]]
        yield {"key": f"way/{way['kind']}", "label": label, "count": way["count"]}
        for each in way["people"]:
            key = f"way/{way['kind']}/{each['email']}"
            yield {"key": key, "label": each["name"], "count": each["count"]}
    stopped = report.stopped
    yield {"key": "paused/seconds", "label": "Waktu jeda (detik)", "count": stopped.paused_seconds}
    for stood, count in stopped.withdrawals.items():
        yield {"key": f"withdrawal/{stood}", "label": "Pencabutan", "count": count}
    for level in report.escalations:
        for name, count in level.as_json().items():
            if name != "level":
                key = f"escalation/{level.level}/{name}"
                yield {"key": key, "label": f"Jenjang {level.level}", "count": count}
    for name, count in report.first_contact.as_json().items():
        yield {
            "key": f"first_contact/{name}",
            "label": "Kontak pertama",
            "count": count,
        }
    for owner in report.commitments:
        for name in ("kept", "missed", "dropped", "open"):
            key = f"commitment/{name}/{owner.kind}"
            yield {"key": key, "label": owner.label_id, "count": getattr(owner, name)}
    for line in report.money:
        for name, count in line.as_json().items():
            if name != "name":
                yield {"key": f"money/{name}", "label": line.name, "count": count}
