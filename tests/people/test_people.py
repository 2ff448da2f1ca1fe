"""People and teams: who is asked, who is told, who may touch which complaint."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from complaints.models import Escalation, Notice, Party, User
from complaints.steps.case import view_case
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.converse import record_message, write_note
from complaints.steps.casework.escalate import acknowledge_escalation, escalate_by_hand
from complaints.steps.inform import answer_as_party, inform_parties
from complaints.steps.receive import receive_complaint
from tests.house import PEOPLE, House, given, road


def notices(house: House, number: str) -> list[tuple[str, str]]:
    """Kind and reader of each line in a tray."""
    names = {house.id_of(name): name for name in PEOPLE}
    return [(row.kind, names[row.user_id]) for row in house.rows(Notice, number)]


def test_the_outsider_sees_nothing(house: House):
    number = house.receive()
    for look in (
        lambda: house.take(number, write_note, by="csr2", text="x"),
        lambda: view_case(house.session, number, by=house.actor("csr2"), at=house.at),
    ):
        with pytest.raises(Forbidden, match="another branch"):
            look()


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "csr2"])
def test_everybody_else_of_the_cast_may_look(house: House, name: str):
    number = house.receive()
    case = view_case(house.session, number, by=house.actor(name), at=house.at)
    assert case.number == number


@pytest.mark.parametrize(
    "number",
    [
        "KLH-2026-000099",
        "KLH-2025-000001",
        "KLH-2026-1e3",
        "KLH-2026-٠٠٠٠٠١",
        "KLH-2026-99999999999999999999",
        "000001",
        "'; DROP",
        "",
    ],
)
def test_a_number_that_is_none_finds_nothing(house: House, number: str):
    house.receive()
    with pytest.raises(NotFound):
        house.open(number)
    house.session.rollback()


def test_a_number_is_read_as_people_type_it(house: House):
    number = house.receive()
    assert house.open(f" {number.lower()} ").number == number
    assert house.open("klh-2026-1").number == number


def test_two_who_read_the_same_page_do_not_overwrite_each_other(house: House):
    number = house.receive()
    seen = house.complaint(number).version
    write_note(house.open(number, version=seen), text="Satu")
    house.session.commit()
    with pytest.raises(Stale):
        house.open(number, by="supervisor", version=seen)
    house.session.rollback()
    house.open(number, by="supervisor", version=house.complaint(number).version)


def test_a_team_is_asked_and_answers_for_itself(house: House):
    number = house.receive()
    house.walk(number, to="020-1.6")
    house.take(number, inform_parties, teams=["TEKNIK", "TAGIHAN", "TEKNIK"], reason="Cek bersama")
    assert notices(house, number) == [("party_asked", "officer"), ("party_asked", "billing")]
    with pytest.raises(Forbidden, match="Only unit TEKNIK can"):
        house.take(number, answer_as_party, by="billing", team="TEKNIK", answer="accepted")
    house.take(number, answer_as_party, by="officer", team="TEKNIK", answer="accepted")
    assert "020-2.1" in house.missing(number)
    assert house.clocks(number)["internal_accept"].state == "running"
    house.take(number, answer_as_party, by="supervisor", team="TAGIHAN", answer="accepted")
    assert "020-2.1" not in house.missing(number)
    assert house.clocks(number)["internal_accept"].state == "met"


def test_a_team_may_return_the_complaint_with_a_reason(house: House):
    number = house.receive()
    house.walk(number, to="asked")
    house.take(
        number,
        answer_as_party,
        by="officer",
        team="TEKNIK",
        answer="returned",
        reason="Bukan jaringan kami",
    )
    assert notices(house, number)[-1] == ("party_returned", "csr")
    assert "020-2.1" in house.missing(number)
    house.take(number, inform_parties, teams=["TEKNIK", "TAGIHAN"])
    assert [row.answer for row in house.rows(Party, number)] == ["returned", None, None]


def test_no_team_has_a_time_to_accept_in_what_the_desk_handles_alone(house: House):
    number = house.receive()
    house.walk(number, to="020-1.6")
    house.take(number, inform_parties, unable="Ditangani meja depan sendiri")
    assert "internal_accept" not in house.clocks(number)
    house.take(number, inform_parties, teams=["TEKNIK"])
    assert house.clocks(number)["internal_accept"].state == "running"


def test_a_team_asked_later_reopens_the_question(house: House):
    number = house.receive()
    house.walk(number, to="020-2.4")
    house.take(number, inform_parties, teams=["TAGIHAN"])
    assert "020-2.1" in house.missing(number)
    house.take(number, answer_as_party, by="billing", team="TAGIHAN", answer="accepted")
    assert "020-2.1" not in house.missing(number)


def test_an_officer_of_an_asked_team_sees_another_branchs_complaint(house: House):
    number = house.receive(by="csr2", branch="MKS")
    with pytest.raises(Forbidden):
        house.open(number, by="officer")
    house.session.rollback()
    for _, _, step, words in road(to="asked"):
        house.take(number, step, by="csr2", **words)
    house.take(number, answer_as_party, by="officer", team="TEKNIK", answer="accepted")


def test_handing_over_tells_the_new_handler(house: House):
    number = house.receive()
    complaint = house.take(
        number,
        assign_complaint,
        by="supervisor",
        handler="  Officer@Tanggap.example ",
        team="TEKNIK",
        reason="Perlu teknisi",
    )
    assert complaint.handler_id == house.id_of("officer")
    assert complaint.team_id == house.people["officer"].team_id
    assert notices(house, number) == [("assigned", "officer")]
    assert house.letters(number)[0].to_address == "officer@tanggap.example"


def test_taking_a_complaint_oneself_tells_nobody(house: House):
    number = house.receive()
    house.take(number, assign_complaint, by="supervisor", handler="supervisor@tanggap.example")
    assert notices(house, number) == []


def test_a_closed_account_gets_nothing_to_do(house: House):
    number = house.receive()
    house.session.merge(house.people["officer"]).is_active = False
    house.session.commit()
    with pytest.raises(Invalid, match="no user with this email address"):
        house.take(number, assign_complaint, handler="officer@tanggap.example")
    house.walk(number, to="asked")
    assert notices(house, number) == []


def test_escalating_climbs_the_line_one_superior_at_a_time(house: House):
    number = house.receive()
    complaint = house.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    assert complaint.escalation_level == 1
    house.take(number, escalate_by_hand, by="supervisor", reason="Perlu keputusan")
    raised = house.rows(Escalation, number)
    assert [(row.level, row.to_id) for row in raised] == [
        (1, house.id_of("supervisor")),
        (2, house.id_of("manager")),
    ]
    assert notices(house, number) == [("escalation", "supervisor"), ("escalation", "manager")]
    with pytest.raises(Refused, match="no line manager"):
        house.take(number, escalate_by_hand, by="manager", reason="Lebih tinggi lagi")


def test_whoever_has_no_superior_of_their_own_turns_to_the_branch_then_to_the_house(house: House):
    number = house.receive(by="csr2", branch="MKS")
    house.take(number, escalate_by_hand, by="csr2", reason="Pelanggan sangat marah")
    assert house.rows(Escalation, number)[0].to_id == house.id_of("manager")
    branch = house.people["csr2"].branch_id
    chief = User(email="chief@tanggap.example", name="Chief", role="supervisor", branch_id=branch)
    house.session.add(chief)
    house.session.commit()
    house.take(number, escalate_by_hand, by="csr2", reason="Masih sangat marah")
    assert house.rows(Escalation, number)[1].to_id == chief.id


def test_an_escalation_passes_over_a_closed_account(house: House):
    number = house.receive()
    house.session.merge(house.people["supervisor"]).is_active = False
    house.session.commit()
    house.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    assert house.rows(Escalation, number)[0].to_id == house.id_of("manager")


def test_the_person_escalated_to_acknowledges(house: House):
    number = house.receive()
    with pytest.raises(Refused, match="There is no open escalation"):
        house.take(number, acknowledge_escalation, by="supervisor")
    house.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    house.take(number, escalate_by_hand, by="supervisor", reason="Perlu keputusan")
    with pytest.raises(Forbidden):
        house.take(number, acknowledge_escalation, by="csr")
    house.take(number, acknowledge_escalation, by="supervisor")
    first, second = house.rows(Escalation, number)
    assert (first.acknowledged_by_id, first.acknowledged_at) == (
        house.id_of("supervisor"),
        house.at,
    )
    assert second.acknowledged_at is None
    with pytest.raises(Forbidden, match="addressed to someone else"):
        house.take(number, acknowledge_escalation, by="supervisor")
    house.take(number, acknowledge_escalation, by="manager")


def test_a_manager_acknowledges_for_somebody_absent(house: House):
    number = house.receive()
    house.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    house.take(number, acknowledge_escalation, by="manager")
    assert house.rows(Escalation, number)[0].acknowledged_by_id == house.id_of("manager")


def test_the_handler_hears_when_the_customer_writes_to_somebody_else(house: House):
    number = house.receive()
    house.take(number, record_message, by="supervisor", text="Halo?", direction="in")
    assert notices(house, number) == [("customer_wrote", "csr")]
    house.take(number, record_message, by="csr", text="Halo?", direction="in")
    assert len(notices(house, number)) == 1


@pytest.mark.parametrize("name", ["officer", "manager", "auditor", "admin"])
def test_not_every_role_takes_complaints(house: House, name: str):
    with pytest.raises(Forbidden):
        house.receive(by=name)


def test_nobody_records_for_another_branch(house: House):
    with pytest.raises(Forbidden, match="own branch"):
        house.receive(by="csr2", branch="JKT")
    head_office = User(email="ho@tanggap.example", name="Ho", role="csr")
    house.session.add(head_office)
    house.session.flush()
    case = receive_complaint(
        house.session, house.rules, given(branch="MKS"), by=head_office.actor, at=house.at
    )
    assert case.number.startswith("KLH-2026-")
