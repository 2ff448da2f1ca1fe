"""What one deadline's due steps amount to: rows for the ledger, history, superiors and post.

Everything is worked out in memory from what the batch has read; nothing is stored here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from complaints.domain.escalation import Firing, Step
from complaints.domain.firing import Due, what_is_due
from complaints.domain.ledger import EntryKind
from complaints.domain.lifecycle import Action
from complaints.engine.outcome import Acknowledged, Claimed, Outcome, Tail, history_row
from complaints.outbox.digest import CATCHING_UP
from complaints.outbox.queue import Row, letter_row, notice_row
from complaints.people.staff import Person, Staff


@dataclass(frozen=True, slots=True)
class Told:
    """Why a person hears of the deadline in this pass."""

    notice: str
    rung: str
    level: int


def strike(
    claimed: Claimed,
    tail: Tail,
    schedule: tuple[Step, ...],
    staff: Staff,
    acknowledged: Acknowledged,
    zone: str,
    at: datetime,
) -> Outcome:
    """Take every step of the schedule that is due by `at`, as one pass.

    1. warnings that the breach has overtaken are left out;
    2. the breach is stamped with the deadline's own time, once;
    3. each level after it makes its escalations; a rung nobody stands on hands on to the next;
    4. everybody concerned hears once, of the highest level they stand on.

    While an acknowledgement holds, what lies behind the breach waits until it expires.
    """
    held_until = acknowledged.until.get(claimed.deadline_id)
    is_held = held_until is not None and at < held_until
    due = what_is_due(schedule, claimed.fired, at, is_held=is_held)
    pass_ = _Pass(claimed, tail, schedule, staff, acknowledged, zone, at, due)
    return pass_.take()


def escalation_key(claimed: Claimed, step: Step, person_id: int | None) -> str:
    """One escalation per deadline, rung, cycle and person, however often the rung calls."""
    assert step.rung is not None
    person = "nobody" if person_id is None else person_id
    return f"deadline:{claimed.deadline_id}:{step.rung.key}:{claimed.cycle}:{person}"


@dataclass(slots=True)
class _Pass:
    claimed: Claimed
    tail: Tail
    schedule: tuple[Step, ...]
    staff: Staff
    acknowledged: Acknowledged
    zone: str
    at: datetime
    due: Due
    _told: dict[int, tuple[Person, Told]] = field(default_factory=dict)

    def take(self) -> Outcome:
        due, claimed = self.due, self.claimed
        out = Outcome(claimed, self.tail, None, due.taken)
        held_until = self.acknowledged.until.get(claimed.deadline_id)
        if due.oldest is not None:
            # What an acknowledgement held back is not late.
            since = max(due.oldest.ripe_at, held_until or due.oldest.ripe_at)
            out.lag_seconds = int((self.at - since).total_seconds())
        self._remind(out, due.warnings, "warn")
        if due.has_breached and claimed.breached_at is None:
            self._breach(out)
        # Told together with the breach, a reminder is no entry of its own.
        self._remind(out, due.reminders, "breach", is_quiet=due.has_breached)
        self._climb(out)
        for person, told in self._told.values():
            self._tell(out, person, told)
        if out.fired < len(self.schedule):
            out.next_step = step = self.schedule[out.fired]
            out.next_at = step.ripe_at
            if held_until is not None and step.is_after:
                out.next_at = max(step.ripe_at, held_until)
        return out

    def _remind(
        self, out: Outcome, steps: Iterable[Step], notice: str, is_quiet: bool = False
    ) -> None:
        for step in steps:
            assert step.rung is not None
            people = self.staff.recipients(step.rung.target, self.claimed.place)
            told = Told(notice, "breach" if is_quiet else _rung_key(step), 0)
            for person in people:
                self._told[person.id] = (person, told)
            if not is_quiet:
                out.counts[Firing.WARN] += 1
                self._write(out, Action.WARN, self.at, rung=_rung_key(step), **_ids(people))

    def _breach(self, out: Outcome) -> None:
        claimed = self.claimed
        handlers = self.staff.recipients("handler", claimed.place)
        out.has_breached = True
        out.counts[Firing.BREACH] += 1
        out.ledger.append(
            {
                "deadline_id": claimed.deadline_id,
                "complaint_id": claimed.complaint_id,
                "what": EntryKind.BREACH.value,
                "at": claimed.due_at,
                "until": None,
                "due_at": claimed.due_at,
                "by_id": None,
                "reason": "",
                "detail": {"noticed_at": self.at.isoformat()},
            }
        )
        self._write(out, Action.BREACH, claimed.due_at, **_ids(handlers))
        for person in handlers:
            self._told[person.id] = (person, Told("breach", "breach", 0))

    def _climb(self, out: Outcome) -> None:
        """Take the levels that are due; past an empty rung the next level is called at once."""
        climbs = list(self.due.climbs)
        while climbs:
            step = climbs.pop(0)
            if step.repeat:
                self._call_again(out, step)
                continue
            people = self._standing_on(step)
            is_last = not any(not each.repeat for each in climbs)
            if not people and is_last:
                higher = self._hand_on(out)
                if higher is None:
                    self._escalate(out, step, self.staff.last_resort(self.claimed.place), True)
                    return
                climbs.append(higher)
            self._escalate(out, step, people)

    def _standing_on(self, step: Step) -> tuple[Person, ...]:
        assert step.rung is not None
        return self.staff.recipients(step.rung.target, self.claimed.place)

    def _hand_on(self, out: Outcome) -> Step | None:
        """The next level of the schedule, ahead of its time; the steps before it are done with."""
        for index in range(out.fired, len(self.schedule)):
            step = self.schedule[index]
            if step.firing is Firing.ESCALATE and not step.repeat:
                out.fired = index + 1
                return step
        return None

    def _escalate(
        self, out: Outcome, step: Step, people: tuple[Person, ...], is_last_resort: bool = False
    ) -> None:
        rung = step.rung
        assert rung is not None
        detail: dict[str, Any] = {"rung": rung.key, "level": rung.level, **_ids(people)}
        if is_last_resort:
            detail["last_resort"] = True
        self._write(out, Action.ESCALATE, self.at, **detail)
        # Nobody at all is still a row, so that the board shows it.
        reached: list[int | None] = [person.id for person in people]
        if not reached and not is_last_resort:
            return
        out.counts[Firing.ESCALATE] += 1
        out.escalations += [self._escalation(step, person) for person in reached or [None]]
        out.tail = replace(out.tail, level=max(out.tail.level, rung.level))
        for person in people:
            self._told[person.id] = (person, Told("escalation", rung.key, rung.level))

    def _call_again(self, out: Outcome, step: Step) -> None:
        """Tell those of a rung once more who have not acknowledged since its first call."""
        rung = step.rung
        assert rung is not None
        silent = tuple(
            person
            for person in self._standing_on(step)
            if escalation_key(self.claimed, step, person.id) not in self.acknowledged.keys
        )
        if not silent:
            return
        out.counts[Firing.ESCALATE] += 1
        detail = {"rung": rung.key, "level": rung.level, "repeat": step.repeat, **_ids(silent)}
        self._write(out, Action.ESCALATE, self.at, **detail)
        for person in silent:
            self._told[person.id] = (person, Told("escalation", _rung_key(step), rung.level))

    def _escalation(self, step: Step, person_id: int | None) -> Row:
        assert step.rung is not None
        return {
            "key": escalation_key(self.claimed, step, person_id),
            "complaint_id": self.claimed.complaint_id,
            "deadline_id": self.claimed.deadline_id,
            "level": step.rung.level,
            "reason": "",
            "raised_at": self.at,
            "raised_by_id": None,
            "to_id": person_id,
        }

    def _tell(self, out: Outcome, person: Person, told: Told) -> None:
        # One notice per deadline (which belongs to one cycle), rung and person, by a unique key.
        # The due time stands in it because whoever missed a moved date hears of that too.
        claimed = self.claimed
        # After a standstill notifications may pile up; a mailbox gets one letter in the end.
        is_late = out.lag_seconds > CATCHING_UP.total_seconds()
        due = int(claimed.due_at.timestamp())
        key = f"deadline:{claimed.deadline_id}:{told.rung}:{due}:{person.id}"
        facts = {
            "number": claimed.number,
            "clock": claimed.kind,
            "due_at": claimed.due_at.isoformat(),
            "zone": self.zone,
            "level": told.level,
        }
        out.notices.append(
            notice_row(
                told.notice,
                key,
                user_id=person.id,
                complaint_id=claimed.complaint_id,
                facts=facts,
                at=self.at,
                awaits_digest=is_late,
            )
        )
        if is_late:
            return
        out.letters.append(
            letter_row(
                "notice",
                key,
                to=person.email,
                language=person.language,
                complaint_id=claimed.complaint_id,
                facts={"notice": told.notice, "name": person.name, **facts},
                at=self.at,
            )
        )

    def _write(self, out: Outcome, action: Action, at: datetime, **detail: Any) -> None:
        """Append a history entry to the complaint's chain."""
        due_at = self.claimed.due_at.isoformat()
        row, out.tail = history_row(
            self.claimed, out.tail, action, at, {"due_at": due_at, **detail}
        )
        out.history.append(row)


def _rung_key(step: Step) -> str:
    """The rung's key, with the number of the call from the second one on."""
    assert step.rung is not None
    return f"{step.rung.key}~{step.repeat}" if step.repeat else step.rung.key


def _ids(people: Iterable[Person]) -> Mapping[str, Any]:
    """Whom an entry reached; that nobody was there is said, not left out."""
    found = [person.id for person in people]
    return {"to": found} if found else {"nobody": True}
