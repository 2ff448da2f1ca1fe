"""What one deadline's due steps amount to: rows for the ledger, history, superiors and post.

Everything is worked out in memory from what the batch has read; nothing is stored here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import DeadlineState
from complaints.domain.escalation import Firing, Step, Target
from complaints.domain.firing import Due, what_is_due
from complaints.domain.ladder_position import NextTimer, timer_at
from complaints.domain.ledger import Entry, EntryKind
from complaints.domain.lifecycle import Action
from complaints.engine.outcome import (
    Acknowledged,
    DueComplaint,
    DueTimer,
    Outcome,
    Owed,
    Recipient,
)
from complaints.people.staff import Assignment, Person, Staff
from complaints.rows import Row


def apply_schedule(
    timer: DueTimer,
    complaint: DueComplaint,
    schedule: Sequence[Step],
    staff: Staff,
    acknowledged: Acknowledged,
    at: datetime,
    owed: Owed | None = None,
) -> Outcome:
    """Take every step of the schedule that is due by `at`, as one pass.

    1. warnings that the breach has overtaken are left out;
    2. the breach is stamped with the deadline's own time, once;
    3. each level after it makes its escalations; a rung nobody stands on hands on to the next;
    4. everybody concerned is noted once, with the highest level they stand on; `notices` tells
       them, of all clocks of the complaint together.

    `owed` is the commitment that the clock stands for. `complaint` is as another of its clocks has
    left it in this batch. While an acknowledgement holds, what lies
    behind the breach waits until it expires.
    """
    held_until = acknowledged.until.get(timer.clock.id)
    is_held = held_until is not None and at < held_until
    due = what_is_due(schedule, timer.clock.fired, at, is_held=is_held)
    clock = timer.clock.copy()
    clock.fired = due.taken
    out = Outcome(timer, clock, complaint, owed)
    return _Application(out, schedule, staff, acknowledged, at, due).run(held_until)


def escalation_key(clock: ClockState, step: Step, person_id: int | None) -> str:
    """One escalation per deadline, rung, cycle and person, however often the rung calls."""
    assert step.rung is not None
    person = "nobody" if person_id is None else person_id
    return f"deadline:{clock.id}:{step.rung.key}:{clock.cycle}:{person}"


@dataclass(slots=True)
class _Application:
    out: Outcome
    schedule: Sequence[Step]
    staff: Staff
    acknowledged: Acknowledged
    at: datetime
    due: Due
    _recipients: dict[int, Recipient] = field(default_factory=dict)

    def run(self, held_until: datetime | None) -> Outcome:
        due, out = self.due, self.out
        if due.oldest is not None:
            # What an acknowledgement held back is not late.
            since = max(due.oldest.ripe_at, held_until or due.oldest.ripe_at)
            out.lag_seconds = int((self.at - since).total_seconds())
        self._remind(due.warnings, "warn")
        if due.has_breached and out.clock.breached_at is None:
            self._breach()
        # Told together with the breach, a reminder is no entry of its own.
        self._remind(due.reminders, "breach", is_quiet=due.has_breached)
        self._escalate_due()
        out.recipients = list(self._recipients.values())
        out.ahead = self._ahead(held_until)
        return out

    def _ahead(self, held_until: datetime | None) -> NextTimer | None:
        """The step that follows; one behind the breach waits while an acknowledgement holds."""
        position = self.out.clock.fired
        ahead = timer_at(self.schedule, position)
        if ahead is None or held_until is None or not self.schedule[position].is_after:
            return ahead
        return ahead._replace(fire_at=max(ahead.fire_at, held_until))

    def _remind(self, steps: Iterable[Step], notice: str, is_quiet: bool = False) -> None:
        for step in steps:
            people = self._people_of(step)
            self._note(people, notice, "breach" if is_quiet else _rung_key(step), 0)
            if not is_quiet:
                self.out.counts[Firing.WARN] += 1
                self._write(Action.WARN, self.at, rung=_rung_key(step), **_ids(people))

    def _breach(self) -> None:
        """Stamp the breach: with the due time, not with the moment at which it is noticed."""
        out, clock = self.out, self.out.clock
        target = Target.HANDLER if out.owed is None else Target.OWNER
        handlers = self.staff.recipients(target, self._place)
        clock.state, clock.breached_at = DeadlineState.BREACHED.value, clock.due_at
        out.counts[Firing.BREACH] += 1
        noticed = {"noticed_at": self.at.isoformat()}
        out.entries.append(Entry(EntryKind.BREACH, clock.due_at, detail=noticed))
        self._write(Action.BREACH, clock.due_at, **_ids(handlers))
        self._note(handlers, "breach", "breach", 0)

    def _escalate_due(self) -> None:
        """Take the levels that are due; past an empty rung the next level is called at once."""
        levels = list(self.due.escalations)
        while levels:
            step = levels.pop(0)
            if step.is_reminder:
                self._remind_top(step)
                continue
            if step.repeat:
                self._call_again(step)
                continue
            people = self._people_of(step)
            is_last = not any(not each.repeat for each in levels)
            if not people and is_last:
                higher = self._hand_on()
                if higher is None:
                    people = self.staff.last_resort(self._place)
                    self._escalate(step, people, is_last_resort=True)
                    return
                levels.append(higher)
            self._escalate(step, people)

    def _people_of(self, step: Step) -> Sequence[Person]:
        assert step.rung is not None
        return self.staff.recipients(step.rung.target, self._place)

    @property
    def _place(self) -> Assignment:
        """Where the complaint stands, and whose the commitment is."""
        place, owed = self.out.complaint.place, self.out.owed
        if owed is None:
            return place
        return place._replace(owner_id=owed.owner_id, owner_team_id=owed.team_id)

    def _hand_on(self) -> Step | None:
        """The next level of the schedule, ahead of its time; the steps before it are done with."""
        for index in range(self.out.clock.fired, len(self.schedule)):
            step = self.schedule[index]
            if step.firing is Firing.ESCALATE and not step.repeat:
                self.out.clock.fired = index + 1
                return step
        return None

    def _escalate(
        self, step: Step, people: Sequence[Person], *, is_last_resort: bool = False
    ) -> None:
        out, rung = self.out, step.rung
        assert rung is not None
        detail: dict[str, Any] = {"rung": rung.key, "level": rung.level, **_ids(people)}
        if is_last_resort:
            detail["last_resort"] = True
        self._write(Action.ESCALATE, self.at, **detail)
        # Nobody at all is still a row, so that the board shows it.
        reached: list[int | None] = [person.id for person in people]
        if not reached and not is_last_resort:
            return
        out.counts[Firing.ESCALATE] += 1
        out.escalations += [self._escalation(step, person) for person in reached or [None]]
        out.complaint = out.complaint.raised_to(rung.level)
        self._note(people, "escalation", rung.key, rung.level)

    def _call_again(self, step: Step) -> None:
        """Tell those of a rung once more who have not acknowledged since its first call."""
        rung, clock = step.rung, self.out.clock
        assert rung is not None
        silent = [
            person
            for person in self._people_of(step)
            if escalation_key(clock, step, person.id) not in self.acknowledged.keys
        ]
        if not silent:
            return
        self.out.counts[Firing.ESCALATE] += 1
        detail = {"rung": rung.key, "level": rung.level, "repeat": step.repeat, **_ids(silent)}
        self._write(Action.ESCALATE, self.at, **detail)
        self._note(silent, "escalation", _rung_key(step), rung.level)

    def _remind_top(self, step: Step) -> None:
        """Tell the top again, acknowledged or not: the complaint is open and late.

        Whoever has nothing of it before them any more gets it on the board anew.
        """
        rung, out = step.rung, self.out
        assert rung is not None
        people = self._people_of(step) or self.staff.last_resort(self._place)
        out.counts[Firing.ESCALATE] += 1
        detail = {"rung": rung.key, "level": rung.level, "reminder": step.repeat, **_ids(people)}
        self._write(Action.ESCALATE, self.at, **detail)
        waiting = self.acknowledged.waiting
        reached: list[int | None] = [person.id for person in people]
        for person_id in reached or [None]:
            if (out.clock.id, person_id) not in waiting:
                row = self._escalation(step, person_id)
                out.escalations.append({**row, "key": f"{row['key']}@{self._second}"})
        out.complaint = out.complaint.raised_to(rung.level)
        self._note(people, "reminder", f"{rung.key}@{self._second}", rung.level)

    @property
    def _second(self) -> int:
        return int(self.at.timestamp())

    def _escalation(self, step: Step, person_id: int | None) -> Row:
        assert step.rung is not None
        clock = self.out.clock
        return {
            "key": escalation_key(clock, step, person_id),
            "complaint_id": clock.complaint_id,
            "deadline_id": clock.id,
            "level": step.rung.level,
            "reason": "",
            "raised_at": self.at,
            "raised_by_id": None,
            "to_id": person_id,
        }

    def _note(self, people: Iterable[Person], notice: str, rung: str, level: int) -> None:
        """Let these people hear of it; whoever stands on several rungs hears of the last one."""
        for person in people:
            self._recipients[person.id] = Recipient(person, notice, rung, level)

    def _write(self, action: Action, at: datetime, **detail: Any) -> None:
        """Append an entry to the complaint's history."""
        out = self.out
        what = {} if out.owed is None else {"what": out.owed.what}
        told = {"due_at": out.clock.due_at.isoformat(), **what, **detail}
        row, out.complaint = out.complaint.append(out.clock, action, at, told)
        out.history.append(row)


def _rung_key(step: Step) -> str:
    """The rung's key, with the number of the call from the second one on."""
    assert step.rung is not None
    return f"{step.rung.key}~{step.repeat}" if step.repeat else step.rung.key


def _ids(people: Iterable[Person]) -> Mapping[str, Any]:
    """Whom an entry reached; that nobody was there is said, not left out."""
    found = [person.id for person in people]
    return {"to": found} if found else {"nobody": True}
