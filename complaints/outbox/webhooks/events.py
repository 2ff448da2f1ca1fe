"""Writing what happened for the webhooks that are told of it, in the transaction in which it did.

While no webhook is switched on, an entry of the history costs a look at the rule book that is in
memory anyway, and no query. What is told of a complaint names nobody: its number, what was done,
by staff, customer or the system, and how it stands at the end of the transaction. Of a contact,
which is no complaint, the same is told.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from complaints.domain.permissions import CUSTOMER
from complaints.domain.webhooks.events import contact_event_of, event_of, is_subscribed
from complaints.models import (
    Complaint,
    HistoryEntry,
    OtherContact,
    OtherContactEntry,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
)
from complaints.rows import Row, Rows, among_pairs, insert_together, reserve_ids
from complaints.rulebook import RuleBook, current_rules

#: In the notes of a session: entries that webhooks are told of when it commits.
_NOTED = "entries for webhooks"
#: Entries read with one statement.
_AT_ONCE = 500


def note_for_webhooks(session: Session, entries: Sequence[Row]) -> None:
    """Have these entries of histories told when the transaction ends, if anybody listens.

    An entry names the complaint or the contact that it is of.
    """
    if entries and current_rules(session).has_webhooks:
        noted: dict[str, Row] = session.info.setdefault(_NOTED, {})
        noted.update((each["hash"], each) for each in entries)


def body_of(kind: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The text of an event: what is signed and sent, byte for byte."""
    told = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def event_row(kind: str, body: str, at: datetime, complaint_id: int | None = None) -> Row:
    """An event that is not stored yet, under a name that nobody guesses."""
    return {
        "name": f"msg_{token_hex(16)}",
        "kind": kind,
        "complaint_id": complaint_id,
        "body": body,
        "created_at": at,
    }


def delivery_row(webhook_id: int, event_id: int, at: datetime) -> Row:
    """An event on its way to an endpoint, to be sent at once."""
    return {
        "webhook_id": webhook_id,
        "event_id": event_id,
        "state": "queued",
        "attempts": 0,
        "queued_at": at,
        "next_try_at": at,
    }


@event.listens_for(Session, "before_commit")
def _tell_before_commit(session: Session) -> None:
    if _NOTED in session.info and not session.in_nested_transaction():
        # A flush may note more; what is told are the rows as they stand after it.
        session.flush()
        _write(session, session.info.pop(_NOTED))


@event.listens_for(Session, "after_soft_rollback")
def _forget_rolled_back(session: Session, transaction: SessionTransaction) -> None:
    # What was noted within a savepoint is looked for among the entries, and then not there.
    if not transaction.nested and transaction.parent is None:
        session.info.pop(_NOTED, None)


def _write(session: Session, noted: Mapping[str, Row]) -> None:
    """Store an event for each entry that somebody is told of, and its way to each endpoint."""
    endpoints = session.execute(
        select(Webhook.id, Webhook.events).where(Webhook.is_active).order_by(Webhook.id)
    ).all()
    listening = {
        key: [each.id for each in endpoints if is_subscribed(each.events, _event(row))]
        for key, row in noted.items()
    }
    wanted = {key: row for key, row in noted.items() if listening[key]}
    if not wanted:
        return
    rules = current_rules(session)
    written_at = max(_recorded(row) for row in wanted.values())
    events, ways = [], []
    for row in [*_stored(session, wanted), *_stored_of_contacts(session, wanted)]:
        kind = _event(row)
        body = body_of(kind, _recorded(row), _data(rules, row))
        events.append(event_row(kind, body, written_at, row.get("complaint_id")))
        ways.append(listening[row["hash"]])
    if not events:
        return
    ids = reserve_ids(session, WebhookEvent, len(events))
    deliveries = [
        delivery_row(endpoint, key, written_at)
        for key, endpoints_of in zip(ids, ways, strict=True)
        for endpoint in endpoints_of
    ]
    stored = [{"id": key, **row} for key, row in zip(ids, events, strict=True)]
    insert_together(session, Rows(WebhookEvent, stored), Rows(WebhookDelivery, deliveries))


