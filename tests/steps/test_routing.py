"""Every unit that the category names is told (020-2.1), or a supervisor says why not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from complaints.domain.errors import Forbidden, GateRefused, Invalid
from complaints.domain.lifecycle import Action
from complaints.models import Notice, Party, StepRecord, Team
from complaints.steps.advance import Proven, advance
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.inform import answer_as_party, inform_parties
from tests.office import Office

#: A category that names two units, and one that names none.
TWO, NONE = "PSB_BIAYA", "PTG_CSR"


def registered(office: Office, category: str | None) -> str:
    number = office.receive(category=category)
    office.walk(number, to="020-1.6")
    return number


def accept(office: Office, number: str, team: str) -> None:
    office.take(number, answer_as_party, by="supervisor", team=team, answer="accepted")


def state(office: Office, number: str) -> str:
    return office.states(number)["020-2.1"]


def test_every_unit_of_the_category_has_to_be_told(office: Office):
    number = registered(office, TWO)
    office.take(number, inform_parties, teams=["PASANG"])
    accept(office, number, "PASANG")
    assert state(office, number) == "missing"
    office.take(number, inform_parties, teams=["TAGIHAN"])
    assert state(office, number) == "missing"
    accept(office, number, "TAGIHAN")
    assert state(office, number) == "proven"


def test_a_unit_that_the_category_does_not_name_proves_nothing_alone(office: Office):
    number = registered(office, "GGN_MATI")
    office.take(number, inform_parties, teams=["RETENSI"])
    accept(office, number, "RETENSI")
    assert state(office, number) == "missing"
    office.take(number, inform_parties, teams=["TEKNIK"])
    accept(office, number, "TEKNIK")
    assert state(office, number) == "proven"


def test_a_supervisor_may_say_why_a_unit_is_not_needed(office: Office):
    number = registered(office, TWO)
    words = {"not_needed": ["TAGIHAN"], "reason": "Biayanya sudah benar, hanya jadwalnya"}
    with pytest.raises(Forbidden):
        office.take(number, inform_parties, **words)
    for reason in ("", " - "):
        with pytest.raises(Invalid) as refusal:
            office.take(number, inform_parties, by="supervisor", **{**words, "reason": reason})
        assert refusal.value.field == "reason"
    with pytest.raises(Invalid, match="does not name unit RETENSI"):
        office.take(number, inform_parties, by="supervisor", **{**words, "not_needed": ["RETENSI"]})
    office.take(number, inform_parties, by="supervisor", **words)
    assert state(office, number) == "missing"
    office.take(number, inform_parties, teams=["PASANG"])
    accept(office, number, "PASANG")
    assert state(office, number) == "proven"
    signed = office.rows(StepRecord, number)[-2]
    assert (signed.by_name, "Biayanya sudah benar" in signed.words) == ("Supervisor", True)


def test_a_supervisor_may_leave_all_of_them_to_the_desk(office: Office):
    number = registered(office, "GGN_MATI")
    words = {"not_needed": ["TEKNIK"], "reason": "Modem dinyalakan kembali bersama pelanggan"}
    office.take(number, inform_parties, by="supervisor", **words)
    assert state(office, number) == "proven"
    assert office.rows(Party, number) == []


def test_where_the_category_names_no_unit_the_desk_is_the_party_and_its_supervisor_hears(office):
    number = registered(office, NONE)
    office.take(number, inform_parties, desk=True)
    assert state(office, number) == "proven"
    notice = office.rows(Notice, number)[-1]
    assert (notice.kind, notice.user_id) == ("desk_handles", office.id_of("supervisor"))


def test_who_is_in_two_units_hears_for_each_of_them(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    second = office.session.scalars(select(Team).where(Team.code == "TAGIHAN")).one()
    second.lead_id = office.id_of("officer")
    office.session.commit()
    office.take(number, inform_parties, teams=["TEKNIK", "TAGIHAN"])
    told = [each.facts["team"] for each in office.notices("officer")]
    assert sorted(told) == ["TAGIHAN", "TEKNIK"]


def test_a_unit_asked_beside_the_desk_has_to_accept(office: Office):
    number = registered(office, NONE)
    office.take(number, inform_parties, teams=["TEKNIK"])
    assert state(office, number) == "missing"
    told = [(each.kind, each.user_id) for each in office.rows(Notice, number)]
    assert ("desk_handles", office.id_of("supervisor")) in told
    accept(office, number, "TEKNIK")
    assert state(office, number) == "proven"


@pytest.mark.parametrize(("category", "field"), [("GGN_MATI", "teams"), (None, "category")])
def test_the_desk_is_no_way_round_the_units_of_the_category(office: Office, category, field):
    number = registered(office, category)
    with pytest.raises(Invalid) as refusal:
        office.take(number, inform_parties, desk=True)
    assert refusal.value.field == field


def test_while_the_category_is_unknown_nobody_can_say_that_all_are_told(office: Office):
    number = registered(office, None)
    office.take(number, inform_parties, teams=["TEKNIK"])
    accept(office, number, "TEKNIK")
    assert state(office, number) == "missing"
    office.take(number, amend_record, change=Amendment(category="GGN_MATI"))
    assert state(office, number) == "proven"


def test_a_category_corrected_afterwards_brings_its_own_units(office: Office):
    number = office.receive(category=NONE)
    office.walk(number, to="020-1.6")
    office.take(number, inform_parties, desk=True)
    office.walk(number, after="020-2.1", to="kept")
    office.take(number, amend_record, change=Amendment(category="GGN_MATI"))
    assert state(office, number) == "missing"
    with pytest.raises(GateRefused) as refusal:
        office.walk(number, after="kept")
    assert "020-2.1" in refusal.value.missing
    words = {"not_needed": ["TEKNIK"], "reason": "Petugas teknik sudah hadir dalam percakapan"}
    office.take(number, inform_parties, by="supervisor", **words)
    office.walk(number, after="kept")
    assert office.complaint(number).status == "closed"


def test_what_was_proven_before_this_rule_stays_so(office: Office):
    """Records of before keep no routing; nobody is asked to tell units of them now."""
    number = registered(office, TWO)
    case = office.open(number)
    advance(case, Action.INFORM, proven=[Proven("020-2.1", words="PASANG")])
    office.session.commit()
    assert state(office, number) == "proven"
