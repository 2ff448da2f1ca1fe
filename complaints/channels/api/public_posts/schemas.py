"""What is asked of public posts and what is answered."""

from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from complaints.actions.fields import CLEAN, CodeGiven, Part
from complaints.channels.api.query_params import ROWS, CursorAsked, OneOf
from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At, Code, one_of
from complaints.domain.errors import N_, Invalid
from complaints.domain.public_posts.acts import PostAct, PostState
from complaints.models import PublicPost
from complaints.queries.public_posts.lists import PostLine, PostsAsked
from complaints.queries.public_posts.view import read_post
from complaints.rulebook import RuleBook

#: Rows of a page, at most.
MOST_ROWS = 200

Number = Annotated[str, Field(description=N_("The number of the post."))]
StateCode = Annotated[str, one_of(PostState)]
StateAsked = Annotated[str, OneOf(tuple(PostState)), CLEAN]
Late = Annotated[At | None, Field(description=N_("The deadline that passed without a reply."))]


class PostsQuestion(Part):
    """Which posts to list."""

    state: StateAsked = PostState.OPEN.value
    channel: CodeGiven | None = Field(None, description=N_("A channel of GET /codes."))
    branch: CodeGiven | None = Field(None, description=N_("A branch of GET /codes."))
    late: bool | None = Field(None, description=N_("Late now, or when it ended."))
    complaint: bool | None = Field(None, description=N_("Whether it was made a complaint."))
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = ROWS
    cursor: CursorAsked | None = Field(None, description=N_("`next` of the page before."))

    def asked(self, rules: RuleBook) -> PostsAsked:
        """The filters as the query takes them; Invalid for codes that nobody knows."""
        if self.channel and self.channel not in rules.taxonomy.channels:
            raise Invalid(N_("There is no code %(code)s."), field="channel", code=self.channel[:40])
        return PostsAsked(
            state=self.state,
            channel=self.channel,
            branch_id=rules.branch_by_code(self.branch).id if self.branch else None,
            is_late=self.late,
            is_complaint=self.complaint,
        )


class PostLineAnswer(TypedDict):
    """A public post in a list."""

    number: Number
    state: StateCode
    branch: Code
    channel: Code
    link: str
    author: str
    text: Annotated[str, Field(description=N_("Its beginning."))]
    posted_at: At
    due_at: Annotated[At, Field(description=N_("Until when it is answered in public."))]
    late_at: Late
    ended_at: At | None


class PostList(TypedDict):
    """Public posts: the open ones by their due time, others the newest first."""

    items: list[PostLineAnswer]
    next: Annotated[str | None, Field(description=N_("`cursor` of the page after; null if last."))]


class PostEntryAnswer(TypedDict):
    """One entry of the history of a post."""

    what: Annotated[str, one_of(PostAct)]
    at: At
    by: str
    detail: dict[str, object]


class PublicPostAnswer(TypedDict):
    """A public post whole."""

    number: Number
    state: StateCode
    branch: Code
    channel: Code
    link: str
    author: str
    text: Annotated[str, Field(description=N_("What was seen first."))]
    text_now: Annotated[str, Field(description=N_("What it was changed to; empty if it was not."))]
    gone_at: Annotated[At | None, Field(description=N_("When it was found deleted."))]
    posted_at: At
    taken_at: At
    taken_by: str
    due_at: Annotated[At, Field(description=N_("Until when it is answered in public."))]
    late_at: Late
    reply: Annotated[str, Field(description=N_("The first reply; later ones in the history."))]
    reply_link: str
    replied_at: At | None
    ended_at: Annotated[At | None, Field(description=N_("When the reply was recorded."))]
    ended_by: str
    reason: Annotated[str, Field(description=N_("Why it was set aside."))]
    complaint: Annotated[str | None, Field(description=N_("The number of a complaint."))]
    history: list[PostEntryAnswer]


def line_answer(line: PostLine, rules: RuleBook) -> PostLineAnswer:
    """A post in a list."""
    return {
        "number": line.number,
        "state": line.state,
        "branch": rules.branches[line.branch_id].code,
        "channel": line.channel,
        "link": line.link,
        "author": line.author,
        "text": line.text,
        "posted_at": stamp(line.posted_at),
        "due_at": stamp(line.due_at),
        "late_at": stamp(line.late_at) if line.late_at else None,
        "ended_at": stamp(line.ended_at) if line.ended_at else None,
    }


def post_answer(session: Session, rules: RuleBook, post: PublicPost) -> PublicPostAnswer:
    """A post whole."""
    view = read_post(session, rules, post)
    return {
        "number": view.number,
        "state": post.state,
        "branch": rules.branches[post.branch_id].code,
        "channel": post.channel,
        "link": post.link,
        "author": post.author,
        "text": post.text,
        "text_now": post.text_now,
        "gone_at": stamp(post.gone_at) if post.gone_at else None,
        "posted_at": stamp(post.posted_at),
        "taken_at": stamp(post.taken_at),
        "taken_by": post.taken_by_name,
        "due_at": stamp(post.due_at),
        "late_at": stamp(post.late_at) if post.late_at else None,
        "reply": post.reply,
        "reply_link": post.reply_link,
        "replied_at": stamp(post.replied_at) if post.replied_at else None,
        "ended_at": stamp(post.ended_at) if post.ended_at else None,
        "ended_by": post.ended_by_name,
        "reason": post.reason,
        "complaint": view.complaint or None,
        "history": [
            {"what": each.what, "at": stamp(each.at), "by": each.by_name, "detail": each.detail}
            for each in reversed(view.entries)
        ],
    }
