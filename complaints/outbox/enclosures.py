"""Files that go with a letter: read as it leaves, without what was hidden from the customer since.

The letter names each file by its hash. What goes is what lies under that hash at the moment of
sending, and nothing where the bytes are others.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.attachments import handed_out_type
from complaints.domain.words.enclosed import Enclosed, goes_along, holding_back, named_once
from complaints.files.store import OBJECTS, open_store
from complaints.models import Attachment, OutboxMessage
from complaints.outbox.mail.envelope import Enclosure


class WrongBytes(Exception):
    """What the store holds is not what was chosen."""


def hold_back_hidden(session: Session, letter: OutboxMessage) -> list[str]:
    """Take out of a letter that is about to leave what the customer may not see any more.

    The letter keeps that it named them. Returns the names of those that were held back now; the
    caller has locked the letter.
    """
    hidden = _hidden_of(session, letter)
    if hidden:
        letter.facts = holding_back(letter.facts, {each.file for each in hidden})
    return [each.name for each in hidden]


def facts_as_it_leaves(session: Session, letter: OutboxMessage) -> dict[str, Any]:
    """The facts of a letter as it would leave now; of one that has left, as it left."""
    if letter.state not in ("queued", "to_print"):
        return letter.facts
    hidden = _hidden_of(session, letter)
    if not hidden:
        return letter.facts
    return holding_back(letter.facts, {each.file for each in hidden})


def read_enclosed(facts: Mapping[str, Any]) -> list[Enclosure]:
    """The files that go with a letter, read from the store.

    Raises Gone or WrongBytes where the store lost one, Busy while it cannot be read.
    """
    files = goes_along(facts)
    if not files:
        return []
    found = []
    with open_store() as store:
        for each in files:
            with store.open(OBJECTS, each.sha256) as file:
                content = file.read()
            if hashlib.sha256(content).hexdigest() != each.sha256:
                raise WrongBytes(each.sha256)
            found.append(Enclosure(each.name, handed_out_type(each.type), content))
    return found


def _hidden_of(session: Session, letter: OutboxMessage) -> list[Enclosed]:
    files = goes_along(letter.facts)
    if not files:
        return []
    shown = session.scalars(
        select(Attachment.id).where(
            Attachment.id.in_([each.file for each in files]),
            Attachment.complaint_id == letter.complaint_id,
            Attachment.shown_to_customer.is_(True),
        )
    ).all()
    return [each for each in files if each.file not in shown]


def held_back_of(facts: Mapping[str, Any]) -> list[str]:
    """The names of the files that a letter names and that did not go with it."""
    return [each.name for each in named_once(facts) if each.held_back]
