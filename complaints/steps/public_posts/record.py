"""A public post on the desk: the row, locked, with the rules, the person and the instant.

Whoever sees its branch sees it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, NotFound
from complaints.domain.ladder_position import steps_behind
from complaints.domain.permissions import Actor, may_see
from complaints.domain.public_posts.acts import CHAIN, CLOCK, PostAct
from complaints.history import append_to_own_chain
from complaints.models import PublicPost, PublicPostEntry
from complaints.people.staff import Assignment
from complaints.rulebook import RuleBook, current_rules


@dataclass(slots=True)
class PostCase:
    """What every step on a post works on."""

    session: Session
    rules: RuleBook
    post: PublicPost
    by: Actor
    at: datetime

    @property
    def number(self) -> str:
        """The post's number."""
        return self.rules.numbers.of_posts.write(self.post.year, self.post.id)

    @property
    def assignment(self) -> Assignment:
        """Where it stands: the ids from which its people follow."""
        return Assignment(self.post.branch_id, None, None, self.post.taken_by_id)


def open_post(session: Session, number: str, *, by: Actor, at: datetime) -> PostCase:
    """Lock a post for a step; raises NotFound and Forbidden."""
    case = _find(session, number, by, at, lock=True)
    case.at = max(at, case.post.taken_at)
    return case


def view_post(session: Session, number: str, *, by: Actor, at: datetime) -> PostCase:
    """Open a post for reading only; raises NotFound and Forbidden."""
    return _find(session, number, by, at, lock=False)


def note_act(case: PostCase, act: PostAct, detail: Mapping[str, Any] | None = None) -> None:
    """Append an entry to the history of a post, in the transaction of the act itself."""
    append_to_own_chain(
        case.session,
        case.post,
        PublicPostEntry,
        CHAIN,
        act.value,
        detail,
        by=case.by,
        at=case.at,
    )


def start_ladder(case: PostCase) -> None:
    """Let the clock run on the ladder from where it stands; the sweep takes it from here."""
    post, rules = case.post, case.rules
    schedule = rules.ladder_versions[post.ladder_version_id].schedule(
        CLOCK, post.posted_at, post.due_at, rules.calendar_versions[post.calendar_version_id]
    )
    # What was ripe before it was recorded is due now, and nobody has been slow with it.
    post.next_at = max(schedule[min(post.fired, len(schedule) - 1)].ripe_at, case.at)


def skip_past_steps(case: PostCase) -> None:
    """Call nobody for what lay behind before the post was known; its clock is late all the same.

    Hundreds of old mentions in one file would call everybody hundreds of times.
    """
    post, rules = case.post, case.rules
    calendar = rules.calendar_versions[post.calendar_version_id]
    ladder = rules.ladder_versions[post.ladder_version_id]
    schedule = ladder.schedule(CLOCK, post.posted_at, post.due_at, calendar)
    reminders = ladder.reminders_behind(CLOCK, schedule, case.at, calendar)
    post.fired = steps_behind(schedule, case.at) + reminders
    if case.at > post.due_at:
        post.late_at = post.due_at
    ahead = ladder.with_reminders(CLOCK, schedule, post.fired, case.at, calendar)
    post.next_at = ahead[post.fired].ripe_at


def stop_clock(case: PostCase) -> None:
    """The clock ends now; whether it was late is stamped with the due time that passed."""
    post = case.post
    post.next_at = None
    post.ended_at, post.ended_by_id = case.at.replace(microsecond=0), case.by.id
    post.ended_by_name = case.by.name
    if post.late_at is None and post.ended_at > post.due_at:
        post.late_at = post.due_at


def _find(session: Session, number: str, by: Actor, at: datetime, *, lock: bool) -> PostCase:
    rules = current_rules(session)
    read = rules.numbers.of_posts.read(number)
    year, post_id = read or (0, 0)
    query = select(PublicPost).where(PublicPost.id == post_id, PublicPost.year == year)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    post = session.scalar(query) if read else None
    if post is None:
        raise NotFound(N_("There is no public post %(number)s."), number=number[:40])
    if not may_see(by, post.branch_id, set()):
        raise Forbidden(N_("This public post belongs to another branch."))
    return PostCase(session, rules, post, by, at)
