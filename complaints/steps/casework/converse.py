"""Notes between staff, and what passed between us and the customer outside the eight steps."""

from collections.abc import Sequence

from complaints.domain.deadlines import Event
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.words.courtesy import Purpose
from complaints.domain.words.length import require_at_most
from complaints.domain.words.letter_state import WRITTEN
from complaints.domain.words.substance import only_introduces
from complaints.models import Note
from complaints.people.signers import handler_of
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.casework.pause import no_longer_waiting
from complaints.steps.colleagues.mention import people_named, with_names
from complaints.steps.files.enclose import choose_files
from complaints.steps.letters.about import LETTER_OF, About, facts_about
from complaints.steps.notify import letter_to_customer, tell_people, tell_readers
from complaints.steps.wording import check_courtesy

#: The longest note or message.
MAX_TEXT = 20_000


def write_note(case: Case, *, text: str, mention: Sequence[str] = ()) -> Note:
    """Leave a note that only staff can read; whoever it names with an @ hears of it.

    `mention` are addresses of colleagues chosen from a list, whose names are written behind it.
    """
    if text.strip():
        text = with_names(case, text, mention)
    named = people_named(case, text)
    note = _keep(case, "internal", text, "")
    advance(case, Action.NOTE, detail={"named": ", ".join(each.name for each in named)})
    tell_readers(case, [each.id for each in named], "mentioned")
    return note


def record_message(
    case: Case,
    *,
    text: str,
    direction: str,
    method: str = "spoken",
    about: About = About.NEWS,
    corrects: bool = False,
    is_told: bool = True,
    through: str = "",
    is_elsewhere: bool = False,
    enclose: Sequence[int] = (),
    enclose_internal: Sequence[int] = (),
) -> Note:
    """Record a message to (``out``) or from (``in``) the customer.

    `corrects` is one that answers the summary: it says what has to be put right. `through` is whose
    key handed in what is said to be theirs, `is_elsewhere` that its address is not on file.
    `enclose` are files of the complaint that go with our letter (`files.enclose`).

    Ours restarts the progress clock, and is sent when the method is e-mail; in a pause the new
    clock stands still like the others. Theirs ends a pause, and the handler hears of it unless
    they hear of more anyhow (`is_told`). Where nobody handles it and no colleague took it down,
    whoever received it hears, else whoever has to give it to somebody. What we write has to be
    courteous, and its letter goes by what it is `about`.
    """
    if direction not in ("in", "out"):
        raise Invalid(N_("Say whether the message came in or went out."), field="direction")
    if direction == "out" and method == "email" and not case.complaint.contact_email:
        raise Invalid(N_("The customer has no email address."), field="method")
    is_letter = direction == "out" and method in WRITTEN
    if is_letter:
        _require_the_rest(text)
        check_courtesy(case, text, Purpose.ANY, "", method)
    elif about is not About.NEWS:
        raise Invalid(N_("Only what is sent by email or letter can be about this."), field="about")
    chosen = choose_files(case, enclose, enclose_internal, method=method if is_letter else "")
    note = _keep(case, direction, text, method)
    detail = {
        "direction": direction,
        "method": method,
        **({"corrects": True} if corrects else {}),
        **chosen.detail,
    }
    if about is not About.NEWS:
        detail["about"] = about.value
    if through:
        detail["through"] = through
    if is_elsewhere:
        detail["elsewhere"] = True
    complaint = case.complaint
    if direction == "out":
        advance(case, Action.MESSAGE, detail=detail, events=(Event.LAST_CONTACT,))
        if is_letter:
            # The letter names the message by its id.
            case.session.flush()
            facts = {"text": text.strip(), **facts_about(case, about), **chosen.facts(note)}
            letter_to_customer(case, LETTER_OF[about], facts=facts, via=method)
        return note
    was_waiting = complaint.waiting_customer
    advance(case, Action.MESSAGE, detail=detail, keep=no_longer_waiting(case))
    if not is_told:
        return note
    kind = "awaited_came" if was_waiting else "customer_wrote"
    # Nobody here has seen what came by itself: on the customer's page, by e-mail or messenger.
    if complaint.handler_id is not None or case.by.id is None:
        tell_people(case, [handler_of(complaint)], kind, facts={})
    return note


def _require_the_rest(text: str) -> None:
    """Raise Invalid for a letter that only announces: the draft is sent on, and asks nothing."""
    if only_introduces(text):
        raise Invalid(
            N_(
                "The letter ends on a colon, and what it announces is missing. Write what is to "
                "follow."
            ),
            field="text",
        )


def _keep(case: Case, direction: str, text: str, method: str) -> Note:
    if not text.strip():
        raise Invalid(N_("This field is empty. Please fill it in."), field="text")
    require_at_most(text, MAX_TEXT, field="text")
    note = Note(
        complaint_id=case.complaint.id,
        direction=direction,
        text=text.strip(),
        method=method,
        at=case.at,
        by_id=case.by.id,
        by_name=case.by.name,
    )
    case.session.add(note)
    case.written = note
    return note
