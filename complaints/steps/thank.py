"""Thank the customer (020-3.6), for the solution or for the alternative that they accepted."""

from complaints.domain.lifecycle import Action
from complaints.domain.words.courtesy import Purpose
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.casework.approver import offers_of
from complaints.steps.wording import check_courtesy, own_words, script_words

#: What the customer accepted → the script whose words stand where none were written.
SCRIPTS = {
    "solution": ScriptKey.THANK_FOR_ACCEPTANCE,
    "alternative": ScriptKey.THANK_FOR_ALTERNATIVE,
    "": ScriptKey.CLOSING_THANKS,
}


def thank_customer(
    case: Case,
    *,
    text: str = "",
    anyway: str = "",
    method: str = "spoken",
) -> None:
    """Record the thanks with the words used; without a text those of the fitting script stand.

    A text that lacks courtesy is refused, unless `anyway` says why it was said all the same.
    """
    own = own_words(text)
    kept = check_courtesy(case, own, Purpose.THANKS, anyway, method) if own else {}
    words = own or script_words(case, SCRIPTS[accepted(case)])
    proven = Proven(
        "020-3.6",
        words=words,
        method=method,
        detail=kept,
        part={"text": words},
    )
    advance(case, Action.THANK, proven=[proven], detail=kept)


def accepted(case: Case) -> str:
    """What the customer accepted in this cycle: a solution, an alternative, or nothing."""
    offers = offers_of(case)
    agreed = next((each for each in reversed(offers) if each.state == "accepted"), None)
    if agreed is None:
        return ""
    return "solution" if agreed.alternative_to_id is None else "alternative"
