"""Note that two complaints have to do with each other; both tell of it in their history."""

from sqlalchemy import and_, or_, select

from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.words.length import require_at_most
from complaints.models import ComplaintLink
from complaints.steps.advance import advance
from complaints.steps.case import Case, count_from_now, open_beside

RELATED, SPLIT = "related", "split"
_LONGEST = 2_000


def link_complaints(case: Case, *, to: str, kind: str = RELATED, reason: str = "") -> None:
    """Link this complaint with another one, whoever's it is; done twice it is one link.

    Neither customer is told, and nothing that is told to the one reaches the other.
    """
    count_from_now(case)
    other = open_beside(case, to, field="to")
    if other.complaint.id == case.complaint.id:
        raise Invalid(N_("A complaint cannot be linked with itself."), field="to")
    require_at_most(reason, _LONGEST, field="reason")
    if _standing(case, other):
        case.said = Refused(N_("Both are linked already."))
        return
    keep_link(case, other, kind, reason.strip())


def keep_link(case: Case, other: Case, kind: str, reason: str = "") -> None:
    """Keep the link and say it in both histories."""
    case.session.add(
        ComplaintLink(
            complaint_id=case.complaint.id,
            other_id=other.complaint.id,
            kind=kind,
            reason=reason,
            at=case.at,
            by_id=case.by.id,
            by_name=case.by.name,
        )
    )
    for one, another in ((case, other), (other, case)):
        advance(one, Action.LINK, detail={"to": another.number, "as": kind, "reason": reason})


def _standing(case: Case, other: Case) -> bool:
    mine, theirs = case.complaint.id, other.complaint.id
    query = select(ComplaintLink.id).where(
        or_(
            and_(ComplaintLink.complaint_id == mine, ComplaintLink.other_id == theirs),
            and_(ComplaintLink.complaint_id == theirs, ComplaintLink.other_id == mine),
        )
    )
    return case.session.scalar(query) is not None
