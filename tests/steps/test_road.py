"""The whole road from the first word to the thanks, and what each step leaves behind."""

from __future__ import annotations

import pytest

from complaints.domain.deadlines import DeadlineState
from complaints.domain.evidence import CRITERIA
from complaints.domain.history import GENESIS, entry_hash, seal_hash
from complaints.domain.ledger import rebuild
from complaints.models import Deadline, HistorySeal, LedgerEntry, StepRecord
from complaints.rulebook import read_entry
from complaints.signing import history_keys
from tests.office import ROAD, Office, road

STATUS_AFTER = {
    "020-1.4": "received",
    "020-1.6": "registered",
    "020-2.4": "registered",
    "020-2.5": "in_handling",
    "020-3.2": "in_handling",
    "020-3.3": "offered",
    "020-3.4": "accepted",
    "020-3.7": "accepted",
    "closed": "closed",
}


def test_the_whole_road(office: Office):
    number = office.receive()
    for name, by, step, words in ROAD:
        complaint = office.take(number, step, by=by, **words)
        assert complaint.status == STATUS_AFTER.get(name, complaint.status), name
    complaint = office.complaint(number)
    assert (complaint.status, complaint.outcome) == ("closed", "SETUJU")
    assert complaint.closed_at == office.at
    states = office.states(number)
    assert states.pop("020-3.5") == "not_needed"
    assert set(states.values()) == {"proven"}


@pytest.mark.parametrize("name", [name for name, *_ in ROAD])
def test_each_step_leaves_exactly_one_history_entry(office: Office, name: str):
    number = office.receive()
    for each, by, step, words in road(to=name):
        before = len(office.history(number))
        office.take(number, step, by=by, **words)
        assert len(office.history(number)) == before + 1, each


def test_the_history_is_one_chain(office: Office):
    number = office.receive()
    office.walk(number)
    entries, seals = office.history(number), office.rows(HistorySeal, number)
    lines = {line.prev_hash: line for line in (*entries, *seals) if line.prev_hash}
    previous, chained = GENESIS, []
    while line := lines.pop(previous, None):
        key = history_keys()[line.key_id]
        if isinstance(line, HistorySeal):
            previous = seal_hash(key, previous, line.complaint_id, line.seq, line.content)
        else:
            chained.append(line)
            previous = entry_hash(
                key,
                previous,
                complaint_id=line.complaint_id,
                seq=line.seq,
                what=line.what,
                at=line.at,
                recorded_at=line.recorded_at,
                by_id=line.by_id,
                by_name=line.by_name,
                detail=line.detail,
            )
        assert line.hash == previous
    assert (lines, chained) == ({}, entries)
    assert [entry.seq for entry in entries] == [*range(1, len(entries) + 1)]
    complaint = office.complaint(number)
    assert (complaint.history_seq, complaint.history_hash) == (len(entries), previous)


def test_every_record_says_who_when_and_in_which_words(office: Office):
    number = office.receive()
    office.walk(number)
    records = {record.criterion: record for record in office.rows(StepRecord, number)}
    assert set(records) == set(CRITERIA) - {"020-3.5"}
    names = {office.people[name].name for name in ("csr", "officer")}
    assert {record.by_name for record in records.values()} == names
    assert not any(record.is_unable for record in records.values())
    assert records["020-1.2"].words == "Internet mati sejak kemarin"
    assert "Siti" in records["020-1.3"].words
    assert records["020-1.4"].words == "Memeriksa jaringan"
    assert records["020-3.3"].words == "Kabel disambung"
    assert "{" not in "".join(record.words for record in records.values())
    times = [record.at for record in office.rows(StepRecord, number)]
    assert times == sorted(times)


def test_the_customer_is_written_to_and_the_colleagues_told(office: Office):
    number = office.receive()
    office.walk(number)
    to_customer = [row.kind for row in office.letters(number) if "pelanggan" in row.to_address]
    assert to_customer == ["receipt", "closed"]
    to_staff = {row.to_address for row in office.letters(number)} - {"siti@pelanggan.example"}
    assert to_staff == {"officer@tanggap.example"}
    keys = [row.key for row in office.letters(number)]
    assert len(keys) == len(set(keys))


def test_the_clocks_of_the_road(office: Office):
    number = office.receive()
    assert {kind: clock.state for kind, clock in office.clocks(number).items()} == {
        "ack": "running",
        "plan": "running",
        "progress": "running",
        "resolve": "running",
    }
    office.walk(number, to="020-1.6")
    assert office.clocks(number)["ack"].state == "met"
    office.walk(number, after="020-1.6", to="asked")
    assert office.clocks(number)["internal_accept"].state == "running"
    office.walk(number, after="asked", to="020-2.1")
    assert office.clocks(number)["internal_accept"].state == "met"
    office.walk(number, after="020-2.1", to="020-2.5")
    assert office.clocks(number)["plan"].state == "met"
    office.walk(number, after="020-2.5", to="020-3.4")
    assert office.clocks(number)["resolve"].state == "met"
    office.walk(number, after="020-3.4")
    assert {clock.state for clock in office.rows(Deadline, number)} == {"met", "cancelled"}
    assert office.timers(number) == []
    assert office.complaint(number).next_due_at is None


@pytest.mark.parametrize("place", ["received", "020-1.6", "asked", "020-2.5", "020-3.3", "closed"])
def test_a_due_time_is_what_its_ledger_says(office: Office, place: str):
    number = office.receive()
    if place != "received":
        office.walk(number, to=place)
    entries = office.rows(LedgerEntry, number)
    rules, timed = office.rules, {timer.deadline_id for timer in office.timers(number)}
    live = []
    for clock in office.rows(Deadline, number):
        own = [entry for entry in entries if entry.deadline_id == clock.id]
        ledger = rebuild(read_entry(rules, entry) for entry in own)
        assert clock.due_at == ledger.due_at
        assert clock.state == ledger.state
        assert own[-1].due_at == clock.due_at
        assert (clock.ended_at is None) is (clock.id in timed)
        if clock.ended_at is None:
            live.append(clock)
    complaint = office.complaint(number)
    soonest = min(live, key=lambda clock: clock.due_at, default=None)
    assert complaint.next_due_at == (soonest.due_at if soonest else None)
    assert complaint.next_due_kind == (soonest.kind if soonest else None)


def test_each_of_our_answers_starts_the_progress_clock_anew(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    clocks = [clock for clock in office.rows(Deadline, number) if clock.kind == "progress"]
    # At receipt, registration, the explanation of the cause, and the offer.
    assert [clock.state for clock in clocks] == ["met", "met", "met", DeadlineState.RUNNING]
    assert clocks[-1].started_at == office.at


def test_the_promise_is_kept_as_told(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    complaint, resolve = office.complaint(number), office.clocks(number)["resolve"]
    assert complaint.promised_at == resolve.told_at == resolve.due_at
    receipt = office.letters(number)[0]
    assert receipt.facts["promised_at"] == complaint.promised_at.isoformat()
