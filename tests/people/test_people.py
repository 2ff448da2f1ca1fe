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
from tests.office import PEOPLE, Office, given, road


def notices(office: Office, number: str) -> list[tuple[str, str]]:
    """Kind and reader of each line in a tray."""
    names = {office.id_of(name): name for name in PEOPLE}
    return [(row.kind, names[row.user_id]) for row in office.rows(Notice, number)]


def test_the_outsider_sees_nothing(office: Office):
    number = office.receive()
    for look in (
        lambda: office.take(number, write_note, by="csr2", text="x"),
        lambda: view_case(office.session, number, by=office.actor("csr2"), at=office.at),
    ):
        with pytest.raises(Forbidden, match="another branch"):
            look()


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "csr2"])
def test_everybody_else_of_the_cast_may_look(office: Office, name: str):
    number = office.receive()
    case = view_case(office.session, number, by=office.actor(name), at=office.at)
    assert case.number == number


@pytest.mark.first_row_on_postgresql
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
def test_a_number_that_is_none_finds_nothing(office: Office, number: str):
    office.receive()
    with pytest.raises(NotFound):
        office.open(number)
    office.session.rollback()


def test_a_number_is_read_as_people_type_it(office: Office):
    number = office.receive()
    assert office.open(f" {number.lower()} ").number == number
    assert office.open("klh-2026-1").number == number


@pytest.mark.both_databases
def test_two_who_read_the_same_page_do_not_overwrite_each_other(office: Office):
    number = office.receive()
    seen = office.complaint(number).version
    write_note(office.open(number, version=seen), text="Satu")
    office.session.commit()
    with pytest.raises(Stale):
        office.open(number, by="supervisor", version=seen)
    office.session.rollback()
    office.open(number, by="supervisor", version=office.complaint(number).version)


