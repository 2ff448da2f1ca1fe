"""The history of an account, and whether its chain of entries is whole."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.accounts.acts import AccountAct, act_hash
from complaints.domain.history import DayHead, unknown_key
from complaints.models import AccountEntry, User
from complaints.signing import history_keys

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


def edits_since(session: Session, user_id: int, seen: int) -> Sequence[AccountEntry]:
    """The changes of an account behind the entry `seen` of its history, the newest first."""
    query = select(AccountEntry).where(
        AccountEntry.user_id == user_id,
        AccountEntry.seq > seen,
        AccountEntry.what == AccountAct.EDITED.value,
    )
    return session.scalars(query.order_by(AccountEntry.seq.desc())).all()


def check_accounts(
    session: Session, until: int | None, sealed: Mapping[int, DayHead] | None = None
) -> dict[str, Any]:
    """Check the chain of every account: ``{"checked", "old", "bad"}``.

    `old` counts entries from before they were signed: those with an id up to `until`, or where
    that is not known, those before the first one that is signed. Each of `bad` is (account, entry,
    what is wrong). `sealed` is where the file of daily seals says that each history stood.
    """
    proof = _Proof(until if until is not None else _first_signed(session) - 1, dict(sealed or {}))
    for user_id, entries in groupby(_entries(session), key=lambda each: each.user_id):
        proof.walk(user_id, entries)
    columns = (User.id, User.history_seq, User.history_hash, User.role, User.email, User.is_active)
    known = session.execute(select(*columns)).all()
    proof.compare({row.id: (row.history_seq, row.history_hash) for row in known})
    for row in known:
        proof.follow(row.id, row._asdict())
    return {"checked": proof.checked, "old": proof.old, "bad": proof.bad}


@dataclass(slots=True)
class _Proof:
    old_until: int
    sealed: dict[int, DayHead]
    keys: Mapping[str, bytes] = field(default_factory=history_keys)
    checked: int = 0
    old: int = 0
    ends: dict[int, tuple[int, str]] = field(default_factory=dict)
    #: Account → column → what its entries say of it last.
    said: dict[int, dict[str, Any]] = field(default_factory=dict)
    bad: list[tuple[int, int, str]] = field(default_factory=list)

    def walk(self, user_id: int, entries: Iterable[AccountEntry]) -> None:
        """Take the entries of one account in their order."""
        seq, digest, is_signed = 0, "", False
        head = self.sealed.get(user_id)
        for entry in entries:
            self.checked += 1
            is_signed = is_signed or entry.key_id is not None
            if entry.seq != seq + 1 or entry.prev_hash != digest:
                why: str | None = "an entry before it is missing"
            else:
                why = self._wrong_with(entry, is_signed)
            if why:
                self.bad.append((user_id, entry.seq, why))
            self.said.setdefault(user_id, {}).update(_said_by(entry))
            seq, digest = entry.seq, entry.hash
            if head and (seq, digest[: len(head.hash)]) == (head.seq, head.hash):
                del self.sealed[user_id]
                head = None
        self.ends[user_id] = (seq, digest)

    def compare(self, known: Mapping[int, tuple[int, str]]) -> None:
        """Hold the ends against the accounts, and against what the file of seals still misses."""
        for user_id, end in known.items():
            if self.ends.get(user_id, (0, "")) != end:
                self.bad.append((user_id, end[0], "end is missing"))
        for user_id, head in sorted(self.sealed.items()):
            what = f"it is not the history that was sealed on {head.day} with {head.seq} entries"
            self.bad.append((user_id, head.seq, what))
        missing = sorted(self.ends.keys() - known.keys())
        self.bad += [(user_id, self.ends[user_id][0], "the account is gone") for user_id in missing]

    def follow(self, user_id: int, account: Mapping[str, Any]) -> None:
        """Hold what an account says against what follows from its entries."""
        for name, value in self.said.get(user_id, {}).items():
            if account[name] != value:
                what = f"{name} is {account[name]}; by the history it is {value}"
                self.bad.append((user_id, self.ends[user_id][0], what))

    def _wrong_with(self, entry: AccountEntry, is_signed: bool) -> str | None:
        key = None
        if entry.key_id is not None:
            key = self.keys.get(entry.key_id)
            if key is None:
                return unknown_key(entry.key_id)
        elif is_signed or entry.id > self.old_until:
            return "it is not signed"
        else:
            self.old += 1
        return None if entry.hash == _hash_of(key, entry) else "it was changed"


def _said_by(entry: AccountEntry) -> Mapping[str, Any]:
    """Column → what it is since an act."""
    match entry.what:
        case AccountAct.ADDED:
            return {"role": entry.detail["role"], "is_active": True}
        case AccountAct.EDITED:
            changes = entry.detail.get("changes", {})
            return {name: changes[name][1] for name in ("role", "email") if name in changes}
        case AccountAct.CLOSED:
            return {"is_active": False}
        case AccountAct.REOPENED:
            return {"is_active": True}
    return {}


def _first_signed(session: Session) -> int:
    first = select(func.min(AccountEntry.id)).where(AccountEntry.key_id.is_not(None))
    return session.scalar(first) or sys.maxsize


def _entries(session: Session) -> Iterator[AccountEntry]:
    query = select(AccountEntry).order_by(AccountEntry.user_id, AccountEntry.seq)
    for entry in session.scalars(query.execution_options(yield_per=1000)):
        yield entry
        session.expunge(entry)


def _hash_of(key: bytes | None, entry: AccountEntry) -> str:
    return act_hash(
        key,
        entry.prev_hash,
        user_id=entry.user_id,
        seq=entry.seq,
        what=entry.what,
        at=entry.at,
        by_id=entry.by_id,
        by_name=entry.by_name,
        detail=entry.detail,
    )
