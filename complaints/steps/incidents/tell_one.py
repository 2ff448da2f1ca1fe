"""One customer who is part of an incident is told: by letter, or by a task of the handler."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from complaints.domain.commitments.rules import CommitmentKind
from complaints.domain.deadlines import Event
from complaints.domain.incidents.rules import Telling
from complaints.domain.lifecycle import OPEN, Action, Status
from complaints.formatting import ENGLISH
from complaints.models import Incident, IncidentMessage, IncidentTelling, Note, User
from complaints.outbox.queue import queue_letters
from complaints.people.signers import handler_of
from complaints.queries.incidents.single import is_part_of
from complaints.queries.incidents.waiting import letter_names, told_together
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.commitments.undertake import StepGiven, undertake_one
from complaints.steps.incidents.open import number_of
from complaints.steps.notify import customer_letter, tell_people

#: What is to be done where nobody can be written to, as the organisation writes it.
_TASK = {
    "id": "Menyampaikan kepada pelanggan kabar insiden %(incident)s: %(text)s",
    "en": "Tell the customer about incident %(incident)s: %(text)s",
}
_TASK_TEXT = 300
#: After how long a vain try is repeated; after the last one it has failed.
_AGAIN = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
#: The longest that is kept of what went wrong.
_LONGEST_ERROR = 200


def next_telling(session: Session, telling_id: int) -> IncidentTelling | None:
    """The one whose turn it is, locked; None where another process has told it.

    Whoever tells has the message locked too, so that a customer with several complaints gets one
    letter whoever else is telling at the same time.
    """
    telling = session.get(IncidentTelling, telling_id)
    if telling is None:
        return None
    session.get_one(IncidentMessage, telling.message_id, with_for_update=True)
    session.refresh(telling, with_for_update=True)
    return telling if telling.state == Telling.WAITING.value else None


def tell_one(case: Case, telling: IncidentTelling) -> Telling:
    """Tell the customer of a complaint, opened by the system, in the name of who asked for it."""
    session, rules = case.session, case.rules
    asker = session.get(User, telling.by_id) if telling.by_id is not None else None
    case.by = asker.actor if asker is not None else case.by
    message = session.get_one(IncidentMessage, telling.message_id)
    incident = session.get_one(Incident, message.incident_id)
    if not is_part_of(session, incident.id, case.complaint.id):
        # It was taken out between the order and this word.
        telling.state, telling.done_at, telling.last_error = Telling.ENDED.value, case.at, ""
        session.flush()
        return Telling.ENDED
    others = told_together(session, message.id, case.complaint)
    told = next((each for each in others if each.is_told), None)
    if told is not None:
        number = rules.numbers.write(told.year, told.id)
        is_named = letter_names(session, _letter_key(message, told.id), case.number)
        state = note_told_with(case, incident, message, number, is_named=is_named)
    else:
        together = [rules.numbers.write(each.year, each.id) for each in others]
        state = tell_customer(case, incident, message, together)
    telling.state, telling.done_at, telling.last_error = state.value, case.at, ""
    session.flush()
    return state


def note_failure(case: Case, telling: IncidentTelling, error: str) -> None:
    """Note a vain try; after the last one whoever handles the complaint hears of it."""
    telling.attempts += 1
    telling.last_error = error[:_LONGEST_ERROR]
    if telling.attempts <= len(_AGAIN):
        telling.next_try_at = case.at.replace(microsecond=0) + _AGAIN[telling.attempts - 1]
        return
    telling.state = Telling.FAILED.value
    message = case.session.get_one(IncidentMessage, telling.message_id)
    incident = case.session.get_one(Incident, message.incident_id)
    facts = {"incident": number_of(incident)}
    tell_people(case, [handler_of(case.complaint)], "incident_untold", facts=facts)


def tell_customer(
    case: Case, incident: Incident, message: IncidentMessage, together: Sequence[str]
) -> Telling:
    """Tell the customer of one complaint, by letter or by a task for whoever handles it.

    `together` are numbers of other complaints of the same customer that the letter names too.
    """
    if Status(case.complaint.status) not in OPEN:
        return Telling.ENDED
    text = _words_for(case, message)
    if not case.complaint.contact_email:
        _hand_over(case, incident, text)
        return Telling.TASK
    _keep_words(case, text)
    detail = {
        "incident": number_of(incident),
        "message": message.id,
        "method": "email",
        "together": list(together),
    }
    advance(case, Action.TELL_INCIDENT, detail=detail, events=(Event.LAST_CONTACT,))
    key = _letter_key(message, case.complaint.id)
    facts = {"text": text, "incident": number_of(incident), "together": list(together)}
    queue_letters(case.session, [customer_letter(case, "incident", key, facts=facts, via="email")])
    return Telling.TOLD


def note_told_with(
    case: Case, incident: Incident, message: IncidentMessage, other: str, *, is_named: bool
) -> Telling:
    """The customer has the words already, in the letter on another complaint of theirs.

    Where that letter names this complaint (`is_named`), it has been written about as well. An
    earlier one says nothing of it: whoever handles it still owes the customer a word.
    """
    if Status(case.complaint.status) not in OPEN:
        return Telling.ENDED
    text = _words_for(case, message)
    if is_named:
        _keep_words(case, text)
    detail = {
        "incident": number_of(incident),
        "message": message.id,
        "method": "email",
        "with": other,
    }
    events = (Event.LAST_CONTACT,) if is_named else ()
    advance(case, Action.TELL_INCIDENT, detail=detail, events=events)
    return Telling.WITH_ANOTHER


def _letter_key(message: IncidentMessage, complaint_id: int) -> str:
    return f"incident:{message.id}:{complaint_id}"


def _words_for(case: Case, message: IncidentMessage) -> str:
    is_english = case.complaint.customer.language == ENGLISH
    return message.text_en if is_english and message.text_en else message.text


def _keep_words(case: Case, text: str) -> None:
    note = Note(
        complaint_id=case.complaint.id,
        direction="out",
        text=text,
        method="email",
        at=case.at,
        by_id=case.by.id,
        by_name=case.by.name,
    )
    case.session.add(note)
    case.written = note


def _hand_over(case: Case, incident: Incident, text: str) -> None:
    number = number_of(incident)
    short = text if len(text) <= _TASK_TEXT else text[:_TASK_TEXT].rpartition(" ")[0] + " …"
    what = _TASK[case.rules.organisation.language] % {"incident": number, "text": short}
    task = undertake_one(case, CommitmentKind.STEP, StepGiven(what), None)
    detail = {"incident": number, "task": True}
    advance(case, Action.TELL_INCIDENT, detail=detail, keep=task.start)
    task.store()
    tell_people(case, [handler_of(case.complaint)], "incident_task", facts={"incident": number})
