"""What the customer said after each closing, and where the complaint went on."""

from complaints.channels.api.after_end.schemas import AfterEndAnswer, RatingAnswer
from complaints.domain.lifecycle import ENDED
from complaints.models import Rating
from complaints.queries.customer_page.said import Successions, all_after_end, read_successions
from complaints.steps.case import Case


def after_end_answer(case: Case) -> AfterEndAnswer:
    """What the customer said after each closing, and where it went on; asked only where it may."""
    complaint, session = case.complaint, case.session
    has_ended = complaint.status in ENDED
    said = all_after_end(session, complaint.id) if has_ended or complaint.cycle > 1 else []
    nothing = Successions()
    is_linked = has_ended or complaint.continues_id is not None
    linked = read_successions(session, case.rules, complaint) if is_linked else nothing
    return {
        "continues": linked.continues,
        "continued_by": list(linked.continued_by),
        "follow_ups": [
            {
                "cycle": each.cycle,
                "answer": each.answer,
                "text": each.text,
                "at": each.answered_at.isoformat(),
            }
            for each in said
            if each.answer is not None and each.answered_at is not None
        ],
        "ratings": [
            rating_answer(each.rating, each.handler) for each in said if each.rating is not None
        ],
    }


def rating_answer(rating: Rating, handler: str | None) -> RatingAnswer:
    """One rating by its customer."""
    return {
        "cycle": rating.cycle,
        "handler": handler,
        "listening": rating.listening,
        "courtesy": rating.courtesy,
        "cause": rating.cause,
        "next_step": rating.next_step,
        "overall": rating.overall,
        "comment": rating.comment,
        "suggestion": rating.suggestion,
        "may_be_published": rating.consented_at is not None,
        "at": rating.at.isoformat(),
        "changed_at": rating.changed_at.isoformat() if rating.changed_at else None,
    }
