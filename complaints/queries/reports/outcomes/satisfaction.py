"""What customers who answered say of how they were dealt with, and what was done about low ratings.

Three sets: complaints closed in the period, surveys that left in it, and ratings given in it,
whether asked for or not.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from complaints.domain.customer_page.ratings import LOW
from complaints.domain.errors import N_
from complaints.domain.permissions import Actor
from complaints.models import Complaint, Note, OutboxMessage, Rating
from complaints.queries.reports.outcomes.closings import (
    closings_section,
    counted_closings,
    survey_key,
)
from complaints.queries.reports.outcomes.division import Found, found_by
from complaints.queries.reports.outcomes.items import counted_items, items_section
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Named, Section, share
from complaints.queries.reports.parts import Asked
from complaints.queries.reports.period import Period
from complaints.queries.scope import joined_in_scope

SCORES = (5, 4, 3, 2, 1)
#: What became of a survey → words.
SURVEYS: Mapping[str, str] = {
    "answered": N_("Answered"),
    "unanswered": N_("Not answered so far"),
    "came_back": N_("Came back as undeliverable"),
}
#: What became of a low rating → words.
FOLLOWED: Mapping[str, str] = {
    "followed": N_("Followed up: an internal note by another colleague, or opened again"),
    "waiting": N_("Waiting for an internal note by another colleague"),
}
#: Written out, not bound: only so do both databases recognise their partial indexes.
_IS_SURVEY: ColumnElement[bool] = literal_column("outbox.kind = 'survey'")
_IS_LOW: ColumnElement[bool] = literal_column(f"ratings.overall <= {LOW}")
_IS_INTERNAL: ColumnElement[bool] = literal_column("notes.direction = 'internal'")


def find_satisfaction(session: Session, asked: Asked) -> Found:
    """Four queries: over closings, surveys that left, and ratings given, twice."""
    actor, period = asked.actor, asked.period
    became = became_of_survey().label("became")
    left = surveys(actor, period, became, func.count().label("times")).group_by(became)
    given = ratings(
        actor,
        period,
        Rating.overall,
        is_followed().label("is_followed"),
        was_asked().label("was_asked"),
        func.count().label("times"),
    ).group_by("overall", "is_followed", "was_asked")
    closed = counted_closings(actor, period)
    items = counted_items(ratings(actor, period))
    return {
        "closings": session.execute(found_by(closed, asked, Complaint.closed_at)).all(),
        "items": session.execute(found_by(items, asked, Rating.at)).all(),
        "surveys": session.execute(found_by(left, asked, OutboxMessage.sent_at)).all(),
        "ratings": session.execute(found_by(given, asked, Rating.at)).all(),
    }


def build_satisfaction(found: Found, asked: Asked) -> list[Section]:
    """Who was asked, what they say, and the low ratings."""
    counts: Counter[str] = Counter()
    for row in found["surveys"]:
        counts[row.became] += row.times
    rows = found["ratings"]
    return [
        closings_section(found["closings"]),
        _surveys(counts),
        _scores(rows),
        items_section(found["items"]),
        _low(rows),
    ]


def surveys(actor: Actor, period: Period, *columns: Any) -> Select[Any]:
    """Surveys that left in the period within the scope."""
    return (
        select(*columns)
        .select_from(OutboxMessage)
        .join(Complaint, Complaint.id == OutboxMessage.complaint_id)
        .where(_IS_SURVEY, period.holds(OutboxMessage.sent_at), joined_in_scope(actor))
    )


def ratings(actor: Actor, period: Period, *columns: Any) -> Select[Any]:
    """Ratings given in the period within the scope."""
    return (
        select(*columns)
        .select_from(Rating)
        .join(Complaint, Complaint.id == Rating.complaint_id)
        .where(period.holds(Rating.at), joined_in_scope(actor))
    )


def became_of_survey() -> ColumnElement[str]:
    """The one place of a survey that left."""
    is_answered = (
        select(Rating.id)
        .where(
            Rating.complaint_id == OutboxMessage.complaint_id,
            OutboxMessage.key == survey_key(Rating.complaint_id, Rating.cycle),
        )
        .correlate(OutboxMessage)
        .exists()
    )
    return case(
        (is_answered, literal("answered")),
        (OutboxMessage.state == "bounced", literal("came_back")),
        else_=literal("unanswered"),
    )


def was_asked() -> ColumnElement[bool]:
    """Whether a survey about this closing had left."""
    return (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.key == survey_key(Rating.complaint_id, Rating.cycle),
            OutboxMessage.sent_at.is_not(None),
        )
        .correlate(Rating)
        .exists()
    )


def is_followed() -> ColumnElement[bool]:
    """Whether somebody else than who was rated wrote an internal note since, or it is open again.

    A note is under somebody's name, in the history, and may be written on what has ended.
    """
    noted = (
        select(Note.id)
        .where(
            Note.complaint_id == Rating.complaint_id,
            _IS_INTERNAL,
            Note.by_id.is_not(None),
            Note.by_id.is_distinct_from(Rating.handler_id),
            Note.at >= func.coalesce(Rating.changed_at, Rating.at),
        )
        .correlate(Rating)
        .exists()
    )
    return or_(noted, Complaint.cycle > Rating.cycle)


def is_low(line: str | None) -> ColumnElement[bool]:
    """Whether a rating is low, and stands in this line of them; none does in one there is not."""
    if not line:
        return _IS_LOW
    followed = {"followed": is_followed(), "waiting": ~is_followed()}
    return and_(_IS_LOW, followed.get(line, false()))


def score_line(score: int) -> Named:
    """What the line of a score is called."""
    return Named(f"{score} / {SCORES[0]}", f"{score} / {SCORES[0]}")


def _surveys(counts: Mapping[str, int]) -> Section:
    whole = sum(counts.values())
    lines = [
        Line(
            key,
            {"count": counts.get(key, 0), "share": share(counts.get(key, 0), whole)},
            name,
            behind={"count": "survey"},
            asked={"line": key},
            sample=whole,
        )
        for key, name in SURVEYS.items()
    ]
    return Section(
        "surveys",
        N_("Customers asked"),
        N_(
            "Surveys that left by email in the period, by what has become of them; the share that "
            "was answered is the response rate. Only customers with an email address who have not "
            "declined are asked, and only once a complaint has ended."
        ),
        N_("Survey"),
        [Column("count", N_("Count")), Column("share", N_("Share"), Kind.SHARE)],
        lines,
        Line("total", {"count": whole}, N_("Total: surveys sent"), behind={"count": "survey"}),
    )


def _scores(rows: Sequence[Any]) -> Section:
    whole = sum(row.times for row in rows)
    lines = []
    for score in SCORES:
        found = [row for row in rows if row.overall == score]
        count = sum(row.times for row in found)
        lines.append(
            Line(
                str(score),
                {
                    "count": count,
                    "share": share(count, whole),
                    "asked": sum(row.times for row in found if row.was_asked),
                },
                label_id=score_line(score).label_id,
                label_en=score_line(score).label_en,
                behind={"count": "rating"},
                asked={"line": str(score)},
                sample=whole,
            )
        )
    asked = sum(row.times for row in rows if row.was_asked)
    return Section(
        "scores",
        N_("What those who answered say"),
        N_(
            "Ratings given in the period, from 1 to 5 in all, with those that a survey had asked "
            "for. Who answered is not everybody: whoever is very content or very discontent tends "
            "to answer more often, and many were never asked. These are shares of the answers, "
            "not of all customers."
        ),
        N_("Rating"),
        [
            Column("count", N_("Count")),
            Column("share", N_("Share"), Kind.SHARE),
            Column("asked", N_("After a survey")),
        ],
        lines,
        Line(
            "total",
            {"count": whole, "asked": asked},
            N_("Total: ratings given"),
            behind={"count": "rating"},
        ),
    )


def _low(rows: Sequence[Any]) -> Section:
    low = [row for row in rows if row.overall <= LOW]
    counts = {
        "followed": sum(row.times for row in low if row.is_followed),
        "waiting": sum(row.times for row in low if not row.is_followed),
    }
    lines = [
        Line(
            key,
            {"count": counts[key]},
            name,
            behind={"count": "low_rating"},
            asked={"line": key},
        )
        for key, name in FOLLOWED.items()
    ]
    return Section(
        "low",
        N_("Low ratings and what was done"),
        N_(
            "Ratings of 1 or 2 given in the period. Each waits until somebody other than who "
            "handled the complaint writes an internal note on it, or it is opened again. What the "
            "note says is not judged."
        ),
        N_("Low ratings"),
        [Column("count", N_("Count"))],
        lines,
        Line(
            "total",
            {"count": sum(counts.values())},
            N_("Total: low ratings"),
            behind={"count": "low_rating"},
        ),
    )
