"""The customer says whether what was closed is really settled: once for each closing."""

from sqlalchemy import select

from complaints.domain.customer_page.coming_back import WayBack
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import ENDED, Action, Status
from complaints.domain.words.length import require_at_most
from complaints.models import FollowUp
from complaints.steps.advance import advance
from complaints.steps.by_customer.come_back import CameBack, come_back, where_it_goes
from complaints.steps.by_customer.write import LONGEST_TEXT, write_message
from complaints.steps.case import Case, goes_on_elsewhere

ANSWERS = ("yes", "partly", "no")


def answer_follow_up(case: Case, *, answer: str, text: str = "") -> CameBack:
    """Keep whether it is really settled; what is not opens the complaint again, or a new one.

    What is settled in part, or not at all, needs words. The same answer sent twice is one; other
    words beside it are a message. Raises Refused where nothing is asked: before the end, of a
    duplicate, of what is still to be delivered, and a second time for the same closing.
    """
    complaint = case.complaint
    if answer not in ANSWERS:
        raise Invalid(N_("Please choose an answer."), field="answer")
    text = text.strip()
    require_at_most(text, LONGEST_TEXT, field="text")
    asked = Status(complaint.status) is Status.CLOSED and not goes_on_elsewhere(complaint)
    if not asked or complaint.awaiting_delivery:
        before = _answer_of(case, complaint.cycle - 1)
        is_open = Status(complaint.status) not in ENDED
        if is_open and before is not None and before.answer == answer != "yes":
            return _again(case, before, text)
        raise Refused(N_("We do not ask this at the moment."))
    known = _answer_of(case, complaint.cycle)
    if known is not None:
        if known.answer == answer:
            return _again(case, known, text)
        raise Refused(N_("You have already answered this. Write to us if it is different now."))
    if answer != "yes" and not text:
        raise Invalid(N_("Please tell us what is not settled yet."), field="text")
    said = FollowUp(
        complaint_id=complaint.id, cycle=complaint.cycle, answer=answer, text=text, at=case.at
    )
    case.session.add(said)
    advance(case, Action.FOLLOW_UP, detail={"settled": answer, "text": text})
    if answer == "yes":
        return CameBack(WayBack.KEPT, case)
    goes = where_it_goes(case)
    # The words stand with the answer; on a complaint that goes on already they are a message.
    back = write_message(case, text=text) if goes.is_elsewhere else come_back(goes, text)
    if back.case is not case:
        said.opened_id = back.case.complaint.id
    return back


def _answer_of(case: Case, cycle: int) -> FollowUp | None:
    query = select(FollowUp).where(
        FollowUp.complaint_id == case.complaint.id, FollowUp.cycle == cycle
    )
    return case.session.scalar(query)


def _again(case: Case, known: FollowUp, text: str) -> CameBack:
    """Where the same answer went before; what is said anew beside it is not lost."""
    if known.answer == "yes":
        return CameBack(WayBack.KEPT, case)
    if text and text != known.text:
        return write_message(case, text=text)
    if known.cycle < case.complaint.cycle:
        return CameBack(WayBack.REOPENS, case)
    goes = where_it_goes(case)
    return CameBack(WayBack.CONTINUES if goes.is_elsewhere else WayBack.KEPT, goes.case)
