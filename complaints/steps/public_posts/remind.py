"""The clock of a post goes by the ladder: warned of, missed, escalated, reminded of until it ends.

The schedule, its people and its working time are those of every clock. The clock itself stands
with its post, because the ledger, its sums and its sweep read every row as a complaint's.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.domain.escalation import Firing, Step, Target
from complaints.domain.ladder_position import steps_behind
from complaints.domain.public_posts.acts import CLOCK, PostAct
from complaints.models import PublicPost
from complaints.outbox.digest import CATCHING_UP
from complaints.outbox.queue import notice_row, notify, queue_notices
from complaints.people.staff import Person, Staff
from complaints.put_off import see_to_due
from complaints.rulebook import RuleBook
from complaints.steps.public_posts.record import PostCase, note_act

#: Kinds of notice from the least urgent on.
_URGENCY = ("post_warn", "post_late", "post_reminder", "post_escalated")
#: person id → the person, the kind of notice and the level.
Told = dict[int, tuple[Person, str, int]]


def remind_of_posts(session: Session, *, at: datetime) -> list[int]:
    """Take the steps that are due for the oldest posts; by how many seconds each was late."""
    is_due = PublicPost.next_at <= at
    return see_to_due(session, PublicPost, is_due, PostCase, _take_steps, at=at, what="public post")


def _take_steps(case: PostCase, staff: Staff) -> int:
    post, rules = case.post, case.rules
    first_due = post.next_at or case.at
    schedule = read_schedule(post, rules, case.at)
    behind = max(post.fired, steps_behind(schedule, case.at))
    told: Told = {}
    for step in schedule[post.fired : behind]:
        _take(case, staff, schedule, step, told)
    post.fired, post.next_at = behind, schedule[behind].ripe_at
    lag = max(0, int((case.at - first_due).total_seconds()))
    _tell(case, told, is_late=lag > CATCHING_UP.total_seconds())
    return lag


def read_schedule(post: PublicPost, rules: RuleBook, at: datetime) -> Sequence[Step]:
    """The steps of the ladder it was begun with, and the reminders of the top behind them."""
    ladder = rules.ladder_versions[post.ladder_version_id]
    calendar = rules.calendar_versions[post.calendar_version_id]
    schedule = ladder.schedule(CLOCK, post.posted_at, post.due_at, calendar)
    return ladder.with_reminders(CLOCK, schedule, post.fired, at, calendar)


def _take(case: PostCase, staff: Staff, schedule: Sequence[Step], step: Step, told: Told) -> None:
    post, place = case.post, case.assignment
    if step.firing is Firing.BREACH:
        # It may be stamped late already, set aside and taken up again: that told nobody.
        post.late_at = post.due_at
        people = staff.recipients(Target.HANDLER, place)
        note_act(case, PostAct.LATE, {"due_at": post.due_at.isoformat(), **_names(people)})
        _add(told, people, "post_late", 0)
        return
    assert step.rung is not None
    people = staff.recipients(step.rung.target, place)
    if step.firing is Firing.WARN:
        kind = "post_late" if case.at > post.due_at else "post_warn"
        note_act(case, PostAct.WARN, {"due_at": post.due_at.isoformat(), **_names(people)})
        _add(told, people, kind, 0)
        return
    # Past an empty rung whoever stands higher is called, and in the end somebody always is.
    higher = (
        staff.recipients(each.rung.target, place)
        for each in schedule
        if each.rung is not None and each.rung.level > step.rung.level
    )
    people = people or next((each for each in higher if each), ()) or staff.last_resort(place)
    note_act(case, PostAct.ESCALATE, {"level": step.rung.level, **_names(people)})
    kind = "post_reminder" if step.is_reminder or step.repeat else "post_escalated"
    _add(told, people, kind, step.rung.level)


def _add(told: Told, people: Sequence[Person], kind: str, level: int) -> None:
    """Let these people hear of it; of several things each hears the most urgent."""
    for person in people:
        known = told.get(person.id)
        if known is None or _URGENCY.index(kind) >= _URGENCY.index(known[1]):
            told[person.id] = (person, kind, level)


def _names(people: Sequence[Person]) -> dict[str, object]:
    """Whom an entry reached; that nobody was there is said, not left out."""
    return {"to": [each.name for each in people]} if people else {"nobody": True}


def _tell(case: PostCase, told: Told, *, is_late: bool) -> None:
    """A notification each, with an e-mail; after a standstill the e-mail is the digest's."""
    post = case.post
    facts = {
        "number": case.number,
        "post": case.number,
        "author": post.author,
        "due_at": post.due_at.isoformat(),
        "zone": case.rules.calendar_versions[post.calendar_version_id].tz.key,
    }
    for person, kind, level in told.values():
        key = f"{kind}:{post.id}:{post.fired}:{person.id}"
        if not is_late:
            about = (key, person, {**facts, "level": level})
            notify(case.session, kind, [about], complaint_id=None, at=case.at)
            continue
        row = notice_row(
            kind,
            key,
            user_id=person.id,
            complaint_id=None,
            facts={**facts, "level": level},
            at=case.at,
            awaits_digest=True,
        )
        queue_notices(case.session, [row])
