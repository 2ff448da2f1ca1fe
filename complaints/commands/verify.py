"""`complaints history verify`: the database against its chains, and against a file of seals."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from complaints import clock
from complaints.db import begin_snapshot
from complaints.files.check import wrong_files
from complaints.files.store import open_store
from complaints.models import Attachment, Complaint, User
from complaints.queries.complaint.history import read_opening, verify_history
from complaints.queries.people.account_history import check_accounts
from complaints.queries.unreadable import find_unreadable
from complaints.rulebook import current_rules
from complaints.worker.day_seals import SealFile, path_of_seals, read_seals, seals_missing


def verify_all(sessions: sessionmaker[Session], seals: Path | None, folder: Path) -> dict[str, Any]:
    """Check everything: ``{"checked", "old", "seals", "sealed_on", "bad"}``.

    The histories of accounts are among it; what is bad with one names the e-mail of the account.
    `seals` is the file that was compared, this installation's own unless one is given, None where
    there is none yet. Where values cannot be read, those are named and nothing else is compared.
    Raises ValueError when the file that was given cannot be read.
    """
    if seals is not None and not seals.is_file():
        raise ValueError(f"There is no file of seals at {seals}.")
    try:
        return _compare_all(sessions, seals, folder)
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

    That a row is the one that was written is what the seals say; this says that the bytes are.
    """
    bad: list[dict[str, Any]] = []
    with sessions() as session:
        begin_snapshot(session)
        hashes = list(session.scalars(select(Attachment.sha256).distinct()))
        with open_store() as store:
            wrong = dict(wrong_files(store, hashes))
        numbers = current_rules(session).numbers if wrong else None
        for sha256, what in wrong.items():
            rows = select(Attachment.id, Complaint.id, Complaint.year).join(Complaint)
            for row_id, complaint_id, year in session.execute(
                rows.where(Attachment.sha256 == sha256).order_by(Attachment.id)
            ):
                assert numbers is not None
                number = numbers.write(year, complaint_id)
                record = f"attachments {row_id}"
                fault = {"number": number, "record": record, "what": what}
                bad.append({**fault, "table": "attachments", "fields": ["sha256"]})
    return len(hashes), bad


def _compare_all(
    sessions: sessionmaker[Session], seals: Path | None, folder: Path
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
        result = verify_history(session, file.heads, clock.now())
        until, _ = read_opening(session)
        accounts = check_accounts(session, until.get("account_history"), file.accounts)
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
        "checked": result["checked"] + accounts["checked"],
        "old": result["old"] + accounts["old"],
        "seals": str(path) if path else None,
        "sealed_on": file.day or None,
        "bad": faults + result["bad"] + of_accounts,
    }
