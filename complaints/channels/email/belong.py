"""To which complaint a message belongs, and how sure that is.

The reply address and the names of our letters are signed: whoever has one was written to. A number
in a subject can be guessed, and a reference to somebody else's message made up; those count from an
address that the complaint knows, and are else for a person to decide.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from complaints.domain.mail.message import MailMessage
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.queries.mail.belonging import (
    OwnLetter,
    Taken,
    complaint_with,
    complaints_of_address,
    find_letter,
    knows_address,
)
from complaints.queries.numbers import year_of
from complaints.rulebook import RuleBook
from complaints.signing import complaint_id_of_reply

_NUMBERS = re.compile(r"[A-Za-z]{2,6}-[0-9]{4}-[0-9]{1,9}", re.ASCII)
#: So many numbers are read of a subject.
_MOST_NUMBERS = 5


@dataclass(frozen=True, slots=True)
class Belonging:
    """The complaint that a message belongs to, by which sign, and whether that is enough."""

    complaint_id: int
    sign: str
    is_sure: bool = True


def find_complaint(
    session: Session,
    rules: RuleBook,
    mail: MailMessage,
    answered: Sequence[Taken],
    office: DeliverySettings,
) -> Belonging | None:
    """The complaint of a message, by the surest sign that it bears; None for something new.

    `answered` are the messages taken in before that it answers.
    """
    sender = mail.sender.address
    for complaint_id in _by_reply_address(session, mail.recipients, office):
        return Belonging(complaint_id, "reply_address")
    named = numbers_in(session, rules, mail.subject)
    letter = _answered_letter(session, mail, named, office)
    if letter is not None:
        return Belonging(letter.complaint_id, "our_letter")
    unsure: list[Belonging] = []
    for taken in answered:
        if taken.complaint_id is None:
            continue
        is_party = sender in taken.recipients or sender == taken.from_address
        is_known = is_party or knows_address(session, taken.complaint_id, sender)
        found = Belonging(taken.complaint_id, "earlier_message", is_known)
        if is_known:
            return found
        unsure.append(found)
    for complaint_id in named:
        is_known = knows_address(session, complaint_id, sender)
        found = Belonging(complaint_id, "number", is_known)
        if is_known:
            return found
        unsure.append(found)
    return unsure[0] if unsure else None


def _answered_letter(
    session: Session, mail: MailMessage, named: list[int], office: DeliverySettings
) -> OwnLetter | None:
    """The letter of ours that a message answers, of the complaints that it points to."""
    if not mail.answers:
        return None
    theirs = complaints_of_address(session, [mail.sender.address] if mail.sender.address else [])
    candidates = list(dict.fromkeys([*named, *theirs]))
    return find_letter(session, mail.answers, candidates, office.message_id)


def find_bounced(
    session: Session, rules: RuleBook, mail: MailMessage, office: DeliverySettings
) -> tuple[OwnLetter | None, int | None]:
    """The letter that a report is about, and the complaint where only that can be told.

    Which letter it was stands in what came back, not in the report's own headers.
    """
    bounce = mail.bounce
    if bounce is None:
        return None, None
    by_token = _by_reply_address(session, (*bounce.reply_to, *mail.recipients), office)
    named = numbers_in(session, rules, f"{bounce.subject} {mail.subject}")
    candidates = list(
        dict.fromkeys([*by_token, *named, *complaints_of_address(session, bounce.recipients)])
    )
    letter = find_letter(session, (*bounce.ids, *mail.answers), candidates, office.message_id)
    if letter is not None:
        return letter, letter.complaint_id
    return None, by_token[0] if by_token else None


def numbers_in(session: Session, rules: RuleBook, subject: str) -> list[int]:
    """The complaints whose numbers stand in a subject."""
    found: dict[int, None] = {}
    for told in _NUMBERS.findall(subject)[:_MOST_NUMBERS]:
        read = rules.numbers.read(told)
        complaint_id = complaint_with(session, *read) if read is not None else None
        if complaint_id is not None:
            found[complaint_id] = None
    return list(found)


def _by_reply_address(
    session: Session, addresses: tuple[str, ...], office: DeliverySettings
) -> list[int]:
    found: dict[int, None] = {}
    for address in addresses:
        complaint_id = complaint_id_of_reply(office.secret_key, address)
        if complaint_id is not None and year_of(session, complaint_id) is not None:
            found[complaint_id] = None
    return list(found)
