"""Policies as data: clauses in versions, and which clauses a complaint asks for.

A clause selects by facts of the complaint. Several policies may apply at once: all their clocks are
kept and the earliest due time drives the countdown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from complaints.domain.config.policy_about import PolicyAbout
from complaints.domain.config_fields import day
from complaints.domain.deadlines import Event, Kind
from complaints.domain.worktime.durations import Counting, Unit, check_counting, check_length


@dataclass(frozen=True, slots=True)
class Extension:
    """By how much, how often and on which conditions a clause may be extended."""

    duration: int
    unit: str
    max_count: int = 1
    conditions: tuple[str, ...] = ()
    conditions_id: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def named(self) -> list[dict[str, str]]:
        """The conditions in both languages, as anything with a label has them."""
        translated = self.conditions_id or self.conditions
        return [
            {"label_id": here, "label_en": there}
            for here, there in zip(translated, self.conditions, strict=True)
        ]

    def called(self, words: str) -> dict[str, str] | None:
        """The condition with these words in either language, or None."""
        wanted = words.strip().casefold()
        spoken = (each for each in self.named if wanted in map(str.casefold, each.values()))
        return next(spoken, None)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clock of a policy; `duration` counts `unit`s of `domain.worktime.durations`.

    `rule_start` is the rule's own starting point where `start` is an earlier, safe one;
    `start_evidence` says so where the starting point is our reading, disputed or not known. It
    holds for complaints received from `valid_from` to `valid_to`, both days included. Notes and
    labels stand in Indonesian (`_id`) and in English.
    """

    id: str
    kind: Kind
    start: str
    duration: int
    unit: str
    end_of_day: bool = False
    counting: Counting = Counting.FROM_FIRST_OPEN_MOMENT
    repeat: bool = False
    automatic: bool = True
    party: str = "us"
    label_id: str = ""
    label_en: str = ""
    evidence: str = "ours"
    note: str = ""
    selectors: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    extension: Extension | None = None
    note_id: str = ""
    rule_start: str = ""
    start_evidence: str = ""
    valid_from: date = date.min
    valid_to: date = date.max

    def applies_to(self, facts: Mapping[str, object]) -> bool:
        """Whether every selector of the clause holds one of the complaint's facts.

        The rule has to be in force on the day of receipt, when `facts` tell it.
        """
        received_on = facts.get("received_on")
        return all(facts.get(name) in values for name, values in self.selectors.items()) and (
            not isinstance(received_on, date) or self.valid_from <= received_on <= self.valid_to
        )

    def holds_while(self, other: "Clause") -> bool:
        """Whether the clause is in force on every day on which the other is."""
        return self.valid_from <= other.valid_from and other.valid_to <= self.valid_to

    @property
    def ends_with_the_day(self) -> bool:
        """Whether the due time is the closing of a day, also after a pause."""
        return self.end_of_day or self.counting is Counting.DAY_AFTER_RECEIPT

    @property
    def is_enforced(self) -> bool:
        """Whether we start this clock ourselves and answer for it."""
        return self.automatic and self.party == "us" and self.kind is not Kind.CUSTOMER


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy with its clauses as loaded from `config/policies`, in one version."""

    code: str
    name: str
    clauses: tuple[Clause, ...]
    label_id: str
    label_en: str
    version_id: int = 0
    about: PolicyAbout = field(default_factory=PolicyAbout)

    @property
    def labels(self) -> dict[str, str]:
        """The name of the policy by language, as a refusal takes it."""
        return {"id": self.label_id, "en": self.label_en}

    def clause(self, clause_id: str) -> Clause:
        """The clause with this id; KeyError when this version has none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    @classmethod
    def from_dict(cls, data: Mapping[str, object], version_id: int = 0) -> "Policy":
        """Read the form of `config/policies/*.toml`; ValueError names the clause that is wrong."""
        code = str(data.get("id", ""))
        clocks = data.get("clock", [])
        if not code or not isinstance(clocks, Sequence):
            raise ValueError("policy: 'id' and [[clock]] entries are needed")
        span = _span(data, f"policy {code}")
        name = str(data.get("name", code))
        return cls(
            code=code,
            name=name,
            clauses=tuple(_clause(code, clock, span) for clock in clocks),
            label_id=str(data.get("label_id") or name),
            label_en=str(data.get("label_en") or name),
            about=PolicyAbout.from_dict(f"policy {code}", data),
            version_id=version_id,
        )


#: What a clause may ask of a complaint.
SELECTORS = (
    "category",
    "category_group",
    "priority",
    "tier",
    "channel",
    "oral",
    "branch",
    "product",
)


UNITS = (
    "working_day",
    "working_hour",
    "working_minute",
    "calendar_day",
    "second",
    "minute",
    "hour",
    "week",
    "month",
)


