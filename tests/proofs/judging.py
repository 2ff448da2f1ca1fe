"""What a complaint has come to, read from its rows and not with the rules that let it pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.models import (
    Commitment,
    Complaint,
    Exit,
    HistoryEntry,
    Offer,
    OutboxMessage,
    StepRecord,
)
from tests.office import Office
from tests.proofs.hurried import NOUN_OF


def unproven(office: Office, number: str) -> list[str]:
    """What a closed complaint has neither a record of nor somebody else's signature for."""
    complaint: Complaint = office.complaint(number)
    handler = complaint.handler_id or complaint.received_by_id
    sent = {each.key for each in office.rows(OutboxMessage, number) if each.state == "sent"}
    last: dict[str, StepRecord] = {}
    for record in office.rows(StepRecord, number):
        # Intake and plan are behind every later cycle; a letter that has not left proves nothing.
        is_of_now = record.cycle == complaint.cycle or not record.criterion.startswith("020-3")
        if is_of_now and (record.letter_key is None or record.letter_key in sent):
            last[record.criterion] = record
    exits = [each for each in office.rows(Exit, number) if each.kind == "unable"]
    by_record = {each.record_id: each for each in exits}
    excused = {key: each for key, each in last.items() if each.is_unable}
    lacking = []
    for key in NOUN_OF:
        if key in ("020-1.5", "020-1.6", "020-3.3", "020-3.4", "020-3.5"):
            # These stand in rows of their own: promise, receipt, offers.
            continue
        if key not in last and key not in ("020-2.1", "020-2.2", "020-2.4"):
            lacking.append(f"{key}: no record at all")
    needs_signature = len(excused) >= 3 or {"020-1.2", "020-3.2", "020-3.4"} & set(excused)
    for key, record in excused.items():
        made = by_record.get(record.id)
        if made is None:
            lacking.append(f"{key}: excused, and in no list of exits")
        elif needs_signature and len(excused) >= 3 and made.state != "signed":
            lacking.append(f"{key}: one of {len(excused)} excused, unsigned")
        elif made.state == "signed" and made.answered_by_id in (made.by_id, handler, None):
            lacking.append(f"{key}: signed by themselves")
    for key in {"020-1.2", "020-3.2", "020-3.4"} & set(excused):
        made = by_record.get(excused[key].id)
        if made is not None and made.state != "signed":
            lacking.append(f"{key}: excused, unsigned")
    # A reopening begins a promise of its own, unless it goes on with the one there was.
    if not (complaint.promised_at or "020-1.4" in excused):
        lacking.append("nothing was promised")
    offers = [each for each in office.rows(Offer, number) if each.cycle == complaint.cycle]
    if not (
        any(each.state == "accepted" for each in offers) or {"020-3.3", "020-3.4"} & set(excused)
    ):
        lacking.append("no accepted offer")
    for each in office.rows(Commitment, number):
        is_open = each.done_at is None and each.dropped_at is None
        if is_open and each.kind != "delivery" and each.cycle == complaint.cycle:
            lacking.append(f"{each.kind} {each.what!r} is open")
    return lacking


def slowed_in_silence(office: Office, number: str) -> list[str]:
    """Acts on the customer by which the complaint may wait longer, and that no exception counts."""
    counted = {each.at for each in office.rows(Exit, number) if each.kind == "tier"}
    acts = ("change_customer", "merge_customers", "state_facts")
    return [
        f"{each.what} {each.detail['priority_before']} → {each.detail['priority']}"
        for each in office.rows(HistoryEntry, number)
        if each.what in acts
        and each.detail.get("priority", "") > each.detail.get("priority_before", "")
        and each.at not in counted
    ]


def passed_by_its_original(office: Office, number: str) -> datetime | None:
    """The date told on what another's duplicate goes on as, where that is later than its own."""
    complaint: Complaint = office.complaint(number)
    if complaint.duplicate_of_id is None or complaint.promised_at is None:
        return None
    original = office.session.get_one(Complaint, complaint.duplicate_of_id)
    theirs, own = (
        {each.contact_phone, each.contact_email} - {None, ""} for each in (original, complaint)
    )
    if theirs & own:
        # Whoever told both hears of the new date, and is judged by the first.
        return None
    # One that ended and was opened again is promised anew; what it was is over.
    is_passed = original.promised_at is not None and original.promised_at > complaint.promised_at
    return original.promised_at if is_passed and original.cycle == 1 else None


@dataclass
class Promise:
    """One promise as the history tells it."""

    due: datetime | None = None
    settled: datetime | None = None
    ended: str = ""
    ended_at: datetime | None = None
    is_paused: bool = False

    @property
    def is_kept(self) -> bool:
        return self.settled is not None and not self.is_missed

    @property
    def is_missed(self) -> bool:
        # Whatever is written down later, and dated back: a miss that was noted is one.
        return self.due is not None


def first_kept(promises: list[Promise]) -> Promise | None:
    """The promise that counts as kept in the shares: of a complaint only the first decided one."""
    decided = next((each for each in promises if each.is_kept or each.is_missed), None)
    return decided if decided is not None and decided.is_kept else None


def place(promises: list[Promise]) -> str:
    """Where the complaint stands in the balance: a miss of any of its promises stays one."""
    last = promises[-1]
    if any(each.is_missed for each in promises):
        return "missed_settled" if last.settled or last.ended else "missed_open"
    if last.ended:
        return last.ended
    if last.is_kept:
        return "kept"
    return "paused" if last.is_paused else "running"


#: So long a customer may take a withdrawal back.
TAKE_BACK = timedelta(days=7)

#: What ends a complaint otherwise than by a resolution → its place in the balance.
_ENDED = {"withdraw": "withdrawn", "merge": "duplicate", "refer": "referred"}


def goes_on(promise: Promise, at: datetime) -> bool:
    """Whether a complaint that is opened again keeps the promise it had: nobody gains time so."""
    if promise.ended == "withdrawn" and promise.ended_at is not None:
        return at <= promise.ended_at + TAKE_BACK
    return promise.ended == "duplicate"


def promises_of(office: Office, number: str) -> list[Promise]:
    """The promises of a complaint, one a cycle; the sweep has noted every miss when it happened."""
    promises = [Promise()]
    for entry in office.rows(HistoryEntry, number):
        now = promises[-1]
        if entry.what == "breach" and entry.detail["kind"] in ("resolve", "legal"):
            now.due = datetime.fromisoformat(entry.detail["due_at"])
        elif entry.what in ("accept", "close"):
            now.settled = now.settled or entry.at
        elif entry.what in _ENDED:
            now.ended, now.ended_at = _ENDED[entry.what], entry.at
        elif entry.what in ("pause", "resume"):
            now.is_paused = entry.what == "pause"
        elif entry.what == "reopen" and goes_on(now, entry.at):
            now.ended, now.settled = "", None
        elif entry.what == "reopen":
            promises.append(Promise())
    return promises
