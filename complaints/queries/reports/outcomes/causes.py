"""Why customers complain: confirmed causes of complaints received, the most frequent first."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_
from complaints.models import Complaint
from complaints.queries.lists.filters import NONE
from complaints.queries.reports.outcomes.division import Found, found_by
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section, share
from complaints.queries.reports.parts import Asked
from complaints.queries.scope import in_scope


def find_causes(session: Session, asked: Asked) -> Found:
    """One query: the complaints received by cause."""
    query = (
        select(Complaint.confirmed_cause, func.count().label("times"))
        .select_from(Complaint)
        .where(asked.period.holds(Complaint.received_at), in_scope(asked.actor))
        .group_by(Complaint.confirmed_cause)
    )
    return {"causes": session.execute(found_by(query, asked, Complaint.received_at)).all()}


def build_causes(found: Found, asked: Asked) -> list[Section]:
    """The counts with what they make up so far."""
    counts: Counter[str] = Counter()
    for row in found["causes"]:
        counts[row.confirmed_cause or ""] += row.times
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
                Column("so_far", N_("So far"), Kind.PART, of_whole=True),
            ],
            lines,
            whole,
        )
    ]
