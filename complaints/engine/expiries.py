"""Acknowledgements that have run out: whoever gave one and the next above hear of it, once.

What somebody is seeing to holds the ladder still; an escalation by hand has no ladder at all. So
the end of an acknowledgement is an event of its own, and the complaint stands before people again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import ENDED, Action
from complaints.engine.outcome import COMPLAINT, DueComplaint
from complaints.engine.store import keep_complaints
from complaints.history import store_history
from complaints.models import Complaint, Deadline, Escalation, Timer
from complaints.outbox.queue import queue_letters, queue_notices
from complaints.people.staff import Person, Staff
from complaints.rows import Row, insert_rows
from complaints.rulebook import RuleBook


@dataclass(slots=True)
class Expired:
    """The acknowledgements of one complaint that have run out, with what follows from that.

    `recipients` are those who hear, each with the notice and the name of whoever was seeing to it.
    """

    complaint: DueComplaint
    acknowledged: list[Any]
    level: int = 0
    history: list[Row] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    recipients: dict[int, tuple[Person, str, str]] = field(default_factory=dict)
    notices: list[Row] = field(default_factory=list)
    letters: list[Row] = field(default_factory=list)


def is_any_expired(session: Session, at: datetime) -> bool:
    """Whether an acknowledgement has run out of which nobody has been told."""
    return session.scalar(_expired(at, Escalation.id).limit(1)) is not None


def next_expiry(session: Session) -> datetime | None:
    """When the first acknowledgement runs out of which nobody has been told, or is tried again."""
    first: datetime | None = session.connection().scalar(_FIRST_EXPIRY)
    return first


def expired_complaints(session: Session, at: datetime) -> Sequence[int]:
    """The complaints of which an acknowledgement has run out by `at` and nobody has been told."""
    return session.connection().scalars(_expired(at, Escalation.complaint_id).distinct()).all()


def claim_expired(
    session: Session,
    at: datetime,
    limit: int,
    *,
    claimed: Collection[int],
    changed: Collection[int],
) -> list[Expired]:
    """Lock the complaints whose acknowledgements have run out by `at`, oldest first.

    A complaint with timers due that are not among the `claimed` waits for the batch that fires
    them, and so does one `changed` in this batch: people hear of both in one.
    """
    others = select(Timer.id).where(
        Timer.complaint_id == Escalation.complaint_id,
        Timer.fire_at <= at,
        Timer.id.not_in(claimed),
    )
    query = _expired(at, Escalation.complaint_id).where(
        ~others.exists(), Escalation.complaint_id.not_in(changed)
    )
    found = session.scalars(query.order_by(Escalation.ack_expires_at).limit(limit))
    complaint_ids = set(found)
    if not complaint_ids:
        return []
    locked = (
        _expired(at, COMPLAINT, Escalation)
        .where(Escalation.complaint_id.in_(complaint_ids))
        .order_by(Escalation.level.desc(), Escalation.id)
        .with_for_update(of=(Complaint, Escalation), skip_locked=True)
    )
    by_complaint: dict[int, Expired] = {}
    for complaint, escalation in session.execute(locked):
        one = by_complaint.setdefault(complaint.id, Expired(complaint, []))
        one.acknowledged.append(escalation)
    return list(by_complaint.values())


def note_expiries(
    session: Session,
    rules: RuleBook,
    expired: Sequence[Expired],
    staff: Staff,
    raised: Iterable[Row],
    at: datetime,
) -> None:
    """Work out who hears of each, and put the complaint before them again.

    1. whoever acknowledged (or their deputy) has it on the board anew, unless they handed it back
       with an instruction;
    2. the next above hears; where no ladder will call them, because it was escalated by hand, it
       is escalated to them;
    3. where nobody of these is there any more, the last resort hears.

    `raised` are the escalations that this batch makes already. What has ended or been met
    meanwhile, or is still held by the same person's later acknowledgement, is only marked.
    """
    if not expired:
        return
    ids = [one.complaint.id for one in expired]
    clocks = _clocks(session, expired)
    held = _held(session, ids, at)
    waiting = _waiting(session, ids) | {(row["complaint_id"], row["to_id"]) for row in raised}
    for one in expired:
        if one.complaint.status in ENDED:
            continue
        telling = [
            each
            for each in one.acknowledged
            if (each.deadline_id is None or clocks[each.deadline_id].ended_at is None)
            and (one.complaint.id, each.acknowledged_by_id) not in held
        ]
        for each in telling:
            clock = clocks.get(each.deadline_id)
            _Expiry(rules, staff, one, each, clock, waiting, at).note()
        if telling:
            _write(one, telling, at)


def store_expired(session: Session, expired: Sequence[Expired], at: datetime) -> None:
    """Store what follows, and that it has been told."""
    store_history(session, [row for one in expired for row in one.history])
    insert_rows(session, Escalation, [row for one in expired for row in one.escalations])
    keep_complaints(session, [one.complaint for one in expired if one.history])
    queue_notices(session, [row for one in expired for row in one.notices])
    queue_letters(session, [row for one in expired for row in one.letters])
    told = [each.id for one in expired for each in one.acknowledged]
    marked = update(Escalation).where(Escalation.id.in_(told)).values(expiry_told_at=at)
    session.execute(marked, execution_options={"synchronize_session": False})


@dataclass(slots=True)
class _Expiry:
    """One acknowledgement that has run out."""

    rules: RuleBook
    staff: Staff
    one: Expired
    acknowledged: Any
    clock: Any
    waiting: set[tuple[int, int | None]]
    at: datetime

    def note(self) -> None:
        one, giver_id = self.one, self.acknowledged.acknowledged_by_id
        was_handed_back = bool(self.acknowledged.instruction)
        givers = self.staff.acting_for(giver_id, one.complaint.place)
        above = () if was_handed_back else self._above(giver_id, givers)
        lost = () if givers or above else self.staff.last_resort(one.complaint.place)
        giver = self.staff.by_id.get(giver_id)
        name = giver.name if giver else ""
        for person in (*above, *lost):
            one.recipients.setdefault(person.id, (person, "ack_expired_below", name))
        for person in givers:
            one.recipients[person.id] = (person, "ack_expired", name)
        level = self.acknowledged.level
        one.level = max(one.level, level)
        if was_handed_back:
            return
        for person in (*givers, *lost):
            self._raise(person, level)
        if self.clock is None:
            for person in above:
                self._raise(person, level + 1)
        if not (givers or above or lost):
            # Nobody at all is still a row, so that the board shows it.
            self._raise(None, level)

    def _above(self, giver_id: int | None, givers: Collection[Person]) -> Sequence[Person]:
        """Who stands above the one who acknowledged: on the ladder, else up the line."""
        for people in self._upward(giver_id):
            above = [each for each in people if each not in givers and each.id != giver_id]
            if above:
                return above
        return ()

    def _upward(self, giver_id: int | None) -> Iterator[Sequence[Person]]:
        place = self.one.complaint.place
        if self.clock is not None:
            ladder = self.rules.ladder_versions[self.clock.ladder_version_id]
            for rung in sorted(ladder.rungs_for(self.clock.kind), key=lambda rung: rung.level):
                if rung.level > self.acknowledged.level:
                    yield self.staff.recipients(rung.target, place)
            return
        for superior in self.staff.line_above(giver_id, place.branch_id):
            yield self.staff.acting_for(superior.id, place)

    def _raise(self, person: Person | None, level: int) -> None:
        """Put it before this person, who has nothing of the complaint before them."""
        one, given = self.one, self.acknowledged
        person_id = person.id if person else None
        if (one.complaint.id, person_id) in self.waiting:
            return
        self.waiting.add((one.complaint.id, person_id))
        one.level = max(one.level, level)
        one.escalations.append(
            {
                "key": f"expired:{given.id}:{int(self.at.timestamp())}:{person_id or 'nobody'}",
                "complaint_id": one.complaint.id,
                "deadline_id": given.deadline_id,
                "level": level,
                "reason": given.reason,
                "raised_at": self.at,
                "raised_by_id": given.raised_by_id,
                "to_id": person_id,
            }
        )


def _write(one: Expired, telling: Sequence[Any], at: datetime) -> None:
    """One entry of the complaint's history for all of them."""
    detail: dict[str, Any] = {
        "escalations": [each.id for each in telling],
        "expired_at": max(each.ack_expires_at for each in telling).isoformat(),
        "level": one.level,
        **({"to": sorted(one.recipients)} if one.recipients else {"nobody": True}),
    }
    row, complaint = one.complaint.write(Action.ACKNOWLEDGEMENT_EXPIRED, at, detail)
    # What was handed back is escalated no longer.
    one.complaint = complaint.raised_to(one.level) if one.escalations else complaint
    one.history.append(row)


