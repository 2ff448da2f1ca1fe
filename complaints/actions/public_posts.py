"""Public posts, as people and programs send them: bodies and their steps."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from complaints.actions.fields import (
    CLEAN,
    Code,
    CodeGiven,
    Instant,
    NameGiven,
    Part,
    ReasonGiven,
    Story,
    Words,
    WordsGiven,
)
from complaints.actions.new_complaint import CustomerBody
from complaints.domain.errors import N_
from complaints.domain.public_posts.links import LONGEST
from complaints.steps.public_posts.aside import set_aside, take_up
from complaints.steps.public_posts.change import change_post, note_on
from complaints.steps.public_posts.complain import PostComplaint, make_post_complaint
from complaints.steps.public_posts.record import PostCase
from complaints.steps.public_posts.reply import reply_to_post
from complaints.steps.public_posts.take import PostGiven

_LINK = N_("The address of the post: https://…")
LinkGiven = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), CLEAN]
Link = Annotated[str, StringConstraints(max_length=LONGEST), CLEAN]


class PostBody(Part):
    """A public post as it was seen; the same link again is the same post."""

    channel: CodeGiven = Field(description=N_("A channel with `reply_hours` in GET /codes."))
    link: LinkGiven = Field(description=_LINK)
    author: NameGiven = Field(description=N_("By what name the author goes there."))
    text: Story
    posted_at: Instant = Field(description=N_("When it was posted; the time for a reply begins."))
    branch: Code | None = Field(None, description=N_("A branch's code; your own when absent."))

    def given(self, *, branch: str, source: str) -> PostGiven:
        """The post as the step takes it; `branch` stands where none was sent."""
        return PostGiven(
            channel=self.channel,
            link=self.link,
            author=self.author,
            text=self.text,
            posted_at=self.posted_at,
            branch=self.branch or branch,
            source=source,
        )


class ReplyBody(Part):
    """The reply as it was published there."""

    text: WordsGiven
    link: Link = Field("", description=N_("The address of the reply."))
    at: Instant | None = Field(
        None, description=N_("When it was published; the deadline is met when it is recorded.")
    )
    has_checked: bool = Field(
        False, description=N_("That a name or a number of the customer may be shown in it.")
    )


class SetAsideBody(Part):
    """Why it gets no reply; a superior hears of it."""

    reason: ReasonGiven


class TakeUpBody(Part):
    """Why it needs a reply after all."""

    reason: ReasonGiven


class ChangedBody(Part):
    """What the post says now, or that it is gone; what was seen before is kept."""

    text: Words = ""
    gone: bool = False


class PostNoteBody(Part):
    """What became known, for whoever goes on with it."""

    text: WordsGiven


class PostComplaintBody(Part):
    """Who complains, as they were told apart from the post."""

    customer: CustomerBody
    category: Code | None = None


def reply_with(case: PostCase, body: ReplyBody) -> None:
    """Keep a published reply."""
    at: datetime | None = body.at
    reply_to_post(case, text=body.text, link=body.link, at=at, has_checked=body.has_checked)


def set_aside_with(case: PostCase, body: SetAsideBody) -> None:
    """End it without a reply."""
    set_aside(case, reason=body.reason)


def take_up_with(case: PostCase, body: TakeUpBody) -> None:
    """Let it wait for a reply again."""
    take_up(case, reason=body.reason)


def change_with(case: PostCase, body: ChangedBody) -> None:
    """Keep what it says now, or that it is gone."""
    change_post(case, text=body.text, is_gone=body.gone)


def note_post_with(case: PostCase, body: PostNoteBody) -> None:
    """Keep a note."""
    note_on(case, text=body.text)


def complain_with_post(case: PostCase, body: PostComplaintBody) -> str:
    """Make it a complaint; returns the complaint's number."""
    made = PostComplaint(body.customer.given(), body.category)
    return make_post_complaint(case, made).number
