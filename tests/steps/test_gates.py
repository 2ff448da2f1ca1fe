"""The gates: a skipped step holds the complaint back by name, and every way out is honest."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.actions.recording import record_given
from complaints.domain.errors import Forbidden, GateRefused, Invalid, Refused
from complaints.domain.evidence import CRITERIA
from complaints.domain.lifecycle import Action
from complaints.domain.words.exits import Unable
from complaints.models import HistoryEntry, LedgerEntry, OutboxMessage, StepRecord
from complaints.steps.advance import Proven, advance
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.countersign import countersign
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.confirm import confirm_back
from complaints.steps.inform import answer_as_party, inform_parties
from complaints.steps.offer import offer_solution
from complaints.steps.plan import draw_up_plan
from complaints.steps.register import register_complaint
from complaints.steps.thank import thank_customer
from tests.office import ROAD, Office, road

STEP = {name: (by, step, words) for name, by, step, words in ROAD}

# What is left out, and what the gate then names.
AT_REGISTRATION = [
    ({"020-1.1"}, ("020-1.1",)),
    ({"020-1.2"}, ("020-1.2",)),
    ({"020-1.3"}, ("020-1.3",)),
    ({"020-1.4"}, ("020-1.4", "020-1.5")),
    (
        {"020-1.1", "020-1.2", "020-1.3", "020-1.4"},
        ("020-1.1", "020-1.2", "020-1.3", "020-1.4", "020-1.5"),
    ),
]
AT_HANDLING = [
    ({"asked", "020-2.1"}, ("020-2.1",)),
    ({"020-2.1"}, ("020-2.1",)),
    ({"020-2.2"}, ("020-2.2",)),
    ({"020-2.3"}, ("020-2.3",)),
    ({"020-2.4"}, ("020-2.4",)),
]
AT_CLOSING = [
    ({"020-3.1"}, ("020-3.1",)),
    ({"020-3.2"}, ("020-3.2",)),
    # What rests on the cause cannot be there without it, nor thanks without the answer.
    (
        {"confirmed", "020-3.1", "020-3.2", "020-3.3", "020-3.4", "020-3.6"},
        ("020-3.1", "020-3.2", "020-3.3", "020-3.4", "020-3.6"),
    ),
    ({"020-3.3", "020-3.4", "020-3.6"}, ("020-3.3", "020-3.4", "020-3.6")),
    ({"020-3.4", "020-3.6"}, ("020-3.4", "020-3.6")),
    ({"020-3.6"}, ("020-3.6",)),
    ({"020-3.7"}, ("020-3.7",)),
]
GATES = [
    *(("020-1.6", *case) for case in AT_REGISTRATION),
    *(("closed", *case) for case in AT_CLOSING),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("gate", "skip", "missing"), GATES)
def test_a_gate_names_what_was_skipped_and_nothing_is_recorded(
    office: Office, gate: str, skip: set[str], missing: tuple[str, ...]
):
    number = office.receive()
    office.walk(number, to=gate, skip={*skip, gate})
    before = (
        office.complaint(number).version,
        office.count(HistoryEntry),
        office.count(StepRecord),
    )
    by, step, words = STEP[gate]
    with pytest.raises(GateRefused) as refusal:
        office.take(number, step, by=by, **words)
    assert refusal.value.missing == missing
    assert set(missing) <= set(office.missing(number))
    after = (office.complaint(number).version, office.count(HistoryEntry), office.count(StepRecord))
    assert after == before


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("gate", "skip", "missing"), GATES)
def test_the_gate_opens_once_the_step_is_made_up_for(
    office: Office, gate: str, skip: set[str], missing: tuple[str, ...]
):
    number = office.receive()
    office.walk(number, to=gate, skip={*skip, gate})
    for name, by, step, words in road(to=gate):
        if name in skip:
            office.take(number, step, by=by, **words)
    by, step, words = STEP[gate]
    office.take(number, step, by=by, **words)
    assert not set(missing) & set(office.missing(number))


@pytest.mark.parametrize(("skip", "missing"), AT_HANDLING)
def test_the_plan_may_be_there_first_and_only_the_status_waits(
    office: Office, skip: set[str], missing: tuple[str, ...]
):
    number = office.receive()
    office.walk(number, to="020-2.5", skip=skip)
    assert office.complaint(number).status == "registered"
    assert office.clocks(number)["plan"].state == "met"
    assert office.missing(number) == missing
    with pytest.raises(GateRefused) as refusal:
        office.take(number, send_apology, stage="resolution")
    assert refusal.value.missing == missing
    for name, by, step, words in road(to="020-2.5"):
        if name in skip:
            assert office.complaint(number).status == "registered"
            office.take(number, step, by=by, **words)
    assert office.complaint(number).status == "in_handling"
    last = office.history(number)[-1]
    assert (last.detail["from"], last.detail["to"]) == ("registered", "in_handling")


def test_a_complaint_with_a_plan_that_ended_early_comes_back_to_where_it_was(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5", skip={"020-2.1"})
    office.take(number, withdraw_complaint, reason="Tidak jadi")
    assert office.take(number, reopen_complaint, reason="Rusak lagi").status == "registered"
    assert office.missing(number) == ("020-2.1",)
    office.take(number, answer_as_party, by="officer", team="TEKNIK", answer="accepted")
    assert office.complaint(number).status == "in_handling"


#: What may not be excused for any reason: what to leave out of the road, by whom, by which noun.
NO_WAY_OUT: list[tuple[str, set[str], str, str, dict[str, Any]]] = [
    ("020-1.4", {"020-1.4"}, "csr", "promise", {"steps": []}),
    ("020-2.1", {"020-2.1"}, "csr", "parties", {}),
    ("020-2.2", {"020-2.2"}, "officer", "cause", {"stage": "preliminary"}),
    ("020-2.3", {"020-2.3"}, "csr", "condition", {}),
    ("020-2.4", {"020-2.4"}, "csr", "priority", {}),
    ("020-2.5", {"020-2.5"}, "csr", "plan", {}),
    ("020-3.3", {"020-3.3", "020-3.4"}, "csr", "offer", {}),
    ("020-3.6", {"020-3.6"}, "csr", "thanks", {}),
    ("020-3.7", {"020-3.7"}, "csr", "standard-information", {}),
]
REASON = "Pelanggan menutup telepon"


def either_side(skip: set[str]) -> tuple[str | None, str]:
    """The place on the road before what is left out, and the first that is."""
    places = [name for name, *_ in ROAD]
    first = next(index for index, name in enumerate(places) if name in skip)
    return (places[first - 1] if first else None), places[first]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("key", "skip", "by", "noun", "words"), NO_WAY_OUT)
def test_what_has_to_be_done_is_excused_by_nothing(office: Office, key, skip, by, noun, words):
    number = office.receive()
    before, _ = either_side(skip)
    if before:
        office.walk(number, to=before)
    given = {**words, "unable": {"reason": REASON}}
    with pytest.raises(Invalid, match="cannot be skipped") as refusal:
        record_given(office.session, number, noun, given, by=office.actor(by), now=office.at)
    assert refusal.value.field == "unable"


def test_the_priority_cannot_be_skipped(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.3")
    case = office.open(number)
    with pytest.raises(Invalid, match="cannot be skipped"):
        advance(case, Action.PRIORITISE, proven=[Proven("020-2.4", unable=Unable(REASON))])


def test_the_alternative_needs_a_supervisors_word_to_be_left_out(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="refused", reason="Minta ganti rugi")
    office.walk(number, after="020-3.4", skip={"020-3.6", "closed"})
    with pytest.raises(GateRefused) as refusal:
        office.take(number, close_complaint)
    assert refusal.value.missing == ("020-3.4", "020-3.5", "020-3.6")
    nothing = Unable("Kebijakan tidak mengizinkan yang lain")
    with pytest.raises(Forbidden, match="signed by a supervisor"):
        office.take(number, offer_solution, unable=nothing)
    office.take(number, offer_solution, by="supervisor", unable=nothing)
    # The refusal is the answer: nothing else is asked for, and the supervisor has signed.
    assert office.states(number)["020-3.4"] == "not_needed"
    office.take(number, thank_customer)
    complaint = office.take(number, close_complaint)
    assert (complaint.status, complaint.outcome) == ("closed", "DITOLAK")
    assert office.states(number)["020-3.5"] == "unable"


@pytest.mark.parametrize("is_handed_back", [True, False])
def test_whoever_handles_it_does_not_sign_alone_that_nothing_else_may_be_offered(
    office: Office, is_handed_back: bool
):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="refused", reason="Minta ganti rugi")
    office.walk(number, after="020-3.4", skip={"020-3.6", "closed"})
    mine = {"handler": "Supervisor@tanggap.example ", "reason": "Saya urus sendiri"}
    office.take(number, assign_complaint, **mine)
    back = {"handler": "csr@tanggap.example", "reason": "Kembali ke meja depan"}
    if is_handed_back:
        office.take(number, assign_complaint, by="supervisor", **back)
    nothing = Unable("Kebijakan tidak mengizinkan yang lain")
    office.take(number, offer_solution, by="supervisor", unable=nothing)
    office.take(number, thank_customer)
    with pytest.raises(Refused, match="someone else has to sign"):
        office.take(number, close_complaint)
    office.take(number, countersign, by="manager", answer="signed")
    assert office.take(number, close_complaint).status == "closed"


def test_nobody_attests_listening_on_a_written_channel(office: Office):
    number = office.receive(channel="email")
    office.walk(number, to="020-1.6", skip={"020-1.1"})
    assert office.complaint(number).status == "registered"
    assert office.states(number)["020-1.1"] == "not_needed"


def test_the_record_has_to_be_complete_before_the_receipt(office: Office):
    # The desk's configuration asks for the e-mail address of whoever wrote by e-mail.
    number = office.receive(channel="email", who={"email": ""})
    office.walk(number, to="020-1.4", skip={"020-1.1"})
    with pytest.raises(GateRefused) as refusal:
        office.take(number, register_complaint)
    assert refusal.value.missing == ("020-1.6",)
    complaint = office.take(
        number, register_complaint, unable=Unable("Alamat pengirim dirahasiakan")
    )
    assert complaint.status == "registered"
    assert complaint.record_gaps == {"email": "Alamat pengirim dirahasiakan"}
    assert office.states(number)["020-1.6"] == "unable"


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("step", "words", "missing"),
    [
        (inform_parties, {"teams": ["TEKNIK"]}, [1]),
        (draw_up_plan, {"steps": [StepGiven("Menyambung kabel")]}, [1]),
        (offer_solution, {"remedy": "PERBAIKAN", "description": "Kabel baru"}, [1, 2]),
        (take_answer, {"answer": "accepted"}, [1, 2]),
        (thank_customer, {}, [1, 2]),
        (close_complaint, {}, [1, 2, 3]),
    ],
)
def test_what_comes_too_early_names_every_gate_before_it(office: Office, step, words, missing):
    number = office.receive()
    with pytest.raises(GateRefused) as refusal:
        office.take(number, step, **words)
    expected = [key for key in CRITERIA if int(key[4]) in missing and key != "020-3.5"]
    assert list(refusal.value.missing) == expected


def test_a_refusal_leaves_no_trace(office: Office):
    number = office.receive()
    tables = (HistoryEntry, StepRecord, OutboxMessage, LedgerEntry)
    before = [office.count(table) for table in tables]
    with pytest.raises(GateRefused):
        office.take(number, close_complaint)
    with pytest.raises(Invalid):
        office.take(number, confirm_back, summary="", answer="yes")
    assert [office.count(table) for table in tables] == before
    assert office.complaint(number).summary == ""