def _event(row: Mapping[str, Any]) -> str:
    return (contact_event_of if "contact_id" in row else event_of)(row["what"])


def _recorded(row: Mapping[str, Any]) -> datetime:
    """When it was written down; a contact's entry knows no other time."""
    recorded: datetime = row.get("recorded_at") or row["at"]
    return recorded


def _stored(session: Session, wanted: Mapping[str, Row]) -> list[Mapping[str, Any]]:
    """The entries as they are stored, each with its complaint; not those of a savepoint undone."""
    # The pairs, not the histories: one long history next to a new one would be read nearly whole.
    of_complaints = [row for row in wanted.values() if "complaint_id" in row]
    pairs = sorted({(row["complaint_id"], row["seq"]) for row in of_complaints})
    place = (HistoryEntry.complaint_id, HistoryEntry.seq)
    found: list[Mapping[str, Any]] = []
    for start in range(0, len(pairs), _AT_ONCE):
        query = (
            select(
                HistoryEntry.id,
                HistoryEntry.complaint_id,
                HistoryEntry.seq,
                HistoryEntry.what,
                HistoryEntry.at,
                HistoryEntry.recorded_at,
                HistoryEntry.by_id,
                HistoryEntry.by_name,
                HistoryEntry.hash,
                Complaint.year,
                Complaint.status,
                Complaint.version,
            )
            .join_from(HistoryEntry, Complaint)
            .where(among_pairs(session, place, pairs[start : start + _AT_ONCE]))
            .order_by(HistoryEntry.id)
        )
        rows = session.execute(query).mappings()
        found += [dict(row) for row in rows if row["hash"] in wanted]
    return found


def _stored_of_contacts(session: Session, wanted: Mapping[str, Row]) -> list[Mapping[str, Any]]:
    """The same of contacts: nobody writes to hundreds of them in one transaction."""
    of_contacts = [row for row in wanted.values() if "contact_id" in row]
    pairs = sorted({(row["contact_id"], row["seq"]) for row in of_contacts})
    place = (OtherContactEntry.contact_id, OtherContactEntry.seq)
    found: list[Mapping[str, Any]] = []
    for start in range(0, len(pairs), _AT_ONCE):
        query = (
            select(
                OtherContactEntry.contact_id,
                OtherContactEntry.seq,
                OtherContactEntry.what,
                OtherContactEntry.at,
                OtherContactEntry.by_id,
                OtherContactEntry.by_name,
                OtherContactEntry.hash,
                OtherContact.year,
                OtherContact.state.label("status"),
                OtherContact.version,
            )
            .join_from(OtherContactEntry, OtherContact)
            .where(among_pairs(session, place, pairs[start : start + _AT_ONCE]))
            .order_by(OtherContactEntry.id)
        )
        rows = session.execute(query).mappings()
        found += [dict(row) for row in rows if row["hash"] in wanted]
    return found


def _number(rules: RuleBook, row: Mapping[str, Any]) -> str:
    if "contact_id" in row:
        return rules.numbers.of_contacts.write(row["year"], row["contact_id"])
    return rules.numbers.write(row["year"], row["complaint_id"])


def _data(rules: RuleBook, row: Mapping[str, Any]) -> Row:
    return {
        "number": _number(rules, row),
        "seq": row["seq"],
        "what": row["what"],
        "at": row["at"].isoformat(),
        "by": _by(row),
        "status": row["status"],
        "version": row["version"],
    }


def _by(row: Mapping[str, Any]) -> str:
    """Whether staff, the customer or the system did it; who it was is asked of the API."""
    if row["by_id"] is not None:
        return "staff"
    return "customer" if row["by_name"] == CUSTOMER.name else "system"
