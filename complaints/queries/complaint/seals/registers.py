"""Comparing the registers (customers, accounts, rules) with what their seals say of each record."""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.models import Category, HistorySeal
from complaints.queries.complaint.seals.chain import Chain, Fault
from complaints.queries.complaint.seals.sealed_records import compare_table
from complaints.queries.complaint.seals.signed_rows import read_signed
from complaints.rows import table_of
from complaints.rulebook import current_rules
from complaints.sealing import IN_A_PLACE, REGISTERS, place_in_registers

#: What a stored category repeats of the rules.
_REPEATED = ("label_id", "label_en", "severity")
#: Places compared at a time; memory stays the same for any number of customers.
_AT_ONCE = 4


def check_registers(
    session: Session, keys: Mapping[str, bytes], opened: Collection[str]
) -> list[Fault]:
    """Name each record of a register that is not what was sealed, is missing, or has no seal.

    `opened` are the tables of those that are said to be sealed.
    """
    lowest = session.scalar(select(func.min(HistorySeal.complaint_id))) or 0
    highest = max(session.scalar(select(func.max(table_of(each).c.id))) or 0 for each in REGISTERS)
    if lowest >= 0:
        what = "customers, accounts and rules are not sealed; run `complaints init`"
        return [Fault("history_seals", "registers", what)] if highest else []
    closed = [each.__tablename__ for each in REGISTERS if each.__tablename__ not in opened]
    what = "it is not said to be sealed; run `complaints init`"
    faults = [Fault("history_seals", each, what) for each in closed]
    for place in range(-1, min(lowest, place_in_registers(highest)) - 1, -_AT_ONCE):
        faults += _check_places(session, keys, place - _AT_ONCE + 1, place)
    return faults


def check_categories(session: Session) -> Iterator[Fault]:
    """Name the stored categories that do not repeat the rules in force, which are sealed."""
    table = table_of(Category)
    stored = {row.code: row for row in session.connection().execute(select(table))}
    for code, given in current_rules(session).taxonomy.categories.items():
        row = stored.pop(code, None)
        if row is None:
            yield Fault(table.name, code, "it is missing")
            continue
        said = {each: getattr(given, each) for each in _REPEATED} | {"is_active": True}
        differing = tuple(each for each in said if getattr(row, each) != said[each])
        if differing:
            yield Fault(table.name, code, f"{', '.join(differing)} changed", differing)
    for code, row in stored.items():
        if row.is_active:
            yield Fault(table.name, code, "no rule knows it")


def _check_places(
    session: Session, keys: Mapping[str, bytes], last: int, first: int
) -> Iterator[Fault]:
    """Compare the records of the places from `first` down to `last`."""
    chain = Chain(keys, 0)
    chain.walk((), read_signed(session, HistorySeal, "complaint_id", last, first))
    yield from chain.faults
    low, high = (-1 - first) * IN_A_PLACE, -last * IN_A_PLACE - 1
    for mapped in REGISTERS:
        rows = read_signed(session, mapped, "id", low, high)
        yield from compare_table(mapped, rows, chain, 0).faults
