"""Whatever keeps a percentage clean is in the report under a name, and each figure has its list."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete, event, update

from complaints.actions.exit_words import ExitWords
from complaints.domain.commitments.rules import CommitmentKind
from complaints.domain.errors import Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import CUSTOMER
from complaints.domain.words.exits import Unable
from complaints.engine.fire import fire_due
from complaints.models import Commitment, Complaint, Deadline, Exit, HistoryEntry
from complaints.people.customer_facts import FactsGiven
from complaints.places import MIGRATIONS
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.lists.filters import ListFilters
from complaints.queries.reports.drilldown import count_behind
from complaints.queries.reports.escalations import nearest_rank
from complaints.queries.reports.exceptions import (
    Asked,
    count_listed,
    list_exceptions,
    read_exceptions,
)
from complaints.queries.reports.exceptions_union import KINDS
from complaints.queries.reports.exit_report import exit_report, exits_csv
from complaints.queries.reports.export import report_csv
from complaints.queries.reports.figures import deadline_report
from complaints.queries.reports.period import Period
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.by_customer.withdraw import withdraw_on_page
from complaints.steps.case import open_case
from complaints.steps.casework.approve import decide_offer
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.customer import Whose, change_customer, merge_customers
from complaints.steps.casework.escalate import acknowledge_escalation, escalate_by_hand
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.casework.state_facts import state_facts, state_facts_of
from complaints.steps.close import (
    close_complaint,
    reopen_complaint,
    take_back_withdrawal,
    withdraw_complaint,
)
from complaints.steps.commitments.settle import drop_commitment, keep_commitments, undertake
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.inform import inform_parties
from complaints.steps.offer import offer_solution
from complaints.steps.plan import draw_up_plan
from complaints.steps.prioritise import override_priority, set_priority
from tests.conftest import NOW
from tests.office import Office, road

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FROM, TO = date(2026, 11, 1), date(2026, 11, 30)
LATER = datetime(2026, 12, 20, 3, tzinfo=UTC)


def report(office: Office, name: str = "manager"):
    found = deadline_report(office.session, office.actor(name), FROM, TO, None, now=LATER)
    office.session.commit()
    return found


def exceptions(office: Office, name: str = "manager") -> dict[str, dict[str, int]]:
    """Kind → the name of who took it → how often."""
    return {
        each["kind"]: {person["name"]: person["count"] for person in each["people"]}
        for each in report(office, name).as_json()["exceptions"]
        if each["count"]
    }


def listed(office: Office, **asked: str):
    rules = office.rules
    period = Period.of(FROM, TO, rules)
    actor, wanted = office.actor("manager"), Asked(**asked)
    rows = list_exceptions(office.session, actor, period, rules, wanted)
    assert len(rows) == count_listed(office.session, actor, period, rules, wanted)
    office.session.commit()
    return rows


def registered(office: Office) -> str:
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.6")
    return number


def test_an_extension_counts_under_who_asked_and_names_who_approved(office: Office):
    number = registered(office)
    until = office.clocks(number)["resolve"].due_at + DAY
    office.take(number, ask_extension, until=until, reason="Suku cadang belum tiba")
    assert exceptions(office) == {}
    office.take(number, decide_extension, by="supervisor", answer="approved")
    assert exceptions(office) == {"extension": {"Csr": 1}}
    (row,) = listed(office, kind="extension", handler="csr@tanggap.example")
    assert (row.by, row.signed_by, row.reason) == ("Csr", "Supervisor", "Suku cadang belum tiba")


def test_pauses_withdrawals_and_priorities_count_under_who_did_it(office: Office):
    number = registered(office)
    office.take(number, override_priority, by="supervisor", priority="P4", reason="Gangguan kecil")
    office.take(number, pause_clocks, reason="Menunggu foto", until=office.at + DAY)
    office.take(number, withdraw_complaint, reason="Salah alamat")
    assert exceptions(office) == {
        "override": {"Supervisor": 1},
        "pause": {"Csr": 1},
        "withdrawal": {"Csr": 1},
    }
    (row,) = listed(office, kind="override")
    assert row.reason == "Gangguan kecil"
    # A pause says what was waited for, and both figures count the same ones.
    (row,) = listed(office, kind="pause")
    assert (row.code, row.reason) == (office.rows(Exit, number)[0].code, "Menunggu foto")
    assert row.code
    stopped = report(office).stopped
    assert (stopped.pauses, sum(stopped.withdrawals.values())) == (1, 1)


def withdrawn_and_taken_back(office: Office) -> tuple[str, str]:
    """A customer withdraws on their page and takes it back; another's duplicate opens by itself."""
    one = registered(office)
    other = office.receive(who={"name": "Budi", "phone": "0811 1111 1111", "email": ""})
    office.take(other, merge_complaint, by="supervisor", into=one, reason="Gangguan yang sama")
    for minutes, step, words in (
        (5, withdraw_on_page, {"reason": "Sudah menyala sendiri"}),
        (9, take_back_withdrawal, {}),
    ):
        at = office.at + timedelta(minutes=minutes)
        step(open_case(office.session, one, by=CUSTOMER, at=at), **words)
        office.session.commit()
    return one, other