def test_a_team_is_asked_and_answers_for_itself(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(number, inform_parties, teams=["TEKNIK", "TAGIHAN", "TEKNIK"], reason="Cek bersama")
    assert notices(office, number) == [("party_asked", "officer"), ("party_asked", "billing")]
    with pytest.raises(Forbidden, match="Only unit TEKNIK can"):
        office.take(number, answer_as_party, by="billing", team="TEKNIK", answer="accepted")
    office.take(number, answer_as_party, by="officer", team="TEKNIK", answer="accepted")
    assert "020-2.1" in office.missing(number)
    assert office.clocks(number)["internal_accept"].state == "running"
    office.take(number, answer_as_party, by="supervisor", team="TAGIHAN", answer="accepted")
    assert "020-2.1" not in office.missing(number)
    assert office.clocks(number)["internal_accept"].state == "met"


def test_a_team_may_return_the_complaint_with_a_reason(office: Office):
    number = office.receive()
    office.walk(number, to="asked")
    office.take(
        number,
        answer_as_party,
        by="officer",
        team="TEKNIK",
        answer="returned",
        reason="Bukan jaringan kami",
    )
    assert notices(office, number)[-1] == ("party_returned", "csr")
    assert "020-2.1" in office.missing(number)
    office.take(number, inform_parties, teams=["TEKNIK", "TAGIHAN"])
    assert [row.answer for row in office.rows(Party, number)] == ["returned", None, None]


def test_no_team_has_a_time_to_accept_in_what_the_desk_handles_alone(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    alone = {"not_needed": ["TEKNIK"], "reason": "Ditangani meja depan sendiri"}
    office.take(number, inform_parties, by="supervisor", **alone)
    assert "internal_accept" not in office.clocks(number)
    office.take(number, inform_parties, teams=["TEKNIK"])
    assert office.clocks(number)["internal_accept"].state == "running"


def test_a_team_asked_later_reopens_the_question(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.4")
    office.take(number, inform_parties, teams=["TAGIHAN"])
    assert "020-2.1" in office.missing(number)
    office.take(number, answer_as_party, by="billing", team="TAGIHAN", answer="accepted")
    assert "020-2.1" not in office.missing(number)


def test_an_officer_of_an_asked_team_sees_another_branchs_complaint(office: Office):
    number = office.receive(by="csr2", branch="MKS")
    with pytest.raises(Forbidden):
        office.open(number, by="officer")
    office.session.rollback()
    for _, _, step, words in road(to="asked"):
        office.take(number, step, by="csr2", **words)
    office.take(number, answer_as_party, by="officer", team="TEKNIK", answer="accepted")


def test_handing_over_tells_the_new_handler(office: Office):
    number = office.receive()
    complaint = office.take(
        number,
        assign_complaint,
        by="supervisor",
        handler="  Officer@Tanggap.example ",
        team="TEKNIK",
        reason="Perlu teknisi",
    )
    assert complaint.handler_id == office.id_of("officer")
    assert complaint.team_id == office.people["officer"].team_id
    assert notices(office, number) == [("assigned", "officer")]
    assert office.letters(number)[0].to_address == "officer@tanggap.example"


def test_taking_a_complaint_oneself_tells_nobody(office: Office):
    number = office.receive()
    office.take(number, assign_complaint, by="supervisor", handler="supervisor@tanggap.example")
    assert notices(office, number) == []


def test_a_closed_account_gets_nothing_to_do(office: Office):
    number = office.receive()
    office.session.merge(office.people["officer"]).is_active = False
    office.session.commit()
    with pytest.raises(Invalid, match="no user with this email address"):
        office.take(number, assign_complaint, handler="officer@tanggap.example")
    office.walk(number, to="asked")
    # Nobody is left in the unit: who stands above the sender is told that it is theirs to answer.
    assert notices(office, number) == [("party_asked_nobody", "supervisor")]


def test_escalating_climbs_the_line_one_superior_at_a_time(office: Office):
    number = office.receive()
    complaint = office.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    assert complaint.escalation_level == 1
    office.take(number, escalate_by_hand, by="supervisor", reason="Perlu keputusan")
    raised = office.rows(Escalation, number)
    assert [(row.level, row.to_id) for row in raised] == [
        (1, office.id_of("supervisor")),
        (2, office.id_of("manager")),
    ]
    assert notices(office, number) == [("escalation", "supervisor"), ("escalation", "manager")]
    with pytest.raises(Refused, match="no line manager"):
        office.take(number, escalate_by_hand, by="manager", reason="Lebih tinggi lagi")


def test_whoever_has_no_superior_of_their_own_turns_to_the_branch_then_to_the_house(office: Office):
    number = office.receive(by="csr2", branch="MKS")
    office.take(number, escalate_by_hand, by="csr2", reason="Pelanggan sangat marah")
    assert office.rows(Escalation, number)[0].to_id == office.id_of("manager")
    branch = office.people["csr2"].branch_id
    chief = User(email="chief@tanggap.example", name="Chief", role="supervisor", branch_id=branch)
    office.session.add(chief)
    office.session.commit()
    office.take(number, escalate_by_hand, by="csr2", reason="Masih sangat marah")
    assert office.rows(Escalation, number)[1].to_id == chief.id


def test_an_escalation_passes_over_a_closed_account(office: Office):
    number = office.receive()
    office.session.merge(office.people["supervisor"]).is_active = False
    office.session.commit()
    office.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    assert office.rows(Escalation, number)[0].to_id == office.id_of("manager")


def test_the_person_escalated_to_acknowledges(office: Office):
    number = office.receive()
    with pytest.raises(Refused, match="There is no open escalation"):
        office.take(number, acknowledge_escalation, by="supervisor")
    office.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    office.take(number, escalate_by_hand, by="supervisor", reason="Perlu keputusan")
    with pytest.raises(Forbidden):
        office.take(number, acknowledge_escalation, by="csr")
    office.take(number, acknowledge_escalation, by="supervisor")
    first, second = office.rows(Escalation, number)
    assert (first.acknowledged_by_id, first.acknowledged_at) == (
        office.id_of("supervisor"),
        office.at,
    )
    assert second.acknowledged_at is None
    with pytest.raises(Forbidden, match="addressed to someone else"):
        office.take(number, acknowledge_escalation, by="supervisor")
    office.take(number, acknowledge_escalation, by="manager")


def test_a_manager_acknowledges_for_somebody_absent(office: Office):
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    office.take(number, acknowledge_escalation, by="manager")
    assert office.rows(Escalation, number)[0].acknowledged_by_id == office.id_of("manager")


def test_the_handler_hears_when_the_customer_writes_to_somebody_else(office: Office):
    number = office.receive()
    office.take(number, record_message, by="supervisor", text="Halo?", direction="in")
    assert notices(office, number) == [("customer_wrote", "csr")]
    office.take(number, record_message, by="csr", text="Halo?", direction="in")
    assert len(notices(office, number)) == 1


@pytest.mark.parametrize("name", ["officer", "manager", "auditor", "admin"])
def test_not_every_role_takes_complaints(office: Office, name: str):
    with pytest.raises(Forbidden):
        office.receive(by=name)


def test_nobody_records_for_another_branch(office: Office):
    with pytest.raises(Forbidden, match="own branch"):
        office.receive(by="csr2", branch="JKT")
    head_office = User(email="ho@tanggap.example", name="Ho", role="csr")
    office.session.add(head_office)
    office.session.flush()
    case = receive_complaint(
        office.session, office.rules, given(branch="MKS"), by=head_office.actor, at=office.at
    )
    assert case.number.startswith("KLH-2026-")