def _clause(code: str, clock: Mapping[str, object], span: tuple[date, date]) -> Clause:
    where = f"policy {code}, clock {clock.get('id', '?')}"
    first, last = _span(clock, where)
    unit = str(clock.get("unit", ""))
    if unit not in UNITS:
        raise ValueError(f"{where}: unit {unit!r} is not one of {', '.join(UNITS)}")
    duration = clock.get("duration")
    if not isinstance(duration, int) or duration < 0:
        raise ValueError(f"{where}: duration must be a whole number of {unit}s, not negative")
    try:
        check_length(duration, Unit(unit))
    except ValueError as error:
        raise ValueError(f"{where}, {error}") from None
    try:
        kind = Kind(str(clock.get("kind", "")))
    except ValueError:
        raise ValueError(f"{where}: kind must be one of {', '.join(Kind)}") from None
    if kind is Kind.COMMITMENT:
        raise ValueError(f"{where}: a commitment runs to an agreed date, no rule counts it")
    try:
        counting = check_counting(
            str(clock.get("counting", Counting.FROM_FIRST_OPEN_MOMENT)), Unit(unit)
        )
    except ValueError as error:
        raise ValueError(f"{where}, {error}") from None
    extension = clock.get("extension")
    return Clause(
        id=str(clock["id"]),
        kind=kind,
        start=str(clock.get("start", Event.RECEIVED)),
        duration=duration,
        unit=unit,
        end_of_day=bool(clock.get("end_of_day", False)),
        counting=counting,
        repeat=bool(clock.get("repeat", False)),
        automatic=bool(clock.get("automatic", True)),
        party=str(clock.get("party", "us")),
        label_id=str(clock.get("label_id", clock["id"])),
        label_en=str(clock.get("label_en", clock["id"])),
        evidence=str(clock.get("evidence", "ours")),
        note=str(clock.get("note", "")),
        selectors={
            name: _as_tuple(clock[name]) for name in SELECTORS if clock.get(name) is not None
        },
        extension=_extension(extension, where) if isinstance(extension, Mapping) else None,
        note_id=str(clock.get("note_id", clock.get("note", ""))),
        rule_start=str(clock.get("rule_start", "")),
        start_evidence=str(clock.get("start_evidence", "")),
        valid_from=max(first, span[0]),
        valid_to=min(last, span[1]),
    )


def _span(data: Mapping[str, object], where: str) -> tuple[date, date]:
    """The first and the last day of receipt for which a policy or a clock of it holds."""
    first = day(where, data, "valid_from") or date.min
    last = day(where, data, "valid_to") or date.max
    if last < first:
        raise ValueError(f"{where}: valid_to {last} lies before valid_from {first}")
    return first, last


def _extension(data: Mapping[str, object], where: str) -> Extension | None:
    duration = data.get("duration")
    if not isinstance(duration, int):
        return None
    max_count = data.get("max_count", 1)
    conditions, translated = _texts(data.get("conditions")), _texts(data.get("conditions_id"))
    if translated and len(translated) != len(conditions):
        raise ValueError(f"{where}: conditions and conditions_id must name the same, in order")
    return Extension(
        duration=duration,
        unit=str(data.get("unit", "working_day")),
        max_count=max_count if isinstance(max_count, int) else 1,
        conditions=conditions,
        conditions_id=translated,
        evidence=str(data.get("evidence", "")),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _as_tuple(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def select_clauses(
    policies: Iterable[Policy], facts: Mapping[str, object], events: Iterable[str]
) -> list[tuple[Policy, Clause]]:
    """The clauses whose clock starts at one of `events` for a complaint with these `facts`.

    Within one policy the first clause of a kind that applies wins, so a policy may write the
    special case before the general one.
    """
    wanted = set(events)
    chosen: list[tuple[Policy, Clause]] = []
    for policy in policies:
        taken: set[Kind] = set()
        for clause in policy.clauses:
            if (
                clause.is_enforced
                and clause.start in wanted
                and clause.kind not in taken
                and clause.applies_to(facts)
            ):
                taken.add(clause.kind)
                chosen.append((policy, clause))
    return chosen


def lasting_moments(
    begun_at: datetime, documents_complete_at: datetime | None
) -> dict[str, datetime]:
    """When the lasting events of a cycle happened; one that lies before it counts from its begin.

    An event that has not been recorded is absent: its clocks wait.
    """
    moments: dict[str, datetime] = {Event.RECEIVED: begun_at}
    if documents_complete_at is not None:
        moments[Event.DOCUMENTS_COMPLETE] = max(begun_at, documents_complete_at)
    return moments


def clauses_to_start(
    policies: Iterable[Policy],
    facts: Mapping[str, object],
    event: Event,
    started: Iterable[tuple[str, Clause]],
) -> list[tuple[Policy, Clause]]:
    """The clauses that start at a lasting event and have no clock among those `started`.

    `started` are the policy's code and the clause of each clock of the cycle, in the version it
    runs under: a clause that a newer version starts at another event is still the same clause.
    """
    known: set[tuple[object, ...]] = set()
    for code, clause in started:
        known |= {(code, clause.id), (code, clause.kind, clause.start)}
    return [
        (policy, clause)
        for policy, clause in select_clauses(policies, facts, (event,))
        if not known & {(policy.code, clause.id), (policy.code, clause.kind, clause.start)}
    ]
