"""Tests that begin alike are handed to one process, and what takes long is begun early."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT
from tests.sharing import LONG, TOGETHER, piece_of


@pytest.mark.parametrize(
    ("one", "other", "is_one_piece"),
    [
        ("tests/steps/test_road.py::test_a[sqlite]", "tests/steps/test_road.py::test_b", True),
        ("tests/steps/test_road.py::test_a[sqlite]", "tests/steps/test_road.py::T::c[x]", True),
        ("tests/steps/test_road.py::test_a[sqlite]", "tests/steps/test_gates.py::test_a", False),
        (
            "tests/steps/test_road.py::test_a[sqlite-x]",
            "tests/steps/test_road.py::test_a[postgresql-x]",
            False,
        ),
        (
            "tests/seed/test_making.py::test_a[postgresql]",
            "tests/seed/test_stories.py::test_b[sqlite]",
            True,
        ),
        ("tests/proofs/test_rows.py::a[sqlite]", "tests/proofs/test_import.py::b[sqlite]", True),
        (
            "tests/proofs/test_rows.py::a[sqlite]",
            "tests/proofs/test_import.py::b[postgresql]",
            False,
        ),
    ],
)
def test_a_piece_is_what_one_process_prepares_once(one: str, other: str, is_one_piece: bool):
    assert (piece_of(one) == piece_of(other)) is is_one_piece


def test_what_is_named_is_there():
    assert [each for each in (*LONG, *TOGETHER) if not (ROOT / each).exists()] == []
