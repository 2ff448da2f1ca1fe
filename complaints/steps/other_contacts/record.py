"""A contact on the desk: the row, locked, with the rules, the person and the instant; its history.

Whoever sees its branch sees it, and the unit that has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, Invalid, NotFound, Refused, Stale
from complaints.domain.other_contacts.acts import CHAIN, ContactAct, ContactState
from complaints.domain.permissions import Actor, may_see
from complaints.domain.taxonomy.items import NotComplaint
from complaints.history import append_to_own_chain
from complaints.models import Complaint, OtherContact, OtherContactEntry
from complaints.outbox.queue import notify
from complaints.people.reaching import Reached, in_charge, reach, team_people
from complaints.people.staff import Assignment, Staff
from complaints.rulebook import RuleBook, current_rules

_KIND_GONE = N_("There is no kind of contact %(code)s. Choose one from the list.")


@dataclass(slots=True)
class ContactCase:
    """What every step on a contact works on."""

    session: Session
    rules: RuleBook
    contact: OtherContact
    by: Actor
    at: datetime

    @property
    def number(self) -> str:
        """The contact's public number."""
        return self.rules.numbers.of_contacts.write(self.contact.year, self.contact.id)

    @property
    def kind(self) -> NotComplaint:
        """What it is, by the rules in force."""
        return kind_of(self.rules, self.contact.kind)

    @property
    def assignment(self) -> Assignment:
        """Where it stands: the ids from which its people follow."""
        contact = self.contact
        return Assignment(contact.branch_id, contact.team_id, None, contact.taken_by_id)


def kind_of(rules: RuleBook, code: str) -> NotComplaint:
    """The kind of contact with this code; Invalid where the rules know none."""
    kind = rules.taxonomy.not_complaints.get(code)
    if kind is None:
        raise Invalid(_KIND_GONE, field="kind", code=code[:40])
    return kind


def open_contact(
    session: Session, number: str, *, by: Actor, at: datetime, version: int | None = None
) -> ContactCase:
    """Lock a contact for a step; raises NotFound, Forbidden, and Stale for an older `version`."""
    case = _find(session, number, by, at, lock=True)
    if version is not None and version != case.contact.version:
        raise Stale(
            N_(
                "Someone else recorded something on this contact while you were writing. Check "
                "the changes, then send again; your text is saved."
            )
        )
    case.at = max(at, case.contact.taken_at)
    return case


def view_contact(session: Session, number: str, *, by: Actor, at: datetime) -> ContactCase:
    """Open a contact for reading only; raises NotFound and Forbidden."""
    return _find(session, number, by, at, lock=False)


def require_open(case: ContactCase) -> None:
    """Refuse what comes after the end."""
    if case.contact.state != ContactState.OPEN:
        raise Refused(N_("This contact has ended. Reload the page to see how."))


def note_act(case: ContactCase, act: ContactAct, detail: Mapping[str, Any] | None = None) -> None:
    """Append an entry to the history of a contact, in the transaction of the act itself.

    The caller holds the contact. What is empty in `detail` is left out.
    """
    append_to_own_chain(
        case.session,
        case.contact,
        OtherContactEntry,
        CHAIN,
        act.value,
        detail,
        by=case.by,
        at=case.at,
    )


def tell_team(case: ContactCase, team_id: int, kind: str) -> None:
    """Notify everybody in a unit; where nobody is left in it, whoever is in charge."""
    staff = Staff.read(case.session, case.at)
    members = [each.id for each in team_people(staff, team_id)]
    tell(case, reach(staff, members or [None], case.assignment), kind)


def tell_person(case: ContactCase, user_id: int | None, kind: str) -> None:
    """Notify one person, or with None whoever has to see to what is nobody's."""
    staff = Staff.read(case.session, case.at)
    if user_id is None:
        found = Reached()
        for each in in_charge(staff, case.assignment):
            found.add(each)
    else:
        found = reach(staff, [user_id], case.assignment)
    tell(case, found, kind)


def tell(case: ContactCase, reached: Reached, kind: str) -> None:
    """Write to each of them but whoever does it."""
    contact = case.contact
    facts = {
        "number": case.number,
        "contact": case.number,
        "kind_id": case.kind.label_id,
        "kind_en": case.kind.label_en,
        "by": case.by.name,
        "zone": str(case.rules.calendar_of(contact.branch_id).value.tz),
    }
    told = [
        (f"{kind}:{contact.id}:{contact.history_seq}:{each.id}", each, facts)
        for each in sorted(reached.people.values(), key=lambda each: each.id)
        if each.id != case.by.id
    ]
    notify(case.session, kind, told, complaint_id=None, at=case.at)


def _find(session: Session, number: str, by: Actor, at: datetime, *, lock: bool) -> ContactCase:
    rules = current_rules(session)
    read = rules.numbers.of_contacts.read(number)
    year, contact_id = read or (0, 0)
    query = select(OtherContact).where(OtherContact.id == contact_id, OtherContact.year == year)
    if lock:
        # As whoever opens a complaint again: first the complaint, then the contact it went on as.
        came_from = query.with_only_columns(OtherContact.came_from_id).scalar_subquery()
        session.execute(select(Complaint.id).where(Complaint.id == came_from).with_for_update())
        query = query.with_for_update().execution_options(populate_existing=True)
    contact = session.scalar(query) if read else None
    if contact is None:
        raise NotFound(N_("There is no contact %(number)s."), number=number[:40])
    if not may_see(by, contact.branch_id, {contact.team_id}):
        raise Forbidden(N_("This contact belongs to another branch."))
    return ContactCase(session, rules, contact, by, at)
