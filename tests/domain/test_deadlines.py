"""Policies as data: which clause starts a clock for which complaint, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from complaints.domain.clauses import Policy, select_clauses
from complaints.domain.deadlines import (
    EVENT_OF,
    MET_BY,
    OUTCOME_KINDS,
    PAUSABLE,
    DeadlineState,
    Event,
    Kind,
)
from complaints.domain.lifecycle import Action


def clock(key: str, kind: str = "resolve", **more: object) -> dict[str, object]:
    return {"id": key, "kind": kind, "duration": 5, "unit": "working_day", **more}


def policy(*clocks: dict[str, object], code: str = "law") -> Policy:
    return Policy.from_dict({"id": code, "name": "A policy", "clock": list(clocks)}, 7)


FACTS = {
    "category": "GGN_MATI",
    "category_group": "GANGGUAN",
    "priority": "P2",
    "tier": "REGULER",
    "channel": "walk_in",
    "oral": True,
    "branch": "JKT",
    "product": "",
}


def chosen(*policies: Policy, facts=FACTS, events=("received",)) -> list[str]:
    return [clause.id for _, clause in select_clauses(policies, facts, events)]


@pytest.mark.parametrize(
    ("selectors", "applies"),
    [
        ({}, True),
        ({"priority": "P2"}, True),
        ({"priority": "P1"}, False),
        ({"priority": ["P1", "P2"]}, True),
        ({"oral": True}, True),
        ({"oral": False}, False),
        ({"category_group": "GANGGUAN", "priority": "P2"}, True),
        ({"category_group": "GANGGUAN", "priority": "P4"}, False),
        ({"branch": ["MKS"]}, False),
        ({"product": "TV"}, False),
    ],
)
def test_a_clause_applies_when_every_selector_does(selectors, applies: bool):
    assert chosen(policy(clock("it", **selectors))) == (["it"] if applies else [])


def test_the_first_fitting_clause_of_a_kind_wins_within_a_policy():
    found = policy(
        clock("special", priority="P2"), clock("general"), clock("receipt", "ack"), clock("last")
    )
    assert chosen(found) == ["special", "receipt"]


def test_several_policies_keep_all_their_clocks():
    policies = policy(clock("office")), policy(clock("law", "legal"), code="law")
    assert chosen(*policies) == ["office", "law"]


def test_a_clock_starts_at_its_own_event_only():
    found = policy(clock("early"), clock("late", "plan", start="registered"))
    assert chosen(found) == ["early"]
    assert chosen(found, events=("registered",)) == ["late"]
    assert chosen(found, events=("reopened",)) == []


@pytest.mark.parametrize("reference", [{"automatic": False}, {"party": "bank"}])
def test_reference_clocks_are_never_started(reference):
    assert chosen(policy(clock("shown", **reference))) == []
    assert chosen(policy(clock("theirs", "customer"))) == []


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"unit": "fortnight"}, "unit 'fortnight' is not one of"),
        ({"duration": -1}, "not negative"),
        ({"duration": "5"}, "whole number"),
        ({"kind": "hurry"}, "kind must be one of"),
    ],
)
def test_a_broken_clause_is_named(broken, sentence: str):
    with pytest.raises(ValueError, match="policy law, clock it") as refusal:
        policy({**clock("it"), **broken})
    assert sentence in str(refusal.value)


def test_a_policy_without_an_id_is_refused():
    with pytest.raises(ValueError, match="'id'"):
        Policy.from_dict({"clock": []})


def test_an_extension_is_read_with_its_limits():
    found = policy(
        clock(
            "it",
            extension={
                "duration": 3,
                "unit": "working_day",
                "max_count": 2,
                "conditions": ["told before the old deadline"],
            },
        )
    )
    extension = found.clauses[0].extension
    assert extension is not None
    assert (extension.duration, extension.unit, extension.max_count) == (3, "working_day", 2)
    assert extension.conditions == ("told before the old deadline",)


def test_what_starts_and_stops_clocks():
    assert {action.value: event.value for action, event in EVENT_OF.items()} == {
        "receive": "received",
        "inform": "routed",
        "reopen": "reopened",
        "accept": "solution_accepted",
        "register": "last_contact",
        "explain_cause": "last_contact",
        "offer": "last_contact",
        "approve_offer": "last_contact",
    }
    assert MET_BY[Action.REGISTER] == (Kind.ACK,)
    assert MET_BY[Action.PLAN] == (Kind.PLAN,)
    assert MET_BY[Action.ACCEPT] == OUTCOME_KINDS
    assert set(OUTCOME_KINDS) < set(MET_BY[Action.CLOSE]) == set(MET_BY[Action.REFER])


def test_a_pause_never_stops_the_acknowledgement_clock():
    assert Kind.ACK not in PAUSABLE
    assert {Kind.RESOLVE, Kind.LEGAL, Kind.PROGRESS} < PAUSABLE


def test_the_five_states():
    assert [state.value for state in DeadlineState] == [
        "running",
        "paused",
        "met",
        "breached",
        "cancelled",
    ]
    assert Event("received") is Event.RECEIVED


def limit(name: str, **more: object) -> dict[str, object]:
    return {"id": name, "kind": "legal", "duration": 6, "unit": "week", **more}


OFCOM = {
    "id": "ofcom",
    "clock": [limit("new", valid_from="2026-04-08"), limit("old", valid_to="2026-04-07")],
}


@pytest.mark.parametrize(
    ("day", "clause"),
    [("2000-01-01", "old"), ("2026-04-07", "old"), ("2026-04-08", "new"), ("2030-01-01", "new")],
)
def test_a_clock_is_for_complaints_received_while_it_holds_both_days_included(day, clause):
    facts = {"received_on": date.fromisoformat(day)}
    chosen = select_clauses([Policy.from_dict(OFCOM)], facts, [Event.RECEIVED])
    assert [each.id for _, each in chosen] == [clause]


def test_a_policy_bounds_its_clocks():
    data = {
        "id": "law",
        "valid_from": "2025-09-30",
        "valid_to": "2026-12-31",
        "clock": [
            limit("longer", valid_from="2020-01-01"),
            limit("shorter", valid_to="2026-01-31"),
        ],
    }
    longer, shorter = Policy.from_dict(data).clauses
    assert (longer.valid_from, longer.valid_to) == (date(2025, 9, 30), date(2026, 12, 31))
    assert (shorter.valid_from, shorter.valid_to) == (date(2025, 9, 30), date(2026, 1, 31))
    assert longer.holds_while(shorter)
    assert not shorter.holds_while(longer)
    assert Policy.from_dict({"id": "p", "clock": [limit("x")]}).clauses[0].holds_while(longer)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"valid_from": "8 April"}, "'8 April' is not a date"),
        ({"valid_from": "2026-04-08", "valid_to": "2026-04-07"}, "lies before"),
    ],
)
def test_a_validity_that_cannot_be_is_refused_with_its_clock(days, sentence):
    with pytest.raises(ValueError, match=f"clock x.*{sentence}"):
        Policy.from_dict({"id": "law", "clock": [limit("x", **days)]})
    with pytest.raises(ValueError, match=f"policy law.*{sentence}"):
        Policy.from_dict({"id": "law", "clock": [limit("x")], **days})
