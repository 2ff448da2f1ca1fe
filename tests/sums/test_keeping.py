"""The sums are kept by any number of workers, in any order, and what is wrong is found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import sessionmaker

from complaints.domain.policies.whatif import RuleKind
from complaints.models import Complaint, Customer, ReportCell, ReportFacts, StaleReport
from complaints.queries.reports.figures import deadline_report
from complaints.queries.reports.summaries.state import stale_ids
from complaints.steps.close import withdraw_complaint
from complaints.sums import refresh
from complaints.sums.check import compare_facts, differing_parts, mark
from complaints.sums.refresh import refresh_sums
from tests.office import Office

FROM, TO = date(2026, 10, 1), date(2026, 12, 31)

pytestmark = pytest.mark.both_databases


def keep(office: Office, engine: Any) -> None:
    office.session.commit()
    while refresh_sums(sessionmaker(engine), office.at):
        pass


def received(office: Office) -> int:
    with sessionmaker(office.engine)() as session:
        found = deadline_report(session, office.actor("manager"), FROM, TO, None, now=office.at)
    return found.total.received


def test_what_nobody_computed_yet_is_counted_all_the_same(office: Office, engine: Any):
    office.receive()
    assert received(office) == 1
    keep(office, engine)
    assert received(office) == 1
    assert office.count(StaleReport) == 0
    office.receive()
    assert office.count(StaleReport) == 1
    assert received(office) == 2


def test_a_change_while_the_sums_are_computed_is_not_lost(
    office: Office, engine: Any, monkeypatch: pytest.MonkeyPatch
):
    number = office.receive()
    keep(office, engine)
    office.walk(number, to="020-1.1")
    compute, done = refresh.compute_facts, []

    def meanwhile(*given: Any) -> Any:
        found = compute(*given)
        if not done:
            done.append(True)
            office.take(number, withdraw_complaint, reason="Sudah menyala sendiri")
        return found

    monkeypatch.setattr(refresh, "compute_facts", meanwhile)
    refresh_sums(sessionmaker(engine), office.at)
    assert stale_ids(office.session, office.at) == [office.complaint(number).id]
    office.session.commit()
    with sessionmaker(engine)() as session:
        parts = deadline_report(session, office.actor("manager"), FROM, TO, None, now=office.at)
    assert parts.balance.places["withdrawn"] == 1
    keep(office, engine)
    assert office.count(StaleReport) == 0


def test_of_two_workers_the_one_that_read_earlier_writes_nothing_over_the_other(
    office: Office, engine: Any, monkeypatch: pytest.MonkeyPatch
):
    number = office.receive()
    office.session.commit()
    compute, done = refresh.compute_facts, []

    def meanwhile(*given: Any) -> Any:
        found = compute(*given)
        if not done:
            done.append(True)
            office.take(number, withdraw_complaint, reason="Sudah menyala sendiri")
            refresh_sums(sessionmaker(engine), office.at)
        return found

    monkeypatch.setattr(refresh, "compute_facts", meanwhile)
    refresh_sums(sessionmaker(engine), office.at)
    assert office.count(StaleReport) == 0
    with sessionmaker(engine)() as session:
        assert not compare_facts(session, 0, office.at).differing
        assert differing_parts(session, FROM, TO, office.at) == []


def test_facts_that_went_wrong_are_found_and_computed_again(office: Office, engine: Any):
    number = office.receive()
    keep(office, engine)
    complaint_id = office.complaint(number).id
    office.session.execute(update(Complaint).values(priority="P4"))
    office.session.commit()
    with sessionmaker(engine).begin() as session:
        found = compare_facts(session, 0, office.at)
        assert found.differing == [complaint_id]
        mark(session, found.differing)
    keep(office, engine)
    with sessionmaker(engine)() as session:
        assert not compare_facts(session, 0, office.at).differing


def test_cells_that_went_wrong_are_found(office: Office, engine: Any):
    office.receive()
    keep(office, engine)
    office.session.execute(update(ReportCell).where(ReportCell.part == "place").values(n0=7))
    office.session.commit()
    with sessionmaker(engine)() as session:
        assert differing_parts(session, FROM, TO, office.at) == ["balance"]


def test_another_tier_of_a_customer_counts_at_once(office: Office, engine: Any):
    office.receive()
    keep(office, engine)
    office.session.scalars(select(Customer)).one().tier = "HVC_GOLD"
    office.session.commit()
    with sessionmaker(engine)() as session:
        found = deadline_report(session, office.actor("manager"), FROM, TO, "tier", now=office.at)
    assert [row.key for row in found.rows] == ["HVC_GOLD"]


def test_where_a_branch_changes_its_calendar_rows_are_counted_until_all_is_computed(
    office: Office, engine: Any
):
    office.receive()
    keep(office, engine)
    office.edit(RuleKind.CALENDAR, "jakarta", tz="Asia/Jayapura")
    with sessionmaker(engine)() as session:
        assert differing_parts(session, FROM, TO, office.at) is None
    assert refresh_sums(sessionmaker(engine), office.at, 1) == 1
    with sessionmaker(engine)() as session:
        assert differing_parts(session, FROM, TO, office.at) is None
    keep(office, engine)
    with sessionmaker(engine)() as session:
        assert differing_parts(session, FROM, TO, office.at) == []


def test_with_nothing_changed_the_report_reads_sums_alone(office: Office, engine: Any):
    for _ in range(3):
        office.receive()
    keep(office, engine)
    office.session.execute(update(ReportFacts).values(body="unread"))
    office.session.commit()
    assert received(office) == 3
    assert office.session.scalar(select(func.count()).select_from(ReportFacts)) == 3
    office.session.commit()


def test_time_alone_makes_a_promise_late(office: Office, engine: Any):
    number = office.receive()
    office.walk(number, to="020-1.6")
    keep(office, engine)
    due = office.clocks(number)["resolve"].due_at
    for later, missed in ((timedelta(0), 0), (timedelta(seconds=1), 1)):
        with sessionmaker(engine)() as session:
            found = deadline_report(
                session, office.actor("manager"), FROM, TO, None, now=due + later
            )
        assert (found.total.breached, found.balance.places["missed_open"]) == (missed, missed)