@pytest.mark.usefixtures("merged_as_before")
def test_what_a_customer_did_on_their_own_page_is_theirs_and_not_ours(office: Office):
    one, other = withdrawn_and_taken_back(office)
    assert exceptions(office) == {
        "duplicate": {"Supervisor": 1},
        "withdrawal": {"Pelanggan": 1},
        "reopening": {"Pelanggan": 1, "Tanggap": 1},
    }
    # Each line opens the list of its own, and together they are all of a kind.
    by = {
        key: {(row.kind, row.complaint_id, row.by, row.by_customer) for row in rows}
        for key in ("customer", "none", "supervisor@tanggap.example")
        if (rows := listed(office, handler=key))
    }
    first, second = office.complaint(one).id, office.complaint(other).id
    assert by == {
        "customer": {("withdrawal", first, None, True), ("reopening", first, None, True)},
        "none": {("reopening", second, None, False)},
        "supervisor@tanggap.example": {("duplicate", second, "Supervisor", False)},
    }
    for each in report(office).exceptions.people:
        found = Counter(row.kind for row in listed(office, handler=each.key or "none"))
        assert found == each.counts


@pytest.mark.usefixtures("merged_as_before")
def test_files_and_programs_tell_customers_and_tanggap_apart(office: Office):
    withdrawn_and_taken_back(office)
    say = {lang: ExitWords(office.rules, lang) for lang in ("id", "en")}
    found = exit_report(office.session, office.actor("manager"), FROM, TO, "handler")
    told = found.as_json(say["id"], say["en"])
    assert {(row["key"], row["label"], row["label_en"], row["count"]) for row in told["rows"]} == {
        ("customer", "Pelanggan", "Customer", 2),
        ("", "Tanggap", "Tanggap", 1),
        ("supervisor@tanggap.example", "Supervisor", "Supervisor", 1),
    }
    assert {(item["by"], item["by_key"]) for item in told["items"]} == {
        ("Pelanggan", "customer"),
        (None, ""),
        ("Supervisor", "supervisor@tanggap.example"),
    }
    for lang, name in (("id", "Pelanggan"), ("en", "Customer")):
        rows = csv.DictReader(io.StringIO(exits_csv(found, say[lang])))
        assert Counter(row["by"] for row in rows) == {name: 2, "": 1, "Supervisor": 1}
        figures = report_csv(report(office), say[lang].say, lang)
        lines = {row["key"]: row for row in csv.DictReader(io.StringIO(figures))}
        mine, ours = (lines[f"exception/reopening/{key}"] for key in ("customer", ""))
        assert (mine["label"], mine["count"]) == (name, "1")
        assert (ours["label"], ours["count"]) == ("Tanggap", "1")


def test_what_could_not_be_done_counts_by_criterion_and_person(office: Office):
    office.at = NOW
    number = office.receive(at=NOW)
    for name, by, step, words in road(to="020-1.3"):
        excused = name == "020-1.2"
        words = {"summary": "", "answer": "yes"} if excused else words
        more = {"unable": Unable("Pelanggan pergi sebelum selesai")} if excused else {}
        office.take(number, step, by=by, **words, **more)
    assert exceptions(office)["unable"] == {"Csr": 1}
    (row,) = listed(office, criterion="020-1.2")
    assert (row.kind, row.reason) == ("unable", "Pelanggan pergi sebelum selesai")
    assert row.code == "customer_left"


def test_an_entry_dated_back_shows_however_late_it_was_written(office: Office):
    number = registered(office)
    case = open_case(office.session, number, by=office.actor("csr"), at=NOW + HOUR)
    case.recorded_at = NOW + 3 * DAY
    write_note(case, text="Pelanggan menelepon")
    office.session.commit()
    assert exceptions(office) == {"backdated": {"Csr": 1}}
    (row,) = listed(office, kind="backdated")
    assert (row.at, row.code) == (NOW + 3 * DAY, "note")
    assert verify_history(office.session)["bad"] == []
    # Whoever takes the trace away in the table is found by the seal.
    entry = next(each for each in office.history(number) if each.recorded_at)
    entry.recorded_at = None
    office.session.commit()
    assert [each["what"] for each in verify_history(office.session)["bad"]] == ["it was changed"]
    assert office.rows(HistoryEntry, number)


def dated_back(office: Office, number: str, told: datetime, step, *, after: datetime, **words):
    """Record a step at one instant as though it had been at an earlier one."""
    case = open_case(office.session, number, by=office.actor("csr"), at=told)
    case.recorded_at = after
    step(case, **words)
    office.session.commit()


