"""A policy in a TOML file, uploaded to be laid on the complaints of a past period.

Two forms are taken: a policy as in `config/`, with or without a [calendar], and the
POLICY.toml of `complaints replay`.
"""

from collections.abc import Mapping
from typing import Any

from complaints.domain.clauses import Clause, Policy
from complaints.domain.deadlines import Kind
from complaints.domain.errors import N_
from complaints.domain.policies.backtest import BacktestPolicies
from complaints.domain.worktime import WorkCalendar
from complaints.formats.inputs import UnusableFile, parse_toml
from complaints.formats.replay_policy import ReplayPolicy, Rule

#: No policy anybody has written is nearly as large.
LARGEST = 64 * 1024


def read_backtest_policies(data: bytes, name: str) -> BacktestPolicies:
    """The policies in an uploaded file; UnusableFile says in one line what is wrong with it."""
    if len(data) > LARGEST:
        raise UnusableFile(N_("The file is too large for a policy."))
    parsed = parse_toml(data, name)
    try:
        if "clock" in parsed:
            return BacktestPolicies((Policy.from_dict(parsed),), _calendar(parsed))
        policy = ReplayPolicy.from_dict(parsed, name)
    except UnusableFile:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableFile(f"{name}: {error}") from None
    clauses = tuple(_clause(number, rule) for number, rule in enumerate(policy.rules, 1))
    return BacktestPolicies((Policy(name, name, clauses, name, name),), policy.calendar)


def _calendar(parsed: Mapping[str, Any]) -> WorkCalendar | None:
    return WorkCalendar.from_dict(parsed["calendar"]) if "calendar" in parsed else None


def _clause(number: int, rule: Rule) -> Clause:
    """A rule of a POLICY.toml as the clause it is; there the first that applies wins as well."""
    return Clause(
        id=f"rule-{number}",
        kind=Kind.RESOLVE,
        start="received",
        # A length of time may be a fraction; the counting takes it as it is.
        duration=rule.duration,  # type: ignore[arg-type]
        unit=rule.unit.value,
        end_of_day=rule.end_of_day,
        counting=rule.counting,
        selectors={key: tuple(values) for key, values in rule.selectors.items()},
    )
