"""Rows of a deadline's ledger, read and made with the versions of the rules that they name."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from complaints.domain.clock_state import ClockState
from complaints.domain.ledger import Entry, EntryKind, Terms
from complaints.models import LedgerEntry
from complaints.rulebook.book import RuleBook

#: The columns that `read_entry` reads of a ledger.
ENTRY = (
    LedgerEntry.what,
    LedgerEntry.at,
    LedgerEntry.until,
    LedgerEntry.reason,
    LedgerEntry.by_id,
    LedgerEntry.detail,
    LedgerEntry.due_at,
)


def read_entry(rules: RuleBook, row: LedgerEntry | Row[Any]) -> Entry:
    """A ledger row as the rules read it, with the versions of policy and calendar it names.

    Raises ValueError or KeyError for a row that no version of the rules can have written.
    """
    what, detail = EntryKind(row.what), row.detail
    terms = None
    if what in (EntryKind.START, EntryKind.RECOMPUTE):
        policy = rules.policy_versions[detail["policy_version"]]
        calendar = rules.calendar_versions[detail["calendar_version"]]
        terms = Terms(policy.clause(detail["clause"]), calendar)
    return Entry(what, row.at, terms, row.until, row.reason, row.by_id, detail, row.due_at)


def terms_entry(
    rules: RuleBook,
    what: EntryKind,
    clock: ClockState,
    at: datetime,
    *,
    by_id: int | None,
    reason: str = "",
) -> Entry:
    """The start or recompute entry by which a clock is counted as it says, not yet stored."""
    detail = {
        "policy_version": clock.policy_version_id,
        "clause": clock.clause,
        "calendar_version": clock.calendar_version_id,
    }
    terms = rules.versions.terms_of(clock)
    return Entry(what, at, terms, reason=reason, by_id=by_id, detail=detail)