def past_due(office: Office) -> dict[str, int]:
    (line,) = (
        each for each in report(office).as_json()["exceptions"] if each["kind"] == "backdated"
    )
    people = {each["name"]: each["past_due"] for each in line["people"]}
    rows = listed(office, kind="past_due")
    assert sum(people.values()) == line["past_due"] == len(rows)
    return {name: count for name, count in people.items() if count}


@pytest.mark.parametrize("is_swept", [False, True])
def test_an_answer_told_before_the_deadline_and_written_after_it_keeps_nothing(
    office: Office, is_swept: bool
):
    """Whether or not a sweep noted the miss meanwhile: what counts is when it was written down."""
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-3.3")
    due = office.clocks(number)["resolve"].due_at
    if is_swept:
        fire_due(office.session, office.rules, at=due + HOUR)
        office.session.commit()
    words = {"answer": "accepted", "method": "spoken"}
    dated_back(office, number, due - HOUR, take_answer, after=due + 3 * HOUR, **words)
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.breached_at, clock.ended_at) == ("breached", due, due - HOUR)
    assert "breach" in [each.what for each in office.history(number)]
    found = report(office)
    assert (found.total.met, found.total.breached, found.total.first_missed) == (0, 1, 1)
    assert (found.balance.places["missed_settled"], found.balance.kept_dated_back) == (1, 0)
    assert past_due(office) == {"Csr": 1}
    (row,) = listed(office, kind="past_due", handler="csr@tanggap.example")
    assert (row.kind, row.code, row.past_kind) == ("backdated", "accept", "resolve")
    assert row.past_due_at == due
    assert listed(office, kind="past_due", handler="supervisor@tanggap.example") == []


@pytest.mark.parametrize("by", ["csr", "supervisor"])
def test_lowering_the_type_of_a_customer_counts_for_every_complaint_it_slows(office: Office, by):
    customer = {"number": "PLG-7", "tier": "HVC_PLATINUM"}
    one, other = office.receive(who=customer), office.receive(who=customer)
    if by == "csr":
        office.take(one, state_facts, given=FactsGiven(tier="REGULER"))
    else:
        # By the customer's number, with no complaint named.
        who, given = office.actor(by), FactsGiven(tier="REGULER")
        state_facts_of(office.session, office.rules, "PLG-7", given, by=who, at=office.at)
        office.session.commit()
    name = by.title()
    assert exceptions(office) == {"tier": {name: 2}}
    found = {(row.by, row.reason) for row in listed(office, kind="tier")}
    assert found == {(name, "HVC Platinum → Reguler")}
    assert len({row.complaint_id for row in listed(office, kind="tier")}) == 2
    # One that gains by it is no way round.
    office.take(other, state_facts, given=FactsGiven(tier="HVC_GOLD"))
    assert exceptions(office) == {"tier": {name: 2}}


def test_moving_and_merging_count_where_the_complaint_weighs_less_by_it(office: Office):
    plain = {"name": "Budi", "number": "PLG-1", "phone": "0811 1111 1111", "email": ""}
    best = {"name": "Ani", "tier": "HVC_PLATINUM", "needs": ("lansia",)}
    usual = office.receive(who=plain)
    moved = office.receive(who={**best, "number": "PLG-2", "phone": "0822 2222 2222"})
    merged = office.receive(who={**best, "phone": "0833 3333 3333", "email": "ani3@x.example"})
    beside = office.receive(who={**best, "phone": "0833 3333 3333", "email": "ani3@x.example"})
    ended = office.receive(who={**best, "phone": "0833 3333 3333", "email": "ani3@x.example"})
    office.walk(ended)
    before = office.complaint(moved).priority
    why = "Keduanya orang yang sama"
    office.take(moved, change_customer, whose=Whose(number="PLG-1"), reason=why)
    assert office.complaint(moved).priority > before
    assert exceptions(office)["tier"] == {"Csr": 1}
    assert [row.reason for row in listed(office, kind="tier")] == [
        "HVC Platinum → Reguler; Lanjut usia → –"
    ]
    slower = office.complaint(usual).priority
    office.take(merged, merge_customers, by="supervisor", whose=Whose(number="PLG-1"), reason=why)
    # Each open complaint that lost by it, and no ended one; the need is the customer's from now on.
    assert exceptions(office)["tier"] == {"Csr": 1, "Supervisor": 2}
    found = {
        (office.rules.numbers.write(row.year, row.complaint_id), row.reason)
        for row in listed(office, kind="tier")
        if row.by == "Supervisor"
    }
    assert found == {(each, "HVC Platinum → Reguler") for each in (merged, beside)}
    for number in (usual, moved):
        assert office.complaint(number).priority < slower
        assert office.history(number)[-1].what == "merge_customers"


