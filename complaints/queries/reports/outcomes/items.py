"""What customers rated, item by item; not everybody rates every item."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func
from sqlalchemy.orm import InstrumentedAttribute

from complaints.domain.errors import N_
from complaints.models import Rating
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section, share
from complaints.queries.reports.rows import rounded

#: Item → the words in which customers are asked.
ITEMS: Mapping[str, str] = {
    "listening": N_("We listened to you"),
    "courtesy": N_("We were courteous"),
    "cause": N_("We explained the cause"),
    "next_step": N_("You knew what came next"),
    "overall": N_("All in all"),
}
#: From this score on a rating is high.
HIGH = 4


def counted_items(ratings: Select[Any]) -> Select[Any]:
    """Of these ratings: how many rated each item, the sum of their scores, and the high ones."""
    for name in ITEMS:
        score = _score(name)
        ratings = ratings.add_columns(
            func.count(score).label(f"{name}_count"),
            func.coalesce(func.sum(score), 0).label(f"{name}_sum"),
            func.coalesce(func.sum(case((score >= HIGH, 1), else_=0)), 0).label(f"{name}_high"),
        )
    return ratings


def rates_item(line: str | None, *, is_high: bool) -> ColumnElement[bool]:
    """Whether a rating has this item, and a high score for it."""
    score = _score(line or "overall")
    return and_(score.is_not(None), score >= HIGH) if is_high else score.is_not(None)


def items_section(rows: Sequence[Any]) -> Section:
    """Each item with how many rated it, their mean, and the part of them that gave 4 or 5."""
    return Section(
        "items",
        N_("What they rate, item by item"),
        N_(
            "Ratings given in the period, from 1 to 5 for each item. Who leaves an item out is "
            "not counted in its line, so that each line has a count of its own."
        ),
        N_("Item"),
        [
            Column("count", N_("Rated")),
            Column("mean", N_("Mean (1 to 5)"), Kind.SCORE),
            Column("high", N_("4 or 5")),
            Column("share", N_("Share of 4 or 5"), Kind.SHARE, of="high"),
        ],
        [_line(name, words, rows) for name, words in ITEMS.items()],
    )


def _line(name: str, words: str, rows: Sequence[Any]) -> Line:
    count, whole, high = (
        sum(int(getattr(row, f"{name}_{each}")) for row in rows)
        for each in ("count", "sum", "high")
    )
    return Line(
        name,
        {
            "count": count,
            "mean": rounded(whole / count) if count else None,
            "high": high,
            "share": share(high, count),
        },
        words,
        behind={"count": "rated_item", "high": "rated_item_high"},
        asked={"line": name},
        sample=count,
    )


def _score(name: str) -> InstrumentedAttribute[Any]:
    column: InstrumentedAttribute[Any] = getattr(Rating, name)
    return column
