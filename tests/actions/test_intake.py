"""A first conversation becomes a complaint with as many acts as were taken, or nothing at all."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.actions.idempotency import Done, OneTime, do_once
from complaints.actions.intake import Intake, RecordIncomplete, record_intake
from complaints.actions.reading import BodyErrors
from complaints.actions.recording import ActGiven
from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.models import Complaint, Customer, HistoryEntry, StepRecord
from complaints.steps.case import Case
from tests.conftest import NOW
from tests.house import STORY, House

TOLD: dict[str, Any] = {
    "customer": {"name": "Siti Aminah", "salutation": "Ibu", "phone": "0812 3456 7890"},
    "channel": "walk_in",
    "category": "GGN_MATI",
    "story": STORY,
}
ACTS = (
    ActGiven("attestation", {"listened": True}),
    ActGiven("confirmation", {"summary": "Internet mati", "answer": "yes"}),
    ActGiven("apology", {"stage": "intake"}),
    ActGiven("promise", {"steps": [{"what": "Memeriksa jaringan"}]}),
    ActGiven("receipt", {}),
)


def take_in(house: House, *acts: ActGiven, by: str = "csr", known: str = "", **told: Any) -> Case:
    """Record the intake and commit it, as the page does."""
    intake = Intake(complaint={**TOLD, **told}, known=known, acts=acts)
    case: list[Case] = []

    def do() -> Done:
        made = record_intake(
            house.session, house.rules, intake, branch="JKT", by=house.actor(by), now=NOW
        )
        case.append(made)
        return Done({})

    do_once(house.session, do, OneTime("", None, "intake", None), at=NOW)
    return case[-1]


def test_a_whole_conversation_registers_the_complaint(house: House):
    case = take_in(house, *ACTS)
    assert case.complaint.status == "registered"
    number = case.number
    records = {row.criterion: row.method for row in house.rows(StepRecord, number)}
    assert records == {
        "020-1.1": "spoken",
        "020-1.2": "spoken",
        "020-1.3": "spoken",
        "020-1.4": "spoken",
        "020-1.5": "spoken",
        "020-1.6": "print",
    }
    assert {entry.at for entry in house.history(number)} == {NOW}


def test_what_was_not_done_is_missing_and_no_more(house: House):
    case = take_in(house, *ACTS[:2])
    assert house.missing(case.number) == ("020-1.3", "020-1.4", "020-1.5", "020-1.6")


@pytest.mark.parametrize(
    ("channel", "means"), [("call", "phone"), ("email", "email"), ("whatsapp", "message")]
)
def test_we_speak_by_the_means_of_the_channel_unless_said_otherwise(house: House, channel, means):
    said = ActGiven("apology", {"stage": "intake", "method": "letter"})
    case = take_in(house, ACTS[1], said, channel=channel)
    confirmed, apologised = house.rows(StepRecord, case.number)
    assert (confirmed.method, apologised.method) == (means, "letter")


def test_nobody_attests_listening_to_a_letter(house: House):
    case = take_in(house, ACTS[0], channel="letter")
    assert house.rows(StepRecord, case.number) == []
    assert house.states(case.number)["020-1.1"] == "not_needed"


def test_a_known_customer_is_found_again_and_told_contacts_win(house: House):
    first = take_in(house).complaint.customer
    told = {"name": "", "phone": "0813 0000 1111", "email": "Baru@pelanggan.example"}
    again = take_in(house, known=str(first.id), customer=told).complaint.customer
    assert (again.id, again.name) == (first.id, "Siti Aminah")
    assert (again.phone, again.email) == ("6281300001111", "baru@pelanggan.example")
    assert house.count(Customer) == 1


def test_a_known_customer_who_has_gone_is_refused(house: House):
    with pytest.raises(Invalid) as refused:
        take_in(house, known="999")
    assert refused.value.field == "customer.known"


def test_a_registration_too_early_says_which_fields_and_steps_are_missing(house: House):
    with pytest.raises(RecordIncomplete) as refused:
        # A complaint by e-mail needs the address to answer to.
        take_in(house, ACTS[1], ACTS[4], channel="email")
    assert (refused.value.index, refused.value.noun) == (1, "receipt")
    assert refused.value.missing == ("020-1.3", "020-1.4", "020-1.5", "020-1.6")
    assert refused.value.gaps == ("email",)


BROKEN: list[tuple[int, ActGiven, type[Refused], str | None]] = [
    (1, ActGiven("confirmation", {"answer": "yes"}), Invalid, "summary"),
    (2, ActGiven("apology", {"stage": "someday"}), BodyErrors, "stage"),
    (3, ActGiven("offer/approval", {"answer": "approved"}), Refused, None),
]


@pytest.mark.parametrize(("index", "act", "refusal", "field"), BROKEN)
def test_one_act_refused_keeps_neither_complaint_nor_customer(
    house: House, index: int, act: ActGiven, refusal: type[Refused], field: str | None
):
    with pytest.raises(refusal) as refused:
        take_in(house, *ACTS[:index], act)
    error = refused.value
    assert (error.index, error.noun, error.field) == (index, act.noun, field)
    assert [house.count(t) for t in (Complaint, Customer, HistoryEntry, StepRecord)] == [0] * 4


def test_what_is_wrong_with_the_complaint_itself_names_no_act(house: House):
    with pytest.raises(BodyErrors) as refused:
        take_in(house, *ACTS, story=" ")
    assert (refused.value.noun, refused.value.field) == (None, "story")


def test_another_branch_takes_in_its_own(house: House):
    with pytest.raises(Forbidden):
        take_in(house, *ACTS, by="csr2")