def test_what_weighs_less_since_it_ended_counts_when_it_is_opened_again(office: Office):
    """Else the next priority would be lower, and nobody's name would stand by it."""
    best = {"name": "Ani", "tier": "HVC_PLATINUM", "needs": ("lansia",)}
    number = office.receive(who={**best, "phone": "0822 2222 2222", "email": "ani@x.example"})
    usual = office.receive(who={"name": "Budi", "phone": "0811 1111 1111", "email": ""})
    office.walk(number)
    before = office.complaint(number).priority
    whose = Whose(complaint=usual)
    office.take(number, change_customer, whose=whose, reason="Salah pilih pelanggan")
    assert "tier" not in exceptions(office)
    office.take(number, reopen_complaint, reason="Mati lagi sejak pagi")
    (counted,) = listed(office, kind="tier")
    office.take(number, set_priority)
    after = office.complaint(number).priority
    assert (after > before, counted.reason) == (True, f"{before} → {after}; → Reguler")
    # Its priority rests on what its customer weighs now: the next time there is nothing to say.
    office.promise_anew(number)
    office.walk(number, after="020-2.5")
    office.take(number, reopen_complaint, reason="Mati lagi sejak pagi")
    assert exceptions(office)["tier"] == {"Csr": 1}


def test_earlier_complaints_left_behind_at_the_end_count_when_it_is_opened_again(office: Office):
    *_, third = (office.receive() for _ in range(3))
    office.walk(third)
    before = office.complaint(third).priority
    why = "Katanya orang lain"
    office.take(third, change_customer, whose=Whose(is_own=True), reason=why)
    office.take(third, reopen_complaint, reason="Mati lagi sejak pagi")
    office.take(third, set_priority)
    after = office.complaint(third).priority
    assert after > before
    assert [row.reason for row in listed(office, kind="tier")] == [f"{before} → {after}"]


@pytest.mark.parametrize("is_overridden", [False, True])
def test_opening_again_what_weighs_as_before_counts_nothing(office: Office, is_overridden: bool):
    number = office.receive(who={"tier": "HVC_PLATINUM", "needs": ("lansia",)})
    office.walk(number, to="020-2.5")
    if is_overridden:
        # Lowered while it was open, and counted then; its priority rests on a supervisor's word.
        told = {"priority": "P3", "reason": "Sudah ada pengganti sementara"}
        office.take(number, override_priority, by="supervisor", **told)
        office.take(number, state_facts, given=FactsGiven(tier="REGULER"))
    counted = exceptions(office).get("tier")
    office.walk(number, after="020-2.5")
    office.take(number, reopen_complaint, reason="Mati lagi sejak pagi")
    assert exceptions(office).get("tier") == counted == ({"Csr": 1} if is_overridden else None)


def test_leaving_earlier_complaints_behind_counts_where_it_slows(office: Office):
    """The third contact on one matter goes first; a record of its own has none before it."""
    *_, third = (office.receive() for _ in range(3))
    office.walk(third, to="020-2.4")
    before = office.complaint(third).priority
    why = "Katanya orang lain"
    office.take(third, change_customer, whose=Whose(is_own=True), reason=why)
    after = office.complaint(third).priority
    assert after > before
    assert [row.reason for row in listed(office, kind="tier")] == [f"{before} → {after}"]


def test_a_need_that_is_taken_away_counts_and_one_that_is_added_does_not(office: Office):
    number = office.receive(who={"needs": ("lansia", "bahasa")})
    office.walk(number, to="020-2.4")
    before = office.complaint(number).priority
    office.take(number, amend_record, change=Amendment(needs=("lansia",)))
    assert "tier" not in exceptions(office)
    office.take(number, amend_record, change=Amendment(needs=("bahasa",)))
    assert office.complaint(number).priority > before
    assert exceptions(office)["tier"] == {"Csr": 1}
    assert [row.reason for row in listed(office, kind="tier")] == ["Lanjut usia → –"]
    office.take(number, amend_record, change=Amendment(needs=("lansia",)))
    assert exceptions(office)["tier"] == {"Csr": 1}


def test_what_an_earlier_version_kept_by_dating_back_still_counts_apart(office: Office):
    """Kept under the rules of then: the state stands as it was stored, and the balance says so."""
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-3.3")
    due = office.clocks(number)["resolve"].due_at
    words = {"answer": "accepted", "method": "spoken"}
    dated_back(office, number, due - HOUR, take_answer, after=due + 3 * HOUR, **words)
    clock = office.clocks(number)["resolve"]
    clock.state, clock.breached_at = "met", None
    office.session.commit()
    found = report(office)
    assert (found.balance.places["kept"], found.balance.kept_dated_back) == (1, 1)


def test_the_first_date_is_not_kept_by_an_answer_that_was_written_down_after_it(office: Office):
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-3.3")
    first = office.complaint(number).first_told_at
    office.take(number, ask_extension, until=first + 3 * DAY, reason="Suku cadang belum tiba")
    office.take(number, decide_extension, by="supervisor", answer="approved")
    words = {"answer": "accepted", "method": "spoken"}
    dated_back(office, number, first - HOUR, take_answer, after=first + DAY, **words)
    total = report(office).total
    assert (total.met, total.breached, total.first_kept, total.first_missed) == (1, 0, 0, 1)


