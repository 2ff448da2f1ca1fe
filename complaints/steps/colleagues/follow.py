"""Following a complaint: whoever may read it hears how it goes on, and ends it when they like.

Nothing of the complaint changes, so there is no entry in its history.
"""

from sqlalchemy import delete, select

from complaints.domain.lifecycle import ENDED, Action, Move, Status
from complaints.models import Follower
from complaints.queries.people.readers import readers_among
from complaints.steps.case import Case
from complaints.steps.notify import tell_readers

#: What followers hear of although the status stays.
_HEARD = {Action.MESSAGE: "followed_message", Action.STAY_UNDECIDED: "followed_undecided"}
_REACHED = {Status.OFFERED: "followed_offered", Status.ACCEPTED: "followed_accepted"}


def is_followed(case: Case) -> bool:
    """Whether the person of the case follows the complaint."""
    return case.session.get(Follower, (case.complaint.id, case.by.id)) is not None


def follow_complaint(case: Case) -> None:
    """Let the person of the case hear of it from now on; the case is locked, so twice is once."""
    if not is_followed(case):
        case.session.add(
            Follower(complaint_id=case.complaint.id, user_id=case.by.id, since=case.at)
        )
        case.session.flush()


def unfollow_complaint(case: Case) -> None:
    """Let the person of the case hear of it no more."""
    case.session.execute(
        delete(Follower).where(
            Follower.complaint_id == case.complaint.id, Follower.user_id == case.by.id
        )
    )


def tell_followers(case: Case, move: Move) -> None:
    """Tell whoever follows the complaint of its new status, or of what was said.

    Who handles it works on it and is told otherwise. Whoever may not read it any more follows it
    no more.
    """
    kind = _kind(move)
    if not kind:
        return
    query = select(Follower.user_id).where(Follower.complaint_id == case.complaint.id)
    followers = set(case.session.scalars(query))
    if not followers:
        return
    readers = readers_among(case.session, case.complaint, followers)
    gone = followers - readers
    if gone:
        case.session.execute(
            delete(Follower).where(
                Follower.complaint_id == case.complaint.id, Follower.user_id.in_(sorted(gone))
            )
        )
    told = sorted(readers - {case.complaint.handler_id or 0})
    tell_readers(case, told, kind, with_stand_ins=False)


def _kind(move: Move) -> str:
    """Which notification a move makes; none where nothing moved that a follower asks about."""
    if move.before is move.after:
        return _HEARD.get(move.action, "")
    if move.after in ENDED:
        return "followed_ended"
    return _REACHED.get(move.after, "followed_moved")
