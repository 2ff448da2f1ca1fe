"""Whatever people do meanwhile: while a complaint is late and open, somebody hears or holds it.

Sixty days of random acts (acknowledging, handing back, reassigning, absences, extensions, pauses,
withdrawing and reopening, closed accounts) with a prompt worker; each working day is looked at.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from complaints.domain.errors import Refused
from complaints.domain.lifecycle import OPEN
from complaints.models import Deadline, Escalation, Notice, User
from complaints.outbox.digest import is_digest_due
from complaints.people.absences import note_absence
from complaints.queries.complaint.seals.history import verify_history
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.escalate import (
    acknowledge_escalation,
    escalate_by_hand,
    return_escalation,
)
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.worker.sweeps import sweep_once
from tests.conftest import NOW
from tests.engine.diary import Diary
from tests.office import Office
from tests.soak import budget

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
DAYS = 60
WALKS = budget("SILENCES", 2, 200)
SUPERIORS = ("supervisor", "manager")


@dataclass
class Life:
    """One complaint through sixty days."""

    office: Office
    rng: random.Random
    number: str = ""
    done: list[str] = field(default_factory=list)
    at: datetime = NOW

    def __post_init__(self) -> None:
        self.number = self.office.receive()
        self.office.walk(self.number, to=self.rng.choice(["020-1.1", "020-1.6", "020-2.5"]))
        self.at = self.office.at
        branch = self.office.people["csr"].branch_id or 0
        self.calendar = self.office.rules.calendar_of(branch).value
        self.diary = Diary(self.office)
        self.office.session.commit()

    def take(self, step: Callable[..., None], by: str, **words: object) -> None:
        self.office.take(self.number, step, by=by, at=self.at, **words)

    def act(self) -> None:
        """One act of somebody; what the rules refuse was only an attempt."""
        name = self.rng.choice([name for name in dir(self) if name.startswith("do_")])
        try:
            getattr(self, name)()
        except Refused:
            self.office.session.rollback()
            return
        self.done.append(f"{self.at:%d.%m %H:%M} {name}")

    def do_acknowledge(self) -> None:
        self.take(acknowledge_escalation, self.rng.choice(SUPERIORS))

    def do_hand_back(self) -> None:
        self.take(return_escalation, self.rng.choice(SUPERIORS), instruction="Telepon dulu")

    def do_escalate(self) -> None:
        self.take(
            escalate_by_hand, self.rng.choice(("csr", "supervisor")), reason="Pelanggan marah"
        )

    def do_reassign(self) -> None:
        to = self.rng.choice(("csr", "officer", "supervisor"))
        self.take(assign_complaint, "supervisor", handler=f"{to}@tanggap.example", reason="Giliran")

    def do_be_away(self) -> None:
        who = self.rng.choice(("csr", *SUPERIORS))
        deputy = self.rng.choice(("", "officer@tanggap.example", "supervisor@tanggap.example"))
        if deputy.startswith(who):
            return
        until = self.at + self.rng.randint(1, 6) * DAY
        by = self.office.actor(who)
        given = {"deputy": deputy, "from_at": self.at, "until_at": until, "at": self.at}
        note_absence(self.office.session, by=by, **given)
        self.office.session.commit()

    def do_extend(self) -> None:
        until = self.at + self.rng.randint(1, 10) * DAY
        self.take(ask_extension, "csr", until=until, reason="Menunggu suku cadang")
        self.take(decide_extension, "supervisor", answer="approved")

    def do_pause(self) -> None:
        until = self.at + self.rng.randint(1, 3) * DAY
        self.take(pause_clocks, "csr", reason="Menunggu foto modem", until=until)

    def do_withdraw_and_reopen(self) -> None:
        self.take(withdraw_complaint, "csr", reason="Dicabut pelanggan")
        self.at += HOUR
        self.take(reopen_complaint, "supervisor", reason="Ternyata belum beres")

    def do_leave(self) -> None:
        """An account is closed, or opened again; somebody of the line is always left."""
        for name in ("csr", self.rng.choice(SUPERIORS)):
            self.set_active(name, is_active=self.rng.random() < 0.5)
        if not any(self.is_active(name) for name in SUPERIORS):
            self.set_active(self.rng.choice(SUPERIORS), is_active=True)

    def set_active(self, name: str, *, is_active: bool) -> None:
        self.office.session.get_one(User, self.office.id_of(name)).is_active = is_active
        self.office.session.commit()

    def is_active(self, name: str) -> bool:
        query = select(User.is_active).where(User.id == self.office.id_of(name))
        found = bool(self.office.session.scalar(query))
        self.office.session.commit()
        return found

    def is_late(self) -> bool:
        """Whether the complaint is open and one of its running clocks is past its due time."""
        if self.office.complaint(self.number).status not in OPEN:
            return False
        clocks = self.office.rows(Deadline, self.number)
        return any(
            clock.ended_at is None and clock.state == "breached" and clock.due_at < self.at
            for clock in clocks
        )

    def describe(self, day: datetime) -> str:
        """What there is to know of a silent day."""
        clocks = [
            f"{c.kind} cycle {c.cycle}: {c.state}, due {c.due_at:%d.%m %H:%M}, fired {c.fired}"
            for c in self.office.rows(Deadline, self.number)
            if c.ended_at is None
        ]
        timers = [f"{t.firing} {t.fire_at:%d.%m %H:%M}" for t in self.office.timers(self.number)]
        raised = [
            f"{e.raised_at:%d.%m %H:%M} level {e.level} to {e.to_id}, ack {e.acknowledged_at}"
            for e in self.office.rows(Escalation, self.number)[-6:]
        ]
        heard = [f"{at:%d.%m %H:%M} {who} {kind}" for at, who, kind in self.diary.lines[-8:]]
        return "\n".join([f"{day:%d.%m}", *clocks, *timers, *raised, *heard, *self.done[-8:]])

    def somebody_heard_or_holds(self, since: datetime, until: datetime) -> bool:
        """Whether anybody was told in this time, or has it in hand, whose account is open."""
        session = self.office.session
        heard = select(func.count(Notice.id)).where(Notice.at > since, Notice.at <= until)
        holds = (
            select(func.count(Escalation.id))
            .join(User, User.id == Escalation.acknowledged_by_id)
            .where(Escalation.ack_expires_at > since, Escalation.acknowledged_at <= until)
        )
        found = bool(session.scalar(heard)) or bool(session.scalar(holds))
        session.commit()
        return found


def next_opening(life: Life, after: datetime) -> datetime:
    """When the next working day begins."""
    day = after.astimezone(life.calendar.tz).date()
    while True:
        day += DAY
        opening = life.calendar.opening_of(day)
        if opening is not None:
            return opening


@pytest.mark.soak
@pytest.mark.either_database("the acts of a seed are the same on each")
@pytest.mark.parametrize("seed", range(WALKS))
def test_late_and_open_it_is_never_silent(office: Office, seed: int):
    life = Life(office, random.Random(seed))
    opening, looked_at = next_opening(life, life.at), 0
    for _ in range(DAYS * 5 // 7):
        begin = opening - SECOND
        life.diary.live(begin)
        life.at = begin
        was_late = life.is_late()
        untouched = life.rng.random() < 0.5
        for _ in range(0 if untouched else life.rng.randint(1, 3)):
            life.at = max(life.at, opening) + life.rng.randint(1, 7200) * SECOND
            life.diary.live(life.at)
            life.act()
        following = next_opening(life, life.at)
        life.at = max(life.at, following - SECOND)
        life.diary.live(life.at)
        if was_late and life.is_late():
            looked_at += 1
            assert life.somebody_heard_or_holds(begin, life.at), life.describe(opening)
        opening = following
    assert looked_at > 10
    assert len(life.done) > 12
    assert verify_history(office.session)["bad"] == []


def test_after_days_without_a_worker_each_person_hears_once(office: Office):
    """The tray too: not a line for each step, clock, reminder and expiry that was missed."""
    numbers = [office.receive() for _ in range(3)]
    office.walk(numbers[1], to="020-1.6")
    office.take(numbers[1], escalate_by_hand, reason="Pelanggan marah")
    office.take(numbers[1], acknowledge_escalation, by="supervisor")
    before = office.session.scalar(select(func.max(Notice.id)))
    office.session.commit()
    at = NOW + 12 * DAY
    sweep_once(sessionmaker(office.engine), at)
    query = select(Notice.user_id, Notice.complaint_id).where(Notice.id > before)
    told = [tuple(row) for row in office.session.execute(query)]
    office.session.commit()
    assert len(told) == len(set(told)) == 3 * len(numbers)
    assert not is_digest_due(office.session, at)
