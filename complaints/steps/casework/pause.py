"""Pause the clocks while the customer has to do something, and let them run again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, literal_column, select, update
from sqlalchemy.orm import Session

from complaints.clocks.changes import Clocks
from complaints.clocks.pause_intervals import present_pause
from complaints.domain.config.exits import Awaited, chosen
from complaints.domain.deadlines import DeadlineState
from complaints.domain.errors import N_, Forbidden, Invalid, Refused, counted
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import SYSTEM, Actor, Permission
from complaints.domain.short_reason import require_reason
from complaints.domain.words.exits import ExitKind
from complaints.domain.worktime.durations import Counting, due_at
from complaints.models import Complaint, Deadline, Exit
from complaints.people.signers import handler_of
from complaints.rows import table_of
from complaints.rulebook import RuleBook
from complaints.steps.advance import advance
from complaints.steps.case import JUST_NOW, Case, case_of_locked, open_case
from complaints.steps.casework.followers import require_pause_within_followers
from complaints.steps.excuse import exit_columns
from complaints.steps.notify import drop_paper, letter_to_customer, tell_people

#: Written out, not bound: only so do both databases recognise their partial index.
IS_WAITING: ColumnElement[bool] = literal_column("complaints.waiting_customer")
#: The longest pause; whoever needs more asks for an extension.
LONGEST_PAUSE = timedelta(days=30)


def pause_clocks(case: Case, *, reason: str, until: datetime, awaits: str = "") -> None:
    """Stop the pausable clocks while the customer is waited for, at the latest until `until`.

    `awaits` is a code of what may be awaited, or its words; the reason may name it by itself. The
    first pause, of a few working days, is the handler's; a longer or a further one, and one that
    follows on the present one, a supervisor's. It begins when it is recorded.
    """
    reason = require_reason(reason, N_("Enter what the customer has to do in the meantime."))
    if case.recorded_at is not None:
        if case.at < case.recorded_at - JUST_NOW:
            raise Invalid(
                N_("A pause begins when it is recorded; it cannot be dated back."), field="at"
            )
        case.at = case.recorded_at
    if not case.at < until <= case.at + LONGEST_PAUSE:
        raise Invalid(N_("Choose a date ahead, 30 days from now at the latest."), field="until")
    awaited = _awaited(case, awaits, reason)
    _require_right(case, until)
    require_pause_within_followers(case, until)
    was_paused = case.complaint.waiting_customer
    if was_paused:
        note_end_of_pause(case)
    case.complaint.waiting_customer = True

    def stop(clocks: Clocks) -> None:
        if was_paused:
            clocks.resume(case.at)
        clocks.pause(until, case.at, reason)

    advance(
        case,
        Action.PAUSE,
        detail={"reason": reason, "until": until.isoformat(), "awaits": awaited.id},
        keep=stop,
    )
    case.session.add(
        Exit(
            kind=ExitKind.PAUSE.value,
            code=awaited.id,
            reason=reason,
            until_at=until,
            **exit_columns(case),
        )
    )
    facts = {"awaited": dict(awaited.told), "reason": reason, "until": until.isoformat()}
    letter_to_customer(case, "paused", facts=facts, or_paper=True)


def resume_clocks(case: Case) -> None:
    """Let the paused clocks run again; the time paused moves their due times."""
    if not case.complaint.waiting_customer:
        refusal = Refused(N_("The clocks are not paused."))
        if not case.has_ended_pause:
            raise refusal
        case.said = refusal
        return
    case.complaint.waiting_customer = False
    note_end_of_pause(case)
    advance(case, Action.RESUME, keep=lambda clocks: clocks.resume(case.at))


def note_end_of_pause(case: Case) -> datetime:
    """Keep with the present pause, if there is one, that it is over and how long it was.

    Returns when it ended: never before it began, whatever was told.
    """
    query = select(Exit).where(
        Exit.complaint_id == case.complaint.id,
        Exit.kind == ExitKind.PAUSE.value,
        Exit.ended_at.is_(None),
    )
    drop_paper(case, "paused")
    ended_at = case.at
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    for pause in case.session.scalars(query).all():
        pause.ended_at = max(case.at, pause.at)
        pause.paused_seconds = calendar.between(pause.at, pause.ended_at)
        ended_at = max(ended_at, pause.ended_at)
    return ended_at


def _awaited(case: Case, awaits: str, reason: str) -> Awaited:
    listed = case.rules.exits.pauses()
    found = chosen(listed, awaits, reason)
    if found is None:
        raise Invalid(
            N_("Choose what the customer is waited for: %(list)s."),
            field="awaits",
            list={lang: "; ".join(each.label(lang) for each in listed) for lang in ("id", "en")},
        )
    return found


def _require_right(case: Case, until: datetime) -> None:
    """The first pause of so many working days is the handler's, everything beyond a supervisor's.

    The pauses of every cycle count, so that reopening makes none the first again. Their sum has a
    bound as well.
    """
    _require_bounded(case, until)
    if case.by.has(Permission.APPROVE):
        return
    query = select(Exit.id).where(
        Exit.complaint_id == case.complaint.id, Exit.kind == ExitKind.PAUSE.value
    )
    if case.session.scalar(query.limit(1)) is not None:
        raise Forbidden(
            N_("This complaint was paused before. Ask a supervisor for another or longer pause.")
        )
    days = case.rules.authority.pause.first_days
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    latest = due_at(calendar, case.at, days, "working_day", counting=Counting.DAY_AFTER_RECEIPT)
    if until > latest:
        raise Forbidden(
            counted(
                days,
                N_(
                    "You may pause for up to one working day. Ask a supervisor for a longer pause, "
                    "or choose an earlier date."
                ),
                N_(
                    "You may pause for up to %(days)d working days. Ask a supervisor for a longer "
                    "pause, or choose an earlier date."
                ),
            ),
            field="until",
            days=days,
        )


def _require_bounded(case: Case, until: datetime) -> None:
    """Refuse a pause with which the complaint would stand still too long in all.

    More time than that is an extension, which somebody above decides.
    """
    query = select(Exit.at, Exit.ended_at).where(
        Exit.complaint_id == case.complaint.id, Exit.kind == ExitKind.PAUSE.value
    )
    total = until - case.at
    for begun, ended in case.session.execute(query).all():
        # The present pause ends where this one begins.
        total += max((ended or case.at) - begun, timedelta())
    days = case.rules.authority.pause.total_days
    if total > timedelta(days=days):
        raise Refused(
            N_(
                "With this pause the complaint would be paused for %(total)d days in all; the "
                "limit is %(days)d. Choose an earlier date, or ask for an extension, which "
                "your line manager decides."
            ),
            field="until",
            total=-(-total // timedelta(days=1)),
            days=days,
        )


def no_longer_waiting(case: Case) -> Callable[[Clocks], None] | None:
    """Note that the customer was heard of; returns what that does to the clocks, None if nothing.

    Any word from the customer ends a pause, and the step that takes it hands this to `advance`.
    """
    if not case.complaint.waiting_customer:
        return None
    case.complaint.waiting_customer = False
    ended_at = note_end_of_pause(case)
    return lambda clocks: clocks.resume(ended_at)


def end_idle_pauses(session: Session, rules: RuleBook, at: datetime) -> list[int]:
    """End the pauses that are over and stopped no clock, all having been missed; returns whose.

    A pause ends with the timer of a clock that it stopped; where there is none, the auditor asks.
    """
    stands_still = (
        select(Deadline.id)
        .where(
            Deadline.complaint_id == Complaint.id,
            Deadline.ended_at.is_(None),
            Deadline.state == DeadlineState.PAUSED.value,
        )
        .correlate(Complaint)
        .exists()
    )
    query = (
        select(Complaint.id)
        .where(IS_WAITING, ~stands_still)
        .order_by(Complaint.id)
        .with_for_update(of=(Complaint,), skip_locked=True)
    )
    ended = []
    for complaint_id in session.scalars(query).all():
        pause = present_pause(session, complaint_id)
        if pause is not None and pause.until is not None and pause.until <= at:
            end_pause(session, rules, complaint_id, pause.until)
            ended.append(complaint_id)
    return ended


def end_pause(session: Session, rules: RuleBook, complaint_id: int, until: datetime) -> None:
    """Resume the clocks of a complaint whose pause ended at `until`, and tell its handler.

    The caller has locked the complaint. The pause ends at its own time, however late it is
    noticed. The version stays, so that a form somebody is filling in does not become stale.
    """
    case = case_of_locked(session, rules, complaint_id, until)
    complaint = case.complaint
    version = complaint.version
    _end(case)
    session.flush()
    session.expunge(complaint)
    table = table_of(Complaint)
    session.execute(update(table).where(table.c.id == complaint_id).values(version=version))


def open_now(
    session: Session, number: str, *, by: Actor, at: datetime, version: int | None = None
) -> Case:
    """Lock a complaint for an act that is recorded at `at`, the machine's time.

    A pause that is over by then ends first, at its own end, whether the worker ran or not: what is
    recorded after it, dated back or not, finds running clocks. Raises as `open_case`.
    """
    case = open_case(session, number, by=by, at=at, version=version, is_now=True)
    if case.complaint.waiting_customer:
        pause = present_pause(session, case.complaint.id)
        if pause is not None and pause.until is not None and pause.until <= case.at:
            _end(Case(session, case.rules, case.complaint, SYSTEM, pause.until))
            case.has_ended_pause = True
    return case


def _end(case: Case) -> None:
    """Let the clocks run again from the moment of the case, and tell the handler."""
    case.complaint.waiting_customer = False
    note_end_of_pause(case)
    advance(case, Action.RESUME, keep=lambda clocks: clocks.resume(case.at))
    tell_people(case, [handler_of(case.complaint)], "pause_ended", facts={})
