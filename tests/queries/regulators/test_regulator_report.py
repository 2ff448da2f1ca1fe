"""The forms of authorities: what was open, came in, ended and is open balances in every line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.domain.config.regulator_forms import BALANCE, COUNTED, DIVISIONS, read_forms
from complaints.domain.errors import Invalid
from complaints.queries.regulators.forms import form_named, regulator_forms
from complaints.queries.regulators.lives import Life, Stretch
from complaints.queries.regulators.report import Quarter, RegulatorReport, regulator_report
from complaints.steps.close import reopen_complaint, withdraw_complaint
from tests.office import Office

DAY = timedelta(days=1)
#: In Jakarta it is a Monday, ten in the morning.
AUTUMN = datetime(2026, 9, 21, 3, tzinfo=UTC)
Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)


def filled(
    office: Office, quarter: Quarter, now: datetime, by: str = "manager", **changes: object
) -> RegulatorReport:
    """A form on the rule that every complaint of the office is handled under."""
    form = replace(form_named("ojk"), policy="id-default-front-desk", **changes)
    found = regulator_report(office.session, office.actor(by), form, quarter, office.rules, now=now)
    office.session.commit()
    assert all(line.balances for line in (*found.lines, found.total))
    for name in (*COUNTED[:-1], "within_5"):
        assert sum(each.counts.get(name, 0) for each in found.lines) == (
            found.total.counts.get(name, 0)
        )
    return found


def counted(report: RegulatorReport) -> dict[str, int]:
    return {name: count for name, count in report.total.counts.items() if count}


@pytest.fixture
def autumn(office: Office) -> dict[str, str]:
    """One closed at once, one that waits over the turn of the quarter, one closed and reopened."""
    office.at = AUTUMN
    names = {each: office.receive(at=AUTUMN) for each in ("closed", "waiting", "again")}
    office.walk(names["closed"])
    office.walk(names["again"])
    office.take(
        names["again"],
        reopen_complaint,
        by="supervisor",
        at=datetime(2026, 10, 12, 3, tzinfo=UTC),
        reason="Putus lagi",
    )
    office.session.commit()
    return names


def test_a_quarter_and_the_next_balance_and_hang_together(office: Office, autumn: dict[str, str]):
    now = datetime(2026, 11, 2, 3, tzinfo=UTC)
    before, after = filled(office, Q3, now), filled(office, Q4, now)
    assert counted(before) == {"received": 3, "closed": 2, "open_at_end": 1, "within_5": 2}
    assert counted(after) == {"open_at_start": 1, "reopened": 1, "open_at_end": 2}
    assert before.is_over
    assert not after.is_over
    assert after.until == now


@pytest.mark.parametrize("divisions", [(each,) for each in DIVISIONS])
def test_it_balances_by_whatever_it_is_divided(
    office: Office, autumn: dict[str, str], divisions: tuple[str, ...]
):
    for quarter in (Q3, Q4):
        found = filled(office, quarter, datetime(2026, 11, 2, tzinfo=UTC), divisions=divisions)
        assert found.lines


def test_what_is_withdrawn_is_not_closed(office: Office, autumn: dict[str, str]):
    office.take(
        autumn["waiting"],
        withdraw_complaint,
        at=datetime(2026, 10, 20, 3, tzinfo=UTC),
        reason="Pelanggan menarik keluhannya lewat telepon",
        method="phone",
        number="081234567890",
    )
    found = filled(office, Q4, datetime(2026, 11, 2, tzinfo=UTC))
    assert counted(found) == {
        "open_at_start": 1,
        "reopened": 1,
        "withdrawn": 1,
        "open_at_end": 1,
    }


def test_a_supervisor_counts_their_branch(office: Office, autumn: dict[str, str]):
    office.at = AUTUMN
    office.receive(by="csr2", branch="MKS", at=AUTUMN)
    now = datetime(2026, 11, 2, tzinfo=UTC)
    assert counted(filled(office, Q3, now))["received"] == 4
    assert counted(filled(office, Q3, now, by="supervisor"))["received"] == 3


def test_complaints_under_no_such_rule_are_left_out(office: Office, autumn: dict[str, str]):
    report = regulator_report(
        office.session,
        office.actor("manager"),
        form_named("ojk"),
        Q3,
        office.rules,
        now=datetime(2026, 11, 2, tzinfo=UTC),
    )
    office.session.commit()
    assert report.lines == []
    assert report.total.balances


def test_the_second_at_which_a_quarter_turns_belongs_to_one_side_only():
    turn = datetime(2026, 10, 1, tzinfo=UTC)
    ends_then = Life(None, [Stretch(turn - DAY, turn, "closed")])
    assert ends_then.is_open_before(turn)
    assert ends_then.ended_before(turn) is None
    assert ends_then.was_open(turn, turn + DAY)
    begins_then = Life(None, [Stretch(turn, None)])
    assert not begins_then.is_open_before(turn)
    assert not begins_then.was_open(turn - DAY, turn)
    assert begins_then.was_open(turn, turn + DAY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2028-q1", "2028-01-01", "2028-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_a_quarter_is_three_months(text: str, first: str, last: str):
    quarter = Quarter.parse(text)
    assert (quarter.from_on, quarter.to_on) == tuple(map(date.fromisoformat, (first, last)))
    assert quarter.after.before == quarter
    assert Quarter.of(quarter.to_on) == quarter


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-Q5", "2026-Q0", "Q4-2026", "²⁰²⁶-Q1", "0000-Q1"]
)
def test_what_is_no_quarter_is_refused(text: str):
    with pytest.raises(Invalid):
        Quarter.parse(text)


def test_every_form_names_a_rule_there_is_and_balances(office: Office):
    known = {policy.code for policy in office.rules.all_policies}
    office.session.commit()
    for form in regulator_forms().values():
        assert form.policy in known
        assert {name for side in BALANCE for name in side} <= set(form.columns)
        assert form.source_id
        assert form.source_en


def test_a_form_that_could_not_balance_is_refused():
    form = {
        "id": "x",
        "label_id": "X",
        "label_en": "X",
        "policy": "p",
        "authority": "A",
        "due_day": 0,
        "source_id": "s",
        "source_en": "s",
        "divisions": ["product"],
        "columns": ["received", "closed"],
        "bands": [5],
    }
    with pytest.raises(ValueError, match="does not balance"):
        read_forms({"form": [form]})
    whole = {**form, "columns": list(COUNTED)}
    assert read_forms({"form": [whole]})["x"].bands == (5,)
    with pytest.raises(ValueError, match="rising"):
        read_forms({"form": [{**whole, "bands": [5, 3]}]})
