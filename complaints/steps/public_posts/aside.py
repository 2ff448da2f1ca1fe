"""A post that needs no reply is set aside for a reason, of which a superior hears, and taken up."""

from complaints.domain.errors import N_, Refused
from complaints.domain.escalation import Target
from complaints.domain.permissions import Permission, require
from complaints.domain.public_posts.acts import PostAct, PostState
from complaints.domain.short_reason import require_reason
from complaints.outbox.queue import notify
from complaints.people.staff import Staff
from complaints.steps.public_posts.record import PostCase, note_act, start_ladder, stop_clock


def set_aside(case: PostCase, *, reason: str) -> None:
    """End it without a reply; whoever is above the person who does it hears of it."""
    require(case.by, Permission.HANDLE)
    post = case.post
    if post.state != PostState.OPEN:
        raise Refused(N_("This post has been answered or set aside. Reload the page to see how."))
    why = require_reason(reason, N_("Enter why it gets no reply."))
    stop_clock(case)
    post.state, post.reason = PostState.SET_ASIDE.value, why
    note_act(case, PostAct.SET_ASIDE, {"reason": why})
    _tell_superior(case, why)


def take_up(case: PostCase, *, reason: str) -> None:
    """Take up what was set aside: it waits for a reply again, by the time it had."""
    require(case.by, Permission.HANDLE)
    post = case.post
    if post.state != PostState.SET_ASIDE:
        raise Refused(N_("This post has not been set aside."))
    why = require_reason(reason, N_("Enter why it needs a reply after all."))
    post.state, post.reason = PostState.OPEN.value, ""
    post.ended_at, post.ended_by_id, post.ended_by_name = None, None, ""
    start_ladder(case)
    note_act(case, PostAct.TAKE_UP, {"reason": why})


def _tell_superior(case: PostCase, reason: str) -> None:
    """Write to the superior of whoever did it; where there is none, to the last resort."""
    staff = Staff.read(case.session, case.at)
    place = case.assignment._replace(handler_id=case.by.id)
    people = staff.recipients(Target.SUPERVISOR, place) or staff.last_resort(place)
    facts = {"number": case.number, "post": case.number, "by": case.by.name, "reason": reason}
    told = [
        (f"post_set_aside:{case.post.id}:{case.post.history_seq}:{each.id}", each, facts)
        for each in people
        if each.id != case.by.id
    ]
    notify(case.session, "post_set_aside", told, complaint_id=None, at=case.at)
