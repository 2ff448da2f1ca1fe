"""What must hold over several rows holds when two do it at the same instant, on either database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.errors import Refused
from complaints.domain.permissions import Actor
from complaints.models import Complaint, Customer, User
from complaints.people.account_edits import edit_account
from complaints.people.account_upkeep import close_account
from complaints.people.accounts import add_user
from complaints.queries.complaint.seals.history import verify_history
from complaints.rulebook import current_rules
from complaints.steps.case import open_case
from complaints.steps.casework.customer import Whose, change_customer, merge_customers
from complaints.steps.casework.unmerge import unmerge_customers
from complaints.steps.receive import receive_complaint
from complaints.takeover.take_over import take_over
from complaints.takeover.validate import ForeignComplaint, ImportOptions
from tests.at_once import at_once
from tests.conftest import NOW
from tests.office import Office, given

pytestmark = pytest.mark.both_databases

#: So often is each race run; with what holds it taken away, it is lost within a few rounds.
ROUNDS = 5


def hire(office: Office, role: str, *names: str, branch: int | None = None) -> list[User]:
    hired = [
        User(email=f"{name}@tanggap.example", name=name, role=role, branch_id=branch)
        for name in names
    ]
    office.session.add_all(hired)
    office.session.commit()
    return hired


def race(office: Office, tasks: Sequence[Callable[[Session], object]]) -> int:
    """Let everybody do their own at once, each in a transaction; how many were refused."""
    turn, refused = count(), []

    def work() -> None:
        task = tasks[next(turn)]
        with Session(office.engine, expire_on_commit=False) as session:
            try:
                task(session)
                session.commit()
            except Refused as refusal:
                session.rollback()
                refused.append(refusal)

    at_once(len(tasks), work)
    return len(refused)


def active(office: Office, role: str) -> int:
    query = select(func.count()).where(User.role == role, User.is_active.is_(True))
    found = office.session.scalar(query) or 0
    office.session.commit()
    return found


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_administrators_who_close_each_other_leave_one(office: Office, round_: int):
    first = office.people["admin"]
    (second,) = hire(office, "admin", f"kepala{round_}")
    tasks = [
        lambda session: close_account(session, second.id, by=first.actor, at=NOW),
        lambda session: close_account(session, first.id, by=second.actor, at=NOW),
    ]
    assert race(office, tasks) == 1
    assert active(office, "admin") == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_an_address_sent_twice_at_once_is_one_account_and_a_sentence(office: Office, round_: int):
    by, address = office.actor("admin"), f"kembar{round_}@tanggap.example"

    def add(session: Session) -> None:
        rules = current_rules(session)
        add_user(session, rules, email=address, role="csr", branch="JKT", by=by, at=NOW)

    assert race(office, [add, add, add]) == 2
    query = select(func.count()).where(User.email == address)
    assert office.session.scalar(query) == 1


def test_the_last_two_of_the_top_rung_are_not_both_closed_at_once(office: Office):
    hire(office, "manager", "direktur")
    everybody = [
        user.id for user in office.session.scalars(select(User).where(User.role == "manager"))
    ]
    by = office.actor("admin")
    office.session.commit()
    tasks = [
        lambda session, each=each: close_account(session, each, by=by, at=NOW) for each in everybody
    ]
    assert race(office, tasks) == 1
    assert active(office, "manager") == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_first_contacts_of_one_customer_at_once_make_one_customer(office: Office, round_: int):
    by = office.actor("csr")

    def receive(session: Session) -> None:
        rules = current_rules(session)
        receive_complaint(session, rules, given(), by=by, at=NOW)

    office.session.commit()
    assert race(office, [receive] * 4) == 0
    assert office.count(Complaint) == 4
    assert office.count(Customer) == 1


def test_with_the_same_number_too(office: Office):
    by = office.actor("csr")

    def receive(session: Session) -> None:
        told = given(who={"number": "1204 5567", "phone": "", "email": ""})
        receive_complaint(session, current_rules(session), told, by=by, at=NOW)

    office.session.commit()
    assert race(office, [receive] * 4) == 0
    assert office.count(Customer) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_no_complaint_moves_to_a_record_that_is_merged_meanwhile(office: Office, round_: int):
    kept = office.receive(who={"name": "Ani", "number": "PLG-9", "phone": "0811 1111 1111"})
    gone = office.receive(who={"name": "Budi", "number": "PLG-8", "phone": "0822 2222 2222"})
    other = office.receive(who={"name": "Cici", "number": "PLG-7", "phone": "0833 3333 3333"})
    by, why = office.actor("supervisor"), "KTP keduanya sama"
    office.session.commit()

    def merge(session: Session) -> None:
        case = open_case(session, kept, by=by, at=office.at)
        merge_customers(case, Whose(number="PLG-8"), reason=why)

    def move(session: Session) -> None:
        case = open_case(session, other, by=by, at=office.at)
        change_customer(case, Whose(number="PLG-8"), reason=why)

    assert race(office, [merge, move]) <= 1
    owner = office.complaint(kept).customer_id
    assert office.complaint(gone).customer_id == owner
    query = select(Customer.id).where(Customer.merged_into_id.is_not(None))
    assert office.complaint(other).customer_id not in office.session.scalars(query).all()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_merging_is_undone_once_and_loses_no_complaint_received_meanwhile(
    office: Office, round_: int
):
    budi = {"name": "Budi", "number": "PLG-8", "phone": "0822 2222 2222"}
    hers = office.receive(who={"name": "Ani", "number": "PLG-9", "phone": "0811 1111 1111"})
    his = office.receive(who=budi)
    by, desk, why = office.actor("supervisor"), office.actor("csr"), "KTP keduanya sama"
    office.take(hers, merge_customers, by="supervisor", whose=Whose(number="PLG-8"), reason=why)
    at = office.at

    def part(session: Session) -> None:
        unmerge_customers(open_case(session, hers, by=by, at=at), reason="Dua orang")

    def receive(session: Session) -> None:
        told = given(who=budi)
        receive_complaint(session, current_rules(session), told, by=desk, at=at)

    office.session.commit()
    assert race(office, [part, part, receive]) in (1, 2)
    owners = {number: office.complaint(number).customer_id for number in (hers, his)}
    newest = office.session.scalars(select(Complaint).order_by(Complaint.id.desc())).first()
    # Received first, it rests on the merging, which then stays; else it is his, as his number says.
    assert newest is not None
    assert newest.customer_id == owners[his]
    gone = select(Customer.id).where(Customer.merged_into_id.is_not(None))
    assert not set(owners.values()) & set(office.session.scalars(gone))


ANI = {"name": "Ani", "number": "PLG-9", "phone": "0811 1111 1111"}
BUDI = {"name": "Budi", "number": "PLG-8", "phone": "0822 2222 2222"}
WHY = "KTP keduanya sama"


def merging(by: Actor, number: str, with_: str, at: datetime) -> Callable[[Session], object]:
    """Merge the customer of a complaint with the one of this number."""
    return lambda session: merge_customers(
        open_case(session, number, by=by, at=at), Whose(number=with_), reason=WHY
    )


def leads_to_nobody_gone(office: Office) -> None:
    """Every complaint and every record merged is of a record that stands."""
    gone = set(
        office.session.scalars(select(Customer.id).where(Customer.merged_into_id.is_not(None)))
    )
    assert not gone & set(office.session.scalars(select(Complaint.customer_id)))
    assert not gone & set(office.session.scalars(select(Customer.merged_into_id)))
    office.session.commit()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_who_merge_crosswise_make_one_record(office: Office, round_: int):
    hers, his = office.receive(who=ANI), office.receive(who=BUDI)
    by, at = office.actor("supervisor"), office.at
    office.session.commit()
    tasks = [merging(by, hers, "PLG-8", at), merging(by, his, "PLG-9", at)]
    assert race(office, tasks) == 1
    assert office.complaint(hers).customer_id == office.complaint(his).customer_id
    leads_to_nobody_gone(office)
    assert verify_history(office.session)["bad"] == []


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_three_who_merge_in_a_ring_leave_no_ring(office: Office, round_: int):
    cici = {"name": "Cici", "number": "PLG-7", "phone": "0833 3333 3333"}
    numbers = [office.receive(who=who) for who in (ANI, BUDI, cici)]
    by, at = office.actor("supervisor"), office.at
    office.session.commit()
    others = ("PLG-8", "PLG-7", "PLG-9")
    tasks = [merging(by, *pair, at) for pair in zip(numbers, others, strict=True)]
    assert race(office, tasks) in (1, 2)
    leads_to_nobody_gone(office)
    assert verify_history(office.session)["bad"] == []


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_complaint_received_while_its_customer_is_merged_is_of_the_record_that_stands(
    office: Office, round_: int
):
    hers, his = office.receive(who=ANI), office.receive(who=BUDI)
    by, desk, at = office.actor("supervisor"), office.actor("csr"), office.at

    def receive(session: Session) -> None:
        receive_complaint(session, current_rules(session), given(who=BUDI), by=desk, at=at)

    office.session.commit()
    assert race(office, [merging(by, hers, "PLG-8", at), receive, receive]) == 0
    owners = set(office.session.scalars(select(Complaint.customer_id)))
    assert owners == {office.complaint(his).customer_id}
    leads_to_nobody_gone(office)
    assert verify_history(office.session)["bad"] == []


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_merging_is_undone_or_a_complaint_of_it_moved_and_not_both(office: Office, round_: int):
    hers, his = office.receive(who=ANI), office.receive(who=BUDI)
    by, desk, at = office.actor("supervisor"), office.actor("csr"), office.at
    office.take(hers, merge_customers, by="supervisor", whose=Whose(number="PLG-8"), reason=WHY)

    def part(session: Session) -> None:
        unmerge_customers(open_case(session, hers, by=by, at=at), reason="Dua orang")

    def move(session: Session) -> None:
        case = open_case(session, his, by=desk, at=at)
        change_customer(case, Whose(is_own=True), reason="Orang lain lagi")

    office.session.commit()
    assert race(office, [part, move]) == 1
    assert office.complaint(hers).customer_id != office.complaint(his).customer_id
    leads_to_nobody_gone(office)
    assert verify_history(office.session)["bad"] == []


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_administrators_who_take_each_others_role_or_account_leave_one(office: Office, round_: int):
    first = office.people["admin"]
    (second,) = hire(office, "admin", f"kepala{round_}")

    def demote(session: Session) -> None:
        who: dict[str, Any] = {"by": first.actor, "at": NOW}
        edit_account(session, current_rules(session), second.id, {"role": "auditor"}, **who)

    tasks = [demote, lambda session: close_account(session, first.id, by=second.actor, at=NOW)]
    assert race(office, tasks) == 1
    assert active(office, "admin") == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_who_become_each_others_line_manager_make_no_circle(office: Office, round_: int):
    one, two = hire(office, "manager", f"satu{round_}", f"dua{round_}")
    by = office.actor("admin")

    def under(user: User, superior: User) -> Callable[[Session], object]:
        changes = {"supervisor": superior.email}
        return lambda session: edit_account(
            session, current_rules(session), user.id, changes, by=by, at=NOW
        )

    assert race(office, [under(one, two), under(two, one)]) == 1
    office.session.expire_all()
    assert [each.supervisor_id for each in (one, two)].count(None) == 1


def foreign(number: str, **who: str) -> ForeignComplaint:
    """A complaint as a file tells it."""
    return ForeignComplaint(given=given(external_id=number, source="lama", who=who))


def taking_over(by: Actor, *rows: ForeignComplaint) -> Callable[[Session], object]:
    manner = ImportOptions(reason="Dari CRM lama")
    return lambda session: take_over(session, current_rules(session), rows, manner, by=by, at=NOW)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_file_and_the_desk_at_once_make_one_customer(office: Office, round_: int):
    by = office.actor("csr")

    def receive(session: Session) -> None:
        receive_complaint(session, current_rules(session), given(), by=by, at=NOW)

    office.session.commit()
    tasks = [taking_over(by, foreign("T-1"), foreign("T-2")), receive, receive]
    assert race(office, tasks) == 0
    assert office.count(Complaint) == 4
    assert office.count(Customer) == 1


def test_rows_without_any_contact_share_one_customer_whoever_comes_first(office: Office):
    by = office.actor("csr")
    nobody = {"name": "", "phone": "", "email": "", "salutation": ""}
    office.session.commit()
    tasks = [taking_over(by, foreign(f"T-{number}", **nobody)) for number in range(3)]
    assert race(office, tasks) == 0
    assert office.count(Complaint) == 3
    assert office.count(Customer) == 1


def test_without_any_contact_nobody_at_the_desk_is_taken_for_somebody_else(office: Office):
    by = office.actor("csr")
    nobody = {"phone": "", "email": "", "no_contact_reason": "Tidak bersedia"}

    def receive(session: Session) -> None:
        told = given(who=nobody)
        receive_complaint(session, current_rules(session), told, by=by, at=NOW)

    office.session.commit()
    assert race(office, [receive] * 3) == 0
    assert office.count(Customer) == 3
