"""Whatever happens, in whichever order the sums are kept: a report from them is one from the rows.

Tells an office in two zones at random, keeps the sums now and then (some of them, or all), and
holds every part of the report against a count of the rows: for each division and reader, at once,
earlier and later. `SUM_STORIES` says how many are told.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker

from complaints.domain.errors import Invalid, Refused
from complaints.domain.policies.whatif import RuleKind
from complaints.engine.fire import fire_due
from complaints.models import Customer, ReportCell, StaleReport
from complaints.queries.reports.figures import DIMENSIONS
from complaints.queries.reports.handling import read_step_times
from complaints.queries.reports.outcomes.flow import build_flow, find_flow, flow_of
from complaints.queries.reports.parts import Asked, Parts, count_parts
from complaints.queries.reports.period import Period
from complaints.queries.reports.summaries.compose import parts_of, read_sums, steps_from
from complaints.queries.reports.summaries.state import calendars_of
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.escalate import acknowledge_escalation, escalate_by_hand
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.offer import offer_solution
from complaints.steps.prioritise import override_priority
from complaints.steps.promise import promise_deadline
from complaints.sums.check import compare_facts, differing_parts
from complaints.sums.refresh import begin_anew, refresh_sums
from tests.office import ROAD, Office
from tests.soak import budget

START = datetime(2026, 10, 30, 6, tzinfo=UTC)
ACTS = 50
PERIODS = (
    (date(2026, 10, 1), date(2026, 10, 31)),
    (date(2026, 10, 29), date(2026, 11, 17)),
    (date(2025, 12, 5), date(2027, 2, 3)),
)
READERS = ("manager", "supervisor", "csr2")


@dataclass
class Life:
    """An office in which anything happens; `road` says how far each complaint has come."""

    office: Office
    random: Random
    road: dict[str, int] = field(default_factory=dict)
    #: What was allowed, and so happened.
    done: set[str] = field(default_factory=set)

    def act(self) -> None:
        """One of the many things that may happen, whether it is allowed or not."""
        names = [name for name in dir(self) if name.startswith("do_")]
        weights = [{"do_walk": 6, "do_receive": 4, "do_wait": 4}.get(name, 1) for name in names]
        (name,) = self.random.choices(names, weights)
        with suppress(Refused, Invalid):
            getattr(self, name)()
            self.done.add(name)

    def take(self, step: Any, by: str = "csr", **words: Any) -> None:
        self.office.take(self.random.choice(list(self.road)), step, by=by, **words)

    def do_receive(self) -> None:
        branch, by = self.random.choice([("JKT", "csr"), ("MKS", "csr2")])
        told = {
            "branch": branch,
            "category": self.random.choice([None, "GGN_MATI", "GGN_LAMBAT", "TAG_TELAT"]),
            "channel": self.random.choice(["walk_in", "call", "email"]),
            "product": self.random.choice(["", "INTERNET_RUMAH"]),
        }
        number = self.office.receive(by=by, at=self.office.at, **told)
        self.road[number] = 0

    def do_walk(self) -> None:
        number = self.random.choice(list(self.road))
        for _ in range(self.random.choice([1, 3, 8, 20])):
            place = self.road[number]
            if place >= len(ROAD):
                return
            _, by, step, words = ROAD[place]
            self.office.take(number, step, by=by, **words)
            self.road[number] += 1

    def do_wait(self) -> None:
        self.office.at += timedelta(minutes=self.random.choice([1, 50, 600, 3000, 9000]))

    def do_sweep(self) -> None:
        session = self.office.session
        while fire_due(session, self.office.rules, at=self.office.at).handled:
            session.commit()
        session.commit()

    def do_promise(self) -> None:
        due = self.office.at + timedelta(hours=self.random.choice([1, 5, 30, 200]))
        self.take(promise_deadline, steps=[StepGiven("Memeriksa jaringan")], due_at=due)

    def do_ask(self) -> None:
        until = self.office.at + timedelta(hours=self.random.choice([30, 300]))
        self.take(ask_extension, until=until, reason="Suku cadang belum tiba")

    def do_decide(self) -> None:
        answer = self.random.choice(["approved", "rejected"])
        self.take(decide_extension, by="supervisor", answer=answer, reason="Sudah diperiksa")

    def do_pause(self) -> None:
        until = self.office.at + timedelta(hours=self.random.choice([3, 100]))
        self.take(pause_clocks, by="supervisor", reason="Menunggu foto modem", until=until)

    def do_resume(self) -> None:
        self.take(resume_clocks)

    def do_withdraw(self) -> None:
        self.take(withdraw_complaint, reason="Sudah menyala sendiri")

    def do_reopen(self) -> None:
        self.take(reopen_complaint, by="supervisor", reason="Putus lagi")

    def do_merge(self) -> None:
        into = self.random.choice(list(self.road))
        self.take(merge_complaint, by="supervisor", into=into, reason="Gangguan yang sama")

    def do_hand_over(self) -> None:
        handler = self.random.choice(["csr", "csr2", "supervisor", "officer"])
        email = self.office.people[handler].email
        self.take(assign_complaint, by="supervisor", handler=email, reason="Cuti")

    def do_give_to_team(self) -> None:
        self.take(assign_complaint, by="supervisor", team="TEKNIK", reason="Perlu teknisi")

    def do_escalate(self) -> None:
        self.take(escalate_by_hand, reason="Pelanggan datang lagi")

    def do_acknowledge(self) -> None:
        self.take(acknowledge_escalation, by=self.random.choice(["supervisor", "manager"]))

    def do_offer(self) -> None:
        amount = self.random.choice([0, 50_000, 5_000_000])
        remedy = "GANTI_RUGI" if amount else "PERBAIKAN"
        self.take(offer_solution, remedy=remedy, description="Ganti rugi", amount=amount)

    def do_override(self) -> None:
        priority = self.random.choice(["P1", "P4"])
        self.take(override_priority, by="supervisor", priority=priority, reason="Lansia")

    def do_amend(self) -> None:
        category = self.random.choice(["GGN_MATI", "TAG_NAIK"])
        self.take(amend_record, change=Amendment(category=category))

    def do_note_late(self) -> None:
        at = self.office.at - timedelta(minutes=self.random.choice([5, 2000]))
        now, direction = self.office.at, self.random.choice(["in", "out"])
        try:
            self.take(record_message, at=at, text="halo", direction=direction)
        finally:
            self.office.at = now

    def do_change_customer(self) -> None:
        session = self.office.session
        for customer in session.query(Customer).limit(2):
            customer.tier = self.random.choice(["REGULER", "HVC_GOLD"])
            customer.needs = self.random.choice([[], ["lansia"], ["lansia", "difabel"]])
        session.commit()


def agree(office: Office, now: datetime, random: Random, *, is_whole: bool = False) -> int:
    """Compare every part for each reader and period, divided anyhow or in every way; how many
    promises were counted."""
    counted_promises = 0
    for reader in READERS:
        for first, last in PERIODS:
            period = Period.of(first, last, office.rules)
            is_every = is_whole and first.year == 2025 and reader != "csr2"
            for by in DIMENSIONS if is_every else [random.choice((None, *DIMENSIONS))]:
                asked = Asked(office.actor(reader), period, by, now, office.rules)
                sums = read_sums(office.session, asked)
                assert sums is not None
                summed, counted = parts_of(sums, asked), count_parts(office.session, asked)
                for name in Parts.__slots__:
                    said = reader, first, by, now, name
                    assert getattr(summed, name) == getattr(counted, name), said
                steps = read_step_times(office.session, asked.actor, period, office.rules)
                times, standing = steps_from(sums, period)
                assert times == steps, (reader, first, now)
                whole = replace(asked, by=None)
                flow = build_flow(find_flow(office.session, whole), ())
                assert build_flow(flow_of(standing), ()) == flow, (reader, first, now)
                counted_promises += counted.total.decided
    office.session.commit()
    return counted_promises


STORIES = budget("SUM_STORIES", usual=1, long=60)


@pytest.mark.both_databases
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(STORIES))
def test_a_report_from_the_sums_is_one_from_the_rows(office: Office, engine: Any, seed: int):
    office.edit(RuleKind.CALENDAR, "makassar", tz="Asia/Makassar")
    random, sessions = Random(seed), sessionmaker(engine)
    office.at = START
    life = Life(office, random)
    office.session.commit()
    assert refresh_sums(sessions, office.at) == 0
    for _ in range(4):
        life.do_receive()
    decided = 0
    for turn in range(ACTS):
        life.act()
        office.session.commit()
        if random.random() < 0.2:
            refresh_sums(sessions, office.at, random.choice([1, 2, 300]))
        if turn % 20 == 19:
            decided += agree(office, office.at, random)
            agree(office, office.at + timedelta(days=random.choice([1, 40])), random)
            agree(office, office.at - timedelta(hours=3), random)
    while refresh_sums(sessions, office.at):
        pass
    assert not office.session.query(StaleReport).count()
    office.session.commit()
    assert agree(office, office.at, random, is_whole=True) + decided > 0
    with sessions() as session:
        found = compare_facts(session, 0, office.at)
        assert found.compared
        assert not found.differing
    calendars = calendars_of(office.rules)
    office.session.commit()
    begin_anew(sessions, calendars)
    assert not office.session.query(ReportCell).count()
    office.session.commit()
    refresh_sums(sessions, office.at, 2)
    while refresh_sums(sessions, office.at + timedelta(days=3)):
        pass
    agree(office, office.at, random)
    with sessions() as session:
        assert differing_parts(session, *PERIODS[1], office.at) == []


@pytest.mark.both_databases
def test_how_far_complaints_came_is_one_from_the_rows(office: Office, engine: Any):
    """Each at another step, one withdrawn, one opened again and one closed."""
    office.at = START
    places = ("020-1.6", "020-2.2", "020-2.5", "020-3.3", None, None)
    numbers = [office.receive(at=office.at) for _ in (*places, "received")]
    for number, place in zip(numbers, places, strict=False):
        office.walk(number, to=place)
    office.take(numbers[1], withdraw_complaint, reason="Sudah menyala sendiri")
    office.take(numbers[4], reopen_complaint, by="supervisor", reason="Putus lagi")
    office.session.commit()
    day = office.at.date()
    period = Period.of(day - timedelta(days=30), day + timedelta(days=1), office.rules)
    asked = Asked(office.actor("manager"), period, None, office.at, office.rules)
    counted = build_flow(find_flow(office.session, asked), ())
    office.session.commit()
    while refresh_sums(sessionmaker(engine), office.at):
        pass
    sums = read_sums(office.session, asked)
    assert sums is not None
    assert not sums.added
    _, standing = steps_from(sums, period)
    assert build_flow(flow_of(standing), ()) == counted
    reached = [line.values["count"] for line in counted.lines]
    assert reached[0] == 7
    assert reached[-1] == 1
    assert len(set(reached)) > 4
