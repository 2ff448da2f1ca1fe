"""What comes by messenger or telephone system: a new complaint, or a word on the one it goes to.

Nothing is proven by it that people have to do: nobody has listened, read back or apologised yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from complaints.contacts import normalise_email, normalise_phone
from complaints.db import take_turns
from complaints.domain.errors import N_, Invalid, TooSoon
from complaints.domain.permissions import CUSTOMER
from complaints.domain.words.web_address import names_web_address
from complaints.files.keep import KeptFile
from complaints.models import Attachment, ChannelMessage, Complaint
from complaints.people.customers import CustomerGiven
from complaints.queries.complaint.of_sender import complaint_of_sender, find_message
from complaints.rate_limits import take_one
from complaints.rulebook import RuleBook
from complaints.signing import pseudonym
from complaints.steps.by_customer.by_mail import shortened
from complaints.steps.by_customer.come_back import CameBack, come_back, where_it_goes
from complaints.steps.by_customer.complain import complain
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.pause import open_now
from complaints.steps.files.attach import attach_file
from complaints.steps.receive import ComplaintGiven

#: So many messages of one sender are taken in within the hour.
MOST_MESSAGES, WITHIN = 60, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MessageGiven:
    """A message as its channel hands it in.

    `id` is the channel's own name for it, `sender` a telephone number or an e-mail address; `at`
    when it was written, None where nobody says. `through` is whose key handed it in, "" where the
    channel signed: the history names them, for these words are the customer's only as they say.
    """

    id: str
    sender: str
    text: str
    name: str = ""
    at: datetime | None = None
    files: Sequence[KeptFile] = ()
    through: str = ""


@dataclass(frozen=True, slots=True)
class MessageTaken:
    """What a message became: created or appended, on the complaint with this number."""

    action: str
    number: str
    complaint_id: int


def take_message(
    session: Session,
    rules: RuleBook,
    given: MessageGiven,
    *,
    channel: str,
    branch: str,
    at: datetime,
    is_bound: bool = False,
) -> MessageTaken:
    """Take in one message of a channel, once however often it is handed in, also at once.

    Whoever `is_bound` to the branch reaches no complaint of another one with it.

    The caller commits. Raises Invalid for a sender nobody can write to, TooSoon for more messages
    than somebody writes, and what receiving a complaint or recording a message raises.
    """
    phone = normalise_phone(given.sender)
    email = None if phone else normalise_email(given.sender)
    contact = phone or email
    if contact is None:
        raise Invalid(N_("A telephone number or an email address is needed here."), field="from")
    take_turns(session, f"message {channel} {given.id}")
    before = find_message(session, channel, given.id)
    if before is not None:
        action, (complaint_id, year) = before
        return MessageTaken(action, rules.numbers.write(year, complaint_id), complaint_id)
    # Two first messages of one sender are one complaint.
    take_turns(session, f"sender {contact}")
    _require_pace(session, contact, at)
    mark = pseudonym("channel-message", contact)
    ended_since = at - timedelta(days=rules.authority.portal.reopen_days)
    found = complaint_of_sender(
        session,
        mark=mark,
        phone=phone,
        email=email,
        ended_since=ended_since,
        within=rules.branch_by_code(branch).id if is_bound else None,
    )
    if found is not None:
        number = rules.numbers.write(found[1], found[0])
        back = _append(session, rules, number, given, channel, at)
        case, is_new = back.case, back.is_begun
    else:
        case = _open(session, rules, given, channel, branch, at, phone=phone, email=email)
        is_new = True
    source = _source_of(channel)[: Attachment.source.type.length]
    for each in given.files:
        attach_file(case, each, shown_to_customer=True, source=source)
    action = "created" if is_new else "appended"
    session.add(
        ChannelMessage(
            channel=channel,
            external_id=given.id,
            sender_mark=mark,
            action=action,
            complaint_id=case.complaint.id,
            taken_at=at,
        )
    )
    session.flush()
    return MessageTaken(action, case.number, case.complaint.id)


def _require_pace(session: Session, contact: str, at: datetime) -> None:
    taken = take_one(session, f"message:{contact}", limit=MOST_MESSAGES, per=WITHIN, now=at)
    if not taken.is_allowed:
        raise TooSoon(
            N_("Too many messages of one sender within the hour."),
            seconds=max(1, taken.seconds_to_wait(at)),
        )


def _append(
    session: Session, rules: RuleBook, number: str, given: MessageGiven, channel: str, at: datetime
) -> CameBack:
    """The words on their complaint; they end a pause, and after the end open it again."""
    case = open_now(session, number, by=CUSTOMER, at=at)
    back = come_back(
        where_it_goes(case),
        given.text,
        channel=channel,
        source=_source_of(channel)[: Complaint.source.type.length],
        through=given.through,
    )
    if not back.is_begun:
        record_message(
            back.case,
            text=shortened(given.text),
            direction="in",
            method=rules.taxonomy.channels[channel].method,
            is_told=not back.is_reopened,
            through=given.through,
        )
    return back


def _open(
    session: Session,
    rules: RuleBook,
    given: MessageGiven,
    channel: str,
    branch: str,
    at: datetime,
    *,
    phone: str | None,
    email: str | None,
) -> Case:
    # Customers of a messenger choose their own name there, and our letters begin with it.
    name = "" if names_web_address(given.name) else given.name
    told = ComplaintGiven(
        customer=CustomerGiven(name=name or given.sender, phone=phone or "", email=email or ""),
        channel=channel,
        story=given.text,
        branch=branch,
        received_at=min(given.at or at, at),
        source=_source_of(channel)[: Complaint.source.type.length],
        through=given.through,
    )
    # The channel that handed it in answers them.
    return complain(session, rules, told, at=at, is_answered=False)


def _source_of(channel: str) -> str:
    """By which way it came; whoever keeps it cuts it to what there is room for."""
    return f"inbound:{channel}"
