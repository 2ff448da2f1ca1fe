"""Confirm the complaint back to the customer (020-1.2)."""

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.scripts import LANGUAGES
from complaints.domain.words.comparing import is_template, repeats_story
from complaints.domain.words.exits import Unable
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.casework.pause import no_longer_waiting
from complaints.steps.wording import script_values

#: The script the summary is read back with; it is none itself.
SCRIPTS = ("ours-confirm-back",)

#: The gaps of the script that say who speaks to whom, and nothing of the matter.
_NAMES = ("salutation", "salutation_short", "customer_name", "csr_name")


def confirm_back(
    case: Case,
    *,
    summary: str = "",
    answer: str = "yes",
    corrections: str = "",
    method: str = "spoken",
    unable: Unable | None = None,
) -> None:
    """Record the restatement read back and what the customer said to it.

    `answer` is ``yes`` or ``corrected``; the corrections are kept beside the words confirmed. Who
    reads the story itself back has not shown what they understood: a summary is in our own words.
    """
    complaint = case.complaint
    if unable is not None:
        advance(case, Action.CONFIRM, proven=[Proven("020-1.2", method=method, unable=unable)])
        return
    if not summary.strip():
        raise Invalid(N_("Write the summary you read back to the customer."), field="summary")
    _require_own_words(case, summary)
    if answer not in ("yes", "corrected"):
        raise Invalid(N_("Say whether the customer agreed or corrected you."), field="answer")
    if answer == "corrected" and not corrections.strip():
        raise Invalid(N_("Write down what the customer corrected."), field="corrections")
    complaint.summary = summary.strip()
    detail = {"answer": answer, "corrections": corrections.strip()}
    proven = Proven(
        "020-1.2",
        words=summary.strip(),
        method=method,
        detail=detail,
        part={"text": summary.strip()},
    )
    advance(case, Action.CONFIRM, proven=[proven], detail=detail, keep=no_longer_waiting(case))


def _require_own_words(case: Case, summary: str) -> None:
    """Raise Invalid for a summary that is the story over again, or nothing but the script."""
    if repeats_story(summary, case.complaint.story):
        raise Invalid(
            N_(
                "This is the customer's story word for word. Sum it up in your own words: what "
                "happened, since when, and what the customer wants."
            ),
            field="summary",
        )
    scripts = [case.rules.scripts.scripts[key].text(lang) for key in SCRIPTS for lang in LANGUAGES]
    values = script_values(case, case.complaint.customer.language)
    if is_template(summary, scripts, [values[name] for name in _NAMES]):
        raise Invalid(
            N_(
                "This is the script without the matter itself. Write what happened, since when, "
                "and what the customer wants."
            ),
            field="summary",
        )
