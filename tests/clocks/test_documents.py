"""Clocks that the law starts when the customer's documents are complete, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaints.clocks.expected import awaiting_documents
from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.ledger import rebuild
from complaints.domain.policies.whatif import RuleKind
from complaints.models import Deadline, LedgerEntry
from complaints.queries.complaint.seals.history import verify_history
from complaints.rulebook import read_entry
from complaints.rules.edit import rule_in_force
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.complete_documents import complete_documents
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.promise import promise_deadline
from tests.office import Office

OJK = "id-ojk-pojk22-2023"
FRONT_DESK = "id-default-front-desk"


def wib(text: str) -> datetime:
    """A wall time in Jakarta of November or December 2026, as an instant."""
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+07:00").astimezone(UTC)


@pytest.fixture
def bank(office: Office) -> Office:
    """The office under the rules for banks, on the morning before a written complaint."""
    office.switch_on(OJK)
    return office


def written(bank: Office, at: datetime | None = None) -> str:
    return bank.receive(at=at, channel="email")


def waiting(office: Office, number: str) -> list[str]:
    rows = office.rows(Deadline, number)
    case = office.open(number, at=office.at)
    found = awaiting_documents(office.rules, case.complaint, rows)
    office.session.commit()
    return [clause.id for _, clause in found]


def of_law(office: Office, number: str) -> list[Deadline]:
    return [clock for clock in office.rows(Deadline, number) if clock.policy == OJK]


def agree_with_ledger(office: Office, number: str) -> None:
    entries, rules = office.rows(LedgerEntry, number), office.rules
    timers = {timer.deadline_id for timer in office.timers(number)}
    for clock in office.rows(Deadline, number):
        own = [entry for entry in entries if entry.deadline_id == clock.id]
        ledger = rebuild(read_entry(rules, entry) for entry in own)
        assert (clock.due_at, clock.state) == (ledger.due_at, ledger.state), clock.kind
        assert (clock.id in timers) is (clock.ended_at is None)
    assert verify_history(office.session)["bad"] == []
    office.session.commit()


def test_the_limit_for_a_written_complaint_waits_for_the_documents(bank: Office):
    number = written(bank)
    assert of_law(bank, number) == []
    assert waiting(bank, number) == ["written"]
    # What we promise ourselves runs from the receipt whatever the customer has brought.
    assert {"ack", "plan", "progress", "resolve"} == set(bank.clocks(number))


def test_an_oral_complaint_waits_for_nothing(bank: Office):
    number = bank.receive()
    assert [clock.clause for clock in of_law(bank, number)] == ["oral"]
    assert waiting(bank, number) == []


def test_the_limit_counts_from_the_moment_and_not_from_the_writing_down(bank: Office):
    number = written(bank, at=wib("11-19 09:15"))
    moment = wib("11-20 10:00")
    bank.at = wib("11-23 15:00")
    case = bank.open(number, at=moment)
    case.recorded_at = bank.at = wib("11-23 15:00")
    complete_documents(case, note="KTP, bukti transaksi")
    bank.session.commit()
    (limit,) = of_law(bank, number)
    assert (limit.clause, limit.kind, limit.started_at) == ("written", "legal", moment)
    assert limit.due_at == wib("12-04 16:00")
    assert bank.complaint(number).documents_complete_at == moment
    entry = bank.history(number)[-1]
    assert (entry.what, entry.at) == ("complete_documents", moment)
    assert entry.detail["note"] == "KTP, bukti transaksi"
    assert datetime.fromisoformat(entry.detail["recorded_at"]) == wib("11-23 15:00")
    assert waiting(bank, number) == []
    agree_with_ledger(bank, number)


def test_where_nothing_had_to_be_brought_the_limit_counts_from_the_receipt(bank: Office):
    number = written(bank, at=wib("11-19 09:15"))
    bank.take(number, complete_documents, at=wib("11-19 09:15"))
    assert of_law(bank, number)[0].started_at == wib("11-19 09:15")


def test_the_documents_cannot_be_complete_before_there_was_a_complaint(bank: Office):
    number = written(bank, at=wib("11-19 09:15"))
    with pytest.raises(Invalid, match="before the complaint came in"):
        bank.take(number, complete_documents, at=wib("11-19 09:14"))
    assert of_law(bank, number) == []


def test_they_become_complete_once(bank: Office):
    number = written(bank)
    bank.take(number, complete_documents)
    with pytest.raises(Refused, match="already recorded"):
        bank.take(number, complete_documents)
    assert len(of_law(bank, number)) == 1


def test_it_is_for_whoever_handles_the_complaint(bank: Office):
    number = written(bank)
    for outsider in ("csr2", "auditor", "manager"):
        with pytest.raises(Forbidden):
            bank.take(number, complete_documents, by=outsider)
    bank.take(number, complete_documents, by="officer")
    assert of_law(bank, number)


def test_a_customer_who_has_brought_everything_is_not_waited_for_any_longer(bank: Office):
    number = written(bank, at=wib("11-19 09:15"))
    until = wib("11-26 09:00")
    bank.take(
        number,
        pause_clocks,
        by="supervisor",
        at=wib("11-19 10:00"),
        reason="Tunggu KTP",
        until=until,
    )
    bank.take(number, complete_documents, at=wib("11-20 10:00"))
    assert not bank.complaint(number).waiting_customer
    assert {clock.state for clock in bank.clocks(number).values()} <= {"running", "breached"}
    agree_with_ledger(bank, number)


def test_a_promise_made_while_no_limit_ran_holds_for_the_limit_as_well(office: Office):
    """A office whose only promise is the law's: what was told the customer is not forgotten."""
    alone(office)
    number = office.receive(channel="email", at=wib("11-19 09:15"))
    steps = [StepGiven("Memeriksa mutasi")]
    with pytest.raises(Invalid, match="the date you promise"):
        office.take(number, promise_deadline, steps=steps)
    promised = wib("11-27 16:00")
    office.take(number, promise_deadline, steps=steps, due_at=promised)
    office.take(number, complete_documents, at=wib("11-20 10:00"))
    (limit,) = of_law(office, number)
    assert (limit.told_at, limit.due_at) == (promised, promised)
    agree_with_ledger(office, number)


