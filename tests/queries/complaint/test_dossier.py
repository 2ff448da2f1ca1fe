"""Reading one complaint whole, and finding a customer at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from complaints.contacts import beginning_of_phone
from complaints.models import Complaint, Note, Offer
from complaints.queries.complaint.activity_rows import NoteRow
from complaints.queries.complaint.dossier import Dossier, list_handlers, read_dossier, read_history
from complaints.queries.complaint.notes import MOST_COUNTED, NotesAsked, read_place
from complaints.queries.customer_page.view import find_customer_view
from complaints.queries.lists.customers import find_contacts, look_up, mask_email, mask_phone
from complaints.steps.answer import take_answer
from complaints.steps.casework.approve import decide_offer
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.extend import ask_extension
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.offer import offer_solution
from complaints.steps.plan import draw_up_plan
from tests.office import Office


def dossier_of(office: Office, number: str) -> Dossier:
    return read_dossier(office.session, office.open(number).complaint, office.rules)


def notes_of(office: Office, number: str, asked: NotesAsked) -> list[NoteRow]:
    complaint = office.open(number).complaint
    return read_dossier(office.session, complaint, office.rules, asked).activity.notes


@contextmanager
def counting(office: Office) -> Iterator[list[str]]:
    queries: list[str] = []

    def note(conn: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            queries.append(statement)

    event.listen(office.engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(office.engine, "before_cursor_execute", note)


@pytest.fixture
def handled(office: Office) -> str:
    number = office.receive()
    office.walk(number, to="020-3.2")
    return number


def test_every_kind_of_work_is_there_with_the_names_of_its_people(office: Office, handled):
    office.take(
        handled, offer_solution, remedy="REFUND", description="Uang kembali", amount=2_000_000
    )
    office.take(handled, decide_offer, by="supervisor", answer="approved")
    office.take(handled, take_answer, answer="refused", reason="Kurang")
    office.take(handled, write_note, text="Catatan")
    office.take(handled, escalate_by_hand, reason="Pelanggan marah")
    office.take(
        handled, ask_extension, until=office.at + timedelta(days=20), reason="Menunggu kabel"
    )
    dossier = dossier_of(office, handled)
    activity = dossier.activity
    (offer,) = activity.offers
    assert (offer.remedy, offer.amount, offer.state) == ("REFUND", 2_000_000, "refused")
    assert (offer.description, offer.by, offer.decided_by) == ("Uang kembali", "Csr", "Supervisor")
    (stored,) = office.rows(Offer, handled)
    assert (offer.at, offer.decided_at) == (stored.at, stored.decided_at)
    assert (offer.cycle, offer.alternative_to_id, offer.decision_reason) == (1, None, "")
    (answer,) = activity.answers
    assert (answer.answer, answer.reason, answer.offer_id) == ("refused", "Kurang", offer.id)
    assert (answer.method, answer.by) == ("spoken", "Csr")
    (note,) = notes_of(office, handled, NotesAsked(is_internal=True))
    assert (note.direction, note.text, note.by) == ("internal", "Catatan", "Csr")
    (party,) = activity.parties
    assert (party.answer, party.sent_by, party.answered_by) == ("accepted", "Csr", "Joko")
    assert dossier.waiting_parties == []
    assert [(each.stage, each.code, each.text, each.by) for each in activity.causes] == [
        ("preliminary", "JARINGAN", "Kabel putus", "Csr"),
        ("confirmed", "JARINGAN", "Kabel putus oleh galian", "Joko"),
    ]
    (escalation,) = dossier.open_escalations
    assert (escalation.reason, escalation.level, escalation.raised_by) == (
        "Pelanggan marah",
        1,
        "Csr",
    )
    assert (escalation.to, escalation.to_id) == ("Supervisor", office.id_of("supervisor"))
    waiting = dossier.waiting_extension
    assert waiting is not None
    assert (waiting.reason, waiting.asked_by, waiting.answered_by) == (
        "Menunggu kabel",
        "Csr",
        None,
    )
    assert (waiting.asked_by_id, waiting.condition) == (office.id_of("csr"), "")
    assert [(each.what, each.owner, each.revision) for each in dossier.steps("plan")] == [
        ("Menyambung kabel", "TEKNIK", 1)
    ]
    assert (dossier.handler, dossier.received_by) == ("Csr", "Csr")


def test_instants_come_back_aware_from_the_union(office: Office, handled):
    dossier = dossier_of(office, handled)
    activity = dossier.activity
    assert all(each.sent_at.tzinfo for each in activity.parties)
    assert all(each.at.tzinfo for each in activity.causes)
    assert all(step.due_at and step.due_at.tzinfo for step in dossier.commitments)


def test_the_evidence_is_the_evidence_of_the_gates(office: Office, handled):
    office.take(handled, offer_solution, remedy="PERBAIKAN", description="Kabel disambung")
    office.take(handled, take_answer, answer="refused", reason="Lama")
    states = {item.criterion: item.state.value for item in dossier_of(office, handled).evidence}
    office.session.commit()
    assert states == office.states(handled)
    assert states["020-3.5"] == "missing"


def test_only_the_latest_plan_is_shown_in_its_order(office: Office, handled):
    steps = [StepGiven("Langkah pertama"), StepGiven("Langkah kedua")]
    office.take(handled, draw_up_plan, steps=steps)
    dossier = dossier_of(office, handled)
    assert [each.what for each in dossier.steps("plan")] == ["Langkah pertama", "Langkah kedua"]
    assert [each.what for each in dossier.steps("step")] == ["Memeriksa jaringan"]


def test_work_on_other_complaints_stays_out(office: Office, handled):
    other = office.receive()
    office.take(other, write_note, text="Bukan yang ini")
    dossier = dossier_of(office, handled)
    assert dossier.internal_notes == 0
    assert notes_of(office, handled, NotesAsked(is_internal=True)) == []
    assert (dossier.others, dossier.others_open) == (1, 1)


def test_it_takes_five_queries_whatever_there_is(office: Office, handled):
    quiet = office.receive()
    for n in range(20):
        office.take(handled, write_note, text=str(n))
    seen, rules = [], office.rules
    for number in (quiet, handled):
        complaint = office.open(number).complaint
        with counting(office) as queries:
            read_dossier(office.session, complaint, rules, NotesAsked(is_internal=True))
        seen.append(len(queries))
    assert seen == [5, 5]


def add_notes(office: Office, number: str, count: int, direction: str = "internal") -> None:
    """So many notes, two in each second, told apart by their text."""
    complaint = office.complaint(number)
    office.session.add_all(
        Note(
            complaint_id=complaint.id,
            direction=direction,
            text=f"Catatan {n}",
            at=complaint.received_at + timedelta(seconds=n // 2),
            by_id=None,
            by_name="Petugas",
        )
        for n in range(count)
    )
    office.session.commit()


def test_notes_are_read_by_page_and_counted_up_to_a_hundred(office: Office, handled):
    add_notes(office, handled, 7)
    newest = notes_of(office, handled, NotesAsked(is_internal=True, limit=2))
    assert [each.text for each in newest] == [f"Catatan {n}" for n in range(4, 7)]
    place = read_place(f"{int(newest[1].at.timestamp())}-2-{newest[1].id}")
    older = notes_of(office, handled, NotesAsked(True, place, 2))
    assert [each.text for each in older] == [f"Catatan {n}" for n in range(2, 5)]
    assert len(notes_of(office, handled, NotesAsked(is_internal=True, limit=None))) == 7
    assert notes_of(office, handled, NotesAsked()) == []
    assert dossier_of(office, handled).activity.notes == []
    assert dossier_of(office, handled).internal_notes == 7
    add_notes(office, handled, MOST_COUNTED + 10)
    assert dossier_of(office, handled).internal_notes == MOST_COUNTED + 1


@pytest.mark.parametrize("text", ["", "x", "1-4-1", "1-2", "1-2-3-4", "١-2-3", "9" * 12 + "-2-1"])
def test_an_address_that_names_no_place_names_none(text: str):
    assert read_place(text) is None


def test_a_number_that_no_row_can_have_is_the_highest_id(office: Office, handled):
    add_notes(office, handled, 1)
    place = read_place("99999999999-2-9999999999")
    assert len(notes_of(office, handled, NotesAsked(True, place))) == 1


def test_the_history_comes_newest_first_in_part_or_whole(office: Office, handled):
    complaint = office.complaint(handled)
    rows = read_history(office.session, complaint.id, limit=3)
    assert [row.seq for row in rows] == [complaint.history_seq - n for n in range(3)]
    assert len(read_history(office.session, complaint.id, limit=None)) == complaint.history_seq
    older = read_history(office.session, complaint.id, before=rows[-1].seq, limit=2)
    assert [row.seq for row in older] == [rows[-1].seq - 1, rows[-1].seq - 2]
    newer = read_history(office.session, complaint.id, since=complaint.history_seq - 1)
    assert [row.seq for row in newer] == [complaint.history_seq]


def test_colleagues_of_the_branch_and_team_may_be_given_it(office: Office, handled):
    names = {
        each.email.partition("@")[0]
        for each in list_handlers(office.session, office.complaint(handled))
    }
    assert {"csr", "supervisor", "officer"} <= names
    assert not {"csr2", "auditor", "admin", "manager"} & names


LOOK_UPS = [
    ("siti", True),
    ("SITI AM", True),
    ("aminah", True),
    ("0812 3456", True),
    ("62812", True),
    ("PLG-7", True),
    ("siti@pel", True),
    ("budi", False),
    ("s", False),
    ("", False),
    ("%", False),
    ("_iti", False),
]


@pytest.mark.parametrize(("typed", "is_found"), LOOK_UPS)
def test_a_customer_is_found_by_how_they_call_themselves(office: Office, typed, is_found):
    office.receive(who={"number": "PLG-7"})
    found = look_up(office.session, typed, office.actor("csr"), phone=beginning_of_phone(typed))
    assert [each.name for each in found] == (["Siti Aminah"] if is_found else [])


def test_open_complaints_of_other_branches_are_only_counted(office: Office):
    number = office.receive()
    (own,) = look_up(office.session, "siti", office.actor("csr"), phone=None)
    assert [each.number for each in own.open] == [number]
    (outside,) = look_up(office.session, "siti", office.actor("csr2"), phone=None)
    assert (list(outside.open), outside.open_elsewhere) == ([], 1)


def test_a_look_up_shows_too_little_to_call_somebody():
    assert mask_phone("6281234567890") == "62812•••890"
    assert mask_phone("12345") == "•••345"
    assert mask_phone(None) == ""
    assert mask_email("siti@contoh.id") == "si•••@contoh.id"
    assert mask_email(None) == ""


def test_whoever_left_no_contact_is_not_offered_again(office: Office):
    office.receive(
        who={"name": "Tanpa Nama", "phone": "", "email": "", "no_contact_reason": "Tidak mau"}
    )
    assert look_up(office.session, "tanpa", office.actor("csr"), phone=None) == []


@pytest.mark.parametrize("chosen", ["", "x", "0", "999999", "1 OR 1=1", "9" * 40, "²"])
def test_a_choice_that_is_nobody_is_none(office: Office, chosen):
    assert find_contacts(office.session, chosen) is None


def test_the_customers_view_holds_only_what_was_promised(office: Office, handled):
    complaint: Complaint = office.complaint(handled)
    followed = find_customer_view(office.session, complaint.id)
    assert followed is not None
    assert [step.what for step in followed.steps] == ["Memeriksa jaringan"]
    assert followed.promised_at == complaint.promised_at
    assert find_customer_view(office.session, 999_999) is None
