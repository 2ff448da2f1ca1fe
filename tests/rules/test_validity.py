"""Rules that hold from one day to another: what counts is the day on which a complaint came in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.domain.policies.backtest import BacktestPolicies
from complaints.domain.policies.whatif import RuleKind
from complaints.models import Deadline
from complaints.queries.reports.period import Period
from complaints.queries.reports.policy_backtest import measure
from complaints.queries.rules.whatif import look_ahead
from complaints.recalculation.recalculate import change_in_force, recalculate
from complaints.rules.edit import Proposal, change_of, rule_in_force, save_rule
from complaints.steps.amend import Amendment, amend_record
from tests.office import Office

OFCOM = "uk-ofcom"
#: The last second of 7 April in Jakarta, and the one after it.
OLD = datetime(2026, 4, 7, 16, 59, 59, tzinfo=UTC)
NEW = OLD + timedelta(seconds=1)


def limits(office: Office, number: str) -> list[tuple[str, str]]:
    """The clause and the state of each clock of the policy."""
    rows = office.rows(Deadline, number)
    return [(each.clause, each.state) for each in rows if each.policy == OFCOM]


@pytest.mark.parametrize(
    ("branch", "by", "received_at", "clause"),
    [
        ("JKT", "csr", OLD, "adr_letter_old"),
        ("JKT", "csr", NEW, "adr_letter"),
        # In Makassar the day begins an hour earlier.
        ("MKS", "csr2", OLD, "adr_letter"),
        ("MKS", "csr2", OLD - timedelta(hours=1), "adr_letter_old"),
    ],
)
def test_the_day_is_that_of_the_branchs_wall_clock(office: Office, branch, by, received_at, clause):
    office.switch_on(OFCOM)
    number = office.receive(by=by, branch=branch, received_at=received_at)
    assert limits(office, number) == [(clause, "running")]


def test_what_changes_later_changes_nothing_for_an_older_complaint(office: Office):
    office.switch_on(OFCOM)
    number = office.receive(received_at=OLD, category="GGN_LAMBAT")
    day_after = OLD + timedelta(days=1)
    office.take(number, amend_record, at=day_after, change=Amendment(category="TAG_NAIK"))
    assert limits(office, number) == [("adr_letter_old", "running")]


def test_before_a_policy_holds_none_of_its_clocks_starts(office: Office):
    office.switch_on("id-health-kepdirjenkes-4072-2025")
    before, since = datetime(2025, 9, 29, 3, tzinfo=UTC), datetime(2025, 9, 30, 3, tzinfo=UTC)
    for received_at, has_limit in ((before, False), (since, True)):
        clocks = office.clocks(office.receive(received_at=received_at))
        assert ("legal" in clocks) is has_limit


def test_a_policy_switched_on_for_all_starts_what_held_on_each_complaints_day(office: Office):
    old, new = (office.receive(received_at=at) for at in (OLD, NEW))
    row = rule_in_force(office.session, RuleKind.SWITCHES, "organisation")
    body = {**row.body, "policies": [*row.body["policies"], OFCOM]}
    proposal = Proposal(RuleKind.SWITCHES, "organisation", body, row.id)
    change = change_of(office.session, office.rules, proposal)
    assert look_ahead(office.session, office.rules, change, now=office.at).starts == 2
    save_rule(office.session, office.rules, proposal, by=office.actor("admin"), at=office.at)
    applied = change_in_force(office.rules, change)
    words = {"reason": "untuk semua", "by": office.actor("admin"), "at": office.at}
    recalculate(office.session, office.rules, applied, **words)
    office.session.commit()
    assert limits(office, old) == [("adr_letter_old", "running")]
    assert limits(office, new) == [("adr_letter", "running")]


def test_a_comparison_on_the_past_lays_on_each_complaint_what_held_on_its_day(office: Office):
    for received_at in (OLD, NEW):
        office.receive(received_at=received_at, at=received_at)
    ofcom = next(each for each in office.rules.all_policies if each.code == OFCOM)
    period = Period.of(date(2026, 4, 1), date(2026, 4, 30), office.rules)
    now = OLD + timedelta(weeks=7)
    actor, sticks = office.actor("manager"), [BacktestPolicies((ofcom,))]
    (measured,) = measure(office.session, office.rules, actor, period, sticks, now=now)
    # After seven weeks the younger one is late by its six weeks, the older one has eight.
    assert (measured.total.missed, measured.total.open) == (1, 1)
