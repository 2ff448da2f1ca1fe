"""Why customers complain: confirmed causes of complaints received, the most frequent first."""

from sqlalchemy.orm import Session

from complaints.domain.errors import N_
from complaints.queries.lists.filters import NONE
from complaints.queries.reports.counting import count_received
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section, share
from complaints.queries.reports.parts import Asked


def read_causes(session: Session, asked: Asked) -> list[Section]:
    """One query: the counts of the deadline report by cause, with what they make up so far."""
    counts: dict[str, int] = {}
    for row in session.execute(count_received(asked.actor, asked.period, "cause")):
        counts[row.key or ""] = counts.get(row.key or "", 0) + row.received
    unknown = counts.pop("", 0)
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    known, seen, lines = sum(counts.values()), 0, []
    for code, count in ordered:
        seen += count
        item = asked.rules.taxonomy.causes.get(code)
        lines.append(
            Line(
                code,
                {"count": count, "share": share(count, known), "so_far": share(seen, known)},
                label_id=item.label_id if item else code,
                label_en=item.label_en if item else code,
                behind={"count": "received"},
                asked={"cause": code},
                sample=known,
            )
        )
    lines.append(
        Line(
            NONE,
            {"count": unknown},
            N_("No confirmed cause"),
            behind={"count": "received"},
            asked={"cause": NONE},
        )
    )
    whole = Line(
        "total",
        {"count": known + unknown},
        N_("Total: complaints received"),
        behind={"count": "received"},
    )
    return [
        Section(
            "causes",
            N_("Causes"),
            N_(
                "Complaints received in the period by the cause confirmed last, the most frequent "
                "first. Shares are of the complaints that have a confirmed cause."
            ),
            N_("Cause"),
            [
                Column("count", N_("Complaints")),
                Column("share", N_("Share"), Kind.SHARE),
                Column("so_far", N_("So far"), Kind.PART),
            ],
            lines,
            whole,
        )
    ]
