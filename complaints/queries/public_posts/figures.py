"""How public posts of a period were answered, by channel; each stands in exactly one place."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Integer, and_, case, cast, func, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.domain.public_posts.acts import PostState
from complaints.models import PublicPost
from complaints.queries.public_posts.lists import late
from complaints.queries.public_posts.scope import posts_in_scope
from complaints.queries.reports.period import Period


@dataclass(frozen=True, slots=True)
class PostCount:
    """Posts of one channel; `posted` is the sum of the six behind it, `complaints` are within."""

    posted: int = 0
    replied_in_time: int = 0
    replied_late: int = 0
    set_aside_in_time: int = 0
    set_aside_late: int = 0
    open_in_time: int = 0
    open_late: int = 0
    complaints: int = 0

    @property
    def share_in_time(self) -> float | None:
        """Which share of the replies owed by now came in time; None where none was owed."""
        owed = self.replied_in_time + self.replied_late + self.set_aside_late + self.open_late
        return self.replied_in_time / owed if owed else None


_STATES = {"replied": PostState.REPLIED, "set_aside": PostState.SET_ASIDE, "open": PostState.OPEN}


@dataclass(frozen=True, slots=True)
class PostFigures:
    """By channel, those without any post left out."""

    channels: Mapping[str, PostCount]

    @property
    def total(self) -> PostCount:
        """All channels together."""
        each = self.channels.values()
        return PostCount(
            *(sum(getattr(count, field.name) for count in each) for field in fields(PostCount))
        )


def post_figures(session: Session, actor: Actor, period: Period, at: datetime) -> PostFigures:
    """Count the posts of the period within the person's scope; one query."""
    counts = {
        f"{name}_{when}": func.sum(case((and_(PublicPost.state == state, is_it), 1), else_=0))
        for name, state in _STATES.items()
        for when, is_it in (("in_time", ~late(at)), ("late", late(at)))
    }
    query = (
        select(
            PublicPost.channel,
            func.count().label("posted"),
            func.count(PublicPost.complaint_id).label("complaints"),
            *(cast(count, Integer).label(name) for name, count in counts.items()),
        )
        .where(period.holds(PublicPost.posted_at, PublicPost.branch_id), posts_in_scope(actor))
        .group_by(PublicPost.channel)
    )
    names = [field.name for field in fields(PostCount)]
    return PostFigures(
        {
            row.channel: PostCount(**{name: getattr(row, name) for name in names})
            for row in session.execute(query)
        }
    )
