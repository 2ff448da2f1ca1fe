"""Who may decide what alone (020-3.3 and the exits): the thresholds typed from `authority.toml`.

A section that the file leaves out has the defaults written here, so that the file of an earlier
version can still be read. To add a threshold: a field here, its line in the file, nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TypeVar

from complaints.domain.config_fields import Table

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sums:
    """How far back the sum given to one customer reaches, in days."""

    customer_days: int = 90


@dataclass(frozen=True, slots=True)
class Exits:
    """From how many steps that could not be done somebody else has to sign."""

    countersign_from: int = 3


@dataclass(frozen=True, slots=True)
class PauseLimit:
    """The working days for which the handler alone may pause a complaint the first time.

    All pauses of a complaint together last at most `total_days` calendar days; more time is an
    extension, which somebody above decides.
    """

    first_days: int = 3
    total_days: int = 30


@dataclass(frozen=True, slots=True)
class ExtensionLimits:
    """How often, and by how many working days in all, supervisors may extend one complaint.

    Both count anew after a reopening. Beyond either, a manager decides.
    """

    max_count: int = 2
    total_days: int = 20


@dataclass(frozen=True, slots=True)
class WithdrawalTerms:
    """The calendar days in which a withdrawal may be taken back."""

    take_back_days: int = 7


@dataclass(frozen=True, slots=True)
class FarDates:
    """The working days within which anybody may date what is undertaken; beyond, a supervisor."""

    latest_days: int = 20


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    """What may be ticked as delivered in one tap by anybody, in whole units per complaint."""

    one_tap_up_to: int = 250_000


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often the customer has to be tried before they count as not reachable."""

    confirmation: int = 2
    explanation: int = 3
    explanation_days: int = 2
    minutes_apart: int = 5


@dataclass(frozen=True, slots=True)
class Reminders:
    """Working days in which the customer answers: the summary, and each letter about an offer."""

    confirmation_days: int = 1
    answer_days: int = 3


@dataclass(frozen=True, slots=True)
class PortalTerms:
    """What customers may do on their own page, and until when.

    In calendar days after the end: `reopen_days` in which their word opens the complaint again,
    later it becomes a new one that goes on from it; `link_days` for which the link works. In
    calendar days after it was given, `rating_days` in which a rating may be changed. In working
    days `objection_days` until a superior has answered an objection.
    """

    reopen_days: int = 14
    rating_days: int = 7
    objection_days: int = 2
    link_days: int = 365


#: Thresholds of earlier files that nothing goes by any more.
_FORMER = {"reminders": ("silence_days",)}

Limits = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Authority:
    """Limits by role in whole units, and the other thresholds by section.

    `limits` hold for one offer, the other two for the sums that stand on one complaint and to one
    customer. Where a role has no line of its own there, the sums may not exceed its single offer.
    """

    limits: Limits
    limits_per_complaint: Limits
    limits_per_customer: Limits
    sums: Sums = field(default_factory=Sums)
    exits: Exits = field(default_factory=Exits)
    pause: PauseLimit = field(default_factory=PauseLimit)
    extension: ExtensionLimits = field(default_factory=ExtensionLimits)
    withdrawal: WithdrawalTerms = field(default_factory=WithdrawalTerms)
    commitments: FarDates = field(default_factory=FarDates)
    delivery: DeliveryTerms = field(default_factory=DeliveryTerms)
    attempts: Attempts = field(default_factory=Attempts)
    reminders: Reminders = field(default_factory=Reminders)
    portal: PortalTerms = field(default_factory=PortalTerms)

    @classmethod
    def from_dict(cls, data: Table) -> "Authority":
        """Read the form of `config/authority.toml`; ValueError says what is wrong."""
        if not isinstance(data.get("limits"), Mapping):
            raise ValueError("authority: a [limits] table is needed")
        return cls(
            limits=_limits(data, "limits"),
            limits_per_complaint=_limits(data, "limits_per_complaint"),
            limits_per_customer=_limits(data, "limits_per_customer"),
            sums=_section(data, "sums", Sums),
            exits=_section(data, "exits", Exits),
            pause=_section(data, "pause", PauseLimit),
            extension=_section(data, "extension", ExtensionLimits),
            withdrawal=_section(data, "withdrawal", WithdrawalTerms),
            commitments=_section(data, "commitments", FarDates),
            delivery=_section(data, "delivery", DeliveryTerms),
            attempts=_section(data, "attempts", Attempts),
            reminders=_section(data, "reminders", Reminders),
            portal=_section(data, "portal", PortalTerms),
        )

    def limit_of(self, role: str) -> int:
        """The highest amount this role may offer at once without approval."""
        return self.limits.get(role, 0)

    def limit_per_complaint(self, role: str) -> int:
        """The highest sum that may stand on one complaint by this role's word."""
        return self.limits_per_complaint.get(role, self.limit_of(role))

    def limit_per_customer(self, role: str) -> int:
        """The highest sum that may stand to one customer by this role's word."""
        return self.limits_per_customer.get(role, self.limit_of(role))


def _limits(data: Table, name: str) -> Limits:
    table = _table(data, name)
    for role, limit in table.items():
        if not _is_count(limit):
            raise ValueError(f"authority: the limit of {role} must be a whole number")
    return MappingProxyType(dict(table))  # type: ignore[arg-type]


def _section(data: Table, name: str, kind: type[T]) -> T:
    """A section whose fields are whole numbers of 1 and more, absent ones as the defaults say."""
    former = _FORMER.get(name, ())
    table = {key: value for key, value in _table(data, name).items() if key not in former}
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    for key, value in table.items():
        if key not in known:
            raise ValueError(f"authority: [{name}] knows no {key}")
        if not _is_count(value) or not value:
            raise ValueError(f"authority: [{name}] {key} must be a whole number of 1 or more")
    return kind(**table)


def _table(data: Table, name: str) -> Table:
    table = data.get(name, {})
    if not isinstance(table, Mapping):
        raise ValueError(f"authority: [{name}] must be a table")
    return table


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
