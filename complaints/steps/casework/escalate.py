"""Escalate by hand with a reason, acknowledge an escalation, hand it back with an instruction."""

from collections.abc import Collection

from sqlalchemy import select

from complaints.clocks.store import make_timers_due
from complaints.domain.errors import N_, Forbidden, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Permission, Role
from complaints.domain.short_reason import require_reason
from complaints.models import Deadline, Escalation, Timer, User
from complaints.people.signers import handler_of
from complaints.people.staff import Staff
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.notify import assignment_of, tell_people


def escalate_by_hand(case: Case, *, reason: str) -> None:
    """Put the complaint before the next superior up the line who has not been called yet, at once.

    The level is the one that person stands on. When everybody has been called in this round, the
    last of the line is called again.
    Earlier acknowledgements lose their force, so that the ladder goes on as well.
    """
    reason = require_reason(reason, N_("Enter why the complaint is escalated."))
    to_id = superior_to_call(case, case.by.id)
    if to_id is None:
        raise Refused(
            N_("You have no line manager in the system, so this cannot be escalated further.")
        )
    level = level_of(case, to_id)
    advance(case, Action.ESCALATE, detail={"reason": reason, "to": to_id, "level": level})
    call_superior(case, to_id, level, reason)
    tell_people(case, [to_id], "escalation", facts={"reason": reason, "level": level})


def call_superior(case: Case, to_id: int, level: int, reason: str) -> None:
    """Put the complaint before this person, behind the entry of the history that says so."""
    complaint = case.complaint
    complaint.escalation_level = max(complaint.escalation_level, level)
    _end_holding(case)
    case.session.add(
        Escalation(
            key=f"hand:{complaint.id}:{complaint.history_seq}",
            complaint_id=complaint.id,
            level=level,
            reason=reason,
            raised_at=case.at,
            raised_by_id=case.by.id,
            to_id=to_id,
        )
    )


def acknowledge_escalation(case: Case) -> None:
    """Take note of the open escalations addressed to this person; managers may for others.

    Until the acknowledgement expires, the ladder of the deadlines concerned stands still. When
    somebody else was quicker, nothing is recorded and the person hears who.
    """
    raised = _raised(case)
    other = _already_acknowledged_by(case, raised)
    if other is not None:
        case.said = Refused(
            N_("%(name)s has already acknowledged this escalation and is seeing to it."),
            name=other,
        )
        return
    taken = _addressed(case, [each for each in raised if each.acknowledged_at is None])
    _acknowledge(case, taken)
    advance(case, Action.ACKNOWLEDGE, detail={"escalations": [each.id for each in taken]})


def acknowledge_by_taking_over(case: Case) -> None:
    """Whoever takes the complaint over has taken note of what was escalated to them."""
    waiting = [each for each in _raised(case) if each.acknowledged_at is None]
    mine = [each for each in waiting if each.to_id == case.by.id]
    if not mine or not case.by.has(Permission.ACKNOWLEDGE):
        return
    _acknowledge(case, mine)
    advance(case, Action.ACKNOWLEDGE, detail={"escalations": [each.id for each in mine]})


def return_escalation(case: Case, *, instruction: str) -> None:
    """Hand the complaint back to its handler with an instruction; it is escalated no longer.

    It counts as an acknowledgement: when nothing comes of it, the ladder goes on after a while.
    """
    instruction = require_reason(
        instruction, N_("Enter the instruction for the handler."), field="instruction"
    )
    complaint = case.complaint
    taken = _addressed(case, [each for each in _raised(case) if not each.instruction])
    _acknowledge(case, taken)
    for each in taken:
        each.instruction = instruction
    handler_id = handler_of(complaint)
    advance(
        case,
        Action.RETURN_ESCALATION,
        detail={
            "escalations": [each.id for each in taken],
            "instruction": instruction,
            "from_level": complaint.escalation_level,
            "to": handler_id,
        },
    )
    complaint.escalation_level = 0
    facts = {"instruction": instruction}
    tell_people(case, [handler_id], "escalation_returned", facts=facts)


