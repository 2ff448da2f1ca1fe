"""Random histories: the ledger rebuilt from its rows always gives what is stored.

Each run tells others, some in every zone; `make soak` tells a thousand on each database, and
HISTORIES says how many there are in each of the four zones.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from complaints.domain.deadlines import PAUSABLE, DeadlineState, Kind
from complaints.domain.errors import Refused
from complaints.domain.ledger import rebuild
from complaints.engine.fire import fire_due
from complaints.models import (
    Branch,
    Complaint,
    Deadline,
    HistoryEntry,
    LedgerEntry,
    RuleVersion,
    Timer,
)
from complaints.rulebook import read_entry
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.complete_documents import complete_documents
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.prioritise import override_priority, set_priority
from complaints.steps.promise import promise_deadline
from tests.office import Office, road
from tests.soak import budget

pytestmark = pytest.mark.both_databases

#: Zones that change their clocks: by an hour, by half an hour, and at midnight.
ZONES = ("America/New_York", "Australia/Lord_Howe", "Europe/Berlin", "Africa/Cairo")
#: Days before a change of clocks in one of them.
STARTS = (
    datetime(2026, 3, 6, 14, 0, tzinfo=UTC),
    datetime(2026, 10, 23, 9, 0, tzinfo=UTC),
    datetime(2026, 4, 3, 22, 0, tzinfo=UTC),
    datetime(2026, 4, 22, 8, 0, tzinfo=UTC),
)
CATEGORIES = ("GGN_MATI", "TAG_NAIK", "GGN_MASSAL", "DAT_HAK")
#: Rules with a limit that waits for documents and is extended on conditions, and with limits that
#: one category alone has.
OJK = "id-ojk-pojk22-2023"
POLICIES = (OJK, "id-pdp-27-2022")
CONDITIONS = ("", "other external factors", "hal lain di luar kendali", "kami sibuk")


@pytest.fixture(params=ZONES)
def abroad(request: pytest.FixtureRequest, engine: Engine) -> Engine:
    """The office with its first branch in a zone that changes its clocks, by day and by night."""
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
    with Session(engine) as session:
        Office(engine, session).switch_on(*POLICIES)
    return engine


class History(RuleBasedStateMachine):
    """One complaint and whatever may happen to its clocks."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.session = Session(engine, expire_on_commit=False)
        self.office = Office(engine, self.session)

    @initialize(
        category=st.sampled_from(CATEGORIES),
        start=st.sampled_from(STARTS),
        channel=st.sampled_from(["walk_in", "email"]),
    )
    def receive(self, category: str, start: datetime, channel: str) -> None:
        self.at = start
        self.office.at = start
        self.received_at = start
        self.number = self.office.receive(at=start, category=category, channel=channel)

    @rule(minutes=st.integers(1, 5000))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def the_worker_sweeps(self) -> None:
        while (fired := fire_due(self.session, self.office.rules, at=self.at)).handled:
            self.session.commit()
            # Whatever happens to a clock, its row never says something else than its ledger.
            assert (fired.corrected, fired.mishaps) == ([], [])
        self.session.commit()

    @rule(hours=st.integers(1, 200))
    def pause(self, hours: int) -> None:
        until = self.at + timedelta(hours=hours)
        self.take(pause_clocks, "supervisor", reason="menunggu dokumen", until=until)

    @rule()
    def resume(self) -> None:
        self.take(resume_clocks)

    @rule(direction=st.sampled_from(["in", "out"]), minutes=st.sampled_from([0, 0, 1, 300, 3000]))
    def message(self, direction: str, minutes: int) -> None:
        """Write down what was said just now, or some time ago."""
        words = {"text": "halo", "direction": direction}
        self.take(record_message, at=self.earlier(minutes), **words)

    @rule(hours=st.integers(1, 200), minutes=st.integers(0, 3000))
    def news_in_a_pause(self, hours: int, minutes: int) -> None:
        self.pause(hours)
        self.at += timedelta(minutes=minutes)
        self.take(record_message, text="masih menunggu", direction="out")

    @rule(minutes=st.sampled_from([0, 0, 30, 600, 6000]))
    def the_documents_are_complete(self, minutes: int) -> None:
        self.take(complete_documents, at=self.earlier(minutes), note="KTP")

    @rule(category=st.sampled_from(CATEGORIES))
    def amend(self, category: str) -> None:
        self.take(amend_record, change=Amendment(category=category))

    @rule(priority=st.sampled_from(["P1", "P2", "P3", "P4"]))
    def override(self, priority: str) -> None:
        self.take(override_priority, by="supervisor", priority=priority, reason="Sangat penting")

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

    @rule(
        hours=st.integers(1, 400),
        answer=st.sampled_from(["approved", "approved", "rejected"]),
        condition=st.sampled_from(CONDITIONS),
    )
    def extend(self, hours: int, answer: str, condition: str) -> None:
        due = self.complaint().next_due_at or self.at
        until = max(due, self.at) + timedelta(hours=hours)
        self.ask_for_more(until, condition)
        self.take(decide_extension, by="supervisor", answer=answer)

    @rule(hours=st.integers(1, 300), condition=st.sampled_from(CONDITIONS), is_late=st.booleans())
    def extend_the_limit(self, hours: int, condition: str, is_late: bool) -> None:
        """More time than the longest of the limits gives; decided in time, or when it is over."""
        self.take(complete_documents)
        limits = [each.due_at for each in self.office.clocks(self.number).values()]
        self.ask_for_more(max(limits) + timedelta(hours=hours), condition)
        self.at = max(limits) + timedelta(minutes=1) if is_late else self.at
        self.take(decide_extension, by="supervisor", answer="approved")

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
            ledger = rebuild(read_entry(self.office.rules, row) for row in rows)
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
            self.an_extension_rests_on_the_rules_condition(deadline, rows)
        self.a_limit_waits_for_the_documents(complaint, deadlines)
        self.clocks_stand_still_together(complaint, deadlines)
        # A commitment is listed with its owner; the complaint's own due time is not moved by it.
        own = [each for each in deadlines if each.kind != Kind.COMMITMENT]
        live = [each.due_at for each in own if each.ended_at is None]
        assert complaint.next_due_at == min(live, default=None)
        self.session.commit()

    def ask_for_more(self, until: datetime, condition: str) -> None:
        words = {"until": until, "reason": "perlu suku cadang", "condition": condition}
        self.take(ask_extension, **words)

    def an_extension_rests_on_the_rules_condition(
        self, deadline: Deadline, rows: Sequence[LedgerEntry]
    ) -> None:
        version = self.office.rules.policy_versions[deadline.policy_version_id]
        allowed = version.clause(deadline.clause).extension
        for row in rows:
            if row.what == "extend" and allowed is not None and allowed.conditions:
                assert row.detail["condition"] in allowed.named

    def a_limit_waits_for_the_documents(
        self, complaint: Complaint, deadlines: Sequence[Deadline]
    ) -> None:
        begun = self.beginnings(complaint)
        for deadline in deadlines:
            if deadline.policy == OJK and deadline.clause == "written":
                assert complaint.documents_complete_at is not None
                moment = max(complaint.documents_complete_at, begun[deadline.cycle])
                assert deadline.started_at == moment

    def beginnings(self, complaint: Complaint) -> dict[int, datetime]:
        """When each cycle began; one opened while its withdrawal could be taken back goes on."""
        days = timedelta(days=self.office.rules.authority.withdrawal.take_back_days)
        turns = self.session.scalars(
            select(HistoryEntry)
            .where(
                HistoryEntry.complaint_id == complaint.id,
                HistoryEntry.what.in_(["close", "withdraw", "reopen"]),
            )
            .order_by(HistoryEntry.seq)
        ).all()
        begun = {1: complaint.received_at}
        for ended, opened in zip(turns[::2], turns[1::2], strict=False):
            goes_on = ended.what == "withdraw" and opened.at <= ended.at + days
            begun[len(begun) + 1] = begun[len(begun)] if goes_on else opened.at
        return begun

    def clocks_stand_still_together(
        self, complaint: Complaint, deadlines: Sequence[Deadline]
    ) -> None:
        pausable = [each for each in deadlines if Kind(each.kind) in PAUSABLE]
        still = {each.state for each in pausable if each.ended_at is None}
        odd = DeadlineState.RUNNING if complaint.waiting_customer else DeadlineState.PAUSED
        assert odd not in still

    def take(self, step, by: str = "csr", **words) -> None:  # type: ignore[no-untyped-def]
        """Take a step; that the rules refuse it is part of the game."""
        with suppress(Refused):
            self.office.take(self.number, step, **{"by": by, "at": self.at, **words})

    def earlier(self, minutes: int) -> datetime:
        """So long ago, but not before there was a complaint."""
        return max(self.received_at, self.at - timedelta(minutes=minutes))

    def complaint(self) -> Complaint:
        return self.office.complaint(self.number)

    def teardown(self) -> None:
        self.session.close()


@pytest.mark.soak
def test_every_history_keeps_its_books(abroad: Engine, database_kind: str) -> None:
    # The rules are the same on both databases, so most of the usual histories are on the quick one.
    examples = budget("HISTORIES", usual=12 if database_kind == "sqlite" else 3, long=250)
    run_machine(
        lambda: History(abroad),
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
