"""The report on outcomes by each division: held to the history of those in a line, and to lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.reporting.spans import counted_span, rank_in
from complaints.models import Branch, Customer, Team, User
from complaints.queries.lists.filters import ListFilters
from complaints.queries.reports.drilldown import count_behind
from complaints.queries.reports.outcomes.division import OUTCOME_DIVISIONS
from complaints.queries.reports.outcomes.flow import LEFT
from complaints.queries.reports.outcomes.report import (
    OUTCOME_PARTS,
    divisions_of,
    outcome_report,
)
from complaints.queries.reports.outcomes.sections import Line, OutcomeReport
from complaints.queries.reports.outcomes.steps import find_steps
from complaints.queries.reports.parts import Asked
from complaints.queries.reports.period import Period
from complaints.steps.letters.survey import ask_for_rating
from tests.office import Office
from tests.queries.reports.test_outcomes import (
    DAY,
    FIRST,
    LAST,
    histories,
    in_october,
    local,
    recounted_endings,
    recounted_flow,
    recounted_offers,
    recounted_redress,
    recounted_reopened,
    recounted_spans,
    selects,
    tell_october,
)
from tests.stories import Story


def tell_divided(office: Office) -> list[str]:
    """October, with customers of both kinds, another branch, other handlers and products."""
    numbers = tell_october(office)
    office.at = local(16, 9)
    elsewhere = {"branch": "MKS", "category": "TAG_TELAT", "channel": "call"}
    numbers.append(office.receive(at=office.at, by="csr2", **elsewhere))
    office.at = local(21, 9)
    office.take(numbers[0], ask_for_rating)
    office.post(numbers[0])
    session = office.session
    known = list(office.rules.taxonomy.needs)
    first = office.complaint(numbers[0])
    customer = session.get_one(Customer, first.customer_id)
    customer.tier, customer.needs = list(office.rules.taxonomy.tiers)[-1], known[:2]
    other = session.get_one(Customer, office.complaint(numbers[4]).customer_id)
    other.needs = known[1:2]
    office.complaint(numbers[5]).handler_id = None
    gone = office.complaint(numbers[6])
    gone.product = next(iter(office.rules.organisation.products))
    gone.team_id = next(iter(office.rules.teams))
    gone.priority = "P1" if gone.priority != "P1" else "P2"
    left = session.get_one(User, office.actor("csr2").id)
    left.is_active = False
    session.commit()
    return numbers


STORY: Story[list[str]] = Story(tell_divided)


@pytest.fixture
def database_url(databases):
    """A database in which October has been told."""
    url = databases.fresh(STORY.prepare)
    yield url
    databases.drop(url)


def read(office: Office, part: str, by: str | None, name: str = "manager") -> OutcomeReport:
    actor, now = office.actor(name), office.at
    found = outcome_report(office.session, actor, FIRST, LAST, part, by, now=now)
    office.session.commit()
    return found


def pieces(report: OutcomeReport, section: str, key: str) -> dict[str, Line]:
    """The lines of a section as the line `key` of the division has them."""
    (found,) = (each for each in report.sections if each.key == section)
    return {
        line.key: piece for line in found.all_lines for piece in line.pieces if piece.key == key
    }


def counts(report: OutcomeReport, section: str, key: str, column: str = "count") -> dict[str, int]:
    found = pieces(report, section, key).items()
    return {line: each.values[column] for line, each in found if each.values.get(column)}


def lines_of(office: Office, number: str, by: str) -> list[str]:
    """In which lines a complaint stands, read from its row and those it names."""
    session, complaint = office.session, office.complaint(number)
    customer = session.get_one(Customer, complaint.customer_id)
    handler = session.get(User, complaint.handler_id) if complaint.handler_id else None
    team = session.get(Team, complaint.team_id) if complaint.team_id else None
    values: dict[str, Any] = {
        "branch": session.get_one(Branch, complaint.branch_id).code,
        "category": complaint.category,
        "team": team.code if team else None,
        "priority": complaint.priority,
        "channel": complaint.channel,
        "handler": handler.email if handler else None,
        "product": complaint.product,
        "cause": complaint.confirmed_cause,
        "tier": customer.tier,
    }
    if by == "need":
        return list(customer.needs) or ["none"]
    return [values[by] or "none"]


def apart(office: Office, numbers: list[str], by: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for number in numbers:
        for key in lines_of(office, number, by):
            found.setdefault(key, []).append(number)
    return found


DIVIDED = [by for by in OUTCOME_DIVISIONS if by != "month"]


@pytest.mark.parametrize("by", DIVIDED)
def test_the_history_of_those_in_a_line_gives_what_it_says(office: Office, by: str):
    numbers = STORY.go_on(office)
    results, steps = read(office, "results", by), read(office, "steps", by)
    causes, arrivals = read(office, "causes", by), read(office, "arrivals", by)
    found = apart(office, numbers, by)
    assert len(found) > 1
    for key, own in found.items():
        told = histories(office, own)
        endings, (offers, others) = recounted_endings(told), recounted_offers(told)
        received = [each for each in own if in_october(told[each][0].at)]
        whole = {"total": len(received)} if received else {}
        assert counts(results, "endings", key) == {**endings, **whole}, key
        made = {"total": sum(offers.values())} if offers else {}
        assert counts(results, "offers", key) == {**offers, **made}, key
        alternatives = counts(results, "offers", key, "alternatives")
        assert alternatives.get("total", 0) == sum(others.values())
        returns = counts(results, "returns", key)
        assert returns.get("reopened", 0) == recounted_reopened(told)
        assert returns.get("accepted", 0) == offers["accepted"]
        redress = pieces(results, "redress", key)
        for remedy, amounts in recounted_redress(told).items():
            assert redress[remedy].values["count"] == len(amounts)
            assert redress[remedy].values["amount"] == sum(amounts)
        reached, stayed = recounted_flow(told)
        assert counts(steps, "flow", key) == dict(reached)
        for state in LEFT:
            assert counts(steps, "flow", key, state) == dict(stayed[state])
        spans, times = recounted_spans(office, told), pieces(steps, "steps", key)
        assert {each for each in times if each != "total"} == {
            each for each in spans if each != "total"
        }
        for step, seconds in spans.items():
            lengths = Counter(counted_span(each) for each in seconds)
            assert times[step].values["total_seconds"] == sum(seconds)
            assert times[step].values["median_seconds"] == rank_in(lengths, 0.5)
            assert times[step].sample == len(seconds)
        confirmed = Counter(office.complaint(each).confirmed_cause or "none" for each in received)
        assert counts(causes, "causes", key) == {**confirmed, **whole}
        assert {each.values.get("so_far") for each in pieces(causes, "causes", key).values()} <= {
            None
        }
        assert counts(arrivals, "arrivals", key) == whole


def each_piece(report: OutcomeReport) -> Iterator[tuple[Line, Line, str]]:
    for section in report.sections:
        for line in section.all_lines:
            for column in section.columns:
                for piece in line.pieces:
                    if column.key in piece.behind and piece.values.get(column.key):
                        yield line, piece, column.key


@pytest.mark.parametrize("by", OUTCOME_DIVISIONS)
@pytest.mark.parametrize("part", OUTCOME_PARTS)
def test_the_lines_of_a_division_add_up_and_each_number_is_as_long_as_its_list(
    office: Office, part: str, by: str
):
    STORY.go_on(office)
    if by not in divisions_of(part):
        with pytest.raises(Invalid, match="cannot be divided"):
            read(office, part, by)
        return
    for name in ("manager", "supervisor"):
        report, opened = read(office, part, by, name), 0
        actor, now = office.actor(name), office.at + 60 * DAY
        for section in report.sections:
            for line in section.all_lines:
                if section.is_divided_whole and line is not section.total:
                    assert line.pieces == ()
                    continue
                for column in section.columns:
                    added = sum(piece.values.get(column.key) or 0 for piece in line.pieces)
                    whole = line.values.get(column.key) or 0
                    if column.kind in ("count", "money"):
                        assert added >= whole if by == "need" else added == whole, line.key
        for line, piece, column in each_piece(report):
            days = {f"{name}_on": piece.asked[name] for name in ("from", "to") if by == "month"}
            asked = {key: value for key, value in piece.asked.items() if key not in ("from", "to")}
            given = {"from_on": FIRST, "to_on": LAST}
            given |= {key: type(FIRST).fromisoformat(value) for key, value in days.items()}
            filters = ListFilters(figure=piece.behind[column], **given, **asked)
            count = count_behind(office.session, actor, filters, office.rules, now=now)
            if not isinstance(piece.values[column], float) and column != "amount":
                assert count == piece.values[column], (line.key, piece.key, column)
            opened += 1
        office.session.commit()
        assert opened


def test_the_whole_is_the_same_however_it_is_divided(office: Office):
    STORY.go_on(office)
    for part in OUTCOME_PARTS:
        whole = read(office, part, None).as_json()
        for by in divisions_of(part):
            found = read(office, part, by).as_json()
            for section in found["sections"]:
                for line in (*section["lines"], section["total"] or {}):
                    line.pop("divided", None)
            assert found == {**whole, "by": by}, (part, by)


def test_a_division_takes_no_statement_more_for_a_line(office: Office):
    STORY.go_on(office)
    actor, period = office.actor("manager"), Period.of(FIRST, LAST, office.rules)
    sent = {}
    office.session.commit()
    for by in OUTCOME_DIVISIONS:
        with selects(office.engine) as said:
            find_steps(office.session, Asked(actor, period, by, office.at, office.rules))
        sent[by] = [each for each in said if "step_records" in each]
        office.session.commit()
    assert {by: len(each) for by, each in sent.items()} == dict.fromkeys(OUTCOME_DIVISIONS, 2), sent
