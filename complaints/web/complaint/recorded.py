"""What the page says once something has been recorded: what happened, and what is still open.

Read from the records that the step wrote, so that the sentence never says more than they do.
"""

from datetime import datetime

from flask_babel import gettext

from complaints.actions.registry import HISTORY
from complaints.domain.errors import N_
from complaints.domain.evidence import CRITERIA
from complaints.domain.lifecycle import Action
from complaints.domain.words.letter_state import WRITTEN
from complaints.formatting import say_instant
from complaints.models import StepRecord
from complaints.steps.case import Case
from complaints.web.complaint.timeline import DECISIONS
from complaints.web.frame.filters import label
from complaints.web.frame.translations import lang

#: Means of a letter that proves no step → what becomes of it.
_LEAVES = {
    "email": N_("The email is on its way."),
    "letter": N_("The letter waits to be printed."),
}
#: Means of a letter → what has to happen before it counts.
_ON_ITS_WAY = {
    "email": N_("The email is on its way; the step counts once it has been sent."),
    "letter": N_("The letter waits to be printed; the step counts once it has been printed."),
}


def say_recorded(case: Case) -> str:
    """What was just recorded on the case, in one or two sentences."""
    excused = [each for each in case.records if each.is_unable]
    if excused:
        return _say_excused(case, excused)
    first = gettext("Recorded: %(what)s", what=_what(case))
    more = _leaving(case) if _is_written(case) else still_open(case)
    return f"{first}. {more}" if more else first


def _say_excused(case: Case, excused: list[StepRecord]) -> str:
    steps = "; ".join(gettext(CRITERIA[each.criterion].label) for each in excused)
    said = gettext("Recorded as not possible: %(steps)s.", steps=steps)
    if case.complaint.signature_asked_at is not None:
        signing = gettext("Someone else has to sign this before the complaint can be closed.")
        said = f"{said} {signing}"
    return said


def _what(case: Case) -> str:
    """The act in the words of the history, with the decision and whoever has to decide."""
    taken, noted = case.taken, case.noted
    if taken is Action.CONFIRM and noted.get("asked"):
        return gettext("Summary sent to the customer")
    if taken is Action.CLOSE and case.complaint.awaiting_delivery:
        return gettext("Agreed, awaiting delivery")
    if _is_written(case):
        return gettext("Message written to the customer")
    words = gettext(HISTORY[taken.value]) if taken is not None else ""
    units = [case.rules.teams_by_code[code] for code in noted.get("teams", ())]
    if taken is Action.INFORM and units:
        return f"{words}: {', '.join(label(each) for each in units)}"
    decision = DECISIONS.get(str(noted.get("answer")))
    if decision and taken in (Action.ANSWER_AS_PARTY, Action.DECIDE_EXTENSION):
        return f"{words}: {gettext(decision)}"
    if taken is Action.ASK_APPROVAL and noted.get("to"):
        return gettext(
            "the offer waits until %(name)s has decided; do not tell the customer yet",
            name=noted["to"],
        )
    if taken is Action.PAUSE and noted.get("until"):
        zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
        until = say_instant(datetime.fromisoformat(noted["until"]), zone, lang())
        return gettext("%(what)s until %(time)s", what=words, time=until)
    return words


def _is_written(case: Case) -> bool:
    """Whether a message of ours was written that leaves by email or on paper."""
    noted = case.noted
    is_ours = case.taken is Action.MESSAGE and noted.get("direction") == "out"
    return is_ours and noted.get("method") in WRITTEN


def _leaving(case: Case) -> str:
    """What becomes of a message of ours."""
    leaves = _LEAVES[case.noted["method"]]
    return gettext(leaves)


def still_open(case: Case) -> str:
    """What keeps the step from counting yet; empty when nothing does."""
    if case.taken is Action.CONFIRM and case.noted.get("asked"):
        if case.complaint.awaiting_confirmation:
            return gettext("The step counts once the customer has confirmed it.")
        return ""
    if case.taken is Action.EXPLAIN_CAUSE and case.noted.get("is_open"):
        if case.noted.get("view") == "unclear":
            return gettext("It is not clear to the customer yet: explain it again.")
        return gettext("The step counts once it is recorded how the customer sees it.")
    means = {each.method for each in case.records if each.letter_key}
    return " ".join(gettext(_ON_ITS_WAY[each]) for each in sorted(means) if each in _ON_ITS_WAY)
