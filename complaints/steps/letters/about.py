"""What a message to the customer is about; each has its letter, and what that letter says besides.

A question asks and stops no clock: whoever lets the clocks wait for the answer pauses them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from complaints.domain.errors import N_, Refused
from complaints.domain.policies.outside import outside_bodies
from complaints.models import Offer, StepRecord
from complaints.queries.complaint.silence import answer_told_until
from complaints.steps.case import Case
from complaints.steps.order import confirmed_cause


class About(StrEnum):
    """What a message of ours is about."""

    NEWS = "news"
    QUESTION = "question"
    ACKNOWLEDGEMENT = "acknowledgement"
    DECISION = "decision"


#: What it is about → the folder of its letter.
LETTER_OF: Mapping[About, str] = {
    About.NEWS: "message",
    About.QUESTION: "question",
    About.ACKNOWLEDGEMENT: "acknowledgement",
    About.DECISION: "decision",
}

#: Offers that the customer has had before them.
_PUT = ("open", "accepted", "refused")
_OFFERING = ("020-3.3", "020-3.5")


def facts_about(case: Case, about: About) -> dict[str, Any]:
    """What the letter says beside its text; raises Refused where there is nothing to say yet."""
    complaint = case.complaint
    if about is About.ACKNOWLEDGEMENT:
        due = complaint.promised_at
        return {
            "received_at": complaint.received_at.isoformat(),
            "promised_at": due.isoformat() if due else None,
        }
    return _decision(case) if about is About.DECISION else {}


def _decision(case: Case) -> dict[str, Any]:
    """The final response: cause, what is given or why nothing is, until when, and the way on."""
    complaint, session = case.complaint, case.session
    offers = session.scalars(
        select(Offer)
        .where(
            Offer.complaint_id == complaint.id,
            Offer.cycle == complaint.cycle,
            Offer.state.in_(_PUT),
        )
        .order_by(Offer.id)
    ).all()
    nothing = session.scalars(
        select(StepRecord.reason)
        .where(
            StepRecord.complaint_id == complaint.id,
            StepRecord.cycle == complaint.cycle,
            StepRecord.criterion.in_(_OFFERING),
            StepRecord.is_unable.is_(True),
        )
        .order_by(StepRecord.id.desc())
        .limit(1)
    ).first()
    if not offers and not nothing:
        raise Refused(
            N_(
                "There is no decision yet. Offer a solution first, or record why nothing can be "
                "offered."
            )
        )
    last = offers[-1] if offers and not nothing else None
    until = answer_told_until(session, case.rules, complaint.id)
    is_ahead = until is not None and until > case.at
    return {
        "cause": _cause(case),
        "solution": last.description if last else "",
        "amount": last.amount if last else 0,
        "reason": nothing or "",
        "is_open": last is not None and last.state == "open",
        "until": until.isoformat() if until is not None and is_ahead else None,
        "bodies": outside_bodies(case.rules.policies),
    }


def _cause(case: Case) -> str:
    """The main cause as the customer was told it, else as it was found."""
    told = case.session.scalars(
        select(StepRecord.words)
        .where(
            StepRecord.complaint_id == case.complaint.id,
            StepRecord.cycle == case.complaint.cycle,
            StepRecord.criterion == "020-3.2",
            StepRecord.is_unable.is_(False),
        )
        .order_by(StepRecord.id.desc())
        .limit(1)
    ).first()
    found = confirmed_cause(case)
    return told or (found.text if found else "")
