"""Amounts above one's limits: summed over complaint and customer, asked of whoever may decide."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from complaints.actions.recording import ActGiven, record_given, record_several
from complaints.domain.errors import Forbidden, Invalid, Refused, Stale
from complaints.domain.words.exits import Unable
from complaints.models import Notice, Offer, StepRecord, User
from complaints.people.absences import note_absence
from complaints.steps.answer import take_answer
from complaints.steps.casework.approve import decide_offer
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.countersign import countersign
from complaints.steps.casework.customer import Whose, change_customer
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.commitments.settle import keep_commitments
from complaints.steps.offer import offer_solution
from tests.at_once import at_once
from tests.conftest import NOW
from tests.office import Office

DAY = timedelta(days=1)
GIFT = {"remedy": "GOODWILL", "description": "Tanda perhatian"}
ANOTHER = {"name": "Siti A.", "salutation": "Ibu", "phone": "0812-3456-7890", "email": ""}
NOBODY = {"name": "Orang Lain", "phone": "0811 111 2222", "email": ""}


def explained(office: Office, **more: object) -> str:
    """A complaint in handling whose cause is known and explained."""
    number = office.receive(**more)
    office.walk(number, to="020-3.2")
    return number


def give(office: Office, number: str, amount: int, by: str = "csr", **more: object) -> Offer:
    """Offer an amount; the offer as it then stands."""
    office.take(number, offer_solution, by=by, **{**GIFT, "amount": amount, **more})
    return office.rows(Offer, number)[-1]


def decide(office: Office, number: str, by: str, answer: str = "approved") -> str:
    reason = "Terlalu besar" if answer == "rejected" else ""
    office.take(number, decide_offer, by=by, answer=answer, reason=reason)
    return office.rows(Offer, number)[-1].state


def changed_while_it_waits(office: Office) -> str:
    """A complaint whose offer was changed after its approval was asked for."""
    number = explained(office)
    give(office, number, 150_000)
    give(office, number, 190_000)
    return number


@pytest.mark.both_databases
@pytest.mark.parametrize("answer", ["approved", "rejected"])
def test_nobody_decides_unread_on_an_offer_that_was_changed_meanwhile(office: Office, answer: str):
    number = changed_while_it_waits(office)
    with pytest.raises(Stale, match=r"“Tanda perhatian” \(Rp190,000\)") as error:
        decide(office, number, "supervisor", answer)
    assert error.value.field == "version"
    given = {"answer": answer, "reason": "Terlalu besar"}
    acts = [ActGiven("note", {"text": "Dilihat"}), ActGiven("offer/approval", given)]
    said = {"by": office.actor("supervisor"), "now": office.at}
    with pytest.raises(Stale):
        record_several(office.session, number, acts, **said)
    office.session.rollback()
    assert [each.state for each in office.rows(Offer, number)] == ["replaced", "waiting_approval"]
    read = {**given, "version": office.complaint(number).version}
    record_given(office.session, number, "offer/approval", read, **said)
    office.session.commit()
    assert office.rows(Offer, number)[-1].decided_by_id == office.id_of("supervisor")


def test_what_was_decided_and_is_asked_for_anew_needs_no_version(office: Office):
    number = explained(office)
    give(office, number, 150_000)
    assert decide(office, number, "supervisor", "rejected") == "rejected"
    give(office, number, 140_000)
    assert decide(office, number, "supervisor") == "open"


def test_nobody_answers_unread_to_an_offer_that_a_colleague_has_changed(office: Office):
    number = explained(office)
    give(office, number, 50_000)
    give(office, number, 20_000, by="supervisor")
    given = {"answer": "accepted"}
    with pytest.raises(Stale, match="has taken the place of an earlier one"):
        office.take(number, take_answer, **given)
    read = {**given, "version": office.complaint(number).version}
    who = office.actor("csr")
    record_given(office.session, number, "answer", read, by=who, now=office.at)
    office.session.commit()
    assert [each.state for each in office.rows(Offer, number)] == ["replaced", "accepted"]


def test_whoever_changed_the_offer_knows_what_was_answered(office: Office):
    number = explained(office)
    give(office, number, 50_000, by="supervisor")
    give(office, number, 20_000)
    office.take(number, take_answer, answer="accepted")
    assert office.rows(Offer, number)[-1].state == "accepted"


def asked(office: Office, number: str) -> list[str]:
    """Who was asked to approve, in order."""
    names = {user.id: name for name, user in office.people.items()}
    notices = office.rows(Notice, number)
    return [names[each.user_id] for each in notices if each.kind == "offer_approval"]


def accept_and_close(office: Office, number: str) -> None:
    office.take(number, take_answer, answer="accepted")
    office.walk(number, after="020-3.4", skip={"kept", "closed"})
    with suppress(Refused):
        office.take(
            number, keep_commitments, by="supervisor", everything=True, note="Joko melapor selesai"
        )
    office.take(number, close_complaint)


def again(office: Office, number: str) -> None:
    """Reopened, and as far as the offer once more."""
    office.take(number, reopen_complaint, reason="Rusak lagi")
    office.promise_anew(number)
    office.walk(number, after="020-2.5", to="020-3.2")


# --- Sums ----------------------------------------------------------------------------------------


def test_five_times_the_limit_by_closing_and_reopening_does_not_pass(office: Office):
    number = explained(office)
    assert give(office, number, 100_000).state == "open"
    accept_and_close(office, number)
    for _ in range(2):
        again(office, number)
        offer = give(office, number, 100_000)
        assert (offer.state, offer.bound) == ("waiting_approval", "complaint")
        assert decide(office, number, "supervisor") == "open"
        accept_and_close(office, number)
    assert asked(office, number) == ["supervisor", "supervisor"]


def test_an_offer_that_was_never_answered_still_counts_after_reopening(office: Office):
    number = explained(office)
    give(office, number, 100_000, method="email")
    office.wait_in_vain(number, Unable("Lima kali tidak mengangkat telepon"))
    office.walk(number, after="020-3.4", skip={"closed"})
    office.take(number, countersign, by="supervisor", answer="signed")
    office.take(number, close_complaint)
    again(office, number)
    assert give(office, number, 100_000).state == "waiting_approval"


def test_what_was_replaced_refused_or_rejected_is_not_given(office: Office):
    number = explained(office)
    give(office, number, 100_000)
    assert give(office, number, 90_000).state == "open"
    office.take(number, take_answer, answer="refused", reason="Kurang")
    assert give(office, number, 100_000).state == "open"
    give(office, number, 300_000)
    assert decide(office, number, "supervisor", "rejected") == "rejected"
    assert give(office, number, 100_000).state == "open"


@pytest.mark.parametrize("who", [{}, {"who": ANOTHER}])
def test_one_customer_is_summed_over_complaints_and_second_records(office: Office, who):
    for _ in range(2):
        assert give(office, explained(office), 100_000).state == "open"
    third = explained(office, **who)
    offer = give(office, third, 1)
    assert (offer.state, offer.bound) == ("waiting_approval", "customer")


@pytest.mark.parametrize("given_on", [1, 2])
@pytest.mark.usefixtures("merged_as_before")
def test_what_a_duplicate_was_given_counts_on_the_complaint_it_repeats(office: Office, given_on):
    numbers = [explained(office, **more) for more in ({}, {"who": NOBODY}, {"who": NOBODY})]
    give(office, numbers[given_on], 100_000)
    for each in numbers[1:]:
        office.take(each, merge_complaint, into=numbers[0], reason="Satu gangguan bersama")
    assert give(office, numbers[0], 1).bound == "complaint"


@pytest.mark.parametrize("moved", [0, 2])
def test_a_complaint_that_is_moved_to_another_record_counts_with_its_customer(
    office: Office, moved: int
):
    """Neither the one with the new amount nor one with an earlier amount slips out of the sum."""
    numbers = [explained(office) for _ in range(3)]
    another = office.receive(who=NOBODY)
    for each in numbers[:2]:
        give(office, each, 100_000)
    whose = Whose(complaint=another)
    office.take(numbers[moved], change_customer, whose=whose, reason="Salah pilih di loket")
    assert give(office, numbers[2], 1).bound == "customer"


def test_other_customers_are_not_counted_along(office: Office):
    for _ in range(2):
        give(office, explained(office), 100_000)
    assert give(office, explained(office, who=NOBODY), 100_000).state == "open"


def test_the_sum_of_a_customer_goes_across_branches(office: Office):
    for _ in range(2):
        give(office, explained(office), 100_000)
    office.people["csr"].branch_id = office.people["csr2"].branch_id
    office.people["officer"].branch_id = office.people["csr2"].branch_id
    office.session.commit()
    far = explained(office, branch="MKS")
    assert give(office, far, 1).bound == "customer"


def test_the_sum_of_a_customer_reaches_back_ninety_days(office: Office):
    for _ in range(2):
        give(office, explained(office), 100_000)
    given = [each.granted_at for each in office.session.scalars(select(Offer))]
    office.session.commit()
    office.at = min(given) + 89 * DAY
    number = explained(office, at=office.at)
    assert give(office, number, 1).bound == "customer"
    office.at = max(given) + 90 * DAY + timedelta(hours=1)
    assert give(office, number, 100_000).state == "open"


def test_an_offer_dated_back_counts_from_when_it_was_written_down(office: Office):
    numbers = [explained(office) for _ in range(3)]
    now, back = office.at + 100 * DAY, (office.at + timedelta(hours=1)).isoformat()
    told = [({"at": back}, "open"), ({"at": back}, "open"), ({}, "waiting_approval")]
    for number, (dated, state) in zip(numbers, told, strict=True):
        body = {**GIFT, "amount": 100_000, **dated}
        record_given(office.session, number, "offer", body, by=office.actor("csr"), now=now)
        office.session.commit()
        assert office.rows(Offer, number)[-1].state == state


def test_several_acts_at_once_are_summed_as_well(office: Office):
    number = explained(office)
    offer = {**GIFT, "amount": 60_000}
    acts = [ActGiven("offer", offer), ActGiven("answer", {"answer": "refused", "reason": "x"})]
    more = ActGiven("offer", {**offer, "amount": 110_000})
    record_several(
        office.session, number, [*acts, more], by=office.actor("csr"), now=office.at + DAY
    )
    office.session.commit()
    assert [each.state for each in office.rows(Offer, number)] == ["refused", "waiting_approval"]


def test_two_offers_at_once_do_not_both_slip_under_the_customers_limit(
    office: Office, engine: Engine
):
    numbers = [explained(office) for _ in range(4)]
    by, left = office.actor("csr"), list(numbers)
    office.session.commit()

    def offer() -> None:
        number = left.pop()
        with Session(engine) as session, session.begin():
            body = {**GIFT, "amount": 100_000}
            record_given(session, number, "offer", body, by=by, now=office.at + DAY)

    at_once(4, offer)
    states = [office.rows(Offer, number)[-1].state for number in numbers]
    assert sorted(states) == ["open", "open", "waiting_approval", "waiting_approval"]


def test_approvals_at_once_do_not_slip_under_the_approvers_limit_either(
    office: Office, engine: Engine
):
    numbers = [explained(office) for _ in range(4)]
    for number in numbers:
        assert give(office, number, 2_500_000).state == "waiting_approval"
    by, left = office.actor("supervisor"), list(numbers)
    office.session.commit()

    def approve() -> None:
        number = left.pop()
        with Session(engine) as session, session.begin():
            body = {"answer": "approved"}
            record_given(session, number, "offer/approval", body, by=by, now=office.at + DAY)

    at_once(4, approve)
    states = [office.rows(Offer, number)[-1].state for number in numbers]
    assert sorted(states) == ["open", "open", "waiting_approval", "waiting_approval"]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("amount", ["1e99", "nan", "Infinity", 1.5, -1, 2_000_000_001, True])
def test_an_amount_is_a_whole_number_of_rupiah(office: Office, amount):
    number = explained(office)
    body = {**GIFT, "amount": amount}
    with pytest.raises(Invalid):
        record_given(office.session, number, "offer", body, by=office.actor("csr"), now=office.at)
    office.session.rollback()
    assert office.rows(Offer, number) == []


def test_a_sum_in_the_words_of_a_payment_is_entered_as_its_amount(office: Office):
    number = explained(office)
    words = "Pengembalian Rp25.000.000 ke rekening"
    with pytest.raises(Invalid, match="names Rp25,000,000") as refusal:
        give(office, number, 0, remedy="REFUND", description=words)
    assert refusal.value.field == "amount"
    assert give(office, number, 0, remedy="PENJELASAN", description=words).state == "open"


@pytest.mark.parametrize("amount", [1, 2_500_000, 25_000_001])
def test_a_payment_in_words_is_not_entered_as_another_amount(office: Office, amount: int):
    number = explained(office)
    words = "Pengembalian Rp25.000.000 ke rekening"
    with pytest.raises(Invalid, match=r"names Rp25,000,000, but the amount is Rp") as refusal:
        give(office, number, amount, remedy="REFUND", description=words)
    assert refusal.value.field == "amount"
    assert office.rows(Offer, number) == []
    offer = give(office, number, 25_000_000, remedy="REFUND", description=words)
    assert (offer.state, offer.bound) == ("waiting_approval", "offer")


def test_an_offer_may_name_other_sums_beside_its_own(office: Office):
    words = "Tagihan Rp142.500 menjadi Rp100.000: Rp42.500 dikembalikan"
    offer = give(office, explained(office), 42_500, remedy="REFUND", description=words)
    assert offer.state == "open"


# --- Who is asked, and who decides ---------------------------------------------------------------


def away(office: Office, name: str, deputy: str = "") -> None:
    note_absence(
        office.session,
        deputy=f"{deputy}@tanggap.example" if deputy else "",
        from_at=NOW - DAY,
        until_at=NOW + 30 * DAY,
        by=office.actor(name),
        at=NOW - DAY,
    )
    office.session.commit()


def hire(office: Office, name: str, role: str, like: str = "supervisor") -> None:
    """Somebody more, in the branch of somebody else."""
    known = office.people[like]
    user = User(
        email=f"{name}@tanggap.example",
        name=name.title(),
        role=role,
        branch_id=known.branch_id,
        supervisor_id=office.id_of("manager"),
    )
    office.session.add(user)
    office.session.commit()
    office.people[name] = user


def test_for_a_superior_who_is_away_the_deputy_decides_within_their_own_limits(office: Office):
    hire(office, "sinta", "supervisor")
    away(office, "supervisor", "sinta")
    number = explained(office)
    give(office, number, 300_000)
    assert asked(office, number) == ["sinta"]
    assert decide(office, number, "sinta") == "open"


def test_who_may_not_see_the_complaint_is_not_asked(office: Office):
    hire(office, "jauh", "supervisor", like="csr2")
    office.people["csr"].supervisor_id = office.id_of("jauh")
    office.session.commit()
    number = explained(office)
    give(office, number, 300_000)
    assert asked(office, number) == ["manager"]


def test_a_deputy_whose_limits_do_not_cover_it_is_passed_over(office: Office):
    away(office, "supervisor", "officer")
    number = explained(office)
    give(office, number, 300_000)
    assert asked(office, number) == ["manager"]


def test_to_stand_in_for_a_manager_lends_no_authority_over_money(office: Office):
    away(office, "manager", "supervisor")
    number = explained(office)
    give(office, number, 3_000_000)
    # The deputy hears of it, and decides within their own limits only.
    assert asked(office, number) == ["manager", "supervisor"]
    with pytest.raises(Forbidden, match="Manager has been asked"):
        decide(office, number, "supervisor")
    assert decide(office, number, "manager") == "open"


def test_nobody_decides_on_what_they_offered_themselves(office: Office):
    hire(office, "sinta", "manager", like="manager")
    number = explained(office)
    give(office, number, 3_000_000, by="supervisor")
    office.people["supervisor"].role = "manager"
    office.session.commit()
    for answer in ("approved", "rejected"):
        with pytest.raises(Forbidden, match="someone else has to decide"):
            decide(office, number, "supervisor", answer)
    assert decide(office, number, "sinta") == "open"


def test_nobody_decides_on_a_request_that_they_let_a_subordinate_repeat(office: Office):
    number = explained(office)
    give(office, number, 3_000_000, by="supervisor")
    give(office, number, 2_400_000, by="csr")
    assert asked(office, number) == ["manager", "manager"]
    with pytest.raises(Forbidden, match="someone else has to decide"):
        decide(office, number, "supervisor")


def test_what_was_rejected_is_not_given_by_a_colleague_with_a_higher_limit(office: Office):
    number = explained(office)
    give(office, number, 400_000)
    decide(office, number, "supervisor", "rejected")
    office.take(number, assign_complaint, by="supervisor", handler="officer@tanggap.example")
    offer = give(office, number, 400_000, by="officer")
    assert (offer.state, offer.bound) == ("waiting_approval", "rejected")
    assert give(office, number, 399_999, by="officer").state == "open"


@pytest.mark.parametrize(
    "edit",
    [
        {"amount": 350_000},
        {"amount": 250_000},
        {"description": "Kabel lain"},
        {"remedy": "RESTITUSI"},
    ],
)
def test_an_approved_offer_that_is_edited_asks_again(office: Office, edit):
    number = explained(office)
    give(office, number, 300_000)
    decide(office, number, "supervisor")
    assert give(office, number, **{"amount": 300_000, **edit}).state == "waiting_approval"
    with pytest.raises(Refused, match="Offer a solution first"):
        office.take(number, take_answer, answer="accepted")


def test_after_the_acceptance_nothing_is_changed_any_more(office: Office):
    number = explained(office)
    give(office, number, 50_000)
    office.take(number, take_answer, answer="accepted")
    for amount in (60_000, 300_000):
        with pytest.raises(Refused):
            give(office, number, amount)
    assert [(each.amount, each.state) for each in office.rows(Offer, number)] == [
        (50_000, "accepted")
    ]


def test_while_it_waits_the_customer_has_no_offer(office: Office):
    number = explained(office)
    give(office, number, 300_000, method="email")
    assert office.states(number)["020-3.3"] == "missing"
    with pytest.raises(Refused, match="Offer a solution first"):
        office.take(number, take_answer, answer="accepted")


@pytest.mark.parametrize(
    ("method", "answer", "is_sent"),
    [("email", "approved", True), ("spoken", "approved", False), ("email", "rejected", False)],
)
def test_a_decision_on_an_offer_cannot_be_dated_back(
    office: Office, method: str, answer: str, is_sent: bool
):
    number = explained(office)
    give(office, number, 300_000, method=method)
    said, now = office.at, office.at + DAY
    body = {"answer": answer, "reason": "Terlalu besar", "at": said.isoformat()}
    by = office.actor("supervisor")
    record_given(office.session, number, "offer/approval", body, by=by, now=now)
    office.session.commit()
    offer = office.rows(Offer, number)[-1]
    dates = [offer.decided_at]
    records = [each for each in office.rows(StepRecord, number) if each.criterion == "020-3.3"]
    letters = [each for each in office.letters(number) if each.kind == "conversation"]
    assert (len(records), len(letters)) == (int(answer == "approved"), int(is_sent))
    dates += [each.at for each in records] + [each.created_at for each in letters]
    assert set(dates) == {now}
    assert office.history(number)[-1].detail["happened_at"] == said.isoformat()


def test_a_refused_request_goes_back_with_its_reason_to_who_asked_and_who_handles(office: Office):
    number = explained(office)
    office.take(number, assign_complaint, by="supervisor", handler="officer@tanggap.example")
    give(office, number, 300_000)
    decide(office, number, "supervisor", "rejected")
    told = [each for each in office.rows(Notice, number) if each.kind == "offer_rejected"]
    assert {each.user_id for each in told} == {office.id_of("csr"), office.id_of("officer")}
    assert {each.facts["reason"] for each in told} == {"Terlalu besar"}


def test_nobody_is_asked_any_more_once_the_complaint_has_ended(office: Office):
    number = explained(office)
    give(office, number, 300_000)
    office.take(number, withdraw_complaint, reason="Pelanggan mencabut")
    office.take(number, reopen_complaint, reason="Rusak lagi")
    assert [each.state for each in office.rows(Offer, number)] == ["replaced"]
    with pytest.raises(Refused, match="No offer is awaiting approval"):
        decide(office, number, "supervisor")


def test_who_comes_second_hears_who_has_decided(office: Office):
    number = explained(office)
    give(office, number, 300_000)
    decide(office, number, "supervisor")
    with pytest.raises(Refused, match="Supervisor has already decided"):
        decide(office, number, "manager", "rejected")
    assert [each.state for each in office.rows(Offer, number)] == ["open"]


def test_a_request_that_outgrew_its_approver_meanwhile_passes_on(office: Office):
    number, other = explained(office), explained(office)
    give(office, number, 2_500_000)
    give(office, other, 2_500_000)
    third = explained(office)
    give(office, third, 2_500_000)
    assert decide(office, number, "supervisor") == "open"
    assert decide(office, other, "supervisor") == "open"
    assert decide(office, third, "supervisor") == "waiting_approval"
    assert asked(office, third) == ["supervisor", "manager"]
    assert decide(office, third, "manager") == "open"
