"""The priority by type of complaint and type of customer (020-2.4)."""

from __future__ import annotations

import pytest

from complaints.domain.priority import Priority, PriorityMatrix, Raise, compute_priority

MATRIX = {
    "version": 3,
    "matrix": {
        "4": ["P1", "P1", "P1", "P1"],
        "3": ["P2", "P2", "P1", "P1"],
        "2": ["P3", "P3", "P2", "P2"],
        "1": ["P4", "P4", "P4", "P3"],
    },
}


@pytest.fixture
def matrix() -> PriorityMatrix:
    return PriorityMatrix.from_dict(MATRIX)


@pytest.mark.parametrize(
    ("severity", "weight", "plain", "raised"),
    [
        (4, 0, "P1", "P1"),
        (4, 3, "P1", "P1"),
        (3, 0, "P2", "P1"),
        (3, 1, "P2", "P1"),
        (3, 2, "P1", "P1"),
        (2, 0, "P3", "P2"),
        (2, 1, "P3", "P2"),
        (2, 2, "P2", "P1"),
        (2, 3, "P2", "P1"),
        (1, 0, "P4", "P3"),
        (1, 2, "P4", "P3"),
        (1, 3, "P3", "P2"),
    ],
)
def test_the_matrix(matrix, severity: int, weight: int, plain: str, raised: str):
    assert compute_priority(matrix, severity, weight).priority == plain
    assert compute_priority(matrix, severity, weight, [Raise.REPEAT_FAULT]).priority == raised


def test_many_circumstances_lift_one_step_only(matrix):
    computed = compute_priority(matrix, 1, 0, [*Raise, *Raise])
    assert computed.priority is Priority.P3
    assert computed.base is Priority.P4
    assert set(computed.raises) == set(Raise)
    assert len(computed.raises) == len(Raise)


def test_the_reason_can_be_read_back(matrix):
    computed = compute_priority(matrix, 3, 1, [Raise.MISSED_DEADLINE])
    assert (computed.severity, computed.tier_weight) == (3, 1)
    assert computed.matrix_version == "3"


def test_values_outside_the_matrix_take_its_edge(matrix):
    assert compute_priority(matrix, 9, 9).priority is Priority.P1
    assert compute_priority(matrix, 0, -1).priority is Priority.P4


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"matrix": {"1": ["P4"] * 4}},
        {"matrix": {**MATRIX["matrix"], "4": ["P1"] * 3}},
        {"matrix": {**MATRIX["matrix"], "4": ["P9"] * 4}},
    ],
)
def test_a_broken_matrix_is_refused(broken):
    with pytest.raises(ValueError, match=r"priority|P9"):
        PriorityMatrix.from_dict(broken)
