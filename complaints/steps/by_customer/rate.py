"""The customer rates how they were dealt with: once for each closing, of who handled it then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from complaints.domain.customer_page.ratings import is_low
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action, Status
from complaints.domain.permissions import Permission
from complaints.domain.words.length import require_at_most
from complaints.models import Rating
from complaints.people.signers import handler_of
from complaints.steps.advance import advance
from complaints.steps.case import Case, goes_on_elsewhere
from complaints.steps.notify import superior_of, tell_people

#: What can be rated; only the last has to be.
SCORES = ("listening", "courtesy", "cause", "next_step", "overall")
LONGEST_COMMENT = 2_000


@dataclass(frozen=True, slots=True)
class RatingGiven:
    """What the customer chose: item → 1 to 5; absent items are not rated."""

    scores: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""
    suggestion: str = ""
    #: Their words may be published, without their name.
    has_consent: bool = False


def rate(case: Case, given: RatingGiven) -> None:
    """Keep the rating of this closing, or change it within the days for that.

    The one who handled it hears of the first one, and their superior of one that is low, so that
    somebody finds out why. The same rating sent twice is one. Raises Refused before the end, of a
    duplicate, while something is still to be delivered, and when it is too late for a change.
    """
    _require_rateable(case)
    _check(given)
    known = _of_this_closing(case)
    if known is not None:
        _change(case, known, given)
        return
    rating = Rating(
        complaint_id=case.complaint.id,
        cycle=case.complaint.cycle,
        handler_id=handler_of(case.complaint),
        at=case.at,
    )
    _fill(rating, given, case)
    case.session.add(rating)
    advance(case, Action.RATE, detail=_said(given))
    facts = {"overall": rating.overall}
    tell_people(case, [rating.handler_id], "customer_rated", facts=facts)
    _tell_superior(case, rating)


def _tell_superior(case: Case, rating: Rating) -> None:
    """Let the superior of whoever handled it, or who stands in, hear of a low rating.

    The nearest, also where they were called before the end: the ladder has nothing to do with it.
    """
    if is_low(rating.overall):
        superior = superior_of(case, rating.handler_id, Permission.ACKNOWLEDGE)
        tell_people(case, [superior], "low_rating", facts={"overall": rating.overall})


def take_consent_back(case: Case) -> None:
    """Nothing that the customer has said may be published any more; possible at any time."""
    query = select(Rating).where(
        Rating.complaint_id == case.complaint.id, Rating.consented_at.is_not(None)
    )
    consented = case.session.scalars(query).all()
    if not consented:
        return
    for each in consented:
        each.consented_at = None
    advance(case, Action.CONSENT, detail={"consent": False})


def _require_rateable(case: Case) -> None:
    complaint = case.complaint
    has_ended = Status(complaint.status) in (Status.CLOSED, Status.REFERRED)
    if not has_ended or goes_on_elsewhere(complaint) or complaint.awaiting_delivery:
        raise Refused(N_("This can be rated once it has ended."))


def _of_this_closing(case: Case) -> Rating | None:
    complaint = case.complaint
    query = select(Rating).where(
        Rating.complaint_id == complaint.id, Rating.cycle == complaint.cycle
    )
    return case.session.scalar(query)


def _check(given: RatingGiven) -> None:
    for name in SCORES:
        score = given.scores.get(name)
        if score is None and name == "overall":
            raise Invalid(N_("Please choose a number from 1 to 5."), field=name)
        if score is not None and not 1 <= score <= 5:
            raise Invalid(N_("Please choose a number from 1 to 5."), field=name)
    require_at_most(given.comment.strip(), LONGEST_COMMENT, field="comment")
    require_at_most(given.suggestion.strip(), LONGEST_COMMENT, field="suggestion")


def _change(case: Case, rating: Rating, given: RatingGiven) -> None:
    if _said(given) == _said(_given_in(rating)):
        return
    days = case.rules.authority.portal.rating_days
    if case.at > rating.at + timedelta(days=days):
        raise Refused(N_("You rated this earlier; it can no longer be changed."))
    was_low = is_low(rating.overall)
    _fill(rating, given, case)
    rating.changed_at = case.at
    advance(case, Action.RATE, detail={**_said(given), "is_changed": True})
    if not was_low:
        _tell_superior(case, rating)


def _fill(rating: Rating, given: RatingGiven, case: Case) -> None:
    for name in SCORES:
        setattr(rating, name, given.scores.get(name))
    rating.comment, rating.suggestion = given.comment.strip(), given.suggestion.strip()
    if not given.has_consent:
        rating.consented_at = None
    elif rating.consented_at is None:
        rating.consented_at = case.at


def _given_in(rating: Rating) -> RatingGiven:
    scores = {name: getattr(rating, name) for name in SCORES}
    known = {name: score for name, score in scores.items() if score is not None}
    return RatingGiven(known, rating.comment, rating.suggestion, rating.consented_at is not None)


def _said(given: RatingGiven) -> dict[str, object]:
    """What the history keeps of it, also when it is changed later."""
    return {
        "scores": {name: given.scores[name] for name in SCORES if name in given.scores},
        "comment": given.comment.strip(),
        "suggestion": given.suggestion.strip(),
        "consent": given.has_consent,
    }
