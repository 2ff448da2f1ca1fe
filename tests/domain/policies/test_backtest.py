"""A policy tried on past complaints: the earliest clock counts, pauses count as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.domain.clauses import Policy
from complaints.domain.ledger import Entry, EntryKind
from complaints.domain.policies.backtest import (
    BacktestPolicies,
    Evaluated,
    Measured,
    PastCase,
    Tally,
    Verdict,
    evaluate,
)
from complaints.domain.worktime import WorkCalendar

OFFICE = WorkCalendar.from_dict(
    {
        "tz": "UTC",
        "week": {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    }
)
AT = datetime(2026, 11, 19, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = AT + timedelta(days=30)


def stick(*clocks: dict[str, Any]) -> BacktestPolicies:
    given = [
        {"id": str(number), "kind": "resolve", "unit": "working_hour", **clock}
        for number, clock in enumerate(clocks)
    ]
    policies = [Policy.from_dict({"id": clock["id"], "clock": [clock]}) for clock in given]
    return BacktestPolicies(tuple(policies))


def verdict(case: PastCase, *clocks: dict[str, Any], **facts: object) -> Evaluated:
    return evaluate(case, stick(*clocks).terms(facts, OFFICE), NOW)


def settled(hours: int, *pauses: Entry) -> PastCase:
    return PastCase(AT, AT + hours * HOUR, None, pauses)


@pytest.mark.parametrize(("hours", "expected"), [(2, Verdict.MET), (3, Verdict.MISSED)])
def test_the_due_second_itself_is_met(hours, expected):
    assert verdict(settled(hours), {"duration": 2})[0] is expected


def test_the_earliest_of_several_policies_counts():
    assert verdict(settled(3), {"duration": 9}, {"duration": 2, "kind": "legal"}) == (
        Verdict.MISSED,
        3600,
        True,
    )


def test_clocks_the_customer_does_not_wait_for_do_not_count():
    assert verdict(settled(3), {"duration": 1, "kind": "ack"})[0] is Verdict.NO_RULE


def test_a_rule_for_others_is_no_rule():
    assert (
        verdict(settled(3), {"duration": 1, "priority": "P1"}, priority="P3")[0] is Verdict.NO_RULE
    )


def test_a_pause_moves_the_due_time_as_it_would_have():
    pause = (Entry(EntryKind.PAUSE, AT + HOUR), Entry(EntryKind.RESUME, AT + 3 * HOUR))
    assert verdict(settled(4, *pause), {"duration": 2})[0] is Verdict.MET
    assert verdict(settled(5, *pause), {"duration": 2}) == (Verdict.MISSED, 3600, True)


def test_what_is_open_is_missed_once_its_time_is_over():
    assert verdict(PastCase(AT, None, None), {"duration": 2})[0] is Verdict.MISSED
    assert verdict(PastCase(AT, None, None), {"duration": 9000})[0] is Verdict.OPEN


def test_a_complaint_withdrawn_in_time_is_neither_kept_nor_missed():
    assert verdict(PastCase(AT, None, AT + HOUR), {"duration": 2})[0] is Verdict.OPEN
    assert verdict(PastCase(AT, None, AT + 3 * HOUR), {"duration": 2})[0] is Verdict.MISSED


def test_a_calendar_of_its_own_counts_for_every_branch():
    always = WorkCalendar.from_dict({"tz": "UTC", "week": {"sat": [["00:00", "24:00"]]}})
    one = BacktestPolicies(stick({"duration": 1}).policies, always)
    assert evaluate(settled(30), one.terms({}, OFFICE), NOW)[0] is Verdict.MET


def test_a_rule_of_calendar_days_is_late_by_the_clock():
    found = verdict(settled(4 * 24), {"duration": 3, "unit": "calendar_day"})
    assert found == (Verdict.MISSED, 24 * 3600, False)
    measured = Measured()
    measured.add("2026-11", "A", *found[:2], in_worktime=found.in_worktime)
    measured.add("2026-11", "A", Verdict.MISSED, 1800)
    assert measured.total.missed == 2
    # Hours of a clock and of an office are never added up.
    assert measured.total.mean_clock_seconds == 24 * 3600
    assert measured.total.mean_late_seconds == 1800


def test_tallies_divide_by_what_could_be_judged():
    measured = Measured()
    measured.add("2026-11", "A", Verdict.MET, 0)
    measured.add("2026-11", "A", Verdict.MISSED, 1800)
    measured.add("2026-11", "B", Verdict.MISSED, 5400)
    measured.add("2026-12", "B", Verdict.OPEN, 0)
    measured.add("2026-12", "B", Verdict.NO_RULE, 0)
    assert measured.total.share_met == pytest.approx(1 / 3)
    assert measured.total.mean_late_seconds == 3600
    assert measured.by_month["2026-12"] == Tally(open=1, no_rule=1)
    assert measured.by_month["2026-12"].share_met is None
    assert measured.by_category["A"].share_met == 0.5
