"""One public post whole, and the posts of a complaint."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Complaint, PublicPost, PublicPostEntry
from complaints.rulebook import RuleBook

#: A page shows the newest of them.
MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class PostView:
    """What a page shows beside the post itself; `complaint` is empty where there is none."""

    post: PublicPost
    number: str
    complaint: str
    entries: Sequence[PublicPostEntry]


def read_post(session: Session, rules: RuleBook, post: PublicPost) -> PostView:
    """Everything about a post that its reader may see already."""
    query = (
        select(PublicPostEntry)
        .where(PublicPostEntry.post_id == post.id)
        .order_by(PublicPostEntry.seq.desc())
        .limit(MOST_ENTRIES)
    )
    complaint = session.get(Complaint, post.complaint_id) if post.complaint_id else None
    return PostView(
        post=post,
        number=rules.numbers.of_posts.write(post.year, post.id),
        complaint=rules.numbers.write(complaint.year, complaint.id) if complaint else "",
        entries=session.scalars(query).all(),
    )


def posts_of(session: Session, complaint_id: int) -> Sequence[PublicPost]:
    """The posts that a complaint was made of."""
    query = select(PublicPost).where(PublicPost.complaint_id == complaint_id)
    return session.scalars(query.order_by(PublicPost.id)).all()
