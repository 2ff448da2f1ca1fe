"""Who may give how much, the other thresholds, and what the file may not say."""

from __future__ import annotations

import pytest

from complaints.domain.config.authority import Authority

DATA = {
    "limits": {"csr": 100_000, "supervisor": 2_500_000},
    "limits_per_complaint": {"supervisor": 3_000_000},
    "limits_per_customer": {"csr": 200_000, "supervisor": 5_000_000},
    "exits": {"countersign_from": 4},
}


def test_each_role_has_its_limit_and_the_others_none():
    authority = Authority.from_dict(DATA)
    assert [authority.limit_of(role) for role in ("csr", "supervisor", "auditor")] == [
        100_000,
        2_500_000,
        0,
    ]


def test_sums_have_limits_of_their_own_and_else_those_of_one_offer():
    authority = Authority.from_dict(DATA)
    assert authority.limit_per_complaint("csr") == 100_000
    assert authority.limit_per_complaint("supervisor") == 3_000_000
    assert authority.limit_per_customer("csr") == 200_000
    assert authority.limit_per_customer("auditor") == 0


def test_a_threshold_is_as_the_file_says_and_an_absent_one_as_we_say():
    authority = Authority.from_dict(DATA)
    assert authority.exits.countersign_from == 4
    assert authority.sums.customer_days == 90
    assert authority.attempts.explanation == 3


def test_the_file_of_an_earlier_version_can_still_be_read():
    before = {"version": 1, "kinds": ["money"], "limits": {"csr": 50_000}}
    authority = Authority.from_dict(before)
    assert authority.limit_of("csr") == authority.limit_per_complaint("csr") == 50_000


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"limits": None}, "a .limits. table is needed"),
        ({"limits": {"csr": "much"}}, "the limit of csr must be a whole number"),
        ({"limits": {"csr": -1}}, "the limit of csr must be a whole number"),
        ({"limits": {"csr": True}}, "the limit of csr must be a whole number"),
        ({"limits_per_customer": {"csr": 1.5}}, "the limit of csr must be a whole number"),
        ({"limits_per_complaint": 5}, ".limits_per_complaint. must be a table"),
        (
            {"exits": {"countersign_from": 0}},
            ".exits. countersign_from must be a whole number of 1",
        ),
        ({"exits": {"from": 3}}, ".exits. knows no from"),
    ],
)
def test_a_mistake_is_one_sentence(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        Authority.from_dict({**DATA, **change})