def superior_to_call(case: Case, below: int | None) -> int | None:
    """The next superior above `below`, or the deputy who may see the complaint; else further up.

    Where nobody stands above at all, the last resort is called.
    """
    complaint, place = case.complaint, assignment_of(case)
    staff = Staff.read(case.session, case.at)
    called = _called_in_this_round(case)
    again: int | None = None
    line = staff.line_above(below, complaint.branch_id)
    for superior in line:
        present = [each.id for each in staff.acting_for(superior.id, place)]
        if present and present[0] != below:
            if present[0] not in called:
                return present[0]
            again = present[0]
    if again is not None:
        return again
    # With everybody away, the complaint waits on the desk of the one it belongs to.
    last = (each for each in staff.last_resort(place) if each.id != below)
    return next((each.id for each in (*line, *last)), None)


def _called_in_this_round(case: Case) -> set[int | None]:
    """Who has been called since the complaint was last handed back, by hand or by the ladder."""
    if not case.complaint.escalation_level:
        return set()
    raised = _raised(case)
    last = max((each.id for each in raised if each.instruction), default=0)
    return {each.to_id for each in raised if each.id > last}


def level_of(case: Case, person_id: int) -> int:
    """The level on which this person stands above the handler, or one above the level now."""
    complaint = case.complaint
    below = handler_of(complaint)
    if below is not None:
        line = Staff.read(case.session).line_above(below, complaint.branch_id)
        for level, superior in enumerate(line, start=1):
            if superior.id == person_id:
                return level
    calls = [each.level for each in _raised(case) if each.to_id == person_id]
    return max(calls, default=complaint.escalation_level + 1)


def _raised(case: Case) -> list[Escalation]:
    query = select(Escalation).where(Escalation.complaint_id == case.complaint.id)
    return list(case.session.scalars(query.order_by(Escalation.id)))


def _already_acknowledged_by(case: Case, raised: list[Escalation]) -> str | None:
    """Who else has acknowledged what this person could have; None while something is open."""
    may_for_others = case.by.role is Role.MANAGER
    own = [each for each in raised if each.to_id == case.by.id or may_for_others]
    if not case.by.has(Permission.ACKNOWLEDGE) or not own:
        return None
    if any(each.acknowledged_at is None for each in own):
        return None
    last = max(own, key=lambda each: (each.acknowledged_at or case.at, each.id))
    if last.acknowledged_by_id in (None, case.by.id):
        return None
    return case.session.scalar(select(User.name).where(User.id == last.acknowledged_by_id))


def _addressed(case: Case, waiting: list[Escalation]) -> list[Escalation]:
    """Those this person may act on: their own, or all of them for a manager who has none."""
    if not waiting:
        raise Refused(N_("There is no open escalation."))
    mine = [each for each in waiting if each.to_id == case.by.id]
    if not mine and case.by.role is not Role.MANAGER:
        raise Forbidden(N_("This escalation is addressed to someone else."))
    return mine or waiting


def _acknowledge(case: Case, taken: Collection[Escalation]) -> None:
    """Mark them, each held for as long as the ladder says under which its deadline runs."""
    rules = case.rules
    calendar = rules.calendar_of(case.complaint.branch_id).value
    deadlines = {each.deadline_id for each in taken if each.deadline_id is not None}
    query = select(Deadline.id, Deadline.ladder_version_id).where(Deadline.id.in_(deadlines))
    ladders = {
        row.id: rules.ladder_versions[row.ladder_version_id] for row in case.session.execute(query)
    }
    for each in taken:
        holding = ladders.get(each.deadline_id or 0, rules.ladder).acknowledgement
        each.acknowledged_at = each.acknowledged_at or case.at
        each.acknowledged_by_id = each.acknowledged_by_id or case.by.id
        each.ack_expires_at = holding.until(case.at, calendar)
        each.expiry_told_at = None


def _end_holding(case: Case) -> None:
    """Let every acknowledgement of the complaint lose its force, and look at its ladders now."""
    held = [
        each
        for each in _raised(case)
        if each.ack_expires_at is not None and each.ack_expires_at > case.at
    ]
    for each in held:
        each.ack_expires_at = case.at
        # Somebody has just been called; it does not run out in silence.
        each.expiry_told_at = case.at
    deadlines = {each.deadline_id for each in held if each.deadline_id is not None}
    if deadlines:
        # The sweep counts anew before it acts: a timer may come too early, never too late.
        query = select(Timer.id).where(
            Timer.deadline_id.in_(deadlines), Timer.fire_at > case.at, Timer.firing != "resume"
        )
        make_timers_due(case.session, case.session.scalars(query).all(), case.at)
