"""A duplicate names the complaint that goes on for it, and the earlier promise goes on with it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.permissions import CUSTOMER
from complaints.engine.fire import fire_due
from complaints.models import Commitment, Customer, Exit, Extension, HistoryEntry, Notice
from complaints.queries.complaint.duplicates import read_duplicates
from complaints.queries.complaint.seals.history import verify_history
from complaints.steps.by_customer.withdraw import withdraw_on_page
from complaints.steps.case import open_case
from complaints.steps.casework.customer import Whose, change_customer
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from tests.at_once import at_once
from tests.office import Office

DAY = timedelta(days=1)
NEIGHBOUR = {"name": "Orang Lain", "phone": "0811 111 2222", "email": "orang@lain.example"}
WHY = "Gangguan yang sama di satu rumah"


def two(office: Office, to: str = "020-1.6", **more: object) -> tuple[str, str]:
    """Two complaints promised for the same day: the later one, and the one before it."""
    first, second = office.receive(), office.receive(**more)
    for each in (first, second):
        office.walk(each, to=to)
    return second, first


def duplicate(office: Office, number: str) -> Exit:
    (kept,) = (each for each in office.rows(Exit, number) if each.kind == "duplicate")
    return kept


def refused(office: Office, number: str, into: str, **more: object) -> str:
    """The refusal, with the complaint as open as it was."""
    status = office.complaint(number).status
    with pytest.raises(Refused) as refusal:
        office.take(number, merge_complaint, into=into, **more)
    office.session.rollback()
    complaint = office.complaint(number)
    assert (complaint.status, complaint.duplicate_of_id) == (status, None)
    return str(refusal.value)


def test_what_waits_for_a_decision_falls_with_a_duplicate(office: Office):
    number, other = two(office)
    until = office.complaint(number).promised_at + DAY
    office.take(number, ask_extension, until=until, reason="Menunggu suku cadang")
    office.take(number, merge_complaint, into=other)
    (request,) = office.rows(Extension, number)
    assert (request.answer, request.answered_at) == ("dropped", office.at)


def moved(office: Office, number: str, until: timedelta) -> None:
    later = office.complaint(number).promised_at + until
    office.take(number, ask_extension, until=later, reason="Menunggu suku cadang")
    office.take(number, decide_extension, by="supervisor", answer="approved")


def test_it_ends_names_the_other_and_owes_nothing_more(office: Office):
    number, other = two(office)
    office.take(number, merge_complaint, into=other.lower())
    complaint, original = office.complaint(number), office.complaint(other)
    assert (complaint.status, complaint.outcome) == ("closed", "GANDA")
    assert (complaint.duplicate_of_id, complaint.closed_at) == (original.id, office.at)
    assert original.status == "registered"
    assert {each.drop_cause for each in office.rows(Commitment, number)} == {"duplicate"}
    clocks = office.clocks(number)
    assert clocks["resolve"].state == "cancelled"
    assert all(each.ended_at is not None for each in clocks.values())
    kept = duplicate(office, number)
    assert (kept.other_id, kept.promise_state, kept.reason) == (original.id, "running", "")
    assert kept.detail == {}
    (letter,) = (each for each in office.letters(number) if each.kind == "merged")
    assert letter.facts["other"] == other


def test_the_other_complaint_hears_of_it_every_time(office: Office):
    number, other = two(office)
    third = office.receive()
    office.walk(third, to="020-1.6")
    for each in (number, third):
        office.take(each, merge_complaint, by="supervisor", into=other)
    joined = [
        row.detail["duplicate"] for row in office.rows(HistoryEntry, other) if row.what == "adopt"
    ]
    told = [row for row in office.rows(Notice, other) if row.kind == "duplicate_joined"]
    assert joined == [number, third]
    assert [row.user_id for row in told] == [office.id_of("csr")] * 2
    found = read_duplicates(office.session, office.rules, office.complaint(other))
    assert (found.original, found.repeated_by) == (None, [number, third])


def test_what_it_stood_at_is_kept_whatever_time_is_told(office: Office):
    number, other = two(office)
    due = office.complaint(number).promised_at
    case = office.open(number, at=due - timedelta(hours=1))
    case.recorded_at = due + DAY
    merge_complaint(case, into=other)
    office.session.commit()
    assert duplicate(office, number).promise_state == "missed"
    assert office.complaint(number).closed_at == due + DAY
    assert office.clocks(number)["resolve"].state == "breached"


def test_the_earlier_promise_survives_whichever_complaint_it_was_told_on(office: Office):
    number, other = two(office)
    moved(office, other, 3 * DAY)
    assert "earlier date" in refused(office, number, other)
    unpromised = office.receive()
    assert "earlier date" in refused(office, number, unpromised)
    office.take(other, merge_complaint, into=number)
    assert office.complaint(other).status == "closed"


def two_of_two_days(office: Office) -> tuple[str, str]:
    """Of one customer: the first, promised earlier, and the second, promised later."""
    first = office.receive()
    office.walk(first, to="020-1.6")
    office.at += DAY
    second = office.receive()
    office.walk(second, to="020-1.6")
    assert office.complaint(first).promised_at < office.complaint(second).promised_at
    return first, second


def test_the_earlier_date_goes_on_with_the_complaint_that_goes_on(office: Office):
    # T51.
    first, second = two_of_two_days(office)
    earlier, later = (office.complaint(each).promised_at for each in (first, second))
    told_first = office.complaint(second).first_told_at
    office.take(first, merge_complaint, into=second)
    goes_on = office.complaint(second)
    assert goes_on.promised_at == office.clocks(second)["resolve"].due_at == earlier
    # What was told on each of them stays, and is read there.
    assert goes_on.first_told_at == told_first == later
    assert (office.complaint(first).promised_at, duplicate(office, first).promise_state) == (
        earlier,
        "running",
    )
    (joined,) = (row.detail for row in office.rows(HistoryEntry, second) if row.what == "adopt")
    assert joined == {
        "duplicate": first,
        "until": earlier.isoformat(),
        "was": later.isoformat(),
    }
    (letter,) = (each for each in office.letters(first) if each.kind == "merged")
    assert letter.facts["promised_at"] == earlier.isoformat()
    # It is late for whoever goes on from the earlier date.
    fire_due(office.session, office.rules, at=earlier + timedelta(hours=1))
    office.session.commit()
    assert office.clocks(second)["resolve"].state == "breached"
    assert office.clocks(first)["resolve"].state == "cancelled"
    assert verify_history(office.session)["bad"] == []


def test_whoever_has_it_hears_of_the_earlier_date_which_stays_when_the_duplicate_goes_on(
    office: Office,
):
    first, second = two_of_two_days(office)
    earlier = office.complaint(first).promised_at
    office.take(first, merge_complaint, by="supervisor", into=second)
    (told,) = (each for each in office.rows(Notice, second) if "duplicate" in each.facts)
    assert (told.kind, told.user_id) == ("duplicate_joined_earlier", office.id_of("csr"))
    assert told.facts["until"] == earlier.isoformat()
    office.take(first, reopen_complaint, by="supervisor", reason="Ternyata gangguan lain")
    assert [office.complaint(each).promised_at for each in (first, second)] == [earlier, earlier]


def test_a_date_that_has_passed_or_rests_stays_where_it_was_told(office: Office):
    first, second = two_of_two_days(office)
    office.take(
        second, pause_clocks, until=office.at + DAY, reason="Foto modem", awaits="documents"
    )
    assert "earlier date" in refused(office, first, second)
    third, fourth = two_of_two_days(office)
    office.at = office.complaint(third).promised_at + timedelta(minutes=10)
    assert "earlier date" in refused(office, third, fourth)


def test_whoever_told_both_is_told_the_new_date_and_judged_by_the_first(office: Office):
    number, other = two(office)
    first = office.complaint(other).first_told_at
    told = office.complaint(number).promised_at
    office.take(number, merge_complaint, into=other)
    moved(office, other, 3 * DAY)
    assert office.complaint(other).first_told_at == first <= told
    assert office.clocks(other)["resolve"].first_told_at == first
    assert "extended" in [each.kind for each in office.letters(other)]


@pytest.mark.usefixtures("merged_as_before")
def test_the_original_is_not_moved_past_what_another_was_told_on_its_duplicate(office: Office):
    number, other = two(office, who=NEIGHBOUR)
    moved(office, number, 2 * DAY)
    told = office.complaint(number).promised_at
    office.take(number, merge_complaint, into=other, reason=WHY)
    for until in (told + timedelta(hours=1), told + 9 * DAY):
        with pytest.raises(Refused, match=f"{number} was closed as a duplicate") as refusal:
            office.take(other, ask_extension, until=until, reason="Menunggu suku cadang")
        assert refusal.value.field == "until"
        office.session.rollback()
    # Up to that date it may move, and beyond it once the other stands for itself again.
    office.take(other, ask_extension, until=told, reason="Menunggu suku cadang")
    office.take(other, decide_extension, by="supervisor", answer="approved")
    assert office.complaint(other).promised_at == told
    office.take(number, reopen_complaint, by="supervisor", reason="Pelanggan ini tidak bisa lama")
    moved(office, other, DAY)
    assert office.clocks(number)["resolve"].due_at == told


@pytest.mark.parametrize("moved_first", [True, False])
@pytest.mark.usefixtures("merged_as_before")
def test_moved_into_the_record_a_duplicate_is_another_customers_still(
    office: Office, moved_first: bool
):
    """Its letters go where they went: no date passes theirs, and no withdrawal ends it."""
    number, other = two(office, who=NEIGHBOUR)
    whose = Whose(complaint=other)
    if moved_first:
        office.take(number, change_customer, whose=whose, reason="Salah pilih pelanggan")
    office.take(number, merge_complaint, into=other, reason=WHY)
    if not moved_first:
        office.take(number, change_customer, whose=whose, reason="Salah pilih pelanggan")
    until = office.complaint(number).promised_at + 2 * DAY
    with pytest.raises(Refused, match=f"{number} was closed as a duplicate"):
        office.take(other, ask_extension, until=until, reason="Menunggu suku cadang")
    office.session.rollback()
    office.take(other, withdraw_complaint, reason="Sudah menyala", method="signature")
    assert office.complaint(number).status == "registered"


@pytest.mark.usefixtures("merged_as_before")
def test_what_was_asked_before_the_merging_is_not_approved_past_it(office: Office):
    number, other = two(office, who=NEIGHBOUR)
    later = office.complaint(other).promised_at + 2 * DAY
    office.take(other, ask_extension, until=later, reason="Menunggu suku cadang")
    office.take(number, merge_complaint, into=other, reason=WHY)
    with pytest.raises(Refused, match="was closed as a duplicate"):
        office.take(other, decide_extension, by="supervisor", answer="approved")
    office.session.rollback()
    office.take(other, decide_extension, by="supervisor", answer="rejected")


@pytest.mark.usefixtures("merged_as_before")
def test_a_pause_does_not_move_the_original_past_its_duplicate_either(office: Office):
    number, other = two(office, who=NEIGHBOUR)
    moved(office, number, DAY)
    office.take(number, merge_complaint, into=other, reason=WHY)
    awaited = {"reason": "Menunggu foto modem dari pelanggan"}
    with pytest.raises(Refused, match="was closed as a duplicate"):
        office.take(other, pause_clocks, until=office.at + 3 * DAY, **awaited)
    office.session.rollback()
    office.take(other, pause_clocks, until=office.at + timedelta(hours=2), **awaited)
    assert office.complaint(other).waiting_customer


def test_it_is_no_duplicate_of_itself_of_nothing_or_of_what_nobody_handles(office: Office):
    number, other = two(office)
    assert "of itself" in refused(office, number, number)
    assert "There is no complaint" in refused(office, number, "KLH-2026-999999")
    assert "There is no complaint" in refused(office, number, "besok")
    office.take(other, withdraw_complaint, reason="Sudah menyala")
    assert "has ended" in refused(office, number, other)


def test_what_one_may_not_see_is_not_there(office: Office):
    number, _ = two(office)
    far = office.receive(by="csr2", branch="MKS")
    assert "There is no complaint" in refused(office, number, far)


def test_no_chain_and_no_circle(office: Office):
    number, other = two(office)
    third = office.receive()
    office.walk(third, to="020-1.6")
    office.take(number, merge_complaint, into=other)
    assert f"Enter {other} instead" in refused(office, third, number)
    assert "is a duplicate of this one" in refused(office, other, number)
    # What went on as one that ends as a duplicate itself goes on as its original.
    moved(office, other, 3 * DAY)
    office.take(other, merge_complaint, into=third)
    assert {office.complaint(each).duplicate_of_id for each in (number, other)} == {
        office.complaint(third).id
    }
    line = office.history(number)[-1]
    assert (line.what, line.detail) == ("merge", {"into": third, "instead_of": other})
    letters = [each.facts["other"] for each in office.letters(number) if each.kind == "merged"]
    assert letters == [other, third]
    assert verify_history(office.session)["bad"] == []


@pytest.mark.usefixtures("merged_as_before")
def test_an_earlier_promise_is_no_dead_end_where_others_follow_the_later_one(office: Office):
    follower, later = two(office, who=NEIGHBOUR)
    moved(office, follower, 4 * DAY)
    moved(office, later, 3 * DAY)
    office.take(follower, merge_complaint, into=later, reason=WHY)
    earlier = office.receive()
    office.walk(earlier, to="020-1.6")
    assert f"close {later} as a duplicate of {earlier}" in refused(office, earlier, later)
    office.take(later, merge_complaint, into=earlier)
    assert office.complaint(follower).duplicate_of_id == office.complaint(earlier).id


def told_of_the_end(office: Office, number: str) -> list[dict[str, str]]:
    letters = [each for each in office.letters(number) if each.kind == "original_ended"]
    return [{"via": each.via, **each.facts} for each in letters]


@pytest.mark.parametrize("email", [NEIGHBOUR["email"], ""])
@pytest.mark.usefixtures("merged_as_before")
def test_who_follows_anothers_complaint_hears_of_its_end_every_time(office: Office, email: str):
    number, other = two(office, who={})
    neighbour = office.receive(who={**NEIGHBOUR, "email": email})
    office.walk(neighbour, to="020-1.6")
    office.take(number, merge_complaint, into=other)
    office.take(neighbour, merge_complaint, into=other, reason=WHY)
    office.walk(other, after="020-1.6")
    # Whose complaint it is has its closing letter.
    assert told_of_the_end(office, number) == []
    (told,) = told_of_the_end(office, neighbour)
    assert (told["via"], told["number"], told["other"]) == (
        "email" if email else "letter",
        neighbour,
        other,
    )
    assert not {"Siti", "Kabel", "Rp"} & {word for each in told.values() for word in each.split()}
    office.take(other, reopen_complaint, reason="Putus lagi")
    office.promise_anew(other)
    office.walk(other, after="020-2.5")
    assert len(told_of_the_end(office, neighbour)) == 2


@pytest.mark.parametrize(("told", "noted"), [("baru@lain.example", ""), ("", "lama@lain.example")])
@pytest.mark.usefixtures("merged_as_before")
def test_the_end_is_told_where_the_complaints_letters_go(office: Office, told: str, noted: str):
    _, other = two(office, who={})
    neighbour = office.receive(who={**NEIGHBOUR, "email": ""})
    office.walk(neighbour, to="020-1.6")
    complaint = office.complaint(neighbour)
    complaint.contact_email = told or None
    office.session.get_one(Customer, complaint.customer_id).email = noted or None
    office.session.commit()
    office.take(neighbour, merge_complaint, into=other, reason=WHY)
    office.walk(other, after="020-1.6")
    (letter,) = [each for each in office.letters(neighbour) if each.kind == "original_ended"]
    assert (letter.via, letter.to_address) == ("email" if told else "letter", told)


def test_another_customers_complaint_is_linked_and_not_merged(office: Office):
    number, other = two(office, who=NEIGHBOUR)
    for reason in ("", WHY):
        assert "another customer" in refused(office, number, other, reason=reason)


@pytest.mark.usefixtures("merged_as_before")
def test_one_that_went_on_as_anothers_keeps_its_reason(office: Office):
    number, other = two(office, who=NEIGHBOUR)
    office.take(number, merge_complaint, into=other, reason=WHY)
    kept = duplicate(office, number)
    assert (kept.reason, kept.detail) == (WHY, {"another_customer": True})
    found = read_duplicates(office.session, office.rules, office.complaint(number))
    assert (found.original, found.reason) == (other, WHY)


def test_the_same_phone_is_the_same_customer(office: Office):
    number, other = two(office, who={"name": "Siti A.", "email": ""})
    office.take(number, merge_complaint, into=other)
    assert duplicate(office, number).detail == {}


def test_an_accepted_solution_is_delivered_and_not_merged(office: Office):
    number, other = office.receive(), office.receive()
    office.walk(number, to="020-3.4")
    office.walk(other, to="020-1.6")
    assert "accepted a solution" in refused(office, number, other)


def test_closing_with_the_outcome_of_a_duplicate_is_no_way_round_the_name(office: Office):
    number = office.receive()
    office.walk(number, skip={"closed"})
    with pytest.raises(Invalid, match="names the other complaint"):
        office.take(number, close_complaint, outcome="GANDA")


def test_an_officer_merges_nothing(office: Office):
    number, other = two(office, to="020-2.1")
    with pytest.raises(Forbidden):
        office.take(number, merge_complaint, by="officer", into=other)


def test_opened_again_it_stands_for_itself(office: Office):
    number, other = two(office)
    promised = office.complaint(number).promised_at
    office.take(number, merge_complaint, into=other)
    office.take(number, reopen_complaint, at=office.at + DAY, reason="Ternyata gangguan lain")
    complaint = office.complaint(number)
    assert (complaint.promised_at, office.clocks(number)["resolve"].due_at) == (promised, promised)
    assert (complaint.status, complaint.duplicate_of_id, complaint.outcome) == (
        "registered",
        None,
        None,
    )
    assert duplicate(office, number).ended_at == office.at
    office.take(number, merge_complaint, into=other)
    again = [each.ended_at for each in office.rows(Exit, number) if each.kind == "duplicate"]
    assert [each is None for each in again] == [False, True]


@pytest.mark.parametrize("by", ["csr", "customer"])
@pytest.mark.usefixtures("merged_as_before")
def test_what_one_customer_withdraws_another_has_not(office: Office, by: str):
    mine, other = two(office, who=NEIGHBOUR)
    third = office.receive()
    office.walk(third, to="020-1.6")
    promised = office.complaint(mine).promised_at
    owed = [each.what for each in office.rows(Commitment, mine)]
    office.take(mine, merge_complaint, into=other, reason=WHY)
    office.take(third, merge_complaint, into=other)
    if by == "csr":
        office.take(other, withdraw_complaint, reason="Sudah menyala", method="signature")
    else:
        case = open_case(office.session, other, by=CUSTOMER, at=office.at)
        withdraw_on_page(case, reason="Sudah menyala")
        office.session.commit()
    complaint = office.complaint(mine)
    assert (complaint.status, complaint.duplicate_of_id) == ("registered", None)
    assert (complaint.promised_at, office.clocks(mine)["resolve"].due_at) == (promised, promised)
    assert [each.what for each in office.rows(Commitment, mine) if not each.dropped_at] == owed
    told = [row for row in office.rows(Notice, mine) if row.kind == "original_withdrawn"]
    assert [row.user_id for row in told] == [office.id_of("csr")]
    assert told[0].facts["original"] == other
    # One's own second complaint ends with the first.
    assert office.complaint(third).status == "closed"
    found = read_duplicates(office.session, office.rules, office.complaint(other))
    assert found.repeated_by == [third]


def test_two_that_name_each_other_at_once_do_not_both_end(office: Office, engine: Engine):
    pairs = [two(office)]
    pairs.append(pairs[0][::-1])
    by, left = office.actor("csr"), list(pairs)
    office.session.commit()

    def merge() -> None:
        number, other = left.pop()
        with suppress(Refused), Session(engine) as session, session.begin():
            case = open_case(session, number, by=by, at=office.at + timedelta(hours=1))
            merge_complaint(case, into=other)

    at_once(2, merge)
    ended = [number for number, _ in pairs if office.complaint(number).duplicate_of_id is not None]
    assert len(ended) <= 1
