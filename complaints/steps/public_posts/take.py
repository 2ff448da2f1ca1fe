"""Take a public post; the same link twice is one post, and what was changed in it is kept."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, Invalid
from complaints.domain.permissions import Actor, Permission, may_see, require
from complaints.domain.public_posts.acts import PostAct
from complaints.domain.public_posts.links import link_key, read_link
from complaints.domain.words.folding import clean
from complaints.domain.worktime.durations import due_at
from complaints.domain.worktime.walltime import EPOCH
from complaints.models import PublicPost
from complaints.people.customers import check_length
from complaints.rulebook import RuleBook
from complaints.rulebook.in_use import require_in_use
from complaints.steps.public_posts.change import note_seen
from complaints.steps.public_posts.record import PostCase, note_act, skip_past_steps, start_ladder
from complaints.steps.receive import MAX_STORY, check_branch

#: What was posted longer ago, as what stood in a file, calls nobody for what lay behind it.
OLD = timedelta(days=30)


#: The source of what stood in a file of mentions.
FROM_FILE = "csv"


@dataclass(frozen=True, slots=True)
class PostGiven:
    """What is known of a post: everything but its source was seen there."""

    channel: str
    link: str
    author: str
    text: str
    posted_at: datetime
    branch: str
    source: str = "desk"


@dataclass(frozen=True, slots=True)
class Taken:
    """The post, and whether it was not known before."""

    case: PostCase
    is_new: bool


def take_post(
    session: Session, rules: RuleBook, given: PostGiven, *, by: Actor, at: datetime
) -> Taken:
    """Record a post; one whose link is known already is that post, with what it says now.

    Raises Forbidden when the person may record nothing for that branch, or does not see the branch
    of the post that the link is known as, and Invalid for an unknown
    branch, a channel without public posts, a link that leads nowhere, no author or words, or a time
    in the future of `at` or before 1970.
    """
    require(by, Permission.INTAKE)
    given = replace(given, link=read_link(given.link), author=clean(given.author))
    hours = _check(rules, given, at)
    check_branch(rules, given.branch, by)
    key = link_key(given.link)
    known = _known(session, key)
    if known is None:
        try:
            with session.begin_nested():
                return Taken(_add(session, rules, given, key, hours, by, at), is_new=True)
        except IntegrityError:
            # Somebody else has just recorded it.
            known = _known(session, key)
            if known is None:
                raise
    if not may_see(by, known.branch_id, set()):
        raise Forbidden(N_("This public post belongs to another branch."))
    case = PostCase(session, rules, known, by, max(at, known.taken_at))
    note_seen(case, text=given.text, is_from_file=given.source == FROM_FILE)
    return Taken(case, is_new=False)


def _known(session: Session, key: str) -> PublicPost | None:
    query = select(PublicPost).where(PublicPost.link_key == key).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def _add(
    session: Session,
    rules: RuleBook,
    given: PostGiven,
    key: str,
    hours: int,
    by: Actor,
    at: datetime,
) -> PostCase:
    branch = rules.branch_in_use(given.branch)
    calendar = rules.calendar_of(branch.id)
    posted_at = given.posted_at.replace(microsecond=0)
    post = PublicPost(
        year=posted_at.astimezone(calendar.value.tz).year,
        branch_id=branch.id,
        channel=given.channel,
        source=given.source,
        link=given.link,
        link_key=key,
        author=given.author,
        text=given.text.strip(),
        posted_at=posted_at,
        taken_at=at.replace(microsecond=0),
        taken_by_id=by.id,
        taken_by_name=by.name,
        due_at=due_at(calendar.value, posted_at, hours, "working_hour"),
        calendar_version_id=calendar.id,
        ladder_version_id=rules.ladder.version_id,
        fired=0,
        history_seq=0,
        history_hash="",
    )
    session.add(post)
    session.flush()
    case = PostCase(session, rules, post, by, at)
    if given.source == FROM_FILE or at - posted_at > OLD:
        skip_past_steps(case)
    else:
        start_ladder(case)
    note_act(case, PostAct.TAKE, _as_seen(post))
    return case


def _as_seen(post: PublicPost) -> dict[str, str]:
    """What the signed entry says of the post; the text by its hash, which stays as long as it."""
    return {
        "channel": post.channel,
        "source": post.source,
        "link": post.link,
        "author": post.author,
        "posted_at": post.posted_at.isoformat(),
        "text_sha256": hashlib.sha256(post.text.encode()).hexdigest(),
        "due_at": post.due_at.isoformat(),
    }


def _check(rules: RuleBook, given: PostGiven, at: datetime) -> int:
    """Raise Invalid for the first thing that cannot be recorded as given; the clock's hours."""
    channel = rules.taxonomy.channels.get(given.channel)
    if channel is None:
        raise Invalid(N_("There is no channel %(code)s."), field="channel", code=given.channel[:40])
    require_in_use("channel", given.channel, channel)
    if not channel.reply_hours:
        raise Invalid(
            N_(
                "%(channel)s is no channel of public posts: no time for a reply is set for it. "
                "Choose another one."
            ),
            field="channel",
            channel={"id": channel.label_id, "en": channel.label_en},
        )
    if not given.author:
        raise Invalid(N_("Enter by what name the author goes there."), field="author")
    check_length("author", given.author, PublicPost.author)
    check_length("source", given.source, PublicPost.source)
    if not given.text.strip():
        raise Invalid(N_("Copy what the post says."), field="text")
    if len(given.text) > MAX_STORY:
        raise Invalid(
            N_("This text is too long (%(length)d characters; at most %(most)d). Shorten it."),
            field="text",
            length=len(given.text),
            most=MAX_STORY,
        )
    if given.posted_at < EPOCH:
        raise Invalid(N_("This date is too far away."), field="posted_at")
    if given.posted_at > at:
        raise Invalid(N_("It cannot have been posted in the future."), field="posted_at")
    return channel.reply_hours
