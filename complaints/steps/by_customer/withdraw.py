"""The customer withdraws on their own page: an act of their own, and nobody has to attest it."""

from complaints.domain.words.length import require_at_most
from complaints.domain.words.letter_state import OWN_PAGE
from complaints.people.signers import handler_of
from complaints.steps.case import Case
from complaints.steps.close import withdraw_complaint
from complaints.steps.notify import tell_people

LONGEST_REASON = 2_000


def withdraw_on_page(case: Case, *, reason: str) -> None:
    """End the complaint because its customer says so; the handler hears of it.

    The customer hears by letter until when it can be taken back, as after every withdrawal.
    """
    require_at_most(reason.strip(), LONGEST_REASON, field="reason")
    withdraw_complaint(case, reason=reason, method=OWN_PAGE)
    handler = handler_of(case.complaint)
    tell_people(case, [handler], "customer_withdrew", facts={"reason": reason.strip()})
