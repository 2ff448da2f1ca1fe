"""The history of an account, and whether its chain of entries is whole."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.accounts.acts import act_hash
from complaints.models import AccountEntry, User

#: A page shows the newest of them.
MOST_ENTRIES = 200


def list_entries(session: Session, user_id: int) -> Sequence[AccountEntry]:
    """What was done to an account, the newest first."""
    query = (
        select(AccountEntry)
        .where(AccountEntry.user_id == user_id)
        .order_by(AccountEntry.seq.desc())
        .limit(MOST_ENTRIES)
    )
    return session.scalars(query).all()


def broken_accounts(session: Session) -> tuple[int, list[tuple[int, int, str]]]:
    """How many entries were checked, and (account, entry, what is wrong) where a chain breaks.

    A chain cut at its end no longer reaches what the account says is its last entry.
    """
    bad: list[tuple[int, int, str]] = []
    ends: dict[int, tuple[int, str]] = {}
    checked = 0
    for entry in _entries(session):
        checked += 1
        seq, digest = ends.get(entry.user_id, (0, ""))
        if entry.seq != seq + 1 or entry.prev_hash != digest:
            bad.append((entry.user_id, entry.seq, "an entry before it is missing"))
        elif entry.hash != _hash_of(entry):
            bad.append((entry.user_id, entry.seq, "it was changed"))
        ends[entry.user_id] = (entry.seq, entry.hash)
    for row in session.execute(select(User.id, User.history_seq, User.history_hash)):
        if ends.get(row.id, (0, "")) != (row.history_seq, row.history_hash):
            bad.append((row.id, row.history_seq, "end is missing"))
    return checked, bad


def _entries(session: Session) -> Iterator[AccountEntry]:
    query = select(AccountEntry).order_by(AccountEntry.user_id, AccountEntry.seq)
    for entry in session.scalars(query.execution_options(yield_per=1000)):
        yield entry
        session.expunge(entry)


def _hash_of(entry: AccountEntry) -> str:
    return act_hash(
        entry.prev_hash,
        user_id=entry.user_id,
        seq=entry.seq,
        what=entry.what,
        at=entry.at,
        by_id=entry.by_id,
        by_name=entry.by_name,
        detail=entry.detail,
    )
