"""Thank the customer (020-3.6)."""

from complaints.domain.lifecycle import Action
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.wording import script_words

#: The script whose words stand where none were written.
SCRIPTS = ("ours-thank-acceptance",)


def thank_customer(
    case: Case, *, text: str = "", method: str = "spoken", unable: str | None = None
) -> None:
    """Record the thanks with the words used; without a text the script's words stand."""
    words = "" if unable is not None else text.strip() or script_words(case, *SCRIPTS)
    proven = Proven("020-3.6", words=words, method=method, unable=unable, part={"text": words})
    advance(case, Action.THANK, proven=[proven])
