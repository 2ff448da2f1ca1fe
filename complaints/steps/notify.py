"""Telling people: staff by notification and mail, the customer by letter, superiors up the line."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from complaints.domain.brief import brief
from complaints.domain.scripts import name_with_form
from complaints.models import OutboxMessage, User
from complaints.outbox.queue import letter_row, notice_row, queue_letters, queue_notices
from complaints.people.staff import Staff
from complaints.rows import Row
from complaints.steps.case import Case


def tell_people(
    case: Case, user_ids: Sequence[int | None], kind: str, *, facts: Mapping[str, Any]
) -> None:
    """Notify these people on their pages and write each an e-mail, once per history entry."""
    wanted = {each for each in user_ids if each is not None and each != case.by.id}
    if not wanted:
        return
    complaint = case.complaint
    query = select(User).where(User.id.in_(wanted), User.is_active.is_(True)).order_by(User.id)
    zone = str(case.rules.calendar_of(complaint.branch_id).value.tz)
    customer, category = complaint.customer, complaint.category or ""
    about = brief(customer.name, customer.salutation, case.rules.taxonomy.categories.get(category))
    all_facts = {"number": case.number, "by": case.by.name, "zone": zone, **facts}
    notices, letters = [], []
    for user in case.session.scalars(query):
        key = f"{kind}:{complaint.id}:{complaint.history_seq}:{user.id}"
        notices.append(
            notice_row(
                kind,
                key,
                user_id=user.id,
                complaint_id=complaint.id,
                facts=all_facts,
                at=case.at,
            )
        )
        letters.append(
            letter_row(
                "notice",
                key,
                to=user.email,
                language=user.language,
                complaint_id=complaint.id,
                facts={"notice": kind, "name": user.name, **all_facts, **about},
                at=case.at,
            )
        )
    queue_notices(case.session, notices)
    queue_letters(case.session, letters)


def letter_to_customer(
    case: Case, kind: str, *, facts: Mapping[str, Any], via: str = "email", or_paper: bool = False
) -> None:
    """Write the customer a letter: by e-mail when they have an address, or on paper.

    Without an address nothing is written, and the desk tells; with `or_paper` the letter waits to
    be printed instead.
    """
    if via == "email" and not case.complaint.customer.email:
        if not or_paper:
            return
        via = "letter"
    key = f"{kind}:{case.complaint.id}:{case.complaint.history_seq}"
    queue_letters(case.session, [customer_letter(case, kind, key, facts=facts, via=via)])


def drop_paper(case: Case, kind: str) -> None:
    """Let letters of this kind stay here that nobody has printed yet: they say what is no more."""
    case.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.complaint_id == case.complaint.id,
            OutboxMessage.kind == kind,
            OutboxMessage.state == "to_print",
        )
        .values(state="replaced")
    )


def customer_letter(case: Case, kind: str, key: str, *, facts: Mapping[str, Any], via: str) -> Row:
    """A letter to the customer as a row of the outbox, addressed and dated."""
    customer, complaint = case.complaint.customer, case.complaint
    salutation, name = name_with_form(customer.name, customer.salutation)
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
        to=(customer.email or "") if via == "email" else "",
        language=customer.language,
        complaint_id=complaint.id,
        facts={**address, **facts},
        at=case.at,
        via=via,
    )


def superior_of(session: Session, user_id: int | None, branch_id: int) -> int | None:
    """The nearest of the line above this person; None when nobody stands above."""
    line = Staff.read(session).line_above(user_id, branch_id)
    return line[0].id if line else None
