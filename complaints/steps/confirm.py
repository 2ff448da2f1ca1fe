"""Confirm the complaint back to the customer (020-1.2)."""

from collections.abc import Callable

from complaints.clocks.changes import Clocks
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.evidence import EvidenceState
from complaints.domain.lifecycle import ENDED, Action, Status
from complaints.domain.scripts import LANGUAGES
from complaints.domain.words.comparing import is_template, repeats_story
from complaints.domain.words.exits import Unable
from complaints.domain.words.letter_state import IN_WRITING, OWN_PAGE
from complaints.domain.words.script_keys import ScriptKey
from complaints.domain.words.substance import require_substance
from complaints.steps.advance import Proven, advance, evidence
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.pause import no_longer_waiting
from complaints.steps.commitments.follow_up import settle_follow_up, undertake_follow_up
from complaints.steps.wording import names_of, script_values
from complaints.steps.write_letter import drop_unsent

#: The script the summary is read back with; it is none itself.
SCRIPTS = (ScriptKey.CONFIRM_BACK,)

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

    `answer` is ``yes`` or ``corrected``, as heard; a summary that is sent is answered by the
    customer themselves, so that nobody's word stands for theirs. The corrections are kept beside
    the words confirmed. Who reads the story itself back has not shown what they understood: a
    summary is in our own words.
    """
    complaint = case.complaint
    if unable is not None:
        excused = Proven("020-1.2", method=method, unable=unable)
        keep = _no_longer_asked(case, is_answered=False)
        advance(case, Action.CONFIRM, proven=[excused], keep=keep)
        return
    _require_own_words(case, summary)
    if method in IN_WRITING:
        _ask(case, summary.strip(), answer, method)
        return
    if answer not in ("yes", "corrected"):
        raise Invalid(N_("Say whether the customer agreed or corrected you."), field="answer")
    if answer == "corrected" and not corrections.strip():
        raise Invalid(N_("Write down what the customer corrected."), field="corrections")
    detail = {"answer": answer, "corrections": corrections.strip()}
    detail |= _heard_on_a_written_channel(case, method)
    complaint.summary = summary.strip()
    _confirmed(case, method, detail)


def answer_confirmation(case: Case, *, answer: str, corrections: str = "") -> None:
    """Take the customer's own answer to the summary, from their page.

    A yes is the proof. What needs correcting is kept as their message, and the handler hears of
    it; the summary is then put right and confirmed anew. Raises Refused where nothing is asked.
    """
    complaint = case.complaint
    if not complaint.awaiting_confirmation or Status(complaint.status) in ENDED:
        raise Refused(N_("Nothing has to be confirmed here any more."))
    if answer == "corrected":
        if not corrections.strip():
            raise Invalid(N_("Please write what has to be corrected."), field="corrections")
        record_message(case, text=corrections, direction="in", method=OWN_PAGE, corrects=True)
    elif answer == "yes":
        _confirmed(case, OWN_PAGE, {"answer": "yes", "corrections": ""})
    else:
        raise Invalid(N_("Please choose an answer."), field="answer")


def _ask(case: Case, summary: str, answer: str, method: str) -> None:
    """Put the summary to the customer in writing: their answer is theirs to give, not ours.

    Until it is there, somebody has to ask; what was confirmed or excused before stays so.
    """
    if answer == "corrected":
        raise Invalid(
            N_(
                "The customer has not answered this yet: they do so on their page. What they "
                "corrected in a conversation is recorded as spoken or by phone."
            ),
            field="answer",
        )
    complaint = case.complaint
    complaint.summary = summary
    standing = {
        each.criterion: each.state for each in evidence(case.session, case.rules, complaint)
    }
    settled = (EvidenceState.PROVEN, EvidenceState.UNABLE)
    follow_up = None
    if standing["020-1.2"] not in settled:
        complaint.awaiting_confirmation = True
        follow_up = undertake_follow_up(case)
    detail = {"asked": True}
    part = {"text": summary, "asks": True}
    asked = Proven("020-1.2", words=summary, method=method, detail=detail, part=part)
    keep = follow_up.start if follow_up else None
    advance(case, Action.CONFIRM, proven=[asked], detail=detail, keep=keep)
    if follow_up is not None:
        follow_up.store()


def _confirmed(case: Case, method: str, detail: dict[str, str]) -> None:
    proven = Proven("020-1.2", words=case.complaint.summary, method=method, detail=detail)
    keep = _no_longer_asked(case, is_answered=True)
    resume = no_longer_waiting(case)

    def both(clocks: Clocks) -> None:
        for each in (resume, keep):
            if each is not None:
                each(clocks)

    work = both if keep or resume else None
    advance(case, Action.CONFIRM, proven=[proven], detail=detail, keep=work)


def _no_longer_asked(case: Case, *, is_answered: bool) -> Callable[[Clocks], None] | None:
    if not case.complaint.awaiting_confirmation:
        return None
    case.complaint.awaiting_confirmation = False
    drop_unsent(case, "020-1.2")
    return settle_follow_up(case, is_answered=is_answered)


def _heard_on_a_written_channel(case: Case, method: str) -> dict[str, str]:
    """The number called, where a complaint that came in writing was confirmed by a call.

    Raises Invalid where nobody can have heard the customer: they wrote, and were not called. Who
    came to the desk later has signed.
    """
    complaint = case.complaint
    if case.rules.taxonomy.channels[complaint.channel].oral or method == "signature":
        return {}
    if method != "phone":
        raise Invalid(
            N_(
                "This complaint came in writing, so nobody heard the customer confirm it. Send the "
                "summary by email or letter and they confirm on their page; if you called them, "
                "choose the phone; if they came to the desk, let them sign."
            ),
            field="method",
        )
    if not complaint.contact_phone:
        raise Invalid(
            N_(
                "No phone number of the customer is on record. Add the number you called to the "
                "record first, or send the summary by email or letter."
            ),
            field="method",
        )
    return {"called": complaint.contact_phone}


def _require_own_words(case: Case, summary: str) -> None:
    """Raise Invalid for a summary that says nothing, is the story over again, or the script."""
    require_substance(
        summary,
        N_(
            "Write the summary you read back to the customer: what happened, since when, and what "
            "the customer wants."
        ),
        field="summary",
        names=names_of(case),
    )
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
