"""Taking over another system's complaints: the desk's rules, honest gaps, no storm of notices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from complaints.domain.errors import Forbidden, GateRefused, Refused
from complaints.domain.ledger import rebuild
from complaints.domain.lifecycle import Action, Status
from complaints.domain.permissions import SYSTEM
from complaints.engine.fire import fire_due
from complaints.models import (
    Complaint,
    Customer,
    Deadline,
    HistoryEntry,
    LedgerEntry,
    Notice,
    OutboxMessage,
    StepRecord,
)
from complaints.queries.complaint.seals.history import verify_history
from complaints.rulebook import read_entry
from complaints.steps.attest import attest_listening
from complaints.steps.close import close_complaint
from complaints.steps.inform_standard import inform_standard
from complaints.steps.prioritise import set_priority
from complaints.steps.thank import thank_customer
from complaints.takeover.take_over import NEWS_FOR, RowResult, take_over
from complaints.takeover.validate import ForeignComplaint, ImportOptions, road_to
from tests.cases.gathered import read
from tests.conftest import NOW
from tests.office import Office, given

DAY = timedelta(days=1)
#: A Tuesday at 09.15 in Jakarta, a hundred days ago.
LONG_AGO = datetime.fromisoformat("2026-08-11T09:15:00+07:00")
NOBODY = {"name": "", "phone": "", "email": "", "salutation": ""}


def foreign(number: str = "T-1", *, received_at: datetime = LONG_AGO, **more: Any) -> Any:
    """A complaint of the system `lama` about a customer it does not name."""
    of_row = ("status", "closed_at", "told_due_at", "priority", "outcome", "summary")
    row = {name: more.pop(name) for name in of_row if name in more}
    told = given(
        external_id=number, source="lama", received_at=received_at, **{"who": NOBODY, **more}
    )
    return ForeignComplaint(told, **row)


def take(office: Office, *rows: ForeignComplaint, by: Any = SYSTEM, **options: Any) -> list[Any]:
    """Take over rows and store them."""
    is_rehearsal = options.pop("is_rehearsal", False)
    fates = take_over(
        office.session,
        office.rules,
        rows,
        ImportOptions(**options),
        by=by,
        at=NOW,
        is_rehearsal=is_rehearsal,
    )
    office.session.commit()
    return fates


def taken(office: Office, row: ForeignComplaint, **options: Any) -> str:
    """Take over one row that must pass; returns its number."""
    assert take(office, row, **options) == [RowResult.CREATED]
    query = select(Complaint).where(Complaint.external_id == row.given.external_id)
    complaint = office.session.scalars(query).one()
    number = office.rules.numbers.write(complaint.year, complaint.id)
    office.session.commit()
    return number


def states(office: Office, number: str) -> dict[str, str]:
    return {kind: clock.state for kind, clock in office.clocks(number).items()}


# What comes in


def test_an_open_row_is_a_complaint_like_any_other(office: Office):
    number = taken(office, foreign(received_at=NOW - timedelta(hours=1)))
    at_the_desk = office.receive(at=NOW - timedelta(hours=1))
    complaint, sibling = office.complaint(number), office.complaint(at_the_desk)
    assert complaint.status == "received"
    for name in ("priority", "severity", "priority_reason", "next_due_at", "next_due_kind", "year"):
        assert getattr(complaint, name) == getattr(sibling, name), name
    ours, theirs = office.clocks(number), office.clocks(at_the_desk)
    assert {kind: clock.due_at for kind, clock in ours.items()} == {
        kind: clock.due_at for kind, clock in theirs.items()
    }
    assert [(timer.firing, timer.fire_at) for timer in office.timers(number)] == [
        (timer.firing, timer.fire_at) for timer in office.timers(at_the_desk)
    ]
    (entry,) = office.history(number)
    assert entry.what == "receive"
    assert entry.detail["source"] == "lama"
    assert office.rows(StepRecord, number) == []


def test_nobody_handles_a_row_and_nobody_hears_of_it(office: Office):
    number = taken(office, foreign(received_at=NOW - timedelta(hours=1)))
    assert office.complaint(number).handler_id is None
    assert office.count(OutboxMessage) == office.count(Notice) == 0


@pytest.mark.both_databases
def test_the_second_time_everything_is_already_there(office: Office):
    rows = [foreign("1"), foreign("2"), foreign("1")]
    assert take(office, *rows) == [RowResult.CREATED, RowResult.CREATED, RowResult.ALREADY_THERE]
    assert take(office, *rows) == [RowResult.ALREADY_THERE] * 3
    assert office.count(Complaint) == office.count(HistoryEntry) == 2


def test_the_same_number_of_another_source_is_another_complaint(office: Office):
    told = given(external_id="1", source="baru", who=NOBODY)
    assert take(office, foreign("1"), ForeignComplaint(told)) == [RowResult.CREATED] * 2


def test_a_rehearsal_says_the_same_and_stores_nothing(office: Office):
    rows = [foreign("1"), foreign("2", channel="pigeon"), foreign("1")]
    said = take(office, *rows, is_rehearsal=True)
    assert office.count(Complaint) == office.count(Customer) == 0
    done = take(office, *rows)
    assert [str(fate) for fate in said] == [str(fate) for fate in done]
    assert office.count(Complaint) == 1


def test_who_may_not_record_complaints_may_not_take_them_over(office: Office):
    with pytest.raises(Forbidden):
        take(office, foreign(), by=office.actor("officer"))
    office.session.rollback()
    (refusal,) = take(office, foreign(), by=office.actor("csr2"))
    assert isinstance(refusal, Forbidden)
    assert take(office, foreign(status="closed"), by=office.actor("csr")) == [RowResult.CREATED]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"category": "NO"}, "category"),
    ({"channel": ""}, "channel"),
    ({"branch": "XYZ"}, "branch"),
    ({"story": " "}, "story"),
    ({"who": {**NOBODY, "tier": "NO"}}, "customer.tier"),
    ({"who": {**NOBODY, "phone": "nanti"}}, "customer.phone"),
    ({"received_at": NOW + timedelta(seconds=1)}, "received_at"),
    ({"external_id": " "}, "external_id"),
    ({"external_id": "x" * 121}, "external_id"),
    ({"product": "x" * 121}, "product"),
    ({"summary": "x" * 100_001}, "summary"),
    ({"status": "selesai"}, "status"),
    ({"priority": "1"}, "priority"),
    ({"outcome": "SETUJU"}, "outcome"),
    ({"status": "closed", "outcome": "BAIK"}, "outcome"),
    ({"status": "in_handling", "closed_at": NOW - DAY}, "closed_at"),
    ({"closed_at": LONG_AGO - timedelta(seconds=1)}, "closed_at"),
    ({"closed_at": NOW + timedelta(seconds=1)}, "closed_at"),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("told", "field"), BAD)
def test_a_row_that_does_not_fit_is_refused_alone(office: Office, told: dict[str, Any], field: str):
    told = dict(told)
    bad = foreign(told.pop("external_id", "bad"), **told)
    first, refusal, last = take(office, foreign("1"), bad, foreign("2"))
    assert (first, last) == (RowResult.CREATED, RowResult.CREATED)
    assert isinstance(refusal, Refused)
    assert refusal.field == field
    assert office.count(Complaint) == 2


# The past that cannot be shown


def test_an_ended_row_has_one_honest_record_for_every_criterion(office: Office):
    row = foreign(status="closed", closed_at=LONG_AGO + DAY, outcome="SETUJU")
    number = taken(office, row, reason="Arsip lama")
    (record,) = office.rows(StepRecord, number)
    assert (record.criterion, record.is_unable, record.reason) == ("020", True, "Arsip lama")
    assert record.by_name == SYSTEM.name
    assert set(office.states(number).values()) == {"unable"}
    complaint = office.complaint(number)
    assert (complaint.status, complaint.outcome) == ("closed", "SETUJU")
    assert complaint.closed_at == LONG_AGO + DAY
    (entry,) = office.history(number)
    assert entry.at == NOW
    assert entry.detail["to"] == "closed"
    assert entry.detail["taken_over"] == "Arsip lama"


def test_without_a_reason_of_the_map_the_standard_one_stands(office: Office):
    number = taken(office, foreign(status="closed"))
    (record,) = office.rows(StepRecord, number)
    assert record.reason == "Diambil alih dari lama: langkah-langkahnya tidak tercatat di sana."


def test_a_closing_time_alone_says_that_a_row_has_ended(office: Office):
    number = taken(office, foreign(closed_at=LONG_AGO + DAY))
    assert office.complaint(number).status == "closed"


@pytest.mark.parametrize(
    ("status", "passed"),
    [("registered", ("1",)), ("in_handling", ("1", "2")), ("offered", ("1", "2"))],
)
def test_the_gates_ahead_stay_shut_for_an_open_row(
    office: Office, status: str, passed: tuple[str, ...]
):
    number = taken(office, foreign(status=status, channel="call"))
    unable = {key for key, state in office.states(number).items() if state == "unable"}
    behind = {key for key in office.states(number) if key[4] in passed}
    assert unable == behind | ({"020-3.3"} if status == "offered" else set())
    with pytest.raises(GateRefused) as refusal:
        office.take(number, close_complaint)
    assert "020-3.7" in refusal.value.missing
    assert not unable & set(refusal.value.missing)


def test_an_accepted_row_can_be_brought_to_its_end(office: Office):
    number = taken(office, foreign(status="accepted"))
    assert office.missing(number) == ("020-3.1", "020-3.2", "020-3.6", "020-3.7")
    office.take(number, thank_customer)
    office.take(number, inform_standard, all_items=True)
    assert office.missing(number) == ("020-3.1", "020-3.2")


def test_an_accepted_row_ends_as_its_customer_answered(office: Office):
    number = taken(office, foreign(status="accepted"))
    office.at = NOW
    office.walk(number, after="020-2.5", to="020-3.2")
    office.walk(number, after="020-3.4", to="020-3.7")
    office.take(number, close_complaint)
    assert office.complaint(number).outcome == "SETUJU"


def test_the_priority_of_a_row_taken_over_can_still_be_set(office: Office):
    number = taken(office, foreign(status="registered"))
    office.take(number, set_priority)
    assert office.states(number)["020-2.4"] == "proven"


def test_a_strict_map_refuses_by_naming_what_is_missing(office: Office):
    spoken, written, open_row = take(
        office,
        foreign("1", status="closed", channel="call"),
        foreign("2", status="registered", channel="web"),
        foreign("3"),
        refuses=True,
    )
    assert isinstance(spoken, GateRefused)
    assert len(spoken.missing) == 17, "an alternative is needed only after a refusal"
    assert "020-1.1" in spoken.missing
    assert isinstance(written, GateRefused)
    assert written.missing == ("020-1.2", "020-1.3", "020-1.4", "020-1.5", "020-1.6")
    assert open_row is RowResult.CREATED


def test_a_strict_map_lets_a_withdrawn_row_in_because_no_gate_stands_before_it(office: Office):
    number = taken(office, foreign(status="withdrawn"), refuses=True)
    assert office.complaint(number).outcome == "DICABUT"
    assert office.rows(StepRecord, number) == []


def test_every_status_has_a_road_through_the_lifecycle():
    for status in Status:
        road = road_to(status)
        assert [move.before for move in road] == [
            Status.RECEIVED,
            *(move.after for move in road[:-1]),
        ][: len(road)]
        assert (road[-1].after if road else Status.RECEIVED) is status


# Clocks


def test_what_ended_in_time_is_met_and_what_nobody_knows_is_not_counted(office: Office):
    number = taken(office, foreign(closed_at=LONG_AGO + timedelta(hours=4), channel="call"))
    # The receipt was due after half an hour; when it was given the file does not say.
    assert states(office, number) == {"ack": "cancelled", "plan": "met", "resolve": "met"}
    assert office.clocks(number)["resolve"].ended_at == LONG_AGO + timedelta(hours=4)
    assert office.timers(number) == []
    assert office.complaint(number).next_due_at is None


def test_what_ended_late_is_a_breach_at_its_due_time(office: Office):
    number = taken(office, foreign(closed_at=LONG_AGO + 20 * DAY))
    assert states(office, number) == {
        "ack": "cancelled",
        "plan": "cancelled",
        "resolve": "breached",
    }
    clock = office.clocks(number)["resolve"]
    assert clock.breached_at == clock.due_at == LONG_AGO + 3 * DAY
    assert clock.ended_at == LONG_AGO + 20 * DAY


def test_the_due_second_itself_is_in_time(office: Office):
    on_time = taken(office, foreign("1", closed_at=LONG_AGO + 3 * DAY))
    too_late = taken(office, foreign("2", closed_at=LONG_AGO + 3 * DAY + timedelta(seconds=1)))
    assert states(office, on_time)["resolve"] == "met"
    assert states(office, too_late)["resolve"] == "breached"


def test_an_end_at_an_unknown_time_is_neither_kept_nor_missed(office: Office):
    number = taken(office, foreign(status="closed"))
    assert set(states(office, number).values()) == {"cancelled"}
    assert office.complaint(number).closed_at is None


def test_a_withdrawn_row_met_nothing(office: Office):
    early = taken(office, foreign("1", status="withdrawn", closed_at=LONG_AGO + DAY))
    late = taken(office, foreign("2", status="withdrawn", closed_at=LONG_AGO + 9 * DAY))
    assert set(states(office, early).values()) == {"cancelled"}
    assert states(office, late)["resolve"] == "breached"


def test_an_open_row_in_handling_owes_the_customer_news_from_now_on(office: Office):
    number = taken(office, foreign(status="in_handling", received_at=NOW - DAY))
    clocks = office.clocks(number)
    assert (clocks["ack"].state, clocks["plan"].state) == ("cancelled", "cancelled")
    assert (clocks["resolve"].state, clocks["resolve"].started_at) == ("running", NOW - DAY)
    assert (clocks["progress"].state, clocks["progress"].started_at) == ("running", NOW)


@pytest.mark.parametrize("days", [1, 3, 9], ids=["before ours", "ours", "after ours"])
@pytest.mark.parametrize(
    ("late", "state"), [(-1, "met"), (0, "met"), (1, "breached")], ids=["early", "on it", "late"]
)
def test_what_ended_is_judged_by_the_date_that_was_told_there(
    office: Office, days: int, late: int, state: str
):
    told = LONG_AGO + days * DAY
    number = taken(office, foreign(closed_at=told + timedelta(seconds=late), told_due_at=told))
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.due_at, clock.told_at, clock.first_told_at) == (state, *[told] * 3)
    assert clock.breached_at == (told if state == "breached" else None)
    complaint = office.complaint(number)
    assert (complaint.promised_at, complaint.first_told_at) == (told, told)


def test_boston_in_january_2022_is_judged_as_the_city_did(office: Office):
    january = read("boston_2022")
    zone = ZoneInfo(january["calendar"]["tz"])
    ended = {
        number: {name: each[name].replace(tzinfo=zone) for name in ("opened", "due", "closed")}
        for number, each in january["requests"].items()
        if "closed" in each
    }
    rows = [
        foreign(
            number, received_at=each["opened"], told_due_at=each["due"], closed_at=each["closed"]
        )
        for number, each in ended.items()
    ]
    assert set(take(office, *rows)) == {RowResult.CREATED}
    query = select(Complaint.external_id, Deadline.state).join(
        Deadline, Deadline.complaint_id == Complaint.id
    )
    judged = dict(office.session.execute(query.where(Deadline.kind == "resolve")).all())
    states = {True: "met", False: "breached"}
    assert judged == {each: states[january["requests"][each]["on_time"]] for each in ended}
    assert set(judged.values()) == set(states.values())


def test_for_what_is_open_the_earlier_of_the_told_date_and_ours_counts(office: Office):
    early = taken(office, foreign("1", received_at=NOW - DAY, told_due_at=NOW))
    late = taken(office, foreign("2", received_at=NOW - DAY, told_due_at=NOW + 30 * DAY))
    assert office.clocks(early)["resolve"].due_at == NOW
    ours = office.clocks(taken(office, foreign("3", received_at=NOW - DAY)))["resolve"].due_at
    assert office.clocks(late)["resolve"].due_at == ours
    assert office.clocks(late)["resolve"].first_told_at == NOW + 30 * DAY


@pytest.mark.parametrize(
    "told",
    [
        LONG_AGO - timedelta(seconds=1),
        LONG_AGO + timedelta(days=3_654),
        # Where no calendar counts any more.
        datetime(9999, 12, 31, 16, 59, tzinfo=UTC),
    ],
    ids=["before the receipt", "in more than ten years", "at the end of all years"],
)
def test_a_date_that_nobody_can_have_been_told_rejects_its_row_alone(
    office: Office, told: datetime
):
    refusal, other = take(office, foreign("1", told_due_at=told), foreign("2"))
    assert isinstance(refusal, Refused)
    assert (refusal.field, other) == ("told_due_at", RowResult.CREATED)


def test_every_due_time_can_be_rebuilt_from_the_ledger(office: Office):
    take(
        office,
        foreign("1"),
        foreign("2", received_at=NOW - DAY),
        foreign("3", closed_at=LONG_AGO + 9 * DAY),
        foreign("4", status="in_handling"),
        foreign("5", status="closed"),
        foreign("6", closed_at=LONG_AGO + 9 * DAY, told_due_at=LONG_AGO + 8 * DAY),
        foreign("7", told_due_at=LONG_AGO + DAY),
    )
    for deadline in office.session.scalars(select(Deadline)):
        query = select(LedgerEntry).where(LedgerEntry.deadline_id == deadline.id)
        entries = office.session.scalars(query.order_by(LedgerEntry.id)).all()
        ledger = rebuild(read_entry(office.rules, entry) for entry in entries)
        assert ledger.due_at == deadline.due_at == entries[-1].due_at
        assert ledger.state == deadline.state
        assert ledger.ended_at == deadline.ended_at
        assert ledger.breached_at == deadline.breached_at


def test_the_history_of_rows_taken_over_can_be_proven(office: Office):
    take(office, *(foreign(str(number)) for number in range(5)))
    office.receive()
    assert verify_history(office.session) == {"checked": 6, "old": 0, "bad": []}


# What fell due before


def test_old_breaches_stand_in_the_ledger_and_nobody_is_told(office: Office):
    number = taken(office, foreign())
    fired = fire_due(office.session, office.rules, at=NOW)
    office.session.commit()
    assert fired.handled == 0
    assert set(states(office, number).values()) == {"breached"}
    assert office.clocks(number)["resolve"].breached_at == LONG_AGO + 3 * DAY
    assert office.complaint(number).next_due_kind == "ack"
    (entry,) = office.history(number)
    assert entry.detail["overdue"] == ["ack", "plan", "progress", "resolve"]
    assert office.count(OutboxMessage) == office.count(Notice) == 0


def test_late_and_taken_over_it_is_reminded_of_from_the_next_opening_on(office: Office):
    number = taken(office, foreign())
    clocks = office.clocks(number)
    late = {clock.id for clock in clocks.values() if clock.state == "breached"}
    assert {timer.deadline_id for timer in office.timers(number)} == late
    opening = min(timer.fire_at for timer in office.timers(number))
    assert NOW < opening <= NOW + DAY
    fired = fire_due(office.session, office.rules, at=opening)
    office.session.commit()
    # One person hears once, and of no more than this morning's reminder.
    (notice,) = office.rows(Notice, number)
    assert (notice.user_id, notice.kind) == (office.id_of("manager"), "reminder")
    assert not notice.awaits_digest
    assert fired.oldest_lag_seconds == 0
    assert office.complaint(number).escalation_level == 3


@pytest.mark.parametrize(
    ("age", "notify", "is_told"),
    [
        (NEWS_FOR, None, True),
        (NEWS_FOR + timedelta(seconds=1), None, False),
        (DAY, False, False),
        (100 * DAY, True, True),
    ],
)
def test_the_map_or_the_age_says_whether_what_fell_due_is_announced(
    office: Office, age: timedelta, notify: bool | None, is_told: bool
):
    taken(office, foreign(received_at=NOW - age), notify=notify)
    fired = fire_due(office.session, office.rules, at=NOW)
    office.session.commit()
    assert (fired.counts["breach"] > 0) is is_told
    assert (office.count(Notice) > 0) is is_told


def test_rungs_that_lie_ahead_are_still_climbed_in_silence_of_the_past(office: Office):
    number = taken(office, foreign(received_at=NOW - timedelta(hours=1)), notify=False)
    clocks = office.clocks(number)
    # Half an hour late: the handler and the supervisor would have heard, the manager will.
    assert clocks["ack"].state == "breached"
    ahead = {timer.deadline_id: timer for timer in office.timers(number)}
    assert ahead[clocks["ack"].id].firing == "escalate"
    assert all(timer.fire_at > NOW for timer in ahead.values())
    assert clocks["resolve"].state == "running"


def test_what_falls_due_in_the_second_of_the_import_is_announced_after_it(office: Office):
    number = taken(office, foreign(received_at=NOW - DAY), notify=False)
    clock = office.clocks(number)["plan"]
    assert (clock.due_at, clock.state) == (NOW, "running")
    fire_due(office.session, office.rules, at=NOW + timedelta(seconds=1))
    office.session.commit()
    assert office.clocks(number)["plan"].state == "breached"


# Customers


def test_all_who_told_nothing_of_themselves_share_one_neutral_customer(office: Office):
    take(office, foreign("1"), foreign("2"))
    take(office, foreign("3"))
    (customer,) = office.session.scalars(select(Customer))
    assert customer.name == "Pelanggan (impor lama)"
    assert customer.no_contact_reason.startswith("impor lama")
    assert (customer.number, customer.phone, customer.email) == (None, None, None)


def test_sharing_a_customer_does_not_make_a_complaint_a_repeated_one(office: Office):
    numbers = [taken(office, foreign(str(number), status="registered")) for number in range(4)]
    office.take(numbers[-1], set_priority)
    assert "third_contact" not in office.complaint(numbers[-1]).priority_reason["raises"]


def test_a_known_customer_is_recognised_and_completed(office: Office):
    office.receive(who={"phone": "0812 3456 7890", "email": ""})
    who = {"name": "siti aminah", "phone": "+62 812-3456-7890", "number": "C-9", "email": "s@x.id"}
    take(office, foreign("1", who=who), foreign("2", who={**who, "name": "Siti A."}))
    (customer,) = office.session.scalars(select(Customer))
    assert (customer.number, customer.email) == ("C-9", "s@x.id")
    assert customer.name == "Siti Aminah"


@pytest.mark.both_databases
def test_new_customers_of_one_batch_are_each_made_once(office: Office):
    who = {**NOBODY, "name": "Ani", "phone": "0811 222 333"}
    other = {**who, "name": "Budi"}
    take(office, foreign("1", who=who), foreign("2", who=other), foreign("3", who=who))
    customers = office.session.scalars(select(Customer).order_by(Customer.id)).all()
    assert [customer.name for customer in customers] == ["Ani", "Budi"]
    query = select(Complaint.customer_id).order_by(Complaint.id)
    ids = [customer.id for customer in customers]
    assert office.session.scalars(query).all() == [ids[0], ids[1], ids[0]]


def test_a_name_without_a_contact_is_a_person_and_nobody_elses_double(office: Office):
    who = {**NOBODY, "name": "Ani"}
    take(office, foreign("1", who=who), foreign("2", who=who))
    customers = office.session.scalars(select(Customer)).all()
    assert [customer.name for customer in customers] == ["Ani", "Ani"]
    assert all(customer.no_contact_reason for customer in customers)


def test_the_type_of_customer_counts_for_the_priority(office: Office):
    vip = {**NOBODY, "tier": "VVIP"}
    regular, important = (
        taken(office, foreign("1", category="GGN_LAMBAT")),
        taken(office, foreign("2", category="GGN_LAMBAT", who=vip)),
    )
    assert office.complaint(regular).priority > office.complaint(important).priority


def test_a_priority_of_the_file_stands_beside_the_computed_one(office: Office):
    number = taken(office, foreign(priority="P1", category="LAIN_UMUM"))
    complaint = office.complaint(number)
    assert complaint.priority == "P1"
    assert complaint.priority_reason["computed"] == "P4"
    assert complaint.priority_reason["override_by"] == SYSTEM.name


def test_a_row_taken_over_walks_on_like_any_other(office: Office):
    number = taken(office, foreign(received_at=NOW - timedelta(minutes=10), channel="walk_in"))
    office.take(number, attest_listening, listened=True)
    office.walk(number, to="020-1.6", after="020-1.1")
    assert office.complaint(number).status == "registered"
    assert office.complaint(number).record_gaps == {}


def test_what_was_closed_elsewhere_was_a_complaint():
    """No row takes the short way of those that turned out to be another complaint or none."""
    for status in Status:
        assert {Action.MERGE, Action.RENAME}.isdisjoint(move.action for move in road_to(status))
    assert road_to(Status.CLOSED)[-1].action is Action.CLOSE