def test_a_date_beyond_the_limit_counts_under_the_supervisor_who_set_it(office: Office):
    number = registered(office)
    near = StepGiven("Menyambung kabel", due_at=office.at + 20 * DAY)
    office.take(number, undertake, by="supervisor", kind="plan", step=near)
    assert exceptions(office) == {}
    far = StepGiven("Mengganti tiang", due_at=office.at + 60 * DAY)
    office.take(number, undertake, by="supervisor", kind="plan", step=far)
    assert exceptions(office) == {"far_date": {"Supervisor": 1}}
    (row,) = listed(office, kind="far_date")
    assert (row.code, row.reason) == ("plan", "Mengganti tiang: Senin, 18 Januari 2027")


def test_an_entry_dated_back_over_no_deadline_is_dated_back_and_nothing_more(office: Office):
    number = registered(office)
    dated_back(
        office, number, NOW + HOUR, write_note, after=NOW + HOUR + timedelta(minutes=1), text="Ok"
    )
    assert exceptions(office) == {"backdated": {"Csr": 1}}
    assert past_due(office) == {}


def test_a_deadline_met_before_it_was_due_is_not_gone_past_by_a_later_note(office: Office):
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number)
    due = max(each.due_at for each in office.rows(Deadline, number))
    told = office.complaint(number).closed_at - HOUR
    dated_back(office, number, told, write_note, after=due + DAY, text="Pelanggan menelepon")
    met = [each for each in office.rows(Deadline, number) if each.ended_at < each.due_at]
    assert met
    assert report(office).balance.kept_dated_back == 0
    assert past_due(office) == {}


def test_commitments_are_kept_missed_or_dropped_by_their_owner(office: Office):
    office.at = NOW
    kept = office.receive(at=NOW)
    office.walk(kept)
    lines = {each["label_en"]: each for each in report(office).as_json()["commitments"]}
    done = [each for each in office.rows(Commitment, kept) if each.done_at]
    assert sum(each["kept"] for each in lines.values()) == len(done) >= 2
    late = registered(office)
    (step,) = office.rows(Commitment, late)
    office.take(
        late, drop_commitment, at=step.due_at + HOUR, commitment=step.id, reason="Tidak perlu lagi"
    )
    lines = {each["label_en"]: each for each in report(office).as_json()["commitments"]}
    # Dropping what was missed does not make it any better.
    assert sum(each["missed"] for each in lines.values()) == 1
    assert exceptions(office) == {"drop": {"Csr": 1}}


def test_a_step_that_a_new_list_moves_or_leaves_out_counts_under_who_wrote_it(office: Office):
    number = registered(office)
    step = StepGiven("Menyambung kabel", "TEKNIK", office.at + HOUR)
    office.take(number, draw_up_plan, steps=[step])
    later = [replace(step, due_at=step.due_at + HOUR), StepGiven("Melapor ke pelanggan", "Csr")]
    office.take(number, draw_up_plan, by="supervisor", steps=later)
    assert exceptions(office) == {"replaced": {"Supervisor": 1}}
    office.take(number, draw_up_plan, steps=later[1:])
    assert exceptions(office) == {"replaced": {"Supervisor": 1, "Csr": 1}}
    # What is listed again as it was goes on, and is no exception.
    office.take(number, draw_up_plan, steps=later[1:])
    found = listed(office, kind="replaced")
    assert [(each.code, each.reason) for each in found] == [("plan", "Menyambung kabel")] * 2


def test_what_the_customer_undertook_counts_by_its_date_though_no_clock_runs(office: Office):
    number = registered(office)
    for days in (1, 2):
        step = StepGiven("Membawa bukti bayar", "customer", NOW + days * DAY)
        office.take(number, undertake, kind="document", step=step)
    kept, missed = (each for each in office.rows(Commitment, number) if each.kind == "document")
    office.take(number, keep_commitments, ids=[kept.id])
    lines = {each["label_en"]: each for each in report(office).as_json()["commitments"]}
    assert (lines["Customer"]["kept"], lines["Customer"]["missed"]) == (1, 1)
    # Nothing is owed for what stands there from before commitments were kept.
    for each in (kept, missed):
        each.is_earlier = True
    office.session.commit()
    assert "Customer" not in {each["label_en"] for each in report(office).as_json()["commitments"]}


def test_a_text_said_despite_the_courtesy_check_counts_with_its_reason(office: Office):
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.2")
    text = "Ini salah Bapak sendiri."
    with pytest.raises(Invalid):
        office.take(number, send_apology, stage="intake", text=text)
    why = "Pelanggan meminta kata-kata ini"
    office.take(number, send_apology, stage="intake", text=text, anyway=why)
    assert exceptions(office) == {"courtesy": {"Csr": 1}}
    (row,) = listed(office, kind="courtesy")
    assert row.reason == why


