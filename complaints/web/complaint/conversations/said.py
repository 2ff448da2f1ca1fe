"""What the page says once a conversation has been recorded: what happened, and what it waits for.

Read from the entries that the history was given, so that the sentence never says more.
"""

from collections.abc import Sequence

from flask_babel import gettext

from complaints.actions.registry import HISTORY
from complaints.domain.lifecycle import Action
from complaints.queries.complaint.dossier import HistoryRow
from complaints.steps.case import Case
from complaints.web.complaint.recorded import still_open

#: What follows by itself, and is no act of this conversation.
_BESIDE = (Action.BREACH.value,)


def say_conversation(case: Case, entries: Sequence[HistoryRow]) -> str:
    """What was recorded, in the words of the history, and what is not settled by it yet.

    `entries` come newest first, as the history is read.
    """
    own = [each for each in reversed(entries) if each.what not in _BESIDE]
    what = "; ".join(dict.fromkeys(gettext(HISTORY[each.what]) for each in own))
    said = [gettext("Recorded: %(what)s", what=what) + "."]
    asked = [each.detail.get("to") for each in own if each.what == Action.ASK_APPROVAL.value]
    if asked:
        said.append(
            gettext(
                "The offer waits until %(name)s has decided; do not tell the customer yet.",
                name=asked[-1],
            )
        )
    if any(each.is_unable for each in case.records) and case.complaint.signature_asked_at:
        said.append(gettext("Someone else has to sign this before the complaint can be closed."))
    said.append(still_open(case))
    return " ".join(filter(None, said))
