"""What is no complaint: recorded by itself, with a short end, and no way round a deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from complaints.domain.errors import Forbidden, Invalid, NotFound, Refused
from complaints.domain.other_contacts.acts import CHAIN, ContactState
from complaints.domain.permissions import CUSTOMER
from complaints.models import (
    Complaint,
    Customer,
    Deadline,
    Exit,
    Notice,
    OtherContact,
    OtherContactEntry,
    OutboxMessage,
)
from complaints.people.customers import CustomerGiven
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.other_contacts.figures import contact_figures
from complaints.queries.other_contacts.lists import Asked, list_contacts
from complaints.queries.own_history import check_histories
from complaints.queries.reports.balance import read_balance
from complaints.queries.reports.period import Period
from complaints.rules.parts import file_in_force
from complaints.rules.retire_branch import retire_branch
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import open_case
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import close_complaint, reopen_complaint
from complaints.steps.other_contacts.end import Ending, end_contact, hand_over, note_on
from complaints.steps.other_contacts.record import open_contact, view_contact
from complaints.steps.other_contacts.take import ContactGiven, take_contact
from complaints.steps.register import register_complaint
from complaints.steps.renaming.make_complaint import MadeComplaint, make_complaint
from complaints.steps.renaming.rename import rename_complaint
from complaints.worker.day_seals import read_seals, write_seals
from tests.office import Office

ASKED = "Jam berapa loket Jakarta buka pada hari Sabtu?"
SITI = CustomerGiven(name="Siti Aminah", salutation="Ibu", phone="0812 3456 7890")
OF_CONTACTS = (OtherContact, OtherContactEntry, CHAIN)
WHY = "Pelanggan hanya menanyakan jam buka"


def take(office: Office, kind: str = "INFORMASI", by: str = "csr", **more: Any) -> str:
    told: dict[str, Any] = {
        "channel": "walk_in",
        "words": ASKED,
        "branch": "JKT",
        "received_at": office.at,
        "customer": SITI,
        **more,
    }
    given = ContactGiven(kind=kind, **told)
    case = take_contact(office.session, office.rules, given, by=office.actor(by), at=office.at)
    office.session.commit()
    return case.number


def act(
    office: Office, number: str, step: Callable[..., Any], by: str = "csr", **words: Any
) -> Any:
    office.at += timedelta(minutes=5)
    try:
        case = open_contact(office.session, number, by=office.actor(by), at=office.at)
        done = step(case, **words)
    except Exception:
        office.session.rollback()
        raise
    office.session.commit()
    return done


def end(office: Office, number: str, by: str = "csr", **said: str) -> None:
    act(office, number, lambda case: end_contact(case, Ending(**said)), by)


def contact(office: Office, number: str) -> OtherContact:
    office.session.expire_all()
    case = view_contact(office.session, number, by=office.actor("manager"), at=office.at)
    return case.contact


def heard(office: Office, kind: str) -> set[str]:
    ids = office.session.scalars(select(Notice.user_id).where(Notice.kind == kind))
    names = {user.id: name for name, user in office.people.items()}
    return {names[each] for each in ids}


def count(office: Office, table: type) -> int:
    return office.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_question_is_no_complaint_and_starts_no_clock(office: Office):
    number = take(office)
    assert number == "KTK-2026-000001"
    assert (count(office, Complaint), count(office, Deadline), count(office, Customer)) == (0, 0, 0)
    found = contact(office, number)
    assert (found.state, found.kind, found.taken_by_name) == ("open", "INFORMASI", "Csr")
    assert (found.customer_name, found.customer_phone) == ("Siti Aminah", "6281234567890")


def test_whoever_is_known_is_known_again_and_nobody_becomes_a_customer_by_asking(office: Office):
    office.receive()
    number = take(office)
    assert contact(office, number).customer_id is not None
    assert count(office, Customer) == 1


def test_a_question_answered_at_once_needs_no_name(office: Office):
    answer = Ending(words="Buka pukul 08.00 sampai 12.00", method="spoken")
    number = take(office, customer=CustomerGiven(name=""), end=answer)
    found = contact(office, number)
    assert (found.state, found.end_words) == ("ended", answer.words)
    acts = [each.what for each in office.session.scalars(select(OtherContactEntry))]
    assert acts == ["take", "end"]


@pytest.mark.parametrize(
    ("kind", "customer", "field"),
    [
        ("INFORMASI", CustomerGiven(name=""), "customer.name"),
        ("PERMINTAAN", CustomerGiven(name="Siti"), "customer.contact"),
    ],
)
def test_who_waits_for_an_answer_says_how_to_be_reached(office, kind, customer, field):
    with pytest.raises(Invalid) as refusal:
        take(office, kind, customer=customer)
    assert refusal.value.field == field


def test_praise_and_suggestions_may_come_without_a_name(office: Office):
    for kind in ("SARAN", "PUJIAN", "ASPIRASI"):
        take(office, kind, customer=CustomerGiven(name=""), channel="box")
    assert count(office, OtherContact) == 3


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"words": "   "}, "words"),
        ({"words": "x" * 100_001}, "words"),
        ({"channel": "TELEGRAF"}, "channel"),
        ({"kind": "KELUHAN"}, "kind"),
        ({"received_at": datetime.fromisoformat("2026-11-20T00:00:00+00:00")}, "received_at"),
        ({"branch": "XXX"}, "branch"),
        ({"customer": CustomerGiven(name="Siti", phone="12")}, "customer.phone"),
        ({"customer": CustomerGiven(name="Siti", email="keluhan@")}, "customer.email"),
    ],
)
def test_what_cannot_be_recorded_is_refused_at_its_field(office: Office, given, field):
    with pytest.raises(Refused) as refusal:
        take(office, **given)
    assert refusal.value.field == field


def test_a_branch_that_is_used_no_more_takes_what_customers_send_and_nothing_else(office: Office):
    sent = ask(office)
    retire(office, "MKS")
    with pytest.raises(Invalid, match="takes nothing new") as refusal:
        take(office, branch="MKS", by="csr2")
    assert refusal.value.field == "branch"
    office.session.rollback()
    # Nobody of us was there to say that they should turn to another branch.
    assert ask(office) != sent
    # What was there before becomes what it is, under the branch that it has.
    assert act(office, sent, make_complaint, "csr2", made=MadeComplaint("Dikatakan pelanggan"))


def ask(office: Office) -> str:
    """A question that a customer of Makassar sends by themselves."""
    told = ContactGiven(
        "INFORMASI", "web", ASKED, "MKS", office.at, SITI, source="web", is_unchecked=True
    )
    case = take_contact(office.session, office.rules, told, by=CUSTOMER, at=office.at)
    office.session.commit()
    return case.number


def retire(office: Office, code: str) -> None:
    office.at += timedelta(minutes=5)
    rules = office.rules
    base = file_in_force(office.session, "organisation").id
    given = dict.fromkeys(("people", "mailboxes", "form"), "")
    branch = rules.branches_by_code[code]
    by = office.actor("admin")
    retire_branch(office.session, rules, branch, given, base, by=by, at=office.at)
    office.session.commit()


def test_another_branch_neither_records_nor_reads_it(office: Office):
    with pytest.raises(Forbidden):
        take(office, by="csr2")
    office.session.rollback()
    number = take(office)
    with pytest.raises(Forbidden):
        act(office, number, note_on, "csr2", text="Sudah dijawab kemarin")
    listed = list_contacts(office.session, office.rules, office.actor("csr2"), Asked(), limit=10)
    assert not listed.items
    for nobody in ("KTK-2025-000001", "KTK-2026-000009", "KLH-2026-000001", "x"):
        with pytest.raises(NotFound):
            view_contact(office.session, nobody, by=office.actor("csr"), at=office.at)


def test_an_auditor_reads_and_records_nothing(office: Office):
    number = take(office)
    view_contact(office.session, number, by=office.actor("auditor"), at=office.at)
    with pytest.raises(Forbidden):
        end(office, number, "auditor", words="Buka pukul 08.00", method="spoken")


def test_a_question_ends_with_words_and_how_they_were_said(office: Office):
    number = take(office)
    for lacks, field in (({}, "words"), ({"words": "Buka pukul delapan"}, "method")):
        with pytest.raises(Invalid) as refusal:
            end(office, number, **lacks)
        assert refusal.value.field == field
    end(office, number, words="Buka pukul delapan", method="phone")
    with pytest.raises(Refused, match="has ended"):
        end(office, number, words="Buka pukul delapan", method="phone")


def test_an_answer_by_email_leaves_as_a_letter(office: Office):
    number = take(office)
    with pytest.raises(Invalid) as refusal:
        end(office, number, words="Buka pukul delapan", method="email")
    assert refusal.value.field == "method"
    siti = CustomerGiven(name="Siti", email="siti@pelanggan.example")
    number = take(office, customer=siti)
    end(office, number, words="Buka pukul delapan", method="email")
    (letter,) = office.session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "contact_answer")
    )
    assert (letter.to_address, letter.facts["text"]) == (siti.email, "Buka pukul delapan")
    assert contact(office, number).letter_key == letter.key


def test_a_request_goes_to_a_unit_which_hears_of_it_sees_it_and_does_it(office: Office):
    number = take(office, "PERMINTAAN", words="Minta pindah alamat pemasangan")
    act(office, number, hand_over, team="TEKNIK", note="Alamat baru di Depok", reference="SO-1")
    assert heard(office, "contact_handed") == {"officer"}
    with pytest.raises(Invalid) as refusal:
        end(office, number, "officer", words="")
    assert refusal.value.field == "words"
    end(office, number, "officer", words="Dipindahkan hari ini", reference="SO-1")
    assert contact(office, number).reference == "SO-1"
    with pytest.raises(Invalid):
        act(office, take(office, "PERMINTAAN"), hand_over, team="TIDAK_ADA")


def test_a_suggestion_is_noted_by_the_unit_it_concerns(office: Office):
    number = take(office, "SARAN", words="Tambah kursi di ruang tunggu")
    with pytest.raises(Invalid) as refusal:
        end(office, number)
    assert refusal.value.field == "team"
    end(office, number, team="TAGIHAN")
    assert heard(office, "contact_noted") == {"billing"}


def test_praise_reaches_whom_it_names(office: Office):
    number = take(office, "PUJIAN", words="Joko datang tepat waktu dan ramah")
    for wrong in ("", "Orang Tak Dikenal"):
        with pytest.raises(Invalid) as refusal:
            end(office, number, person=wrong)
        assert refusal.value.field == "person"
    end(office, number, person="joko", words="Terima kasih atas pujiannya", method="spoken")
    assert heard(office, "contact_praise") == {"officer"}
    assert contact(office, number).person_id == office.id_of("officer")


def test_it_becomes_a_complaint_with_every_word_and_the_clock_of_its_own_receipt(office: Office):
    received, words = office.at, "Saya tanya, kenapa tagihan saya naik? Tolong dibetulkan."
    number = take(office, words=words)
    office.at += timedelta(hours=2)
    with pytest.raises(Invalid):
        act(office, number, make_complaint, made=MadeComplaint(""))
    why = MadeComplaint("Pelanggan tidak puas dengan tagihannya")
    made = act(office, number, make_complaint, made=why)
    complaint = office.complaint(made.number)
    assert (complaint.story, complaint.received_at) == (words, received)
    assert complaint.contact_phone == "6281234567890"
    started = {each.started_at for each in office.session.scalars(select(Deadline))}
    assert started == {received}
    assert office.history(made.number)[0].detail["came_as"] == number
    found = contact(office, number)
    assert (found.state, found.became_id) == (ContactState.COMPLAINT, complaint.id)
    with pytest.raises(Refused, match="already"):
        act(office, number, make_complaint, made=why)


def test_who_complains_is_told_where_nobody_was_named(office: Office):
    number = take(office, "SARAN", customer=CustomerGiven(name=""), words="Antreannya lama sekali")
    with pytest.raises(Invalid) as refusal:
        act(office, number, make_complaint, made=MadeComplaint("Ini keluhan tentang antrean"))
    assert refusal.value.field == "customer.name"
    told = MadeComplaint("Ini keluhan tentang antrean", customer=SITI)
    assert act(office, number, make_complaint, made=told).complaint.contact_name == "Siti Aminah"


def rename(office: Office, number: str, by: str = "csr", **more: Any) -> str:
    said = {"kind": "INFORMASI", "reason": WHY, **more}
    office.take(number, rename_complaint, by, **said)
    contact_id = office.complaint(number).contact_id
    year = office.session.scalars(select(OtherContact.year)).first()
    return office.rules.numbers.of_contacts.write(year, contact_id)


def test_what_is_no_complaint_goes_on_as_a_contact_and_is_seen(office: Office):
    number = office.receive(story=ASKED)
    other = rename(office, number)
    complaint, found = office.complaint(number), contact(office, other)
    assert (complaint.status, complaint.outcome) == ("closed", "BUKAN_KELUHAN")
    assert (found.words, found.received_at) == (ASKED, complaint.received_at)
    assert (found.came_from_id, found.reason) == (complaint.id, WHY)
    (kept,) = office.rows(Exit, number)
    assert (kept.kind, kept.code, kept.reason) == ("renamed", "INFORMASI", WHY)
    assert heard(office, "complaint_renamed") == {"supervisor"}
    clocks = {each.state for each in office.clocks(number).values()}
    assert clocks == {"cancelled"}
    (letter,) = [each for each in office.letters(number) if each.kind == "renamed"]
    assert letter.facts["contact"] == other


@pytest.mark.parametrize("lacks", [{"reason": "x"}, {"kind": "KELUHAN"}])
def test_it_takes_a_kind_and_a_reason(office: Office, lacks):
    number = office.receive()
    with pytest.raises(Refused):
        rename(office, number, **lacks)
    office.session.rollback()
    assert office.complaint(number).status == "received"


def test_what_is_registered_is_called_nothing_else(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    with pytest.raises(Refused, match="registered"):
        rename(office, number)
    assert count(office, OtherContact) == 0


def test_a_deadline_missed_by_then_stays_missed(office: Office):
    number = office.receive()
    day = office.at.date()
    period = Period.of(day, day, office.rules)
    office.at += timedelta(days=60)
    rename(office, number)
    balance = read_balance(office.session, office.actor("manager"), period, office.at)
    assert (balance.places["missed_settled"], balance.places["renamed"]) == (1, 0)
    (kept,) = office.rows(Exit, number)
    assert kept.promise_state == "missed"


def test_renamed_in_time_it_stands_in_a_place_of_its_own_and_is_not_kept(office: Office):
    number = office.receive()
    day = office.at.date()
    period = Period.of(day, day, office.rules)
    rename(office, number)
    balance = read_balance(office.session, office.actor("manager"), period, office.at)
    assert (balance.places["renamed"], balance.places["kept"], balance.received) == (1, 0, 1)


def test_a_complaint_again_it_goes_on_with_the_deadlines_it_had(office: Office):
    number = office.receive()
    due = {each.kind: each.due_at for each in office.clocks(number).values()}
    other = rename(office, number)
    made = act(office, other, make_complaint, made=MadeComplaint("Pelanggan tetap ingin mengeluh"))
    assert made.number == number
    complaint = office.complaint(number)
    assert (complaint.status, complaint.contact_id, complaint.outcome) == ("received", None, None)
    live = [each for each in office.session.scalars(select(Deadline)) if each.state == "running"]
    assert {each.kind: each.due_at for each in live if each.kind != "progress"} == {
        kind: at for kind, at in due.items() if kind != "progress"
    }
    assert contact(office, other).state == ContactState.COMPLAINT


def test_a_complaint_again_takes_the_category_that_is_told(office: Office):
    number = office.receive()
    other = rename(office, number)
    made = MadeComplaint("Pelanggan tetap ingin mengeluh", category="GGN_LAMBAT")
    act(office, other, make_complaint, made=made)
    assert office.complaint(number).category == "GGN_LAMBAT"


def test_opening_it_again_and_making_it_a_complaint_do_not_wait_for_each_other(office: Office):
    number = office.receive()
    other = rename(office, number)
    office.at += timedelta(minutes=5)
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    mishaps: list[BaseException] = []
    by, at = office.actor("csr"), office.at

    def make() -> None:
        with Session(office.session.get_bind()) as session:
            try:
                make_complaint(open_contact(session, other, by=by, at=at), MadeComplaint(WHY))
            except BaseException as error:
                mishaps.append(error)

    colleague = threading.Thread(target=make)
    colleague.start()
    # Long enough for the colleague to have locked all that they can.
    colleague.join(0.5)
    write_message(case, text="Bukan bertanya, saya mengeluh!")
    office.session.commit()
    colleague.join()
    assert office.complaint(number).status == "received"
    assert [str(each) for each in mishaps] == ["This contact has been made a complaint already."]


def test_who_says_on_their_page_that_it_is_a_complaint_opens_it_again(office: Office):
    number = office.receive()
    other = rename(office, number)
    office.at += timedelta(minutes=5)
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    write_message(case, text="Bukan bertanya, saya mengeluh!")
    office.session.commit()
    assert office.complaint(number).status == "received"
    assert contact(office, other).state == ContactState.COMPLAINT


def test_closing_is_no_way_to_rename(office: Office):
    number = office.receive()
    office.walk(number, to="kept")
    with pytest.raises(Invalid):
        office.take(number, close_complaint, outcome="BUKAN_KELUHAN")


def test_contacts_are_counted_by_kind_beside_complaints(office: Office):
    office.receive()
    take(office)
    answered = take(office)
    end(office, answered, words="Buka pukul delapan", method="phone")
    take(office, "PUJIAN")
    rename(office, office.receive(story=ASKED))
    day = office.at.date()
    period = Period.of(day, day, office.rules)
    found = contact_figures(office.session, office.actor("supervisor"), period)
    asked = found.kinds["INFORMASI"]
    assert (asked.received, asked.open, asked.ended, asked.renamed) == (3, 2, 1, 1)
    assert (found.total.received, found.complaints) == (4, 1)
    assert contact_figures(office.session, office.actor("csr2"), period).total.received == 0


def test_the_history_of_a_contact_is_whole_and_says_when_it_is_not(office: Office):
    number = take(office)
    act(office, number, note_on, text="Ditelepon, tidak diangkat")
    end(office, number, words="Buka pukul delapan", method="phone")
    checked = (office.session, *OF_CONTACTS)
    assert check_histories(*checked) == (3, [])
    assert not verify_history(office.session, {}, office.at)["bad"]
    office.session.execute(
        update(OtherContactEntry).where(OtherContactEntry.seq == 2).values(by_name="Orang lain")
    )
    assert check_histories(*checked)[1] == [(1, 2, "it was changed")]
    office.session.rollback()
    office.session.execute(update(OtherContact).values(words="Lain sama sekali"))
    bad = verify_history(office.session, {}, office.at)["bad"]
    assert [each["table"] for each in bad] == ["other_contacts"]
    office.session.rollback()


def test_a_cut_tail_is_named_by_the_daily_seals(office: Office, tmp_path: Path):
    """The chain itself fits: nothing but the file knows that there was more."""
    number = take(office)
    end(office, number, words="Buka pukul delapan", method="phone")
    office.session.commit()
    sessions = sessionmaker(office.engine)
    write_seals(sessions, tmp_path, office.at)
    (path,) = tmp_path.iterdir()
    sealed = read_seals(path).contacts
    assert [(key, head.seq) for key, head in sealed.items()] == [(1, 2)]
    with sessions.begin() as session:
        assert check_histories(session, *OF_CONTACTS, sealed) == (2, [])
        first = session.scalar(select(OtherContactEntry.hash).where(OtherContactEntry.seq == 1))
        session.execute(delete(OtherContactEntry).where(OtherContactEntry.seq == 2))
        session.execute(update(OtherContact).values(history_seq=1, history_hash=first))
        assert check_histories(session, *OF_CONTACTS) == (1, [])
        ((contact, seq, what),) = check_histories(session, *OF_CONTACTS, sealed)[1]
    assert (contact, seq) == (1, 2)
    assert "it is not the history sealed on" in what


def test_the_list_is_narrowed_and_paged(office: Office):
    numbers = [take(office, kind) for kind in ("INFORMASI", "PUJIAN", "INFORMASI")]
    end(office, numbers[2], words="Buka pukul delapan", method="phone")
    manager = office.actor("manager")

    def listed(limit: int = 10, before: int | None = None, **asked: Any) -> list[str]:
        page = list_contacts(
            office.session, office.rules, manager, Asked(**asked), limit=limit, before=before
        )
        return [each.number for each in page.items]

    assert listed() == numbers[::-1]
    assert listed(kind="INFORMASI", state="open") == [numbers[0]]
    assert listed(limit=1, before=3) == [numbers[1]]
    day = office.at.date()
    assert listed(period=Period.of(day, day, office.rules)) == numbers[::-1]


def test_two_at_once_end_it_once(office: Office):
    number = take(office)
    version = contact(office, number).version
    end(office, number, words="Buka pukul delapan", method="phone")
    with pytest.raises(Refused, match="Someone else"):
        open_contact(office.session, number, by=office.actor("csr"), at=office.at, version=version)


def test_no_registered_complaint_ends_by_renaming_the_one_that_goes_on_for_it(office: Office):
    """Registered, merged into a fresh one, and that one called a question: no way out."""
    fresh = office.receive(story=ASKED)
    office.walk(fresh, to="020-1.4")
    registered = office.receive()
    office.walk(registered, to="020-2.5")
    office.take(registered, merge_complaint, into=fresh)
    with pytest.raises(Refused, match="goes on as this complaint"):
        rename(office, fresh)
    assert office.complaint(fresh).status == "received"
    office.take(registered, reopen_complaint, reason="Sebuah keluhan tersendiri")
    rename(office, fresh)
    assert office.complaint(registered).status == "in_handling"


def test_nothing_else_opens_or_merges_what_was_renamed(office: Office):
    number, other = office.receive(story=ASKED), office.receive()
    rename(office, number)
    with pytest.raises(Refused):
        office.take(number, merge_complaint, into=other)
    office.take(number, reopen_complaint, reason="Ternyata sebuah keluhan")
    assert office.complaint(number).status == "received"
    with pytest.raises(Refused):
        office.take(number, register_complaint)
