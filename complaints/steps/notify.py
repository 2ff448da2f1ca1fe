"""Telling people: staff by notification and mail, the customer by letter, superiors up the line."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update

from complaints.domain.brief import brief
from complaints.domain.permissions import Permission
from complaints.models import OutboxMessage
from complaints.outbox.queue import letter_row, notify, queue_letters
from complaints.people.reaching import Reached, present_above, reach, team_people
from complaints.people.staff import Assignment, Staff
from complaints.queries.people.readers import readers_among
from complaints.rows import Row, Written, note_written
from complaints.steps.case import Case


def tell_people(
    case: Case, user_ids: Sequence[int | None], kind: str, *, facts: Mapping[str, Any]
) -> None:
    """Notify these people on their pages and write each an e-mail, once per history entry.

    Whoever is away or has left is heard for by others (`people.reaching`); None is somebody whom
    nobody knows, so that somebody else has to hear. Whoever takes the step knows of it already.
    """
    if not user_ids:
        return
    staff, place = Staff.read(case.session, case.recorded_at or case.at), assignment_of(case)
    _write_to(case, reach(staff, user_ids, place), kind, facts)


def tell_readers(
    case: Case, user_ids: Sequence[int], kind: str, *, with_stand_ins: bool = True
) -> None:
    """Notify these people of what only readers of the complaint hear, and who stands in for them.

    Whoever may not read it is left out, also in somebody's place. The e-mail says no more than the
    number: it may be read when its reader may not read the complaint any more.
    """
    if not user_ids:
        return
    staff, place = Staff.read(case.session, case.recorded_at or case.at), assignment_of(case)
    if with_stand_ins:
        reached = reach(staff, user_ids, place)
    else:
        reached = Reached({each: staff.by_id[each] for each in user_ids})
    may_read = readers_among(case.session, case.complaint, reached.people)
    reached.people = {each: reached.people[each] for each in may_read}
    _write_to(case, reached, kind, {}, is_bare=True)


def tell_team(case: Case, team_id: int, kind: str, *, facts: Mapping[str, Any]) -> None:
    """Notify everybody in a team; of one in which nobody is left, who stands above the sender.

    They hear the kind with `_nobody` behind it, for it is them who have to act.
    """
    staff, place = Staff.read(case.session, case.recorded_at or case.at), assignment_of(case)
    members = team_people(staff, team_id)
    if members:
        found = reach(staff, [each.id for each in members], place)
        _write_to(case, found, kind, facts, team_id)
        return
    found = Reached()
    for person in present_above(staff, case.by.id, place):
        found.add(person)
    _write_to(case, found, f"{kind}_nobody", facts, team_id)


def _write_to(
    case: Case,
    reached: Reached,
    kind: str,
    facts: Mapping[str, Any],
    team_id: int | None = None,
    is_bare: bool = False,
) -> None:
    """Write to each of them; who is in two units, or stands above both, hears for each."""
    complaint = case.complaint
    hearers = [each for each in reached.people.values() if each.id != case.by.id]
    if not hearers:
        return
    zone = str(case.rules.calendar_of(complaint.branch_id).value.tz)
    category = case.rules.taxonomy.categories.get(complaint.category or "")
    salutations = case.rules.organisation.salutations
    known = brief(salutations, complaint.contact_name, complaint.contact_salutation, category)
    all_facts = {"number": case.number, "by": case.by.name, "zone": zone, **facts}
    told = []
    for person in sorted(hearers, key=lambda each: each.id):
        whose = person.id if team_id is None else f"{team_id}:{person.id}"
        key = f"{kind}:{complaint.id}:{complaint.history_seq}:{whose}"
        told.append((key, person, {**all_facts, **reached.why(person)}))
    notify(
        case.session,
        kind,
        told,
        complaint_id=complaint.id,
        at=case.at,
        about={} if is_bare else known,
    )


def letter_to_customer(
    case: Case, kind: str, *, facts: Mapping[str, Any], via: str = "email", or_paper: bool = False
) -> None:
    """Write the customer a letter: by e-mail when they have an address, or on paper.

    Without an address nothing is written, and the desk tells; with `or_paper` the letter waits to
    be printed instead.
    """
    if via == "email" and not case.complaint.contact_email:
        if not or_paper:
            return
        via = "letter"
    key = f"{kind}:{case.complaint.id}:{case.complaint.history_seq}"
    queue_letters(case.session, [customer_letter(case, kind, key, facts=facts, via=via)])


def drop_paper(case: Case, kind: str) -> None:
    """Let letters of this kind stay here that nobody has printed yet: they say what is no more."""
    statement = (
        update(OutboxMessage)
        .where(
            OutboxMessage.complaint_id == case.complaint.id,
            OutboxMessage.kind == kind,
            OutboxMessage.state == "to_print",
        )
        .values(state="replaced")
        .returning(OutboxMessage.id)
    )
    note_written(case.session, Written(OutboxMessage, ids=case.session.scalars(statement).all()))


def customer_letter(
    case: Case, kind: str, key: str, *, facts: Mapping[str, Any], via: str, to: str | None = None
) -> Row:
    """A letter to the customer as a row of the outbox, dated, and addressed as the complaint is."""
    complaint = case.complaint
    salutation, name = case.rules.organisation.salutations.known(
        complaint.contact_name, complaint.contact_salutation
    )
    address = {
        "number": case.number,
        "name": name,
        "salutation": salutation,
        "zone": str(case.rules.calendar_of(complaint.branch_id).value.tz),
        "counter": case.rules.branches[complaint.branch_id].address,
    }
    return letter_row(
        kind,
        key,
        to=(to or complaint.contact_email or "") if via == "email" else "",
        language=complaint.customer.language,
        complaint_id=complaint.id,
        facts={**address, **facts},
        at=case.at,
        via=via,
    )


def superior_of(
    case: Case, user_id: int | None, permission: Permission = Permission.APPROVE
) -> int | None:
    """Who decides above this person now, present or by deputy; None where there is nobody."""
    staff, place = Staff.read(case.session, case.recorded_at or case.at), assignment_of(case)
    found = present_above(staff, user_id, place, permission, without={user_id})
    return found[0].id if found else None


def assignment_of(case: Case) -> Assignment:
    """Where the complaint stands: the ids from which its people follow."""
    complaint = case.complaint
    return Assignment(
        complaint.branch_id, complaint.team_id, complaint.handler_id, complaint.received_by_id
    )
