"""What is on record of an offer that nobody has answered: its letter, and the reminder of it.

Steps ask whether silence counts, and pages what is said when it does not.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.errors import Invalid
from complaints.domain.proofs.silence import (
    SENTENCES,
    LetterMade,
    SilenceLack,
    Unanswered,
    lacking_before_reminder,
    lacking_for_silence,
)
from complaints.domain.scripts import LANGUAGES
from complaints.domain.words.letter_state import LETTER_STATES, LetterState
from complaints.domain.worktime.durations import Counting, Unit, due_at
from complaints.formatting import say_instant
from complaints.models import Answer, Complaint, Note, Offer, OutboxMessage, StepRecord
from complaints.queries.complaint.proofs import REMINDER
from complaints.rulebook import RuleBook


def answer_until(rules: RuleBook, complaint: Complaint, since: datetime) -> datetime:
    """When the time to answer a letter is over that leaves at `since`: its last day's closing."""
    days = rules.authority.reminders.answer_days
    calendar = rules.calendar_of(complaint.branch_id).value
    return due_at(calendar, since, days, Unit.WORKING_DAY, counting=Counting.DAY_AFTER_RECEIPT)


def answer_told_until(session: Session, rules: RuleBook, complaint_id: int) -> datetime | None:
    """Until when the customer was asked to answer the open offer; None where no letter told a date.

    A reminder that left tells a later one than the letter of the offer.
    """
    found = unanswered_offer(session, rules, session.get_one(Complaint, complaint_id))
    letters = (found.reminder, found.offer) if found is not None else ()
    return next((each.until for each in letters if each is not None and each.until), None)


def letter_of_offer(session: Session, offer: Offer) -> OutboxMessage | None:
    """The letter by which an offer was put to the customer; None where it was only said."""
    query = (
        select(StepRecord.detail, OutboxMessage)
        .outerjoin(OutboxMessage, OutboxMessage.key == StepRecord.letter_key)
        .where(
            StepRecord.complaint_id == offer.complaint_id,
            StepRecord.criterion == "020-3.3",
            StepRecord.cycle == offer.cycle,
            StepRecord.is_unable.is_(False),
        )
        .order_by(StepRecord.id.desc())
    )
    rows = session.execute(query)
    return next((letter for kept, letter in rows if kept.get("offer") == offer.id), None)


def way_of_offer(session: Session, offer: Offer) -> LetterState:
    """Where an offer is on its way to the customer; one that somebody told them has left."""
    letter = letter_of_offer(session, offer)
    return state_of(letter) if letter is not None else LetterState.LEFT


def state_of(letter: OutboxMessage) -> LetterState:
    """Where a letter stands."""
    return LETTER_STATES.get(letter.state, LetterState.FAILED)


def refusal_of_silence(
    session: Session, rules: RuleBook, complaint: Complaint, now: datetime
) -> Invalid | None:
    """Why silence does not count now as the answer; None when it does."""
    found = unanswered_offer(session, rules, complaint)
    lack = lacking_for_silence(found, now)
    field = "unable" if lack is SilenceLack.OFFER_OPEN else "unable.code"
    return _refusal(rules, complaint, now, lack, found, field) if lack is not None else None


def refusal_of_reminder(
    session: Session, rules: RuleBook, complaint: Complaint, now: datetime
) -> Invalid | None:
    """Why the customer cannot be reminded of the offer now; None when they can.

    A reminder that is on its way, or whose time runs, is not written again.
    """
    found = unanswered_offer(session, rules, complaint)
    lack = lacking_before_reminder(found, now)
    if lack is None:
        waiting = lacking_for_silence(found, now)
        if waiting not in (SilenceLack.REMINDER, SilenceLack.REMINDER_RECEIVED):
            lack = waiting
    return _refusal(rules, complaint, now, lack, found, "method") if lack is not None else None


def unanswered_offer(session: Session, rules: RuleBook, complaint: Complaint) -> Unanswered | None:
    """The offer that the customer has before them; None where no offer is open."""
    query = (
        select(Offer)
        .where(
            Offer.complaint_id == complaint.id,
            Offer.cycle == complaint.cycle,
            Offer.state == "open",
        )
        .order_by(Offer.id.desc())
        .limit(1)
    )
    offer = session.scalar(query)
    if offer is None:
        return None
    letter = letter_of_offer(session, offer)
    if letter is None:
        return Unanswered(None)
    parts = letter.facts.get("parts", ())
    stated = next((each["until"] for each in parts if each.get("until")), None)
    made = _made(rules, complaint, letter, stated)
    if letter.sent_at is None or made.state is not LetterState.LEFT:
        return Unanswered(made)
    heard = last_heard(session, complaint, offer)
    since = max(letter.sent_at, heard) if heard is not None else letter.sent_at
    query_reminder = (
        select(OutboxMessage)
        .where(
            OutboxMessage.complaint_id == complaint.id,
            OutboxMessage.kind == REMINDER,
            OutboxMessage.created_at >= since,
        )
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    )
    reminder = session.scalar(query_reminder)
    if reminder is None:
        return Unanswered(made)
    return Unanswered(made, _made(rules, complaint, reminder, reminder.facts.get("until")))


def last_heard(session: Session, complaint: Complaint, offer: Offer) -> datetime | None:
    """When the customer was last heard since the offer: a message of theirs, or their answer."""
    said = select(func.max(Answer.at)).where(Answer.offer_id == offer.id, Answer.answer != "none")
    wrote = select(func.max(Note.at)).where(
        Note.complaint_id == complaint.id, Note.direction == "in"
    )
    heard = [each for each in (session.scalar(said), session.scalar(wrote)) if each is not None]
    return max(heard, default=None)


def _made(
    rules: RuleBook, complaint: Complaint, letter: OutboxMessage, stated: str | None
) -> LetterMade:
    """A letter with the end of its time: the date that it states, and the whole period at least."""
    if letter.sent_at is None:
        return LetterMade(state_of(letter))
    until = answer_until(rules, complaint, letter.sent_at)
    if stated is not None:
        until = max(until, datetime.fromisoformat(stated))
    return LetterMade(state_of(letter), until)


def _refusal(
    rules: RuleBook,
    complaint: Complaint,
    now: datetime,
    lack: SilenceLack,
    found: Unanswered | None,
    field: str,
) -> Invalid:
    """The sentence of what is lacking, with its dates in both languages."""
    letter = found.offer if found is not None else None
    if found is not None and lack is SilenceLack.REMINDER_OVER:
        letter = found.reminder
    until = letter.until if letter is not None else None
    zone = rules.calendar_of(complaint.branch_id).value.tz
    dates = {"until": until, "counts_from": answer_until(rules, complaint, now)}
    words = {
        name: {lang: say_instant(at, zone, lang) for lang in LANGUAGES}
        for name, at in dates.items()
        if at is not None
    }
    return Invalid(SENTENCES[lack], field=field, **words)