def test_a_decision_on_an_offer_counts_with_its_amount(office: Office):
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-3.2")
    office.take(number, offer_solution, remedy="REFUND", description="Ganti rugi", amount=400_000)
    office.take(number, decide_offer, by="supervisor", answer="approved")
    assert exceptions(office) == {"approval": {"Supervisor": 1}}
    money = {each["name"]: each for each in report(office).as_json()["money"]}
    assert (money["Csr"]["given"], money["Csr"]["given_amount"]) == (1, 400_000)
    assert money["Csr"]["asked_amount"] == 400_000
    assert money["Supervisor"]["approved_amount"] == 400_000


def test_nobody_sees_the_ways_of_another_branch(office: Office):
    number = registered(office)
    office.take(number, pause_clocks, reason="Menunggu foto", until=office.at + DAY)
    office.people["supervisor"].branch_id = office.rules.branches_by_code["MKS"].id
    office.session.commit()
    assert exceptions(office, "supervisor") == {}


def ended_and_opened(office: Office) -> tuple[str, str]:
    """One referred in time; one closed late, opened again, closed and opened again."""
    office.at = NOW
    referred = office.receive(at=NOW)
    office.walk(referred, to="kept")
    office.take(referred, close_complaint, outcome="SENGKETA")
    office.at = NOW
    late = office.receive(at=NOW)
    office.walk(late, to="020-3.3")
    office.at = NOW + 10 * DAY
    office.walk(late, after="020-3.3")
    office.take(late, reopen_complaint, reason="Putus lagi")
    office.promise_anew(late)
    office.walk(late, after="020-2.5")
    office.take(late, reopen_complaint, by="supervisor", reason="Masih putus juga")
    return referred, late


def test_referrals_and_reopenings_count_under_who_made_them(office: Office):
    ended_and_opened(office)
    assert exceptions(office) == {
        "referral": {"Csr": 1},
        "reopening": {"Csr": 1, "Supervisor": 1},
    }
    (row,) = listed(office, kind="referral")
    assert (row.by, row.code) == ("Csr", "SENGKETA")
    reasons = [row.reason for row in listed(office, kind="reopening")]
    assert reasons == ["Masih putus juga", "Putus lagi"]


def test_those_of_a_database_of_before_come_in_with_what_their_promise_stood_at(office: Office):
    def kept() -> list[tuple[object, ...]]:
        rows = [each for number in numbers for each in office.rows(Exit, number)]
        return [
            (each.kind, each.cycle, each.promise_state, each.code, each.by_name, each.at)
            for each in rows
        ]

    numbers = ended_and_opened(office)
    before = kept()
    assert [each[2] for each in before] == ["kept", "missed", "kept"]
    revision = migration("referrals_and_reopenings")
    office.session.commit()
    with office.engine.begin() as connection:
        connection.execute(delete(Exit))
        revision._keep(connection)
    office.session.expire_all()
    assert kept() == before
    assert all(each.is_earlier for number in numbers for each in office.rows(Exit, number))


def test_the_report_of_exits_groups_with_numbers(office: Office):
    one, two = registered(office), registered(office)
    for number in (one, two):
        office.take(number, pause_clocks, reason="Menunggu foto", until=office.at + DAY)
    office.take(one, withdraw_complaint, reason="Salah alamat")
    manager = office.actor("manager")
    words = ExitWords(office.rules, "id"), ExitWords(office.rules, "en")
    found = exit_report(office.session, manager, FROM, TO, "handler").as_json(*words)
    (row,) = found["rows"]
    assert (row["key"], row["count"]) == ("csr@tanggap.example", 3)
    assert sorted(row["numbers"]) == sorted((one, two))
    assert found["total"] == len(found["items"]) == 3
    assert {each["kind"]: each["count"] for each in found["kinds"]} == {
        **dict.fromkeys(KINDS, 0),
        "pause": 2,
        "withdrawal": 1,
    }
    with pytest.raises(Invalid):
        exit_report(office.session, office.actor("manager"), FROM, TO, "nonsense")


