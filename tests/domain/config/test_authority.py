"""Limits of authority: who may offer how much, for what, and what the file may not say."""

from __future__ import annotations

import pytest

from complaints.domain.config.authority import Authority
from complaints.domain.taxonomy import Remedy

DATA = {"kinds": ["money", "goodwill"], "limits": {"csr": 100_000, "supervisor": 2_500_000}}


def test_each_role_has_its_limit_and_the_others_none():
    authority = Authority.from_dict(DATA)
    assert [authority.limit_of(role) for role in ("csr", "supervisor", "auditor")] == [
        100_000,
        2_500_000,
        0,
    ]


@pytest.mark.parametrize(
    ("kind", "is_bound"),
    [("money", True), ("goodwill", True), ("non_money", False), ("internal", False)],
)
def test_limits_bind_remedies_of_the_kinds_named(kind, is_bound):
    remedy = Remedy(id="R", label_id="a", label_en="b", source="ours", kind=kind)
    assert Authority.from_dict(DATA).binds(remedy) is is_bound


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"limits": None}, "a .limits. table and a list of kinds are needed"),
        ({"kinds": "money"}, "a list of kinds"),
        ({"kinds": ["gift"]}, "kinds must be of money"),
        ({"limits": {"csr": "much"}}, "the limit of csr must be a whole number"),
        ({"limits": {"csr": -1}}, "the limit of csr must be a whole number"),
    ],
)
def test_a_mistake_is_one_sentence(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        Authority.from_dict({**DATA, **change})
