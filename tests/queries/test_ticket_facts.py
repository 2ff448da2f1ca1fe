"""Repeats, late promises and areas are proposed by what is on record, never by words alone."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from sqlalchemy import event

from complaints.domain.suggestions import KnownFact, Suggestion
from complaints.domain.taxonomy import Fact
from complaints.queries.suggestions import suggest_categories
from complaints.queries.ticket_facts import Ticket
from complaints.rules.config_files import read_config
from complaints.rules.load import load_rules
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.incidents.open import IncidentGiven, number_of, open_incident
from complaints.steps.plan import draw_up_plan
from tests.conftest import ROOT
from tests.office import Office

STORY = "Internet di rumah saya mati sejak pagi, lampu modem merah."
DAY = timedelta(days=1)
SITI = {"phone": "6281234567890"}


def proposed(
    office: Office, story: str = STORY, by: str = "csr", **known: object
) -> list[Suggestion]:
    """What is proposed to this person for a story told by Siti at their own branch."""
    actor = office.actor(by)
    told = {"branch_id": actor.branch_id, **SITI, **known}
    ticket = Ticket(actor=actor, at=office.at, **told)  # type: ignore[arg-type]
    return suggest_categories(office.session, office.rules, story, ticket=ticket)


def facts(office: Office, **known: object) -> dict[str, tuple[KnownFact, ...]]:
    """Category → what is on record for it."""
    return {each.code: each.facts for each in proposed(office, **known) if each.facts}


def closed(office: Office, **more: object) -> str:
    number = office.receive(**more)
    office.walk(number)
    return number


def others(office: Office, many: int, first: int = 0, **more: object) -> list[str]:
    return [
        office.receive(
            who={"name": f"Warga {nth}", "phone": f"0812 9000 1{nth:03}", "email": ""}, **more
        )
        for nth in range(first, first + many)
    ]


def switch(office: Office, **changes: object) -> None:
    files = copy.deepcopy(read_config(ROOT / "config"))
    files["synonyms"]["synonyms"]["facts"].update(changes)
    load_rules(office.session, files, by="tests", at=office.at)
    office.session.commit()


def test_a_fault_repeats_where_the_last_one_was_closed_within_the_days(office: Office):
    number = closed(office)
    ended = office.complaint(number).closed_at
    office.at = ended + 30 * DAY
    found = proposed(office)
    assert [each.code for each in found][:2] == ["GGN_ULANG", "GGN_MATI"]
    (fact,) = found[0].facts
    assert (fact.number, fact.category, fact.at, fact.count) == (number, "GGN_MATI", ended, 1)
    office.at += timedelta(minutes=1)
    assert facts(office) == {}


def test_whoever_says_again_and_has_had_nothing_gets_no_repeat(office: Office):
    story = "Gangguan lagi, gangguan terus, tiap hari gangguan, sudah dibenerin rusak lagi"
    codes = [each.code for each in proposed(office, story)]
    assert codes
    assert "GGN_ULANG" not in codes
    switch(office, propose=False)
    assert "GGN_ULANG" in [each.code for each in proposed(office, story)]


@pytest.mark.parametrize(
    ("story", "code"),
    [
        ("gangguan mulu nih", "GGN_UMUM"),
        ("sudah 3 kali mati dalam seminggu, baru diperbaiki mati lagi", "GGN_MATI"),
        ("satu komplek mati semua sejak pagi", "GGN_MATI"),
    ],
)
def test_words_that_speak_for_a_fact_lead_to_the_fault_itself(office: Office, story, code):
    found = proposed(office, story)
    assert code in [each.code for each in found]
    assert not {each.code for each in found} & {"GGN_ULANG", "GGN_MASSAL", "GGN_TELAT"}
    assert all(each.because for each in found)


def test_another_matter_is_no_repeat(office: Office):
    closed(office)
    office.at += DAY
    assert facts(office, story="Tagihan saya bulan ini naik dua kali lipat") == {}


def test_another_customer_and_whoever_left_no_contact_has_no_record(office: Office):
    closed(office)
    office.at += DAY
    assert facts(office, phone="6281299998888") == {}
    assert facts(office, phone=None) == {}
    mail = facts(office, phone=None, email="siti@pelanggan.example")
    assert list(mail) == ["GGN_ULANG"]


def test_what_was_closed_as_the_same_is_no_complaint_of_its_own(office: Office):
    first, second = office.receive(), office.receive()
    office.take(second, merge_complaint, into=first, reason="Dilaporkan dua kali")
    office.at += DAY
    assert "GGN_ULANG" not in facts(office)


def test_an_open_complaint_older_than_its_promise_is_a_late_repair(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    due = office.clocks(number)["resolve"].due_at
    office.at = due
    assert facts(office) == {}
    office.at = due + timedelta(minutes=1)
    ((code, (fact,)),) = facts(office).items()
    assert (code, fact.number, fact.until) == ("GGN_TELAT", number, None)
    assert fact.at <= due


def test_a_promise_kept_too_late_counts_for_the_days_after(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    clock = office.clocks(number)["resolve"]
    clock.breached_at = clock.due_at
    office.session.commit()
    office.at = clock.due_at + DAY
    office.walk(number, after="020-1.6", to="020-2.4")
    step = StepGiven("Menyambung kabel", "TEKNIK", office.at + DAY)
    office.take(number, draw_up_plan, steps=[step])
    office.walk(number, after="020-2.5")
    done = office.clocks(number)["resolve"].ended_at
    office.at = done + 10 * DAY
    known = facts(office)
    assert set(known) == {"GGN_TELAT", "GGN_ULANG"}
    assert (known["GGN_TELAT"][0].until, known["GGN_TELAT"][0].number) == (done, number)
    office.at = done + 31 * DAY
    assert facts(office) == {}


def test_a_complaint_at_another_branch_is_told_without_its_number(office: Office):
    closed(office)
    office.at += DAY
    (fact,) = facts(office, by="csr2")["GGN_ULANG"]
    assert (fact.number, fact.category, fact.count) == ("", None, 1)


def test_many_at_one_place_within_the_hours_are_an_area(office: Office):
    others(office, 4)
    assert facts(office) == {}
    others(office, 1, first=4, category="GGN_PUTUS")
    ((code, (fact,)),) = facts(office).items()
    assert (code, fact.fact, fact.count, fact.usual) == ("GGN_MASSAL", Fact.AREA, 5, 0)
    assert facts(office, by="csr2") == {}
    office.at += timedelta(hours=3)
    assert facts(office) == {}


def test_as_many_as_usual_are_no_area(office: Office):
    now = office.at
    for week in range(1, 9):
        office.at = now - week * 7 * DAY
        others(office, 2, first=10 * week)
    office.at = now
    others(office, 5, first=100)
    assert facts(office) == {}
    others(office, 1, first=105)
    (fact,) = facts(office)["GGN_MASSAL"]
    assert (fact.count, fact.usual) == (6, 2)


def test_an_open_incident_of_the_group_counts_by_itself(office: Office):
    given = IncidentGiven(title="Kabel terputus", category="GGN_MATI")
    made = open_incident(
        office.session, office.rules, given, by=office.actor("supervisor"), at=office.at
    )
    office.session.commit()
    (fact,) = facts(office)["GGN_MASSAL"]
    assert (fact.number, fact.title) == (number_of(made), "Kabel terputus")


def test_what_is_known_leaves_one_place_to_the_words(office: Office):
    number = closed(office)
    second = office.receive()
    office.walk(second, to="020-1.6")
    office.at = office.clocks(second)["resolve"].due_at + timedelta(minutes=1)
    others(office, 5, received_at=office.at)
    found = proposed(office)
    assert [each.code for each in found] == ["GGN_MASSAL", "GGN_TELAT", "GGN_MATI"]
    assert number


@pytest.mark.parametrize("area", [0, 1_001, True, "5"])
def test_a_threshold_that_cannot_be_is_refused(office: Office, area: object):
    with pytest.raises(Exception, match="area_complaints"):
        switch(office, area_complaints=area)


def test_the_record_is_asked_with_few_statements_however_much_there_is(office: Office):
    closed(office)
    office.at += DAY
    others(office, 5, received_at=office.at)
    proposed(office)
    sent: list[str] = []
    event.listen(office.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    proposed(office)
    assert 0 < len(sent) <= 7
