"""What hangs on a branch: complaints, contacts and posts that go on, people, mailboxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.other_contacts.acts import ContactState
from complaints.domain.public_posts.acts import PostState
from complaints.models import Complaint, OtherContact, PublicPost, User
from complaints.queries.bounded import bounded_count
from complaints.queries.lists.filters import IS_OPEN
from complaints.queries.rules.code_usage import MOST


@dataclass(frozen=True, slots=True)
class BranchUse:
    """Counts end beyond MOST; `people` are the ids of active accounts, with their names.

    `mailboxes` are the addresses whose mail belongs to the branch; `has_public_form` says that
    what names no place on the public form comes to it.
    """

    complaints: int
    contacts: int
    posts: int
    people: Sequence[tuple[int, str]]
    mailboxes: Sequence[str]
    has_public_form: bool

    @property
    def goes_on(self) -> int:
        """How much is not finished yet."""
        return self.complaints + self.contacts + self.posts


def branch_use(
    session: Session, branch_id: int, code: str, bodies: Mapping[str, Mapping[str, Any]]
) -> BranchUse:
    """What hangs on a branch, by the rows and by the rules in force; two queries."""
    open_complaints = select(Complaint.id).where(IS_OPEN, Complaint.branch_id == branch_id)
    open_contacts = select(OtherContact.id).where(
        OtherContact.branch_id == branch_id, OtherContact.state == ContactState.OPEN.value
    )
    open_posts = select(PublicPost.id).where(
        PublicPost.branch_id == branch_id, PublicPost.state == PostState.OPEN.value
    )
    counts = session.execute(
        select(
            bounded_count(open_complaints, MOST + 1).label("complaints"),
            bounded_count(open_contacts, MOST + 1).label("contacts"),
            bounded_count(open_posts, MOST + 1).label("posts"),
        )
    ).one()
    people = select(User.id, User.name).where(User.branch_id == branch_id, User.is_active)
    mailboxes = bodies["mailboxes"]["mailboxes"].get("mailbox", ())
    form = bodies["organisation"]["organisation"].get("public_form") or {}
    return BranchUse(
        counts.complaints,
        counts.contacts,
        counts.posts,
        [(row.id, row.name) for row in session.execute(people.order_by(User.name, User.id))],
        [each["address"] for each in mailboxes if each.get("branch") == code],
        form.get("branch") == code,
    )
