"""Whoever was called about a deadline that a change of the rules ends hears of it, once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from complaints.domain.ledger import EntryKind
from complaints.domain.permissions import Actor
from complaints.formatting import ENGLISH, INDONESIAN
from complaints.models import Complaint, Escalation, LedgerEntry
from complaints.outbox.mail.letters import translations
from complaints.outbox.mail.rule_changes import say_rule_change
from complaints.outbox.queue import notify
from complaints.people.reaching import reach
from complaints.people.staff import Assignment, Person, Staff
from complaints.rulebook import RuleBook


def tell_called(
    session: Session,
    rules: RuleBook,
    *,
    reason: str,
    since: datetime,
    by: Actor,
    at: datetime,
) -> None:
    """Tell those before whom deadlines lie, or who are seeing to them, that they have ended.

    It is about those that ended for this reason since then. One notice and one letter to each
    person, however many complaints they are about and in however many batches these were counted.
    """
    rows = session.execute(_called(reason, since, at)).all()
    if not rows:
        return
    staff = Staff.read(session, at)
    numbers: dict[int, list[str]] = {}
    people: dict[int, tuple[Person, Mapping[str, Any]]] = {}
    for row in rows:
        place = Assignment(row.branch_id, row.team_id, row.handler_id, row.received_by_id)
        wanted = [row.to_id if row.acknowledged_at is None else row.acknowledged_by_id]
        found = reach(staff, wanted, place)
        for person in found.people.values():
            known = numbers.setdefault(person.id, [])
            number = rules.numbers.write(row.year, row.complaint_id)
            if number not in known:
                known.append(number)
            people[person.id] = (person, found.why(person))
    labels = {
        lang: say_rule_change(rules, reason, lang, translations(lang).gettext)
        for lang in (INDONESIAN, ENGLISH)
    }
    told = []
    first = min(row.deadline_id for row in rows)
    for key, (person, why) in sorted(people.items()):
        facts = {
            "number": numbers[key][0],
            "count": len(numbers[key]),
            "by": by.name,
            "reason": labels,
            "zone": "UTC",
            **why,
        }
        told.append((f"clocks_ended:{first}:{key}:{int(at.timestamp())}", person, facts))
    notify(session, "clocks_ended", told, complaint_id=None, at=at)


def _called(reason: str, since: datetime, at: datetime) -> Any:
    return (
        select(
            Escalation.complaint_id,
            Escalation.deadline_id,
            Escalation.to_id,
            Escalation.acknowledged_at,
            Escalation.acknowledged_by_id,
            Complaint.year,
            Complaint.branch_id,
            Complaint.team_id,
            Complaint.handler_id,
            Complaint.received_by_id,
        )
        .join(Complaint, Complaint.id == Escalation.complaint_id)
        .join(LedgerEntry, LedgerEntry.deadline_id == Escalation.deadline_id)
        .where(
            LedgerEntry.what == EntryKind.CANCEL.value,
            LedgerEntry.reason == reason,
            LedgerEntry.at >= since,
            or_(Escalation.acknowledged_at.is_(None), Escalation.ack_expires_at > at),
        )
        .order_by(Escalation.complaint_id, Escalation.id)
    )