def _expired(at: datetime, *columns: Any) -> Select[Any]:
    """Acknowledgements that have run out and have not been told; a pause holds them back."""
    postponed = Escalation.expiry_postponed_until
    return _untold(*columns).where(
        Escalation.ack_expires_at <= at, or_(postponed.is_(None), postponed <= at)
    )


def _untold(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Escalation)
        .join(Complaint, Complaint.id == Escalation.complaint_id)
        .where(Escalation.expiry_told_at.is_(None), Complaint.waiting_customer.is_(False))
    )


_FIRST_EXPIRY = _untold(
    func.min(func.coalesce(Escalation.expiry_postponed_until, Escalation.ack_expires_at))
).where(Escalation.ack_expires_at.is_not(None))


def _clocks(session: Session, expired: Sequence[Expired]) -> Mapping[int, Any]:
    wanted = {each.deadline_id for one in expired for each in one.acknowledged} - {None}
    columns = (Deadline.id, Deadline.kind, Deadline.ladder_version_id, Deadline.ended_at)
    rows = session.execute(select(*columns).where(Deadline.id.in_(wanted))) if wanted else ()
    return {row.id: row for row in rows}


def _held(
    session: Session, complaint_ids: Sequence[int], at: datetime
) -> set[tuple[int, int | None]]:
    """Complaint and person of what is still being seen to."""
    query = select(Escalation.complaint_id, Escalation.acknowledged_by_id).where(
        Escalation.complaint_id.in_(complaint_ids),
        Escalation.ack_expires_at > at,
        Escalation.instruction == "",
    )
    return {(row.complaint_id, row.acknowledged_by_id) for row in session.execute(query)}


def _waiting(session: Session, complaint_ids: Sequence[int]) -> set[tuple[int, int | None]]:
    """Complaint and person of what nobody has acknowledged."""
    query = select(Escalation.complaint_id, Escalation.to_id).where(
        Escalation.complaint_id.in_(complaint_ids), Escalation.acknowledged_at.is_(None)
    )
    return {(row.complaint_id, row.to_id) for row in session.execute(query)}
