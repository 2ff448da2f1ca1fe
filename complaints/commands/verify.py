"""`complaints history verify`: the database against its chains, and against a file of seals."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from complaints import clock
from complaints.commands.verify_processes import LEAST, spread_over
from complaints.db import begin_reading, begin_snapshot
from complaints.domain.history import DayHead
from complaints.domain.improvement import acts as improvement
from complaints.domain.management_review import acts as reviews
from complaints.domain.other_contacts import acts as contacts
from complaints.domain.public_posts import acts as public_posts
from complaints.files.check import wrong_files
from complaints.files.store import open_store
from complaints.models import (
    Attachment,
    Complaint,
    ContactFile,
    CorrectiveAction,
    CorrectiveActionEntry,
    ManagementReview,
    ManagementReviewEntry,
    OtherContact,
    OtherContactEntry,
    PublicPost,
    PublicPostEntry,
    User,
)
from complaints.queries.complaint.seals.history import read_opening, verify_history
from complaints.queries.files.stored import hashes_after
from complaints.queries.mail.raw import messages_without_raw, wrong_raw
from complaints.queries.own_history import check_histories
from complaints.queries.people.account_history import check_accounts
from complaints.queries.unreadable import find_unreadable
from complaints.rulebook import current_rules
from complaints.worker.day_seals import SealFile, path_of_seals, read_seals, seals_missing

#: Files whose hashes are read with one statement; then each is read whole.
_AT_ONCE = 500
#: The histories beside the complaints': owners, entries and what their signatures begin with.
_BESIDE: tuple[tuple[Any, Any, str], ...] = (
    (OtherContact, OtherContactEntry, contacts.CHAIN),
    (PublicPost, PublicPostEntry, public_posts.CHAIN),
    (CorrectiveAction, CorrectiveActionEntry, improvement.CHAIN),
    (ManagementReview, ManagementReviewEntry, reviews.CHAIN),
)


def verify_all(
    sessions: sessionmaker[Session], seals: Path | None, folder: Path, processes: int = 1
) -> dict[str, Any]:
    """Check everything: ``{"checked", "old", "seals", "sealed_on", "bad"}``.

    The histories of accounts are among it; what is bad with one names the e-mail of the account.
    `seals` is the file that was compared, this installation's own unless one is given, None where
    there is none yet. Many complaints are shared out over so many `processes`. Where values cannot
    be read, those are named and nothing else is compared.
    Raises ValueError when the file that was given cannot be read.
    """
    if seals is not None and not seals.is_file():
        raise ValueError(f"There is no file of seals at {seals}.")
    try:
        return _compare_all(sessions, seals, folder, processes)
    except (ValueError, TypeError, OperationalError):
        with sessions() as session:
            found = find_unreadable(session)
        if not found:
            raise
    return {
        "checked": 0,
        "old": 0,
        "seals": None,
        "sealed_on": None,
        "bad": [
            {
                "number": "",
                "record": f"{each.table} {each.record}",
                "what": f"{', '.join(each.fields)} cannot be read; nothing else was compared",
                "table": each.table,
                "fields": list(each.fields),
            }
            for each in found
        ],
    }


def verify_files(sessions: sessionmaker[Session]) -> tuple[int, list[dict[str, Any]]]:
    """Read every file that a row speaks of: how many, and what is bad with which rows.

    Messages are read as well as they came by email, and are not counted.

    That a row is the one that was written is what the seals say; this says that the bytes are.
    Files are read while no transaction is open: that takes hours where there are many. What is
    attached meanwhile may be counted or not.
    """
    count = 0
    after: str | None = None
    bad: list[dict[str, Any]] = []
    with open_store() as store:
        while hashes := _hashes_after(sessions, after):
            count, after = count + len(hashes), hashes[-1]
            wrong = dict(wrong_files(store, hashes))
            if wrong:
                bad += _rows_of(sessions, wrong)
    with sessions() as session:
        begin_reading(session)
        bad += [_of_mail(message, what, "packed") for message, what in wrong_raw(session)]
    return count, bad


def _of_mail(message: int, what: str, *fields: str) -> dict[str, Any]:
    return {
        "number": "",
        "record": f"inbound_sources {message}",
        "what": what,
        "table": "inbound_sources",
        "fields": list(fields),
    }


def _hashes_after(sessions: sessionmaker[Session], after: str | None) -> list[str]:
    """The next page of hashes that rows speak of, in their order; empty at the end."""
    with sessions() as session:
        begin_reading(session)
        return list(session.scalars(hashes_after(after, _AT_ONCE)))


def _rows_of(sessions: sessionmaker[Session], wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is bad with each row that speaks of one of these files; none that is gone by now."""
    found = []
    with sessions() as session:
        begin_reading(session)
        numbers = current_rules(session).numbers
        for table, owner, write in (
            (Attachment, Complaint, numbers.write),
            (ContactFile, OtherContact, numbers.of_contacts.write),
        ):
            rows = select(table.sha256, table.id, owner.id, owner.year).join(owner)
            rows = rows.where(table.sha256.in_(wrong)).order_by(table.sha256, table.id)
            found += [
                {
                    "number": write(year, owner_id),
                    "record": f"{table.__tablename__} {row_id}",
                    "what": wrong[sha256],
                    "table": table.__tablename__,
                    "fields": ["sha256"],
                }
                for sha256, row_id, owner_id, year in session.execute(rows)
            ]
    return found


