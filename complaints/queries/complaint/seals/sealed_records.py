"""Comparing the records of a complaint with what its seals say of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from complaints.db import Base
from complaints.domain.history import changed_columns, mac_in, record_mac
from complaints.domain.lifecycle import Status
from complaints.models import StepRecord
from complaints.queries.complaint.seals.chain import Chain, Columns, Fault, Mark, in_utc
from complaints.sealing import sealed_columns, sealed_names


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing found; `old` rows are from before there were seals, and none covers them."""

    faults: list[Fault]
    old: int


def compare_table(
    mapped: type[Base], rows: Sequence[Columns], chain: Chain, old_until: int
) -> Compared:
    """Compare the rows that a complaint has in a table with the latest marks of each."""
    if not mapped.sealed_by:
        return _compare_nameless(mapped, rows, chain, old_until)
    table, columns, names = mapped.__tablename__, sealed_columns(mapped), sealed_names(mapped)
    marks = chain.marks.pop(table, {})
    faults: list[Fault] = []
    old = 0
    for row in rows:
        name = str(getattr(row, mapped.sealed_by))
        known = marks.pop(name, None)
        if known is None:
            if row.id > old_until:
                faults.append(Fault(table, name, "no seal knows it"))
            else:
                old += 1
        elif not known[1].startswith(record_mac(known[0], table, names, row)) and not any(
            known[1].startswith(record_mac(known[0], table, names, each))
            for each in _before_migrations(mapped, row)
        ):
            faults.append(_changed(table, name, columns, row, known))
    faults += [Fault(table, name, "it is missing") for name in marks]
    return Compared(faults, old)


def _before_migrations(mapped: type[Base], row: Columns) -> Iterator[Sequence[Any]]:
    """The values of a row as they may have been sealed before a migration wrote into it."""
    is_silence = mapped is StepRecord and row.criterion == "020-3.4" and row.is_unable
    # 0046 marks silence that was recorded before our own reminders.
    if is_silence and row.proof_rules == 1:
        yield [
            2 if name == "proof_rules" else value
            for name, value in zip(sealed_columns(mapped), row, strict=False)
        ]


def _compare_nameless(
    mapped: type[Base], rows: Sequence[Columns], chain: Chain, old_until: int
) -> Compared:
    table, columns, names = mapped.__tablename__, sealed_columns(mapped), sealed_names(mapped)
    left: dict[str, list[Mark]] = defaultdict(list)
    for mark in chain.nameless.get(table, ()):
        left[mac_in(mark[1])].append(mark)
    keys = sorted({key for marks in left.values() for key, _ in marks})
    strange: list[Columns] = []
    old = 0
    for row in rows:
        for key in keys:
            if same := left.get(record_mac(key, table, names, row)):
                same.pop()
                break
        else:
            if row.id <= old_until:
                old += 1
            else:
                strange.append(row)
    missing = [each for marks in left.values() for each in marks]
    faults: list[Fault] = []
    for row in strange:
        if missing:
            nearest = min(missing, key=lambda each: _distance(columns, row, each))
            missing.remove(nearest)
            faults.append(_changed(table, str(row.id), columns, row, nearest))
        else:
            faults.append(Fault(table, str(row.id), "no seal knows it"))
    faults += [Fault(table, "", "a row is missing") for _ in missing]
    return Compared(faults, old)


def _distance(columns: Mapping[str, str], row: Columns, mark: Mark) -> int:
    return len(changed_columns(columns, row, mark[1])) or len(columns)


def _changed(table: str, name: str, columns: Mapping[str, str], row: Columns, mark: Mark) -> Fault:
    differing = changed_columns(columns, row, mark[1])
    what = f"{', '.join(differing)} changed" if differing else "it was changed"
    return Fault(table, name, what, tuple(differing))


_STATUSES = [each.value for each in Status]


def what_does_not_follow(
    complaint: Columns,
    entries: Sequence[Columns],
    clocks: Sequence[Columns],
    ledger: Sequence[Columns],
    causes: Sequence[Columns],
) -> list[Fault]:
    """What a complaint and its clocks say that does not follow from history, ledger and causes.

    The one test there is for what is older than the seals.
    """
    faults: list[Fault] = []
    said = [each.detail.get("to") for each in entries]
    # Escalations say to whom they went, under the same name.
    status = ([each for each in said if each in _STATUSES] or [Status.RECEIVED.value])[-1]
    if complaint.status != status:
        what = f"status is {complaint.status}; by the history it is {status}"
        faults.append(Fault("complaints", str(complaint.id), what, ("status",)))
    confirmed = {each.id: each.code for each in causes if each.stage == "confirmed"}
    cause = confirmed[max(confirmed)] if confirmed else None
    if complaint.confirmed_cause != cause:
        what = f"confirmed_cause is {complaint.confirmed_cause}; by its causes it is {cause}"
        faults.append(Fault("complaints", str(complaint.id), what, ("confirmed_cause",)))
    dues: Mapping[int, Columns] = {each.deadline_id: each for each in ledger}
    for clock in clocks:
        last = dues.get(clock.id)
        if last is None:
            what = "its ledger is missing"
        elif last.due_at != clock.due_at:
            what = f"due_at is {in_utc(clock.due_at)}; by its ledger it is "
            what += in_utc(last.due_at)
        else:
            continue
        faults.append(Fault("deadlines", str(clock.id), what, ("due_at",)))
    return faults
