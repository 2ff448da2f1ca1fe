"""Whom a customer is sent to outside: only what somebody looked up, and only where it holds."""

from __future__ import annotations

import pytest

from complaints.domain.clauses import Policy
from complaints.domain.policies.outside import outside_bodies

LAPS = {"label_id": "LAPS SJK", "label_en": "LAPS SJK, the financial dispute body"}
COURT = {"label_id": "Pengadilan", "label_en": "Court"}


def policy(code: str, *bodies: dict[str, str], **about: str) -> Policy:
    data = {"id": code, "evidence": "sourced", "status": "in_force", "clock": [], **about}
    return Policy.from_dict({**data, "escalation": list(bodies)})


def test_each_body_is_named_once_in_the_order_of_the_policies():
    found = outside_bodies([policy("a", LAPS, COURT), policy("b", COURT)])
    assert [each["id"] for each in found] == ["LAPS SJK", "Pengadilan"]
    assert found[0]["en"] == "LAPS SJK, the financial dispute body"


@pytest.mark.parametrize("evidence", ["memory", "ours", "disputed", ""])
def test_what_nobody_looked_up_sends_nobody_anywhere(evidence: str):
    assert outside_bodies([policy("a", LAPS, evidence=evidence)]) == []


def test_a_superseded_rule_gives_no_rights():
    assert outside_bodies([policy("a", LAPS, status="superseded")]) == []
