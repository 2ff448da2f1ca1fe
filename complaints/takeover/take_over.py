"""Take over complaints from another system, a batch of rows at a time.

A row passes the same checks, lifecycle, gates and policies as a complaint at the desk. What the
other system did not record is said to be unknown, by an honest record and never by invention.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.deadlines import EVENT_OF, MET_BY, Event, Kind
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.evidence import EVERY_CRITERION
from complaints.domain.history import GENESIS
from complaints.domain.lifecycle import ENDED, Action, Status
from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.taxonomy import Ending, Taxonomy
from complaints.domain.words.exits import Unable
from complaints.domain.words.folding import clean
from complaints.history import history_rows
from complaints.models import Complaint, Customer, StepRecord
from complaints.people.customers import await_turn_of_many
from complaints.rows import Row, insert_together, reserve_ids
from complaints.rulebook import RuleBook
from complaints.steps.advance import Proven, next_history_entry, step_record
from complaints.steps.case import Case
from complaints.steps.receive import first_detail, new_complaint
from complaints.takeover.imported_clocks import ImportedClocks, store_clocks
from complaints.takeover.match_customers import CustomerMatcher
from complaints.takeover.validate import ForeignComplaint, ImportOptions, ValidRow, validate

#: Open complaints received longer ago than this are taken over without announcing what fell due.
NEWS_FOR = timedelta(days=30)

#: What an action on the road says has happened beside the gates that the road passed.
_SAID_BY = {Action.OFFER: "020-3.3", Action.ACCEPT: "020-3.4"}


#: A source and the number it gave the complaint.
Key = tuple[str, str]


class RowResult(StrEnum):
    """What became of a row that was not refused."""

    CREATED = "created"
    ALREADY_THERE = "already_there"


def take_over(
    session: Session,
    rules: RuleBook,
    batch: Sequence[ForeignComplaint],
    options: ImportOptions,
    *,
    by: Actor,
    at: datetime,
    known: Mapping[Key, str] | None = None,
    is_rehearsal: bool = False,
) -> list[RowResult | Refused]:
    """Turn rows into complaints; returns what became of each, in order.

    1. rows whose key is stored, in `known` (with the mark of its story) or earlier in the batch
       are already there, and refused when they tell another story;
    2. each other row is vetted by the rules of the desk and of the lifecycle;
    3. unless this is a rehearsal, those that pass are stored with customers, history, records,
       clocks and timers. Nobody gets a letter.

    Raises Forbidden when the person may not record complaints at all.
    """
    require(by, Permission.INTAKE)
    if not is_rehearsal:
        for source in sorted({row.given.source for row in batch}):
            take_turns(session, f"take over {source}")
    there = {**(known or {}), **_stored_keys(session, batch)}
    fates: list[RowResult | Refused] = []
    passed: list[ValidRow] = []
    for row in batch:
        key = key_of(row)
        mark = story_mark(row)
        if key in there:
            fates.append(RowResult.ALREADY_THERE if there[key] == mark else _other_story(row))
            continue
        try:
            passed.append(validate(rules, row, options, by=by, at=at))
        except Refused as refusal:
            fates.append(refusal)
            continue
        there[key] = mark
        fates.append(RowResult.CREATED)
    if passed and not is_rehearsal:
        _store(session, rules, passed, options, by, at)
    return fates


def key_of(row: ForeignComplaint) -> Key:
    """What no two complaints share: the source and its own number."""
    return row.given.source, (row.given.external_id or "").strip()


def story_mark(row: ForeignComplaint) -> str:
    """What two rows share that tell the same story, whatever the spaces in it."""
    return _mark(row.given.story)


def _mark(story: str) -> str:
    text = " ".join(story.split()).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()


def _other_story(row: ForeignComplaint) -> Invalid:
    return Invalid(
        N_(
            "Number %(number)s is already there with another story. Give this row a number of "
            "its own, or record what is new on that complaint."
        ),
        field="external_id",
        number=key_of(row)[1],
    )


def _stored_keys(session: Session, batch: Sequence[ForeignComplaint]) -> dict[Key, str]:
    """The keys of the batch that are stored, with the mark of the story that is."""
    keys = {key_of(row) for row in batch}
    query = select(Complaint.source, Complaint.external_id, Complaint.story).where(
        Complaint.source.in_({source for source, _ in keys}),
        Complaint.external_id.in_({external_id for _, external_id in keys}),
    )
    return {
        (source, external_id or ""): _mark(story)
        for source, external_id, story in session.execute(query)
    }


def _store(
    session: Session,
    rules: RuleBook,
    passed: Sequence[ValidRow],
    options: ImportOptions,
    by: Actor,
    at: datetime,
) -> None:
    await_turn_of_many(session)
    customers = _customers(session, rules.taxonomy, passed, at)
    session.flush()
    complaints: list[Complaint] = []
    history: list[Row] = []
    records: list[StepRecord] = []
    clocks: list[ImportedClocks] = []
    ids = reserve_ids(session, Complaint, len(passed))
    for key, each, (customer, is_doubted) in zip(ids, passed, customers, strict=True):
        complaint = _complaint(rules, each, customer, by)
        complaint.id = key
        if is_doubted:
            complaint.doubted_number = clean(each.row.given.customer.number)
        complaints.append(complaint)
        case = Case(session, rules, complaint, by, at)
        mine, overdue = _clocks(case, each, options)
        clocks.append(mine)
        records += [step_record(case, proven) for proven in _records(each, options)]
        detail = {**first_detail(each.row.given), **_past(each), "overdue": overdue}
        history.append(next_history_entry(case, Action.RECEIVE, detail))
    insert_together(session, complaints, history_rows(history), records)
    store_clocks(session, clocks)


def _customers(
    session: Session, taxonomy: Taxonomy, passed: Sequence[ValidRow], at: datetime
) -> list[tuple[Customer, bool]]:
    """The customer of each row, and whether the number it tells is somebody else's."""
    somebody = [each.row.given.customer for each in passed if not each.is_nobody]
    recognised = CustomerMatcher(session, taxonomy, somebody)
    return [
        (recognised.nobody(each.row.given.customer, at), False)
        if each.is_nobody
        else recognised.find_or_add(each.row.given.customer, at)
        for each in passed
    ]


