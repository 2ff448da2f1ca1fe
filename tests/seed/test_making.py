"""Making the demonstration: once, in an empty demonstration database, the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from complaints.db import make_engine
from complaints.domain.errors import Invalid
from complaints.models import Complaint, HistoryEntry, RuleVersion, User
from complaints.seed import DemoCounts, make_demonstration
from complaints.seed.pools import fair_pool
from tests.conftest import NOW, initialise
from tests.databases import Databases
from tests.soak import budget

#: What an office may begin at; usually the first two, which are the oddest.
HOURS = {
    "Sunday past midnight": datetime(2026, 5, 23, 17, 30, 0, 55, tzinfo=UTC),
    "in the holidays": datetime(2026, 3, 22, 3, tzinfo=UTC),
    "first Monday of the year": datetime(2027, 1, 4, 0, 40, tzinfo=UTC),
    "Friday after closing": datetime(2026, 8, 7, 9, 20, tzinfo=UTC),
}


@pytest.fixture
def empty(initialised_url: str) -> Iterator[Engine]:
    """An engine on a database with rules and without people."""
    engine = make_engine(initialised_url)
    yield engine
    engine.dispose()


def count(engine: Engine, table: type) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def told(engine: Engine) -> list[tuple]:
    with Session(engine) as session:
        return [
            tuple(row)
            for row in session.execute(
                select(
                    HistoryEntry.complaint_id,
                    HistoryEntry.what,
                    HistoryEntry.at,
                    HistoryEntry.by_name,
                    HistoryEntry.hash,
                ).order_by(HistoryEntry.id)
            )
        ]


def test_a_second_time_nothing_is_made(engine: Engine):
    before = count(engine, Complaint), count(engine, HistoryEntry), count(engine, User)
    again = make_demonstration(sessionmaker(engine), complaints=500, seed=9, now=NOW)
    assert again == DemoCounts(0, 0)
    assert (count(engine, Complaint), count(engine, HistoryEntry), count(engine, User)) == before


def test_the_same_seed_tells_the_same_and_another_something_else(
    databases: Databases, empty: Engine
):
    made = make_demonstration(sessionmaker(empty), complaints=6, seed=4, now=NOW)
    assert (made.complaints, made.refused) == (6, 0)
    tales = []
    for seed in (4, 5):
        url = databases.fresh(initialise)
        engine = make_engine(url)
        make_demonstration(sessionmaker(engine), complaints=6, seed=seed, now=NOW)
        tales.append(told(engine))
        engine.dispose()
        databases.drop(url)
    same, other = tales
    assert same == told(empty)
    assert other != same


def test_a_house_with_people_of_its_own_is_left_alone(empty: Engine):
    with Session(empty) as session:
        session.add(User(email="rina@kantor.example", name="Rina", role="csr"))
        session.commit()
    with pytest.raises(Invalid, match="users of its own"):
        make_demonstration(sessionmaker(empty), complaints=5, seed=1, now=NOW)
    assert count(empty, Complaint) == 0


def test_a_real_organisation_is_left_alone(empty: Engine):
    with Session(empty) as session:
        row = session.scalars(select(RuleVersion).where(RuleVersion.kind == "organisation")).one()
        body = {**row.body, "demonstration": False}
        session.execute(update(RuleVersion).where(RuleVersion.id == row.id).values(body=body))
        session.commit()
    with pytest.raises(Invalid, match="not for demo data"):
        make_demonstration(sessionmaker(empty), complaints=5, seed=1, now=NOW)
    assert count(empty, User) == 0


@pytest.mark.soak
@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize("hour", list(HOURS)[: budget("DEMO_HOURS", usual=2, long=4)])
def test_it_can_be_made_at_any_hour(empty: Engine, hour: str):
    now = HOURS[hour]
    made = make_demonstration(sessionmaker(empty), complaints=40, seed=2, now=now)
    assert (made.complaints, made.refused) == (40, 0)
    with Session(empty) as session:
        statuses = set(session.scalars(select(Complaint.status)))
        latest = session.scalar(select(func.max(HistoryEntry.at)))
    assert {"received", "in_handling", "closed"} <= statuses
    assert latest <= now


@pytest.mark.sqlite_is_enough
def test_a_refused_step_ends_its_own_tale_only(empty: Engine, monkeypatch: pytest.MonkeyPatch):
    def refuse(case, **words):
        raise Invalid("No leaflets today.")

    # Near its end, so that what stays open is not reminded of for months.
    monkeypatch.setattr("complaints.seed.solution.inform_standard", refuse)
    made = make_demonstration(sessionmaker(empty), complaints=2, seed=2, now=NOW)
    assert made.complaints == 2
    assert made.refused > 0
    with Session(empty) as session:
        assert "inform_standard" not in set(session.scalars(select(HistoryEntry.what)))
    assert count(empty, Complaint) == 2


def test_a_pool_forgets_nothing_however_rare():
    pool = fair_pool({"often": 99, "rarely": 0.1}, 20, Random(1))
    drawn = [pool.draw() for _ in range(21)]
    assert drawn.count("rarely") == 1
