"""The moments at which the product proposes words: each has a script in `config/scripts.toml`.

Only the keys stand here; the words, in both languages, and their criteria are the organisation's.
"""

from collections.abc import Collection
from enum import StrEnum


class ScriptKey(StrEnum):
    """The keys of the scripts that acts and the intake card name."""

    GREETING = "std1-a"
    OFFER_A_SEAT = "std1-b"
    ASK_FORM_OF_ADDRESS = "std1-c"
    OFFER_HELP = "std1-d"
    THANK_FOR_WRITING = "ours-thank-writing"
    BEFORE_INTERRUPTING = "std3-c"
    AFTER_INTERRUPTING = "std3-d"
    BEFORE_LEAVING = "std3-a"
    AFTER_LEAVING = "std3-b"
    CONFIRM_BACK = "ours-confirm-back"
    APOLOGY = "std4-a"
    PROMISE_TO_INVESTIGATE = "std4-b"
    TELL_STEPS = "ours-tell-steps"
    TELL_DEADLINE = "ours-tell-deadline"
    MOVE_DEADLINE = "ours-move-deadline"
    HAND_RECEIPT = "ours-hand-receipt"
    TELL_NUMBER = "ours-tell-number"
    CLOSING_APOLOGY = "std7-b"
    EXPLAIN_CAUSE = "ours-explain-cause"
    OFFER_SOLUTION = "ours-offer-solution"
    OFFER_ALTERNATIVE = "std5-a"
    ASK_ACCEPTANCE = "ours-ask-acceptance"
    THANK_FOR_ACCEPTANCE = "ours-thank-acceptance"
    THANK_FOR_ALTERNATIVE = "ours-thank-alternative"
    GIVE_INFORMATION = "ours-give-information"
    TELL_CONTACT_POINTS = "std7-d"
    CLOSING_THANKS = "std7-a"
    ASK_FEEDBACK = "std7-c"


def require_scripts(known: Collection[str]) -> None:
    """Raise ValueError for the first moment that has no script among the known keys."""
    for key in ScriptKey:
        if key not in known:
            raise ValueError(f"scripts: the script {key} is missing, which the product proposes")
