"""What it costs to look ahead over many running clocks, and to count them all anew.

On either database: `clocks` live clocks (three to a complaint, one of them told to the customer)
of which every third would move. The look ahead is set beside merely reading the same rows; the
recalculation is given per clock, with every row it writes.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.clock import now as present
from complaints.clocks.timers import next_timer
from complaints.db import make_engine
from complaints.domain.permissions import SYSTEM
from complaints.domain.policies.whatif import RuleKind
from complaints.models import Complaint, Customer, Deadline, LedgerEntry, Timer
from complaints.queries.engine.running_clocks import read_clocks
from complaints.queries.rules.whatif import look_ahead
from complaints.recalculation.recalculate import change_in_force, recalculate
from complaints.rows import insert_together
from complaints.rulebook import RuleBook, current_rules
from complaints.rules.edit import Proposal, change_of, rule_in_force, save_rule
from tests.databases import MAKERS
from tests.office import staff

KINDS = (("plan", "plan"), ("progress", "progress"), ("resolve", "resolve_p3"))


def main() -> None:
    """Fill a database, look ahead, apply; print seconds and microseconds a clock."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clocks", type=int, default=30_000)
    options.add_argument("--db", choices=sorted(MAKERS), default="sqlite")
    given = options.parse_args()
    with MAKERS[given.db]() as databases:
        engine = make_engine(databases.fresh(staff))
        with Session(engine) as session:
            count = fill(session, current_rules(session), given.clocks // len(KINDS))
            session.commit()
        with Session(engine) as session:
            measure(session, count)
        engine.dispose()


def fill(session: Session, rules: RuleBook, complaints: int) -> int:
    """Complaints with three running clocks each, received within the last working day."""
    branch = rules.branch_by_code("JKT")
    calendar = rules.calendar_of(branch.id)
    start = calendar.value.add(present(), -6 * 3600)
    session.add(Customer(id=1, name="Ani", name_key="ani", created_at=start, tier="REGULER"))
    session.flush()
    rows: tuple[list[Complaint], list[Deadline], list[LedgerEntry], list[Timer]] = ([], [], [], [])
    policy = rules.policies[0]
    for number in range(1, complaints + 1):
        at = start + timedelta(seconds=number % 5000)
        rows[0].append(
            Complaint(
                id=number,
                year=at.year,
                branch_id=branch.id,
                customer_id=1,
                channel="walk_in",
                category="GGN_MATI",
                story="Internet mati.",
                priority="P3",
                received_at=at,
            )
        )
        for position, (kind, clause_id) in enumerate(KINDS):
            key = number * len(KINDS) + position
            clause = policy.clause(clause_id)
            due = calendar.value.add_working_days(at, clause.duration)
            deadline = Deadline(
                id=key,
                complaint_id=number,
                kind=kind,
                cycle=1,
                policy=policy.code,
                clause=clause_id,
                policy_version_id=policy.version_id,
                calendar_version_id=calendar.id,
                ladder_version_id=rules.ladder.version_id,
                started_at=at,
                due_at=due,
                state="running",
                fired=0,
            )
            rows[1].append(deadline)
            terms = {
                "policy_version": policy.version_id,
                "clause": clause_id,
                "calendar_version": calendar.id,
            }
            rows[2].append(entry(deadline, "start", detail=terms))
            if kind == "resolve":
                rows[2].append(entry(deadline, "tell", until=due))
            ahead = next_timer(rules, deadline, None)
            assert ahead is not None
            rows[3].append(Timer(deadline_id=key, complaint_id=number, **ahead._asdict()))
    for objects in rows:
        insert_together(session, objects)
    return len(rows[1])


def entry(deadline: Deadline, what: str, **more: object) -> LedgerEntry:
    return LedgerEntry(
        deadline_id=deadline.id,
        complaint_id=deadline.complaint_id,
        what=what,
        at=deadline.started_at,
        due_at=deadline.due_at,
        **more,
    )


def measure(session: Session, count: int) -> None:
    rules, now = current_rules(session), present()
    code = rules.policies[0].code
    row = rule_in_force(session, RuleKind.POLICY, code)
    clocks = [
        {**each, "duration": 9} if each["id"] == "progress" else each for each in row.body["clock"]
    ]
    proposal = Proposal(RuleKind.POLICY, code, {**row.body, "clock": clocks}, row.id)
    change = change_of(session, rules, proposal)

    started = time.perf_counter()
    assert sum(1 for _ in read_clocks(session, [Deadline.ended_at.is_(None)])) == count
    reading = time.perf_counter() - started
    started = time.perf_counter()
    outlook = look_ahead(session, rules, change, now=now)
    looking = time.perf_counter() - started
    print(f"{count} running clocks, {outlook.moves} would move")
    print(f"  look ahead {looking:.1f} s, {looking / reading:.1f} times the bare reading")

    save_rule(session, rules, proposal, by=SYSTEM, at=now)
    session.commit()
    rules = current_rules(session)
    change, after, batches, moved = change_in_force(rules, change), 0, 0, 0
    started = time.perf_counter()
    last: int | None = after
    while last is not None:
        done = recalculate(session, rules, change, reason="bench", by=SYSTEM, at=now, after=last)
        session.commit()
        last, batches, moved = done.last_id, batches + 1, moved + done.totals.moved
    seconds = time.perf_counter() - started
    assert moved == outlook.moves
    written = session.scalar(
        select(func.count()).select_from(LedgerEntry).where(LedgerEntry.what == "recompute")
    )
    print(
        f"  recalculation {seconds:.1f} s in {batches} batches: "
        f"{seconds / count * 1e6:.0f} µs a clock, "
        f"{written} ledger rows, {seconds / batches * 1000:.0f} ms a batch"
    )


if __name__ == "__main__":
    main()
