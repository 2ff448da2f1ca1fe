"""What became of complaints, time per step, causes and arrivals: held to the lines of the history.

The same story is counted by the report, by the lists behind it, and slowly by hand from nothing but
what the history of each complaint says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event

from complaints.db import begin_reading
from complaints.domain.errors import Invalid
from complaints.domain.evidence import EVERY_CRITERION
from complaints.domain.permissions import CUSTOMER
from complaints.domain.policies.whatif import RuleKind
from complaints.domain.reporting.spans import counted_span, rank_in
from complaints.models import HistoryEntry, StepRecord
from complaints.queries.lists.filters import ListFilters
from complaints.queries.reports.drilldown import count_behind, list_behind
from complaints.queries.reports.handling import STEPS, closed_complaints, steps_of
from complaints.queries.reports.outcomes.arrivals import WEEKDAYS
from complaints.queries.reports.outcomes.flow import FLOW_NAMES, LEFT
from complaints.queries.reports.outcomes.lists import outcome_line
from complaints.queries.reports.outcomes.report import OUTCOME_PARTS, outcome_report
from complaints.queries.reports.outcomes.sections import Line, OutcomeReport
from complaints.queries.reports.period import Period
from complaints.steps.answer import take_answer
from complaints.steps.by_customer.rate import RatingGiven, rate
from complaints.steps.case import open_case
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.offer import offer_solution
from complaints.steps.renaming.rename import rename_complaint
from tests.office import Office
from tests.stories import Story

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
JAKARTA = ZoneInfo("Asia/Jakarta")
DAY = timedelta(days=1)
#: Act → the criterion that its first record proves.
PROVES = {
    "register": "020-1.6",
    "find_cause": "020-2.2",
    "prioritise": "020-2.4",
    "plan": "020-2.5",
    "offer": "020-3.3",
    "accept": "020-3.4",
}


def local(day: int, hour: float, month: int = 10) -> datetime:
    wall = datetime(2026, month, day, tzinfo=JAKARTA) + timedelta(hours=hour)
    return wall.astimezone(UTC)


def tell_october(office: Office) -> list[str]:
    """Complaints on both sides of both ends of October, ended in every way."""

    def receive(at: datetime, name: str, **more: Any) -> str:
        office.at = at
        phone = f"0812 3456 {sum(map(ord, name)) % 10_000:04}"
        who = {"name": name, "phone": phone, "email": f"{name.lower()}@pelanggan.example"}
        return office.receive(at=at, who=who, **more)

    kept = receive(local(30, 23.99, 9), "Ani")
    office.walk(kept)
    first = receive(local(1, 0), "Ani")
    office.walk(first)
    again = receive(local(31, 23.99), "Ani")
    late = receive(local(1, 0, 11), "Ani")
    paid = receive(local(12, 9), "Budi", category="GGN_LAMBAT")
    office.walk(paid, to="020-3.2")
    office.take(paid, offer_solution, remedy="MAAF", description="Permohonan maaf tertulis")
    office.take(paid, take_answer, answer="refused", reason="Kurang, saya rugi")
    office.take(
        paid,
        offer_solution,
        remedy="RESTITUSI",
        description="Kompensasi gangguan",
        amount=60_000,
    )
    office.take(paid, take_answer, answer="accepted")
    gone = receive(local(13, 14.5), "Cici")
    office.take(gone, withdraw_complaint, reason="Salah alamat")
    opened = receive(local(14, 16.25), "Dodi")
    office.walk(opened)
    office.take(opened, reopen_complaint, by="supervisor", reason="Putus lagi")
    office.promise_anew(opened)
    office.walk(opened, to="020-3.3", after="020-2.5")
    asked = receive(local(15, 8), "Endah")
    office.take(asked, rename_complaint, kind="INFORMASI", reason="Hanya menanyakan jam buka")
    office.at = local(20, 10)
    case = open_case(office.session, first, by=CUSTOMER, at=office.at)
    rate(case, RatingGiven({"overall": 2}))
    office.session.commit()
    return [kept, first, again, late, paid, gone, opened, asked]


OCTOBER: Story[list[str]] = Story(tell_october)


@pytest.fixture
def database_url(databases):
    """A database in which October has been told."""
    url = databases.fresh(OCTOBER.prepare)
    yield url
    databases.drop(url)


def read(office: Office, part: str, name: str = "manager", **days: date) -> OutcomeReport:
    asked = {"from_on": FIRST, "to_on": LAST, **days}
    actor = office.actor(name)
    found = outcome_report(office.session, actor, part=part, now=office.at, **asked)
    office.session.commit()
    return found


def lines(report: OutcomeReport, section: str) -> dict[str, Line]:
    (found,) = (each for each in report.sections if each.key == section)
    return {line.key: line for line in found.all_lines}


def counts(report: OutcomeReport, section: str, column: str = "count") -> dict[str, int]:
    found = lines(report, section).items()
    return {key: line.values[column] for key, line in found if line.values[column]}


@contextmanager
def selects(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def in_october(at: datetime) -> bool:
    return at.astimezone(JAKARTA).strftime("%Y-%m") == "2026-10"


def histories(office: Office, numbers: list[str]) -> dict[str, list[HistoryEntry]]:
    return {number: office.history(number) for number in numbers}


def recounted_offers(told: dict[str, list[HistoryEntry]]) -> tuple[Counter[str], Counter[str]]:
    """State → offers made in October, and those of them that are alternatives."""
    states: dict[int, str] = {}
    others, when = set(), {}
    for entries in told.values():
        has_refused, last = False, None
        for entry in entries:
            if entry.what == "offer":
                if last is not None and states[last] == "open":
                    states[last] = "replaced"
                last = int(entry.detail["offer"])
                states[last], when[last] = "open", entry.at
                if has_refused:
                    others.add(last)
            elif entry.what in ("accept", "refuse"):
                states[int(entry.detail["offer"])] = {"accept": "accepted"}.get(
                    entry.what, "refused"
                )
                has_refused = entry.what == "refuse"
            elif entry.what == "reopen":
                has_refused, last = False, None
    made = [offer for offer, at in when.items() if in_october(at)]
    return (
        Counter(states[each] for each in made),
        Counter(states[each] for each in made if each in others),
    )


def recounted_endings(told: dict[str, list[HistoryEntry]]) -> Counter[str]:
    """Outcome → complaints received in October."""
    ends = {"close": "SETUJU", "withdraw": "DICABUT", "rename": "BUKAN_KELUHAN", "reopen": ""}
    endings: Counter[str] = Counter()
    for entries in told.values():
        passed = [ends[each.what] for each in entries if each.what in ends]
        if in_october(entries[0].at):
            endings[(passed or [""])[-1] or "open"] += 1
    return endings


def recounted_reopened(told: dict[str, list[HistoryEntry]]) -> int:
    return sum(
        any(each.what == "reopen" for each in entries)
        for entries in told.values()
        if in_october(entries[0].at)
    )


def recounted_redress(told: dict[str, list[HistoryEntry]]) -> dict[str, list[int]]:
    """Remedy → the amounts of what was offered in October and accepted."""
    redress: dict[str, list[int]] = {}
    for entries in told.values():
        amounts = {int(each.detail["offer"]): each for each in entries if each.what == "offer"}
        for entry in entries:
            if entry.what == "accept":
                offer = amounts[int(entry.detail["offer"])]
                if in_october(offer.at):
                    redress.setdefault(offer.detail["remedy"], []).append(offer.detail["amount"])
    return redress


def recounted_spans(office: Office, told: dict[str, list[HistoryEntry]]) -> dict[str, list[int]]:
    """Step → working seconds of each complaint closed in October."""
    spans: dict[str, list[int]] = {}
    for number, each in told.items():
        calendar = office.rules.calendar_of(office.complaint(number).branch_id).value
        entries = [entry for entry in each if entry.what not in ("rate", "ask_rating")]
        if entries[-1].what != "close" or not in_october(entries[-1].at):
            continue
        since = received = entries[0].at
        first: dict[str, datetime] = {}
        for entry in entries:
            if entry.what in PROVES:
                first.setdefault(PROVES[entry.what], entry.at)
        for criterion in STEPS:
            if criterion in first:
                until = max(since, first[criterion])
                spans.setdefault(criterion, []).append(calendar.between(since, until))
                since = until
        spans.setdefault("closing", []).append(calendar.between(since, entries[-1].at))
        spans.setdefault("total", []).append(calendar.between(received, entries[-1].at))
    return spans


def recounted_flow(
    told: dict[str, list[HistoryEntry]],
) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """How many received in October reached each step, and how many stayed there by how they do."""
    places = list(FLOW_NAMES)
    reached: Counter[str] = Counter()
    stayed: dict[str, Counter[str]] = {state: Counter() for state in LEFT}
    for each in told.values():
        if not in_october(each[0].at):
            continue
        furthest, became = 0, "open"
        for entry in each:
            if entry.what == "reopen":
                # What was offered before belongs to the round that is over.
                before_offers = places.index("020-2.5")
                furthest, became = min(furthest, before_offers), "open"
            elif entry.what == "close":
                furthest, became = places.index("closing"), "closed"
            elif entry.what in ("withdraw", "rename"):
                became = {"withdraw": "withdrawn", "rename": "other"}[entry.what]
            elif entry.what in PROVES:
                furthest = max(furthest, places.index(PROVES[entry.what]))
        reached.update(places[: furthest + 1])
        if became != "closed":
            stayed[became][places[furthest]] += 1
    return reached, stayed


def test_the_history_alone_gives_the_same_results(office: Office):
    told = histories(office, OCTOBER.go_on(office))
    report = read(office, "results")
    offers, alternatives = recounted_offers(told)
    assert offers["accepted"] >= 3
    assert alternatives == {"accepted": 1}
    assert counts(report, "offers") == {**offers, "total": sum(offers.values())}
    assert counts(report, "offers", "alternatives") == {**alternatives, "total": 1}
    endings = recounted_endings(told)
    assert counts(report, "endings") == {**endings, "total": sum(endings.values())}
    reopened = recounted_reopened(told)
    returns = lines(report, "returns")
    assert returns["reopened"].values["count"] == reopened == 1
    # First and last moment of October, 31 days less a minute apart: no repeat; but the one a
    # minute before October is followed by the first.
    assert returns["repeated"].values["count"] == 1
    accepted, answered = offers["accepted"], offers["accepted"] + offers["refused"]
    assert returns["accepted"].values == {
        "count": accepted,
        "whole": answered,
        "share": round(accepted / answered, 4),
    }
    redress = recounted_redress(told)
    found = lines(report, "redress")
    assert set(found) == {*redress, "total"}
    for remedy, each in redress.items():
        paid = [amount for amount in each if amount]
        assert found[remedy].values == {
            "count": len(each),
            "with_amount": len(paid),
            "amount": sum(paid),
            "median_amount": rank_in(Counter(paid), 0.5),
        }
    assert found["RESTITUSI"].values["amount"] == 60_000


def test_the_history_alone_gives_the_same_time_per_step(office: Office):
    told = histories(office, OCTOBER.go_on(office))
    report = read(office, "steps")
    spans = recounted_spans(office, told)
    found = lines(report, "steps")
    assert len(spans["total"]) == 2
    for key, line in found.items():
        seconds = spans.get(key, [])
        counted = Counter(counted_span(each) for each in seconds)
        assert line.values["count"] == len(seconds), key
        assert line.values["total_seconds"] == (sum(seconds) if seconds else None), key
        assert line.values["median_seconds"] == rank_in(counted, 0.5), key
        assert line.values["p90_seconds"] == rank_in(counted, 0.9), key
        assert line.values["longest_seconds"] == max(counted, default=None), key
    parts = [line.values["total_seconds"] or 0 for key, line in found.items() if key != "total"]
    assert sum(parts) == found["total"].values["total_seconds"]


def test_the_history_alone_gives_the_same_flow(office: Office):
    told = histories(office, OCTOBER.go_on(office))
    reached, stayed = recounted_flow(told)
    report = read(office, "steps")
    assert counts(report, "flow") == dict(reached)
    for state in LEFT:
        assert counts(report, "flow", state) == dict(stayed[state]), state
    assert (reached["received"], reached["closing"]) == (6, 1)
    assert {state: sum(each.values()) for state, each in stayed.items()} == {
        "open": 3,
        "withdrawn": 1,
        "referred": 0,
        "other": 1,
    }


def test_a_step_of_the_flow_counts_whom_the_next_one_counts_and_who_stayed(office: Office):
    OCTOBER.go_on(office)
    report = read(office, "steps")
    found = list(lines(report, "flow").values())
    for here, after in pairwise(found):
        stayed = sum(here.values[state] for state in LEFT)
        assert here.values["count"] == after.values["count"] + stayed, here.key
    steps = lines(report, "steps")
    for line in found[1:]:
        assert line.values["median_seconds"] == steps[line.key].values["median_seconds"]


def test_what_another_system_had_ended_is_in_no_step(office: Office):
    numbers = OCTOBER.go_on(office)
    before = counts(read(office, "steps"), "flow")
    complaint = office.complaint(numbers[1])
    complaint.external_id = "LAMA-1"
    office.session.add(
        StepRecord(
            complaint_id=complaint.id,
            criterion=EVERY_CRITERION,
            record="import",
            cycle=1,
            at=office.at,
            by_name="Impor",
        )
    )
    office.session.commit()
    after = counts(read(office, "steps"), "flow")
    assert {key: before[key] - after.get(key, 0) for key in before} == dict.fromkeys(FLOW_NAMES, 1)


def test_the_steps_are_read_in_parts_that_miss_nobody_and_read_nobody_twice(office: Office):
    """As a page reads: without a transaction on PostgreSQL."""
    OCTOBER.go_on(office)
    period, manager = Period.of(FIRST, LAST, office.rules), office.actor("manager")
    found = []
    for at_once in (1, 2, 5_000):
        office.session.commit()
        begin_reading(office.session)
        with selects(office.engine) as sent:
            found.append(list(closed_complaints(office.session, manager, period, at_once)))
        assert len(sent) == len(found[0]) // at_once + 1
    office.session.commit()
    assert len(found[0]) == 2
    for each in found[1:]:
        assert sorted(each, key=str) == sorted(found[0], key=str)


@pytest.mark.parametrize(("line", "said"), [("23", "23:00–23:59"), ("24", None), ("77", None)])
def test_there_are_lists_of_the_hours_of_a_day_and_of_no_other(office: Office, line: str, said):
    named = outcome_line("arrived", line, office.rules)
    assert (named.label_en if named else None) == said


@pytest.mark.sqlite_is_enough
def test_a_step_out_of_turn_or_never_recorded_gives_its_time_to_the_next():
    nine = datetime(2026, 10, 5, 2, tzinfo=UTC)
    at = [nine + timedelta(hours=hour) for hour in range(8)]
    reached = {"020-1.6": at[3], "020-2.2": at[1], "020-3.3": at[5], "020-3.4": at[7]}
    found = {key: (until - since) for key, since, until in steps_of(nine, at[6], reached)}
    hour = timedelta(hours=1)
    assert found == {
        "020-1.6": 3 * hour,
        "020-2.2": 0 * hour,
        "020-3.3": 2 * hour,
        # What was written after the closing takes no time beyond it.
        "020-3.4": 1 * hour,
        "closing": 0 * hour,
    }


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Kolkata", "America/Sao_Paulo"])
def test_arrivals_stand_at_the_hour_of_the_readers_clock(office: Office, zone: str):
    numbers = OCTOBER.go_on(office)
    office.edit(RuleKind.CALENDAR, "jakarta", tz=zone)
    tz = ZoneInfo(zone)
    wanted: Counter[tuple[int, int]] = Counter()
    for number in numbers:
        wall = office.history(number)[0].at.astimezone(tz)
        if wall.strftime("%Y-%m") == "2026-10":
            wanted[wall.weekday(), wall.hour] += 1
    for name in ("manager", "supervisor"):
        found = lines(read(office, "arrivals", name), "arrivals")
        counted = {
            (day, int(key)): line.values[column]
            for key, line in found.items()
            for day, column in enumerate(WEEKDAYS)
            if key != "total" and line.values[column]
        }
        assert counted == wanted
        assert found["total"].values["count"] == sum(wanted.values())


def test_causes_add_up_to_the_complaints_received(office: Office):
    numbers = OCTOBER.go_on(office)
    wanted = Counter(
        office.complaint(number).confirmed_cause or "none"
        for number in numbers
        if in_october(office.complaint(number).received_at)
    )
    found = lines(read(office, "causes"), "causes")
    assert {key: line.values["count"] for key, line in found.items() if key != "total"} == wanted
    assert found["total"].values["count"] == sum(wanted.values())
    known = [line for key, line in found.items() if key not in ("none", "total")]
    assert known[-1].values["so_far"] == 1
    assert [line.values["count"] for line in known] == sorted(
        (line.values["count"] for line in known), reverse=True
    )


@pytest.mark.parametrize("name", ["manager", "supervisor"])
@pytest.mark.parametrize("part", OUTCOME_PARTS)
def test_behind_every_number_stands_the_list_of_as_many(office: Office, part: str, name: str):
    """Each number is as long as its list, and lists what its reader may see."""
    numbers = OCTOBER.go_on(office)
    office.receive(at=local(16, 9), by="csr2", branch="MKS", category="TAG_TELAT")
    actor, now = office.actor(name), office.at + 60 * DAY
    opened = 0
    for section in read(office, part, name).sections:
        for line in section.all_lines:
            for column in section.columns:
                if column.key not in line.behind or not line.values[column.key]:
                    continue
                filters = ListFilters(
                    figure=line.behind[column.key],
                    from_on=FIRST,
                    to_on=LAST,
                    **line.asked,
                )
                rows = list_behind(
                    office.session, actor, filters, office.rules, now=now, limit=50
                ).items
                count = count_behind(office.session, actor, filters, office.rules, now=now)
                assert count == len(rows), (line.key, column.key)
                if column.kind == "count":
                    assert count == line.values[column.key], (line.key, column.key)
                if name == "supervisor":
                    assert {row.number for row in rows} <= set(numbers)
                opened += count
    assert opened


@pytest.mark.sqlite_is_enough
def test_what_is_no_part_or_period_is_refused_in_words(office: Office):
    with pytest.raises(Invalid, match="no such part"):
        read(office, "nonsense")
    with pytest.raises(Invalid, match="ends before it begins"):
        read(office, "results", from_on=LAST, to_on=FIRST)


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize("part", OUTCOME_PARTS)
def test_an_empty_period_is_told_with_noughts(office: Office, part: str):
    for section in read(office, part, from_on=date(2020, 1, 1), to_on=date(2020, 1, 31)).sections:
        for line in section.all_lines:
            assert not line.values.get("count")
            assert line.values.get("share") is None
            assert line.values.get("total_seconds") is None
