"""What an organisation says of commitments: typed from `commitments.toml`.

The clock of a commitment runs to the date that was agreed, not to one that a rule counts. It is
kept by the same ledger, and so needs a clause that says what it is called and how a pause moves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.domain.clauses import UNITS, Clause, Policy
from complaints.domain.commitments.rules import CODE, OWN_DATE, WITH_PROMISE
from complaints.domain.config_fields import table, typed
from complaints.domain.deadlines import Kind

#: No event of a complaint starts such a clock by itself.
_START = "committed"


@dataclass(frozen=True, slots=True)
class Term:
    """The time proposed where nobody names a date."""

    duration: int
    unit: str


@dataclass(frozen=True, slots=True)
class CommitmentRules:
    """The times proposed where nobody names a date, and the two clauses of the clocks."""

    step: Term
    document: Term
    delivery: Term
    policy: Policy
    #: Remedies that are given by saying them, so that nothing has to be delivered.
    said: frozenset[str]

    @classmethod
    def from_dict(cls, data: Mapping[str, object], version_id: int = 0) -> "CommitmentRules":
        """Read the form of `config/commitments.toml`; ValueError says what is wrong."""
        label_id = typed("commitments", data, "label_id", str)
        label_en = typed("commitments", data, "label_en", str)
        said = data.get("given_by_saying", [])
        if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
            raise ValueError("commitments: given_by_saying must be a list of remedies")
        clauses = tuple(
            Clause(
                id=clause,
                kind=Kind.COMMITMENT,
                start=_START,
                duration=0,
                unit="working_hour",
                automatic=False,
                label_id=label_id,
                label_en=label_en,
            )
            for clause in (OWN_DATE, WITH_PROMISE)
        )
        policy = Policy(CODE, label_en, clauses, label_id, label_en, version_id)
        return cls(
            _term(data, "step"),
            _term(data, "document"),
            _term(data, "delivery"),
            policy,
            frozenset(said),
        )


def _term(data: Mapping[str, object], name: str) -> Term:
    where = f"commitments, {name}"
    given = table("commitments", data, name)
    duration, unit = typed(where, given, "duration", int), typed(where, given, "unit", str)
    if duration < 1 or unit not in UNITS:
        raise ValueError(f"{where}: a duration of 1 or more in one of {', '.join(UNITS)} is needed")
    return Term(duration, unit)
