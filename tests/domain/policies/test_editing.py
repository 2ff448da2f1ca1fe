"""A clock added to a policy stands where it counts, and never makes another one pointless."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.domain.clauses import Policy, select_clauses
from complaints.domain.deadlines import Kind
from complaints.domain.policies.editing import (
    STARTS,
    free_id,
    hidden_by,
    with_clock,
    with_limits_of,
    without_clocks,
)

GENERAL = {"id": "general", "kind": "resolve", "duration": 5, "unit": "working_day"}
URGENT = {**GENERAL, "id": "urgent", "duration": 1, "priority": "P1"}
PLAN = {**GENERAL, "id": "plan", "kind": "plan"}
POLICY = {"id": "ours", "clock": [PLAN, URGENT, GENERAL]}


def clock(**more: Any) -> dict[str, Any]:
    return {**GENERAL, "id": "new", **more}


def order(body: dict[str, Any]) -> list[str]:
    return [each["id"] for each in body["clock"]]


def runs(body: dict[str, Any], **facts: str) -> str:
    """Which resolve clock a complaint with these facts gets."""
    chosen = select_clauses((Policy.from_dict(body),), facts, ("received",))
    return next(clause.id for _, clause in chosen if clause.kind is Kind.RESOLVE)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"priority": "P1", "branch": "JKT"}, ["plan", "new", "urgent", "general"]),
        ({"branch": "JKT"}, ["plan", "new", "urgent", "general"]),
        ({}, ["plan", "urgent", "new", "general"]),
        ({"kind": "legal"}, ["plan", "urgent", "general", "new"]),
        ({"kind": "plan"}, ["new", "plan", "urgent", "general"]),
    ],
)
def test_the_special_case_stands_before_the_general_one(given, expected):
    assert order(with_clock(POLICY, clock(**given))) == expected


def test_the_clock_with_more_conditions_is_the_one_that_runs():
    body = with_clock(POLICY, clock(priority=["P1", "P2"], channel="call"))
    assert runs(body, priority="P1", channel="call") == "new"
    assert runs(body, priority="P1", channel="letter") == "urgent"
    assert runs(body, priority="P2", channel="letter") == "general"


def test_the_policy_itself_stays_as_it_was():
    with_clock(POLICY, clock())
    without_clocks(POLICY, {"plan"})
    assert order(POLICY) == ["plan", "urgent", "general"]


def test_a_clock_taken_away_leaves_the_others_in_their_order():
    assert order(without_clocks(POLICY, {"urgent"})) == ["plan", "general"]


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        ({}, ["general"]),
        ({"priority": "P1"}, ["urgent"]),
        ({"priority": ["P1", "P2"]}, ["urgent"]),
        ({"priority": "P2"}, []),
        ({"priority": "P1", "channel": "call"}, []),
        ({"start": "reopened"}, []),
        ({"kind": "legal"}, []),
    ],
)
def test_a_clock_that_could_never_run_beside_the_new_one_is_found(given, hidden):
    policy = Policy.from_dict(with_clock(POLICY, clock(**given)))
    assert [each.id for each in hidden_by(policy, policy.clause("new"))] == hidden


def test_clocks_added_here_have_names_of_their_own():
    assert free_id(Kind.PLAN, []) == "own_plan_1"
    assert free_id(Kind.PLAN, ["own_plan_1", "own_plan_2", "plan"]) == "own_plan_3"


def test_every_kind_we_answer_for_has_a_starting_point():
    assert set(STARTS) == set(Kind) - {Kind.CUSTOMER, Kind.COMMITMENT}


def test_a_limit_that_its_law_has_changed_is_the_laws_again():
    law = {"id": "limit", "kind": "legal", "duration": 20, "unit": "working_day"}
    before = {"clock": [law, GENERAL]}
    stricter_here = {"clock": [{**law, "duration": 15}, {**GENERAL, "duration": 9}]}
    unchanged = with_limits_of(before, before, stricter_here)
    assert [each["duration"] for each in unchanged["clock"]] == [15, 9]
    file = {"clock": [{**law, "duration": 10}, GENERAL]}
    changed = with_limits_of(file, before, stricter_here)
    assert [each["duration"] for each in changed["clock"]] == [10, 9]
