"""A thousand random histories: the ledger rebuilt from its rows always gives what is stored."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from complaints.domain.deadlines import DeadlineState
from complaints.domain.errors import Refused
from complaints.domain.ledger import rebuild
from complaints.models import Branch, Complaint, Deadline, LedgerEntry, RuleVersion, Timer
from complaints.rulebook import read_entry
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.converse import record_message
from complaints.steps.extend import ask_extension, decide_extension
from complaints.steps.fire import fire_due
from complaints.steps.pause import pause_clocks, resume_clocks
from complaints.steps.prioritise import override_priority, set_priority
from complaints.steps.promise import StepGiven, promise_deadline
from tests.house import House, road

#: Zones that change their clocks: by an hour, by half an hour, and at midnight.
ZONES = ("America/New_York", "Australia/Lord_Howe", "Europe/Berlin", "Africa/Cairo")
#: Days before a change of clocks in one of them.
STARTS = (
    datetime(2026, 3, 6, 14, 0, tzinfo=UTC),
    datetime(2026, 10, 23, 9, 0, tzinfo=UTC),
    datetime(2026, 4, 3, 22, 0, tzinfo=UTC),
    datetime(2026, 4, 22, 8, 0, tzinfo=UTC),
)
CATEGORIES = ("GGN_MATI", "TAG_NAIK", "GGN_MASSAL", "FAS_BERSIH")


@pytest.fixture(params=ZONES)
def abroad(request: pytest.FixtureRequest, engine: Engine) -> Engine:
    """The house with its first branch in a zone that changes its clocks, by day and by night."""
    week = [["08:30", "12:00"], ["13:00", "17:15"]]
    days = ("mon", "tue", "wed", "thu", "fri")
    body = {
        "id": "abroad",
        "tz": request.param,
        "week": {**dict.fromkeys(days, week), "sun": [["22:00", "26:30"]]},
        "holidays": {},
        "at_closing": "roll" if ZONES.index(request.param) % 2 else "keep",
    }
    version = RuleVersion(
        kind="calendar",
        code="abroad",
        version=1,
        body=body,
        content_hash="",
        loaded_at=STARTS[0],
    )
    with Session(engine) as session, session.begin():
        session.add(version)
        session.execute(update(Branch).where(Branch.code == "JKT").values(calendar="abroad"))
    return engine


class History(RuleBasedStateMachine):
    """One complaint and whatever may happen to its clocks."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.session = Session(engine, expire_on_commit=False)
        self.house = House(engine, self.session)

    @initialize(category=st.sampled_from(CATEGORIES), start=st.sampled_from(STARTS))
    def receive(self, category: str, start: datetime) -> None:
        self.at = start
        self.house.at = start
        self.number = self.house.receive(at=start, category=category)

    @rule(minutes=st.integers(1, 5000))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def the_worker_sweeps(self) -> None:
        while (fired := fire_due(self.session, self.house.rules, at=self.at)).handled:
            self.session.commit()
            # Whatever happens to a clock, its row never says something else than its ledger.
            assert (fired.corrected, fired.mishaps) == ([], [])
        self.session.commit()

    @rule(hours=st.integers(1, 200))
    def pause(self, hours: int) -> None:
        until = self.at + timedelta(hours=hours)
        self.take(pause_clocks, reason="menunggu dokumen", until=until)

    @rule()
    def resume(self) -> None:
        self.take(resume_clocks)

    @rule(direction=st.sampled_from(["in", "out"]))
    def message(self, direction: str) -> None:
        self.take(record_message, text="halo", direction=direction)

    @rule(category=st.sampled_from(CATEGORIES))
    def amend(self, category: str) -> None:
        self.take(amend_record, change=Amendment(category=category))

    @rule(priority=st.sampled_from(["P1", "P2", "P3", "P4"]))
    def override(self, priority: str) -> None:
        self.take(override_priority, by="supervisor", priority=priority, reason="penting")

    @rule()
    def prioritise(self) -> None:
        self.take(set_priority)

    @rule(share=st.integers(10, 100))
    def promise(self, share: int) -> None:
        due = self.complaint().next_due_at
        if due is not None and due > self.at:
            earlier = self.at + (due - self.at) * share / 100
            steps = [StepGiven("Memeriksa")]
            self.take(promise_deadline, steps=steps, due_at=earlier.replace(microsecond=0))

    @rule(hours=st.integers(1, 400), answer=st.sampled_from(["approved", "rejected"]))
    def extend(self, hours: int, answer: str) -> None:
        due = self.complaint().next_due_at or self.at
        until = max(due, self.at) + timedelta(hours=hours)
        self.take(ask_extension, until=until, reason="perlu suku cadang")
        self.take(decide_extension, by="supervisor", answer=answer)

    @rule(event=st.sampled_from(["020-1.6", "020-2.5", "closed"]))
    def walk(self, event: str) -> None:
        """Let the complaint go a stretch of its road, as far as it is not there already."""
        for _, by, step, words in road(to=event):
            self.at += timedelta(minutes=1)
            self.take(step, by=by, **words)

    @rule(reason=st.just("sudah normal"))
    def withdraw(self, reason: str) -> None:
        self.take(withdraw_complaint, reason=reason)

    @rule()
    def reopen(self) -> None:
        self.take(reopen_complaint, reason="mati lagi")

    @invariant()
    def the_ledger_says_what_is_stored(self) -> None:
        if not hasattr(self, "number"):
            return
        complaint = self.complaint()
        deadlines = self.session.scalars(
            select(Deadline).where(Deadline.complaint_id == complaint.id)
        ).all()
        entries = self.session.scalars(
            select(LedgerEntry)
            .where(LedgerEntry.complaint_id == complaint.id)
            .order_by(LedgerEntry.id)
        ).all()
        timers = set(
            self.session.scalars(
                select(Timer.deadline_id).where(Timer.complaint_id == complaint.id)
            )
        )
        for deadline in deadlines:
            rows = [row for row in entries if row.deadline_id == deadline.id]
            ledger = rebuild(read_entry(self.house.rules, row) for row in rows)
            assert ledger.due_at == deadline.due_at
            assert ledger.state == deadline.state
            assert ledger.ended_at == deadline.ended_at
            assert ledger.breached_at == deadline.breached_at
            if deadline.state == DeadlineState.BREACHED:
                assert deadline.breached_at is not None
            if deadline.ended_at is not None:
                assert deadline.id not in timers
            elif deadline.state in (DeadlineState.RUNNING, DeadlineState.PAUSED):
                assert deadline.id in timers
        live = [deadline.due_at for deadline in deadlines if deadline.ended_at is None]
        assert complaint.next_due_at == min(live, default=None)
        self.session.commit()

    def take(self, step, by: str = "csr", **words) -> None:  # type: ignore[no-untyped-def]
        """Take a step; that the rules refuse it is part of the game."""
        with suppress(Refused):
            self.house.take(self.number, step, by=by, at=self.at, **words)

    def complaint(self) -> Complaint:
        return self.house.complaint(self.number)

    def teardown(self) -> None:
        self.session.close()


def test_every_history_keeps_its_books(abroad: Engine, database_kind: str) -> None:
    # The rules are the same on both databases; the long run needs only one of them.
    examples = 250 if database_kind == "sqlite" else 10
    run_machine(
        lambda: History(abroad),
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
