"""One message is taken in: read, recognised, and made what it is, in the caller's transaction.

The same message taken in again is the same one, whichever mailbox it came from; two at once wait
for each other. Machines are never answered and open no complaint. What cannot be told for certain
is left to a person and changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from complaints.channels.email.arrival import Arrival, Incoming
from complaints.channels.email.belong import Belonging, find_bounced, find_complaint
from complaints.channels.email.keep import Outcome, keep_message, new_row
from complaints.channels.email.telling import tell_other_branches, tell_sorters
from complaints.channels.email.write_down import (
    append_message,
    keep_machine,
    note_bounce,
    open_complaint,
    story_of,
)
from complaints.db import take_turns
from complaints.domain.mail.kinds import Kind
from complaints.queries.mail.belonging import about_sender, find_before
from complaints.rulebook import current_rules

#: So many messages of one address within an hour a person may write; more are left to a person.
MOST_AN_HOUR = 20
HOUR = timedelta(hours=1)


def take_in(session: Session, incoming: Incoming, *, at: datetime) -> Outcome:
    """Take in one raw message; the caller commits.

    1. what was taken in before is left alone;
    2. it becomes a complaint, a message of one, a line about a letter, or waits for a person;
    3. it is kept with what became of it and its raw bytes.

    What a step refuses is raised, and left to a person in a transaction of its own (`leave`).
    Errors of the database are passed on: then nothing is taken in, and the message may be fetched
    again.
    """
    arrival, taken = arrive(session, incoming, at)
    return taken or settle(arrival, _decide(arrival), incoming.raw)


def leave(session: Session, incoming: Incoming, reason: str, *, at: datetime) -> Outcome:
    """Take in a message of which nothing could be made here: a person decides."""
    arrival, taken = arrive(session, incoming, at)
    return taken or settle(arrival, arrival.waits(reason), incoming.raw)


def arrive(session: Session, incoming: Incoming, at: datetime) -> tuple[Arrival, Outcome | None]:
    """The message as it will be kept, before anything becomes of it; or what it became before."""
    rules, mail, origin = current_rules(session), incoming.mail, incoming.origin
    take_turns(session, f"mail {mail.fingerprint}")
    rule = rules.mailboxes.of(mail.recipients, origin.address)
    row = new_row(rules, mail, incoming.raw, origin, rule, at)
    before = find_before(session, mail.fingerprint, mail.message_id, mail.answers)
    arrival = Arrival(session, rules, incoming.office, mail, incoming.files, row, before, at)
    if before.same is None:
        return arrival, None
    number = arrival.number_of(before.same.complaint_id)
    return arrival, Outcome("ignored", "already_taken", number, before.same.complaint_id)


def settle(arrival: Arrival, outcome: Outcome, raw: bytes) -> Outcome:
    """Keep the message with what became of it, and tell who has to decide where somebody has to."""
    row = arrival.row
    row.action, row.reason = outcome.action, outcome.reason
    row.complaint_id, row.proposal_id = outcome.complaint_id, outcome.proposal_id
    # What a step has added stands before what names it.
    arrival.session.flush()
    keep_message(arrival.session, row, raw)
    if outcome.action == "quarantined":
        tell_sorters(arrival.session, row, arrival.at)
    if outcome.action in ("created", "appended") and outcome.complaint_id is not None:
        tell_other_branches(arrival, outcome.complaint_id)
    if outcome.number is None and outcome.complaint_id is not None:
        outcome = replace(outcome, number=arrival.number_of(outcome.complaint_id))
    return outcome


def _decide(arrival: Arrival) -> Outcome:
    if arrival.mail.problem:
        return arrival.waits(arrival.mail.problem)
    decide: Mapping[Kind, Callable[[Arrival], Outcome]] = {
        Kind.OWN: lambda _: Outcome("ignored", "own"),
        Kind.BOUNCE: _of_bounce,
        Kind.AUTO_REPLY: _of_machine,
        Kind.LIST: _of_machine,
        Kind.PERSON: _of_person,
    }
    return decide[arrival.mail.verdict.kind](arrival)


def _of_bounce(arrival: Arrival) -> Outcome:
    """A letter of ours that came back, or will come later; the rest is kept without a complaint."""
    letter, complaint_id = find_bounced(
        arrival.session, arrival.rules, arrival.mail, arrival.office
    )
    number = arrival.number_of(complaint_id)
    bounce = arrival.mail.bounce
    if number is None or bounce is None:
        return Outcome("bounce", "unmatched")
    note_bounce(arrival, number, letter)
    reason = "failed" if bounce.is_final else "delayed"
    return Outcome("bounce", reason, number, complaint_id)


def _of_machine(arrival: Arrival) -> Outcome:
    """An automatic reply stays with its complaint, marked; a list that names none is left alone."""
    is_list = arrival.mail.verdict.kind is Kind.LIST
    found = _complaint_of(arrival)
    if found is None or not found.is_sure:
        return Outcome("ignored", "list") if is_list else Outcome("auto_reply", "automatic")
    number = arrival.number_of(found.complaint_id)
    assert number is not None
    keep_machine(arrival, number)
    return Outcome("auto_reply", "automatic", number, found.complaint_id)


def _complaint_of(arrival: Arrival) -> Belonging | None:
    answered = arrival.before.answered
    return find_complaint(arrival.session, arrival.rules, arrival.mail, answered, arrival.office)


def _of_person(arrival: Arrival) -> Outcome:
    """Somebody's words: to the complaint they belong to, a new one, or for a person to decide."""
    session, mail = arrival.session, arrival.mail
    if not mail.sender.address:
        return arrival.waits("no_sender")
    found = _complaint_of(arrival)
    proposal = found.complaint_id if found is not None else None
    others = arrival.before.namesakes
    if others:
        return arrival.waits("same_name", proposal or others[0].complaint_id)
    known = about_sender(session, mail.sender.address, arrival.at - HOUR)
    if known.is_colleague:
        return arrival.waits("colleague", proposal)
    if known.lately >= MOST_AN_HOUR:
        return arrival.waits("flood", proposal)
    if not story_of(mail):
        return arrival.waits("empty", proposal)
    if found is None:
        return open_complaint(arrival)
    if not found.is_sure:
        return arrival.waits("unknown_sender", proposal)
    return _append(arrival, found)


def _append(arrival: Arrival, found: Belonging) -> Outcome:
    number = arrival.number_of(found.complaint_id)
    assert number is not None
    case = append_message(arrival, number)
    return Outcome("appended", found.sign, case.number, case.complaint.id)
