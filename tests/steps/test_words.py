"""What each step asks of the words it is given, one lacking word at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.models import Commitment, StepRecord
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.attest import attest_listening
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.converse import record_message, write_note
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.extend import ask_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.confirm import confirm_back
from complaints.steps.explain import explain_cause
from complaints.steps.find_cause import find_cause
from complaints.steps.inform import answer_as_party, inform_parties
from complaints.steps.inform_standard import inform_standard
from complaints.steps.note_condition import note_condition
from complaints.steps.offer import offer_solution
from complaints.steps.plan import draw_up_plan
from complaints.steps.prioritise import override_priority
from complaints.steps.promise import promise_deadline
from tests.conftest import NOW
from tests.office import Office

LATER = NOW + timedelta(days=3)
CHIEF = {"by": "supervisor"}
OFFER = {"remedy": "PERBAIKAN", "description": "Kabel baru"}

# place on the road, step, what is said, the field that is wrong
LACKING: list[tuple[str | None, Any, dict[str, Any], str]] = [
    (None, attest_listening, {"listened": False}, "listened"),
    (None, confirm_back, {"summary": " ", "answer": "yes"}, "summary"),
    (None, confirm_back, {"summary": "x", "answer": "yes"}, "summary"),
    (None, confirm_back, {"summary": "...", "answer": "yes", "method": "email"}, "summary"),
    (None, confirm_back, {"summary": "Internet mati", "answer": "maybe"}, "answer"),
    (None, confirm_back, {"summary": "Internet mati", "answer": "corrected"}, "corrections"),
    (None, send_apology, {"stage": "later"}, "stage"),
    (None, promise_deadline, {"steps": []}, "steps"),
    (None, promise_deadline, {"steps": [StepGiven(" ")]}, "steps"),
    (None, promise_deadline, {"steps": [StepGiven("Cek")], "due_at": NOW}, "due_at"),
    (
        None,
        promise_deadline,
        {"steps": [StepGiven("Cek")], "due_at": NOW + timedelta(days=90)},
        "due_at",
    ),
    (
        None,
        promise_deadline,
        {"steps": [StepGiven("Cek", due_at=NOW + timedelta(days=90))]},
        "steps",
    ),
    (None, write_note, {"text": " "}, "text"),
    (None, write_note, {"text": "x" * 20_001}, "text"),
    (None, record_message, {"text": "x", "direction": "up"}, "direction"),
    (None, escalate_by_hand, {"reason": "x"}, "reason"),
    (None, assign_complaint, {}, "handler"),
    (None, assign_complaint, {"team": "NO"}, "team"),
    (None, assign_complaint, {"handler": "nobody@tanggap.example"}, "handler"),
    (None, assign_complaint, {"handler": "auditor@tanggap.example"}, "handler"),
    (None, assign_complaint, {"handler": "csr2@tanggap.example"}, "handler"),
    (None, withdraw_complaint, {"reason": "-"}, "reason"),
    (None, pause_clocks, {"reason": "", "until": LATER}, "reason"),
    (None, pause_clocks, {"reason": "Tunggu foto", "until": NOW}, "until"),
    (None, pause_clocks, {"reason": "Tunggu foto", "until": NOW + timedelta(days=31)}, "until"),
    (None, ask_extension, {"reason": " ", "until": LATER}, "reason"),
    (None, ask_extension, {"reason": "Tunggu suku cadang", "until": NOW}, "until"),
    ("020-1.6", inform_parties, {"teams": []}, "teams"),
    ("020-1.6", inform_parties, {"teams": ["NO"]}, "teams"),
    ("asked", inform_parties, {"teams": ["TEKNIK", "TEKNIK"]}, "teams"),
    ("asked", answer_as_party, {"by": "officer", "team": "TEKNIK", "answer": "?"}, "answer"),
    ("asked", answer_as_party, {"by": "officer", "team": "TEKNIK", "answer": "returned"}, "reason"),
    ("asked", answer_as_party, {"by": "billing", "team": "TAGIHAN", "answer": "accepted"}, "team"),
    ("020-1.6", find_cause, {"stage": "?"}, "stage"),
    ("020-1.6", find_cause, {"stage": "preliminary", "code": "NO", "text": "Kabel putus"}, "code"),
    ("020-1.6", find_cause, {"stage": "preliminary", "code": "JARINGAN", "text": ""}, "text"),
    ("020-1.6", note_condition, {}, "relevant"),
    ("020-1.6", note_condition, {"relevant": [" "]}, "relevant"),
    (
        "020-2.3",
        override_priority,
        {"by": "supervisor", "priority": "P5", "reason": "Pelanggan lansia"},
        "override",
    ),
    ("020-2.3", override_priority, {"by": "supervisor", "priority": "P1", "reason": ""}, "reason"),
    ("020-2.4", draw_up_plan, {"steps": []}, "steps"),
    ("020-2.4", draw_up_plan, {"steps": [StepGiven("Perbaiki.", "TEKNIK")]}, "steps"),
    (
        "020-2.4",
        draw_up_plan,
        {"steps": [StepGiven("Ganti kabel", due_at=NOW + timedelta(days=90))]},
        "steps",
    ),
    ("020-2.5", explain_cause, {"text": ""}, "text"),
    ("confirmed", explain_cause, {"text": "xxx xxx", "view": "agrees"}, "text"),
    ("confirmed", explain_cause, {"text": "Internet mati total", "view": "agrees"}, "text"),
    ("confirmed", offer_solution, {**OFFER, "description": "ok"}, "description"),
    ("confirmed", send_apology, {"stage": "resolution", "text": "Maaf"}, "text"),
    ("020-2.5", explain_cause, {"text": "Kabel putus", "view": "shrugs"}, "view"),
    ("020-2.5", offer_solution, {**OFFER, "remedy": "NO"}, "remedy"),
    ("020-2.5", offer_solution, {**OFFER, "remedy": "TINDAKAN_PETUGAS"}, "remedy"),
    ("020-2.5", offer_solution, {**OFFER, "description": ""}, "description"),
    ("020-2.5", offer_solution, {**OFFER, "amount": -1}, "amount"),
    ("020-2.5", offer_solution, {**OFFER, "alternative_to": 99}, "alternative_to"),
    ("020-3.3", take_answer, {"answer": "perhaps"}, "answer"),
    ("020-3.3", take_answer, {"answer": "refused"}, "reason"),
    ("020-3.4", inform_standard, {"items": ["no such item"]}, "items"),
    ("020-3.4", inform_standard, {"items": ["rights"]}, "items"),
    ("020-3.7", close_complaint, {"outcome": "NO"}, "outcome"),
    ("closed", reopen_complaint, {"reason": "  x "}, "reason"),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("place", "step", "words", "field"), LACKING)
def test_a_lacking_word_is_named_by_its_field(office: Office, place, step, words, field):
    number = office.receive()
    if place:
        office.walk(number, to=place)
    with pytest.raises(Invalid) as refusal:
        office.take(number, step, **words)
    assert refusal.value.field == field
    assert refusal.value.status == 422
    assert "%(" not in str(refusal.value)


def test_the_words_of_the_script_stand_when_none_are_given(office: Office):
    number = office.receive()
    case = office.open(number)
    send_apology(case, stage="intake")
    send_apology(case, stage="intake", text="  Kami mohon maaf, Bu Siti.  ")
    office.session.commit()
    script, own = office.rows(StepRecord, number)
    assert "maaf" in script.words.lower()
    assert own.words == "Kami mohon maaf, Bu Siti."


def test_the_apology_calls_the_matter_and_the_customer_as_one_speaks(office: Office):
    number = office.receive(
        category="GGN_TV", who={"name": "Bu Rahma", "salutation": "", "language": "id"}
    )
    office.take(number, send_apology, stage="intake")
    (apology,) = office.rows(StepRecord, number)
    assert "yang Bu Rahma alami karena kendala TV di rumah." in apology.words


def test_what_of_the_leaflet_is_still_to_be_given_is_called_by_its_name(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.4")
    with pytest.raises(Invalid) as refusal:
        office.take(number, inform_standard, items=["deadlines", "rights", "duties", "feedback"])
    lacking = refusal.value
    assert lacking.filled("Belum: %(items)s.", "id") == (
        "Belum: cara menghubungi kami dan langkah jika belum puas."
    )
    assert lacking.filled("Still: %(items)s.", "en") == (
        "Still: how to contact us and what you can do if you are not satisfied."
    )
    with pytest.raises(Invalid, match="your duties, how to contact us, feedback, and what you can"):
        office.take(number, inform_standard, items=["deadlines", "rights"])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Teknik dan jaringan", "TEKNIK"),
        ("technical and NETWORK", "TEKNIK"),
        ("TEKNIK", "TEKNIK"),
        ("Pak Budi", "Pak Budi"),
    ],
)
def test_a_unit_written_by_its_name_is_kept_by_its_code(office: Office, written: str, kept: str):
    number = office.receive()
    office.take(number, promise_deadline, steps=[StepGiven("Memeriksa", owner=written)])
    assert [step.owner for step in office.rows(Commitment, number)] == [kept]


def test_corrections_are_kept_beside_the_words_confirmed(office: Office):
    number = office.receive()
    complaint = office.take(
        number, confirm_back, summary="Mati dua hari", answer="corrected", corrections="Dua hari"
    )
    assert complaint.summary == "Mati dua hari"
    assert office.history(number)[-1].detail == {"answer": "corrected", "corrections": "Dua hari"}


def test_a_quote_is_in_the_customers_own_words_or_it_is_refused(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    words = {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"}
    office.take(number, find_cause, quote="MATI, sejak   kemarin!", **words)
    for stage in ("preliminary", "confirmed"):
        with pytest.raises(Invalid, match="Copy them from there") as refusal:
            office.take(number, find_cause, quote="kabelnya berasap", **{**words, "stage": stage})
        assert refusal.value.field == "quote"
    kept = [row.detail for row in office.rows(StepRecord, number) if row.criterion == "020-2.2"]
    assert [detail["quote"] for detail in kept] == ["MATI, sejak   kemarin!"]


def test_what_the_customer_wrote_later_may_be_quoted_what_we_wrote_may_not(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    words = {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"}
    ours = {"text": "Apakah kabelnya berasap, Bu?", "direction": "out", "method": "phone"}
    office.take(number, record_message, **ours)
    office.take(number, write_note, text="Kabelnya berasap")
    with pytest.raises(Invalid, match="neither in the story"):
        office.take(number, find_cause, quote="kabelnya berasap", **words)
    office.take(number, record_message, text="Ya, kabelnya berasap.", direction="in")
    office.take(number, find_cause, quote="kabelnya berasap", **words)


LONG = "Internet mati. Sejak kemarin sore. Anak tidak bisa sekolah. Tolong diperbaiki."


@pytest.mark.parametrize(
    "summary",
    [
        LONG,
        LONG.upper().replace(".", " !"),
        f"Ringkasan: {LONG}",
        "Izinkan saya mengulang, Bu Siti Aminah: “…” Apakah sudah benar, Ibu?",
    ],
)
def test_the_story_or_the_bare_script_is_no_summary(office: Office, summary: str):
    number = office.receive(story=LONG)
    with pytest.raises(Invalid) as refusal:
        office.take(number, confirm_back, summary=summary)
    assert refusal.value.field == "summary"
    assert "020-1.2" in office.missing(number)


def test_a_short_story_may_be_read_back_as_it_was_told(office: Office):
    number = office.receive()
    complaint = office.take(number, confirm_back, summary=complaint_story(office, number))
    assert complaint.summary


def complaint_story(office: Office, number: str) -> str:
    return office.complaint(number).story


def test_a_cause_on_the_customers_side_needs_a_supervisors_eye(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5")
    words = {"stage": "confirmed", "code": "PELANGGAN", "text": "Kabel dicabut sendiri"}
    with pytest.raises(Forbidden):
        office.take(number, find_cause, by="officer", **words)
    office.take(number, find_cause, by="supervisor", **words)


def test_a_date_is_promised_once_and_then_moved_by_extension(office: Office):
    number = office.receive()
    earlier = NOW + timedelta(days=1)
    steps = [StepGiven("Memeriksa")]
    office.take(number, promise_deadline, steps=steps)
    complaint = office.take(number, promise_deadline, steps=steps, due_at=earlier)
    assert complaint.promised_at == office.clocks(number)["resolve"].due_at == earlier
    office.walk(number, to="020-1.6", skip={"020-1.4"})
    with pytest.raises(Refused, match="Ask for an extension"):
        office.take(number, promise_deadline, steps=steps, due_at=earlier)


def test_nothing_happens_before_the_complaint_came_in(office: Office):
    number = office.receive()
    with pytest.raises(Invalid) as refusal:
        office.open(number, at=NOW - timedelta(seconds=1))
    assert refusal.value.field == "at"
    office.open(number, at=NOW)


def test_an_email_goes_out_only_to_who_has_an_address(office: Office):
    number = office.receive(who={"email": ""})
    with pytest.raises(Invalid, match="no email address"):
        office.take(number, record_message, text="Halo", direction="out", method="email")
    office.take(number, record_message, text="Halo", direction="out", method="phone")
    assert office.letters(number) == []


def test_a_step_of_the_plan_has_somebody_who_takes_it_and_a_date(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.4")
    office.take(number, draw_up_plan, steps=[StepGiven("Ganti kabel")])
    step = office.rows(Commitment, number)[-1]
    assert (step.owner, step.due_at) == ("Csr", office.complaint(number).promised_at)


def test_when_the_promise_has_passed_a_step_of_the_plan_needs_its_own_date(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.4")
    late = office.clocks(number)["resolve"].due_at + timedelta(hours=1)
    with pytest.raises(Invalid, match="The deadline has passed") as refusal:
        office.take(number, draw_up_plan, at=late, steps=[StepGiven("Ganti kabel")])
    assert refusal.value.field == "steps"
    by_then = StepGiven("Ganti kabel", due_at=late + timedelta(days=1))
    office.take(number, draw_up_plan, at=late, steps=[by_then])


def test_a_plan_says_how_it_deviates_from_the_procedure_and_of_which_version(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.4")
    taxonomy = office.rules.taxonomy
    first, *others = taxonomy.steps_of("GGN_MATI")
    steps = [StepGiven(f"  {first.text_en.upper()}."), StepGiven("Meminjamkan modem")]
    office.take(number, draw_up_plan, steps=steps)
    kept = office.rows(StepRecord, number)[-1].detail
    assert kept["procedure"] == taxonomy.version
    assert kept["left_out"] == "; ".join(step.text_id for step in others)
    assert kept["added"] == "Meminjamkan modem"
    office.take(number, draw_up_plan, steps=[StepGiven(each.text_id) for each in (first, *others)])
    kept = office.rows(StepRecord, number)[-1].detail
    assert not {"left_out", "added"} & set(kept)


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ({"view": "agrees"}, "proven"),
        ({"view": "disagrees"}, "proven"),
        ({"view": "unclear"}, "missing"),
        ({"view": "unclear", "method": "phone"}, "missing"),
        ({}, "missing"),
    ],
)
def test_the_cause_is_explained_when_the_customer_says_how_they_see_it(office, words, state):
    number = office.receive()
    office.walk(number, to="020-3.1")
    office.take(number, explain_cause, text="Kabel putus oleh galian", **words)
    assert office.states(number)["020-3.2"] == state
    assert office.clocks(number)["progress"].state == "running"
    if state == "missing":
        office.take(number, explain_cause, text="Kabelnya putus karena galian", view="agrees")
        assert office.states(number)["020-3.2"] == "proven"


def test_an_explanation_that_became_unclear_is_due_once_more(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.2")
    office.take(number, explain_cause, text="Kabel putus", view="unclear")
    assert office.missing(number)[0] == "020-3.2"


def test_the_plan_ends_with_what_was_told_not_with_a_clock_of_our_own(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.4")
    promised = office.complaint(number).promised_at
    office.take(number, draw_up_plan, steps=[StepGiven("Ganti kabel", due_at=promised)])
    late = StepGiven("Ganti kabel", due_at=promised + timedelta(minutes=1))
    with pytest.raises(Invalid):
        office.take(number, draw_up_plan, steps=[late])
