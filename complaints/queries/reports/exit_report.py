"""The report of exits of a period: one by one, and in groups with the complaints' numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy.orm import Session

from complaints.domain.csv_cells import CsvForm
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import CUSTOMER, Actor
from complaints.queries.reports.exceptions import (
    BY_CUSTOMERS,
    Asked,
    ExceptionRow,
    list_exceptions,
    person_name,
)
from complaints.queries.reports.exceptions_union import KINDS
from complaints.queries.reports.period import Period
from complaints.queries.reports.table import Table
from complaints.rulebook import RuleBook, current_rules

#: What the list can be divided by.
DIVISIONS = ("criterion", "reason", "handler", "branch")
#: More than these are not read at once.
MOST = 20_000


class Words(Protocol):
    """Says in one language what the codes mean."""

    def kind(self, kind: str) -> str: ...
    def code(self, kind: str, code: str) -> str: ...
    def criterion(self, key: str) -> str: ...
    def clock(self, kind: str) -> str: ...
    def no_code(self) -> str: ...
    def no_criterion(self) -> str: ...
    def customer(self) -> str: ...


@dataclass(slots=True)
class Group:
    """Those of one criterion, reason, person or branch; `numbers` are its complaints, each once.

    `label` is the name of a person or branch; what a reason is called depends on the `kind` that
    it was given for, and so two groups may share a key.
    """

    key: str
    label: str
    kind: str = ""
    count: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExitReport:
    """Every exit of a period, one by one and in groups."""

    from_on: date
    to_on: date
    by: str | None
    items: Sequence[ExceptionRow]
    groups: Sequence[Group]
    rules: RuleBook

    def as_json(self, indonesian: Words, english: Words) -> dict[str, Any]:
        """The report as the API and the command print it."""
        kinds = dict.fromkeys(KINDS, 0)
        for each in self.items:
            kinds[each.kind] += 1
        return {
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "by": self.by,
            "total": len(self.items),
            "past_due": sum(each.past_due_at is not None for each in self.items),
            "kinds": [{"kind": kind, "count": count} for kind, count in kinds.items()],
            "rows": [
                {
                    "key": each.key,
                    "label": group_label(self.by, each, indonesian),
                    "label_en": group_label(self.by, each, english),
                    "count": each.count,
                    "kinds": [{"kind": kind, "count": n} for kind, n in each.kinds.items()],
                    "numbers": list(each.numbers),
                }
                for each in self.groups
            ],
            "items": [
                {
                    **exit_item(self.rules, each),
                    "code_label": indonesian.code(each.kind, each.code) or None,
                    "code_label_en": english.code(each.kind, each.code) or None,
                }
                for each in self.items
            ],
        }


def exit_item(rules: RuleBook, each: ExceptionRow) -> dict[str, Any]:
    """One exit as plain values."""
    return {
        "kind": each.kind,
        "number": rules.numbers.write(each.year, each.complaint_id),
        "at": each.at.isoformat(),
        "by": CUSTOMER.name if each.by_customer else each.by,
        "by_email": each.by_email,
        "by_key": each.by_key,
        "criterion": each.criterion or None,
        "code": each.code or None,
        "reason": each.reason,
        "signed_by": each.signed_by,
        "signed_at": each.signed_at.isoformat() if each.signed_at else None,
        "returned_by": each.returned_by,
        "amount": each.amount,
        "past_kind": each.past_kind,
        "past_due_at": each.past_due_at.isoformat() if each.past_due_at else None,
    }


def group_label(by: str | None, group: Group, words: Words) -> str:
    """What a group is called."""
    if by == "criterion":
        return words.criterion(group.key) or words.no_criterion()
    if by == "reason":
        return words.code(group.kind, group.key) or words.no_code()
    if by == "handler" and group.key == BY_CUSTOMERS:
        return words.customer()
    return group.label


def exit_report(
    session: Session,
    actor: Actor,
    from_on: date,
    to_on: date,
    by: str | None,
    rules: RuleBook | None = None,
    asked: Asked | None = None,
) -> ExitReport:
    """Every exit of a period with the groups asked for; one query.

    Raises Invalid for a division or a period that is none, and for one with too many to read.
    """
    if by is not None and by not in DIVISIONS:
        raise Invalid(N_("The report cannot be divided by %(by)s."), field="by", by=by[:40])
    book = rules or current_rules(session)
    period = Period.of(from_on, to_on, book)
    items = list_exceptions(session, actor, period, book, asked or Asked(), limit=MOST + 1)
    if len(items) > MOST:
        raise Invalid(N_("This is too much for one report. Choose a shorter period."), field="from")
    groups: dict[tuple[str, str], Group] = {}
    for each in items if by else ():
        key, label = _key(each, by, book)
        kind = each.kind if by == "reason" and key else ""
        group = groups.setdefault((kind, key), Group(key, label, kind))
        group.count += 1
        group.kinds[each.kind] = group.kinds.get(each.kind, 0) + 1
        number = book.numbers.write(each.year, each.complaint_id)
        group.numbers[number] = None
    ordered = sorted(groups.values(), key=lambda each: (-each.count, each.label))
    return ExitReport(from_on, to_on, by, items, ordered, book)


def exits_csv(report: ExitReport, words: Words, form: CsvForm = CsvForm.PLAIN) -> str:
    """The exits one by one as CSV; instants are in UTC, for Excel in the organisation's zone."""
    return exits_table(report, words).as_csv(form)


def exits_table(report: ExitReport, words: Words) -> Table:
    """The exits one by one: codes, and beside them the words in the reader's language."""
    rows = []
    for each in report.items:
        item = exit_item(report.rules, each)
        item["kind_label"] = words.kind(each.kind)
        item["by"] = words.customer() if each.by_customer else each.by
        item["criterion_label"] = words.criterion(each.criterion)
        item["code_label"] = words.code(each.kind, each.code)
        item |= {"at": each.at, "signed_at": each.signed_at, "past_due_at": each.past_due_at}
        item["past_label"] = words.clock(each.past_kind or "")
        rows.append(item)
    return Table(_COLUMNS, rows, report.rules.home_zone)


_COLUMNS = (
    "kind",
    "kind_label",
    "number",
    "at",
    "by",
    "by_email",
    "by_key",
    "criterion",
    "criterion_label",
    "code",
    "code_label",
    "reason",
    "signed_by",
    "signed_at",
    "returned_by",
    "amount",
    "past_kind",
    "past_label",
    "past_due_at",
)


def _key(each: ExceptionRow, by: str | None, rules: RuleBook) -> tuple[str, str]:
    if by == "handler":
        return each.by_key, person_name(each.by, each.by_key)
    if by == "branch":
        branch = rules.branches[each.branch_id]
        return branch.code, branch.name
    if by == "criterion":
        return each.criterion, ""
    return each.code, ""
