"""The list of public posts: what waits for a reply, by its due time; what ended, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.domain.public_posts.acts import PostState
from complaints.models import PublicPost
from complaints.queries.paging import at_most, behind_due, behind_newest, due_cursor
from complaints.queries.public_posts.scope import posts_in_scope
from complaints.queries.reports.period import Period
from complaints.rulebook import RuleBook

#: So many characters of a post stand in a list.
SHOWN = 160


@dataclass(frozen=True, slots=True)
class PostsAsked:
    """What the list is narrowed by; None for all. `is_late` is what is late or ended late."""

    state: str = PostState.OPEN.value
    channel: str | None = None
    branch_id: int | None = None
    is_late: bool | None = None
    is_complaint: bool | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post in a list; `text` is its beginning."""

    id: int
    number: str
    state: str
    branch_id: int
    channel: str
    link: str
    author: str
    text: str
    posted_at: datetime
    due_at: datetime
    late_at: datetime | None
    replied_at: datetime | None
    ended_at: datetime | None
    complaint_id: int | None
    is_gone: bool


@dataclass(frozen=True, slots=True)
class PostPage:
    """A page of them; `more` is the cursor of the next one, None at the end."""

    items: Sequence[PostLine]
    more: str | None


_LINE = (
    PublicPost.id,
    PublicPost.year,
    PublicPost.state,
    PublicPost.branch_id,
    PublicPost.channel,
    PublicPost.link,
    PublicPost.author,
    func.substr(PublicPost.text, 1, SHOWN).label("text"),
    PublicPost.posted_at,
    PublicPost.due_at,
    PublicPost.late_at,
    PublicPost.replied_at,
    PublicPost.ended_at,
    PublicPost.complaint_id,
    PublicPost.gone_at.is_not(None).label("is_gone"),
)


def list_posts(
    session: Session,
    rules: RuleBook,
    actor: Actor,
    asked: PostsAsked,
    *,
    at: datetime,
    limit: int,
    after: str | None = None,
) -> PostPage:
    """The posts within the person's scope; one query. What is open stands by its due time."""
    query = select(*_LINE).where(posts_in_scope(actor), *_conditions(asked, at))
    is_open = asked.state == PostState.OPEN
    if after:
        query = query.where(
            behind_due(PublicPost.due_at, PublicPost.id, after)
            if is_open
            else behind_newest(PublicPost.id, after)
        )
    order = (PublicPost.due_at, PublicPost.id) if is_open else (PublicPost.id.desc(),)
    rows = session.execute(query.order_by(*order).limit(at_most(limit + 1))).all()
    form = rules.numbers.of_posts
    items = [
        PostLine(
            number=form.write(row.year, row.id),
            **{name: value for name, value in row._mapping.items() if name != "year"},
        )
        for row in rows[:limit]
    ]
    more = None
    if len(rows) > limit:
        last = items[-1]
        more = due_cursor(last.due_at, last.id) if is_open else str(last.id)
    return PostPage(items, more)


def late(at: datetime) -> ColumnElement[bool]:
    """Whether a post is late, or was when it ended; the due second itself is still in time."""
    is_open = (PublicPost.state == PostState.OPEN) & (PublicPost.due_at < at.replace(microsecond=0))
    return PublicPost.late_at.is_not(None) | is_open


def _conditions(asked: PostsAsked, at: datetime) -> Iterator[ColumnElement[bool]]:
    yield PublicPost.state == asked.state
    if asked.channel is not None:
        yield PublicPost.channel == asked.channel
    if asked.branch_id is not None:
        yield PublicPost.branch_id == asked.branch_id
    if asked.is_late is not None:
        yield late(at) if asked.is_late else ~late(at)
    if asked.is_complaint is not None:
        complaint = PublicPost.complaint_id
        yield complaint.is_not(None) if asked.is_complaint else complaint.is_(None)
    if asked.period is not None:
        yield asked.period.holds(PublicPost.posted_at, PublicPost.branch_id)
