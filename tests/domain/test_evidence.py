"""The eighteen criteria: what proves each, what takes a proof's force away, what is not needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from complaints.domain.evidence import (
    CRITERIA,
    EVERY_CRITERION,
    PROOF_RULES,
    EvidenceState,
    Facts,
    Lapse,
    Proof,
    blocking_before_step,
    evaluate,
    missing_for,
    passed_gates,
)
from complaints.domain.lifecycle import Gate, Status, status_behind

AT = datetime(2026, 11, 19, 2, 15, tzinfo=UTC)
PROVEN, UNABLE, SENDING, AWAITING, MISSING, NOT_NEEDED = EvidenceState
INTAKE = [key for key in CRITERIA if key.startswith("020-1")]
PLANNING = [key for key in CRITERIA if key.startswith("020-2")]
RESOLUTION = [key for key in CRITERIA if key.startswith("020-3")]
#: Facts under which a full set of records proves everything that is asked.
SETTLED = Facts(has_confirmed_cause=True, causes=frozenset({1}))


def proof(key: str, *, cycle: int = 1, unable: bool = False, minutes: int = 0) -> Proof:
    at = AT + timedelta(minutes=minutes)
    noun = "take-over" if key == EVERY_CRITERION else CRITERIA[key].noun
    number = list(CRITERIA).index(key) if key in CRITERIA else 0
    return Proof(key, cycle, unable, at, "Rina", noun, id=number, cause_id=1)


def missing_before_step(gate: Gate, items, **more) -> tuple[str, ...]:
    return tuple(item.criterion for item in blocking_before_step(gate, items, **more))


def states(proofs, facts=SETTLED):
    return {item.criterion: item.state for item in evaluate(proofs, facts)}


def test_there_are_eighteen_in_three_elements():
    assert len(CRITERIA) == 18
    assert [len(INTAKE), len(PLANNING), len(RESOLUTION)] == [6, 5, 7]
    assert [CRITERIA[key].element for key in ("020-1.6", "020-2.1", "020-3.7")] == [1, 2, 3]


def test_without_a_record_everything_is_missing_but_the_alternative():
    found = states([])
    assert found.pop("020-3.5") is NOT_NEEDED
    assert set(found.values()) == {MISSING}


@pytest.mark.parametrize("key", CRITERIA)
def test_a_record_proves_its_criterion_and_no_other(key: str):
    # Thanks come after the answer.
    before = [proof("020-3.4")] if key == "020-3.6" else []
    bare = states(before)
    with_record = states([*before, proof(key)])
    assert with_record[key] is PROVEN
    assert {k: v for k, v in with_record.items() if k != key} == {
        k: v for k, v in bare.items() if k != key
    }


@pytest.mark.parametrize("key", CRITERIA)
def test_an_honest_reason_stands_for_a_criterion(key: str):
    assert states([proof(key, unable=True)])[key] is UNABLE


def test_an_item_names_who_when_and_what():
    item = evaluate([proof("020-1.2", minutes=5)], SETTLED)[1]
    assert (item.criterion, item.at, item.by, item.record) == (
        "020-1.2",
        AT + timedelta(minutes=5),
        "Rina",
        "confirmation",
    )


def test_the_latest_record_counts():
    both = [proof("020-1.3", unable=True), proof("020-1.3", minutes=9)]
    assert states(both)["020-1.3"] is PROVEN
    assert states(both[::-1])["020-1.3"] is UNABLE


# criterion, fact that takes its force away
OVERTAKEN = [
    ("020-2.1", Facts(has_waiting_party=True, has_confirmed_cause=True)),
    ("020-3.2", replace(SETTLED, has_confirmed_cause=False)),
    ("020-3.5", replace(SETTLED, has_refusal=True, has_unanswered_refusal=True)),
]


@pytest.mark.parametrize(("key", "facts"), OVERTAKEN)
def test_what_happened_since_takes_a_proofs_force_away(key: str, facts: Facts):
    assert states([proof(key)], facts)[key] is MISSING
    assert states([proof(key, unable=True)], facts)[key] is UNABLE


def test_where_no_cause_can_be_explained_what_was_said_after_that_counts():
    bare = replace(SETTLED, causes=frozenset())
    given_up = replace(proof("020-3.2", unable=True), cause_id=None, id=1)
    offered = replace(proof("020-3.3"), cause_id=None, id=2)
    apologised = replace(proof("020-3.1"), cause_id=None, id=2)
    found = states([given_up, offered, apologised], bare)
    assert (found["020-3.1"], found["020-3.2"], found["020-3.3"]) == (PROVEN, UNABLE, PROVEN)
    too_early = states([replace(offered, id=0), given_up], bare)
    assert too_early["020-3.3"] is MISSING
    # A cause found after all opens explanation and offer again.
    after_all = states([given_up, offered], SETTLED)
    assert (after_all["020-3.2"], after_all["020-3.3"]) == (MISSING, MISSING)


def test_nobody_attests_listening_to_a_letter():
    assert states([], replace(SETTLED, is_written_channel=True))["020-1.1"] is NOT_NEEDED


def test_an_alternative_is_needed_after_a_refusal_only():
    refused = replace(SETTLED, has_refusal=True, has_unanswered_refusal=True)
    answered = replace(SETTLED, has_refusal=True)
    assert states([], refused)["020-3.5"] is MISSING
    assert states([proof("020-3.5")], answered)["020-3.5"] is PROVEN


def test_a_reopened_complaint_needs_its_resolution_anew():
    second = states([proof(key) for key in CRITERIA], replace(SETTLED, cycle=2))
    assert {second[key] for key in INTAKE + PLANNING} == {PROVEN}
    assert {second[key] for key in RESOLUTION if key != "020-3.5"} == {MISSING}


@pytest.mark.parametrize("key", ["020-1.5", EVERY_CRITERION])
@pytest.mark.parametrize("rules", [1, PROOF_RULES])
def test_a_date_told_before_a_reopening_is_not_told_for_the_promise_that_began(key, rules):
    told = replace(proof(key), rules=rules)
    opened = replace(SETTLED, cycle=2, has_told_date=False)
    item = {each.criterion: each for each in evaluate([told], opened)}["020-1.5"]
    assert (item.state, item.because) == (MISSING, Lapse.OPENED_AGAIN)
    # Behind the first gate the last one asks for it.
    others = [proof(each, cycle=2) for each in CRITERIA if each not in ("020-1.5", "020-3.5")]
    assert missing_for([Gate.CLOSING], evaluate([told, *others], opened)) == ("020-1.5",)
    # What goes on after a withdrawal was taken back keeps the date that it had.
    kept = evaluate([told, *others], replace(opened, has_told_date=True))
    assert missing_for([Gate.CLOSING], kept) == ()
    again = evaluate([told, *others, proof("020-1.5", cycle=2)], opened)
    assert missing_for([Gate.CLOSING], again) == ()


def test_history_taken_over_stands_for_all_at_once():
    taken_over = [proof(EVERY_CRITERION, unable=True)]
    assert set(states(taken_over).values()) == {UNABLE}
    second = states(taken_over, replace(SETTLED, cycle=2))
    assert {second[key] for key in INTAKE + PLANNING} == {UNABLE}
    assert second["020-3.3"] is MISSING


@pytest.mark.parametrize(
    ("gate", "keys"),
    [(Gate.REGISTRATION, INTAKE), (Gate.HANDLING, PLANNING), (Gate.CLOSING, RESOLUTION)],
)
def test_each_gate_asks_for_its_element(gate: Gate, keys: list[str]):
    items = evaluate([], replace(SETTLED, has_refusal=True, has_unanswered_refusal=True))
    assert missing_for([gate], items) == tuple(keys)


@pytest.mark.parametrize("lacking", CRITERIA)
def test_a_gate_names_the_one_criterion_that_is_missing(lacking: str):
    refused = replace(SETTLED, has_refusal=True)
    items = evaluate([proof(key) for key in CRITERIA if key != lacking], refused)
    # Thanks for an answer that is not there were too early.
    follows = ("020-3.6",) if lacking == "020-3.4" else ()
    assert missing_for(list(Gate), items) == (lacking, *follows)


def test_several_gates_are_named_in_the_order_of_the_protocol():
    items = evaluate([proof("020-1.2"), proof("020-2.4")], SETTLED)
    missing = missing_for([Gate.HANDLING, Gate.REGISTRATION], items)
    assert missing == tuple(sorted(missing))
    assert "020-1.2" not in missing
    assert "020-2.4" not in missing


def test_a_step_is_not_asked_for_the_record_it_is_about_to_make():
    items = evaluate([proof(key) for key in INTAKE if key != "020-1.6"], SETTLED)
    assert missing_before_step(Gate.REGISTRATION, items) == ()
    assert missing_before_step(Gate.REGISTRATION, items, facts_are_complete=False) == ("020-1.6",)
    assert "020-2.5" not in missing_before_step(Gate.HANDLING, items)
    assert set(missing_before_step(Gate.CLOSING, items)) == set(RESOLUTION) - {"020-3.5"}


@pytest.mark.parametrize(
    ("records", "status"),
    [
        ([], Status.RECEIVED),
        (INTAKE[:-1], Status.RECEIVED),
        (INTAKE, Status.REGISTERED),
        (INTAKE + PLANNING[:-1], Status.REGISTERED),
        (INTAKE + PLANNING, Status.IN_HANDLING),
    ],
)
def test_a_reopened_complaint_goes_on_behind_the_last_gate_it_passed(records, status):
    items = evaluate([proof(key) for key in records], replace(SETTLED, cycle=2))
    assert status_behind(passed_gates(items, was_handled=False)) is status


def test_a_plan_alone_opens_no_gate_and_what_was_handled_stays_so():
    planned = evaluate([proof(key) for key in [*INTAKE, "020-2.5"]], replace(SETTLED, cycle=2))
    assert status_behind(passed_gates(planned, was_handled=False)) is Status.REGISTERED
    asked_again = replace(SETTLED, cycle=2, has_waiting_party=True)
    items = evaluate([proof(key) for key in INTAKE + PLANNING], asked_again)
    assert status_behind(passed_gates(items, was_handled=True)) is Status.IN_HANDLING


#: What may stay undone for a reason of the list.
EXCUSABLE = "1.1 1.2 1.3 1.6 3.1 3.2 3.4 3.5"


def test_what_may_be_excused_and_what_never():
    excusable = {key for key in CRITERIA if CRITERIA[key].may_be_unable}
    assert excusable == {f"020-{each}" for each in EXCUSABLE.split()}
