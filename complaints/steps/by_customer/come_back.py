"""The customer comes back after the end: what becomes of that, and the complaint that goes on.

What a word does then is decided here alone, by whichever way it came: page, e-mail or messenger.
"""

from dataclasses import dataclass

from sqlalchemy import select

from complaints.domain.customer_page.coming_back import Ended, WayBack, way_back
from complaints.domain.lifecycle import Action
from complaints.models import Complaint
from complaints.people.signers import handler_of
from complaints.queries.complaint.same_customer import told_by_the_same
from complaints.steps.advance import advance
from complaints.steps.case import Case, open_beside
from complaints.steps.close import reopen_for_customer
from complaints.steps.linking.another import contact_of, open_another
from complaints.steps.notify import letter_to_customer, tell_people
from complaints.steps.receive import ComplaintGiven

#: By which way a complaint came that goes on from another one.
SOURCE = "portal"
#: So much of what reopens a complaint stands in its history; the message holds the rest.
_LONGEST_REASON = 5_000


@dataclass(frozen=True, slots=True)
class Goes:
    """Where the customer's word goes: what becomes of it on this complaint, before it is written.

    `is_elsewhere` where that one goes on from the complaint they wrote to.
    """

    way: WayBack
    case: Case
    is_elsewhere: bool

    @property
    def told(self) -> WayBack:
        """What became of it, seen from the complaint they wrote to."""
        return WayBack.CONTINUES if self.is_elsewhere else self.way


@dataclass(frozen=True, slots=True)
class CameBack:
    """Where the customer's word is: the way it went, and the complaint that goes on with it.

    `is_begun` where that complaint began with the word, which is its story; `is_reopened` where the
    word opened it again, so that its people have heard the word already.
    """

    way: WayBack
    case: Case
    is_begun: bool = False
    is_reopened: bool = False


def where_it_goes(case: Case) -> Goes:
    """The complaint that a word of the customer's on this one goes to now, locked.

    What is too late for goes to the complaint that goes on from it already, and so on; the way is
    CONTINUES where that has still to begin. What is said on a duplicate goes to its original.
    """
    goes = Goes(_way_of(case), case, is_elsewhere=False)
    if case.complaint.duplicate_of_id is not None:
        goes = _followed(case) or goes
    while goes.way is WayBack.CONTINUES:
        successor = _successor_of(goes.case)
        if successor is None:
            break
        goes = Goes(_way_of(successor), successor, is_elsewhere=True)
    return goes


def come_back(
    goes: Goes,
    text: str,
    *,
    reason: str | None = None,
    channel: str = "web",
    source: str = SOURCE,
    through: str = "",
    is_told: bool = True,
) -> CameBack:
    """Open the complaint again with the customer's word, or begin the one that goes on, or neither.

    The word itself the caller keeps, unless a complaint began with it. `reason` is what of it opens
    the complaint, all of it when absent; `channel`, `source` and `through` (whose key handed it in)
    say by which way they came back. `is_told` is False where its people hear of more anyhow.
    """
    if goes.way is WayBack.CONTINUES:
        new = _continue(goes.case, text, channel=channel, source=source, through=through)
        return CameBack(goes.way, new, is_begun=True)
    is_reopened = goes.way is WayBack.REOPENS
    if is_reopened:
        why = text if reason is None else reason
        reopen_for_customer(goes.case, reason=why[:_LONGEST_REASON], is_told=is_told)
    return CameBack(goes.told, goes.case, is_reopened=is_reopened)


def _way_of(case: Case) -> WayBack:
    """What becomes of the customer's word on this complaint now."""
    complaint, terms = case.complaint, case.rules.authority
    stands = Ended(
        complaint.status,
        complaint.closed_at,
        complaint.duplicate_of_id is not None,
        complaint.awaiting_delivery,
    )
    return way_back(
        stands,
        case.at,
        reopen_days=terms.portal.reopen_days,
        take_back_days=terms.withdrawal.take_back_days,
    )


def _followed(case: Case) -> Goes | None:
    """What goes on for a duplicate of the same customer: their words go there, not to what is over.

    Of another customer's original nobody learns more than its number, so that words stay here.
    """
    query = select(Complaint.id, Complaint.year).where(
        Complaint.id == case.complaint.duplicate_of_id, told_by_the_same(case.complaint)
    )
    row = case.session.execute(query).first()
    if row is None:
        return None
    original = open_beside(case, case.rules.numbers.write(row.year, row.id), field="text")
    return Goes(_way_of(original), original, is_elsewhere=True)


def _successor_of(case: Case) -> Case | None:
    """The complaint that goes on from this one already, locked; None where there is none."""
    query = (
        select(Complaint.id, Complaint.year)
        .where(Complaint.continues_id == case.complaint.id)
        .order_by(Complaint.id.desc())
        .limit(1)
    )
    row = case.session.execute(query).first()
    if row is None:
        return None
    return open_beside(case, case.rules.numbers.write(row.year, row.id), field="text")


def _continue(case: Case, story: str, *, channel: str, source: str, through: str) -> Case:
    """A new complaint of the same customer that goes on from one whose time is over.

    The handler of the one before hears of it, and the customer by letter.
    """
    old, rules = case.complaint, case.rules
    channel = channel if channel in rules.taxonomy.channels else old.channel
    given = ComplaintGiven(
        customer=contact_of(old),
        channel=channel,
        story=story,
        branch=rules.branches[old.branch_id].code,
        received_at=case.at,
        category=old.category,
        product=old.product,
        source=source,
        through=through,
    )
    handler_id, detail = handler_of(old), {"continues": case.number}
    new = open_another(case, given, handler_id=handler_id, continues_id=old.id, detail=detail)
    advance(case, Action.CONTINUE, detail={"into": new.number})
    facts = {"other": case.number, "text": story}
    tell_people(new, [handler_id], "customer_came_back", facts=facts)
    letter_to_customer(new, "continued", facts={"other": case.number}, or_paper=True)
    return new
