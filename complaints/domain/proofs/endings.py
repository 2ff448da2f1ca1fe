"""Which outcome a complaint may be closed with, by what its customer has done."""

from complaints.domain.taxonomy import Ending, Outcome


def may_close(outcome: Outcome, ending: Ending) -> bool:
    """Whether a complaint that came to this end may be closed with this outcome.

    None says of the customer what they have not done; that it was not granted, or only in part, is
    ours to say, whatever they answered. Nobody withdraws for
    them, and a duplicate or what is no complaint ends by an act of its own.
    """
    if outcome.is_own_act or outcome.follows is Ending.WITHDRAWN:
        return False
    is_agreed = ending in (Ending.ACCEPTED, Ending.ACCEPTED_ALTERNATIVE)
    says_their_answer = outcome.follows not in (None, Ending.NOT_GRANTED)
    return (outcome.follows is ending or not says_their_answer) and (
        is_agreed or not outcome.agreed
    )
