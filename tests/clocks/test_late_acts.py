"""What happened before anybody swept: breaches found by an act, and extensions counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from complaints.domain.errors import Invalid, Refused
from complaints.engine.fire import fire_due
from complaints.models import LedgerEntry, Notice, RuleVersion
from complaints.queries.complaint.history import verify_history
from complaints.rules.load import load_rules
from complaints.steps.casework.complete_documents import complete_documents
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.register import register_complaint
from tests.conftest import NOW
from tests.house import House

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
DUE = NOW + 30 * MINUTE


def ready(house: House) -> str:
    number = house.receive()
    house.walk(number, to="020-1.4")
    return number


def whats(house: House, number: str) -> list[str]:
    return [entry.what for entry in house.history(number)]


# A breach that an act finds


def test_an_act_that_comes_late_writes_down_the_breach_before_itself(house: House):
    number = ready(house)
    house.take(number, register_complaint, at=DUE + MINUTE)
    *_, breach, act = house.history(number)
    assert (breach.what, act.what) == ("breach", "register")
    clock = house.clocks(number)["ack"]
    assert (breach.at, breach.by_name, breach.by_id) == (DUE, "Tanggap", None)
    assert breach.detail == {"deadline": clock.id, "kind": "ack", "due_at": DUE.isoformat()}
    assert (clock.state, clock.breached_at, clock.ended_at) == ("breached", DUE, DUE + MINUTE)
    # Whoever acts has it before them; nobody else needs to be told.
    assert [n.kind for n in house.rows(Notice, number)].count("breach") == 0
    assert not verify_history(house.session)["bad"]


def test_an_act_in_the_due_second_finds_no_breach(house: House):
    number = ready(house)
    house.take(number, register_complaint, at=DUE)
    assert "breach" not in whats(house, number)


def test_a_breach_is_written_down_once_whoever_finds_it(house: House):
    number = ready(house)
    house.take(number, register_complaint, at=DUE + MINUTE)
    fire_due(house.session, house.rules, at=DUE + 5 * MINUTE)
    house.session.commit()
    late = house.clocks(number)["ack"].id
    rows = house.rows(LedgerEntry, number)
    assert [row.what for row in rows if row.deadline_id == late].count("breach") == 1
    assert whats(house, number).count("breach") == 1


def test_an_act_does_not_speak_of_clocks_it_has_nothing_to_do_with(house: House):
    number = ready(house)
    house.take(number, register_complaint, at=NOW + 20 * DAY)
    found = [e.detail["kind"] for e in house.history(number) if e.what == "breach"]
    assert set(found) == {"ack", "progress"}
    assert house.clocks(number)["resolve"].breached_at is None


def test_a_pause_that_comes_too_late_stops_no_missed_clock(house: House):
    number = ready(house)
    house.take(number, register_complaint, at=NOW + 20 * MINUTE)
    at = NOW + 20 * DAY
    house.take(number, pause_clocks, at=at, reason="Menunggu foto", until=at + DAY)
    clock = house.clocks(number)["resolve"]
    assert (clock.state, clock.breached_at) == ("breached", clock.due_at)
    assert "breach" in whats(house, number)


def test_a_refused_act_writes_no_breach_down(house: House):
    number = house.receive()
    before = whats(house, number)
    with pytest.raises(Refused):
        house.take(number, register_complaint, at=DUE + DAY)
    assert whats(house, number) == before


# Extensions


def extend(house: House, number: str, days: int) -> None:
    house.take(number, ask_extension, until=NOW + days * DAY, reason="Menunggu suku cadang")
    house.take(number, decide_extension, by="supervisor", answer="approved")


def switch_on(house: House, *packs: str) -> None:
    newest: dict[str, dict[str, dict]] = {}
    for row in house.session.scalars(select(RuleVersion).order_by(RuleVersion.id)):
        newest.setdefault(row.kind, {})[row.code] = row.body
    (code,) = newest["organisation"]
    newest["organisation"][code] = {**newest["organisation"][code], "policies": list(packs)}
    load_rules(house.session, newest, by="tests", at=NOW)
    house.session.commit()


def test_where_no_policy_limits_them_extensions_are_counted(house: House):
    number = ready(house)
    house.walk(number, after="020-1.4", to="020-1.6")
    extend(house, number, 10)
    extend(house, number, 14)
    decided = [e.detail["number"] for e in house.history(number) if e.what == "decide_extension"]
    assert decided == [1, 2]


def test_a_policy_that_allows_one_extension_allows_no_second(house: House):
    switch_on(house, "id-ojk-pojk22-2023")
    number = letter(house)
    due = house.clocks(number)["legal"].due_at
    words = {"reason": "Menunggu cabang lain", "condition": "other external factors"}
    house.take(number, ask_extension, until=due + DAY, **words)
    house.take(number, decide_extension, by="supervisor", answer="approved")
    with pytest.raises(Refused, match="No further extension is possible"):
        house.take(number, ask_extension, until=due + 5 * DAY, **words)


def test_a_limit_set_by_rule_moves_only_where_the_rule_says_so(house: House):
    switch_on(house, "id-ojk-pojk22-2023")
    number = house.receive()
    house.walk(number, to="020-1.6")
    due = house.clocks(number)["legal"].due_at
    with pytest.raises(Refused, match="allows no extension: POJK 22/2023"):
        house.take(number, ask_extension, until=due + DAY, reason="Menunggu cabang lain")


def test_an_extension_is_no_longer_than_the_policy_allows(house: House):
    switch_on(house, "id-ojk-pojk22-2023")
    number = letter(house)
    due = house.clocks(number)["legal"].due_at
    words = {"reason": "Menunggu cabang lain", "condition": "other external factors"}
    with pytest.raises(Invalid, match="later than the rules allow") as refusal:
        house.take(number, ask_extension, until=due + 60 * DAY, **words)
    assert refusal.value.field == "until"


def letter(house: House) -> str:
    """A registered written complaint of which the documents came with the letter."""
    number = house.receive(channel="email")
    house.take(number, complete_documents, at=house.complaint(number).received_at)
    house.walk(number, to="020-1.6")
    return number
