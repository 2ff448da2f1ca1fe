"""What happened before anybody swept: breaches found by an act, and extensions counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.errors import Invalid, Refused
from complaints.engine.fire import fire_due
from complaints.models import LedgerEntry, Notice
from complaints.queries.complaint.seals.history import verify_history
from complaints.steps.casework.complete_documents import complete_documents
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.register import register_complaint
from tests.conftest import NOW
from tests.office import Office

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
DUE = NOW + 30 * MINUTE


def ready(office: Office) -> str:
    number = office.receive()
    office.walk(number, to="020-1.4")
    return number


def whats(office: Office, number: str) -> list[str]:
    return [entry.what for entry in office.history(number)]


# A breach that an act finds


def test_an_act_that_comes_late_writes_down_the_breach_before_itself(office: Office):
    number = ready(office)
    office.take(number, register_complaint, at=DUE + MINUTE)
    *_, breach, act = office.history(number)
    assert (breach.what, act.what) == ("breach", "register")
    clock = office.clocks(number)["ack"]
    assert (breach.at, breach.by_name, breach.by_id) == (DUE, "Tanggap", None)
    assert breach.detail == {"deadline": clock.id, "kind": "ack", "due_at": DUE.isoformat()}
    assert (clock.state, clock.breached_at, clock.ended_at) == ("breached", DUE, DUE + MINUTE)
    # Whoever acts has it before them; nobody else needs to be told.
    assert [n.kind for n in office.rows(Notice, number)].count("breach") == 0
    assert not verify_history(office.session)["bad"]


def test_an_act_in_the_due_second_finds_no_breach(office: Office):
    number = ready(office)
    office.take(number, register_complaint, at=DUE)
    assert "breach" not in whats(office, number)


@pytest.mark.both_databases
def test_a_breach_is_written_down_once_whoever_finds_it(office: Office):
    number = ready(office)
    office.take(number, register_complaint, at=DUE + MINUTE)
    fire_due(office.session, office.rules, at=DUE + 5 * MINUTE)
    office.session.commit()
    late = office.clocks(number)["ack"].id
    rows = office.rows(LedgerEntry, number)
    assert [row.what for row in rows if row.deadline_id == late].count("breach") == 1
    assert whats(office, number).count("breach") == 1


def test_an_act_does_not_speak_of_clocks_it_has_nothing_to_do_with(office: Office):
    number = ready(office)
    office.take(number, register_complaint, at=NOW + 20 * DAY)
    found = [e.detail["kind"] for e in office.history(number) if e.what == "breach"]
    assert set(found) == {"ack", "progress"}
    assert office.clocks(number)["resolve"].breached_at is None


def test_a_pause_that_comes_too_late_stops_no_missed_clock(office: Office):
    number = ready(office)
    office.take(number, register_complaint, at=NOW + 20 * MINUTE)
    at = NOW + 20 * DAY
    office.take(
        number, pause_clocks, by="supervisor", at=at, reason="Menunggu foto", until=at + DAY
    )
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.breached_at) == ("breached", clock.due_at)
    assert "breach" in whats(office, number)


def test_a_refused_act_writes_no_breach_down(office: Office):
    number = office.receive()
    before = whats(office, number)
    with pytest.raises(Refused):
        office.take(number, register_complaint, at=DUE + DAY)
    assert whats(office, number) == before


# Extensions


def extend(office: Office, number: str, days: int) -> None:
    office.take(number, ask_extension, until=NOW + days * DAY, reason="Menunggu suku cadang")
    office.take(number, decide_extension, by="supervisor", answer="approved")


def test_where_no_policy_limits_them_extensions_are_counted(office: Office):
    number = ready(office)
    office.walk(number, after="020-1.4", to="020-1.6")
    extend(office, number, 10)
    extend(office, number, 14)
    decided = [e.detail["number"] for e in office.history(number) if e.what == "decide_extension"]
    assert decided == [1, 2]


def test_a_policy_that_allows_one_extension_allows_no_second(office: Office):
    office.load_organisation(policies=["id-ojk-pojk22-2023"])
    number = letter(office)
    due = office.clocks(number)["legal"].due_at
    words = {"reason": "Menunggu cabang lain", "condition": "other external factors"}
    office.take(number, ask_extension, until=due + DAY, **words)
    office.take(number, decide_extension, by="supervisor", answer="approved")
    with pytest.raises(Refused, match="No further extension is possible"):
        office.take(number, ask_extension, until=due + 5 * DAY, **words)


def test_a_limit_set_by_rule_moves_only_where_the_rule_says_so(office: Office):
    office.load_organisation(policies=["id-ojk-pojk22-2023"])
    number = office.receive()
    office.walk(number, to="020-1.6")
    due = office.clocks(number)["legal"].due_at
    with pytest.raises(Refused, match="allows no extension: POJK 22/2023"):
        office.take(number, ask_extension, until=due + DAY, reason="Menunggu cabang lain")


def test_an_extension_is_no_longer_than_the_policy_allows(office: Office):
    office.load_organisation(policies=["id-ojk-pojk22-2023"])
    number = letter(office)
    due = office.clocks(number)["legal"].due_at
    words = {"reason": "Menunggu cabang lain", "condition": "other external factors"}
    with pytest.raises(Invalid, match="later than the rules allow") as refusal:
        office.take(number, ask_extension, until=due + 60 * DAY, **words)
    assert refusal.value.field == "until"


def letter(office: Office) -> str:
    """A registered written complaint of which the documents came with the letter."""
    number = office.receive(channel="email")
    office.take(number, complete_documents, at=office.complaint(number).received_at)
    office.walk(number, to="020-1.6")
    return number
