"""Whether a timer stands where its clock says: one that was put off silences what is due."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from complaints.domain.deadlines import DeadlineState
from complaints.domain.firing import POSTPONED_FOR
from complaints.domain.ledger import EntryKind
from complaints.queries.complaint.seals.chain import Columns, Fault, in_utc
from complaints.rulebook import RuleBook


def wrong_with_timers(
    rules: RuleBook,
    clocks: Sequence[Columns],
    ledger: Sequence[Columns],
    timers: Sequence[Columns],
    escalations: Sequence[Columns],
    at: datetime | None,
) -> list[Fault]:
    """Name the live clocks of a complaint without a timer, and timers that fire too late.

    One that fires early does no harm: what is due is counted anew before anything happens. Behind
    a missed deadline an acknowledgement may hold the ladder; what could not be fired is tried again
    within the hour after `at`.
    """
    live = [each for each in clocks if each.ended_at is None]
    if not live:
        return []
    held = [_instant(each.ack_expires_at) for each in escalations if each.ack_expires_at]
    pauses = {each.deadline_id: each.until for each in ledger if each.what == EntryKind.PAUSE}
    by_clock: Mapping[int, Columns] = {each.deadline_id: each for each in timers}
    faults: list[Fault] = []
    for clock in live:
        timer = by_clock.get(clock.id)
        if timer is None:
            faults.append(Fault("timers", "", f"deadline {clock.id} has no timer"))
            continue
        latest = _latest(rules, clock, pauses)
        if clock.breached_at is not None:
            latest = max([latest, *held])
        fire_at = _instant(timer.fire_at)
        if timer.attempts:
            latest = max(latest, at + POSTPONED_FOR if at else fire_at)
        if fire_at > latest:
            what = f"fire_at is {in_utc(timer.fire_at)}; by its deadline it is "
            what += in_utc(latest.isoformat())
            faults.append(Fault("timers", str(timer.id), what, ("fire_at",)))
    return faults


_instant = datetime.fromisoformat


def _latest(rules: RuleBook, clock: Columns, pauses: Mapping[int, str | None]) -> datetime:
    """When the clock's next step is due, or its pause ends."""
    if clock.state == DeadlineState.PAUSED:
        until = pauses.get(clock.id)
        return _instant(until or clock.due_at)
    step = rules.ladder_versions[clock.ladder_version_id].step(
        clock.fired,
        clock.kind,
        _instant(clock.started_at),
        _instant(clock.due_at),
        rules.calendar_versions[clock.calendar_version_id],
    )
    return step.ripe_at
