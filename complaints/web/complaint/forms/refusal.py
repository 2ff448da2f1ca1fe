"""Why a form of a complaint cannot be sent at this stage, and what to do instead."""

from datetime import datetime

from flask_babel import gettext

from complaints.actions.registry import ACTS
from complaints.domain.errors import Refused
from complaints.domain.lifecycle import OPEN, Status, plan_move
from complaints.formatting import say_instant
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.due_status import due_status_of
from complaints.steps.case import Case
from complaints.steps.casework.approve import Pending
from complaints.web.complaint.forms.known_words import missed_at
from complaints.web.frame.errors import say
from complaints.web.frame.translations import lang


def refusal(case: Case, dossier: Dossier, pending: Pending | None, noun: str) -> str:
    """Why the form cannot be sent at this stage, or nothing."""
    act, status = ACTS[noun], Status(case.complaint.status)
    missed = missed_at(dossier, case.at)
    if noun == "promise" and case.complaint.promised_at and status is not Status.RECEIVED:
        if missed is None:
            return gettext("A date has already been promised. Ask for an extension to move it.")
        return _say_missed(case, missed)
    if noun == "extension" and missed is not None and status in OPEN:
        return _say_missed(case, missed)
    if noun == "offer/approval" and pending and not (pending.may or pending.passes_on):
        if pending.offer.by_id == case.by.id:
            return gettext(
                "You asked for this offer yourself, so someone else has to decide on it."
            )
        return gettext(
            "This is not for you to decide: %(name)s has been asked.", name=pending.approver or "–"
        )
    letters = [each.state for each in dossier.letters.values()]
    if noun == "letters/printing" and "to_print" not in letters:
        return gettext("No letter is waiting to be printed.")
    if noun == "letters/return" and "sent" not in letters:
        return gettext("No letter to this customer has left yet.")
    if act.may_follow(status):
        return ""
    try:
        move = plan_move(status, act.actions[0])
    except Refused as error:
        return say(error)
    return gettext("Not yet: complete the earlier steps first.") if move else ""


def _say_missed(case: Case, due_at: datetime) -> str:
    """That the date cannot be moved any more, and what is left to do."""
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    left = due_status_of(calendar, None, due_at, None, case.at).say_left(lang())
    return gettext(
        "The deadline was missed: %(at)s, %(left)s. It can no longer be moved. Apologise to the "
        "customer in a message, say when they will hear from you, and go on with the next step; "
        "escalate if you need help.",
        at=say_instant(due_at, calendar.tz, lang()),
        left=left,
    )
