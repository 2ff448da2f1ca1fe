"""Letters on their way: printed by somebody here, or come back to us."""

from sqlalchemy import select

from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.short_reason import require_reason
from complaints.models import OutboxMessage
from complaints.outbox.enclosures import hold_back_hidden
from complaints.steps.advance import advance
from complaints.steps.case import Case


def print_letter(case: Case, *, letter: int) -> None:
    """Record that a letter on paper was printed to be handed over or posted; now it has left."""
    row = _letter(case, letter)
    if row.state != "to_print":
        raise Refused(N_("This letter is not waiting to be printed."))
    held_back = ", ".join(hold_back_hidden(case.session, row))
    row.state, row.sent_at = "sent", case.recorded_at or case.at
    detail = {"letter": row.id, **({"held_back": held_back} if held_back else {})}
    advance(case, Action.PRINT_LETTER, detail=detail)


def note_return(case: Case, *, letter: int, reason: str) -> None:
    """Record that a letter which had left came back; what it was to prove is open again."""
    row = _letter(case, letter)
    if row.state != "sent":
        raise Refused(N_("This letter has not left, so it cannot have come back."))
    reason = require_reason(reason, N_("Enter why the letter came back."))
    row.state = "bounced"
    advance(case, Action.NOTE_RETURN, detail={"letter": row.id, "reason": reason})


def _letter(case: Case, letter: int) -> OutboxMessage:
    query = select(OutboxMessage).where(
        OutboxMessage.id == letter,
        OutboxMessage.complaint_id == case.complaint.id,
        OutboxMessage.kind != "notice",
    )
    row = case.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound(N_("There is no such letter on this complaint."))
    return row
