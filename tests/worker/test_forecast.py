"""How long complaints last is learned with those still open, and forecasts come true."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from complaints.domain.reporting.forecast import Curve, risk_of
from complaints.learning.survival import as_json, estimate
from complaints.models import RiskCurve
from complaints.queries.management.forecast import read_forecast
from complaints.queries.management.home import due_days
from complaints.queries.management.lasting import how_long_they_lasted
from complaints.steps.answer import take_answer
from complaints.steps.close import withdraw_complaint
from complaints.worker import forecast as job
from complaints.worker.forecast import estimate_risks
from complaints.worker.sweeps import WorkerContext
from tests.conftest import NOW

#: The true law: half are settled after this time, whatever went before (exponential).
HALF = 100_000


def told_cases(count, rng, seen_for):
    """Cases begun at random within `seen_for`: those not settled by its end are still open."""
    found = []
    for _ in range(count):
        lasts = rng.expovariate(math.log(2) / HALF)
        age = rng.uniform(0, seen_for)
        found.append((int(min(lasts, age)), lasts <= age))
    return found


def truth(left):
    return 0.5 ** (left / HALF)


@pytest.mark.sqlite_is_enough
def test_forecasts_come_true_within_three_points_in_every_tenth():
    """Learned from cases of which a third is open; tried on others, asked at random while open."""
    rng = random.Random(7)
    curve = estimate(told_cases(6_000, rng, 2 * HALF))
    asked = []
    for _ in range(10_000):
        lasts = rng.expovariate(math.log(2) / HALF)
        stayed, left = int(rng.uniform(0, HALF)), int(rng.uniform(0, HALF * 0.9))
        if lasts > stayed:
            risk = risk_of({"open": curve}, ["open"], stayed, left)
            asked.append((risk.share, lasts > stayed + left))
    asked.sort()
    size = len(asked) // 10
    assert size > 500
    for place in range(10):
        part = asked[place * size : (place + 1) * size]
        share = sum(each for each, _ in part) / size
        observed = sum(is_missed for _, is_missed in part) / size
        # Three points, and what chance adds to a tenth of so many.
        assert abs(share - observed) <= 0.03 + 2 * math.sqrt(0.25 / size), place


@pytest.mark.sqlite_is_enough
def test_who_ignores_the_open_ones_is_wrong():
    seen = told_cases(6_000, random.Random(11), HALF)
    whole, quick = estimate(seen), estimate([each for each in seen if each[1]])
    left = HALF // 2
    assert abs(whole.open_after(left) - truth(left)) < 0.03
    assert truth(left) - quick.open_after(left) > 0.2


@pytest.mark.sqlite_is_enough
def test_the_textbook_example_comes_out():
    """Remission under 6-MP: Kaplan and Meier's estimate of Freireich's trial (n = 21, 9 events)."""
    settled = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    lasting = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    known = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    # Four times as many of each give the same curve, and enough to keep it.
    seen = [(week, True) for week in settled * 4] + [(week, False) for week in lasting * 4]
    curve = estimate(seen)
    for week, share in known.items():
        assert curve.open_after(week) == pytest.approx(share, abs=0.001)
    assert curve.alike_at(7) == 17 * 4
    assert estimate(seen[: 7 * 4]) is None, "too few settled"


@pytest.mark.sqlite_is_enough
def test_a_curve_stays_small_and_true():
    seen = told_cases(20_000, random.Random(3), 3 * HALF)
    curve = estimate(seen)
    assert len(curve.times) < 200
    for left in range(0, HALF, 7_000):
        assert curve.open_after(left) == pytest.approx(truth(left), abs=0.03)
    assert Curve(**json.loads(json.dumps(as_json(curve)))) == curve


@pytest.fixture
def context(office):
    return WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=None,  # type: ignore[arg-type]
        transport=None,  # type: ignore[arg-type]
    )


def test_each_promise_is_seen_in_its_steps_until_settled_or_given_up(office):
    numbers = [office.receive(who={"name": f"N {n}", "phone": f"0812 000 30{n}"}) for n in range(3)]
    for number in numbers:
        office.walk(number, to="020-3.3")
    done, gone, _ = numbers
    after = office.at + timedelta(days=1)
    office.take(done, take_answer, at=after, answer="accepted")
    office.take(gone, withdraw_complaint, at=after, reason="Sudah tidak perlu lagi")
    office.session.commit()
    groups = how_long_they_lasted(office.session, office.rules, now=after + timedelta(days=1))
    assert {"received", "registered", "in_handling", "offered"} >= {
        key for key in groups if "/" not in key
    }
    offered = sorted(groups["offered"])
    assert [is_settled for _, is_settled in offered].count(True) == 1
    lengths = {
        is_settled: [s for s, each in offered if each == is_settled] for is_settled in (0, 1)
    }
    assert max(lengths[0]) > lengths[1][0], "what is open still was seen longer"
    assert any(key.startswith("offered/GGN_MATI") for key in groups)


def test_the_page_reads_what_the_worker_estimated(office, context, monkeypatch):
    number = office.receive()
    office.walk(number, to="020-2.5")
    office.session.commit()
    due = office.clocks(number)["resolve"].due_at
    now = due - timedelta(hours=3)
    actor, days = office.actor("manager"), due_days(office.rules, now)

    def work():
        office.session.rollback()
        return estimate_risks(context, now).handled

    def kept():
        return office.session.query(RiskCurve).count()

    def forecast():
        office.session.rollback()
        return read_forecast(office.session, actor, office.rules, days, now=now, count=1)

    nothing = forecast()
    assert (list(nothing.risks), nothing.unknown, nothing.missed) == ([], 1, 0)
    curve = as_json(Curve([1, 10**7], [0.5, 0.0], [500, 100], 400))
    monkeypatch.setattr(job, "_estimate", lambda context, told: {"in_handling": curve})
    assert work() == 1
    (risk,) = [risk for _, risk in forecast().risks]
    assert (risk.share, risk.settled) == (1.0, 400)
    # A group that is thin now has no curve any more.
    monkeypatch.setattr(job, "_estimate", lambda context, told: {})
    work()
    assert kept() == 0
    # One that failed takes nothing away.
    monkeypatch.setattr(job, "_estimate", lambda context, told: {"in_handling": curve})
    work()
    monkeypatch.setattr(job, "_estimate", lambda context, told: None)
    work()
    assert kept() == 1


@pytest.mark.sqlite_is_enough
def test_a_process_of_its_own_estimates_and_the_worker_stays_small(context):
    seen = [(n, n % 3 > 0) for n in range(1, 100)]
    learned = job._estimate(context, json.dumps({"received": seen, "thin": seen[:20]}))
    assert learned == {"received": as_json(estimate(seen))}
    said = "import sys, complaints.worker.schedule; assert 'scipy' not in sys.modules"
    subprocess.run([sys.executable, "-c", said], check=True)


def test_a_month_ago_is_now_when_nothing_is_told(office):
    assert how_long_they_lasted(office.session, office.rules, now=NOW) == {}
