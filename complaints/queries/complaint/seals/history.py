"""Proving the history: every complaint's chain, and every record that its seals speak of."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.db import Base
from complaints.domain.history import DayHead
from complaints.models import (
    Cause,
    Complaint,
    Deadline,
    Escalation,
    HistoryEntry,
    HistorySeal,
    LedgerEntry,
    Timer,
)
from complaints.queries.complaint.seals.chain import Chain, Columns, Fault, wrong_with_seal
from complaints.queries.complaint.seals.registers import check_categories, check_registers
from complaints.queries.complaint.seals.sealed_records import compare_table, what_does_not_follow
from complaints.queries.complaint.seals.signed_rows import read_signed
from complaints.queries.complaint.seals.timers_ahead import wrong_with_timers
from complaints.rows import WRITTEN
from complaints.rulebook import current_rules
from complaints.sealing import OF_COMPLAINTS, seal_written
from complaints.signing import history_keys

#: Complaints read at a time; memory stays the same for any number of them.
BATCH = 100


class Part(NamedTuple):
    """What checking some of the complaints found."""

    checked: int
    old: int
    bad: Sequence[dict[str, Any]]


#: Checks the complaints up to an id elsewhere, with what the file of daily seals says of them.
Spread = Callable[[int, Mapping[int, DayHead]], Iterable[Part]]


def verify_history(
    session: Session,
    sealed: Mapping[int, DayHead] | None = None,
    at: datetime | None = None,
    spread: Spread | None = None,
) -> dict[str, Any]:
    """Check every chain and every record: ``{"checked", "old", "bad"}``.

    `checked` counts entries; `old` counts entries and records from before the history was signed,
    which only their own hashes and what follows from them speak for. Each of `bad` is
    ``{"number", "record", "what", "table", "fields"}``. `sealed` is where the file of daily seals
    says that each history stood; what has not reached that was cut, replaced or removed. Without
    `at`, the present, timers that are being tried again are taken as they are. With `spread` the
    complaints are checked by other processes.

    What this very transaction wrote is sealed first. Read within one snapshot: a history that
    grows meanwhile would look cut.
    """
    if session.info.get(WRITTEN) or session.new or session.dirty:
        seal_written(session)
    proof = _Proof(session, dict(sealed or {}), at)
    proof.take_opening()
    proof.take_registers()
    highest = proof.highest()
    if spread is None:
        proof.take_all(1, highest)
    else:
        proof.take_parts(highest, spread)
    proof.miss_the_rest()
    return {"checked": proof.checked, "old": proof.old, "bad": proof.bad}


def verify_range(
    session: Session, low: int, high: int, sealed: Mapping[int, DayHead], at: datetime
) -> Part:
    """Check the complaints with these ids; `sealed` is what the file of daily seals says of them.

    What is wrong with how the seals began is named by `verify_history`.
    """
    proof = _Proof(session, dict(sealed), at)
    proof.until = read_opening(session).until
    proof.take_all(low, high)
    proof.miss_the_rest()
    return Part(proof.checked, proof.old, proof.bad)


class Opening(NamedTuple):
    """What `complaints init` has signed of how the seals began.

    Table → the id up to which its rows are older than the seals; the tables of the registers that
    are sealed; and what is wrong with that, None where it is as it was written.
    """

    until: Mapping[str, int]
    registers: Collection[str]
    fault: str | None


def read_opening(session: Session) -> Opening:
    """How the seals of this database began."""
    keys, until, registers = history_keys(), list[Mapping[str, int]](), set[str]()
    for seal in read_signed(session, HistorySeal, "complaint_id", 0, 0):
        why = wrong_with_seal(keys, seal)
        if why:
            return Opening({}, registers, why)
        registers.update(seal.content.get("registers", ()))
        if "until" in seal.content:
            until.append(seal.content["until"])
    if len(until) != 1:
        return Opening({}, registers, "there are several" if until else "it is missing")
    return Opening(until[0], registers, None)


@dataclass(slots=True)
class _Proof:
    session: Session
    sealed: dict[int, DayHead]
    at: datetime | None
    keys: Mapping[str, bytes] = field(default_factory=history_keys)
    until: Mapping[str, int] = field(default_factory=dict)
    registers: Collection[str] = ()
    checked: int = 0
    old: int = 0
    bad: list[dict[str, Any]] = field(default_factory=list)

    def take_opening(self) -> None:
        """Read up to where each table holds what is older than the seals."""
        self.until, self.registers, why = read_opening(self.session)
        if why:
            self._name(0, 0, [Fault("history_seals", "opening", why)])

    def take_registers(self) -> None:
        """Check what belongs to no complaint."""
        self._name(0, 0, check_registers(self.session, self.keys, self.registers))
        self._name(0, 0, check_categories(self.session))

    def highest(self) -> int:
        """The highest id of a complaint that anything tells of."""
        ids = (Complaint.id, HistoryEntry.complaint_id, HistorySeal.complaint_id)
        return max(self.session.scalar(select(func.max(each))) or 0 for each in ids)

    def take_all(self, low: int, high: int) -> None:
        """Check the complaints with these ids, some at a time."""
        for first in range(low, high + 1, BATCH):
            self.take(first, min(first + BATCH - 1, high))

    def take_parts(self, highest: int, spread: Spread) -> None:
        """Have the complaints up to that id checked elsewhere."""
        theirs = {key: head for key, head in self.sealed.items() if key <= highest}
        self.sealed = {key: head for key, head in self.sealed.items() if key > highest}
        for checked, old, bad in spread(highest, theirs):
            self.checked += checked
            self.old += old
            self.bad += bad

    def take(self, low: int, high: int) -> None:
        """Check the complaints with these ids."""
        read = partial(read_signed, self.session)
        complaints = {row.id: row for row in read(Complaint, "id", low, high)}
        entries = _grouped(read(HistoryEntry, "complaint_id", low, high, "seq"))
        seals = _grouped(read(HistorySeal, "complaint_id", low, high))
        records = {
            mapped: _grouped(read(mapped, "complaint_id", low, high))
            for mapped in OF_COMPLAINTS
            if mapped is not Complaint
        }
        timers = _grouped(read(Timer, "complaint_id", low, high))
        for key in sorted({*complaints, *entries, *seals}):
            complaint = complaints.get(key)
            chain = Chain(self.keys, self.until.get("history", 0))
            chain.walk(entries.get(key, ()), seals.get(key, ()))
            self.checked += len(entries.get(key, ()))
            self.old += chain.old
            faults = chain.faults + self._against_day(key, chain)
            if complaint is None:
                faults.append(Fault("complaints", str(key), "the complaint is missing"))
                self._name(key, 0, faults)
                continue
            if (complaint.history_seq, complaint.history_hash) != (chain.seq, chain.end):
                what = f"the end of the history is missing, or was replaced, at entry {chain.seq}"
                faults.append(Fault("history", str(complaint.history_seq), what))
            mine: dict[type[Base], list[Columns]] = {
                mapped: rows.get(key, []) for mapped, rows in records.items()
            }
            mine[Complaint] = [complaint]
            for mapped, rows in mine.items():
                if not rows and not chain.knows(mapped.__tablename__):
                    continue
                until = self.until.get(mapped.__tablename__, 0)
                compared = compare_table(mapped, rows, chain, until)
                faults += compared.faults
                self.old += compared.old
            told = {each.columns and (each.table, each.row, each.columns) for each in faults}
            faults += [
                each
                for each in what_does_not_follow(
                    complaint,
                    entries.get(key, ()),
                    mine[Deadline],
                    mine[LedgerEntry],
                    mine[Cause],
                )
                if (each.table, each.row, each.columns) not in told
            ]
            faults += wrong_with_timers(
                current_rules(self.session),
                mine[Deadline],
                mine[LedgerEntry],
                timers.get(key, ()),
                mine[Escalation],
                self.at,
            )
            self._name(key, complaint.year, faults)

    def miss_the_rest(self) -> None:
        """Name the complaints that were sealed and of which nothing is left."""
        for key, head in sorted(self.sealed.items()):
            what = f"the complaint is missing; the seal of {head.day} had {head.seq} entries of it"
            self._name(key, 0, [Fault("complaints", str(key), what)])

    def _against_day(self, key: int, chain: Chain) -> list[Fault]:
        head = self.sealed.pop(key, None)
        if head is None or (head.seq, head.hash) in chain.short_hashes(len(head.hash)):
            return []
        what = f"it is not the history that was sealed on {head.day} with {head.seq} entries"
        return [Fault("history", str(head.seq), what)]

    def _name(self, key: int, year: int, faults: Iterable[Fault]) -> None:
        for fault in faults:
            numbers = current_rules(self.session).numbers
            self.bad.append(
                {
                    "number": numbers.write(year, key) if key else "",
                    "record": f"{fault.table} {fault.row}".strip(),
                    "what": fault.what,
                    "table": fault.table,
                    "fields": list(fault.columns),
                }
            )


def _grouped(rows: Iterable[Columns]) -> dict[int, list[Columns]]:
    """The rows of each complaint, which stand together."""
    return {key: list(own) for key, own in groupby(rows, attrgetter("complaint_id"))}