def _complaint(rules: RuleBook, each: ValidRow, customer: Customer, by: Actor) -> Complaint:
    row = each.row
    complaint = new_complaint(rules, row.given, customer, by=by, status=each.status)
    complaint.customer_id = customer.id
    complaint.summary = row.summary.strip()
    complaint.closed_at = row.closed_at
    complaint.promised_at = complaint.first_told_at = row.told_due_at
    complaint.outcome = row.outcome
    if row.outcome is None and each.status is Status.WITHDRAWN:
        complaint.outcome = rules.taxonomy.outcome_of(Ending.WITHDRAWN).id
    complaint.cycle, complaint.history_seq, complaint.history_hash = 1, 0, GENESIS
    if row.priority is not None:
        complaint.priority_reason = {
            **complaint.priority_reason,
            "computed": complaint.priority,
            "override": row.priority,
            "override_reason": each.reason,
            "override_by": by.name,
        }
        complaint.priority = row.priority
    return complaint


def _past(each: ValidRow) -> dict[str, object]:
    """What the history says of a row that was past its receipt already."""
    told = each.row.told_due_at
    due: dict[str, object] = {"due_at": told.isoformat()} if told else {}
    if not each.road:
        return due
    closed_at = each.row.closed_at
    return {
        **due,
        "to": each.status.value,
        "closed_at": closed_at.isoformat() if closed_at else None,
        "taken_over": each.reason,
    }


def _records(each: ValidRow, options: ImportOptions) -> list[Proven]:
    """The honest records for what the other system did not record.

    An ended complaint gets one that stands for every criterion. An open one gets one for each
    criterion behind it, so that the gates ahead stay shut for it as for any other.
    """
    if options.refuses or not each.road:
        return []
    if each.status in ENDED:
        return [Proven(EVERY_CRITERION, unable=Unable(each.reason))]
    said = [_SAID_BY[move.action] for move in each.road if move.action in _SAID_BY]
    return [Proven(key, unable=Unable(each.reason)) for key in (*each.missing, *said)]


def _clocks(case: Case, each: ValidRow, options: ImportOptions) -> tuple[ImportedClocks, list[str]]:
    """The clocks as the row's past left them, and the kinds that fell due unannounced."""
    complaint, at = case.complaint, case.at
    clocks = ImportedClocks(case.session, case.rules, complaint, case.by.id)
    received_at, ended_at = complaint.received_at, each.row.closed_at
    overdue: list[str] = []
    begun = (Event.RECEIVED,) if each.road else (Event.RECEIVED, Event.LAST_CONTACT)
    clocks.start(begun, received_at)
    if each.row.told_due_at is not None:
        # As if it had been told at the desk.
        clocks.note_promise(each.row.told_due_at, received_at)
    if each.road:
        if ended_at is not None:
            clocks.judge_by_told(received_at, each.reason)
            clocks.end_by(each.road[-1].action, ended_at, each.reason)
        elif each.status in ENDED:
            clocks.give_up(frozenset(Kind), at, each.reason)
        else:
            actions = [move.action for move in each.road]
            stopped = {kind for action in actions for kind in MET_BY.get(action, ())}
            clocks.give_up(stopped, at, each.reason)
            clocks.start({EVENT_OF[action] for action in actions if action in EVENT_OF}, at)
    is_young = received_at >= at - NEWS_FOR
    if not (is_young if options.notify is None else options.notify):
        overdue = clocks.mark_notified(at)
    clocks.set_next_due()
    return clocks, overdue
