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
from tests.office import STORY, Office

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


def take_in(office: Office, *acts: ActGiven, by: str = "csr", known: str = "", **told: Any) -> Case:
    """Record the intake and commit it, as the page does."""
    intake = Intake(complaint={**TOLD, **told}, known=known, acts=acts)
    case: list[Case] = []

    def do() -> Done:
        made = record_intake(
            office.session, office.rules, intake, branch="JKT", by=office.actor(by), now=NOW
        )
        case.append(made)
        return Done({})

    do_once(office.session, do, OneTime("", None, "intake", None), at=NOW)
    return case[-1]


def test_a_whole_conversation_registers_the_complaint(office: Office):
    case = take_in(office, *ACTS)
    assert case.complaint.status == "registered"
    number = case.number
    records = {row.criterion: row.method for row in office.rows(StepRecord, number)}
    assert records == {
        "020-1.1": "spoken",
        "020-1.2": "spoken",
        "020-1.3": "spoken",
        "020-1.4": "spoken",
        "020-1.5": "spoken",
        "020-1.6": "print",
    }
    assert {entry.at for entry in office.history(number)} == {NOW}


def test_what_was_not_done_is_missing_and_no_more(office: Office):
    case = take_in(office, *ACTS[:2])
    assert office.missing(case.number) == ("020-1.3", "020-1.4", "020-1.5", "020-1.6")


@pytest.mark.parametrize(
    ("channel", "means"), [("call", "phone"), ("email", "email"), ("whatsapp", "message")]
)
def test_we_speak_by_the_means_of_the_channel_unless_said_otherwise(office: Office, channel, means):
    said = ActGiven("apology", {"stage": "intake", "method": "letter"})
    customer = {**TOLD["customer"], "email": "siti@pelanggan.example"}
    case = take_in(office, ACTS[1], said, channel=channel, customer=customer)
    confirmed, apologised = office.rows(StepRecord, case.number)
    assert (confirmed.method, apologised.method) == (means, "letter")


@pytest.mark.parametrize(
    ("channel", "email", "means"),
    [
        ("web", "siti@pelanggan.example", "email"),
        ("web", "", "message"),
        ("app", "siti@pelanggan.example", "email"),
    ],
)
def test_who_complained_on_a_page_hears_by_email_where_there_is_one(
    office: Office, channel: str, email: str, means: str
):
    customer = {**TOLD["customer"], "email": email}
    case = take_in(office, ACTS[2], channel=channel, customer=customer)
    (apologised,) = office.rows(StepRecord, case.number)
    assert apologised.method == means


def test_a_complaint_by_email_without_an_address_cannot_be_answered_by_email(office: Office):
    with pytest.raises(Invalid, match="no email address"):
        take_in(office, ACTS[2], channel="email")


def test_the_letters_of_one_intake_are_one(office: Office):
    customer = {**TOLD["customer"], "email": "siti@pelanggan.example"}
    case = take_in(office, *ACTS, channel="email", customer=customer)
    kinds = [row.kind for row in office.letters(case.number)]
    assert kinds == ["conversation", "receipt"]


def test_nobody_attests_listening_to_a_letter(office: Office):
    case = take_in(office, ACTS[0], channel="letter")
    assert office.rows(StepRecord, case.number) == []
    assert office.states(case.number)["020-1.1"] == "not_needed"


def test_a_known_customer_is_found_again_and_told_contacts_win(office: Office):
    first = take_in(office).complaint.customer
    told = {"name": "", "phone": "0813 0000 1111", "email": "Baru@pelanggan.example"}
    again = take_in(office, known=str(first.id), customer=told).complaint.customer
    assert (again.id, again.name) == (first.id, "Siti Aminah")
    assert (again.phone, again.email) == ("6281300001111", "baru@pelanggan.example")
    assert office.count(Customer) == 1


def test_a_known_customer_who_has_gone_is_refused(office: Office):
    with pytest.raises(Invalid) as refused:
        take_in(office, known="999")
    assert refused.value.field == "customer.known"


def test_a_registration_too_early_says_which_fields_and_steps_are_missing(office: Office):
    # A complaint by e-mail needs the address to answer to.
    called = ActGiven("confirmation", {**ACTS[1].given, "method": "phone"})
    with pytest.raises(RecordIncomplete) as refused:
        take_in(office, called, ACTS[4], channel="email")
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
    office: Office, index: int, act: ActGiven, refusal: type[Refused], field: str | None
):
    with pytest.raises(refusal) as refused:
        take_in(office, *ACTS[:index], act)
    error = refused.value
    assert (error.index, error.noun, error.field) == (index, act.noun, field)
    assert [office.count(t) for t in (Complaint, Customer, HistoryEntry, StepRecord)] == [0] * 4


def test_what_is_wrong_with_the_complaint_itself_names_no_act(office: Office):
    with pytest.raises(BodyErrors) as refused:
        take_in(office, *ACTS, story=" ")
    assert (refused.value.noun, refused.value.field) == (None, "story")


def test_another_branch_takes_in_its_own(office: Office):
    with pytest.raises(Forbidden):
        take_in(office, *ACTS, by="csr2")


def test_a_complaint_by_email_is_taken_in_one_go_and_awaits_the_customers_answer(office: Office):
    customer = {**TOLD["customer"], "email": "siti@pelanggan.example"}
    case = take_in(office, *ACTS, channel="email", customer=customer)
    assert case.complaint.status == "registered"
    assert case.complaint.awaiting_confirmation
