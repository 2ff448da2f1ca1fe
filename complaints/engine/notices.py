"""Who hears what of a batch: one notice and one letter to a person for each complaint.

Several clocks of a complaint that come due together are named together, under the most urgent.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from complaints.domain.clock_state import ClockState
from complaints.engine.expiries import Expired
from complaints.engine.outcome import Outcome, Recipient
from complaints.outbox.digest import CATCHING_UP
from complaints.outbox.queue import notice_letter_row, notice_row
from complaints.outbox.reminders import reminder_key
from complaints.people.staff import Person
from complaints.queries.due_status import due_status_of
from complaints.rulebook import RuleBook

#: Kinds of notice from the least urgent on.
_URGENCY = ("warn", "breach", "reminder", "escalation")


def tell_everybody(
    outcomes: Sequence[Outcome],
    expired: Sequence[Expired],
    rules: RuleBook,
    briefs: Mapping[int, Mapping[str, Any]],
    at: datetime,
) -> None:
    """Write notices and letters for what the outcomes note, each with its most urgent clock.

    Whoever hears of a clock hears in the same words of an acknowledgement that has expired.
    `briefs` says by complaint who and what it is about, for the letters.
    """
    told: dict[tuple[int, int], list[tuple[Outcome, Recipient]]] = {}
    for out in outcomes:
        for recipient in out.recipients:
            told.setdefault((out.complaint.id, recipient.person.id), []).append((out, recipient))
    acknowledged: dict[tuple[int, int], str] = {}
    for one in expired:
        for person, kind, name in one.recipients.values():
            where = (one.complaint.id, person.id)
            if where in told:
                acknowledged[where] = "" if kind == "ack_expired" else name
            else:
                _tell_of_expiry(one, person, kind, name, rules, briefs, at)
    for where, together in told.items():
        in_order = sorted(together, key=_rank, reverse=True)
        _tell(in_order, acknowledged.get(where), rules, briefs, at)


def _rank(each: tuple[Outcome, Recipient]) -> tuple[int, int, float, int]:
    """By urgency and level, and then what has been due for longest."""
    out, recipient = each
    clock = out.clock
    urgency = _URGENCY.index(recipient.notice)
    return urgency, recipient.level, -clock.due_at.timestamp(), -clock.id


def _tell(
    together: Sequence[tuple[Outcome, Recipient]],
    acknowledged: str | None,
    rules: RuleBook,
    briefs: Mapping[int, Mapping[str, Any]],
    at: datetime,
) -> None:
    # One notice per deadline (which belongs to one cycle), rung and person, by a unique key.
    out, recipient = together[0]
    clock, complaint, person = out.clock, out.complaint, recipient.person
    # After a standstill notifications may pile up; a mailbox gets one letter in the end.
    is_late = any(each.lag_seconds > CATCHING_UP.total_seconds() for each, _ in together)
    key = reminder_key(clock.id, recipient.rung, clock.due_at, person.id)
    facts = {
        "number": rules.numbers.write(complaint.year, complaint.id),
        "clock": clock.kind,
        "due_at": clock.due_at.isoformat(),
        "zone": rules.calendar_versions[clock.calendar_version_id].tz.key,
        "level": recipient.level,
        "left": _left(clock, rules, at),
    }
    if out.owed is not None:
        facts["task"] = out.owed.what
    if len(together) > 1:
        facts["others"] = [
            [each.clock.kind, each.clock.due_at.isoformat()] for each, _ in together[1:]
        ]
    if acknowledged is not None:
        # Empty when it was the reader's own.
        facts["expired"] = acknowledged
    _write(out, person, recipient.notice, key, facts, briefs, at, is_late=is_late)


def _left(clock: ClockState, rules: RuleBook, at: datetime) -> tuple[int, bool]:
    """Seconds left, or late when negative, and whether they are working time."""
    status = due_status_of(
        rules.calendar_versions[clock.calendar_version_id],
        clock.started_at,
        clock.due_at,
        clock.state,
        at,
        counts_worktime=rules.counts_worktime(clock.policy_version_id, clock.clause),
    )
    return status.seconds, status.is_worktime


def _tell_of_expiry(
    one: Expired,
    person: Person,
    kind: str,
    name: str,
    rules: RuleBook,
    briefs: Mapping[int, Mapping[str, Any]],
    at: datetime,
) -> None:
    """Tell somebody of an acknowledgement that has run out, and of nothing else."""
    last = max(one.acknowledged, key=lambda each: (each.ack_expires_at, each.id))
    key = f"expired:{last.id}:{int(last.ack_expires_at.timestamp())}:{person.id}"
    complaint = one.complaint
    is_late = at - last.ack_expires_at > CATCHING_UP
    facts = {
        "number": rules.numbers.write(complaint.year, complaint.id),
        "by": name,
        "level": last.level,
        "expired_at": last.ack_expires_at.isoformat(),
        "zone": rules.calendar_of(complaint.branch_id).value.tz.key,
    }
    _write(one, person, kind, key, facts, briefs, at, is_late=is_late)


def _write(
    told: Outcome | Expired,
    person: Person,
    kind: str,
    key: str,
    facts: Mapping[str, Any],
    briefs: Mapping[int, Mapping[str, Any]],
    at: datetime,
    *,
    is_late: bool,
) -> None:
    """A notice, and a letter with it; what comes late waits for the digest instead."""
    complaint_id = told.complaint.id
    told.notices.append(
        notice_row(
            kind,
            key,
            user_id=person.id,
            complaint_id=complaint_id,
            facts=facts,
            at=at,
            awaits_digest=is_late,
        )
    )
    if is_late:
        return
    told.letters.append(
        notice_letter_row(
            kind,
            key,
            to=person.email,
            name=person.name,
            language=person.language,
            complaint_id=complaint_id,
            facts={**facts, **briefs[complaint_id]},
            at=at,
        )
    )