def test_a_later_promise_does_not_lengthen_the_limit(office: Office):
    alone(office)
    number = office.receive(channel="email", at=wib("11-19 09:15"))
    late = wib("12-18 16:00")
    office.take(number, promise_deadline, steps=[StepGiven("Memeriksa")], due_at=late)
    office.take(number, complete_documents, at=wib("11-20 10:00"))
    (limit,) = of_law(office, number)
    assert (limit.told_at, limit.due_at) == (late, wib("12-04 16:00"))


def alone(office: Office) -> None:
    """Let the banks' rules be the only ones."""
    office.switch_on(OJK)
    office.switch_off("id-default-front-desk")


def test_after_a_settlement_no_limit_starts(bank: Office):
    number = written(bank)
    bank.walk(number, to="020-3.4")
    assert waiting(bank, number) == []
    with pytest.raises(Refused, match="not possible at this stage"):
        bank.take(number, complete_documents)


def test_a_reopened_complaint_still_waits(bank: Office):
    number = written(bank)
    bank.take(number, withdraw_complaint, reason="Sudah beres")
    assert waiting(bank, number) == []
    # So late that nothing goes on which ran before the withdrawal.
    later = bank.at + timedelta(days=bank.rules.authority.withdrawal.take_back_days + 1)
    bank.take(number, reopen_complaint, at=later, reason="Belum beres")
    assert of_law(bank, number) == []
    assert waiting(bank, number) == ["written"]
    reopened_at = bank.at
    # That the documents were there before the reopening starts nothing before the reopening.
    bank.take(number, complete_documents, at=reopened_at - timedelta(minutes=2))
    (limit,) = of_law(bank, number)
    assert (limit.cycle, limit.started_at) == (2, reopened_at)
    agree_with_ledger(bank, number)


def test_documents_that_are_there_need_not_be_brought_again(bank: Office):
    number = written(bank)
    bank.take(number, complete_documents)
    bank.take(number, withdraw_complaint, reason="Sudah beres")
    later = bank.at + timedelta(days=bank.rules.authority.withdrawal.take_back_days + 1)
    bank.take(number, reopen_complaint, at=later, reason="Belum beres")
    first, second = of_law(bank, number)
    assert (first.cycle, first.state) == (1, "cancelled")
    assert (second.cycle, second.started_at, second.state) == (2, bank.at, "running")
    agree_with_ledger(bank, number)


def test_a_clock_asked_for_only_later_starts_at_the_moment_they_were_complete(office: Office):
    policy = rule_in_force(office.session, RuleKind.POLICY, FRONT_DESK).body
    bills = {
        "id": "bills",
        "kind": "legal",
        "start": "documents_complete",
        "duration": 2,
        "unit": "working_day",
        "category": "TAG_NAIK",
    }
    office.edit(RuleKind.POLICY, FRONT_DESK, clock=[*policy["clock"], bills])
    number = office.receive()
    assert waiting(office, number) == []
    office.take(number, complete_documents, at=office.at + timedelta(hours=1))
    moment = office.at
    assert "legal" not in office.clocks(number)
    office.take(number, amend_record, change=Amendment(category="TAG_NAIK"))
    assert office.clocks(number)["legal"].started_at == moment
    agree_with_ledger(office, number)


def test_a_pause_after_the_moment_counts_for_the_limit_too(bank: Office):
    number = written(bank, at=wib("11-19 09:15"))
    until = wib("11-26 09:00")
    bank.take(
        number,
        pause_clocks,
        by="supervisor",
        at=wib("11-19 10:00"),
        reason="Tunggu kabar",
        until=until,
    )
    bank.take(number, resume_clocks, at=wib("11-19 12:00"))
    bank.take(number, complete_documents, at=wib("11-19 09:30"))
    (limit,) = of_law(bank, number)
    # Ten working days end with the 3rd of December; two hours more reach into the 4th.
    assert limit.due_at == wib("12-04 16:00")
    agree_with_ledger(bank, number)