def test_a_reason_is_said_in_words_beside_its_code(office: Office):
    office.at = NOW
    number = office.receive(at=NOW)
    excuse = Unable("Pelanggan pergi sebelum selesai", "customer_left")
    for name, by, step, words in road(to="020-1.3"):
        excused = name == "020-1.2"
        words = {"summary": "", "answer": "yes", "unable": excuse} if excused else words
        office.take(number, step, by=by, **words)
    say = ExitWords(office.rules, "id"), ExitWords(office.rules, "en")
    manager = office.actor("manager")
    found = exit_report(office.session, manager, FROM, TO, "reason")
    known = office.rules.exits.reasons["customer_left"]
    (item,) = found.as_json(*say)["items"]
    assert (item["code"], item["code_label"], item["code_label_en"]) == (
        "customer_left",
        known.label_id,
        known.label_en,
    )
    (row,) = found.as_json(*say)["rows"]
    assert (row["key"], row["label"], row["label_en"]) == (
        "customer_left",
        known.label_id,
        known.label_en,
    )
    for words, label in zip(say, (known.label_id, known.label_en), strict=True):
        (line,) = csv.DictReader(io.StringIO(exits_csv(found, words)))
        assert (line["code"], line["code_label"]) == ("customer_left", label)
        assert line["kind_label"] == words.kind("unable") != "unable"
        assert line["criterion_label"] == words.criterion("020-1.2") != "020-1.2"
    by_criterion = exit_report(office.session, manager, FROM, TO, "criterion").as_json(*say)
    assert [(each["key"], each["label"]) for each in by_criterion["rows"]] == [
        ("020-1.2", say[0].criterion("020-1.2"))
    ]
    office.session.commit()


def test_every_kind_and_every_code_of_ours_has_words_in_both_languages(office: Office):
    """A word that is missing from the catalogue would be English on an Indonesian page."""
    own = {
        **{("drop", each.value): each.value for each in CommitmentKind},
        **{("replaced", each.value): each.value for each in CommitmentKind},
        **{("far_date", each.value): each.value for each in CommitmentKind},
        **{("approval", each): each for each in ("approved", "rejected")},
        **{("backdated", each.value): each.value for each in Action},
    }
    first, second = ExitWords(office.rules, "id"), ExitWords(office.rules, "en")
    for kind in (*KINDS, "past_due"):
        assert kind != first.kind(kind) != second.kind(kind)
    for (kind, code), bare in own.items():
        assert bare != first.code(kind, code) != second.code(kind, code), (kind, code)
    assert first.code("unable", "retired_long_ago") == "retired_long_ago"


def test_escalations_by_level_with_the_working_time_until_somebody_answered(office: Office):
    numbers = [registered(office) for _ in range(3)]
    for number, minutes in zip(numbers, (10, 40, None), strict=True):
        at = NOW + HOUR
        office.take(number, escalate_by_hand, at=at, reason="Pelanggan sangat marah")
        if minutes:
            answered = at + timedelta(minutes=minutes)
            office.take(number, acknowledge_escalation, by="supervisor", at=answered)
    calendar = office.rules.calendar_of(office.complaint(numbers[2]).branch_id).value
    (line,) = report(office).as_json()["escalations"]
    assert line == {
        "level": 1,
        "raised": 3,
        "by_hand": 3,
        "acknowledged": 2,
        "unanswered": 1,
        "median_seconds": 600,
        "p90_seconds": 2400,
        "longest_seconds": 2400,
        "waiting_seconds": calendar.between(NOW + HOUR, LATER),
    }


def test_one_that_lay_for_days_is_not_hidden_by_the_quick_ones(office: Office):
    for minutes in (10, 10, 10, 10, 10, 30 * 60):
        office.at = NOW
        number = registered(office)
        office.take(number, escalate_by_hand, at=NOW + HOUR, reason="Pelanggan sangat marah")
        until = NOW + HOUR + timedelta(minutes=minutes)
        office.take(number, acknowledge_escalation, by="supervisor", at=until)
    (line,) = report(office).escalations
    assert line.median_seconds == 600
    assert line.longest_seconds > 8 * 3600
    assert line.waiting_seconds is None


def test_what_waits_on_a_complaint_that_has_ended_waits_no_longer(office: Office):
    number = registered(office)
    office.take(number, escalate_by_hand, at=NOW + HOUR, reason="Pelanggan sangat marah")
    assert report(office).escalations[0].waiting_seconds
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi sendiri")
    (line,) = report(office).escalations
    assert (line.unanswered, line.waiting_seconds) == (1, None)


@pytest.mark.parametrize(
    ("values", "median", "ninth"),
    [([], None, None), ([7], 7, 7), ([1, 2, 3, 4], 2, 4), (list(range(1, 11)), 5, 9)],
)
def test_the_nearest_rank_is_a_value_that_was_there(values, median, ninth):
    assert (nearest_rank(values, 0.5), nearest_rank(values, 0.9)) == (median, ninth)


def test_first_contact_is_taken_handled_and_closed_in_one_conversation(office: Office):
    """A road of nineteen steps, five minutes each, all by one person, is within two hours."""
    alone = office.receive(at=NOW)
    for _, _, step, words in road():
        office.take(alone, step, by="supervisor" if alone is None else _who(step), **words)
    slow = office.receive(at=NOW)
    office.at = NOW + 3 * HOUR
    office.walk(slow)
    office.receive(at=NOW, channel="email")
    found = report(office).first_contact
    assert (found.resolved, found.possible) == (1, 2)
    actor, rules = office.actor("manager"), office.rules
    for figure, count in (("first_contact", 1), ("first_contact_possible", 2)):
        filters = ListFilters(figure=figure, from_on=FROM, to_on=TO)
        assert count_behind(office.session, actor, filters, rules, now=LATER) == count
    office.session.commit()
    at = office.at + DAY
    office.take(alone, reopen_complaint, by="supervisor", at=at, reason="Putus lagi")
    assert report(office).first_contact.resolved == 0