def _compare_all(
    sessions: sessionmaker[Session], seals: Path | None, folder: Path, processes: int
) -> dict[str, Any]:
    with sessions() as session:
        begin_snapshot(session)
        path = seals or path_of_seals(session, folder)
        if path is not None and not path.is_file():
            path = None
        file = read_seals(path) if path else SealFile()
        missing = seals_missing(session, file)
        if missing:
            file.faults.append(
                f"{missing} of the seals that were counted on {file.day} are missing"
            )
        now, count = clock.now(), session.scalar(select(func.count(Complaint.id))) or 0
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        spread = spread_over(engine, processes if count >= LEAST else 1, now)
        result = verify_history(session, file.heads, now, spread)
        until = read_opening(session).until
        accounts = check_accounts(session, until.get("account_history"), file.accounts)
        sealed = {
            OtherContact: file.contacts,
            PublicPost: file.posts,
            CorrectiveAction: file.actions,
            ManagementReview: file.reviews,
        }
        beside = [_check_beside(session, *each, sealed[each[0]]) for each in _BESIDE]
        bad_mail = [_of_mail(each, "it is missing") for each in messages_without_raw(session)]
        emails = {row.id: row.email for row in session.execute(select(User.id, User.email))}
    faults = [
        {"number": "", "record": str(path), "what": fault, "table": "", "fields": []}
        for fault in file.faults
    ]
    of_accounts = [
        {
            "number": "",
            "record": f"account_history {emails.get(account, f'#{account}')} {entry}",
            "what": what,
            "table": "account_history",
            "fields": [],
        }
        for account, entry, what in accounts["bad"]
    ]
    return {
        "checked": result["checked"] + accounts["checked"] + sum(count for count, _ in beside),
        "old": result["old"] + accounts["old"],
        "seals": str(path) if path else None,
        "sealed_on": file.day or None,
        "bad": [
            *faults,
            *result["bad"],
            *of_accounts,
            *(each for _, bad in beside for each in bad),
            *bad_mail,
        ],
    }


def _check_beside(
    session: Session, owners: Any, entries: Any, mark: str, sealed: Mapping[int, DayHead]
) -> tuple[int, list[dict[str, Any]]]:
    """How many entries of these histories were checked, and a line for each that is bad."""
    checked, bad = check_histories(session, owners, entries, mark, sealed)
    table = entries.__tablename__
    lines = [
        {
            "number": "",
            "record": f"{table} {owner} {entry}",
            "what": what,
            "table": table,
            "fields": [],
        }
        for owner, entry, what in bad
    ]
    return checked, lines
