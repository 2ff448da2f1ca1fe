"""Two customers taken for one: what was missed by nothing but that counts no more when undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from complaints.engine.fire import fire_due
from complaints.models import Deadline, Escalation, LedgerEntry, Timer
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.lists.board import read_board
from complaints.steps.casework.customer import Whose, merge_customers
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.casework.unmerge import unmerge_customers
from complaints.steps.close import withdraw_complaint
from complaints.steps.prioritise import override_priority
from tests.conftest import NOW
from tests.office import Office
from tests.steps.casework.test_customer import ANI, BUDI, told

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: A P1 is due within one working day, a P2 within three: the Friday, and the Tuesday after it.
DUE_P1, DUE_P2 = NOW + DAY, NOW + 5 * DAY
MONDAY = NOW + 4 * DAY
WHY = "Dua orang bernama sama"


def merged(office: Office) -> tuple[str, str]:
    """Hers, of a customer who weighs much, and his, a P2 that the merging made a P1."""
    hers, his = told(office, ANI, tier="VVIP"), told(office, BUDI)
    office.walk(his, to="020-1.6")
    others = select(Deadline.id).where(Deadline.kind != "resolve")
    office.session.execute(delete(Timer).where(Timer.deadline_id.in_(others)))
    office.session.commit()
    assert resolve(office, his)[-1].due_at == DUE_P2
    who = {"by": "supervisor", "reason": "Nomor KTP keduanya sama"}
    office.take(his, merge_customers, whose=Whose(number="PLG-9"), **who)
    assert (office.complaint(his).priority, resolve(office, his)[-1].due_at) == ("P1", DUE_P1)
    return hers, his


def part(office: Office, number: str, at: datetime) -> None:
    office.take(number, unmerge_customers, by="supervisor", at=at, reason=WHY)


def fire(office: Office, at: datetime) -> None:
    fired = fire_due(office.session, office.rules, at=at, limit=500)
    office.session.commit()
    assert fired.corrected == []


def resolve(office: Office, number: str) -> Sequence[Deadline]:
    return [each for each in office.rows(Deadline, number) if each.kind == "resolve"]


def ledger(office: Office, clock: Deadline) -> list[str]:
    query = select(LedgerEntry.what).where(LedgerEntry.deadline_id == clock.id)
    found = list(office.session.scalars(query.order_by(LedgerEntry.id)))
    office.session.commit()
    return found


def heard(office: Office, name: str) -> list[str]:
    return [each.kind for each in office.notices(name)]


def called_for_it(office: Office, number: str) -> list[Escalation]:
    """The escalations of deadlines for the resolution."""
    own = {each.id for each in resolve(office, number)}
    return [each for each in office.rows(Escalation, number) if each.deadline_id in own]


def is_sound(office: Office) -> bool:
    """Every record says what the history does, and the resolution has its timer."""
    bad = verify_history(office.session)["bad"]
    running = [each for each in office.session.scalars(select(Deadline)) if each.kind == "resolve"]
    named = {f"deadline {each.id} has no timer" for each in running if each.ended_at is None}
    return not [each for each in bad if each["table"] != "timers" or each["what"] in named]


@pytest.mark.parametrize("asked_on", ["hers", "his"])
def test_a_miss_by_the_merging_alone_is_set_right(office: Office, asked_on: str):
    hers, his = merged(office)
    fire(office, MONDAY)
    missed = resolve(office, his)[-1]
    assert missed.breached_at == DUE_P1
    assert office.complaint(his).escalation_level > 0
    called = {each.to_id for each in office.rows(Escalation, his)}
    part(office, {"hers": hers, "his": his}[asked_on], MONDAY + HOUR)
    old, new = resolve(office, his)
    assert (old.id, old.breached_at, old.state, old.ended_at) == (
        missed.id,
        None,
        "cancelled",
        MONDAY + HOUR,
    )
    assert ledger(office, old)[-3:] == ["breach", "void", "cancel"]
    assert (new.state, new.due_at, new.breached_at) == ("running", DUE_P2, None)
    complaint = office.complaint(his)
    assert (complaint.priority, complaint.escalation_level) == ("P2", 0)
    assert "missed_deadline" not in complaint.priority_reason["raises"]
    assert office.history(his)[-1].detail["misses"] == 1
    # Whoever was called or heard of it hears of the correction, but for who has made it.
    for name in ("manager", "csr"):
        is_told = office.id_of(name) in called or "breach" in heard(office, name)
        assert heard(office, name).count("miss_corrected") == int(is_told), name
    assert any("miss_corrected" in heard(office, name) for name in ("manager", "csr"))
    cards = read_board(office.session, office.rules, office.actor("manager"), now=MONDAY + HOUR)
    assert {each.end_reason for each in cards.escalations if each.number == his} == {WHY}
    assert is_sound(office)


def test_what_is_missed_later_calls_everybody_anew(office: Office):
    _, his = merged(office)
    fire(office, MONDAY)
    part(office, his, MONDAY + HOUR)
    fire(office, MONDAY + 2 * HOUR)
    before = called_for_it(office, his)
    fire(office, DUE_P2 + 4 * DAY)
    assert resolve(office, his)[-1].breached_at == DUE_P2
    again = called_for_it(office, his)[len(before) :]
    assert {each.to_id for each in again} >= {each.to_id for each in before}
    assert office.complaint(his).escalation_level > 0
    assert is_sound(office)


def test_a_miss_that_nobody_has_noted_yet_is_set_right_as_well(office: Office):
    _, his = merged(office)
    part(office, his, MONDAY)
    old, new = resolve(office, his)
    assert ledger(office, old)[-3:] == ["breach", "void", "cancel"]
    assert (new.state, new.due_at) == ("running", DUE_P2)
    fire(office, MONDAY + HOUR)
    assert called_for_it(office, his) == []
    assert is_sound(office)


def test_what_would_have_been_missed_without_the_merging_stays_missed(office: Office):
    _, his = merged(office)
    fire(office, MONDAY)
    part(office, his, DUE_P2 + HOUR)
    (clock,) = resolve(office, his)
    assert (clock.breached_at, clock.ended_at) == (DUE_P1, None)
    assert "misses" not in office.history(his)[-1].detail


def test_what_was_missed_before_the_merging_stays_missed(office: Office):
    told(office, ANI, tier="VVIP")
    his = told(office, BUDI)
    office.walk(his, to="020-1.6")
    fire(office, DUE_P2 + HOUR)
    office.at = DUE_P2 + HOUR
    who = {"by": "supervisor", "reason": "Nomor KTP keduanya sama"}
    office.take(his, merge_customers, whose=Whose(number="PLG-9"), **who)
    part(office, his, DUE_P2 + 2 * HOUR)
    assert resolve(office, his)[-1].breached_at == DUE_P2


def test_a_priority_that_a_supervisor_set_meanwhile_keeps_its_dates(office: Office):
    _, his = merged(office)
    why = {"priority": "P1", "reason": "Menyangkut banyak pelanggan lain"}
    office.take(his, override_priority, by="supervisor", **why)
    fire(office, MONDAY)
    part(office, his, MONDAY + HOUR)
    (clock,) = resolve(office, his)
    assert (clock.breached_at, office.complaint(his).priority) == (DUE_P1, "P1")


def test_one_that_has_ended_reads_as_it_would_have_ended(office: Office):
    hers, his = merged(office)
    fire(office, MONDAY)
    office.take(his, withdraw_complaint, at=MONDAY, reason="Sudah menyala lagi sendiri")
    assert resolve(office, his)[-1].state == "breached"
    part(office, hers, MONDAY + HOUR)
    (clock,) = resolve(office, his)
    assert (clock.state, clock.breached_at, clock.due_at) == ("cancelled", None, DUE_P2)
    assert ledger(office, clock)[-3:] == ["cancel", "void", "recompute"]
    entry = office.history(his)[-1]
    assert (entry.what, entry.detail["misses"]) == ("unmerge_customers", 1)
    assert is_sound(office)


def test_a_pause_that_a_late_clock_did_not_live_through_counts(office: Office):
    _, his = merged(office)
    fire(office, DUE_P1 + HOUR)
    why = {"reason": "Mengirim foto modem dan nomor seri", "until": MONDAY + 5 * HOUR}
    office.take(his, pause_clocks, at=DUE_P1 + HOUR, **why)
    part(office, his, MONDAY)
    new = resolve(office, his)[-1]
    assert (new.state, new.breached_at) == ("paused", None)
    fire(office, MONDAY + 6 * HOUR)
    new = resolve(office, his)[-1]
    assert new.state == "running"
    assert new.due_at > DUE_P2
    assert is_sound(office)


def test_what_was_called_for_otherwise_keeps_its_level(office: Office):
    _, his = merged(office)
    office.take(his, escalate_by_hand, reason="Pelanggan menunggu di loket sejak pagi")
    level = office.complaint(his).escalation_level
    fire(office, MONDAY)
    part(office, his, MONDAY + HOUR)
    assert office.complaint(his).escalation_level == level > 0
