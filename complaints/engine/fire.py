"""Firing the timers that are due, a batch at a time: claim, take each clock's steps, store.

The worker calls this and commits once per batch. A row that cannot be fired is postponed for an
hour and the others go on; what one clock's steps amount to is worked out by `apply_schedule`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from complaints.clocks.store import drop_timers, reset_timers
from complaints.clocks.timers import pause_ends_at
from complaints.domain.ladder_position import NextTimer
from complaints.domain.lifecycle import Status
from complaints.engine.apply_schedule import apply_schedule
from complaints.engine.correct import Drifted, correct_clocks
from complaints.engine.expiries import Expired, claim_expired, note_expiries
from complaints.engine.notices import tell_everybody
from complaints.engine.outcome import (
    COMPLAINT,
    Acknowledged,
    DueComplaint,
    DueTimer,
    Outcome,
    Owed,
)
from complaints.engine.postpone import (
    Failed,
    FailedExpiries,
    postpone,
    postpone_expiries,
    reraise_if_db_down,
)
from complaints.engine.rebuild import is_as_stored, read_ledgers, rebuild_clock
from complaints.engine.store_each import store_expiries, store_outcomes
from complaints.models import Commitment, Complaint, Deadline, Escalation, Timer
from complaints.models.shapes import CLOCK, ReadAs
from complaints.people.staff import Staff
from complaints.queries.brief import read_briefs
from complaints.rulebook import RuleBook
from complaints.steps.casework.pause import end_pause
from complaints.steps.commitments.deliver import reopen_undelivered

#: Timers fired in one transaction: enough to be quick, few enough that nobody waits for it.
BATCH = 500

#: A due timer with what belongs to it.
_CLAIMED = ReadAs(DueTimer, id=Timer.id, clock=CLOCK, complaint=COMPLAINT)


@dataclass(slots=True)
class Fired:
    """What a batch did: steps by kind, the greatest lateness, timers handled, mishaps.

    `lags` counts the deadlines fired by how many seconds late they were; `corrected` tells of
    those whose row differed from its ledger.
    """

    counts: Counter[str] = field(default_factory=Counter)
    oldest_lag_seconds: int = 0
    handled: int = 0
    mishaps: list[str] = field(default_factory=list)
    lags: Counter[int] = field(default_factory=Counter)
    corrected: list[str] = field(default_factory=list)

    def add(self, other: "Fired") -> None:
        """Take in what a further batch did."""
        self.counts += other.counts
        self.oldest_lag_seconds = max(self.oldest_lag_seconds, other.oldest_lag_seconds)
        self.handled += other.handled
        self.mishaps += other.mishaps
        self.lags += other.lags
        self.corrected += other.corrected

    def note(self, lag_seconds: int) -> None:
        """Count a deadline that fired so late."""
        self.oldest_lag_seconds = max(self.oldest_lag_seconds, lag_seconds)
        self.lags[lag_seconds] += 1


def fire_due(session: Session, rules: RuleBook, *, at: datetime, limit: int = BATCH) -> Fired:
    """Fire up to `limit` timers that are due by `at`; the caller commits.

    1. claim the timers with their deadlines and complaints, leaving out what others hold;
    2. rebuild each clock from its ledger, and correct the rows that say something else;
    3. end the pauses that have lasted as long as they may, and open the closed complaints again
       whose remedy has not been delivered;
    4. take the due steps of every other deadline, in memory;
    5. note the acknowledgements that have run out;
    6. store them at once, or one by one when one of them cannot be stored;
    7. postpone what failed.

    Timers of one complaint whose pause has just ended, that has just been reopened, or of which a
    clock has just been corrected, are left to the next batch.
    """
    at = at.replace(microsecond=0)
    claimed = _claim(session, at, limit)
    fired = Fired(handled=len(claimed))
    failed: Failed = []
    over = [each for each in claimed if each.is_over]
    drop_timers(session, [each.id for each in over])
    live = [each for each in claimed if not each.is_over]
    sound = _correct(session, rules, live, at, fired, failed)
    paused = [each for each in sound if each.clock.is_paused]
    resumed = _end_pauses(session, rules, paused, at, fired, failed)
    resumed |= _reopen_undelivered(session, rules, sound, at, fired, failed)
    running = [each for each in sound if not (each.clock.is_paused or each.complaint.id in resumed)]
    outcomes = _apply_schedules(session, rules, running, at, failed)
    changed = {each.complaint.id for each in live} - {each.complaint.id for each in sound} | resumed
    expired = claim_expired(
        session, at, limit, claimed=[each.id for each in claimed], changed=changed
    )
    _note_expiries(session, rules, expired, outcomes, at)
    told = {out.complaint.id for out in outcomes if out.recipients}
    told |= {one.complaint.id for one in expired if one.recipients}
    tell_everybody(outcomes, expired, rules, read_briefs(session, rules, told), at)
    stored = store_outcomes(session, outcomes, failed)
    for out in stored:
        fired.counts += out.counts
        # What an acknowledgement holds back has only been looked at.
        if out.counts or out.lag_seconds:
            fired.note(out.lag_seconds)
    unstored = {out.complaint.id for out in outcomes} - {out.complaint.id for out in stored}
    lost: FailedExpiries = []
    tellable = [one for one in expired if one.complaint.id not in unstored]
    for one in store_expiries(session, tellable, at, lost):
        fired.handled += 1
        if one.history:
            fired.counts["expire"] += 1
    fired.mishaps += postpone(session, failed, at) + postpone_expiries(session, lost, at)
    return fired


def _claim(session: Session, at: datetime, limit: int) -> list[DueTimer]:
    """Lock the oldest due timers with what belongs to them.

    Like a person's step we lock the complaint first, and we never wait for a lock: whoever holds
    the complaint has everything of it to himself, and no two can stand in each other's way. The
    deadline is locked as well: of a row that is not, PostgreSQL would show us the state from
    before another worker's commit.
    """
    query = (
        select(_CLAIMED)
        .join(Deadline, Deadline.id == Timer.deadline_id)
        .join(Complaint, Complaint.id == Timer.complaint_id)
        .where(Timer.fire_at <= at)
        .order_by(Timer.fire_at, Timer.id)
        .limit(bindparam("limit", limit, literal_execute=True))
        .with_for_update(of=(Complaint, Deadline, Timer), skip_locked=True)
    )
    claimed = list(session.scalars(query))
    if len(claimed) < limit:
        return claimed
    # The clocks of one complaint that are due together are told of together.
    beyond = (
        select(_CLAIMED)
        .join(Deadline, Deadline.id == Timer.deadline_id)
        .join(Complaint, Complaint.id == Timer.complaint_id)
        .where(
            Timer.fire_at <= at,
            Timer.complaint_id.in_({each.complaint.id for each in claimed}),
            Timer.id.not_in([each.id for each in claimed]),
        )
        .order_by(Timer.fire_at, Timer.id)
        .with_for_update(of=(Complaint, Deadline, Timer), skip_locked=True)
    )
    return [*claimed, *session.scalars(beyond)]


def _correct(
    session: Session,
    rules: RuleBook,
    live: Sequence[DueTimer],
    at: datetime,
    fired: Fired,
    failed: Failed,
) -> list[DueTimer]:
    """Compare each row with its ledger, and correct what differs; returns what may be acted upon.

    A clock whose ledger cannot be read is not acted upon either.
    """
    ledgers = read_ledgers(session, [each.clock.id for each in live])
    sound: list[DueTimer] = []
    drifted: list[Drifted] = []
    for each in live:
        try:
            ledger = rebuild_clock(rules, ledgers.get(each.clock.id, ()))
            if is_as_stored(each.clock, ledger):
                sound.append(each)
            else:
                drifted.append(Drifted.between(rules, each, ledger, at))
        except Exception as error:
            failed.append((each, error))
    if not drifted:
        return sound
    try:
        with session.begin_nested():
            correct_clocks(session, drifted, at)
        fired.corrected += [str(each) for each in drifted]
    except StatementError as error:
        failed += [(each.stored, reraise_if_db_down(error)) for each in drifted]
    changed = {each.stored.complaint.id for each in drifted}
    return [each for each in sound if each.complaint.id not in changed]


def _end_pauses(
    session: Session,
    rules: RuleBook,
    paused: Sequence[DueTimer],
    at: datetime,
    fired: Fired,
    failed: Failed,
) -> set[int]:
    """Let clocks run again whose pause is over; returns the complaints this changed.

    The clocks resume at the instant the pause was to end, however late that is noticed.
    """
    resumed: set[int] = set()
    for each in paused:
        if each.complaint.id in resumed:
            continue
        try:
            with session.begin_nested():
                until = pause_ends_at(session, each.clock.id)
                if until > at:
                    reset_timers(session, [(each.id, NextTimer(until, "resume"))])
                    continue
                end_pause(session, rules, each.complaint.id, until)
        except Exception as error:
            failed.append((each, reraise_if_db_down(error)))
            continue
        resumed.add(each.complaint.id)
        fired.counts["resume"] += 1
        fired.note(int((at - until).total_seconds()))
    return resumed


def _reopen_undelivered(
    session: Session,
    rules: RuleBook,
    sound: Sequence[DueTimer],
    at: datetime,
    fired: Fired,
    failed: Failed,
) -> set[int]:
    """Open closed complaints again that missed a delivery; returns the complaints this changed."""
    missed = [
        each
        for each in sound
        if each.complaint.status == Status.CLOSED and each.clock.is_missed(at)
    ]
    owed = _owed(session, missed)
    reopened: set[int] = set()
    for each in missed:
        if each.complaint.id in reopened:
            continue
        what = owed[each.clock.id].what if each.clock.id in owed else ""
        try:
            with session.begin_nested():
                reopen_undelivered(session, rules, each.complaint.id, at, what=what)
        except Exception as error:
            failed.append((each, reraise_if_db_down(error)))
            continue
        reopened.add(each.complaint.id)
        fired.counts["reopen"] += 1
    return reopened


def _apply_schedules(
    session: Session,
    rules: RuleBook,
    claimed: Sequence[DueTimer],
    at: datetime,
    failed: Failed,
) -> list[Outcome]:
    if not claimed:
        return []
    staff = Staff.read(session, at)
    acknowledged = _acknowledged(session, claimed)
    owed = _owed(session, claimed)
    # Several clocks of one complaint write one history, each where the one before has left it.
    complaints: dict[int, DueComplaint] = {}
    outcomes = []
    for each in claimed:
        clock = each.clock
        complaint = complaints.get(each.complaint.id, each.complaint)
        try:
            calendar = rules.calendar_versions[clock.calendar_version_id]
            ladder = rules.ladder_versions[clock.ladder_version_id]
            schedule = ladder.schedule(clock.kind, clock.started_at, clock.due_at, calendar)
            schedule = ladder.with_reminders(clock.kind, schedule, clock.fired, at, calendar)
            out = apply_schedule(
                each, complaint, schedule, staff, acknowledged, at, owed.get(clock.id)
            )
        except Exception as error:
            failed.append((each, error))
            continue
        complaints[complaint.id] = out.complaint
        outcomes.append(out)
    return outcomes


def _note_expiries(
    session: Session,
    rules: RuleBook,
    expired: Sequence[Expired],
    outcomes: Sequence[Outcome],
    at: datetime,
) -> None:
    if not expired:
        return
    # Each goes on where the complaint's clocks have left its history.
    complaints = {out.complaint.id: out.complaint for out in outcomes}
    for one in expired:
        one.complaint = complaints.get(one.complaint.id, one.complaint)
    raised = [row for out in outcomes for row in out.escalations]
    note_expiries(session, rules, expired, Staff.read(session, at), raised, at)


def _owed(session: Session, claimed: Sequence[DueTimer]) -> dict[int, Owed]:
    """Deadline id → the commitment it stands for; asked only where there is one."""
    ids = [each.clock.id for each in claimed if each.clock.is_commitment]
    if not ids:
        return {}
    query = select(
        Commitment.deadline_id, Commitment.what, Commitment.owner_id, Commitment.team_id
    ).where(Commitment.deadline_id.in_(ids))
    return {
        row.deadline_id: Owed(row.what, row.owner_id, row.team_id) for row in session.execute(query)
    }


def _acknowledged(session: Session, claimed: Sequence[DueTimer]) -> Acknowledged:
    """The escalations of these deadlines taken note of; there are none before the breach."""
    escalated = {each.clock.id for each in claimed if each.clock.breached_at is not None}
    if not escalated:
        return Acknowledged()
    query = select(
        Escalation.key,
        Escalation.deadline_id,
        Escalation.to_id,
        Escalation.acknowledged_at,
        Escalation.ack_expires_at,
    ).where(
        Escalation.complaint_id.in_({each.complaint.id for each in claimed}),
        Escalation.deadline_id.in_(escalated),
    )
    raised = session.execute(query).all()
    rows = [row for row in raised if row.acknowledged_at is not None]
    until: dict[int, datetime] = {}
    for row in rows:
        if row.ack_expires_at is not None:
            until[row.deadline_id] = max(
                row.ack_expires_at, until.get(row.deadline_id, row.ack_expires_at)
            )
    waiting = frozenset(
        (row.deadline_id, row.to_id) for row in raised if row.acknowledged_at is None
    )
    return Acknowledged(frozenset(row.key for row in rows), until, waiting)