def test_a_database_of_before_is_marked_only_where_one_person_did_it_all(office: Office):
    def close_at_once(closer: str = "csr", *, escalated: bool = False) -> str:
        office.at = NOW
        number = office.receive(at=NOW)
        if escalated:
            office.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
        for _, _, step, words in road():
            by = closer if step.__name__ == "close_complaint" else _who(step)
            office.take(number, step, by=by, **words)
        return number

    numbers = [close_at_once(), close_at_once("supervisor"), close_at_once(escalated=True)]
    revision = migration("report_of_ways_round")
    marks = [office.complaint(number).is_first_contact for number in numbers]
    assert marks == [True, False, False]
    office.session.commit()
    with office.engine.begin() as connection:
        connection.execute(update(Complaint).values(is_first_contact=False))
        revision._mark_first_contacts(connection)
    office.session.expire_all()
    assert [office.complaint(number).is_first_contact for number in numbers] == marks


def test_a_history_that_somebody_changed_by_hand_is_named_and_not_migrated(office: Office):
    """The index reads every detail, and SQLite would only say that some JSON is malformed."""
    number = registered(office)
    revision = migration("exceptional_acts")
    if office.engine.dialect.name != "sqlite":
        return
    complaint_id = office.complaint(number).id
    office.session.commit()
    with office.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_history_exceptional")
        with Operations.context(MigrationContext.configure(connection)):
            revision._require_json()
            connection.exec_driver_sql("UPDATE history SET detail = '{' WHERE seq = 3")
            with pytest.raises(RuntimeError, match=rf"of 1 entries .* {complaint_id}/3\)"):
                revision.upgrade()


def migration(name: str) -> ModuleType:
    """A numbered revision as a module."""
    (path,) = (MIGRATIONS / "versions").glob(f"*_{name}.py")
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    revision = module_from_spec(spec)
    spec.loader.exec_module(revision)
    return revision


def _who(step) -> str:
    """The unit answers for itself; everything else the taker does alone."""
    return "officer" if step.__name__ in ("answer_as_party",) else "csr"


def test_a_unit_left_out_and_words_used_all_the_same_count_under_who_did_it(office: Office):
    number = registered(office)
    why = "Modem dinyalakan kembali bersama pelanggan"
    office.take(number, inform_parties, teams=["RETENSI"])
    office.take(number, inform_parties, by="supervisor", not_needed=["TEKNIK"], reason=why)
    words = {"stage": "intake", "text": "Kami mohon maaf."}
    office.take(number, send_apology, anyway="Pelanggan minta tidak disapa", **words)
    office.take(number, send_apology, stage="intake", text="Kami mohon maaf, Bu Siti.")
    assert exceptions(office) == {"left_out": {"Supervisor": 1}, "courtesy": {"Csr": 1}}
    (row,) = listed(office, kind="left_out", criterion="020-2.1")
    assert (row.by, row.reason) == ("Supervisor", why)
    (row,) = listed(office, kind="courtesy")
    assert row.reason == "Pelanggan minta tidak disapa"


#: What ANALYZE finds in a database of many years; a partial index is short.
STATISTICS = (
    ("complaints", "ix_complaints_branch_received", "1000000 20000 1"),
    ("history", "sqlite_autoindex_history_1", "20000000 20 1"),
    ("history", "ix_history_exceptional", "300000 2"),
    ("history", "ix_history_recorded", "50000 2"),
)


def test_what_is_counted_from_the_history_is_found_by_its_own_index(office: Office):
    statements: list[tuple[str, object]] = []

    def note(connection, cursor, statement, parameters, *_):
        if "UNION ALL" in statement:
            statements.append((statement, parameters))

    event.listen(office.engine, "before_cursor_execute", note)
    period = Period.of(FROM, TO, office.rules)
    read_exceptions(office.session, office.actor("manager"), period)
    event.remove(office.engine, "before_cursor_execute", note)
    office.session.commit()
    ((statement, parameters),) = statements
    if office.engine.dialect.name != "sqlite":
        return
    with office.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        for line in STATISTICS:
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", line)
        connection.exec_driver_sql("ANALYZE sqlite_schema")
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plans = [row.detail.split(" (")[0] for row in rows if "history" in row.detail]
    own = "SEARCH history USING INDEX ix_history_exceptional"
    assert plans == [own, own, own, "SEARCH history USING INDEX ix_history_recorded"]
